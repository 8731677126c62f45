from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from watcher.core.outbox import Fate
from watcher.core.smtp_replies import Reply, Stage, Standing, fate, weigh

OPENING = (Stage.GREETING, Stage.EHLO, Stage.STARTTLS, Stage.AUTH)
LATER = (Stage.MAIL, Stage.RCPT, Stage.DATA, Stage.DOT)


@pytest.mark.parametrize("stage", OPENING)
@pytest.mark.parametrize("code", [421, 450, 454, 500, 530, 535, 550, 554, 0, 354])
def test_a_server_that_lets_nobody_in_stops_the_sender(stage: Stage, code: int) -> None:
    assert fate(stage, code) is Fate.STOPPED


@pytest.mark.parametrize("stage", LATER)
@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_what_passes_is_tried_again(stage: Stage, code: int) -> None:
    assert fate(stage, code, "", "4.2.2 mailbox full") is Fate.RETRY


@pytest.mark.parametrize("stage", LATER)
@pytest.mark.parametrize(
    ("code", "enhanced"),
    [(530, ""), (530, "5.7.0"), (535, "5.7.8"), (550, "5.7.1"), (554, "5.7.1"), (550, "5.7.26")],
)
def test_what_is_our_own_fault_bounces_nobody(stage: Stage, code: int, enhanced: str) -> None:
    assert fate(stage, code, enhanced) is Fate.STOPPED


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA, Stage.DOT])
@pytest.mark.parametrize("enhanced", ["5.1.1", "5.1.2", "5.2.1", "5.2.2"])
def test_an_answer_about_the_address_or_its_mailbox_bounces_at_any_stage(stage: Stage, enhanced: str) -> None:
    assert fate(stage, 550, "", f"{enhanced} <reader@x.example> no") is Fate.BOUNCED


@pytest.mark.parametrize(("code", "enhanced"), [(552, ""), (552, "5.3.4"), (554, ""), (554, "5.6.0")])
def test_a_message_that_is_refused_when_it_was_read_is_refused_alone(code: int, enhanced: str) -> None:
    assert fate(Stage.DOT, code, enhanced) is Fate.REFUSED


@pytest.mark.parametrize("stage", LATER)
@pytest.mark.parametrize("code", [500, 501, 502, 503, 504, 521, 530, 534, 535, 538, 555])
def test_a_complaint_about_our_login_or_our_grammar_stops_the_sender(stage: Stage, code: int) -> None:
    assert fate(stage, code) is Fate.STOPPED


@pytest.mark.parametrize(
    ("code", "at_recipient", "at_data", "after_the_dot"),
    [
        (199, Fate.RETRY, Fate.RETRY, Fate.AMBIGUOUS),
        (200, Fate.ACCEPTED, Fate.RETRY, Fate.ACCEPTED),
        (299, Fate.ACCEPTED, Fate.RETRY, Fate.ACCEPTED),
        (300, Fate.RETRY, Fate.ACCEPTED, Fate.AMBIGUOUS),
        (399, Fate.RETRY, Fate.ACCEPTED, Fate.AMBIGUOUS),
        (400, Fate.RETRY, Fate.RETRY, Fate.RETRY),
        (499, Fate.RETRY, Fate.RETRY, Fate.RETRY),
        (599, Fate.BOUNCED, Fate.STOPPED, Fate.REFUSED),
        (600, Fate.RETRY, Fate.RETRY, Fate.AMBIGUOUS),
    ],
)
def test_each_class_of_answers_ends_where_the_next_begins(
    code: int, at_recipient: Fate, at_data: Fate, after_the_dot: Fate
) -> None:
    assert fate(Stage.RCPT, code) is at_recipient
    assert fate(Stage.DATA, code) is at_data
    assert fate(Stage.DOT, code) is after_the_dot


@pytest.mark.parametrize("stage", [Stage.RCPT, Stage.DATA, Stage.DOT])
@pytest.mark.parametrize("enhanced", ["5.2.3", "5.3.4", "5.6.0", "5.6.7"])
def test_a_message_that_is_too_large_or_of_a_wrong_form_is_refused_alone_at_any_stage(
    stage: Stage, enhanced: str
) -> None:
    assert fate(stage, 552, enhanced) is Fate.REFUSED


@pytest.mark.parametrize("enhanced", ["5.1.7", "5.1.8"])
def test_an_answer_about_the_senders_own_address_is_not_about_the_mailbox(enhanced: str) -> None:
    assert fate(Stage.MAIL, 550, enhanced) is Fate.STOPPED
    assert fate(Stage.DOT, 550, enhanced) is Fate.REFUSED


def test_nonsense_after_the_dot_is_ambiguous_and_before_it_harmless() -> None:
    assert {fate(stage, 0) for stage in (Stage.MAIL, Stage.RCPT, Stage.DATA)} == {Fate.RETRY}
    assert {fate(Stage.DOT, code) for code in (0, 354, 199, 700)} == {Fate.AMBIGUOUS}


def test_an_enhanced_code_that_contradicts_the_code_says_nothing() -> None:
    assert Reply(450, "5.1.1 unknown").enhanced == ""
    assert fate(Stage.RCPT, 450, "", "5.1.1 unknown") is Fate.RETRY


def test_what_maintainers_see_holds_nothing_of_the_servers_words() -> None:
    assert Reply(550, "5.1.1 <reader@lecteurs.example> unknown").told(Stage.RCPT) == "RCPT 550 5.1.1"
    assert Reply(0, "timeout").told(Stage.DOT) == "dot timeout"


def test_a_server_that_refuses_everybody_is_stopped_at_the_third() -> None:
    standing, fates = Standing(), []
    for _ in range(4):
        found, standing = weigh(Stage.RCPT, Reply(550, "no such user here"), standing)
        fates.append(found)

    assert fates == [Fate.BOUNCED, Fate.BOUNCED, Fate.STOPPED, Fate.STOPPED]
    assert weigh(Stage.RCPT, Reply(550, "no"), standing.connected())[0] is Fate.STOPPED


def test_addresses_that_do_not_exist_bounce_however_many_they_are() -> None:
    standing = Standing()
    for _ in range(10):
        found, standing = weigh(Stage.RCPT, Reply(550, "5.1.1 unknown"), standing)

        assert found is Fate.BOUNCED


def test_a_refusal_that_is_about_the_address_ends_the_row_of_doubtful_ones() -> None:
    standing = Standing()
    for text in ("no such user here", "no such user here", "5.1.1 unknown", "no", "no"):
        found, standing = weigh(Stage.RCPT, Reply(550, text), standing)

        assert found is Fate.BOUNCED
    assert weigh(Stage.RCPT, Reply(550, "no"), standing)[0] is Fate.STOPPED


def test_only_a_message_that_was_taken_speaks_for_a_server() -> None:
    _, took_the_name = weigh(Stage.RCPT, Reply(250), Standing())
    _, refused_the_message = weigh(Stage.DOT, Reply(554, "5.6.0 no"), Standing())
    _, connected_anew = weigh(Stage.DOT, Reply(250), Standing())

    for standing in (took_the_name, refused_the_message, connected_anew.connected()):
        assert weigh(Stage.RCPT, Reply(550, "5.7.1 not you"), standing)[0] is Fate.STOPPED


def test_who_takes_others_messages_means_this_recipient_when_it_speaks_of_policy() -> None:
    _, standing = weigh(Stage.DOT, Reply(250), Standing())

    first, standing = weigh(Stage.RCPT, Reply(550, "5.7.1 not you"), standing)
    second, standing = weigh(Stage.RCPT, Reply(550, "5.7.1 not you"), standing)
    third, _ = weigh(Stage.RCPT, Reply(550, "5.7.1 not you"), standing)

    assert (first, second, third) == (Fate.RETRY, Fate.RETRY, Fate.STOPPED)


def test_a_policy_against_all_bounces_nobody_from_the_first() -> None:
    assert weigh(Stage.RCPT, Reply(550, "5.7.1 not you"), Standing())[0] is Fate.STOPPED


def test_a_lost_login_is_never_a_recipients_fault() -> None:
    _, standing = weigh(Stage.DOT, Reply(250), Standing())

    assert weigh(Stage.RCPT, Reply(530, "5.7.0 log in"), standing)[0] is Fate.STOPPED


@given(st.sampled_from(Stage), st.integers(0, 999), st.text(max_size=40))
def test_every_answer_has_a_fate(stage: Stage, code: int, text: str) -> None:
    found, standing = weigh(stage, Reply(code, text), Standing())

    assert (found is Fate.ACCEPTED) == (300 <= code < 400 if stage is Stage.DATA else 200 <= code < 300)
    assert standing.doubtful <= 1
