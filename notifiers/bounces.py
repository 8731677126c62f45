"""Reads what comes back: delivery reports (RFC 3464), complaints (RFC 5965), unsubscriptions by mail (RFC 2369).

Anybody may write such a mail: it is bounded before it is parsed, and believed only for the token in it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import Message
from email.parser import BytesParser

from watcher.core.bounces import Report, Returned

MOST = 1_000_000  # bytes of one mail; what is behind is not looked at
_PARTS = 60  # at most; each may be inside the one before
_BLANKS = 20_000  # blank lines at most: in a delivery report each begins what the parser takes for a message
_TOKENS = 5
_TO_US = ("To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "Cc")
_OF_ORIGINAL = ("Return-Path", "Original-Mail-From", "X-Return-Path", "Sender")
_STATUS = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)", re.ASCII)
_UNSUBSCRIBE = re.compile(r"unsubscribe[ \t]+([A-Za-z0-9._-]{8,300})", re.ASCII | re.IGNORECASE)
_COMPLAINTS = frozenset({"abuse", "fraud", "opt-out", "opt-out-list"})
# Not the recipient's fault, whoever refuses: too large, what it says, where it comes from.
_OURS = ("5.2.3", "5.3.4", "5.6.", "5.7.")


class BounceReader:
    """Knows its own mailbox, ``local@domain``, to which reports come as ``local+TOKEN@domain``."""

    def __init__(self, mailbox: str) -> None:
        local, _, domain = mailbox.rpartition("@")
        self._token = re.compile(
            rf"(?<![\w.+-]){re.escape(local)}\+([a-z0-9._-]{{1,100}})@{re.escape(domain)}(?![\w.-])",
            re.ASCII | re.IGNORECASE,
        )

    def __call__(self, data: bytes) -> Report:
        """What one mail says; never raises."""
        data = data[:MOST]
        lowered = data.lower()
        if lowered.count(b"content-type") > _PARTS or lowered.count(b"boundary") > _PARTS:
            return Report(Returned.OTHER)
        if sum(not line for line in data.splitlines()) > _BLANKS:
            return Report(Returned.OTHER)
        try:
            message: Message = BytesParser(policy=policy.compat32).parsebytes(data)
            return self._read(message, list(message.walk()))
        except (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError):
            # What the parser stumbles over is no report of a mail server's.
            return Report(Returned.OTHER)

    def _read(self, message: Message, parts: list[Message]) -> Report:
        tokens = self._tokens(message, parts)
        for part in parts:
            if part.get_content_type() == "message/feedback-report":
                kind = _field(_first(part), "Feedback-Type").strip().lower()
                return Report(Returned.COMPLAINT if kind in _COMPLAINTS else Returned.OTHER, tokens)
            if part.get_content_type() in {"message/delivery-status", "message/global-delivery-status"}:
                return _delivery(part, tokens)
        asked = _UNSUBSCRIBE.search(_field(message, "Subject"))
        if asked:
            return Report(Returned.UNSUBSCRIBE, (asked[1],))
        return Report(Returned.OTHER, tokens)

    def _tokens(self, message: Message, parts: list[Message]) -> tuple[str, ...]:
        fields = [_field(message, name) for name in _TO_US]
        fields += [_field(part, name) for part in parts[1:] for name in _OF_ORIGINAL]
        fields += [_head(part) for part in parts if part.get_content_type() == "text/rfc822-headers"]
        found = (token.lower() for field in fields for token in self._token.findall(field[:20_000]))
        return tuple(dict.fromkeys(found))[:_TOKENS]


def _delivery(part: Message, tokens: tuple[str, ...]) -> Report:
    statuses = list(_failures(part))
    hard = [status for status in statuses if status[:2] == "5." and not status.startswith(_OURS)]
    if hard:
        return Report(Returned.HARD, tokens, hard[0])
    return Report(Returned.PASSING, tokens, statuses[0] if statuses else "")


def _failures(part: Message) -> Iterator[str]:
    """The status of each recipient that nothing more is tried for."""
    for block in _inside(part):
        status = _STATUS.match(_field(block, "Status"))
        if status and _field(block, "Action").strip().lower() == "failed":
            yield status[1]


def _first(part: Message) -> Message:
    return next(_inside(part), part)


def _inside(part: Message) -> Iterator[Message]:
    payload = part.get_payload()
    if isinstance(payload, list):
        yield from (one for one in payload if isinstance(one, Message))


def _head(part: Message) -> str:
    payload = part.get_payload()
    return payload if isinstance(payload, str) else ""


def _field(message: Message, name: str) -> str:
    return " ".join(str(value) for value in (message.get_all(name) or [])[:5])
