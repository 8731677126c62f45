"""Pages as people find them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from lxml import html

from tests.fakes.alerts import SEEN, SENTENCE, alert, verdict
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.alerts import AlertState
from watcher.core.page import Outcome
from watcher.core.state import Problem, ProblemKind
from watcher.core.verdict import Reason, Route
from watcher.web.demo_view import DemoEvent

PAGES = [
    "/",
    "/alerts",
    "/alerts?q=rendez&prefecture=15",
    "/alerts?period=1",
    "/feeds",
    "/coverage",
    "/about/legal",
    "/about/privacy",
    "/about/accessibility",
    "/prefectures/69",
    "/prefectures/974",
    f"/alerts/{0:024x}",
    "/nowhere",
]


def text(page: str) -> str:
    return " ".join(html.fromstring(page).text_content().split())


@pytest.mark.parametrize("path", PAGES)
def test_every_page_can_be_used_by_everybody(visitor: Visitor, path: str) -> None:
    page = html.fromstring(visitor.ask(path).text)
    assert page.get("lang") == "fr"
    assert len(page.findall(".//h1")) == len(page.findall(".//main")) == 1
    assert page.find(".//header") is not None
    assert page.find(".//footer") is not None
    skip = page.find(".//body/a")
    assert page.get_element_by_id(skip.get("href")[1:]).tag == "main"
    assert "width=device-width" in page.find(".//meta[@name='viewport']").get("content")
    labels = [nav.get("aria-label") for nav in page.findall(".//nav")]
    assert all(labels)
    assert len(set(labels)) == len(labels)
    assert len({one.get("id") for one in page.xpath("//*[@id]")}) == len(page.xpath("//*[@id]"))
    assert all(page.get_element_by_id(name) is not None for name in page.xpath("//@aria-labelledby"))
    assert all(table.find("caption") is not None for table in page.findall(".//table"))
    assert all(cell.get("scope") for cell in page.findall(".//th"))
    levels = [int(heading.tag[1]) for heading in page.xpath("//h1|//h2|//h3|//h4")]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert all(link.text_content().strip() for link in page.findall(".//a"))


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_that_it_is_not_official(visitor: Visitor, path: str) -> None:
    assert "site non officiel" in text(visitor.ask(path).text).lower()


@pytest.mark.parametrize("path", PAGES)
def test_every_page_offers_its_feeds_to_programs(visitor: Visitor, path: str) -> None:
    page = html.fromstring(visitor.ask(path).text)
    links = page.xpath("//head/link[@rel='alternate'][@type]")
    assert {"application/atom+xml", "application/rss+xml", "application/feed+json", "text/calendar"} == {
        x.get("type") for x in links
    }
    assert all(visitor.ask(link.get("href")).status_code == 200 for link in links)


def test_titles_tell_pages_apart(visitor: Visitor) -> None:
    titles = [html.fromstring(visitor.ask(path).text).findtext(".//title") for path in PAGES]
    assert len(set(titles)) == len(PAGES)


@pytest.mark.parametrize("path", PAGES)
def test_nothing_on_a_page_comes_from_elsewhere_or_runs(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in answer.headers
    page = html.fromstring(answer.text)
    scripts = page.xpath("//script")
    assert ("script-src" in policy) == bool(scripts)
    assert {(one.get("src"), one.text) for one in scripts} <= {("/static/copy.js", None)}
    assert not page.xpath("//style|//iframe|//img|//@style|//@onclick")
    assert "form-action 'self'" in policy
    assert {(x.get("method"), x.get("action")) for x in page.findall(".//form")} <= {("get", "/alerts")}
    assert [x.get("href") for x in page.xpath("//link[@rel='stylesheet']")] == ["/static/vigie.css"]


def test_every_internal_link_leads_somewhere(visitor: Visitor) -> None:
    seen: set[str] = set()
    for path in PAGES:
        page = html.fromstring(visitor.ask(path).text)
        seen |= {href for href in page.xpath("//a/@href|//link/@href") if href.startswith("/")}
    assert len(seen) > 40
    refused = {"/en/alerts?period=1"}  # in the other language too
    assert [path for path in seen - refused if visitor.ask(path).status_code != 200] == []


def test_the_front_page_shows_the_newest_first_and_what_is_read(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask("/").text)
    assert [card.get("data-id")[-1] for card in page.xpath("//*[@data-id]")] == ["2", "1", "0"]
    assert "6 pages surveillées dans 4 préfectures" in text(html.tostring(page, encoding="unicode"))


def test_an_alert_shows_what_it_says_and_where_to_check(visitor: Visitor) -> None:
    answer = visitor.ask(f"/alerts/{0:024x}")
    page = html.fromstring(answer.text)
    told = text(answer.text)
    for expected in ("Cantal (15)", "à compter du 1er octobre 2025", "Rendez-vous en ligne", SENTENCE):
        assert expected in told
    assert page.xpath("//time[@datetime='2025-10-01']")
    official = page.xpath("//p[@class='official']/a")
    assert [link.get("href") for link in official] == [
        "https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous"
    ]
    assert "www.cantal.gouv.fr" in official[0].text_content()


def test_an_alert_is_told_in_one_line(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask(f"/alerts/{0:024x}").text)
    (line,) = page.xpath("//p[@class='line']")

    assert " ".join(line.text_content().split()) == (
        "Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF"
    )


def test_an_edit_shows_before_and_after_in_words(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask(f"/alerts/{1:024x}").text)
    (before,) = page.xpath("//div[@class='before']")
    (after,) = page.xpath("//div[@class='after']")
    assert before.findtext("h3") == "Avant"
    assert "par courrier" in before.find(".//del").text_content()
    assert "supprimé" in before.find(".//del").text_content()
    assert "en ligne" in after.find(".//ins").text_content()
    assert "ajouté" in after.find(".//ins").text_content()


@pytest.mark.parametrize(
    ("state", "word"),
    [
        (AlertState.UNVERIFIED, "Non vérifié"),
        (AlertState.CORRECTED, "Rectifié depuis"),
        (AlertState.RETRACTED, "Retiré"),
    ],
)
def test_doubt_is_said_in_words(visitor: Visitor, store: MemoryStore, state: AlertState, word: str) -> None:
    store.held[0] = replace(store.held[0], state=state)
    for path in ("/", f"/alerts/{0:024x}", "/prefectures/15"):
        assert word in text(visitor.ask(path).text)


def test_a_correction_leads_to_what_it_corrects(visitor: Visitor, store: MemoryStore) -> None:
    store.held.append(alert(7, corrects=store.held[0].id))
    page = html.fromstring(visitor.ask(f"/alerts/{7:024x}").text)
    assert page.xpath(f"//a[@href='/alerts/{0:024x}']")


def test_what_is_not_read_is_said(visitor: Visitor, store: MemoryStore) -> None:
    state = store.known["15-sejour"]
    store.known["15-sejour"] = replace(state, outcome=Outcome.BLOCKED, last_read_at=SEEN - timedelta(days=3))
    store.known["69-sejour"] = replace(state, outcome=None, last_read_at=None)
    store.troubles.append(Problem("15-sejour", ProblemKind.BLOCKED, SEEN, "HTTP 403"))
    store.troubles.append(Problem("platform:ide", ProblemKind.PLATFORM, SEEN, "14 hôtes se taisent"))
    coverage = text(visitor.ask("/coverage").text)
    assert "1 sur 2" in coverage
    assert "Accès refusé par le site depuis le 10 septembre 2025" in coverage
    assert "2 n'ont pas été lues dans les dernières 24 heures" in coverage
    for path in ("/", "/coverage"):
        assert "14 hôtes se taisent" in text(visitor.ask(path).text)
    assert "dernier essai : accès refusé par le site" in text(visitor.ask("/prefectures/15").text)
    assert "jamais lue" in text(visitor.ask("/prefectures/69").text)


def test_what_goes_wrong_on_our_side_is_said_too(visitor: Visitor, store: MemoryStore) -> None:
    store.troubles += [
        Problem("15-sejour", ProblemKind.SILENT, SEEN, "rien de nouveau depuis le 3 mars"),
        Problem("watch:tick", ProblemKind.STUCK, SEEN, "les relevés ne démarrent plus"),
        Problem("sources.yaml", ProblemKind.LEFT_OUT, SEEN, "2 pages ne sont plus suivies"),
        Problem("sender:mail", ProblemKind.SENDER, SEEN, "535 5.7.8 for vigie@exemple.org"),
        Problem("outbox", ProblemKind.UNTOLD, SEEN, "3 abonnements"),
    ]
    coverage = text(visitor.ask("/coverage").text)
    assert "Silence inhabituel depuis le 10 septembre 2025" in coverage
    for path in ("/", "/coverage"):
        page = text(visitor.ask(path).text)
        assert "les relevés ne démarrent plus" in page
        assert "2 pages ne sont plus suivies" in page
    assert "Envois en panne depuis le 10 septembre 2025" in coverage
    assert "Alertes que personne n'enverra depuis le" in coverage
    assert "les flux et ce site, eux, sont à jour" in coverage
    assert "535" not in coverage
    assert "Trouble with sending" in text(visitor.ask("/en/coverage").text)


def test_a_watch_that_has_not_begun_says_so() -> None:
    with visiting(site(MemoryStore())) as visitor:
        assert "Aucune alerte pour l'instant" in text(visitor.ask("/").text)
        assert "6 n'ont pas été lues" in text(visitor.ask("/coverage").text)


@pytest.mark.parametrize(
    "path", ["/nowhere", "/alerts/none", "/prefectures/999", "/demo", "/docs", "/openapi.json"]
)
def test_a_page_that_does_not_exist_says_so_in_french(visitor: Visitor, path: str) -> None:
    answer = visitor.ask(path)
    assert answer.status_code == 404
    assert (
        "n'existe pas" in answer.text or "n&#39;existe pas" in answer.text or "n&#39;est pas" in answer.text
    )


def test_a_method_that_is_not_allowed_is_refused(visitor: Visitor) -> None:
    answer = visitor.ask("/", "POST")
    assert answer.status_code == 405
    assert "GET" in answer.headers["allow"]


def test_a_fault_of_ours_is_a_french_page_with_the_same_protection(store: MemoryStore) -> None:
    store.fails = True
    with visiting(site(store)) as visitor:
        answer = visitor.ask("/")
        assert answer.status_code == 500
        assert "Une erreur est survenue de notre côté" in answer.text
        assert "the database is away" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_colours_of_words_stand_out_from_what_is_behind_them(visitor: Visitor) -> None:
    """WCAG 2.1 AA asks for 4.5; both themes."""
    style = visitor.ask("/static/vigie.css").text
    light, dark = re.findall(r":root \{(.*?)\}", style, re.DOTALL)
    day = dict(re.findall(r"--([\w-]+): (#\w+)", light))
    night = {**day, **dict(re.findall(r"--([\w-]+): (#\w+)", dark))}
    pairs = [("ink", "paper"), ("ink", "sheet"), ("soft", "paper"), ("soft", "sheet"), ("link", "paper")]
    pairs += [
        ("link", "sheet"),
        ("deep-ink", "deep"),
        ("beam", "deep"),
        ("warn", "warn-bg"),
        ("warn", "sheet"),
    ]
    pairs += [("bad", "bad-bg"), ("bad", "sheet"), ("del", "del-bg"), ("ins", "ins-bg")]
    shown = [(theme[front], theme[back]) for theme in (day, night) for front, back in pairs]
    shown += [(front, back) for back, front in re.findall(r"--b: (#\w+); --c: (#\w+)", style)]
    assert len(shown) > 35
    assert [pair for pair in shown if contrast(*pair) < 4.5] == []


def contrast(one: str, other: str) -> float:
    """https://www.w3.org/TR/WCAG21/#dfn-contrast-ratio"""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = [int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4)]
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@dataclass
class Week:
    silent: bool = False
    step: int = 2
    steps: int = 9
    time: datetime = SEEN
    events: tuple[DemoEvent, ...] = (DemoEvent(SEEN, "Le Cantal publie une actualité"),)


@pytest.fixture
def week() -> Week:
    return Week()


@pytest.fixture
def spectator(store: MemoryStore, week: Week) -> Iterator[Visitor]:
    with visiting(site(store, demo=week)) as visitor:
        yield visitor


def test_the_demonstration_shows_its_clock_its_script_and_the_alerts(spectator: Visitor) -> None:
    told = text(spectator.ask("/demo").text)
    assert "mercredi 10 septembre 2025 9 h 12" in told
    assert "Étape 2 sur 9" in told
    assert "Le Cantal publie une actualité" in told
    assert "Prise de rendez-vous en ligne" in told


def test_an_alert_appears_in_the_live_part_as_soon_as_it_is_there(
    spectator: Visitor, store: MemoryStore
) -> None:
    assert "data-id" in spectator.ask("/demo/live").text
    store.held.append(alert(8))
    assert f'data-id="{8:024x}"' in spectator.ask("/demo/live").text


def test_the_demonstration_goes_on_without_scripts_until_its_end(spectator: Visitor, week: Week) -> None:
    refresh = '<noscript><meta http-equiv="refresh" content="2"></noscript>'
    assert refresh in spectator.ask("/demo").text
    week.step = 9
    assert refresh not in spectator.ask("/demo").text
    assert "Semaine terminée" in spectator.ask("/demo/live").text


def test_only_the_demonstration_runs_a_script_and_only_ours(spectator: Visitor) -> None:
    assert (
        "script-src 'self'; connect-src 'self'" in spectator.ask("/demo").headers["content-security-policy"]
    )
    assert "script" not in spectator.ask("/").headers["content-security-policy"]
    page = html.fromstring(spectator.ask("/demo").text)
    assert [(one.get("src"), one.text) for one in page.findall(".//script")] == [("/static/demo.js", None)]
    script = spectator.ask("/static/demo.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"


def test_an_address_can_be_copied_with_one_click_or_selected_without_scripts(visitor: Visitor) -> None:
    page = html.fromstring(visitor.ask("/prefectures/15").text)
    copied = page.xpath("//main//*[@data-copy]")
    assert {one.get("href") or one.text for one in copied} == {
        "/feeds/prefecture/15.atom",
        "https://vigie.example/feeds/prefecture/15.ics",
    }
    assert all(one.get("data-copy").endswith("Cantal (15)") for one in copied)
    assert "user-select: all" in visitor.ask("/static/vigie.css").text


def test_an_alert_says_why_it_was_given_and_how_sure_we_are(visitor: Visitor, store: MemoryStore) -> None:
    reasons = (Reason("fee", "timbre fiscal"), Reason("effective date", "1er mai"), Reason("fee", "25 €"))
    found = verdict(categories=("fee",), reasons=reasons, confidence=0.55, route=Route.REVIEW)
    store.held[0] = replace(store.held[0], verdict=found, state=AlertState.UNVERIFIED)
    page = visitor.ask(f"/alerts/{0:024x}").text

    assert [
        " ".join(one.text_content().split())
        for one in html.fromstring(page).xpath("//ul[@class='reasons']/li")
    ] == [
        "Taxes et timbres : timbre fiscal, 25 €",
        "date d'effet : 1er mai",
    ]
    assert "moyenne (55 %)" in text(page)
    assert "attend la relecture d'une personne" in text(page)


def test_a_corrected_alert_leads_to_what_corrects_it(visitor: Visitor, store: MemoryStore) -> None:
    store.held.append(alert(7, corrects=store.held[0].id, title="Nouvelle date"))
    page = html.fromstring(visitor.ask(f"/alerts/{0:024x}").text)
    assert page.xpath(f"//*[@role='note']//a[@href='/alerts/{7:024x}']/bdi/text()") == ["Nouvelle date"]


def test_the_same_text_in_other_prefectures_is_named_once_for_each(
    visitor: Visitor, store: MemoryStore
) -> None:
    store.held += [
        alert(n, group="g", prefecture=code) for n, code in ((7, "15"), (8, "69"), (9, "69"), (10, "2A"))
    ]
    page = html.fromstring(visitor.ask(f"/alerts/{7:024x}").text)
    links = page.xpath("//section[@aria-labelledby='ailleurs']//a")
    assert [(one.text_content(), one.get("href")[-1]) for one in links] == [
        ("Corse-du-Sud (2A)", "a"),
        ("Rhône (69)", "9"),
    ]


def test_a_prefecture_shows_its_alerts_month_by_month(visitor: Visitor, store: MemoryStore) -> None:
    store.held.append(alert(7, detected_at=datetime(2025, 7, 31, 22, 30, tzinfo=UTC)))
    page = html.fromstring(visitor.ask("/prefectures/15").text)
    headings = [" ".join(one.text_content().split()) for one in page.xpath("//section[@class='month']/h3")]
    assert headings == ["septembre 2025 (2 alertes)", "août 2025 (1 alerte)"]


def test_without_a_demonstration_there_is_no_script_of_it(visitor: Visitor) -> None:
    assert visitor.ask("/static/demo.js").status_code == 404
    assert "/demo" not in visitor.ask("/").text
