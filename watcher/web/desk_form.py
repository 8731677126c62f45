"""The form in which somebody decides about a case: as it is shown, and what was sent of it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.cases import Case
from watcher.core.choices_form import Offered
from watcher.core.decisions import Action, Edits, MuteWish, Order
from watcher.core.edits import TERRITORY, edits_of, main_fact
from watcher.core.filing import span
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.core.printable import one_line, printable
from watcher.core.text import fold
from watcher.core.verdict import PartialDate, Verdict

MANY = ("alert", "category", "motif", "fact", "accept", "refuse")
ONE = (
    *("action", "seen", "last", "note", "change", "channel_before", "channel_after", "from", "to"),
    *("operation", "regime", "territory", "words", "prefecture", "keep_rules"),
)
RANKS = 4  # categories that a correction can name, or as many as there are
NOTE, WORDS, VALUE = 1000, 200, 80  # characters
PREVIEW, PROPOSALS = "preview", "proposals"
_PROPOSAL = "proposal-"
_ACTIONS = {
    "verify": Action.VERIFY,
    "correct": Action.CORRECT,
    "retract": Action.RETRACT,
    "mute": Action.MUTE,
    PREVIEW: Action.MUTE,
    "ask": Action.ASK,
}

Sent = Mapping[str, Sequence[str]]
"""The values of each field; of those that take one, one at most."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a correction can choose, in the words of one language; what the alert says now is among it."""

    category: Offered
    motif: Offered
    channel: Offered
    operation: Offered
    regime: Offered
    ranks: int  # categories


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form is shown again: a phrase of `desk.trouble`, the field that it is about, what was sent in it."""

    phrase: str
    field: str = ""
    value: str = ""


class FieldError(Exception):
    def __init__(self, phrase: str, field: str, value: str = "") -> None:
        super().__init__(phrase)
        self.trouble = Trouble(phrase, field, one_line(value, VALUE))


def offer(verdict: Verdict, vocabulary: Vocabulary, code: str) -> Offer:
    now, french = edits_of(verdict), vocabulary.languages["fr"]
    channels = [*vocabulary.channels, *filter(None, (now.channel_before, now.channel_after))]
    motifs = dict.fromkeys([*vocabulary.motifs, *now.motifs])
    operations = [*french.operations, *filter(None, [now.operation])]
    regimes = [*french.regimes, *filter(None, [now.regime])]
    return Offer(
        category=[(name, vocabulary.category(name, code)) for name in CATEGORIES],
        motif=sorted(((name, vocabulary.motif(name, code)) for name in motifs), key=lambda one: fold(one[1])),
        channel=[(name, vocabulary.channel(name, code)) for name in dict.fromkeys(channels)],
        operation=[(name, vocabulary.operation(name, code)) for name in dict.fromkeys(operations)],
        regime=[(name, vocabulary.regime(name, code)) for name in dict.fromkeys(regimes)],
        ranks=max(RANKS, len(now.categories)),
    )


def filled(case: Case) -> Sent:
    """The form as it is shown first: everything as the alert has it, for all préfectures of the text."""
    now = edits_of(case.alert.verdict)
    ready = [one.proposal.id for one in case.open_proposals if not one.proposal.conflicts]
    form = {
        "alert": [alert.id for alert in case.alerts],
        "category": list(now.categories),
        "change": "1" if now.is_change else "",
        "motif": list(now.motifs),
        "fact": list(map(str, now.kept)),
        "channel_before": now.channel_before,
        "channel_after": now.channel_after,
        "from": now.effective_from,
        "to": now.effective_to,
        "operation": now.operation,
        "regime": now.regime,
        "territory": now.territory,
        "words": one_line(case.alert.title, WORDS),
        "accept": ready,
        "prefecture": case.alert.prefecture if not case.also else "",
        "seen": case.version,
        "last": str(max((one.number for one in case.decisions), default=0)),
    }
    return {
        name: value if isinstance(value, list) else [value] if value else []
        for name, value in ((name, form.get(name)) for name in (*MANY, *ONE))
    }


def sent(pairs: Iterable[tuple[str, str]]) -> Sent:
    """The fields of the form among what was sent; what is said of proposals as `accept` and `refuse`."""
    values: dict[str, list[str]] = {name: [] for name in (*MANY, *ONE)}
    for name, value in pairs:
        if name.startswith(_PROPOSAL) and value in {"accept", "refuse"}:
            values[value].append(name.removeprefix(_PROPOSAL))
        elif name in {"accept", "refuse"}:
            continue
        elif name in MANY and value and value not in values[name]:
            values[name].append(value)
        elif name in ONE:
            values[name] = [value] if value else []
    return values


def order(form: Sent, case: Case, by: str, vocabulary: Vocabulary) -> Order | Trouble:
    """What somebody wants, or the first thing that is wrong with how they say it."""
    named = first(form, "action")
    known = {alert.id for alert in case.alerts}
    alerts = tuple(alert for alert in form["alert"] if alert in known)
    mine = {one.proposal.id for one in case.open_proposals if one.proposal.alert in alerts}
    accept = tuple(one for one in form["accept"] if one in mine)
    refuse = tuple(one for one in form["refuse"] if one in mine)
    try:
        action = _action(named, accept, refuse)
        if not alerts:
            raise FieldError("no_alert", "alert")
        return Order(
            action=action,
            alerts=alerts,
            seen=first(form, "seen"),
            by=by,
            note=printable(first(form, "note"), NOTE),
            edits=_edits(form, case.alert.verdict, vocabulary) if action is Action.CORRECT else None,
            mute=_mute(form, vocabulary) if action is Action.MUTE else None,
            accept=accept if action in {Action.VERIFY, Action.ACCEPT} else (),
            refuse=refuse if action in {Action.VERIFY, Action.ACCEPT, Action.REFUSE} else (),
            keep_rules=bool(form["keep_rules"]),
        )
    except FieldError as error:
        return error.trouble


def first(form: Sent, field: str) -> str:
    return next(iter(form[field]), "").strip()


def _action(named: str, accept: Sequence[str], refuse: Sequence[str]) -> Action:
    if named == PROPOSALS:
        if not accept and not refuse:
            raise FieldError("no_proposal", "proposals")
        return Action.ACCEPT if accept else Action.REFUSE
    if named not in _ACTIONS:
        raise FieldError("no_action", "decide")
    return _ACTIONS[named]


def _edits(form: Sent, verdict: Verdict, vocabulary: Vocabulary) -> Edits:
    offered = offer(verdict, vocabulary, "fr")
    categories = _those(form, "category", dict(offered.category))
    if not categories:
        raise FieldError("no_category", "category")
    start, end = _date(form, "from"), _date(form, "to")
    if start and end and span(end)[1] <= span(start)[0]:
        raise FieldError("backwards", "to", end)
    channels = dict(offered.channel)
    return Edits(
        categories=categories,
        is_change=bool(form["change"]),
        motifs=_those(form, "motif", dict(offered.motif)),
        channel_before=_choice(form, "channel_before", channels),
        channel_after=_choice(form, "channel_after", channels),
        effective_from=start,
        effective_to=end,
        operation=_choice(form, "operation", dict(offered.operation)),
        regime=_choice(form, "regime", dict(offered.regime)),
        territory=one_line(first(form, "territory"), TERRITORY) or None,
        kept=_kept(form, verdict),
    )


def _kept(form: Sent, verdict: Verdict) -> tuple[int, ...]:
    known = {str(number): number for number in range(len(verdict.facts))}
    replaced = main_fact(verdict)
    kept = sorted(known[value] for value in _those(form, "fact", known))
    return tuple(number for number in kept if number != replaced)


def _mute(form: Sent, vocabulary: Vocabulary) -> MuteWish:
    place = first(form, "prefecture")
    if place and place not in vocabulary.prefectures:
        raise FieldError("unknown", "prefecture", place)
    words = one_line(first(form, "words"), WORDS)
    if not words:
        raise FieldError("no_words", "words")
    return MuteWish(words, place)


def _those(form: Sent, field: str, known: Collection[str]) -> tuple[str, ...]:
    for value in form[field]:
        if value not in known:
            raise FieldError("unknown", field, value)
    return tuple(form[field])


def _choice(form: Sent, field: str, known: Collection[str]) -> str | None:
    value = first(form, field)
    if value and value not in known:
        raise FieldError("unknown", field, value)
    return value or None


def _date(form: Sent, field: str) -> PartialDate | None:
    value = first(form, field)
    if not value:
        return None
    try:
        span(PartialDate(value))
    except ValueError:
        raise FieldError("date", field, value) from None
    return PartialDate(value)
