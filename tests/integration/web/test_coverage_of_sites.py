"""What exploring the sites has shown, on the page of what is read and what is not, and to the doctor."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tests.fakes.desk_pages import Bureau
from tests.fakes.discovery import FOUND, HOME, NOW
from tests.integration.web.maintainer import Maintainer
from tests.integration.web.visitor import visiting
from watcher.core.site_proposals import Explored, State, Unwatchable

HOSTILE = "<img src=x onerror=alert(1)>"
SEEN = Explored(
    "15", NOW, NOW, 12, found=True, unwatchable=(Unwatchable(HOME, HOSTILE, "demande de se connecter"),)
)


def coverage(bureau: Bureau, root: str = "") -> str:
    with visiting(bureau.app()) as visitor:
        return Maintainer(visitor).look(f"{root}/coverage").text.replace("\N{NO-BREAK SPACE}", " ")


def test_what_waits_and_what_cannot_be_watched_is_said(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.discovery.conclude(SEEN, [FOUND], NOW)
    page = coverage(bureau)

    assert "rubrique des étrangers trouvée" in page
    assert "attendent une décision : 1" in page
    assert "demande de se connecter" in page
    assert HOSTILE not in page
    assert "wait for a decision: 1" in coverage(bureau, "/en")


def test_what_was_decided_waits_no_more(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.discovery.conclude(replace(SEEN, found=False), [FOUND], NOW)
    bureau.discovery.settle(FOUND.id, State.ACCEPTED, NOW, "ana")
    page = coverage(bureau)

    assert "rubrique des étrangers pas trouvée" in page
    assert "attendent une décision" not in page


def test_where_nothing_was_explored_nothing_is_said_of_it(tmp_path: Path) -> None:
    assert "exploration" not in coverage(Bureau(tmp_path))


def test_what_is_watched_of_each_kind_and_what_is_not_is_said(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.discovery.conclude(SEEN, [FOUND], NOW)
    page = coverage(bureau)

    assert "actualités&nbsp;(1)" in page
    assert "Ce que nous ne suivons pas, et pourquoi" in page
    assert "aucune page de rendez-vous suivie" in page
    assert "no booking page watched" in coverage(bureau, "/en")


def test_the_page_of_a_prefecture_says_what_was_found_there_and_what_is_not_watched(tmp_path: Path) -> None:
    bureau = Bureau(tmp_path)
    bureau.discovery.conclude(SEEN, [FOUND], NOW)
    with visiting(bureau.app()) as visitor:
        reader = Maintainer(visitor)
        page, english, other = (
            reader.look(path).text.replace("\N{NO-BREAK SPACE}", " ")
            for path in ("/prefectures/15", "/en/prefectures/15", "/prefectures/69")
        )

    assert FOUND.stanza.url in page
    assert "pas encore accepté :" in page
    assert "<li>rubrique des étrangers :" in page
    assert "demande de se connecter" in page
    assert HOSTILE not in page
    assert "not accepted yet:" in english
    assert "<li>foreigners&#39; section:" in english
    assert "site pas encore exploré" in other
    assert FOUND.stanza.url not in other
