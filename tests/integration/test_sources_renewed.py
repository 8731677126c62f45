"""`sources.yaml` changes while a process watches: it watches what it says now, and nothing is lost or told twice."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from tests.fakes.alerts import BASE
from tests.fakes.clocks import LeapingClock
from tests.fakes.written import only
from tests.integration.web.maintainer import Maintainer
from tests.integration.web.visitor import visiting
from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_desk import let_in
from watcher.bootstrap_discovery import open_discovery
from watcher.commands.serve import application, care
from watcher.core.state import ProblemKind
from watcher.daemon import Watch
from watcher.replica import Replica
from watcher.settings import Settings
from watcher.visit import Tools

CODES = ("15", "69", "974")
CANTAL_STEP = 10


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(hosts="paths", limiter=False, prefectures=CODES) as running:
        yield running


@dataclass
class Daemon:
    """One process of `vigie serve`, ticked by hand."""

    path: Path
    app: App
    tools: Tools
    watch: Watch
    whole: str

    def writes(self, text: str) -> None:
        """As an editor does; the time of the file is never the one it had."""
        fresh = self.path.with_suffix(".new")
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.path)

    def looks(self, times: int = 2) -> None:
        for _ in range(times):
            self.watch.tick()
            for worker in list(self.watch._workers._busy.values()):
                worker.join(30)

    @property
    def read(self) -> set[str]:
        return {name for name, state in self.app.store.states().items() if state.last_read_at}

    def minute(self) -> list[str]:
        """What the minute's checks have to say of the file."""
        assert self.watch.care is not None
        self.watch.care.silence.note(self.app.clock.now(), {})
        return [one.evidence for one in self.app.store.problems() if one.kind is ProblemKind.LEFT_OUT]


def pages_of(code: str, replica: Replica) -> int:
    """How many of its pages were asked for."""
    return sum(1 for site, path, _ in replica.log if site == code and "robots.txt" not in path)


@contextmanager
def daemon(replica: Replica, folder: Path, *first: str, web_only: bool = False) -> Iterator[Daemon]:
    path, whole = folder / "sources.yaml", replica.sources_yaml(gap="0s")
    path.write_text(only(whole, *first), encoding="utf-8")
    settings = Settings(
        sources=path, database=f"sqlite:///{folder}/v.db", allow_private=True, public_url=BASE
    )
    clock = LeapingClock(time=replica.time(0))
    with capture_logs(), open_app(settings, clock) as app, open_tools(app) as tools:
        watch = Watch(app, tools, care=care(app, tools, None), web_only=web_only)
        yield Daemon(path, app, tools, watch, whole)
        watch.drain()


def test_a_prefecture_that_is_added_is_read_without_a_restart(replica: Replica, tmp_path: Path) -> None:
    with daemon(replica, tmp_path, "15") as served:
        served.looks()
        assert served.read
        assert all(name.startswith("15") for name in served.read)
        with capture_logs() as logs:
            served.writes(served.whole)
            served.looks(3)

        assert served.read == set(served.app.catalogue.sources)
        assert {name.split("-")[0] for name in served.read} == set(CODES)
        (said,) = [one for one in logs if one["event"] == "sources_renewed"]
        assert (len(said["added"]) > 2, said["removed"]) == (True, [])
        assert not served.app.store.alerts()  # a first reading announces nothing


def test_a_file_that_is_still_being_written_is_left_alone(replica: Replica, tmp_path: Path) -> None:
    with daemon(replica, tmp_path, "15") as served:
        for size in (len(served.whole) // 2, len(served.whole) // 3, len(served.whole)):
            served.writes(served.whole[:size])
            served.looks(1)
            assert list(served.app.catalogue.prefectures) == ["15"]
        served.looks(1)
        assert set(served.app.catalogue.prefectures) == set(CODES)


def test_what_is_taken_out_is_asked_for_no_more_and_known_when_it_comes_back(
    replica: Replica, tmp_path: Path
) -> None:
    with daemon(replica, tmp_path, *CODES) as served:
        served.looks()
        before = {name: served.app.store.latest_snapshot(name) for name in served.read}
        served.writes(only(served.whole, "69"))
        served.looks()
        asked = pages_of("15", replica)
        served.app.clock.wait(timedelta(days=1))
        replica.go(CANTAL_STEP)
        served.looks()
        assert pages_of("15", replica) == asked
        assert "15-actualites" in served.minute()[0]

        served.writes(served.whole)
        served.looks(3)

        assert served.minute() == []
        assert {name: served.app.store.latest_snapshot(name) for name in before} != before
        told = [(one.source, one.title) for one in served.app.store.alerts()]
        assert [one for one in told if one[0].startswith("15")]
        assert len(set(told)) == len(told)


def test_a_broken_file_changes_nothing_is_raised_once_and_ends_when_mended(
    replica: Replica, tmp_path: Path
) -> None:
    with daemon(replica, tmp_path, "15", "69") as served:
        served.looks()
        with capture_logs() as logs:
            served.writes(only(served.whole, "15").replace("kind: news", "kind: nonsense", 1))
            served.looks(4)
        assert [one["event"] for one in logs].count("sources_refused") == 1
        assert {*served.app.catalogue.prefectures} == {"15", "69"}
        (evidence,) = served.minute()
        assert "le fichier a changé et n'est pas repris" in evidence
        assert "kind" in evidence
        first = served.app.store.problems()
        assert (served.minute(), served.app.store.problems()) == ([evidence], first)

        served.writes(served.whole)
        served.looks()

        assert (served.minute(), {*served.app.catalogue.prefectures}) == ([], set(CODES))


@pytest.mark.parametrize("ruin", ["", "\x00", "prefectures: [", "a: &a [*a, *a]\n"])
def test_a_file_that_is_none_any_more_changes_nothing(replica: Replica, tmp_path: Path, ruin: str) -> None:
    with daemon(replica, tmp_path, "15") as served:
        served.writes(ruin)
        served.looks(3)
        assert (list(served.app.catalogue.prefectures), len(served.minute())) == (["15"], 1)
        served.path.unlink()
        served.looks(3)
        assert (list(served.app.catalogue.prefectures), len(served.minute())) == (["15"], 1)


def test_a_file_that_was_only_touched_is_no_news(replica: Replica, tmp_path: Path) -> None:
    with daemon(replica, tmp_path, "15") as served, capture_logs() as logs:
        os.utime(served.path, (1, 1))
        served.looks(3)
        assert [one for one in logs if one["event"].startswith("sources_")] == []


def test_a_page_that_moved_is_read_at_its_new_address_at_once(replica: Replica, tmp_path: Path) -> None:
    with daemon(replica, tmp_path, "15") as served:
        served.looks()
        page = served.app.catalogue.sources["15-actualites"]
        served.writes(served.path.read_text(encoding="utf-8").replace(page.url, f"{page.url}/Toutes"))
        served.looks(3)
        assert any(path.endswith("/Toutes") for _, path, _ in replica.log)


def test_paces_and_platforms_are_those_of_the_new_file(replica: Replica, tmp_path: Path) -> None:
    with daemon(replica, tmp_path, "15") as served:
        served.looks()
        served.writes(only(served.whole, "15").replace("gap: 0s", "gap: 7s"))
        served.looks()
        platform = served.app.catalogue.sources["15-actualites"].platform
        assert served.tools.pacer.gap(platform) == timedelta(seconds=7)


def test_a_process_that_only_shows_pages_shows_the_new_prefecture(replica: Replica, tmp_path: Path) -> None:
    with daemon(replica, tmp_path, "15", web_only=True) as served:
        with visiting(application(served.app, served.watch)) as visitor:
            assert visitor.ask("/prefectures/69").status_code == 404
            assert visitor.ask("/feeds/prefecture/69.atom").status_code == 404
            assert visitor.ask("/api/v1/alerts?prefecture=69").status_code == 422
            assert '"15"]' in visitor.ask("/api/v1/openapi.json").text
            served.writes(served.whole)
            served.looks()

            assert visitor.ask("/feeds/prefecture/69.atom").status_code == 200
            assert visitor.ask("/api/v1/alerts?prefecture=69").status_code == 200
            for path in ("/prefectures/69", "/coverage", "/alerts", "/webhooks", "/feeds", "/rules", "/"):
                answer = visitor.ask(path)
                assert (path, answer.status_code, "Rhône" in answer.text) == (path, 200, True)
            assert '"15", "69", "974"]' in visitor.ask("/api/v1/openapi.json").text
        assert not served.read  # others read


def test_a_page_accepted_at_the_desk_is_read_without_a_restart(tmp_path: Path) -> None:
    with (
        Replica(limiter=False, prefectures=("15",), renamed=5) as replica,
        daemon(replica, tmp_path, "15") as served,
    ):
        served.looks()
        open_discovery(served.app, served.tools).explore("15")
        known = set(served.app.catalogue.sources)
        password = let_in(served.app, "ana")
        with visiting(application(served.app, served.watch)) as visitor:
            browser = Maintainer(visitor)
            assert browser.log_in("ana", password).status_code == 303
            made = [
                one.proposal
                for one in served.app.discovery.proposals()
                if one.proposal.stanza.id not in known
            ]
            for one in made:
                sent = [("action", "accept"), ("proposal", one.id)]
                assert browser.send("/desk/sources", sent, page="/desk/sources").status_code == 303
        served.looks(3)

        new = {one.stanza.id for one in made}
        assert new
        assert new <= served.read
        assert not served.app.store.alerts()
