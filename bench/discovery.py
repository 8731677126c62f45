"""Finding the foreigners' pages on sites whose sections have other names and places, and finding moved ones again."""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.figures import Chapter, Figure
from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_discovery import open_discovery, open_finder
from watcher.core.address import canonical
from watcher.core.site_proposals import Role, SiteProposal
from watcher.replica import Replica
from watcher.replica.prefectures import NAMES
from watcher.replica.renamed.plan import OURS, Node, Plan
from watcher.replica.renamed.vocabulary import UNHEARD_FROM
from watcher.replica.sites import Site
from watcher.rounds import run_round
from watcher.settings import Settings
from watcher.visit import Tools

SEED, SEEDS = 2026, 3
PART = 40  # sites whose pages move, but in the long run, where all do
_NOTED = {Role.BOOKING, Role.PROCEDURE}


@dataclass
class Marks:
    """What came of some sites; lists of what went wrong, by address."""

    sites: int = 0
    news: int = 0
    pages: int = 0  # proposed
    moved: int = 0
    no_section: list[str] = field(default_factory=list)
    no_news: list[str] = field(default_factory=list)
    no_general: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    found_wrong: list[str] = field(default_factory=list)
    requests: list[int] = field(default_factory=list)
    requests_moved: list[int] = field(default_factory=list)


def arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--seed", type=int, default=SEED, help="of the names and places of sections")
    parser.add_argument("--codes", default="", help="only these préfectures: 01,2A,974")
    parser.add_argument(
        "--show", action="store_true", help="name what was not found, and what was found wrongly"
    )


def measure(options: argparse.Namespace) -> Chapter:
    """All préfectures under one seed; `--long`: under several, the last of them with names of another list."""
    seed, codes = getattr(options, "seed", SEED), getattr(options, "codes", "")
    marks = Marks()
    others = (*range(seed + 1, seed + SEEDS), UNHEARD_FROM + seed) if options.long else ()
    for one in (seed, *others):
        wanted = codes.split(",") if codes else list(NAMES)
        explore(one, marks, wanted)
        look_for_moved(one, marks, wanted if options.long or codes else wanted[:: len(wanted) // PART])
    if getattr(options, "show", False):
        print("\n".join(_shown(marks)))
    return Chapter("Discovery", _HOW, tuple(_figures(marks)))


def explore(seed: int, marks: Marks, codes: Sequence[str] | None = None) -> None:
    """Explore sites that nothing is known of."""
    with _running(seed, codes) as (replica, app, tools):
        discovery = open_discovery(app, tools)
        for code in replica.codes:
            marks.requests.append(discovery.explore(code).requests)
            found = [one.proposal for one in app.discovery.proposals(prefecture=code)]
            _mark(marks, replica.site(code), found)


def look_for_moved(seed: int, marks: Marks, codes: Sequence[str] | None = None) -> None:
    """Watch the section, its news and its guide; move them; look for them."""
    with _running(seed, codes, watched=True) as (replica, app, tools):
        sources = app.catalogue.sources
        run_round(tools, sources.values(), lambda _: None)
        before = {code: replica.site(code).plan for code in replica.codes}
        replica.relocate()
        finder = open_finder(app, tools)
        for source in sources.values():
            marks.moved += 1
            asked = replica.requests
            made = finder.find(source.id)
            marks.requests_moved.append(replica.requests - asked)
            plan = before[source.prefecture]
            site = replica.site(source.prefecture)
            wanted = _now_at(site, source.url.removeprefix(site.base)) if plan else ""
            if made is None:
                marks.lost.append(f"{source.url} → {wanted}")
            elif canonical(made.stanza.url) != canonical(wanted):
                marks.found_wrong.append(f"{source.url} → {made.stanza.url}, not {wanted}")


@contextmanager
def _running(
    seed: int, codes: Sequence[str] | None, *, watched: bool = False
) -> Iterator[tuple[Replica, App, Tools]]:
    with (
        tempfile.TemporaryDirectory(prefix="vigie-bench") as folder,
        Replica(limiter=False, prefectures=codes, renamed=seed) as replica,
    ):
        sources = Path(folder) / "sources.yaml"
        text = replica.sources_yaml(gap="0s")
        sources.write_text(_watching(text, replica) if watched else text, encoding="utf-8")
        settings = Settings(sources=sources, database=f"sqlite:///{folder}/vigie.db", allow_private=True)
        with open_app(settings) as app, open_tools(app) as tools:
            yield replica, app, tools


def _watching(text: str, replica: Replica) -> str:
    """The file with the section, its news and its guide among the pages of each préfecture."""
    for code in replica.codes:
        site = replica.site(code)
        plan = _plan(site)
        layout = "" if site.skin == "dsfr" else f", layout: {site.skin}"
        pages = [_page(f"{code}-etrangers", "page", site, plan.section, ", layout: content")]
        pages += [_page(f"{code}-guide", "page", site, plan.guide, ", layout: content")] * (
            plan.guide is not plan.section
        )
        pages += [_page(f"{code}-news", "news", site, plan.news, layout)] if plan.news else []
        head, mark, rest = text.partition(f'  "{code}":\n')
        text = head + mark + rest.replace("    pages: []\n", "    pages:\n" + "".join(pages), 1)
    return text


def _page(name: str, kind: str, site: Site, node: Node, rest: str) -> str:
    platform = "" if site.platform == "ide" else f", platform: {site.platform}"
    return f"      - {{id: {name}, kind: {kind}, url: '{site.base}{node.path}'{platform}{rest}}}\n"


def _now_at(site: Site, path: str) -> str:
    gone = _plan(site).gone.get(path)
    return site.base + (gone[1] if gone else path)


def _plan(site: Site) -> Plan:
    if site.plan is None:
        raise ValueError(f"{site.code} is no renamed site")
    return site.plan


def _mark(marks: Marks, site: Site, found: Sequence[SiteProposal]) -> None:
    plan = _plan(site)
    right = {
        Role.SECTION: {_at(site, plan.section)},
        Role.SECTION_NEWS: {_at(site, plan.news)} if plan.news else set(),
        Role.NEWS: {_at(site, plan.general)},
    }
    ours = {_at(site, node) for node in plan.of(*OURS)}
    places = {(one.role, canonical(one.stanza.url)) for one in found if one.role not in _NOTED}
    marks.sites += 1
    marks.news += plan.news is not None
    marks.pages += len(places)
    for role, missed in (
        (Role.SECTION, marks.no_section),
        (Role.SECTION_NEWS, marks.no_news),
        (Role.NEWS, marks.no_general),
    ):
        missed += [f"{site.code} {url}" for url in right[role] if (role, url) not in places]
    marks.wrong += [f"{site.code} {role} {url}" for role, url in places if url not in right.get(role, ours)]


def _at(site: Site, node: Node) -> str:
    return canonical(site.base + node.path) or ""


def _figures(marks: Marks) -> Iterator[Figure]:
    yield _share("foreigners' section found", len(marks.no_section), marks.sites, 95)
    yield _share("its news found, where there are any", len(marks.no_news), marks.news, 90)
    yield _share("news of the site found", len(marks.no_general), marks.sites, 90)
    wrong = 100 * len(marks.wrong) / max(marks.pages, 1)
    yield Figure("wrong proposals", wrong, "%", at_most=3)
    yield Figure("requests for one préfecture, median", median(marks.requests), at_most=25)
    yield Figure("requests for one préfecture, most", max(marks.requests), at_most=40)
    yield _share("moved pages found again", len(marks.lost) + len(marks.found_wrong), marks.moved, 90)
    yield Figure("wrong new addresses", 100 * len(marks.found_wrong) / max(marks.moved, 1), "%", at_most=3)
    yield Figure("requests for one moved page, median", median(marks.requests_moved))
    yield Figure("sites", marks.sites)
    yield Figure("proposals", marks.pages)


def _share(name: str, missed: int, of: int, least: float) -> Figure:
    return Figure(name, 100 * (of - missed) / max(of, 1), "%", at_least=least)


def _shown(marks: Marks) -> Iterator[str]:
    for name in ("no_section", "no_news", "no_general", "wrong", "lost", "found_wrong"):
        yield from (f"{name}: {one}" for one in getattr(marks, name))


_HOW = (
    "The replica with the sections of every site renamed, nested and reshuffled by a seed: other skins, sections that "
    "no menu shows, sites without breadcrumb or without search, and pages that merely sound like the right ones. "
    "Nothing is watched; each site is explored as `vigie sources discover` does. Then the section, its news and its "
    "guide are watched and read once, moved (gone, led home, emptied or led on), and looked for. Seeds from 10000 on "
    "draw from names that were made up to mislead the recognition, which was mended by them since."
)
