from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.bounces import BounceReader
from tests.fakes.returned import MAILBOX, complaint, report, unsubscription
from tests.proportion import in_proportion
from watcher.core.bounces import Report, Returned
from watcher.core.mailbox import mails

READ = BounceReader(MAILBOX)
TO = "retours+abc.123@vigie.example"


@pytest.mark.parametrize("status", ["5.1.1", "5.1.2", "5.2.1", "5.2.2", "5.0.0", "5.4.1"])
def test_an_address_that_takes_nothing_is_a_hard_bounce(status: str) -> None:
    assert READ(report(TO, status)) == Report(Returned.HARD, ("abc.123",), status)


@pytest.mark.parametrize(
    ("status", "action"),
    [
        ("4.2.2", "delayed"), ("4.4.1", "failed"), ("2.0.0", "delivered"), ("5.1.1", "delayed"), ("5.7.1", "failed"),
        ("5.6.0", "failed"), ("5.2.3", "failed"), ("5.1.1x", "failed"), ("no", "failed"),
    ],
)  # fmt: skip
def test_what_passes_or_is_our_own_fault_is_none(status: str, action: str) -> None:
    assert READ(report(TO, status, action)).kind is Returned.PASSING


def test_the_token_is_found_where_servers_leave_it() -> None:
    assert READ(report(MAILBOX, original=TO)).tokens == ("abc.123",)
    assert READ(b"X-Original-To: <Retours+ABC.123@vigie.example>\r\n" + report(MAILBOX)).tokens == (
        "abc.123",
    )
    assert READ(report("retours+abc@elsewhere.example")).tokens == ()
    assert READ(report("xretours+abc@vigie.example")).tokens == ()


def test_a_complaint_is_one_unless_it_says_otherwise() -> None:
    assert READ(complaint(TO)) == Report(Returned.COMPLAINT, ("abc.123",))
    assert READ(complaint(TO, "not-spam")).kind is Returned.OTHER
    assert READ(complaint(TO, "auth-failure")).kind is Returned.OTHER


def test_a_mail_program_unsubscribes_by_mail() -> None:
    assert READ(unsubscription("abcdef.0123456789")) == Report(Returned.UNSUBSCRIBE, ("abcdef.0123456789",))


def test_an_answer_from_holidays_is_no_report() -> None:
    data = f"To: {TO}\r\nSubject: Absent\r\nAuto-Submitted: auto-replied\r\n\r\nI am away.\r\n".encode()
    assert READ(data).kind is Returned.OTHER


def nested(depth: int) -> bytes:
    return b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(depth)
    )


@pytest.mark.parametrize(
    "monstrous",
    [
        lambda length: nested(length // 300),
        lambda length: b"Content-Type: message/rfc822\r\n\r\n" * (length // 600),
        lambda length: b"x" * length,
        lambda length: b"A: b\r\n" * (length // 15),
        lambda length: b"To: " + b"retours+" * (length // 30),
        lambda length: b"\x00\xff\r\n\r\n" + bytes(length),
        lambda length: b"Content-Type: message/delivery-status\r\n\r\n" + b"\n" * (length // 3),
        lambda length: b"Content-Type: message/delivery-status\r\n\r\n" + b"a:\r\n\r\n" * (length // 25),
    ],
    ids=["parts in parts", "mails in mails", "a word", "headers", "senders", "zeros", "lines", "fields"],
)
def test_monstrous_mails_are_put_aside_in_linear_time(monstrous: Callable[[int], bytes]) -> None:
    assert READ(monstrous(3_000_000)).kind is Returned.OTHER
    assert in_proportion(READ, monstrous, 3_000_000)


@pytest.mark.parametrize(
    "data",
    [nested(50), b"Content-Type: multipart/report; boundary=\r\n\r\n--\r\n", b"\x00\xff\r\n\r\n"],
    ids=["parts in parts", "an empty boundary", "no text"],
)
def test_broken_mails_are_put_aside(data: bytes) -> None:
    assert READ(data).kind is Returned.OTHER


def test_a_report_may_bring_back_a_long_mail_with_many_blank_lines() -> None:
    whole = report(TO)
    assert READ(whole + b"A paragraph.\r\n\r\n" * 10_000).kind is READ(whole).kind is not Returned.OTHER


@given(st.binary(max_size=300), st.integers(0, 600))
def test_no_mail_breaks_the_reader(junk: bytes, place: int) -> None:
    whole = report(TO)

    assert READ(whole[:place] + junk + whole[place:]).kind in Returned


def test_a_mailbox_file_is_read_mail_by_mail() -> None:
    box = b"From a Mon Sep 1\nSubject: 1\n\nFrom here on\n\nFrom b Tue Sep 2\nSubject: 2\n\nx\n"

    assert [mail.partition(b"\n")[0] for mail in mails(io.BytesIO(box), 1000)] == [
        b"Subject: 1",
        b"Subject: 2",
    ]


def test_one_mail_is_a_mailbox_too_and_a_huge_one_is_cut() -> None:
    assert list(mails(io.BytesIO(b"Subject: 1\r\n\r\nx"), 1000)) == [b"Subject: 1\r\n\r\nx"]
    assert len(next(mails(io.BytesIO(b"x" * 5_000_000), 1000))) < 100_000
    assert list(mails(io.BytesIO(b""), 1000)) == []
