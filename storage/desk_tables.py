"""The tables of the desk: who may enter, what was decided, what is told no more."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text

from storage.columns import Moment, Words, metadata

users = Table(
    "users",
    metadata,
    Column("name", Words, primary_key=True),
    Column("role", Words, nullable=False),
    Column("password", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("disabled_at", Moment),
)

sessions = Table(
    "sessions",
    metadata,
    Column("key", Words, primary_key=True),
    Column("user", Words, ForeignKey("users.name"), nullable=False, index=True),
    Column("form_key", Words, nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("expires_at", Moment, nullable=False, index=True),
)

# Triggers refuse to change a row of this table, or to remove one.
decisions = Table(
    "decisions",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("action", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("alert", Words),
    Column("undoes", Integer, unique=True),
    Column("document", Text, nullable=False),
    Index(None, "alert", "number"),
    Index(None, "action", "number"),
    Index(None, "by", "number"),
    Index(None, "at"),
)

mutes = Table(
    "mutes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("words", Words, nullable=False),
    Column("prefecture", Words, nullable=False),
    Column("by", Words, nullable=False),
    Column("at", Moment, nullable=False),
    Column("alert", Words, ForeignKey("alerts.id"), nullable=False),
    Column("ended_at", Moment),
)

muted = Table(
    "muted",
    metadata,
    Column("mute", Words, primary_key=True),
    Column("change", Words, ForeignKey("changes.id"), primary_key=True),
)

IS_WAITING = "state = 'unverified'"
"""Of alerts that nobody decided on: a partial index is used when a query says the very same."""
