"""What falls silent without failing: pages that say nothing new, that nobody reads, that were left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

from watcher.core.catalogue import Catalogue, Source
from watcher.core.coverage import STALE_AFTER
from watcher.core.french import day
from watcher.core.incidents import MANY, SHARE
from watcher.core.state import OF_READING, Accepted, Problem, ProblemKind, SourceOutline

YEAR = timedelta(days=365)  # up to its last change: from that, a page's rhythm is learnt
LEARNT_FROM = 2 * YEAR  # what must be known of a page that has been silent for a year
ENOUGH = 20  # gaps between changes: from fewer, nothing can be said of what is usual
USUAL = 0.95  # of the gaps are no longer than what is called usual
TIMES = 3  # as long as usual
EVER = 2  # as long as the longest of the year: Christmas and August come back
LEAST = timedelta(days=7)  # of silence: nobody works on holidays
LATE = timedelta(hours=1)  # after its time; a page that is read more seldom may be late by its own period
REMINDER = timedelta(days=7)  # for so long we say that a page is not watched any more
NAMED = 12  # pages in one sentence
_DIFFER = "ont changé du tout au tout et servent de base telles qu'elles sont, sans alerte"
_DIFFERS = "a changé du tout au tout ({}) et sert de base telle qu'elle est depuis le {}, sans alerte"
_REFUSED = "le fichier a changé et n'est pas repris, ce qu'il disait avant est toujours suivi"
FILE = "sources.yaml"  # the subject of what it left out


@dataclass(frozen=True, slots=True)
class Faults:
    """What is wrong in `sources.yaml`, a line each. `refused`: it changed, and what it said before is still watched;
    else what they are about was left out.
    """

    lines: tuple[str, ...] = ()
    refused: bool = False


KINDS = frozenset({ProblemKind.SILENT, ProblemKind.OVERDUE, ProblemKind.LEFT_OUT, ProblemKind.ACCEPTED})
"""What is concluded here, and by no poll."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of all pages at one moment."""

    catalogue: Catalogue
    states: Mapping[str, SourceOutline]  # pages that were watched once included
    problems: Sequence[Problem]  # open ones
    now: datetime


def patience(changes: Sequence[datetime]) -> timedelta | None:
    """How long a page may say nothing new, after the moments at which it did, oldest first.

    `None` where too little is known. What changes again within the day is one change: pages are touched up.
    The (n+1)-quantile of n gaps: of few gaps it is the longest.
    """
    days = sorted({moment.date() for moment in changes if changes[-1] - moment <= YEAR})
    gaps = sorted(after - before for before, after in pairwise(days))
    if len(gaps) < ENOUGH:
        return None
    rank = min(-int(-USUAL * (len(gaps) + 1) // 1), len(gaps))
    return max(TIMES * gaps[rank - 1], EVER * gaps[-1], LEAST)


def silent(seen: Seen, rhythms: Mapping[str, Sequence[datetime]]) -> list[Problem]:
    """Pages that are read and say nothing new for far longer than they ever did.

    A page with a trouble of its own is not raised a second time; one that was raised before stays so until
    something changes on it.
    """
    before = {one.subject: one for one in seen.problems if one.kind is ProblemKind.SILENT}
    of_pages = OF_READING - {ProblemKind.DOCUMENT}  # a page reads well without one of its files
    troubled = {one.subject for one in seen.problems if one.kind in of_pages}
    found = []
    for source in seen.catalogue.sources.values():
        changes, raised = rhythms.get(source.id, ()), before.get(source.id)
        if raised and not (changes and changes[-1] > raised.since):
            found.append(raised)
        elif source.id not in troubled and _is_read(source, seen):
            found += _silent(source, changes, seen.now)
    return found


def _silent(source: Source, changes: Sequence[datetime], now: datetime) -> list[Problem]:
    if not changes or now - changes[-1] <= LEAST:
        return []
    allowed = patience(changes)
    if allowed is None or now - changes[-1] <= allowed:
        return []
    text = (
        f"rien de nouveau depuis le {day(changes[-1].date())}, alors que d'ordinaire il ne se passe "
        f"pas {allowed.days} jours sans changement"
    )
    return [Problem(source.id, ProblemKind.SILENT, now, text, needs_human=True)]


def overdue(seen: Seen, free_since: Mapping[str, datetime]) -> list[Problem]:
    """Pages whose time has long come. Many of one platform are one trouble of it.

    `free_since`, by platform: from when it could be read, after a brake or the start of this process; a
    platform that is not named could be read always.
    """
    late: dict[str, list[Source]] = {}
    for source in seen.catalogue.sources.values():
        state = seen.states.get(source.id)
        if state is None:
            continue
        since = max(state.next_poll_at, free_since.get(source.platform, state.next_poll_at))
        if seen.now - since > max(LATE, source.every):
            late.setdefault(source.platform, []).append(source)
    found: list[Problem] = []
    for platform, sources in late.items():
        pages = sum(1 for source in seen.catalogue.sources.values() if source.platform == platform)
        if len(sources) >= max(MANY, SHARE * pages):
            text = f"beaucoup des {pages} pages de la plateforme {platform} attendent d'être lues"
            found.append(_overdue(f"overdue:{platform}", text, seen.now))
        else:
            found += [_overdue(one.id, _waiting(seen.states[one.id]), seen.now) for one in sources]
    return found


def accepted(seen: Seen) -> list[Problem]:
    """Pages that were doubted and are believed since, for a week. Many of one platform are one trouble of it."""
    lately: dict[str, list[tuple[Source, Accepted]]] = {}
    for source in seen.catalogue.sources.values():
        state = seen.states.get(source.id)
        if state and state.accepted and seen.now - state.accepted.at <= REMINDER:
            lately.setdefault(source.platform, []).append((source, state.accepted))
    found: list[Problem] = []
    for platform, pages in lately.items():
        all_ = sum(1 for source in seen.catalogue.sources.values() if source.platform == platform)
        if len(pages) >= max(MANY, SHARE * all_):
            text = f"beaucoup des {all_} pages de la plateforme {platform} {_DIFFER}"
            found.append(_accepted(f"accepted:{platform}", text, seen.now))
            continue
        found += [
            _accepted(source.id, f"la page {_DIFFERS.format(one.reason, day(one.at.date()))}", seen.now)
            for source, one in pages
        ]
    return found


def left_out(seen: Seen, faults: Faults) -> list[Problem]:
    """What `sources.yaml` leaves out by its faults, and pages that were read lately and are not in it any more."""
    gone = sorted(
        name
        for name, state in seen.states.items()
        if name not in seen.catalogue.sources
        and state.last_poll_at is not None
        and seen.now - state.last_poll_at <= REMINDER
    )
    said = []
    if gone:
        one = "1 page lue jusqu'ici n'est plus suivie"
        many = f"{len(gone)} pages lues jusqu'ici ne sont plus suivies"
        said.append(f"{one if len(gone) == 1 else many} : {_named(gone)}")
    if faults.lines:
        count = len(faults.lines)
        what = f"{count} fautes, dont {faults.lines[0]}" if count > 1 else f"1 faute : {faults.lines[0]}"
        said.append(f"{_REFUSED} : {what}" if faults.refused else what)
    if not said:
        return []
    return [Problem(FILE, ProblemKind.LEFT_OUT, seen.now, " ; ".join(said), needs_human=True)]


def _is_read(source: Source, seen: Seen) -> bool:
    state = seen.states.get(source.id)
    if state is None or state.outcome is None or state.last_read_at is None:
        return False
    return state.outcome.read and seen.now - state.last_read_at <= max(STALE_AFTER, 2 * source.every)


def _accepted(subject: str, text: str, now: datetime) -> Problem:
    return Problem(subject, ProblemKind.ACCEPTED, now, text, needs_human=True)


def _overdue(subject: str, text: str, now: datetime) -> Problem:
    return Problem(subject, ProblemKind.OVERDUE, now, text, needs_human=True)


def _waiting(state: SourceOutline) -> str:
    return f"la page devait être lue à {state.next_poll_at:%H:%M} UTC, le {day(state.next_poll_at.date())}"


def _named(names: Sequence[str]) -> str:
    more = [f"et {len(names) - NAMED} autres"] if len(names) > NAMED else []
    return ", ".join([*names[:NAMED], *more])
