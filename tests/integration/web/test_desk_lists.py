"""The desk's lists: the trail, problems, mutes and rules that nobody confirmed for long."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from tests.fakes.alerts import SEEN
from tests.fakes.desk_pages import Office, flagged, office
from tests.fakes.filing import rule
from tests.integration.web.deskwork import ONE, decide, state, text
from watcher.core.alerts import AlertState
from watcher.core.decisions import Action
from watcher.core.state import Problem, ProblemKind
from watcher.core.users import Role
from watcher.web.desk_lists import LINES


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as there:
        there.bureau.tell(ONE)
        yield there


def test_the_trail_tells_who_decided_what_and_why(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "retract", note="annoncé par erreur")

    shown = text(ana.ask("/desk/history"))

    assert re.search(r"Retiré\s+ana", shown)
    assert "annoncé par erreur" in shown
    assert "créé, rôle : relecture" in shown


def test_the_trail_is_filtered_by_decision_by_person_and_by_alert(there: Office) -> None:
    ana, bea = there.person("ana"), there.person("bea")
    decide(there, ana, "ask")
    decide(there, bea, "verify")

    def lines(query: str) -> list[str]:
        return re.findall(r'id="d-(\d+)"', ana.ask(f"/desk/history?{query}").text)

    assert len(lines("action=verify")) == 1
    assert len(lines("by=bea")) == 1
    assert len(lines(f"alert={ONE.id}")) == 2
    assert lines("by=nobody") == []
    assert len(lines("action=weather")) == len(lines(""))


def test_a_long_trail_has_pages(there: Office) -> None:
    ana = there.person("ana")
    for _ in range(LINES + 5):
        there.bureau.review.look_again("15-actualites", "ana")

    first = ana.ask("/desk/history?action=look").text
    (older,) = re.findall(r'href="([^"]+)" rel="next"', first)
    second = ana.ask(older.replace("&amp;", "&")).text

    assert first.count('<li id="d-') == LINES
    assert second.count('<li id="d-') == 5
    assert 'rel="next"' not in second


def test_a_decision_is_undone_from_the_trail_and_stays_in_it(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "verify")
    (number,) = re.findall(r'name="numbers" value="(\d+)"', ana.ask("/desk/history").text)

    ana.send("/desk/undo", [("numbers", number)])

    shown = ana.ask("/desk/history").text
    assert state(there) is AlertState.UNVERIFIED
    assert f'class="gone" id="d-{number}"' in shown
    assert 'name="numbers"' not in shown


def test_problems_say_since_when_what_shows_it_and_what_to_do(there: Office) -> None:
    there.bureau.open_problem(
        Problem("15-actualites", ProblemKind.UNREADABLE, SEEN, "aucune carte trouvée", needs_human=True),
        Problem("platform:ide", ProblemKind.PLATFORM, SEEN, "12 pages sur 40"),
    )

    shown = text(there.person().ask("/desk/problems"))

    assert "2 problèmes ouverts : 1 demande quelqu'un" in shown
    assert "10 septembre 2025 à 9 h 12 (5 h)" in shown
    assert "aucune carte trouvée" in shown
    assert "12 pages sur 40" in shown
    assert "sa mise en page a sans doute changé" in shown


@pytest.mark.parametrize("language", ["", "/en"])
def test_every_kind_of_problem_has_something_to_do(there: Office, language: str) -> None:
    for number, kind in enumerate(ProblemKind):
        there.bureau.open_problem(Problem(f"subject:{number}", kind, SEEN, "parce que"))

    page = there.person().ask(f"{language}/desk/problems")

    assert page.status_code == 200
    assert page.text.count('class="todo"') == len(ProblemKind)


def test_a_page_is_looked_at_again_now(there: Office) -> None:
    there.bureau.open_problem(Problem("15-actualites", ProblemKind.UNREACHABLE, SEEN, "délai dépassé"))
    later = replace(there.bureau.store.states()["2A-sejour"], next_poll_at=SEEN + timedelta(days=9))
    assert later.next_poll_at > there.bureau.clock.now()
    ana = there.person("ana")

    answer = ana.send("/desk/problems", [("source", "15-actualites")])

    assert answer.headers["location"] == "/desk/problems?looked=15-actualites"
    assert "15-actualites" in there.bureau.store.due(there.bureau.clock.now())
    assert "sera relue dès que possible" in text(ana.ask(answer.headers["location"]))
    assert [one.subject for one in there.bureau.review.decisions(action=Action.LOOK)] == ["15-actualites"]


def test_only_pages_that_are_watched_are_looked_at_and_only_by_reviewers(there: Office) -> None:
    assert there.person("ana").send("/desk/problems", [("source", "nowhere")]).status_code == 404
    reader = there.person("lea", Role.READER)
    assert reader.send("/desk/problems", [("source", "15-actualites")]).status_code == 403
    assert there.bureau.review.decisions(action=Action.LOOK) == []


def test_no_problem_is_said_to_be_none(there: Office) -> None:
    assert "Aucun problème ouvert" in text(there.person().ask("/desk/problems"))


def test_a_mute_is_listed_with_what_it_hid_and_can_be_ended(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "mute", words="rendez-vous salariés", prefecture="15")

    page = ana.ask("/desk/mutes")
    (number,) = re.findall(r'name="numbers" value="(\d+)"', page.text)
    ana.send("/desk/undo", [("numbers", number)])

    assert "rendez vous salaries" in text(page)
    assert "Cantal (15)" in text(page)
    assert "0 texte caché" in text(page)
    ended = text(ana.ask("/desk/mutes"))
    assert "Aucun silence en vigueur" in ended
    assert "levé le" in ended


def test_rules_that_nobody_confirmed_for_long_are_listed_oldest_first(there: Office) -> None:
    there.bureau.bring(
        rule("salarie", "courrier", checked_on=date(2025, 3, 1)),
        rule("etudiant", "anef", checked_on=date(2024, 3, 1)),
        rule("hors_anef", "courrier", checked_on=date(2025, 9, 1)),
    )
    ana = there.person()

    shown = text(ana.ask("/desk/rules"))

    assert "2 règles à revoir" in shown
    assert shown.index("Étudiant") < shown.index("Salarié")
    assert "1 règle à revoir" in text(ana.ask("/desk/rules?days=365"))
    assert "2 règles à revoir" in text(ana.ask("/desk/rules?days=weather"))
    assert 'href="/rules/15/etudiant"' in ana.ask("/desk/rules").text


@pytest.mark.parametrize(
    "path",
    ["/desk", "/desk/history", "/desk/problems", "/desk/mutes", "/desk/rules", f"/desk/alerts/{ONE.id}"],
)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_has_one_heading_labels_and_no_id_twice(there: Office, path: str, language: str) -> None:
    there.bureau.group()
    there.bureau.tell(flagged(40, source="69-sejour", prefecture="69"))

    page = there.person("ana", Role.ADMIN).ask(language + path).text

    assert len(re.findall(r"<h1[ >]", page)) == 1
    ids = re.findall(r'\sid="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    fields = re.findall(r'<(?:select|textarea|input) id="([^"]+)"', page)
    assert [name for name in fields if f'for="{name}"' not in page] == []
    levels = [int(level) for level in re.findall(r"<h([1-6])[ >]", page)]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    aimed = re.findall(r'(?:aria-labelledby|aria-describedby|aria-controls)="([^"]+)"', page)
    assert {name for names in aimed for name in names.split()} <= set(ids)
