"""Raises what falls silent without failing, and ends it when it is over. Writes nothing while all is as before."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.core import silence
from watcher.core.catalogue import Catalogue
from watcher.core.ports import Store
from watcher.core.silence import Faults, Seen
from watcher.core.state import Problem, ProblemKind, SourceOutline

LEARN = timedelta(hours=1)  # between two looks at how often each page changes
APART = timedelta(days=1)  # that is looked at again: the clocks of two machines differ


@dataclass(slots=True)
class Silence:
    """One process's watch over what says nothing."""

    store: Store
    catalogue: Catalogue
    faults: Callable[[], Faults] = Faults
    _rhythms: dict[str, Sequence[datetime]] = field(default_factory=dict)
    _learnt_at: datetime | None = None

    def note(
        self,
        now: datetime,
        free_since: Mapping[str, datetime],
        states: Mapping[str, SourceOutline] | None = None,
    ) -> None:
        """See `silence.overdue` about `free_since`. `states` of a moment ago spare reading them again."""
        known = self.store.outlines() if states is None else states
        seen = Seen(self.catalogue, known, self.store.problems(), now)
        found = (
            *silence.silent(seen, self._learn(now)),
            *silence.overdue(seen, free_since),
            *silence.accepted(seen),
            *silence.left_out(seen, self.faults()),
        )
        for kind in silence.KINDS:
            settle(self.store, [one for one in found if one.kind is kind], kind, now)

    def _learn(self, now: datetime) -> Mapping[str, Sequence[datetime]]:
        """All of two years once; after that what is new."""
        if self._learnt_at is None or now < self._learnt_at:
            self._rhythms = dict(self.store.rhythms(now - silence.LEARNT_FROM))
            self._learnt_at = now
        elif now - self._learnt_at >= LEARN:
            for source, moments in self.store.rhythms(self._learnt_at - APART).items():
                before = [one for one in self._rhythms.get(source, ()) if one < moments[0]]
                self._rhythms[source] = (*before, *moments)
            self._learnt_at = now
        return self._rhythms


def settle(store: Store, found: Iterable[Problem], kind: ProblemKind, now: datetime) -> None:
    """Make these all that is open of this kind. Writes nothing while all is as before."""
    before = {one.subject: one.evidence for one in store.problems() if one.kind is kind}
    still = {one.subject: one for one in found}
    opens = [one for subject, one in still.items() if before.get(subject) != one.evidence]
    over = sorted(before.keys() - still.keys())
    if opens or over:
        store.note_problems(opens, over, now, (kind,))
