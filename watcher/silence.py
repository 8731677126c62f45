"""Raises what falls silent without failing, and ends it when it is over. Writes nothing while all is as before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from watcher.core import silence
from watcher.core.catalogue import Catalogue
from watcher.core.ports import Store
from watcher.core.silence import Seen
from watcher.core.state import Problem, ProblemKind

LEARN = timedelta(hours=1)  # between two looks at how often each page changes


@dataclass(slots=True)
class Silence:
    """One process's watch over what says nothing."""

    store: Store
    catalogue: Catalogue
    faults: Sequence[str] = ()  # of `sources.yaml`
    _rhythms: Mapping[str, Sequence[datetime]] = field(default_factory=dict)
    _learnt_at: datetime | None = None

    def note(self, now: datetime, free_since: Mapping[str, datetime]) -> None:
        """See `silence.overdue` about `free_since`."""
        seen = Seen(self.catalogue, self.store.states(), self.store.problems(), now)
        found = (
            *silence.silent(seen, self._learn(now)),
            *silence.overdue(seen, free_since),
            *silence.left_out(seen, self.faults),
        )
        for kind in silence.KINDS:
            settle(self.store, [one for one in found if one.kind is kind], kind, now)

    def _learn(self, now: datetime) -> Mapping[str, Sequence[datetime]]:
        if self._learnt_at is None or abs(now - self._learnt_at) >= LEARN:
            self._rhythms = self.store.rhythms(now - silence.LEARNT_FROM)
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
