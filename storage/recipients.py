"""What sign-ups and subscriptions have in common in their rows: to whom, and what they chose."""

from __future__ import annotations

from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from storage.codec import dump, load
from storage.columns import AnyRow
from watcher.core.subscriptions import Choices, Recipient

NOTHING = {"sealed": b"", "address_index": "", "mailbox": "", "choices": "{}"}
"""The columns of somebody who is forgotten."""


def written(recipient: Recipient, choices: Choices) -> dict[str, Any]:
    return {**address(recipient), "choices": document(choices)}


def address(recipient: Recipient) -> dict[str, Any]:
    return {
        "sealed": recipient.sealed,
        "address_index": recipient.index,
        "mailbox": recipient.mailbox,
    }


def document(choices: Choices) -> str:
    """`ZoneInfoNotFoundError` for a zone that does not exist: no later transaction shall trip over it."""
    ZoneInfo(choices.zone)
    return dump(choices, Choices)


def recipient_of(row: AnyRow) -> Recipient:
    return Recipient(row.sealed, row.address_index, row.mailbox)


def choices_of(row: AnyRow) -> Choices:
    return choices(row.choices)


@lru_cache(maxsize=1024)  # many people choose the same
def choices(document: str) -> Choices:
    return load(document, Choices)
