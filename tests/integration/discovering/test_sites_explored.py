"""Exploring whole sites, as politely as polls read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from tests.fakes.clocks import LeapingClock
from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_discovery import open_discovery
from watcher.core.address import canonical
from watcher.core.errors import UserError
from watcher.core.exploring import MOST
from watcher.core.site_proposals import Explored, Role
from watcher.discover import BELIEVED_FOR, Discovery
from watcher.replica import Replica
from watcher.replica.renamed.plan import OURS, Node
from watcher.replica.renamed.vocabulary import UNHEARD_FROM
from watcher.replica.sites import Skin
from watcher.settings import Settings

SEED = 5
CODES = ("15", "69", "01", "2A", "974", "37")


@pytest.fixture(scope="module")
def replica() -> Iterator[Replica]:
    with Replica(limiter=False, prefectures=CODES, renamed=SEED) as running:
        yield running


@dataclass
class Scene:
    replica: Replica
    app: App
    discovery: Discovery

    def found(self, code: str) -> dict[Role, set[str]]:
        roles: dict[Role, set[str]] = {}
        for one in self.app.discovery.proposals(prefecture=code):
            roles.setdefault(one.proposal.role, set()).add(canonical(one.proposal.stanza.url) or "")
        return roles

    def at(self, code: str, *nodes: Node | None) -> set[str]:
        base = self.replica.site(code).base
        return {canonical(base + node.path) or "" for node in nodes if node}

    def asked(self, code: str) -> list[str]:
        return [path for site, path, _ in self.replica.log if site == code]


@pytest.fixture
def scene(replica: Replica, tmp_path: Path) -> Iterator[Scene]:
    sources = tmp_path / "sources.yaml"
    sources.write_text(replica.sources_yaml(gap="0s", brake_for="1h"), encoding="utf-8")
    settings = Settings(sources=sources, database=f"sqlite:///{tmp_path}/v.db", allow_private=True)
    with open_app(settings) as app, open_tools(app) as tools:
        yield Scene(replica, app, open_discovery(app, tools))
    replica.heal()


def test_sections_news_and_the_sites_own_news_are_found_under_any_name(scene: Scene) -> None:
    for code in CODES:
        plan = scene.replica.site(code).plan
        assert plan is not None
        explored = scene.discovery.explore(code)
        roles = scene.found(code)

        assert explored.found
        assert explored.ended_at
        assert not explored.trouble
        assert explored.requests <= MOST
        assert roles[Role.SECTION] == scene.at(code, plan.section)
        assert roles.get(Role.SECTION_NEWS, set()) == scene.at(code, plan.news)
        assert roles[Role.NEWS] == scene.at(code, plan.general)
        rest = {
            url for role in (Role.GUIDE, Role.APPOINTMENTS, Role.DOCUMENTS) for url in roles.get(role, ())
        }
        assert rest <= scene.at(code, *plan.of(*OURS))


def test_so_are_those_under_names_that_nobody_was_told_of(tmp_path: Path) -> None:
    """Initials, other languages, rubrics whose names say nothing, and little else in these rubrics."""
    codes = ("04", "14", "25", "32", "81")
    with Replica(limiter=False, prefectures=codes, renamed=UNHEARD_FROM) as unheard:
        sources = tmp_path / "sources.yaml"
        sources.write_text(unheard.sources_yaml(gap="0s"), encoding="utf-8")
        settings = Settings(sources=sources, database=f"sqlite:///{tmp_path}/v.db", allow_private=True)
        with open_app(settings) as app, open_tools(app) as tools:
            scene = Scene(unheard, app, open_discovery(app, tools))
            for code in codes:
                plan = unheard.site(code).plan
                assert plan is not None
                scene.discovery.explore(code)
                roles = scene.found(code)

                assert roles[Role.SECTION] == scene.at(code, plan.section)
                assert roles.get(Role.SECTION_NEWS, set()) == scene.at(code, plan.news)


def test_several_skins_are_among_them(replica: Replica) -> None:
    assert {replica.site(code).skin for code in CODES} > {Skin.DSFR}


def test_an_exploration_goes_on_where_it_was_left_and_asks_nothing_twice(scene: Scene) -> None:
    before = len(scene.asked("15"))
    first = scene.discovery.explore("15", budget=6)
    part = scene.asked("15")[before:]
    whole = scene.discovery.explore("15")
    everything = scene.asked("15")[before:]

    assert first.ended_at is None
    assert first.requests == len(part) <= 6
    assert whole.ended_at is not None
    assert whole.requests == len(everything)
    assert len(set(everything)) == len(everything)


def test_what_was_explored_is_not_explored_again_for_a_month(scene: Scene) -> None:
    scene.discovery.explore("15")
    before = scene.replica.requests
    again = scene.discovery.explore("15")

    assert scene.replica.requests == before
    assert again.found

    scene.discovery.explore("15", again=True)

    assert scene.replica.requests > before
    assert BELIEVED_FOR.days == 30


def test_an_exploration_that_is_cut_short_is_whole_later(scene: Scene) -> None:
    scene.replica.outage(["15"], "maintenance")
    cut = scene.discovery.explore("15")
    scene.replica.heal()
    later = scene.discovery.explore("15")

    assert cut.ended_at is None
    assert "maintenance" in cut.trouble
    assert later.found
    assert not later.trouble


def test_a_platform_that_fails_is_braked_and_left_alone(scene: Scene) -> None:
    scene.replica.outage(CODES, "503")
    told: list[Explored] = []
    scene.discovery.explore_all(CODES, MOST, told.append)

    assert all(one.trouble for one in told)
    assert any("freinée" in one.trouble for one in told)
    assert not scene.app.discovery.proposals()


def test_search_is_asked_only_where_robots_txt_lets_us(scene: Scene) -> None:
    for code in CODES:
        scene.discovery.explore(code)
        plan = scene.replica.site(code).plan
        assert plan is not None
        if not plan.searchable:
            assert not [path for path in scene.asked(code) if path.startswith("/contenu/recherche")]


def test_a_prefecture_that_is_not_known_is_a_mistake(scene: Scene) -> None:
    with pytest.raises(UserError, match="inconnue"):
        scene.discovery.explore("99")


def limited(replica: Replica, folder: Path, per_day: int) -> Settings:
    """A file in which every platform is to get so many requests a day."""
    text = replica.sources_yaml(gap="0s", brake_for="1h").replace("gap: 0s", f"per_day: {per_day}, gap: 0s")
    assert "per_day" in text
    sources = folder / "sources.yaml"
    sources.write_text(text, encoding="utf-8")
    return Settings(sources=sources, database=f"sqlite:///{folder}/v.db", allow_private=True)


def test_what_a_platform_is_to_get_in_a_day_is_kept_and_a_part_left_to_watched_pages(
    replica: Replica, tmp_path: Path
) -> None:
    clock = LeapingClock(time=replica.time(0).replace(hour=0, minute=30))
    told: list[Explored] = []
    with open_app(limited(replica, tmp_path, 40), clock) as app, open_tools(app) as tools:
        discovery, before = open_discovery(app, tools), replica.requests
        discovery.explore_all(("15", "69", "01"), MOST, told.append)
        purse = tools.pacer.state("ide").purse

        assert replica.requests - before == purse.spent
        assert 30 <= purse.spent <= 32  # the last page may take a redirect, or ask for robots.txt
        assert any("la suite demain" in one.trouble and one.ended_at is None for one in told)

        clock.reach(clock.now() + timedelta(days=1))
        again = [discovery.explore(code) for code in ("15", "69")]

    assert any(one.requests for one in again)
    assert replica.requests - before <= 2 * 32


def test_another_process_on_the_same_day_begins_where_the_first_one_ended(
    replica: Replica, tmp_path: Path
) -> None:
    clock, before = LeapingClock(time=replica.time(0).replace(hour=0, minute=30)), replica.requests
    settings = limited(replica, tmp_path, 20)
    for _ in range(2):
        with open_app(settings, clock) as app, open_tools(app) as tools:
            open_discovery(app, tools).explore("15")

    assert replica.requests - before <= 17
