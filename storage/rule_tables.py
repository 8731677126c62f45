"""The tables of rules and proposals."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, text

from storage.columns import Moment, Words, metadata

_BELIEVED = text("known_to IS NULL")

# A row is one version of a rule. It is never changed but once, when `known_to` is filled.
rules = Table(
    "rules",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", Words, nullable=False),
    Column("known_from", Moment, nullable=False),
    Column("known_to", Moment),
    Column("origin", Words, nullable=False),
    Column("document", Text, nullable=False),
    # Partial on PostgreSQL too: to name its dialect here would import it at each start.
    Index("uq_rules_id", "id", unique=True, sqlite_where=_BELIEVED),
    Index(None, "id", "known_from"),
    Index(None, "known_to"),
)

proposals = Table(
    "proposals",
    metadata,
    Column("id", Words, primary_key=True),
    Column("alert", Words, ForeignKey("alerts.id"), nullable=False, index=True),
    Column("made_at", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("settled_at", Moment),
    Column("settled_by", Words, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "state", "made_at"),
)
