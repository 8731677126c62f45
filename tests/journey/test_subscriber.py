"""What readers live through: a real browser, a real mail server, the daemon, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from email.message import EmailMessage
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect
from standardwebhooks import Webhook

from tests.fakes.browser import browser, visiting, with_a_browser
from tests.fakes.letterbox import Letterbox, letterbox, link, links, parts, words
from tests.fakes.processes import Served, run, until
from tests.fakes.receiver import Receiver, receiving
from watcher.clock import SystemClock
from watcher.replica import Replica

pytestmark = with_a_browser

ISERE, FINISTERE = 3, 21  # the steps of the replica's week at which they tell how to make an appointment
PARIS = ZoneInfo("Europe/Paris")
ANNE, BOB, CHLOE = "anne@exemple.fr", "bob@example.org", "chloe@exemple.fr"
IN_TIME = 30  # seconds


@dataclass
class Installation:
    """A daemon that watches three préfectures, of which one does not answer, and mails by our server."""

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

    def begin(self) -> None:
        """Read what is there; it is no news."""
        sources = self.replica.sources_yaml(gap="10ms", every="3s", brake_after=1000)
        (self.folder / "sources.yaml").write_text(sources, encoding="utf-8")
        self.replica.outage(["69"], "maintenance")
        first = run("poll", "--all", *self.options)
        assert "Traceback" not in first.stderr

    def serve(self, *more: str) -> Served:
        told = {
            "VIGIE_SMTP": f"smtp://127.0.0.1:{self.post.port}",
            "VIGIE_MAIL_FROM": "Vigie préfectures <vigie@exemple.org>",
        }
        served = Served("serve", [*self.options, *more], self.folder / "serve.log", told)
        served.answers("/readyz")
        return served


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    with (
        Replica(hosts="paths", limiter=False, prefectures=["29", "38", "69"]) as replica,
        letterbox() as post,
    ):
        found = Installation(tmp_path, replica, post)
        found.begin()
        yield found


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


@pytest.fixture
def endpoint() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


def test_readers_sign_up_are_told_what_they_chose_and_leave(
    installation: Installation, chromium: Browser, endpoint: Receiver
) -> None:
    post, replica = installation.post, installation.replica
    with installation.serve() as vigie:
        with visiting(chromium, viewport={"width": 375, "height": 740}) as page:
            page.goto(f"{vigie.address}/")
            page.get_by_role("navigation").get_by_role("link", name="Par courriel").click()
            sign_up(page, ANNE, choices=["Finistère (29)", "Isère (38)", "Prise de rendez-vous"])
        with visiting(chromium) as page:
            page.goto(f"{vigie.address}/en/subscribe")
            sign_up(page, BOB, ways=["A digest a day"], language="en")
        with visiting(chromium) as page:
            page.goto(f"{vigie.address}/subscribe")
            sign_up_by_keyboard(page, CHLOE)
            secret = register(page, f"{vigie.address}/webhooks", f"http://127.0.0.1:{endpoint.port}/hook")

        scan(chromium, installation, ANNE, post.waits_for(ANNE, 1), f"{vigie.address}/")
        confirm(chromium, post)
        until(lambda: endpoint.got, IN_TIME, "the challenge")

        replica.go(ISERE)
        told = post.waits_for(ANNE, 2)
        assert told["Subject"].startswith("Isère (38)")
        assert parts(told) == ["text/plain", "text/html"]
        assert "démarche numérique" in words(told)
        assert f"{vigie.address}/alerts/" in words(told)
        post.waits_for(CHLOE, 2)
        until(lambda: len(endpoint.got) >= 2, IN_TIME, "the alert for the web-hook")
        challenge, alert = (Webhook(secret).verify(got.body, got.headers) for got in endpoint.got[:2])
        assert (challenge["type"], alert["type"]) == ("endpoint.challenge", "alert.published")
        assert (alert["data"]["prefecture"], alert["data"]["categories"]) == ("38", ["rdv_modality"])

        scan(chromium, installation, ANNE, told, f"{vigie.address}/")
        assert one_click(told["List-Unsubscribe"], told["List-Unsubscribe-Post"]) == 200
        replica.go(FINISTERE)
        assert post.waits_for(CHLOE, 3)["Subject"].startswith("Finistère (29)")
        assert vigie.terminate()[0] == 0
        assert "Traceback" not in vigie.said

    with installation.serve("--now", next_morning().isoformat()):
        digest = post.waits_for(BOB, 2)

    assert parts(digest) == ["text/plain", "text/html"]
    assert "Isère (38)" in words(digest)
    assert "Finistère (29)" in words(digest)
    assert "2 préfectures of 3 read since yesterday" in words(digest)
    assert "Rhône (69)" in words(digest)
    assert len(post.of(ANNE)) == 2
    assert len(post.of(BOB)) == 2


def scan(chromium: Browser, installation: Installation, reader: str, mail: EmailMessage, ours: str) -> None:
    """What programs do that examine letters before people see them: every link is opened, every script run."""
    before = run("subscribers", "export", reader, *installation.options).stdout
    opened = [address for address in links(mail) if address.startswith(ours)]
    with visiting(chromium) as page:
        for address in opened:
            page.goto(address, wait_until="networkidle")
    assert opened
    assert run("subscribers", "export", reader, *installation.options).stdout == before


def confirm(chromium: Browser, post: Letterbox) -> None:
    """Open the links of the three letters and press their buttons, Anne on her phone."""
    asked = post.waits_for(ANNE, 1)
    assert parts(asked) == ["text/plain", "text/html"]
    with visiting(chromium, viewport={"width": 375, "height": 740}) as page:
        page.goto(link(asked, "confirm"))
        expect(page.get_by_role("definition").first).to_have_text("Finistère (29), Isère (38)")
        page.get_by_role("button", name="Confirmer").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("C'est confirmé")
    with visiting(chromium) as page:
        for other, button in ((BOB, "Confirm"), (CHLOE, "Confirmer")):
            page.goto(link(post.waits_for(other, 1), "confirm"))
            page.get_by_role("button", name=button).click()


def sign_up(
    page: Page, address: str, choices: Sequence[str] = (), ways: Sequence[str] = (), language: str = "fr"
) -> None:
    """Fill in the form as it is, and send it."""
    while choices and (closed := page.locator("details:not([open]) > summary")).count():
        closed.first.click()
    for choice in choices:
        page.get_by_role("checkbox", name=choice, exact=True).check()
    for way in ways:
        page.get_by_role("radio", name=way).check()
    page.get_by_role("textbox", name="adresse" if language == "fr" else "address").fill(address)
    page.get_by_role("checkbox", name="J'accepte" if language == "fr" else "I agree").check()
    page.get_by_role("button", name="M'abonner" if language == "fr" else "Subscribe").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(
        "Encore une étape" if language == "fr" else "One more step"
    )


def sign_up_by_keyboard(page: Page, address: str) -> None:
    """As it stands, without a mouse."""
    for name, keys in (("address", address), ("consent", " ")):
        tab_to(page, f"[name={name}]")
        page.keyboard.type(keys)
    tab_to(page, "form.choose button")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Encore une étape")


def tab_to(page: Page, what: str) -> None:
    """Press the key that goes from field to field until `what` is reached."""
    for _ in range(300):
        page.keyboard.press("Tab")
        if page.locator(f"{what}:focus").count():
            return
    raise AssertionError(f"the keyboard does not lead to {what}")


def register(page: Page, form: str, address: str) -> str:
    """Register a web-hook; its secret."""
    page.goto(form)
    page.get_by_role("textbox").first.fill(address)
    page.get_by_role("button").click()
    secret = page.locator("code", has_text="whsec_")
    return secret.inner_text()


def one_click(links: str, form: str) -> int:
    """What a mail program does when its own button is pressed (RFC 8058): it opens no page."""
    address = links.partition("<")[2].partition(">")[0]
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return httpx.post(address, content=form, headers=kind, trust_env=False).status_code


def next_morning() -> datetime:
    """A moment after the next daily digests are due."""
    here = SystemClock().now().astimezone(PARIS)
    day = here.date() + timedelta(days=here.time() >= time(7))
    return datetime.combine(day, time(7, 0, 5), PARIS)
