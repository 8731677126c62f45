"""What a reader of alerts lives through: a real browser, a real mail server, the daemon, and nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from standardwebhooks import Webhook

from tests.fakes.browser import browser, visiting, with_a_browser
from tests.fakes.letterbox import Letterbox, letterbox, link, parts, words
from tests.fakes.processes import Served, run, until
from tests.fakes.receiver import Receiver, receiving
from watcher.replica import Replica

pytestmark = with_a_browser

CANTAL, VAR = 10, 11  # the steps of the replica's week at which they publish how to make an appointment
PARIS = ZoneInfo("Europe/Paris")
ANNE, BOB, CHLOE = "anne@exemple.fr", "bob@example.org", "chloe@exemple.fr"
IN_TIME = 30  # seconds


@dataclass
class Office:
    """Somebody who runs the daemon, and a préfecture's web site that never answers."""

    folder: Path
    replica: Replica
    post: Letterbox

    @property
    def options(self) -> list[str]:
        return [
            *("--sources", str(self.folder / "sources.yaml")),
            *("--database", f"sqlite:///{self.folder}/vigie.db"),
            "--allow-private",
        ]

    def reads_what_is_there(self) -> None:
        text = self.replica.sources_yaml(gap="10ms", every="3s", brake_after=1000)
        (self.folder / "sources.yaml").write_text(text, encoding="utf-8")
        self.replica.outage(["69"], "maintenance")
        first = run("poll", "--all", *self.options)
        assert first.returncode == 1, first.stderr  # one page could not be read

    def opens(self, *more: str) -> Served:
        told = {
            "VIGIE_SMTP": f"smtp://127.0.0.1:{self.post.port}",
            "VIGIE_MAIL_FROM": "Vigie préfectures <vigie@exemple.org>",
        }
        served = Served("serve", [*self.options, *more], self.folder / "serve.log", told)
        served.answers("/readyz")
        return served


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with (
        Replica(hosts="paths", limiter=False, prefectures=["15", "69", "83"]) as replica,
        letterbox() as post,
    ):
        yield Office(tmp_path, replica, post)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def morning_after(moment: datetime) -> datetime:
    """When the daily digests leave next, and a moment."""
    here = moment.astimezone(PARIS)
    day = here.date() + timedelta(days=here.time() >= time(7))
    return datetime.combine(day, time(7, 0, 5), PARIS)
