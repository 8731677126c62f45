"""What can be known from dated versions of a list, and what cannot."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.listing import HOST, NEW_HOST, Titles, line, listed, shelves
from watcher.core.official_events import Event, Happening, events
from watcher.core.official_file import Read
from watcher.core.official_list import Listing, Shelf, Span, merged, procedures
from watcher.core.official_news import event_id

V1, V2, V3, V4 = "2022-07-21", "2023-12-08", "2025-02-26", "2026-04-29"
# Lines that make all four versions known.
KNOWN = (
    line("2A", "Autre", "autre", V1, V2),
    line("2A", "Encore", "encore", V3),
    line("2A", "Fin", "fin", V4),
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def happened(*lines: str, code: str = "15") -> list[tuple[Happening, str, str]]:
    shelf = shelves(listed(*KNOWN, *lines))[code]
    return [(one.kind, str(one.since), str(one.by)) for one in events(shelf, Titles())]


def spans(*lines: str) -> list[tuple[str, str, bool]]:
    (procedure,) = procedures(shelves(listed(*KNOWN, *lines))["15"])
    return [(str(span.first), str(span.last), span.gone) for span in procedure.spans]


def test_what_stood_in_the_first_version_and_still_stands_is_no_event() -> None:
    assert happened(line("15", "Demande", "demande", V1)) == []


def test_a_newcomer_came_between_the_version_before_and_its_first() -> None:
    assert happened(line("15", "Demande", "demande", V3)) == [(Happening.APPEARED, V2, V3)]


def test_what_left_did_so_between_its_last_version_and_the_next() -> None:
    assert happened(line("15", "Demande", "demande", V1, V3)) == [(Happening.LEFT, V3, V4)]


@pytest.mark.parametrize("last", ["", V4])
def test_what_stands_in_the_last_version_known_still_stands(last: str) -> None:
    assert spans(line("15", "Demande", "demande", V1, last)) == [(V1, V4, False)]


def test_two_names_of_the_host_are_one_procedure_without_a_gap() -> None:
    """The old address left after the second version, the new one came with the third: nothing happened."""
    old, new = line("15", "D", "demande", V1, V2), line("15", "D", "demande", V3, host=NEW_HOST)

    assert spans(old, new) == [(V1, V4, False)]
    assert happened(old, new) == []


def test_a_procedure_that_is_missing_from_a_version_left_and_came_back() -> None:
    old, new = line("15", "Demande", "demande", V1, V2), line("15", "Demande", "demande", V4, host=NEW_HOST)

    assert spans(old, new) == [(V1, V2, True), (V4, V4, False)]
    assert happened(old, new) == [(Happening.LEFT, V2, V3), (Happening.APPEARED, V3, V4)]


def test_a_line_that_takes_the_place_of_another_renames_the_procedure() -> None:
    old = line("15", "Première demande de séjour", "demande", V1, V2)
    new = line("15", "Demande de rendez-vous", "demande", V3, host=NEW_HOST)
    (event,) = events(shelves(listed(*KNOWN, old, new))["15"], Titles())

    assert (event.kind, event.other, event.title) == (
        Happening.RENAMED,
        "Première demande de séjour",
        "Demande de rendez-vous",
    )
    assert (event.since, event.by) == (day(V2), day(V3))


def test_a_second_line_beside_the_first_takes_nothing_away() -> None:
    old = line("15", "Première demande de séjour", "demande", V1)
    new = line("15", "Demande de rendez-vous", "demande", V3, host=NEW_HOST)

    assert happened(old, new) == [(Happening.ALSO, V2, V3)]


@pytest.mark.parametrize("nothing", ["", "ici", "Ici.", "r", "formulaire"])
def test_words_of_a_link_are_no_title(nothing: str) -> None:
    shelf = shelves(listed(*KNOWN, line("15", nothing, "prolongation-de-visa", V3)))["15"]

    assert procedures(shelf)[0].title == "prolongation-de-visa"


def test_a_title_that_was_cut_is_the_same_title() -> None:
    long = "Demande de rendez-vous pour un renouvellement d'une carte de séjour portant la mention salarié"
    old = line("15", long[:70] + "…", "demande", V1, V2)
    new = line("15", long, "demande", V3, host=NEW_HOST)

    assert happened(old, new) == []
    assert procedures(shelves(listed(*KNOWN, old, new))["15"])[0].title == long


def test_one_that_goes_and_one_of_a_like_title_that_comes_at_once_is_a_replacement() -> None:
    old = line("15", "Première demande de titre de séjour (sauf étudiants)", "ancienne", V1, V2)
    new = line("15", "Première demande de titre de séjour, sauf étudiants", "nouvelle", V3)
    (event,) = events(shelves(listed(*KNOWN, old, new))["15"], Titles())

    assert event.kind is Happening.REPLACED
    assert (event.other, event.title) == (
        "Première demande de titre de séjour (sauf étudiants)",
        "Première demande de titre de séjour, sauf étudiants",
    )
    assert event.address == f"{HOST}/nouvelle"


def test_an_heir_that_becomes_known_later_is_told_although_the_departure_was_told_before() -> None:
    old = line("15", "Première demande de titre de séjour", "ancienne", V1, V2)
    new = line("15", "Première demande de titre de séjour", "nouvelle", V3)
    (left,) = events(shelves(listed(*KNOWN, old))["15"], Titles())
    (replaced,) = events(shelves(listed(*KNOWN, old), listed(new, KNOWN[2]))["15"], Titles())

    assert (left.kind, replaced.kind) == (Happening.LEFT, Happening.REPLACED)
    assert event_id(left) != event_id(replaced)


def test_a_like_title_that_names_another_ground_replaces_nothing() -> None:
    text = "Demande de rendez-vous pour le renouvellement d'une carte de séjour mention {}"
    old = line("15", text.format("salarié"), "ancienne", V1, V2)
    new = line("15", text.format("étudiant"), "nouvelle", V3)
    found = events(shelves(listed(*KNOWN, old, new))["15"], Titles("salarié", "étudiant"))

    assert [one.kind for one in found] == [Happening.APPEARED, Happening.LEFT]


def test_a_like_title_that_comes_a_version_later_is_remarked_with_both_dates() -> None:
    old = line("15", "Première demande de titre de séjour", "ancienne", V1, V2)
    new = line("15", "Première demande de titre de séjour", "nouvelle", V4)
    left, came = events(shelves(listed(*KNOWN, old, new))["15"], Titles())

    assert (left.kind, came.kind) == (Happening.LEFT, Happening.APPEARED)
    assert (came.other_since, came.other_by) == (day(V2), day(V3))


def test_each_departure_has_one_heir_at_most_the_likest() -> None:
    text = "Demande de titre de séjour en qualité de parent {}"
    lines = (
        line("15", text.format("d'enfant"), "a", V1, V2),
        line("15", text.format("de l'enfant"), "b", V3),
        line("15", text.format("d'enfant "), "c", V3),
    )
    found = events(shelves(listed(*KNOWN, *lines))["15"], Titles())

    assert {one.kind: one.address for one in found} == {
        Happening.REPLACED: f"{HOST}/c",
        Happening.APPEARED: f"{HOST}/b",
    }


def test_a_later_list_shows_what_left_since_and_nothing_twice() -> None:
    first = listed(*KNOWN, line("15", "Demande", "demande", V1), line("15", "Autre demande", "x", V3))
    later = listed(line("15", "Demande", "demande", V1, V4), line("69", "Neuve", "neuve", "2026-10-01"))
    before, now = shelves(first), shelves(first, later)
    known = {event_id(one) for one in events(before["15"], Titles())}
    new = [one for one in events(now["15"], Titles()) if event_id(one) not in known]

    assert [(one.kind, str(one.since), str(one.by)) for one in new] == [(Happening.LEFT, V4, "2026-10-01")]
    assert known <= {event_id(one) for one in events(now["15"], Titles())}


def test_silence_of_a_later_list_about_a_procedure_undoes_nothing() -> None:
    """It is no longer known to stand, and not known to have left."""
    first = listed(*KNOWN, line("15", "Demande", "demande", V1))
    later = listed(line("69", "Neuve", "neuve", "2026-10-01"))
    (procedure,) = procedures(shelves(first, later)["15"])

    assert procedure.spans == (Span(day(V1), day(V4), gone=False),)


def test_an_older_list_read_afterwards_brings_nothing_back() -> None:
    older = listed(*KNOWN, line("15", "Demande", "demande", V1))
    newer = listed(line("15", "Demande", "demande", V1, V4), line("69", "Neuve", "neuve", "2026-10-01"))

    assert shelves(newer, older, newer, older) == shelves(older, newer)


def test_an_earlier_version_that_becomes_known_later_dates_what_stood_in_the_first() -> None:
    known = listed(*KNOWN, line("15", "Demande", "demande", V1))
    earlier = listed(line("69", "Ancienne", "ancienne", "2020-01-15"))
    (event,) = events(shelves(known, earlier)["15"], Titles())

    assert (event.kind, str(event.since), str(event.by)) == (Happening.APPEARED, "2020-01-15", V1)


DAYS = st.integers(0, 6).map(lambda n: date(2022, 1, 1) + timedelta(days=100 * n))


@st.composite
def lines(draw: st.DrawFn) -> Listing:
    first, last = sorted((draw(DAYS), draw(DAYS)))
    slug, title = draw(st.sampled_from("ab")), draw(st.sampled_from(("Titre", "Second titre", "")))
    host = draw(st.sampled_from((HOST, NEW_HOST)))
    return Listing("15", f"demarche:{slug}", f"{host}/{slug}", title, first, last, gone=draw(st.booleans()))


def known(parts: list[list[Listing]]) -> dict[str, Shelf]:
    found: dict[str, Shelf] = {}
    for part in parts:
        found = merged(found, part, {d for one in part for d in (one.first, one.last)})
    return found


@given(st.lists(st.lists(lines(), min_size=1, max_size=3), min_size=1, max_size=3))
def test_parts_of_the_list_say_the_same_in_whatever_order_they_become_known(
    parts: list[list[Listing]],
) -> None:
    whole = known(parts)

    assert all(known(list(order)) == whole for order in permutations(parts))
    assert known([*parts, *parts]) == whole


@given(st.lists(lines(), min_size=1, max_size=6))
def test_events_lie_between_versions_and_have_ids_of_their_own(listings: list[Listing]) -> None:
    shelf = known([listings])["15"]
    found: tuple[Event, ...] = events(shelf, Titles())

    assert all(one.since < one.by for one in found)
    assert {d for one in found for d in (one.since, one.by)} <= set(shelf.versions)
    assert len({event_id(one) for one in found}) == len(found)


def test_of_no_line_nothing_is_known() -> None:
    read: Read = listed()

    assert (read.versions, shelves(read)) == ((), {})
