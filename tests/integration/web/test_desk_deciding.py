"""Deciding about what was flagged, page by page, over a real database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

from tests.fakes.alerts import VOCABULARY
from tests.fakes.desk_pages import OFFER, TITLE, Office, flagged, office
from tests.fakes.filing import rule
from tests.integration.web.deskwork import ONE, decide, fields, state, text, trail
from watcher.core.alerts import AlertState
from watcher.core.changes import ChangeKind
from watcher.core.decisions import Action
from watcher.core.filing_store import ProposalState
from watcher.core.users import Role


@pytest.fixture
def there(tmp_path: Path) -> Iterator[Office]:
    with office(tmp_path) as there:
        there.bureau.bring(rule("salarie", "courrier", valid_from="2024-01-01"))
        there.bureau.tell(ONE)
        yield there


def test_the_queue_shows_what_waits_and_leads_to_it(there: Office) -> None:
    page = there.person().ask("/desk")

    assert TITLE in page.text
    assert f'href="/desk/alerts/{ONE.id}"' in page.text
    assert "1 proposition de règle" in text(page)
    assert page.headers["cache-control"] == "no-store"


def test_the_same_text_in_three_prefectures_is_one_entry(there: Office) -> None:
    there.bureau.group()

    page = there.person().ask("/desk").text

    assert page.count("data-item") == 2
    assert "même texte dans 3 préfectures" in page


def test_what_was_published_without_review_waits_for_its_proposals_alone(there: Office) -> None:
    sure = flagged(2, source="69-sejour", prefecture="69", state=AlertState.VERIFIED)
    there.bureau.tell(sure)
    ana = there.person()

    before = text(ana.ask(f"/desk/alerts/{sure.id}"))
    answer = decide(there, ana, "proposals", sure)

    assert "Publié sans relecture" in before
    assert answer.status_code == 303
    assert "Les propositions sont acceptées" in text(ana.ask(answer.headers["location"]))
    assert sure.id not in ana.ask("/desk").text
    assert trail(there) == [Action.ACCEPT]


def test_an_empty_queue_says_so(there: Office) -> None:
    person = there.person()
    decide(there, person, "verify")

    assert "Rien n'attend de décision" in unescape(person.ask("/desk").text)


def test_a_case_shows_text_reasons_facts_and_the_proposed_rule_with_what_it_replaces(there: Office) -> None:
    page = there.person().ask(f"/desk/alerts/{ONE.id}")

    assert "<mark>rendez-vous en ligne</mark>" in page.text
    assert "<mark>salariés</mark>" in page.text
    assert re.search(r"<del>.*À envoyer par courrier.*</del>", page.text)
    assert re.search(r"<ins>.*Rendez-vous en ligne.*</ins>", page.text)
    assert OFFER in page.text
    assert ONE.address in page.text


def test_an_edit_is_shown_word_by_word(there: Office) -> None:
    edit = flagged(2, kind=ChangeKind.EDITED, before="Les salariés écrivent.", source="15-sejour")
    there.bureau.tell(edit)

    page = there.person().ask(f"/desk/alerts/{edit.id}").text

    assert re.search(r"<del>.*écrivent.*</del>", page)


def test_the_stored_page_is_shown_as_text(there: Office) -> None:
    body = "<html><body><main><h1>Titre</h1><p>Le rendez-vous en ligne</p><script>alert(1)</script></main></body>"
    one = flagged(3, source="2A-actualites", prefecture="2A")
    there.bureau.tell(one, body=body)

    page = there.person().ask(f"/desk/alerts/{one.id}/page").text

    assert "Titre\nLe <mark>rendez-vous en ligne</mark>" in page
    assert "alert(1)" not in page


def test_an_alert_without_a_stored_page_says_so(there: Office) -> None:
    person = there.person()
    decide(there, person, "retract")
    notice = there.bureau.review.decisions(action=Action.RETRACT)[0].notice

    assert person.ask(f"/desk/alerts/{notice}/page").status_code == 200
    assert person.ask("/desk/alerts/nowhere/page").status_code == 404
    assert person.ask("/desk/alerts/nowhere").status_code == 404


def test_verifying_settles_alert_and_proposal_and_leads_to_the_next(there: Office) -> None:
    later = flagged(2, source="69-sejour", prefecture="69")
    there.bureau.tell(later)
    person = there.person()

    answer = decide(there, person, "verify")

    number = there.bureau.review.decisions()[0].number
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/desk/alerts/{later.id}?done={number}"
    assert state(there) is AlertState.VERIFIED
    assert [one.state for one in there.bureau.rules.proposals(alert=ONE.id)] == [ProposalState.ACCEPTED]
    shown = text(person.ask(answer.headers["location"]))
    assert "C'est vérifié" in shown
    assert "1 proposition acceptée" in shown


def test_the_last_decision_leads_back_to_the_queue(there: Office) -> None:
    answer = decide(there, there.person(), "retract")

    assert answer.headers["location"].startswith("/desk?done=")
    assert state(there) is AlertState.RETRACTED


def test_one_decision_for_a_group_writes_a_line_for_each_prefecture(there: Office) -> None:
    group = there.bureau.group()

    answer = decide(there, there.person(), "verify", group[0])

    assert [state(there, one) for one in group] == [AlertState.VERIFIED] * 3
    assert trail(there) == [Action.VERIFY] * 3
    assert answer.headers["location"].count("%2C") == 2


def test_a_prefecture_that_is_not_ticked_waits_on_and_is_shown_next(there: Office) -> None:
    group = there.bureau.group()

    answer = decide(there, there.person(), "verify", group[0], alert=[group[0].id, group[2].id])

    assert state(there, group[1]) is AlertState.UNVERIFIED
    assert answer.headers["location"].startswith(f"/desk/alerts/{group[1].id}?")


def test_a_settled_alert_offers_its_undoing_and_leads_to_where_the_text_still_waits(there: Office) -> None:
    group, ana = there.bureau.group(), there.person()
    decide(there, ana, "retract", group[0], alert=[group[0].id])

    page = ana.ask(f"/desk/alerts/{group[0].id}")

    assert "Le même texte attend encore ailleurs : Corse-du-Sud (2A), Rhône (69)" in text(page)
    assert 'type="checkbox" name="alert"' not in page.text
    assert 'name="proposal-' not in page.text
    assert page.text.count('name="numbers"') == 1


def test_a_correction_makes_a_notice_with_what_the_form_says(there: Office) -> None:
    decide(there, there.person(), "correct", category=["fee"], channel_after=[], fact=[])

    (made,) = there.bureau.review.decisions(action=Action.CORRECT)
    notice = there.bureau.store.alert(made.notice)
    assert notice is not None
    assert notice.verdict.categories == ("fee",)
    assert notice.verdict.channel_after is None
    assert state(there) is AlertState.CORRECTED


def test_a_correction_that_changes_nothing_is_not_written(there: Office) -> None:
    answer = decide(there, there.person(), "correct")

    assert answer.status_code == 422
    assert "la correction ne change rien" in text(answer)
    assert trail(there) == []


def test_what_is_wrong_is_told_and_the_form_keeps_what_was_written(there: Office) -> None:
    answer = decide(there, there.person(), "correct", note="à revoir", **{"from": "bientôt"})

    assert answer.status_code == 422
    assert "« bientôt » n'est pas une date" in text(answer)
    assert 'value="bientôt"' in unescape(answer.text)
    assert ">à revoir</textarea>" in answer.text
    assert 'id="f-from"' in answer.text
    assert re.search(r'id="d-correct"[^>]* open', answer.text)


def test_return_in_a_field_without_scripts_decides_nothing_and_keeps_the_form(there: Office) -> None:
    answer = decide(there, there.person(), "", **{"from": "2025-11-01"})

    assert answer.status_code == 422
    assert "Choisissez ce qu'il faut faire" in text(answer)
    assert 'value="2025-11-01"' in answer.text
    assert trail(there) == []


def test_the_second_of_two_people_is_told_who_decided_and_keeps_their_words(there: Office) -> None:
    ana, bea = there.person("ana"), there.person("bea")
    seen = fields(there, "correct", category=["fee"], note="je crois que c'est une taxe")
    decide(there, ana, "verify")

    answer = bea.send(f"/desk/alerts/{ONE.id}", seen)

    shown = text(answer)
    assert answer.status_code == 409
    assert "Quelqu'un a décidé entre-temps" in shown
    assert "ana" in shown
    assert "je crois que c'est une taxe" in shown
    assert '<option value="fee" selected' in answer.text
    assert trail(there) == [Action.VERIFY]
    (version,) = re.findall(r'name="seen" value="([^"]+)"', answer.text)
    again = [(name, version if name == "seen" else value) for name, value in seen]
    assert bea.send(f"/desk/alerts/{ONE.id}", again).status_code == 303
    assert trail(there) == [Action.CORRECT, Action.VERIFY]


def test_input_is_shown_even_when_nothing_can_be_done_with_it(there: Office) -> None:
    ana, bea = there.person("ana"), there.person("bea")
    seen = fields(there, "correct", category=["fee"], note="une taxe")
    decide(there, ana, "retract")

    answer = bea.send(f"/desk/alerts/{ONE.id}", seen)

    assert answer.status_code == 409
    assert ">une taxe</textarea>" in answer.text
    assert '<fieldset class="plain" disabled>' in answer.text
    assert '<option value="fee" selected' in answer.text


def test_whoever_asks_for_a_second_opinion_leaves_the_decision_to_others(there: Office) -> None:
    ana, bea = there.person("ana"), there.person("bea")

    decide(there, ana, "ask", note="courrier ou rendez-vous ?")

    assert "vous avez demandé un second avis" in text(ana.ask("/desk"))
    assert "ana demande un second avis" in text(bea.ask("/desk"))
    assert 'value="verify"' not in ana.ask(f"/desk/alerts/{ONE.id}").text
    assert "Quelqu'un" not in text(ana.ask(f"/desk/alerts/{ONE.id}"))
    refused = decide(there, ana, "verify")
    assert refused.status_code == 422
    assert "quelqu'un d'autre doit décider" in text(refused)
    assert decide(there, bea, "verify").status_code == 303


def test_a_question_can_be_taken_back(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "ask")
    (number,) = re.findall(r'name="numbers" value="(\d+)"', ana.ask(f"/desk/alerts/{ONE.id}").text)

    assert ana.send("/desk/undo", [("numbers", number)]).status_code == 303
    assert 'value="verify"' in ana.ask(f"/desk/alerts/{ONE.id}").text


def test_undoing_brings_a_case_back(there: Office) -> None:
    ana = there.person("ana")
    done = decide(there, ana, "verify").headers["location"]
    (number,) = re.findall(r'name="numbers" value="(\d+)"', ana.ask(done).text)

    answer = ana.send("/desk/undo", [("numbers", number)])

    assert answer.headers["location"].startswith(f"/desk/alerts/{ONE.id}?done=")
    assert "La décision est annulée" in text(ana.ask(answer.headers["location"]))
    assert state(there) is AlertState.UNVERIFIED
    assert trail(there) == [Action.UNDO, Action.VERIFY]


def test_one_button_undoes_what_was_decided_for_a_group(there: Office) -> None:
    group, ana = there.bureau.group(), there.person("ana")
    done = decide(there, ana, "verify", group[0]).headers["location"]
    (numbers,) = re.findall(r'name="numbers" value="([\d,]+)"', ana.ask(done).text)

    ana.send("/desk/undo", [("numbers", numbers)])

    assert [state(there, one) for one in group] == [AlertState.UNVERIFIED] * 3


def test_undoing_twice_is_refused_in_words(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "verify")
    number = str(there.bureau.review.decisions()[0].number)
    ana.send("/desk/undo", [("numbers", number)])

    answer = ana.send("/desk/undo", [("numbers", number)])

    assert answer.status_code == 409
    assert "C'est déjà annulé" in text(answer)


@pytest.mark.parametrize("numbers", ["", "abc", "-1", "1e3"])
def test_undoing_nothing_is_no_decision(there: Office, numbers: str) -> None:
    assert there.person().send("/desk/undo", [("numbers", numbers)]).status_code == 422


def test_a_mute_is_previewed_before_it_is_made(there: Office) -> None:
    like = flagged(5, source="69-sejour", prefecture="69", title="Rendez-vous en ligne : salariés du Rhône")
    there.bureau.tell(like)
    ana = there.person("ana")

    preview = decide(there, ana, "preview", words="rendez-vous salariés", prefecture=[])

    assert preview.status_code == 200
    assert "1 alerte des douze derniers mois aurait été cachée" in text(preview)
    assert like.title in text(preview)
    assert trail(there) == []
    hidden = re.findall(r'<input type="hidden" name="(?!token)(\w+)" value="([^"]*)">', preview.text)
    confirmed = ana.send(f"/desk/alerts/{ONE.id}", [*hidden, ("action", "mute")])
    assert confirmed.status_code == 303
    assert trail(there) == [Action.MUTE]
    assert [one.words for one in there.bureau.review.mutes()] == ["rendez vous salaries"]


def test_a_mute_that_would_hide_what_a_person_verified_cannot_be_confirmed(there: Office) -> None:
    true = flagged(5, source="69-sejour", prefecture="69", title="Rendez-vous en ligne : salariés du Rhône")
    there.bureau.tell(true)
    ana = there.person("ana")
    decide(there, ana, "verify", true)

    preview = decide(there, ana, "preview", words="rendez-vous salariés", prefecture=[])

    assert "auraient caché un texte que quelqu'un a vérifié" in text(preview)
    assert 'value="mute"' not in preview.text


def test_retracting_says_who_was_told_and_which_rules_rest_on_it(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "verify")

    shown = text(ana.ask(f"/desk/alerts/{ONE.id}"))

    assert "Personne n'a encore reçu cette alerte" in shown
    assert "1 règle a été acceptée grâce à cette alerte" in shown


def test_past_decisions_about_the_like_are_shown(there: Office) -> None:
    ana = there.person("ana")
    decide(there, ana, "retract", note="annoncé par erreur")
    again = flagged(6, source="69-sejour", prefecture="69")
    there.bureau.tell(again)

    shown = text(ana.ask(f"/desk/alerts/{again.id}"))

    assert "Décisions sur des textes semblables" in shown
    assert "annoncé par erreur" in shown


def test_a_reader_sees_everything_and_decides_nothing(there: Office) -> None:
    reader = there.person("lea", Role.READER)

    page = reader.ask(f"/desk/alerts/{ONE.id}").text

    assert 'name="action"' not in page
    assert "Votre compte permet de lire" in page
    assert decide(there, reader, "verify").status_code == 403
    assert state(there) is AlertState.UNVERIFIED


def test_the_desk_speaks_english_too(there: Office) -> None:
    ana = there.person("ana")

    page = ana.ask(f"/en/desk/alerts/{ONE.id}")
    answer = ana.send(f"/en/desk/alerts/{ONE.id}", fields(there, "verify"))

    assert "Verify" in page.text
    assert answer.headers["location"].startswith("/en/desk?done=")
    assert "Verified:" in ana.ask(answer.headers["location"]).text


@pytest.mark.parametrize(
    "payload", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}"]
)
def test_no_text_becomes_more_than_text(there: Office, payload: str) -> None:
    poisoned = flagged(
        7,
        source="69-sejour",
        prefecture="69",
        title=f"Salariés {payload}",
        summary=f"{payload} {OFFER}",
        address=f"https://www.rhone.gouv.fr/{payload}",
    )
    there.bureau.tell(poisoned)
    ana = there.person("ana")
    answer = decide(there, ana, "ask", poisoned, note=payload)
    pages = [f"/desk/alerts/{poisoned.id}", f"/desk/alerts/{poisoned.id}/page", "/desk", "/desk/history"]

    for path in [
        *pages,
        answer.headers["location"],
        f"/desk/history?by={payload}&alert={payload}&action={payload}",
    ]:
        page = ana.ask(path).text
        assert "<script>alert" not in page
        assert "<img" not in page
    assert VOCABULARY.place("69") in ana.ask("/desk").text
