"""How a préfecture is covered, for terminals and programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from watcher.core.coverage import PrefectureCoverage, SourceCoverage
from watcher.core.discovered import Discovered
from watcher.core.discovery_labels import GAPS, ROLES, WATCHED
from watcher.core.french import moment
from watcher.core.gaps import Gap, gaps
from watcher.core.labels import OUTCOMES, PROBLEMS
from watcher.core.printable import one_line

_SAID = frozenset({Gap.NEWS, Gap.PAGE, Gap.BOOKING, Gap.PROCEDURE, Gap.LOCKED})  # by the lines before


def lines(one: PrefectureCoverage, seen: Discovered | None) -> Iterator[str]:
    """What is watched, what was found and waits, what is not watched and why."""
    yield f"{one.prefecture.name} ({one.prefecture.code}) : {one.prefecture.home}"
    for kind, label in WATCHED.items():
        pages = [page for page in one.sources if page.source.kind is kind]
        yield f"  {label.french} : {len(pages) or 'rien de suivi'}"
        yield from (f"    {page.source.id} : {_state(page)}" for page in pages)
    for made in seen.proposed if seen else ():
        what = f"{ROLES[made.role].french}, {made.stanza.url}"
        yield f"  trouvé, pas encore accepté : {what} (vigie sources accept {made.id})"
    for page in seen.unwatchable if seen else ():
        yield f"  ne peut pas être suivi : {one_line(page.label or page.address, 200)} ({one_line(page.reason, 200)})"
    if seen and seen.trouble:
        yield f"  exploration incomplète : {one_line(seen.trouble, 200)}"
    yield from (f"  {GAPS[gap].french}" for gap in gaps(one, seen) if gap not in _SAID)


def row(one: PrefectureCoverage, seen: Discovered | None) -> Mapping[str, Any]:
    """The same as plain data."""
    return {
        "prefecture": one.prefecture.code,
        "name": one.prefecture.name,
        "home": one.prefecture.home,
        "watched": [
            {
                "source": page.source.id,
                "kind": page.source.kind,
                "url": page.source.url,
                "last_read_at": page.last_read_at.isoformat() if page.last_read_at else None,
                "stale": page.stale,
                "outcome": page.outcome,
                "problems": [problem.kind for problem in page.problems],
            }
            for page in one.sources
        ],
        "explored_at": seen.explored_at.isoformat() if seen else None,
        "section_found": seen.found if seen else None,
        "waiting": [
            {"proposal": made.id, "role": made.role, "url": made.stanza.url}
            for made in (seen.proposed if seen else ())
        ],
        "unwatchable": [
            {"url": page.address, "label": page.label, "reason": page.reason}
            for page in (seen.unwatchable if seen else ())
        ],
        "gaps": list(gaps(one, seen)),
    }


def _state(page: SourceCoverage) -> str:
    read = f"lue le {moment(page.last_read_at)}" if page.last_read_at else "jamais lue"
    late = ", pas à jour" if page.stale and page.last_read_at else ""
    tried = page.outcome
    failed = f", dernier essai : {OUTCOMES[tried].french}" if tried and not tried.read else ""
    known = [PROBLEMS[problem.kind].french for problem in page.problems]
    troubles = "".join(f", {trouble}" for trouble in known if trouble.casefold() not in failed.casefold())
    return f"{read}{late}{failed}{troubles}"
