"""What a `DiscoveryStore` remembers of sites, and of what is proposed about them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Engine

from storage.discovery_store import SqlDiscovery
from tests.fakes.discovery import FOUND, GUIDE, HOME, NOW, HandMade, explored, framed, menu
from watcher.core.page import Outcome
from watcher.core.sighting import Sighting
from watcher.core.site_proposals import Explored, Role, State, Unwatchable

CANTAL = Explored("15", NOW)
OTHER = replace(FOUND, id="0a0a0a0a0a0a", role=Role.NEWS, confidence=0.7)
MOVED = replace(FOUND, id="0b0b0b0b0b0b", role=Role.MOVED, instead_of=f"{HOME}/Ancienne")


@pytest.fixture
def discovery(engine: Engine) -> SqlDiscovery:
    return SqlDiscovery(engine)


def test_what_was_seen_comes_back_as_it_was_and_in_order(discovery: SqlDiscovery) -> None:
    pages = {"/": framed("Accueil", "<p>.</p>", menu(("Étrangers", "/E"))), "/E": framed("Étrangers", GUIDE)}
    seen = explored(HandMade(pages)).sightings
    discovery.begin(CANTAL)
    for number, one in enumerate(seen, 1):
        discovery.note(replace(CANTAL, requests=number), one)

    assert tuple(discovery.sightings("15")) == seen
    assert discovery.explored()["15"].requests == len(seen)
    assert not discovery.sightings("42")


def test_exploring_anew_forgets_what_was_seen_and_keeps_what_is_proposed(discovery: SqlDiscovery) -> None:
    discovery.note(CANTAL, Sighting(HOME, Outcome.GONE))
    discovery.conclude(CANTAL, [FOUND], NOW)
    discovery.begin(Explored("15", NOW + timedelta(days=40)))

    assert not discovery.sightings("15")
    assert [one.proposal for one in discovery.proposals()] == [FOUND]


def test_what_an_exploration_came_to_is_kept_whole(discovery: SqlDiscovery) -> None:
    done = replace(
        CANTAL, ended_at=NOW, found=True, unwatchable=(Unwatchable(HOME, "ANEF", "demande de se connecter"),)
    )
    discovery.conclude(done, [], NOW)

    assert discovery.explored() == {"15": done}


def test_a_proposal_that_is_not_made_again_goes_unless_it_was_settled(discovery: SqlDiscovery) -> None:
    discovery.conclude(CANTAL, [FOUND, OTHER], NOW)
    discovery.settle(OTHER.id, State.REFUSED, NOW, "ana")
    discovery.conclude(CANTAL, [], NOW)

    assert not discovery.proposals()
    assert [(one.proposal, one.state, one.settled_by) for one in discovery.proposals(None)] == [
        (OTHER, State.REFUSED, "ana")
    ]


def test_what_was_refused_is_not_proposed_again(discovery: SqlDiscovery) -> None:
    discovery.conclude(CANTAL, [FOUND], NOW)
    discovery.settle(FOUND.id, State.REFUSED, NOW, "ana")
    discovery.conclude(CANTAL, [FOUND], NOW + timedelta(days=40))

    assert not discovery.proposals()


def test_a_decision_is_made_once(discovery: SqlDiscovery) -> None:
    discovery.conclude(CANTAL, [FOUND], NOW)

    assert discovery.settle(FOUND.id, State.ACCEPTED, NOW, "ana")
    assert not discovery.settle(FOUND.id, State.REFUSED, NOW, "remi")
    assert not discovery.settle("nobody", State.REFUSED, NOW, "remi")
    kept = discovery.proposal(FOUND.id)
    assert kept
    assert (kept.state, kept.settled_at, kept.settled_by) == (State.ACCEPTED, NOW, "ana")


def test_proposals_are_told_by_prefecture_the_surest_first(discovery: SqlDiscovery) -> None:
    far = replace(FOUND, id="0c0c0c0c0c0c", prefecture="01", confidence=0.6)
    discovery.conclude(Explored("01", NOW), [far], NOW)
    discovery.conclude(CANTAL, [OTHER, FOUND], NOW)

    assert [one.proposal.id for one in discovery.proposals()] == [far.id, FOUND.id, OTHER.id]
    assert [one.proposal.id for one in discovery.proposals(prefecture="15")] == [FOUND.id, OTHER.id]


def test_where_a_page_has_moved_is_proposed_apart_from_what_is_new(discovery: SqlDiscovery) -> None:
    discovery.propose("15-etrangers", [MOVED], NOW)
    discovery.conclude(CANTAL, [], NOW)

    assert [one.proposal for one in discovery.proposals()] == [MOVED]
    assert discovery.searches() == {"15-etrangers": NOW}

    discovery.propose("15-etrangers", [], NOW + timedelta(days=1))

    assert not discovery.proposals()
    assert discovery.searches() == {"15-etrangers": NOW + timedelta(days=1)}
