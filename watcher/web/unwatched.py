"""What the pages about coverage show: what is watched of each kind, and what is not and why."""

from __future__ import annotations

from typing import Any

from watcher.core.coverage import Coverage, PrefectureCoverage
from watcher.core.discovery_labels import GAPS, ROLES, WATCHED
from watcher.core.gaps import Gap, gaps, kinds, where
from watcher.core.weblinks import web_link
from watcher.web.site import Site
from watcher.web.tongues import Tongue
from watcher.web.views import prefecture_href

MANY = 40  # préfectures with one gap: more are counted, and each says so on its own page
_OWN = frozenset({Gap.LOCKED, Gap.SECTION})  # told with what the exploration found there


def of_all(site: Site, tongue: Tongue, coverage: Coverage) -> dict[str, Any]:
    discovered = site.discovered("")
    places = {one.prefecture.code: one.prefecture for one in coverage.prefectures}
    found = where(coverage.prefectures, discovered)
    return {
        "coverage": coverage,
        "discovered": discovered,
        "kinds": {one.prefecture.code: _kinds(one, tongue) for one in coverage.prefectures},
        "gaps": [
            (
                GAPS[gap].told(tongue.code),
                len(codes),
                [(places[code], prefecture_href(tongue.root, code)) for code in codes[:MANY]]
                if len(codes) <= MANY
                else [],
            )
            for gap, codes in found.items()
            if gap not in _OWN and not (gap is Gap.UNEXPLORED and not discovered)
        ],
    }


def of_one(site: Site, tongue: Tongue, one: PrefectureCoverage | None) -> dict[str, Any]:
    if one is None:
        return {"covered": None, "gaps": [], "seen": None, "waiting": []}
    discovered = site.discovered(one.prefecture.code)
    seen = discovered.get(one.prefecture.code)
    found = [gap for gap in gaps(one, seen) if gap is not Gap.LOCKED]
    return {
        "covered": one,
        "kinds": _kinds(one, tongue),
        "gaps": [GAPS[gap].told(tongue.code) for gap in found if discovered or gap is not Gap.UNEXPLORED],
        "seen": seen,
        "waiting": [
            (ROLES[made.role].told(tongue.code), web_link(made.stanza.url), made.stanza.url)
            for made in (seen.proposed if seen else ())
        ],
    }


def _kinds(one: PrefectureCoverage, tongue: Tongue) -> list[tuple[str, int]]:
    return [(WATCHED[kind].told(tongue.code), number) for kind, number in kinds(one).items()]
