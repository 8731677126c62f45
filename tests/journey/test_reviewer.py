"""What reviewers live through: from a préfecture's announcement to a rule that readers find, and back."""

from __future__ import annotations

import difflib
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.fakes.browser import browser, visiting, with_a_browser
from tests.fakes.letterbox import Letterbox, letterbox, link, words
from tests.fakes.processes import VIGIE, Served, environment, until
from watcher import filing_file
from watcher import rules as rule_file
from watcher.core.foresight import unforeseen
from watcher.replica import Replica
from watcher.settings import Settings

pytestmark = with_a_browser

CANTAL = 10  # the step of the replica's week at which the Cantal announces appointments online
TITLE = "prise de rendez-vous en ligne pour les motifs absents de l'ANEF"
BEFORE = datetime(2025, 9, 7, tzinfo=UTC)
ANNE = "anne@exemple.fr"
ADA, BEN = "ada", "ben"
PASSWORD = "un phare au bout du quai"
IN_TIME = 30  # seconds


@dataclass
class Desk:
    """A daemon that watches the Cantal and knows of its rules what one knew before the announcement."""

    folder: Path
    replica: Replica
    post: Letterbox
    told: dict[str, str] = field(default_factory=dict)

    @property
    def options(self) -> list[str]:
        return [
            *("--sources", str(self.folder / "sources.yaml")),
            *("--database", f"sqlite:///{self.folder}/vigie.db"),
            "--allow-private",
        ]

    def vigie(self, *arguments: str, typed: str = "") -> str:
        """What a command says."""
        done = subprocess.run(
            [VIGIE, *arguments, *self.options],
            capture_output=True,
            text=True,
            env=environment() | self.told,
            input=typed,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def begin(self) -> None:
        """Read what is there, and let two reviewers in."""
        sources = self.replica.sources_yaml(gap="10ms", every="2s", brake_after=1000)
        (self.folder / "sources.yaml").write_text(sources, encoding="utf-8")
        shipped, words = Settings().filing, rule_file.load(Settings().rules)
        rules = unforeseen(filing_file.load(shipped, words, BEFORE), BEFORE.date())
        (self.folder / "filing.yaml").write_text(filing_file.written(rules), encoding="utf-8")
        self.told = {
            "VIGIE_FILING": str(self.folder / "filing.yaml"),
            "VIGIE_SMTP": f"smtp://127.0.0.1:{self.post.port}",
            "VIGIE_MAIL_FROM": "Vigie préfectures <vigie@exemple.org>",
        }
        self.vigie("poll", "--all")
        for name in (ADA, BEN):
            self.vigie("user", "add", name, "--role", "reviewer", "--stdin", typed=f"{PASSWORD}\n")

    def serve(self) -> Served:
        served = Served("serve", self.options, self.folder / "serve.log", self.told)
        served.answers("/readyz")
        return served

    def rules(self) -> list[str]:
        return self.vigie("rules", "export").splitlines()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with Replica(hosts="paths", limiter=False, prefectures=["15"]) as replica, letterbox() as post:
        found = Desk(tmp_path, replica, post)
        found.begin()
        yield found


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def test_an_announcement_becomes_a_rule_and_is_taken_back(desk: Desk, chromium: Browser) -> None:
    with desk.serve() as vigie, visiting(chromium) as page:
        subscribe(page, vigie, desk.post)
        before = desk.rules()
        desk.replica.go(CANTAL)
        announced = until(lambda: announcement(vigie), IN_TIME, "the announcement in the verified feed")
        first = until(lambda: mails(desk.post, announced), IN_TIME, "the mail about it")[0]

        enter(page, vigie, ADA)
        accept(page)
        assert_rule(page, vigie, announced)
        assert_changed(before, desk.rules())
        verified = announcement(vigie)
        assert (verified["id"], verified["_vigie"]["reviewed"]) == (announced["id"], True)
        assert verified["date_modified"] > announced["date_modified"]

        with opened(chromium) as other:
            enter(other, vigie, BEN)
            retract_at_once(page, other, vigie, announced)
        assert desk.rules() == before
        answer = until(lambda: mails(desk.post, announced)[1:], IN_TIME, "the mail of the retraction")[0]
        assert answer["In-Reply-To"] == first["Message-ID"]
        assert "retiré" in answer["Subject"]
        assert "Ne vous y fiez pas" in words(answer)
        assert announcement(vigie)["_vigie"]["state"] == "retracted"
        assert vigie.terminate()[0] == 0
        assert "Traceback" not in vigie.said


@contextmanager
def opened(chromium: Browser) -> Iterator[Page]:
    """A visitor who may be refused something, which a browser calls an error."""
    context = chromium.new_context()
    try:
        yield context.new_page()
    finally:
        context.close()


def subscribe(page: Page, vigie: Served, post: Letterbox) -> None:
    page.goto(f"{vigie.address}/subscribe")
    page.get_by_role("textbox", name="adresse").fill(ANNE)
    page.get_by_role("checkbox", name="J'accepte").check()
    page.get_by_role("button", name="M'abonner").click()
    page.goto(link(post.waits_for(ANNE, 1), "confirm"))
    page.get_by_role("button", name="Confirmer").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("C'est confirmé")


def announcement(vigie: Served) -> Any:
    """What the verified feed says of it, if anything: of the first alert, not of what corrects it."""
    feed = vigie.answers("/feeds/prefecture/15.json?stream=verified").json()
    found = [one for one in feed["items"] if TITLE in one["title"] and not one["_vigie"]["corrects"]]
    return found[0] if found else None


def name_of(announced: Any) -> str:
    """The id of the alert."""
    return str(announced["id"]).rpartition("/")[2]


def mails(post: Letterbox, announced: Any) -> list[EmailMessage]:
    """Those about the announcement, or about the notice that refers to it."""
    return [mail for mail in post.of(ANNE) if f"/alerts/{name_of(announced)}" in words(mail)]


def enter(page: Page, vigie: Served, name: str) -> None:
    page.goto(f"{vigie.address}/desk")
    page.get_by_label("Nom").fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("À décider")


def accept(page: Page) -> None:
    """The announcement is in the queue; its proposal is accepted without a mouse."""
    keys = page.keyboard
    for _ in range(5):
        keys.press("j")
        if TITLE in page.locator(":focus").inner_text():
            break
    with page.expect_navigation():
        keys.press("o")
    expect(page.locator(".proposal")).to_have_count(1)
    expect(page.locator(".proposal")).to_contain_text("1er octobre 2025")
    for _ in range(100):
        keys.press("Tab")
        if page.locator(".proposal input:focus").count():
            break
    while page.locator(".proposal input:checked").get_attribute("value") != "accept":
        keys.press("ArrowDown")
    keys.press("v")
    with page.expect_navigation():
        keys.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 proposition acceptée")


def assert_rule(page: Page, vigie: Served, announced: Any) -> None:
    """Readers get the answer, with its evidence and what was true before."""
    for motif in ("hors_anef", "salarie"):
        page.goto(f"{vigie.address}/rules/15/{motif}")
        told = page.locator("main").inner_text().replace("\u00a0", " ")
        assert "Rendez-vous en ligne" in told
        assert "1er octobre 2025" in told
        assert page.locator(f"main a[href$='/alerts/{name_of(announced)}']").count()
    page.goto(f"{vigie.address}/rules/15/hors_anef")
    former = page.locator("section", has=page.locator("#avant"))
    expect(former).to_contain_text("jusqu'au 30 septembre 2025")


def assert_changed(before: Sequence[str], after: Sequence[str]) -> None:
    """By the end of one rule, and by the rule that takes its place."""
    changes = [one for one in difflib.ndiff(before, after) if not one.startswith("  ")]
    assert [one for one in changes if one.startswith("- ")] == []
    added = [one[2:].strip() for one in changes if one.startswith("+ ")]
    assert [one for one in added if one.startswith("until:")] == ['until: "2025-10-01"']
    assert [one for one in added if one.startswith("- id:")] == ['- id: "15-hors_anef-2025-10-01"']
    assert {"channel: rdv_en_ligne", 'since: "2025-10-01"'} <= set(added)


def retract_at_once(page: Page, other: Page, vigie: Served, announced: Any) -> None:
    """Two reviewers look at the same; whoever comes second is told, and changes nothing."""
    for one in (page, other):
        one.goto(f"{vigie.address}/desk/alerts/{name_of(announced)}")
    retract(page)
    other.locator("#d-note").fill("Je n'y crois pas")
    other.keyboard.press("Escape")
    retract(other)
    refused = other.get_by_role("alert")
    expect(refused).to_contain_text("Quelqu'un a décidé entre-temps")
    expect(refused).to_contain_text(ADA)
    assert other.locator("#d-note").input_value() == "Je n'y crois pas"


def retract(page: Page) -> None:
    """By keyboard: Return in the field that asks what becomes of the rules leads to the button."""
    for key in ("r", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("button:focus")).to_have_text("Retirer et prévenir")
    with page.expect_navigation():
        page.keyboard.press("Enter")
