"""The form of a case: what it shows first, and what becomes of what somebody sends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.fakes.alerts import VOCABULARY, verdict
from tests.fakes.desk_pages import OFFER, flagged
from watcher.core.cases import Case
from watcher.core.decisions import Action, Edits, MuteWish, Order
from watcher.core.edits import edits_of
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal, proposal
from watcher.core.filing_store import ProposalState, Recorded
from watcher.web.desk_form import Trouble, filled, offer, order, sent

ALERT, TWIN = flagged(1, group="g"), flagged(2, group="g", prefecture="69", source="69-actualites")
TODAY = ALERT.detected_at.date()
MINE, HIS = (proposal(one, RuleBook([]), TODAY)[0] for one in (ALERT, TWIN))
CASE = Case(ALERT, (TWIN,), proposals=(Recorded(MINE), Recorded(HIS)))


def form(action: str, *, without: str = "", **changes: str | list[str]) -> dict[str, list[str]]:
    """The form as it is shown, sent with this button and these changes."""
    shown = {name: list(values) for name, values in filled(CASE).items()}
    shown["action"] = [action]
    shown |= {name: [value] if isinstance(value, str) else value for name, value in changes.items()}
    return shown | ({without: []} if without else {})


def wanted(action: str, case: Case = CASE, /, **changes: Any) -> Order:
    found = order(form(action, **changes), case, "ana", VOCABULARY)
    assert isinstance(found, Order), found
    return found


def dates(start: str, end: str) -> dict[str, Any]:
    return {"from": start, "to": end}


def trouble(action: str, **changes: Any) -> Trouble:
    found = order(form(action, **changes), CASE, "ana", VOCABULARY)
    assert isinstance(found, Trouble), found
    return found


def test_a_form_sent_as_it_was_shown_says_what_the_alert_says() -> None:
    found = wanted("correct")

    assert found.edits == edits_of(ALERT.verdict)
    assert found.alerts == (ALERT.id, TWIN.id)
    assert found.seen == CASE.version
    assert found.by == "ana"


@pytest.mark.parametrize(
    ("button", "action"),
    [
        ("verify", Action.VERIFY),
        ("correct", Action.CORRECT),
        ("retract", Action.RETRACT),
        ("preview", Action.MUTE),
        ("mute", Action.MUTE),
        ("ask", Action.ASK),
        ("proposals", Action.ACCEPT),
    ],
)
def test_each_button_asks_for_one_decision(button: str, action: Action) -> None:
    assert wanted(button).action is action


def test_verifying_settles_the_proposals_as_they_are_marked() -> None:
    found = wanted("verify", accept=[MINE.id], refuse=[HIS.id])

    assert (found.accept, found.refuse) == ((MINE.id,), (HIS.id,))


def test_refusing_alone_is_a_refusal() -> None:
    found = wanted("proposals", accept=[], refuse=[MINE.id])

    assert (found.action, found.accept, found.refuse) == (Action.REFUSE, (), (MINE.id,))


def test_proposals_of_a_prefecture_that_is_not_ticked_stay_open() -> None:
    assert wanted("verify", alert=[ALERT.id]).accept == (MINE.id,)


def test_proposals_that_conflict_are_not_accepted_unless_somebody_says_so() -> None:
    torn: Proposal = replace(MINE, conflicts=(HIS.after,))
    case = replace(CASE, proposals=(Recorded(torn), Recorded(HIS)))

    assert filled(case)["accept"] == [HIS.id]


def test_settled_proposals_cannot_be_sent_again() -> None:
    case = replace(CASE, proposals=(Recorded(MINE, ProposalState.REFUSED), Recorded(HIS)))

    assert wanted("verify", case, accept=[MINE.id, HIS.id]).accept == (HIS.id,)


def test_a_correction_is_all_that_the_form_says() -> None:
    found = wanted(
        "correct",
        category=["fee", "outage"],
        change=[],
        motif=["etudiant"],
        channel_before="courrier",
        channel_after=[],
        **dates("2025-11", "2025-12-31"),
        operation="renouvellement",
        regime="algerien",
        territory="Saint-Flour",
        fact=[],
    )

    assert found.edits == Edits(
        ("fee", "outage"),
        is_change=False,
        motifs=("etudiant",),
        channel_before="courrier",
        effective_from="2025-11",  # type: ignore[arg-type]
        effective_to="2025-12-31",  # type: ignore[arg-type]
        operation="renouvellement",
        regime="algerien",
        territory="Saint-Flour",
    )


def test_the_fact_that_takes_the_forms_values_is_not_kept_beside_them() -> None:
    assert wanted("correct", fact=["0", "1"]).edits == edits_of(ALERT.verdict)


@pytest.mark.parametrize(
    ("changes", "phrase", "field"),
    [
        ({"alert": []}, "no_alert", "alert"),
        ({"alert": ["somebody-elses"]}, "no_alert", "alert"),
        ({"category": []}, "no_category", "category"),
        ({"category": ["weather"]}, "unknown", "category"),
        ({"motif": ["weather"]}, "unknown", "motif"),
        ({"channel_after": "pigeon"}, "unknown", "channel_after"),
        ({"operation": "weather"}, "unknown", "operation"),
        ({"fact": ["7"]}, "unknown", "fact"),
        ({"from": "1er octobre"}, "date", "from"),
        ({"from": "2025-02-31"}, "date", "from"),
        ({"to": "2025-9"}, "date", "to"),
        ({"from": "2025-10", "to": "2025-09-30"}, "backwards", "to"),
    ],
)
def test_what_is_wrong_with_a_correction_is_told_at_its_field(
    changes: dict[str, Any], phrase: str, field: str
) -> None:
    found = trouble("correct", **changes)

    assert (found.phrase, found.field) == (phrase, field)


def test_an_end_within_the_month_of_the_beginning_is_no_contradiction() -> None:
    assert wanted("correct", **dates("2025-10", "2025-10-15")).edits is not None


def test_return_in_a_field_decides_nothing() -> None:
    assert trouble("").phrase == "no_action"
    assert trouble("weather").phrase == "no_action"


def test_settling_no_proposal_is_told() -> None:
    assert trouble("proposals", accept=[], refuse=[]).phrase == "no_proposal"


def test_a_mute_begins_with_the_title_and_its_prefecture_when_it_is_the_only_one() -> None:
    alone = replace(CASE, also=())

    assert wanted("mute").mute == MuteWish(ALERT.title, "")
    assert filled(alone)["prefecture"] == ["15"]


@pytest.mark.parametrize(
    ("changes", "phrase"),
    [({"words": "  "}, "no_words"), ({"prefecture": "999"}, "unknown")],
)
def test_what_is_wrong_with_a_mute_is_told(changes: dict[str, Any], phrase: str) -> None:
    assert trouble("preview", **changes).phrase == phrase


def test_what_a_browser_sends_is_read_in_its_order_and_no_further() -> None:
    found = sent(
        [
            ("category", "fee"),
            ("category", ""),
            ("category", "outage"),
            ("category", "fee"),
            ("proposal-a", "accept"),
            ("proposal-b", "refuse"),
            ("proposal-c", "later"),
            ("accept", "forged"),
            ("weather", "fine"),
            ("note", "first"),
            ("note", "last"),
        ]
    )

    assert found["category"] == ["fee", "outage"]
    assert (found["accept"], found["refuse"]) == (["a"], ["b"])
    assert found["note"] == ["last"]
    assert "weather" not in found


def test_a_correction_offers_what_is_said_now_even_when_no_list_has_it() -> None:
    odd = replace(
        ALERT.verdict, channel_after="pigeon", motifs=("weather",), categories=("fee",) * 3 + ("outage",) * 3
    )
    offered = offer(odd, VOCABULARY, "fr")

    assert "pigeon" in dict(offered.channel)
    assert "weather" in dict(offered.motif)
    assert offered.ranks == 6


def test_a_text_without_facts_has_a_form_too() -> None:
    bare = Case(flagged(3, verdict=verdict(facts=())))

    assert filled(bare)["fact"] == []
    assert filled(bare)["channel_after"] == ["rdv_en_ligne"]


def test_the_note_is_kept_as_it_was_written() -> None:
    assert wanted("verify", note=f"vu sur la page :\n{OFFER}").note == f"vu sur la page :\n{OFFER}"
