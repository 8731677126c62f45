"""Noise is not told any more, is counted, and hides nothing that is true."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.alerts import SEEN, VOCABULARY, StillClock, alert, verdict
from tests.fakes.desk import MemoryDesk
from tests.fakes.store import MemoryStore
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action, Mute, MuteWish, Order, Refusal, Refused
from watcher.core.mutes import hidden_by, hides, words
from watcher.core.verdict import Notice, Route, Verdict
from watcher.muting import MutingReader
from watcher.review import Preview, Review

MUTE = Mute("m1", "marche de noel", "15", "ada", SEEN, "a")


class Publishing:
    """Reads anything as news, or mutes it."""

    def __init__(self, route: Route = Route.PUBLISH) -> None:
        self.said = verdict(route=route)

    def read(self, notice: Notice) -> Verdict:
        return self.said


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Marché de Noël", ("marche", "de", "noel")),
        ("Permanences", ("permanences",)),
        ("Horaires", ("horaires",)),
        ("Marché", ()),
        ("de la", ()),
        ("l'un de", ()),
        ("", ()),
        ("…!", ()),
    ],
)
def test_a_mute_takes_two_words_or_a_long_one(text: str, found: tuple[str, ...]) -> None:
    assert words(MuteWish(text)) == found


@pytest.mark.parametrize(
    ("title", "prefecture", "hidden"),
    [
        ("Marché de Noël : accès à la préfecture", "15", True),
        ("MARCHE DE NOEL", "15", True),
        ("De Noël au marché", "15", True),
        ("Marchés de Noël", "15", False),
        ("Marché de Noël", "69", False),
        ("Marché de Noël", None, False),
        ("", "15", False),
    ],
)
def test_whole_words_of_a_title_hide_it(title: str, prefecture: str | None, hidden: bool) -> None:
    assert hides(MUTE, title, prefecture) is hidden


def test_without_a_prefecture_it_holds_for_all() -> None:
    assert hides(replace(MUTE, prefecture=""), "Marché de Noël", "69")
    assert hides(replace(MUTE, prefecture=""), "Marché de Noël", None)


def test_one_that_ended_hides_nothing() -> None:
    assert hidden_by([replace(MUTE, ended_at=SEEN)], "Marché de Noël", "15") is None
    assert hidden_by([replace(MUTE, ended_at=SEEN), MUTE], "Marché de Noël", "15") is MUTE


def test_a_muted_text_is_understood_and_told_to_nobody() -> None:
    reader = MutingReader(Publishing(), lambda: [MUTE])

    read = reader.read(Notice("Marché de Noël", "Texte.", "15"))

    assert read.route is Route.MUTE
    assert (read.reasons[-1].rule, read.reasons[-1].words) == ("mute:m1", "marche de noel")
    assert read.categories == verdict().categories


def test_other_texts_are_read_as_ever() -> None:
    reader = MutingReader(Publishing(), lambda: [MUTE])

    assert reader.read(Notice("Prise de rendez-vous", "Texte.", "15")) == verdict()


def test_what_is_unrelated_anyway_counts_for_no_mute() -> None:
    reader = MutingReader(Publishing(Route.MUTE), lambda: [MUTE])

    assert not reader.read(Notice("Marché de Noël", "Texte.", "15")).reasons


NOISE = alert(1, state=AlertState.UNVERIFIED, title="Marché de Noël de la préfecture")


def desk(*others: Alert) -> Review:
    kept, store = MemoryDesk(), MemoryStore([NOISE, *others])
    kept.give(NOISE, *others)
    return Review(kept, store.alerts, lambda alerts: (), StillClock(SEEN + timedelta(days=1)), VOCABULARY)


def test_a_preview_shows_what_of_the_last_year_it_would_have_hidden() -> None:
    old = alert(2, title="Marché de Noël", detected_at=SEEN - timedelta(days=400))
    elsewhere = alert(3, title="Marché de Noël", prefecture="69")
    like = alert(4, title="Le marché de Noël ouvre")
    review = desk(old, elsewhere, like, alert(5))

    assert review.preview_mute(MuteWish("marché noël", "15"), [NOISE.id]) == Preview(1, (like,))
    assert review.preview_mute(MuteWish("marché noël"), [NOISE.id]).hidden == 2
    assert review.preview_mute(MuteWish("rdv")) == Preview(0, (), Refused(Refusal.EMPTY))


def test_a_preview_shows_the_newest_and_counts_all() -> None:
    review = desk(*(alert(number, title="Marché de Noël") for number in range(2, 72)))

    preview = review.preview_mute(MuteWish("marché noël"), [NOISE.id])

    assert preview.hidden == 70
    assert [one.id for one in preview.shown] == [f"{number:024x}" for number in range(71, 21, -1)]


@pytest.mark.parametrize(
    ("true", "refused"),
    [
        (alert(2, title="Marché de Noël : guichets fermés", reviewed=True), True),
        (alert(2, title="Marché de Noël : guichets fermés"), False),
        (alert(2, title="Marché de Noël", reviewed=True, state=AlertState.RETRACTED), False),
        (alert(2, title="Marché de Noël", reviewed=True, verdict=verdict(categories=("unrelated",))), False),
        (alert(2, title="Prise de rendez-vous", reviewed=True), False),
    ],
)
def test_a_mute_that_would_hide_what_somebody_verified_is_refused(true: Alert, refused: bool) -> None:
    review, wish = desk(true), MuteWish("marché noël", "15")
    case = review.case(NOISE.id)
    assert case

    preview = review.preview_mute(wish, [NOISE.id])
    outcome = review.decide(Order(Action.MUTE, (NOISE.id,), case.version, "ada", mute=wish))

    expected = Refused(Refusal.HIDES_TRUTH, true.title)
    assert (preview.refused == expected) is refused
    assert (outcome == expected) is refused
    assert bool(review.mutes()) is not refused
