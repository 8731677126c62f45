"""Where to file, as people read it: one answer, all of them, and what moved to ANEF."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from lxml import html as markup

from tests.fakes.alerts import BASE, StillClock, alert, verdict
from tests.fakes.held_rules import BOOKING, CANTAL, EMPLOYEE, STUDENT, HeldRules, rule, told
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import Visitor, site, visiting
from watcher.core.verdict import PartialDate


@pytest.fixture
def rules() -> HeldRules:
    return HeldRules()


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def reader(store: MemoryStore, rules: HeldRules, clock: StillClock) -> Iterator[Visitor]:
    with visiting(site(store, rules=rules, clock=clock)) as visitor:
        yield visitor


def page(reader: Visitor, path: str) -> markup.HtmlElement:
    answer = reader.ask(path)
    assert answer.status_code == 200, path
    return markup.fromstring(answer.text)


def words(element: markup.HtmlElement) -> str:
    return " ".join(unescape(element.text_content()).replace("\xa0", " ").split())


def section(page: markup.HtmlElement, name: str) -> str:
    return words(page.find(f".//section[@aria-labelledby='{name}']"))


def headline(reader: Visitor, path: str) -> str:
    return words(page(reader, path).find_class("big")[0])


def test_a_choice_of_prefecture_and_ground_leads_to_an_address_of_its_own(reader: Visitor) -> None:
    asked = "prefecture=15&motif=salarie&operation=renouvellement&regime="
    answer = reader.ask(f"/rules?{asked}")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/rules/15/salarie?operation=renouvellement"
    assert reader.ask(f"/en/rules?{asked}").headers["location"].startswith("/en/rules/15/salarie")


def test_the_answer_comes_first_with_its_date_source_check_and_official_page(reader: Visitor) -> None:
    shown = page(reader, "/rules/15/salarie")
    first = shown.find(".//article")[1]
    assert words(first[0]) == "Rendez-vous en ligne"
    assert [words(one) for one in first.findall(".//dd")] == [
        "à compter du 1er septembre 2025",
        "Cantal (15)",
        "9 septembre 2025",
    ]
    assert BOOKING in shown.xpath("//div[contains(@class,'says')]//a/@href")
    assert "Un rendez-vous se prend en ligne." in section(shown, "preuve")
    assert f"/alerts/{0:024x}" in shown.xpath("//section[@aria-labelledby='preuve']//a/@href")


def test_what_held_before_is_told_with_its_last_day(reader: Visitor) -> None:
    before = section(page(reader, "/rules/15/salarie"), "avant")
    assert "À envoyer par courrier postal" in before
    assert "jusqu'au 31 août 2025" in before


def test_what_nobody_knows_is_said_to_be_unknown(reader: Visitor, rules: HeldRules) -> None:
    rules.hold(CANTAL)
    shown = page(reader, "/rules/69/etudiant")
    assert words(shown.find_class("big")[0]) == "Nous ne le savons pas"
    assert "https://www.cantal.gouv.fr" not in str(shown.xpath("//div[contains(@class,'says')]//a/@href"))
    assert "Le site de la préfecture" in section(shown, "chercher")
    assert headline(reader, "/en/rules/69/etudiant") == "We do not know"


def test_a_national_rule_on_anef_leads_to_anef(reader: Visitor) -> None:
    assert headline(reader, "/rules/974/etudiant") == "À déposer sur l'ANEF"
    assert headline(reader, "/en/rules/974/etudiant") == "File online, on ANEF"


def test_a_kind_of_application_has_its_own_answer(reader: Visitor) -> None:
    asked = "/rules/69/salarie?operation=renouvellement"
    assert headline(reader, "/rules/69/salarie") == "Auprès de votre préfecture, pas sur l'ANEF"
    assert headline(reader, asked) == "À envoyer par courrier postal"
    assert "Renouvellement" in words(page(reader, "/rules/69/salarie").find_class("says")[0])


def test_a_part_of_a_prefecture_has_its_own_answer(reader: Visitor, rules: HeldRules) -> None:
    rules.hold(EMPLOYEE, rule("salarie", "email", "69-villefranche"))
    sites = page(reader, "/rules/69/salarie").xpath("//section[@aria-labelledby='sites']//a")
    assert [words(link) for link in sites] == ["Rhône (69), Villefranche"]
    assert headline(reader, sites[0].get("href")) == "À demander par courriel"


def test_what_contradicts_an_answer_and_what_will_change_are_told(reader: Visitor, rules: HeldRules) -> None:
    later = rule("salarie", "anef", id="later", valid_from=PartialDate("2026-03-01"))
    rules.hold(
        EMPLOYEE, CANTAL, later, rule("salarie", "email", "15", id="other", valid_from=CANTAL.valid_from)
    )
    shown = page(reader, "/rules/15/salarie")
    said = {
        words(shown.find_class("big")[0]),
        *map(words, shown.xpath("//*[@aria-labelledby='contredit']//li//span")),
    }
    assert {"Rendez-vous en ligne", "À demander par courriel"} <= said
    assert "À déposer sur l'ANEF à compter du 1er mars 2026" in section(shown, "bientot")


def test_a_rule_that_nobody_checked_for_long_says_so(reader: Visitor, clock: StillClock) -> None:
    assert "Aucune lecture ne l'a confirmé" not in reader.ask("/rules/15/salarie").text.replace("\xa0", " ")
    clock.time += timedelta(days=200)
    assert "depuis 201 jours" in words(page(reader, "/rules/15/salarie").find_class("says")[0])


@pytest.mark.parametrize(
    "path",
    ["/rules/15/rien", "/rules/99/salarie", "/rules/15/salarie?operation=x", "/rules/15/salarie?part=69-x"],
)
def test_what_has_no_name_has_no_answer(reader: Visitor, path: str) -> None:
    assert reader.ask(path).status_code == 404


@pytest.mark.parametrize("path", ["/rules?prefecture=99", "/rules?motif=<b>", "/rules/matrix?motif=x"])
def test_a_choice_that_does_not_exist_is_refused_in_words(reader: Visitor, path: str) -> None:
    answer = reader.ask(path)
    assert answer.status_code == 422
    assert "Ce choix n'existe pas" in unescape(answer.text)
    assert "<b>" not in answer.text


def test_all_answers_of_a_prefecture_or_of_a_ground_are_listed(reader: Visitor) -> None:
    place = [words(one) for one in page(reader, "/rules?prefecture=15").find_class("answers")[0]]
    assert sorted(place) == ["Rendez-vous en ligne Salarié", "À déposer sur l'ANEF Étudiant"]
    ground = [words(one) for one in page(reader, "/rules?motif=salarie").find_class("answers")[0]]
    assert ground == [
        "Auprès de votre préfecture, pas sur l'ANEF Corse-du-Sud (2A) La Réunion (974)",
        "Rendez-vous en ligne Cantal (15)",
        "À envoyer par courrier postal, selon le cas Rhône (69)",
    ]


def test_the_table_has_a_caption_headings_and_a_word_in_each_cell(reader: Visitor) -> None:
    table = page(reader, "/rules/matrix").find(".//table")
    assert "10 septembre 2025" in words(table.find("caption"))
    assert {one.get("scope") for one in table.xpath(".//thead//th")} == {"col"}
    assert {one.get("scope") for one in table.xpath(".//tbody//th")} == {"row"}
    lines = {words(row[0]): [words(cell) for cell in row[1:]] for row in table.xpath(".//tbody/tr")}
    assert lines == {
        "Cantal (15)": ["RDV", "ANEF"],
        "Corse-du-Sud (2A)": ["Local", "ANEF"],
        "Rhône (69)": ["Courrier, selon le cas", "ANEF"],
        "La Réunion (974)": ["Local", "ANEF"],
    }
    for address in table.xpath(".//a/@href"):
        assert reader.ask(address).status_code == 200


def test_filters_narrow_the_table_its_list_and_its_downloads(reader: Visitor) -> None:
    shown = page(reader, "/rules/matrix?motif=salarie&channel=rdv_en_ligne")
    assert [words(one) for one in shown.xpath("//tbody//th")] == ["Cantal (15)"]
    downloads = [one for one in shown.xpath("//a/@href") if "matrix." in one]
    assert len(downloads) == 2
    lines = list(csv.DictReader(io.StringIO(reader.ask(downloads[0]).text.removeprefix("\ufeff"))))
    assert [(one["prefecture"], one["channels"], one["page"]) for one in lines] == [
        ("15", "rdv_en_ligne", f"{BASE}/rules/15/salarie")
    ]
    assert reader.ask(downloads[1]).json() == {"day": "2025-09-10", "rules": lines}


def test_no_text_of_a_rule_runs_in_a_spreadsheet_or_a_page(reader: Visitor, rules: HeldRules) -> None:
    hostile = "=cmd|' /C calc'!A0 <script>alert(1)</script>"
    bad = rule(
        "salarie", "email", "15", address="javascript:alert(1)", evidence=told(hostile, "data:text/html,x")
    )
    rules.hold(bad, rule("etudiant", "anef", "15", note_fr=hostile, note_en=hostile))
    lines = csv.DictReader(io.StringIO(reader.ask("/rules/matrix.csv").text.removeprefix("\ufeff")))
    assert {one["sentence"][:5] for one in lines} == {"", "'=cmd"}
    for path in ("/rules/15/salarie", "/rules/15/etudiant", "/rules/anef", "/en/rules/15/salarie"):
        text = reader.ask(path).text
        assert "<script" not in text, path
        assert 'href="javascript' not in text
        assert 'href="data:' not in text


def test_who_moved_to_anef_and_when_the_newest_first(reader: Visitor, rules: HeldRules) -> None:
    local = rule("salarie", "anef", "15", valid_from=PartialDate("2025-06"))
    rules.hold(STUDENT, EMPLOYEE, local, rule("hors_anef", "anef", "69"))
    shown = page(reader, "/rules/anef")
    assert [words(one) for one in shown.xpath("//main//h2")][:3] == ["2025", "2021", "Date non trouvée"]
    moves = [words(one) for one in shown.find_class("moves")]
    assert moves[0] == "Salarié à compter de juin 2025, Cantal (15)"
    assert moves[1].startswith("Étudiant à compter du 1er mai 2021, dans toute la France")


def test_a_changed_rule_is_another_answer_at_once(reader: Visitor, rules: HeldRules) -> None:
    tag = reader.ask("/rules/matrix").headers["etag"]
    rules.hold(STUDENT)
    assert reader.ask("/rules/matrix", if_none_match=tag).status_code == 200
    assert "Inconnu" in words(page(reader, "/rules/matrix").find(".//tbody"))


def test_the_site_leads_to_the_rules_from_everywhere(reader: Visitor, store: MemoryStore) -> None:
    store.held.append(alert(7, verdict=verdict(motifs=("salarie", "tous"))))
    assert "/rules" in page(reader, "/").xpath("//nav//a/@href")
    place = page(reader, "/prefectures/15")
    assert "À déposer sur l'ANEF 1 motif" in section(place, "regles")
    touched = page(reader, f"/alerts/{7:024x}").xpath("//section[@aria-labelledby='regles']//a/@href")
    assert touched == ["/rules/15/salarie", "/rules?prefecture=15"]


def test_a_site_without_rules_has_no_such_pages(visitor: Visitor) -> None:
    for path in ("/rules", "/rules/matrix", "/rules/15/salarie"):
        assert visitor.ask(path).status_code == 404
    assert "/rules" not in visitor.ask("/").text
    assert visitor.ask("/prefectures/15").status_code == visitor.ask(f"/alerts/{0:024x}").status_code == 200


@pytest.mark.parametrize("path", ["/rules", "/rules/15/salarie", "/rules/matrix", "/rules/anef"])
def test_caches_keep_the_rules_and_not_what_somebody_asks_of_them(reader: Visitor, path: str) -> None:
    whole, asked = reader.ask(path), reader.ask(f"{path}?operation=renouvellement")

    assert "s-maxage=60" in whole.headers["cache-control"]
    assert (asked.status_code, asked.headers["cache-control"]) == (200, "no-cache")
    assert reader.ask(path, if_none_match=whole.headers["etag"]).status_code == 304
    assert "set-cookie" not in whole.headers
