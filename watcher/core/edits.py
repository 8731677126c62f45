"""What a reviewer says that an alert tells: the form as it begins, and the verdict that it makes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from watcher.core.decisions import Edits
from watcher.core.filing import span
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.core.verdict import Fact, PartialDate, Route, Verdict

TERRITORY = 120  # characters
_VALUES = (
    *("channel_before", "channel_after", "effective_from", "effective_to"),
    *("operation", "regime", "territory"),
)


def main_fact(verdict: Verdict) -> int | None:
    """The number of the fact that takes the values of the form; `None` where there is no fact."""
    facts = verdict.facts
    about = (n for n, fact in enumerate(facts) if fact.channel_after or fact.channel_before)
    return next(about, 0 if facts else None)


def edits_of(verdict: Verdict) -> Edits:
    """The form as it begins: what was understood."""
    main = main_fact(verdict)
    fact = verdict.facts[main] if main is not None else Fact("")
    return Edits(
        categories=verdict.categories,
        is_change=verdict.is_change,
        motifs=verdict.motifs,
        channel_before=verdict.channel_before,
        channel_after=verdict.channel_after,
        effective_from=verdict.effective_from,
        effective_to=verdict.effective_to,
        operation=fact.operation,
        regime=fact.regime,
        territory=fact.territory,
        kept=tuple(number for number in range(len(verdict.facts)) if number != main),
    )


def corrected(verdict: Verdict, edits: Edits, sentence: str) -> Verdict:
    """What the alert tells from now on. `sentence` is for a text in which no fact was found."""
    main = main_fact(verdict)
    kept = {n: fact for n, fact in enumerate(verdict.facts) if n in edits.kept and n != main}
    facts = dict(kept)
    if main is not None or _says(edits):
        first = verdict.facts[main] if main is not None else Fact(sentence)
        facts[main or 0] = _told(verdict, first, edits, kept.values())
    dropped = CATEGORIES.keys() - set(edits.categories)
    return Verdict(
        categories=tuple(dict.fromkeys(edits.categories)),
        is_change=edits.is_change,
        confidence=1.0,
        route=Route.PUBLISH,
        facts=tuple(facts[number] for number in sorted(facts)),
        motifs=tuple(dict.fromkeys(edits.motifs)),
        channel_before=edits.channel_before,
        channel_after=edits.channel_after,
        effective_from=edits.effective_from,
        effective_to=edits.effective_to,
        reasons=tuple(reason for reason in verdict.reasons if reason.rule not in dropped),
    )


def differs(verdict: Verdict, edits: Edits) -> bool:
    """Whether the form says anything else than what was understood."""
    begun = edits_of(verdict)
    kept = tuple(sorted(set(edits.kept).intersection(begun.kept)))
    same_motifs = set(edits.motifs) == set(begun.motifs)
    return replace(edits, kept=kept, motifs=begun.motifs if same_motifs else edits.motifs) != begun


def fault(edits: Edits, words: Vocabulary) -> str | None:
    """The first field with a value that does not exist; `None` when all is well."""
    return next(_faults(edits, words), None)


def _faults(edits: Edits, words: Vocabulary) -> Iterator[str]:
    if not edits.categories or not set(edits.categories) <= CATEGORIES.keys():
        yield "categories"
    if not set(edits.motifs) <= words.motifs.keys():
        yield "motifs"
    french = words.languages["fr"]
    for name, known in (
        ("channel_before", words.channels),
        ("channel_after", words.channels),
        ("operation", french.operations),
        ("regime", french.regimes),
    ):
        value = getattr(edits, name)
        if value is not None and value not in known:
            yield name
    for name in ("effective_from", "effective_to"):
        if not _is_date(getattr(edits, name)):
            yield name
    start, end = edits.effective_from, edits.effective_to
    if start and end and _is_date(start) and _is_date(end) and span(end)[1] <= span(start)[0]:
        yield "effective_to"
    if len(edits.territory or "") > TERRITORY:
        yield "territory"


def _is_date(value: PartialDate | None) -> bool:
    try:
        return value is None or bool(span(value))
    except ValueError:
        return False


def _told(verdict: Verdict, fact: Fact, edits: Edits, others: Iterable[Fact]) -> Fact:
    """The main fact: what the reviewer left as it was, it goes on to say in its own way."""
    begun = edits_of(verdict)
    values = {name: getattr(edits, name) for name in _VALUES if getattr(edits, name) != getattr(begun, name)}
    if set(edits.motifs) != set(begun.motifs):
        elsewhere = {motif for other in others for motif in other.motifs} - set(fact.motifs)
        values["motifs"] = tuple(m for m in dict.fromkeys(edits.motifs) if m not in elsewhere)
    return replace(fact, **values)


def _says(edits: Edits) -> bool:
    return any((edits.channel_before, edits.channel_after, edits.effective_from, edits.effective_to))
