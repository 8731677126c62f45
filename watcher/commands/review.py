"""`vigie review`: what waits for a person, what is decided about it, and the trail of that."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from watcher.bootstrap import open_app, vocabulary
from watcher.bootstrap_desk import open_review
from watcher.commands.fleet import order_sending
from watcher.commands.signing import signature
from watcher.core.alert_data import as_json
from watcher.core.cases import Case
from watcher.core.decisions import Action, Edits, MuteWish, Order, Outcome, Refused
from watcher.core.edits import edits_of
from watcher.core.errors import UserError
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.core.verdict import PartialDate
from watcher.core.wording import title
from watcher.labelled import exported
from watcher.review import Review
from watcher.review_report import (
    case_json,
    case_lines,
    decision_json,
    decision_lines,
    entry_json,
    entry_lines,
    refusal,
)
from watcher.settings import Settings

NOTHING = "-"


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        order_sending(app)
        words = vocabulary(settings, app.catalogue)
        return _ACTIONS[options.action](_Desk(open_review(app, words), words, settings.base_url), options)


class _Desk(NamedTuple):
    review: Review
    words: Vocabulary
    base_url: str


def _list(desk: _Desk, options: argparse.Namespace) -> int:
    entries = desk.review.queue()
    for entry in entries:
        if options.json:
            print(json.dumps(entry_json(entry), ensure_ascii=False))
        else:
            print("\n".join(entry_lines(entry, desk.words)))
    if not entries:
        print("rien n'attend", file=sys.stderr)
    return 0


def _show(desk: _Desk, options: argparse.Namespace) -> int:
    case = _case(desk, options.id)
    if options.json:
        row = case_json(case, desk.words, desk.base_url)
        print(json.dumps(row, ensure_ascii=False, default=as_json))
        return 0
    print("\n".join(case_lines(case, desk.words)))
    likely = desk.review.similar(case)
    if likely:
        print("  décisions sur des textes semblables :")
    for decision in likely:
        print("\n".join(f"    {text}" for text in decision_lines(decision)))
    return 0


def _verify(desk: _Desk, options: argparse.Namespace) -> int:
    case = _case(desk, options.id)
    alerts = _alerts(case, options)
    waiting = [one.proposal.id for one in case.open_proposals if one.proposal.alert in alerts]
    accept, refuse = (
        tuple(waiting if "all" in asked else asked) for asked in (options.accept, options.refuse)
    )
    return _decide(desk, case, options, Action.VERIFY, accept=accept, refuse=refuse)


def _correct(desk: _Desk, options: argparse.Namespace) -> int:
    case = _case(desk, options.id)
    return _decide(desk, case, options, Action.CORRECT, edits=_edits(case, options))


def _reject(desk: _Desk, options: argparse.Namespace) -> int:
    return _decide(desk, _case(desk, options.id), options, Action.RETRACT)


def _mute(desk: _Desk, options: argparse.Namespace) -> int:
    """Without `--yes`, only what would have been hidden is told."""
    case = _case(desk, options.id)
    wish = MuteWish(options.words, "" if options.everywhere else case.alert.prefecture)
    if options.yes:
        return _decide(desk, case, options, Action.MUTE, mute=wish)
    preview = desk.review.preview_mute(wish, _alerts(case, options))
    for alert in preview.shown:
        row = {"id": alert.id, "prefecture": alert.prefecture, "title": title(alert)}
        print(json.dumps(row, ensure_ascii=False) if options.json else "  ".join(row.values()))
    if preview.refused:
        return _refused(preview.refused)
    told = f"{preview.hidden} autre(s) alerte(s) de l'année auraient été tues"
    print(f"{told} ; rien n'est encore écrit : relancer avec --yes", file=sys.stderr)
    return 0


def _ask(desk: _Desk, options: argparse.Namespace) -> int:
    return _decide(desk, _case(desk, options.id), options, Action.ASK)


def _undo(desk: _Desk, options: argparse.Namespace) -> int:
    by = signature(options)
    newest_first = sorted(set(options.number), reverse=True)
    return max([_tell(desk.review.undo(number, by, options.note), options) for number in newest_first])


def _export(desk: _Desk, options: argparse.Namespace) -> int:
    found, left_out = exported(desk.review.labels())
    text = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in found)
    if options.out:
        try:
            Path(options.out).write_text(text, encoding="utf-8")
        except OSError as error:
            raise UserError(f"{options.out} : écriture impossible ({error.strerror})") from error
    else:
        sys.stdout.write(text)
    print(
        f"{len(found)} texte(s) étiqueté(s), {left_out} sans texte entier laissé(s) de côté", file=sys.stderr
    )
    return 0


def _history(desk: _Desk, options: argparse.Namespace) -> int:
    for decision in desk.review.decisions(alert=options.alert, by=options.by, limit=max(options.limit, 0)):
        if options.json:
            print(json.dumps(decision_json(decision), ensure_ascii=False))
        else:
            print("\n".join(decision_lines(decision)))
    return 0


def _decide(
    desk: _Desk,
    case: Case,
    options: argparse.Namespace,
    action: Action,
    *,
    edits: Edits | None = None,
    mute: MuteWish | None = None,
    accept: tuple[str, ...] = (),
    refuse: tuple[str, ...] = (),
) -> int:
    order = Order(
        action,
        _alerts(case, options),
        case.version,
        signature(options),
        note=options.note,
        edits=edits,
        mute=mute,
        accept=accept,
        refuse=refuse,
        keep_rules=getattr(options, "keep_rules", False),
    )
    return _tell(desk.review.decide(order, case.alert.id), options)


def _tell(outcome: Outcome, options: argparse.Namespace) -> int:
    if isinstance(outcome, Refused):
        return _refused(outcome)
    for decision in outcome.decisions:
        if getattr(options, "json", False):
            print(json.dumps(decision_json(decision), ensure_ascii=False))
        else:
            print("\n".join(decision_lines(decision)))
    return 0


def _refused(refused: Refused) -> int:
    print(f"vigie : {refusal(refused)}", file=sys.stderr)
    return 1


def _case(desk: _Desk, name: str) -> Case:
    case = desk.review.case(name)
    if case is None:
        raise UserError(f"aucune alerte « {one_line(name, 40)} » (voir « vigie review list »)")
    return case


def _alerts(case: Case, options: argparse.Namespace) -> tuple[str, ...]:
    return tuple(one.id for one in (case.alerts if options.group else (case.alert,)))


def _edits(case: Case, options: argparse.Namespace) -> Edits:
    """What was understood, with what the command line says otherwise."""
    begun = edits_of(case.alert.verdict)
    said = {name: _one(getattr(begun, name), getattr(options, name)) for name in _SAID}
    start, end = (_one(getattr(begun, name), getattr(options, name)) for name in _DATES)
    return Edits(
        categories=_many(begun.categories, options.category),
        is_change=begun.is_change if options.change is None else options.change,
        motifs=_many(begun.motifs, options.motif),
        effective_from=PartialDate(start) if start else None,
        effective_to=PartialDate(end) if end else None,
        kept=tuple(number for number in begun.kept if number not in options.drop),
        **said,
    )


_SAID = ("channel_before", "channel_after", "operation", "regime", "territory")
_DATES = ("effective_from", "effective_to")


def _one(was: str | None, given: str | None) -> str | None:
    return was if given is None else None if given == NOTHING else given


def _many(was: tuple[str, ...], given: Iterable[str] | None) -> tuple[str, ...]:
    return was if given is None else tuple(name for name in given if name != NOTHING)


_Action = Callable[[_Desk, argparse.Namespace], int]
_ACTIONS: Mapping[str, _Action] = {
    "list": _list,
    "show": _show,
    "verify": _verify,
    "correct": _correct,
    "reject": _reject,
    "mute": _mute,
    "ask": _ask,
    "undo": _undo,
    "export": _export,
    "history": _history,
}
