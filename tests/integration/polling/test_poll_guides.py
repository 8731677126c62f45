"""Content pages: sections are told with what they said before."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.fakes.watch import SEJOUR, Watch, changes, said, told
from tests.fakes.web import GUIDE, guide_page
from watcher.core.page import Outcome

SOON = timedelta(minutes=12)
WHO = ("Qui est concerné ?", ["Les étrangers majeurs.", "Les mineurs de seize ans."])
WHERE = ("Où déposer ?", ["Votre demande de séjour se dépose au guichet.", "Le bureau ouvre à neuf heures."])
PIECES = ("Pièces", ["Un passeport.", "Deux photographies.", "Un justificatif de domicile."])
BOOKING = '<a href="https://www.cantal.gouv.fr/booking/create/4963">Prendre rendez-vous</a> pour le séjour'


@pytest.fixture
def read(watch: Watch) -> Watch:
    watch.web.show(GUIDE, guide_page(WHO, WHERE, PIECES))
    watch.poll(SEJOUR)
    return watch


def test_a_first_reading_announces_nothing(read: Watch) -> None:
    assert len(read.known(SEJOUR)) == 7
    assert not read.store.history(SEJOUR.id)


def test_an_edited_section_is_told_as_a_whole_before_and_after(read: Watch) -> None:
    online = (WHERE[0], ["Votre demande de séjour se dépose en ligne.", WHERE[1][1]])
    read.web.show(GUIDE, guide_page(WHO, online, PIECES))

    polled = read.later(source=SEJOUR)

    assert told(polled) == [("edited", "Où déposer ?")]
    assert said(polled) == ["\n".join(online[1])]
    assert said(polled, "before") == ["\n".join(WHERE[1])]
    (alert,) = read.alerts()
    assert (alert.summary, alert.before) == (online[1][0], WHERE[1][0])


def test_a_new_section_and_one_that_is_gone_are_told(read: Watch) -> None:
    closure = ("Fermeture", ["Le service du séjour est fermé le 26 septembre."])
    read.web.show(GUIDE, guide_page(WHO, closure, PIECES))

    polled = read.later(source=SEJOUR)

    assert told(polled) == [("added", "Fermeture"), ("withdrawn", "Où déposer ?")]
    assert said(polled) == [closure[1][0], "\n".join(WHERE[1])]
    assert sorted(alert.state for alert in read.alerts()) == ["unverified", "verified"]


def test_a_link_that_changes_under_the_same_words_is_told_with_both_places(read: Watch) -> None:
    read.web.show(GUIDE, guide_page(WHO, ("Où déposer ?", [BOOKING]), PIECES))
    read.later(source=SEJOUR)
    read.web.show(GUIDE, guide_page(WHO, ("Où déposer ?", [BOOKING.replace("4963", "16040")]), PIECES))

    polled = read.later(source=SEJOUR)

    assert told(polled) == [("edited", "Où déposer ?")]
    assert said(polled, "links_before") == ["booking:www.cantal.gouv.fr/4963"]
    assert said(polled, "links") == ["booking:www.cantal.gouv.fr/16040"]


def test_order_and_nonces_are_no_news(read: Watch) -> None:
    read.web.show(GUIDE, guide_page(PIECES, WHERE, WHO, nonce="other"))

    assert told(read.later(source=SEJOUR)) == []
    assert read.later(source=SEJOUR).outcome is Outcome.UNCHANGED


def test_a_page_of_which_most_is_gone_is_implausible_until_it_stays_so(read: Watch) -> None:
    read.web.show(GUIDE, guide_page((WHO[0], WHO[1][:1]), title="Étrangers"))

    first, second = read.later(source=SEJOUR), read.later(timedelta(days=1), SEJOUR)

    assert (first.outcome, told(first)) == (Outcome.IMPLAUSIBLE, [])
    assert second.outcome is Outcome.OK
    assert {kind for kind, _ in told(second)} == {"edited", "withdrawn"}


def test_a_page_without_any_text_is_empty(read: Watch) -> None:
    read.web.show(GUIDE, guide_page(title="Étrangers"))

    assert read.later(source=SEJOUR).outcome is Outcome.EMPTY
    assert len(read.known(SEJOUR)) == 7


def test_an_earlier_version_is_believed_when_it_stays(read: Watch) -> None:
    online = (WHERE[0], ["Votre demande de séjour se dépose en ligne.", WHERE[1][1]])
    read.web.show(GUIDE, guide_page(WHO, online, PIECES))
    read.later(source=SEJOUR)
    read.web.show(GUIDE, guide_page(WHO, WHERE, PIECES))

    first, second = read.later(source=SEJOUR), read.later(SOON, SEJOUR)

    assert first.outcome is Outcome.IMPLAUSIBLE
    assert told(second) == [("edited", "Où déposer ?")]


def test_the_same_edit_made_twice_is_two_changes(read: Watch) -> None:
    """Polled twice from one baseline it would be one; happening again later it is another."""
    online = (WHERE[0], ["Votre demande de séjour se dépose en ligne.", WHERE[1][1]])
    ids = []
    for section in (online, WHERE, online):
        read.web.show(GUIDE, guide_page(WHO, section, PIECES))
        for _ in range(2):
            ids += [change.id for change in changes(read.later(SOON, SEJOUR))]

    assert len(ids) == len(set(ids)) == 3
