"""Exploring whole sites, as politely as polls read them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_discovery import open_discovery
from watcher.core.address import canonical
from watcher.core.errors import UserError
from watcher.core.exploring import MOST
from watcher.core.site_proposals import Explored, Role
from watcher.discover import BELIEVED_FOR, Discovery
from watcher.replica import Replica
from watcher.replica.renamed.plan import OURS, Node
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
