"""Watched pages that moved: found again, and watched on as if nothing had happened."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_discovery import open_finder, open_site_review
from watcher.core.address import canonical
from watcher.core.site_proposals import Role, SiteProposal
from watcher.core.state import ProblemKind
from watcher.find_moved import EVERY, Finder
from watcher.poll import Polled
from watcher.replica import Replica
from watcher.replica.sites import Site
from watcher.rounds import run_round
from watcher.settings import Settings
from watcher.visit import Tools

SEED = 5
CODES = ("15", "33", "69")


@dataclass
class Watch:
    """`at` is the time; the file of sources is read anew for each visit, as after a restart."""

    replica: Replica
    folder: Path
    hours: float = 0

    @contextmanager
    def running(self) -> Iterator[tuple[App, Tools]]:
        now = self.replica.time(0) + timedelta(hours=self.hours)
        settings = Settings(
            sources=self.folder / "sources.yaml",
            database=f"sqlite:///{self.folder}/v.db",
            allow_private=True,
            now=now,
        )
        with open_app(settings) as app, open_tools(app) as tools:
            yield app, tools

    def poll(self) -> list[Polled]:
        self.hours += 2
        with self.running() as (app, tools):
            polled: list[Polled] = []
            run_round(tools, app.catalogue.sources.values(), polled.append)
            return polled

    @contextmanager
    def looking(self) -> Iterator[tuple[App, Finder]]:
        with self.running() as (app, tools):
            yield app, open_finder(app, tools)


@pytest.fixture
def watch(tmp_path: Path) -> Iterator[Watch]:
    """The section, its news and its guide are watched, were read once, and have moved since."""
    with Replica(limiter=False, prefectures=CODES, renamed=SEED) as replica:
        text = replica.sources_yaml(gap="0s")
        for code in CODES:
            head, mark, rest = text.partition(f'  "{code}":\n')
            text = (
                head + mark + rest.replace("    pages: []\n", "    pages:\n" + _pages(replica.site(code)), 1)
            )
        (tmp_path / "sources.yaml").write_text(text, encoding="utf-8")
        watch = Watch(replica, tmp_path)
        assert all(one.outcome.read for one in watch.poll())
        replica.relocate()
        yield watch


def _pages(site: Site) -> str:
    plan = site.plan
    assert plan is not None
    wanted = [("section", "page", plan.section), ("guide", "page", plan.guide)]
    wanted += [("news", "news", plan.news)] if plan.news else []
    return "".join(
        f"      - {{id: {site.code}-{name}, kind: {kind}, url: '{site.base}{node.path}', "
        f"layout: {'content' if kind == 'page' else site.skin}}}  # {name}\n"
        for name, kind, node in wanted
    )


def now_at(watch: Watch, made: SiteProposal) -> str | None:
    site = watch.replica.site(made.prefecture)
    assert site.plan is not None
    old = made.instead_of.removeprefix(site.base)
    return canonical(site.base + site.plan.gone[old][1])


def found_again(watch: Watch) -> list[SiteProposal]:
    with watch.looking() as (app, finder):
        for source in app.catalogue.sources:
            finder.find(source)
        return [one.proposal for one in app.discovery.proposals()]


def test_moved_pages_are_found_where_they_are(watch: Watch) -> None:
    made = found_again(watch)

    assert {one.role for one in made} == {Role.MOVED}
    assert {one.stanza.id: canonical(one.stanza.url) for one in made} == {
        one.stanza.id: now_at(watch, one) for one in made
    }
    with watch.running() as (app, _):
        assert {one.stanza.id for one in made} == set(app.catalogue.sources)


def test_an_accepted_address_goes_on_under_the_same_id_without_false_news(watch: Watch) -> None:
    with watch.running() as (app, _):
        before = {name: app.store.latest_snapshot(name) for name in app.catalogue.sources}
    made = found_again(watch)
    with watch.running() as (app, _):
        review = open_site_review(app)
        assert all(review.accept(one.id, "ana") for one in made)
    polled = [one for _ in range(4) for one in watch.poll()]

    assert [one for one in polled[-len(made) :] if not one.outcome.read] == []
    assert [(one.source, one.plan.changes) for one in polled if one.plan and one.plan.changes] == []
    with watch.running() as (app, _):
        assert not app.store.alerts()
        assert not [one for one in app.store.problems() if one.kind in (ProblemKind.GONE, ProblemKind.MOVED)]
        for name, snapshot in before.items():
            after = app.store.latest_snapshot(name)
            assert snapshot
            assert after
            assert after.number >= snapshot.number


def test_only_what_cannot_be_read_is_looked_for_and_once_a_day(watch: Watch) -> None:
    watch.poll()
    watch.poll()
    with watch.looking() as (app, finder):
        broken = set(finder.broken())
        subjects = {one.subject for one in app.store.problems()}
        finder.find_due(app.clock.now())
        looked, asked = app.discovery.searches(), watch.replica.requests
        finder.find_due(app.clock.now())

    assert broken
    assert broken <= subjects
    assert set(looked) == broken
    assert watch.replica.requests == asked
    assert timedelta(days=1) == EVERY


def test_looking_for_a_page_asks_for_few_others(watch: Watch) -> None:
    with watch.looking() as (app, finder):
        for source in app.catalogue.sources:
            before = watch.replica.requests
            finder.find(source)
            assert watch.replica.requests - before <= 28
