"""`vigie serve` and `vigie demo` as processes: they watch, publish, and end when they are asked to."""

from __future__ import annotations

import json
import resource
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import feedparser
import pytest

from tests.fakes.processes import Served, run, until
from watcher.replica import Replica

CANTAL_STEP = 10
DRAIN = 20  # seconds within which it ends


@dataclass
class Home:
    """A folder with a `sources.yaml` and a database."""

    folder: Path

    @property
    def options(self) -> list[str]:
        return [
            "--sources",
            str(self.folder / "sources.yaml"),
            "--database",
            f"sqlite:///{self.folder}/vigie.db",
            "--allow-private",
        ]

    def watches(self, text: str) -> None:
        (self.folder / "sources.yaml").write_text(text, encoding="utf-8")

    def serve(self, *more: str) -> Served:
        return Served("serve", [*self.options, *more], self.folder / "serve.log")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.fixture
def replica() -> Iterator[Replica]:
    with Replica(hosts="paths", limiter=False, prefectures=["15", "69"]) as running:
        yield running


def entries(served: Served, path: str) -> list[object]:
    return list(feedparser.parse(served.answers(path).content).entries)


def test_news_of_the_day_come_out_of_the_feeds_and_it_ends_when_asked(home: Home, replica: Replica) -> None:
    home.watches(replica.sources_yaml(gap="10ms"))
    first = run("poll", "--all", "--now", replica.time(0).isoformat(), *home.options)
    replica.go(CANTAL_STEP)

    with home.serve("--now", replica.time(CANTAL_STEP).isoformat()) as served:
        served.answers("/healthz")
        served.answers("/readyz")
        feed = served.answers("/feeds/prefecture/15.atom", "RDV Préfecture")
        until(
            lambda: len(entries(served, "/feeds/all.atom")) >= 2,
            30,
            "the news and the page that says the same",
        )
        page = served.answers("/")
        status, seconds = served.terminate()

        assert first.returncode == 0, first.stderr
        assert "rdv_modality" in {t.term for e in feedparser.parse(feed.content).entries for t in e.tags}
        assert "Cantal" in page.text
        assert (status, seconds < DRAIN) == (0, True)
        assert "Traceback" not in served.said


def test_it_ends_at_once_although_the_next_request_would_have_to_wait(home: Home, replica: Replica) -> None:
    home.watches(replica.sources_yaml(gap="60s"))
    with home.serve() as served:
        served.answers("/readyz")
        until(lambda: replica.requests, 10, "the first request")
        status, seconds = served.terminate()

        assert (status, seconds < 5) == (0, True)


def test_it_ends_within_its_time_although_a_server_drips(home: Home, replica: Replica) -> None:
    home.watches(replica.sources_yaml(gap="10ms"))
    replica.outage(["15", "69"], "slow")
    with home.serve() as served:
        served.answers("/readyz")
        until(lambda: replica.requests >= 2, 10, "the first poll")
        status, seconds = served.terminate()

        assert (status, seconds < DRAIN) == (0, True)


def test_a_process_that_dies_leaves_no_image_of_what_it_knew(home: Home, replica: Replica) -> None:
    home.watches(replica.sources_yaml())
    usual, most = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (most, most))
    try:
        with home.serve() as served:
            served.answers("/healthz")
            now, _ = resource.prlimit(served.process.pid, resource.RLIMIT_CORE)
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, (usual, most))

    assert now == 0


def test_a_port_in_use_is_one_line_and_status_2(home: Home, replica: Replica) -> None:
    home.watches(replica.sources_yaml())
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ran = run("serve", "--port", str(port), *home.options)

    assert (ran.returncode, ran.stdout) == (2, "")
    (line,) = ran.stderr.splitlines()
    assert line.startswith(f"vigie : impossible d'écouter sur 127.0.0.1:{port}")


def test_without_network_it_stays_alive_with_one_incident(home: Home) -> None:
    """Six hosts of one platform refuse every connection."""
    pages = "\n".join(
        f'  "{n:02}":\n    name: Site {n}\n    home: http://127.0.0.{n}:9/\n'
        f"    pages:\n      - {{id: {n:02}-actualites, kind: news, url: 'http://127.0.0.{n}:9/Actualites'}}"
        for n in range(2, 8)
    )
    home.watches(
        "platforms:\n  ide: {gap: 10ms, jitter: 0, per_day: 100000, brake: {after: 3, for: 15m}}\n"
        f"defaults: {{platform: ide, every: 1h, layout: dsfr}}\nprefectures:\n{pages}\n"
    )
    with home.serve() as served:
        until(lambda: len(served.events) >= 3, 15, "three failures")
        served.answers("/healthz")
        served.answers("/readyz")
        feed = served.answers("/feeds/all.atom")
        coverage = served.answers("/coverage")
        status, seconds = served.terminate()

    checked = run("doctor", "--json", *home.options)
    freshness = json.loads(checked.stdout.splitlines()[-1])

    assert feedparser.parse(feed.content).entries == []
    assert coverage.text.count("Site ") >= 6
    assert (status, seconds < DRAIN) == (0, True)
    assert "Traceback" not in served.said
    assert freshness["detail"].count("platform:ide") == 1
    assert freshness["detail"].count("-actualites (") == 0


def test_the_demo_plays_its_week_and_shows_alerts(tmp_path: Path) -> None:
    with Served("demo", ["--seconds", "10"], tmp_path / "demo.log") as demo:
        shown = demo.answers("/demo")
        feed = demo.answers("/feeds/all.atom", "<entry>", within=150)
        status, seconds = demo.terminate()

    assert "démo" in shown.text.lower()
    assert feedparser.parse(feed.content).entries
    assert (status, seconds < DRAIN, "Traceback" in demo.said) == (0, True, False)


def test_the_demo_ends_by_itself_and_wants_a_new_database(tmp_path: Path) -> None:
    kept = ["--database", f"sqlite:///{tmp_path}/demo.db"]
    with Served("demo", ["--seconds", "20", "--exit", *kept], tmp_path / "demo.log") as demo:
        status = demo.process.wait(timeout=240)
    told = run("feed", "prefecture:15", *kept)
    again = run("demo", "--port", str(demo.port), *kept)
    replayed = run("replay", *kept)

    assert (status, "Traceback" in demo.said) == (0, False)
    assert "RDV Préfecture" in told.stdout
    assert (replayed.returncode, "textes relus : 0" in replayed.stderr) == (0, False)
    assert (again.returncode, "demande une base neuve" in again.stderr) == (2, True)
