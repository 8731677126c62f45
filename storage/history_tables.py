"""The tables of the past: what archives kept of the pages that are watched. The watch's own readings are elsewhere."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint

from storage.columns import Moment, Words, metadata

captures = Table(
    "captures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, nullable=False),  # whose page it is, or the page of one of whose items
    Column("page", Words, nullable=False),  # its canonical address
    Column("taken_at", Moment, nullable=False),
    Column("digest", Words, nullable=False),
    Column("address", Words, nullable=False),  # as it was captured
    Column("status", Integer, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("charset", Words),
    Column("headers", LargeBinary, nullable=False),  # packed JSON
    Column("archive", Words, nullable=False),
    Column("payload", Words, nullable=False, index=True),
    Column("body", LargeBinary, nullable=False),  # as `packing.py` makes it small, against `base`
    Column("base", Integer),  # a whole one of the same page
    UniqueConstraint("source", "page", "taken_at", "digest"),
)

past_addresses = Table(
    "past_addresses",
    metadata,
    Column("page", Words, primary_key=True),  # the canonical address
    Column("address", Words, nullable=False),
    Column("source", Words, nullable=False),
)

past_snapshots = Table(
    "past_snapshots",
    metadata,
    Column("source", Words, primary_key=True),
    Column("taken_at", Moment, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # the document, as `packing.py` makes it small
)

past_changes = Table(
    "past_changes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("source", Words, nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("before", Integer, ForeignKey("captures.id")),
    Column("after", Integer, ForeignKey("captures.id"), nullable=False),
    Column("told", Boolean, nullable=False),  # there is an alert
    Column("body", LargeBinary, nullable=False),  # what was read, as `changes` keeps it
    Index(None, "source", "detected_at"),
)

replays = Table(
    "replays",
    metadata,
    Column("source", Words, primary_key=True),
    Column("captures", Integer, nullable=False),  # of it that were there when they were last looked through
)
