"""Mails and web-hooks about what reviewers decided."""

from __future__ import annotations

from email.message import EmailMessage

from tests.fakes.alerts import BASE
from tests.fakes.following import REVIEWER, Following
from tests.fakes.letterbox import words
from watcher.core.alerts import AlertState
from watcher.core.decisions import Action
from watcher.core.verdict import PartialDate

NOVEMBER = PartialDate("2026-11-01")


def said(letter: EmailMessage) -> str:
    return words(letter).replace("\u00a0", " ")


def test_a_verification_is_news_to_those_who_waited_for_it_and_to_nobody_else(watch: Following) -> None:
    eager, careful = watch.reader(1), watch.reader(2, verified_only=True)
    watch.program()
    found = watch.find()
    assert (len(watch.letters(eager)), len(watch.letters(careful))) == (1, 0)

    watch.decide(Action.VERIFY, found)

    assert (len(watch.letters(eager)), len(watch.letters(careful))) == (1, 1)
    assert "non vérifiée" not in said(watch.letters(careful)[0])
    assert [event["type"] for event in watch.events()] == ["alert.published"]


def test_a_correction_answers_the_first_letter_and_says_what_was_wrong(watch: Following) -> None:
    ana = watch.reader(1)
    found = watch.find()
    watch.correct(found, effective_from=NOVEMBER, channel_after="courrier")

    first, correction = watch.letters(ana)
    assert correction["In-Reply-To"] == correction["References"] == first["Message-ID"]
    assert correction["Subject"] == "Cantal (15) : rectificatif – rendez-vous par courrier"
    body = said(correction)
    assert body.startswith("Cantal (15) : rectificatif – à compter du 1er novembre 2026")
    assert "nous avions publié autre chose" in body
    assert "Date d'effet : à compter du 1er novembre 2026 (et non : à compter du 1er octobre 2026)" in body
    assert "Dépôt désormais : Courrier (et non : Rendez-vous en ligne)" in body
    assert "Sujet" not in body
    assert f"L'alerte d'origine : {BASE}/alerts/{found.id}" in body


def test_english_readers_are_told_in_english(watch: Following) -> None:
    ana = watch.reader(1, language="en")
    found = watch.find()
    corrected = watch.correct(found, effective_from=NOVEMBER)
    watch.decide(Action.RETRACT, watch.alert(corrected.notice))

    _, correction, retraction = map(said, watch.letters(ana))
    assert "Date of effect: from 1 November 2026 (not: from 1 October 2026)" in correction
    assert "Do not rely on it: only the préfecture's own page counts." in retraction
    assert watch.letters(ana)[2]["Subject"].startswith("Cantal (15): withdrawn – ")


def test_a_retraction_says_plainly_not_to_rely_on_it(watch: Following) -> None:
    """To those who were told, in their thread; who was not told hears nothing."""
    ana = watch.reader(1)
    found = watch.find()
    late = watch.reader(2)
    watch.decide(Action.RETRACT, found)

    first, retraction = watch.letters(ana)
    assert retraction["In-Reply-To"] == first["Message-ID"]
    assert retraction["Subject"].startswith("Cantal (15) : retiré – ")
    body = said(retraction)
    assert "Nous retirons cette alerte, publiée par erreur. Ne vous y fiez pas" in body
    assert "Date d'effet :" not in body
    assert watch.letters(late) == []


def test_taking_a_retraction_back_says_that_it_holds_again(watch: Following) -> None:
    ana = watch.reader(1)
    found = watch.find(state=AlertState.VERIFIED)
    retraction = watch.decide(Action.RETRACT, found)
    watch.undo(retraction)

    _, retracted, restored = watch.letters(ana)
    assert restored["In-Reply-To"] == retracted["Message-ID"]
    assert restored["Subject"].startswith("Cantal (15) : rétabli – ")
    assert "Nous avions retiré cette alerte à tort : elle vaut de nouveau." in said(restored)
    assert "Date d'effet : à compter du 1er octobre 2026" in said(restored)


def test_taking_a_correction_back_is_a_correction(watch: Following) -> None:
    ana = watch.reader(1)
    found = watch.find(state=AlertState.VERIFIED)
    watch.undo(watch.correct(found, effective_from=NOVEMBER))

    body = said(watch.letters(ana)[2])
    assert "à compter du 1er octobre 2026 (et non : à compter du 1er novembre 2026)" in body


def test_who_wants_verified_alerts_hears_of_no_retraction_of_another(watch: Following) -> None:
    careful = watch.reader(1, verified_only=True)
    watch.decide(Action.RETRACT, watch.find())

    assert watch.letters(careful) == []


def test_programs_are_told_what_is_corrected(watch: Following) -> None:
    watch.program()
    found, other = watch.find(), watch.find(1)
    corrected = watch.correct(found, categories=("fee",))
    retracted = watch.decide(Action.RETRACT, other)

    told = [(one["type"], one["data"]["id"], one["data"]["corrects"]) for one in watch.events()]
    assert told == [
        ("alert.published", found.id, None),
        ("alert.published", other.id, None),
        ("alert.corrected", corrected.notice, found.id),
        ("alert.retracted", retracted.notice, other.id),
    ]
    last = watch.events()[2]["data"]
    assert (last["state"], last["reviewed"], last["categories"]) == ("verified", True, ["fee"])
    assert [one["sequence"] for one in watch.events()] == [1, 2, 3, 4]


def test_nobody_learns_who_decided(watch: Following) -> None:
    ana = watch.reader(1)
    watch.program()
    watch.correct(watch.find(), categories=("fee",))
    watch.decide(Action.RETRACT, watch.find(1), note=f"decided by {REVIEWER}")

    everything = [one.as_string() for one in watch.letters(ana)] + [str(watch.events())]
    assert len(everything) == 5
    assert not any(REVIEWER in one for one in everything)
