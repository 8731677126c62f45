"""The desk's page of what is proposed to be watched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.desk_pages import PASSWORD, Bureau
from tests.fakes.discovery import FOUND, HOME
from tests.fakes.passwords import QuickPasswords
from tests.integration.web.maintainer import Maintainer
from tests.integration.web.visitor import visiting
from watcher.core.errors import UserError
from watcher.core.site_proposals import Explored, Role, SiteProposal, State
from watcher.core.users import Role as Rank
from watcher.core.users import User
from watcher.site_review import SiteReview

PAGE = "/desk/sources"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def bureau(tmp_path: Path) -> Bureau:
    bureau = Bureau(tmp_path)
    for name, rank in (("remi", Rank.REVIEWER), ("lea", Rank.READER)):
        hashed = QuickPasswords().hash(PASSWORD)
        bureau.users.add_user(User(name, rank, hashed, bureau.clock.now()), "root")
    moved = replace(FOUND, id="0b0b0b0b0b0b", role=Role.MOVED, way=(HOSTILE,), instead_of=f"{HOME}/Ancienne")
    bureau.discovery.propose("", [FOUND], bureau.clock.now())
    bureau.discovery.propose("15-etrangers", [moved], bureau.clock.now())
    return bureau


@pytest.fixture
def remi(bureau: Bureau) -> Iterator[Maintainer]:
    with visiting(bureau.app()) as visitor:
        browser = Maintainer(visitor)
        assert browser.log_in("remi", PASSWORD).status_code == 303
        yield browser


def test_what_is_proposed_is_shown_with_its_way_and_what_speaks_for_it(remi: Maintainer) -> None:
    page = remi.look(PAGE).text

    assert "Cantal (15)" in page
    assert "rubrique des étrangers" in page
    assert "93 %" in page
    assert FOUND.stanza.url in page
    assert "Accueil &gt; Démarches &gt; Accueil des étrangers" in page
    assert "au lieu de" in page
    assert HOSTILE not in page


def test_pages_of_the_desk_lead_to_it(remi: Maintainer) -> None:
    assert f'href="{PAGE}"' in remi.look("/desk").text


def test_it_speaks_english_too(remi: Maintainer) -> None:
    assert "foreigners&#39; section" in remi.look(f"/en{PAGE}").text


def test_an_accepted_proposal_is_written_and_gone_from_the_page(bureau: Bureau, remi: Maintainer) -> None:
    sent = remi.send(PAGE, [("proposal", FOUND.id), ("action", "accept")])

    assert sent.status_code == 303
    assert bureau.written == [FOUND]
    assert "Écrite dans sources.yaml" in remi.look(sent.headers["location"]).text
    kept = bureau.discovery.proposal(FOUND.id)
    assert kept
    assert (kept.state, kept.settled_by) == (State.ACCEPTED, "remi")
    assert FOUND.id not in remi.look(PAGE).text


def test_a_refused_proposal_is_written_nowhere(bureau: Bureau, remi: Maintainer) -> None:
    sent = remi.send(PAGE, [("proposal", FOUND.id), ("action", "refuse")])

    assert sent.status_code == 303
    assert not bureau.written
    assert FOUND.id not in remi.look(PAGE).text


def test_who_comes_late_is_told_so(bureau: Bureau, remi: Maintainer) -> None:
    bureau.sites.refuse(FOUND.id, "ana")
    sent = remi.send(PAGE, [("proposal", FOUND.id), ("action", "accept")])

    assert not bureau.written
    assert "déjà décidé" in remi.look(sent.headers["location"]).text


def test_a_file_that_cannot_be_written_is_said_and_the_proposal_stays(bureau: Bureau) -> None:
    def refused(made: SiteProposal) -> None:
        raise UserError("sources.yaml : le fichier est en lecture seule")

    bureau.sites = SiteReview(bureau.discovery, refused, bureau.clock)
    with visiting(bureau.app()) as visitor:
        browser = Maintainer(visitor)
        browser.log_in("remi", PASSWORD)
        sent = browser.send(PAGE, [("proposal", FOUND.id), ("action", "accept")])

    assert sent.status_code == 409
    assert "lecture seule" in sent.text
    assert FOUND.id in sent.text


@pytest.mark.parametrize("form", [[], [("proposal", FOUND.id)], [("proposal", "x"), ("action", "accept")]])
def test_what_is_no_decision_is_refused(remi: Maintainer, form: list[tuple[str, str]]) -> None:
    assert remi.send(PAGE, form).status_code == 404


def test_whoever_only_reads_sees_no_buttons(bureau: Bureau) -> None:
    with visiting(bureau.app()) as visitor:
        browser = Maintainer(visitor)
        browser.log_in("lea", PASSWORD)
        page = browser.look(PAGE).text

    assert FOUND.stanza.url in page
    assert 'value="accept"' not in page


def test_proposals_of_one_prefecture_can_be_seen_alone(bureau: Bureau, remi: Maintainer) -> None:
    other = replace(FOUND, id="0c0c0c0c0c0c", prefecture="69")
    bureau.discovery.conclude(Explored("69", bureau.clock.now()), [other], bureau.clock.now())

    assert other.id in remi.look(PAGE).text
    alone = remi.look(f"{PAGE}?prefecture=69").text
    assert other.id in alone
    assert FOUND.id not in alone
    assert FOUND.id in remi.look(f"{PAGE}?prefecture=nowhere").text
