"""What exploring the sites has shown and nobody acts on yet, by préfecture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.core.site_proposals import Explored, Recorded, SiteProposal, Unwatchable


@dataclass(frozen=True, slots=True)
class Discovered:
    """`waiting` pages were found and neither accepted nor refused; `unwatchable` ones cannot be watched at all."""

    explored_at: datetime
    found: bool  # the foreigners' section
    waiting: int
    unwatchable: tuple[Unwatchable, ...]
    trouble: str = ""  # why the site could not be explored to its end
    proposed: tuple[SiteProposal, ...] = ()  # those that wait


def discovered(explored: Mapping[str, Explored], open_: Sequence[Recorded]) -> Mapping[str, Discovered]:
    """By the code of each préfecture whose site was explored."""
    waiting: dict[str, list[SiteProposal]] = {}
    for one in open_:
        waiting.setdefault(one.proposal.prefecture, []).append(one.proposal)
    return {
        code: Discovered(
            one.ended_at or one.begun_at,
            one.found,
            len(waiting.get(code, ())),
            one.unwatchable,
            one.trouble,
            tuple(waiting.get(code, ())),
        )
        for code, one in sorted(explored.items())
    }
