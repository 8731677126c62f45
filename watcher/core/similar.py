"""Which past decisions were about a text like this one. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from watcher.core.alerts import Alert
from watcher.core.decisions import Decision
from watcher.core.full_text import terms

MOST = 5
WORDS = 120  # of a text: its beginning says what it is about
LEAST = 0.08  # a text shares a phrase or two with any other of its kind


@dataclass(frozen=True, slots=True)
class Precedent:
    """A decision that settled an alert, and what the alert said."""

    decision: Decision
    said: frozenset[str]


def precedent(decision: Decision) -> Precedent | None:
    if decision.before is None or not decision.action.settles:
        return None
    return Precedent(decision, shingles(decision.before))


def similar(
    alerts: Sequence[Alert], precedents: Iterable[Precedent], gone: Collection[int]
) -> tuple[Decision, ...]:
    """The decisions about texts like that of the first alert, the likest first, newer before older.

    `precedents` are newest first, `gone` the numbers of those that were taken back. One for each text: a
    group that was decided at once is one case. None about `alerts` themselves or what they correct.
    """
    mine = {alert.id for alert in alerts} | {alert.corrects for alert in alerts}
    wanted = shingles(alerts[0])
    found: dict[frozenset[str], tuple[float, Decision]] = {}
    for past in precedents:
        one, said = past.decision, past.said
        if one.number in gone or mine & {one.alert, one.notice} or wanted.isdisjoint(said):
            continue
        likeness = len(wanted & said) / len(wanted | said)
        if likeness >= LEAST:
            found.setdefault(said, (likeness, one))
    likest = sorted(found.values(), key=lambda pair: (-pair[0], -pair[1].number))
    return tuple(one for _, one in likest[:MOST])


def shingles(alert: Alert) -> frozenset[str]:
    """Words of the title, and pairs of words that stand together anywhere in the text."""
    title = terms(alert.title)
    return frozenset((*title, *_pairs(title), *_pairs(terms(alert.summary[: WORDS * 10])[:WORDS])))


def _pairs(words: Sequence[str]) -> Iterator[str]:
    return (f"{first} {second}" for first, second in pairwise(words))
