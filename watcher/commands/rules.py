"""`vigie rules`: where to file, what alerts propose about it, and the rules in and out."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

from watcher.bootstrap import App, have_rules, open_app, vocabulary
from watcher.bootstrap_desk import open_review
from watcher.commands.signing import signature
from watcher.core.decisions import Action, Order, Refused
from watcher.core.errors import SettingsError, UserError
from watcher.core.filing import chain
from watcher.core.filing_labels import REASONS, channel, summary
from watcher.core.filing_proposals import settled
from watcher.core.filing_settling import touched
from watcher.core.filing_store import Imported, Origin, ProposalState, Recorded
from watcher.core.filing_tables import cell, matrix, stale
from watcher.core.french import PARIS, day
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.review_report import refusal
from watcher.rules_report import (
    answer_json,
    answer_lines,
    as_csv,
    changed_lines,
    matrix_rows,
    proposal_lines,
    rule_json,
)
from watcher.settings import Settings, parse_time


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        have_rules(app)
        return _ACTIONS[options.action](app, vocabulary(settings, app.catalogue), options)


def _show(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    on, known = _day(app, options), _moment(options)
    code = options.prefecture.partition("-")[0]
    if code not in words.prefectures:
        raise UserError(f"préfecture inconnue « {one_line(code, 40)} »")
    book = app.rules.load(known)
    asked = [options.motif] if options.motif else list(words.motifs)
    for name in asked:
        if name not in words.motifs:
            raise UserError(f"motif inconnu « {one_line(name, 40)} » (voir « vigie rules matrix »)")
    for name in asked:
        if not options.motif and not options.json:
            found = cell(book, options.prefecture, name, on, known)
            said = " / ".join(channel(c, words) for c in found.channels) or found.shade.value
            print(f"{name}\t{_SHADES.get(said, said)}")
            continue
        answer = book.answers(
            chain(options.prefecture), name, options.operation, options.regime, on=on, as_known_at=known
        )
        if options.json:
            print(json.dumps(answer_json(options.prefecture, name, on, answer), ensure_ascii=False))
        else:
            print("\n".join(answer_lines(options.prefecture, name, on, answer, words)))
    return 0


_SHADES = {"local": "hors ANEF, modalité non connue", "unsure": "incertain", "unknown": "inconnu"}


def _matrix(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    on, known = _day(app, options), _moment(options)
    cells = matrix(app.rules.load(known), words.prefectures, list(words.motifs), on, known)
    rows = matrix_rows(cells, words)
    if options.json:
        for row in rows:
            print(json.dumps(row, ensure_ascii=False))
    else:
        sys.stdout.write(as_csv(rows))
    return 0


def _proposals(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    state = None if options.all else ProposalState.OPEN
    found = app.rules.proposals(state=state)
    for recorded in found:
        if options.json:
            made = recorded.proposal
            row = {
                "id": made.id,
                "alert": made.alert,
                "prefecture": made.prefecture,
                "state": recorded.state,
                "reason": made.reason,
                "before": rule_json(made.before) if made.before else None,
                "after": rule_json(made.after),
                "conflicts": [rule_json(rule) for rule in made.conflicts],
            }
            print(json.dumps(row, ensure_ascii=False))
        else:
            print("\n".join(proposal_lines(recorded, words, REASONS[recorded.proposal.reason].french)))
    if not found:
        print("aucune proposition", file=sys.stderr)
    return 0


def _accept(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    """An alert's id accepts every open proposal of that alert."""
    done = _settle(app, words, Action.ACCEPT, options)
    changed = touched(done)
    for rule in app.rules.load().believed() if changed else ():
        if rule.id in changed:
            print(f"{rule.id} : {summary(rule, words)}")
    return 0 if done else 1


def _refuse(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    done = _settle(app, words, Action.REFUSE, options)
    for one in done:
        print("\n".join(proposal_lines(one, words, REASONS[one.proposal.reason].french)))
    return 0 if done else 1


def _settle(app: App, words: Vocabulary, action: Action, options: argparse.Namespace) -> Sequence[Recorded]:
    """Proposals as they became, all of them or none; the trail knows of it. Why none, is told."""
    found = app.rules.proposals(alert=options.id) or app.rules.proposals(ids=[options.id])
    waiting = [one.proposal.id for one in found if one.state is ProposalState.OPEN]
    review = open_review(app, words)
    case = review.case(found[0].proposal.alert) if waiting else None
    if case is None:
        none = "aucune proposition ouverte de ce numéro (voir « vigie rules proposals »)"
        print(f"vigie : {'cette proposition a déjà été traitée' if found else none}", file=sys.stderr)
        return []
    accept, refuse = (waiting, ()) if action is Action.ACCEPT else ((), waiting)
    order = Order(
        action, (case.alert.id,), case.version, signature(options), accept=tuple(accept), refuse=tuple(refuse)
    )
    outcome = review.decide(order)
    if isinstance(outcome, Refused):
        print(f"vigie : {refusal(outcome)}", file=sys.stderr)
        return []
    return app.rules.proposals(ids=waiting)


def _patch(app: App, _words: Vocabulary, options: argparse.Namespace) -> int:
    """An accepted proposal, as a patch of the file that the program ships."""
    from watcher import rules as rule_file
    from watcher.rules_patch import patch

    found = app.rules.proposals(ids=[options.id])
    one = next((one for one in found if one.state is ProposalState.ACCEPTED), None)
    if one is None or one.settled_at is None:
        raise UserError("aucune proposition acceptée de ce numéro (voir « vigie rules proposals --all »)")
    rules = settled(one.proposal, one.settled_by, one.settled_at)
    text = patch(app.settings.filing, rules, rule_file.load(app.settings.rules), app.clock.now())
    sys.stdout.write(text)
    if not text:
        print(f"{app.settings.filing} le dit déjà", file=sys.stderr)
    return 0


def _export(app: App, _words: Vocabulary, _options: argparse.Namespace) -> int:
    from watcher import filing_file

    sys.stdout.write(filing_file.written(app.rules.load().believed()))
    return 0


def _import(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    """Nothing is applied unless all of it can be, and nothing without `--yes`."""
    from watcher import filing_file
    from watcher import rules as rule_file

    now = app.clock.now()
    brought = filing_file.load(Path(options.file), rule_file.load(app.settings.rules), now)
    done = app.rules.bring(brought, now, Origin.IMPORTED, dry=not options.yes)
    for difference in done.differences:
        print("\n".join(changed_lines(difference, words)))
    print(_told(done, applied=options.yes), file=sys.stderr)
    return 0


def _told(done: Imported, *, applied: bool) -> str:
    added = sum(difference.before is None for difference in done.differences)
    told = f"{added} ajoutée(s), {len(done.differences) - added} modifiée(s), {done.same} inchangée(s)"
    if applied or not done.differences:
        return told
    return f"{told} ; rien n'est encore écrit : relancer avec --yes"


def _freshness(app: App, words: Vocabulary, options: argparse.Namespace) -> int:
    today = app.clock.now().astimezone(PARIS).date()
    old = stale(app.rules.load(), today, options.days)
    for rule in old:
        if options.json:
            print(json.dumps(rule_json(rule), ensure_ascii=False))
        else:
            print(f"{day(rule.checked_on)}\t{rule.id}\t{summary(rule, words)}")
    print(f"{len(old)} règle(s) sans confirmation depuis plus de {options.days} jours", file=sys.stderr)
    return 0


def _day(app: App, options: argparse.Namespace) -> date:
    if options.on is None:
        return app.clock.now().astimezone(PARIS).date()
    try:
        return date.fromisoformat(options.on)
    except ValueError:
        raise SettingsError(f"--on : « {one_line(options.on, 40)} » n'est pas un jour (2025-10-01)") from None


def _moment(options: argparse.Namespace) -> datetime | None:
    return parse_time(options.as_known, "--as-known") if options.as_known else None


_Action = Callable[[App, Vocabulary, argparse.Namespace], int]
_ACTIONS: Mapping[str, _Action] = {
    "show": _show,
    "matrix": _matrix,
    "proposals": _proposals,
    "accept": _accept,
    "refuse": _refuse,
    "patch": _patch,
    "export": _export,
    "import": _import,
    "freshness": _freshness,
}
