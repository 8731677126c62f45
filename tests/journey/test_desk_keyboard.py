"""A reviewer at the desk with a browser and a keyboard, and nothing else."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page

from tests.fakes.browser import browser, visiting, with_a_browser
from tests.fakes.desk_pages import Bureau, flagged
from tests.fakes.filing import rule
from watcher.core.alerts import AlertState
from watcher.core.decisions import Action

pytestmark = with_a_browser

MANY, FEW = 20, 2
PLACES = ("15", "2A", "69")


@contextmanager
def serving(bureau: Bureau, listener: socket.socket) -> Iterator[None]:
    server = uvicorn.Server(uvicorn.Config(bureau.app(), log_level="warning"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def opened() -> Iterator[Browser]:
    with browser() as opened:
        yield opened


def announce(bureau: Bureau, numbers: Iterable[int]) -> None:
    """Flagged changes, each of another text."""
    for number in numbers:
        code = PLACES[number % len(PLACES)]
        title = f"Annonce {number} aux salariés"
        bureau.tell(flagged(number, title=title, prefecture=code, source=f"{code}-actualites"))


@pytest.fixture
def bureau(tmp_path: Path) -> Iterator[Bureau]:
    """A desk with a few flagged changes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        bureau = Bureau(tmp_path, f"http://127.0.0.1:{listener.getsockname()[1]}")
        bureau.bring(rule("salarie", "courrier", valid_from="2024-01-01"))
        announce(bureau, range(FEW))
        with serving(bureau, listener):
            yield bureau
    bureau.engine.dispose()


@contextmanager
def seated(opened: Browser, bureau: Bureau, name: str = "ana", **told: object) -> Iterator[Page]:
    """Somebody who has logged in, before the queue."""
    token = bureau.welcome(name)
    with visiting(opened, **told) as page:
        page.context.add_cookies([{"name": "vigie-desk", "value": token, "url": bureau.base}])
        page.goto(f"{bureau.base}/desk")
        yield page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def focused(page: Page) -> str:
    """The words of what has the focus."""
    told: str = page.evaluate("document.activeElement.innerText || document.activeElement.name || ''")
    return told


def states(bureau: Bureau) -> list[AlertState]:
    return [one.state for one in bureau.store.alerts() if one.corrects is None]


def test_twenty_changes_are_verified_with_two_keys_each(opened: Browser, bureau: Bureau) -> None:
    announce(bureau, range(FEW, MANY))
    with seated(opened, bureau) as page:
        press(page, "j")
        with page.expect_navigation():
            press(page, "o")
        for _ in range(MANY):
            press(page, "v")
            assert focused(page).startswith("Vérifier")
            with page.expect_navigation():
                press(page, "Enter")
        assert "Rien n'attend de décision" in page.inner_text("main").replace("\u00a0", " ")

    assert states(bureau) == [AlertState.VERIFIED] * MANY
    assert bureau.desk.queue() == ()


def test_each_kind_of_decision_is_reached_by_its_key(opened: Browser, bureau: Bureau) -> None:
    with seated(opened, bureau) as page:
        page.goto(f"{bureau.base}/desk/alerts/{flagged(0).id}")
        press(page, "c")
        assert page.evaluate("document.activeElement.id") == "d-category-0"
        press(page, "f", "Escape")  # typed into the field, which Escape leaves
        press(page, "r")
        assert focused(page) == "Retirer et prévenir"
        press(page, "Escape", "m")
        assert page.evaluate("document.activeElement.id") == "d-words"
        press(page, "v", "q", "Escape")
        assert page.input_value("#d-words").endswith("vq")
        press(page, "d")
        assert focused(page).startswith("Demander un second avis")
        press(page, "a")
        assert focused(page).startswith("Régler seulement")
        with page.expect_navigation():
            press(page, "j")
        assert "Annonce 1 " in page.inner_text("h1")
        with page.expect_navigation():
            press(page, "k")
        with page.expect_navigation():
            press(page, "s")
        assert page.inner_text("h1") == "Page conservée, en texte"
        with page.expect_navigation():
            press(page, "s")
        with page.expect_navigation():
            press(page, "h")
        assert page.inner_text("h1") == "Historique"
        with page.expect_navigation():
            press(page, "q")
        assert page.inner_text("h1") == "À décider"


def test_a_wrong_decision_is_undone_with_two_keys(opened: Browser, bureau: Bureau) -> None:
    with seated(opened, bureau) as page:
        page.goto(f"{bureau.base}/desk/alerts/{flagged(0).id}")
        press(page, "r")
        with page.expect_navigation():
            press(page, "Enter")
        press(page, "u")
        assert focused(page).startswith("Annuler")
        with page.expect_navigation():
            press(page, "Enter")
        assert "La décision est annulée" in page.inner_text("[data-done]").replace("\u00a0", " ")

    assert [one.action for one in bureau.desk.decisions(limit=2)] == [Action.UNDO, Action.RETRACT]


def test_help_opens_and_closes_and_shortcuts_can_be_switched_off(opened: Browser, bureau: Bureau) -> None:
    with seated(opened, bureau) as page:
        press(page, "?")
        assert page.is_visible("#touches")
        press(page, "Escape")
        assert page.is_hidden("#touches")
        page.uncheck("[data-keys-on]")
        page.reload()
        press(page, "h", "?")
        assert page.is_hidden("#touches")
        assert page.inner_text("h1") == "À décider"


def test_return_in_a_field_decides_nothing(opened: Browser, bureau: Bureau) -> None:
    with seated(opened, bureau) as page:
        page.goto(f"{bureau.base}/desk/alerts/{flagged(0).id}")
        press(page, "c")
        page.focus("#d-from")
        press(page, "Enter")
        assert focused(page) == "Corriger et prévenir"

    assert states(bureau) == [AlertState.UNVERIFIED] * FEW


def test_without_scripts_everything_is_done_with_links_and_buttons(opened: Browser, bureau: Bureau) -> None:
    with seated(opened, bureau, java_script_enabled=False, viewport={"width": 375, "height": 800}) as page:
        page.click("ol.queue a")
        page.click("summary:has-text('Corriger')")
        page.select_option("#d-category-0", "fee")
        page.fill("#d-from", "2025-11-01")
        page.click("button[value=correct]")
        assert "C'est corrigé" in page.inner_text("[role=status]")
        page.click("button:has-text('Annuler')")
        assert "La décision est annulée" in page.inner_text("[role=status]")

    assert [one.action for one in bureau.desk.decisions(limit=2)] == [Action.UNDO, Action.CORRECT]


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_page_scrolls_sideways_and_targets_are_large_enough(
    opened: Browser, bureau: Bureau, width: int
) -> None:
    one = f"/desk/alerts/{flagged(0).id}"
    with seated(opened, bureau, viewport={"width": width, "height": 800}) as page:
        for path in (
            "/desk",
            one,
            f"{one}/page",
            "/desk/history",
            "/desk/problems",
            "/desk/mutes",
            "/desk/rules",
        ):
            page.goto(bureau.base + path)
            page.evaluate("document.querySelectorAll('details').forEach((fold) => (fold.open = true))")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            small = page.evaluate(
                "[...document.querySelectorAll('.desk button:not(.vh), .desk select, .desk summary, .deskbar a')]"
                ".filter((one) => one.offsetHeight && one.offsetHeight < 43).map((one) => one.outerHTML)"
            )
            assert small == [], path
