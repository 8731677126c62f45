"""The tables of people: who asked, who confirmed, who left, whose mail came back."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, Text

from storage.columns import Moment, Words, metadata, only

IS_ACTIVE = "ended_at IS NULL"
HAS_ENDED = "ended_at IS NOT NULL"

signups = Table(
    "signups",
    metadata,
    Column("id", Words, primary_key=True),
    Column("way", Words, nullable=False),
    Column(
        "sealed", LargeBinary, nullable=False
    ),  # empty once confirmed or silenced, as all that is personal
    Column("address_index", Words, nullable=False, index=True),
    Column("mailbox", Words, nullable=False, index=True),
    Column("choices", Text, nullable=False),
    Column("asked_at", Moment, nullable=False, index=True),
    Column("consent", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("due_at", Moment, index=True),  # of the confirmation, as it was decided
    Index(None, "state", "asked_at"),
)

address_histories = Table(
    "address_histories",
    metadata,
    Column("mailbox", Words, primary_key=True),
    Column("document", Text, nullable=False),
    Column("counts_until", Moment, nullable=False, index=True),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("mailbox", Words, primary_key=True),
    Column("reason", Words, nullable=False),
    Column("since", Moment, nullable=False),
)

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("way", Words, nullable=False),
    Column("sealed", LargeBinary, nullable=False),  # empty once it ended, as all that is personal
    Column("address_index", Words, nullable=False),
    Column("mailbox", Words, nullable=False),
    Column("choices", Text, nullable=False),
    Column("confirmed_at", Moment, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("consent", Words, nullable=False),
    Column("sequence", Integer, nullable=False),  # of the last message that was made for it
    Column("ended_at", Moment),
    Column("ended_reason", Words),
    Column("chosen_at", Moment),  # of the choices, where they are not those of the confirmation
    only("uq_subscriptions_address_index_way", "address_index", "way", where=IS_ACTIVE, unique=True),
    only(None, "way", "choices", "id", where=IS_ACTIVE),  # who wants what, from the index alone
    only(None, "ended_at", where=HAS_ENDED),
)

bounces = Table(
    "bounces",
    metadata,
    Column("subscription", Words, ForeignKey("subscriptions.id"), primary_key=True),
    Column("day", Words, primary_key=True),
)
