"""The schema. What is asked for in SQL is a column; the rest of a value is one JSON document.

A field added to a value needs no migration: old documents lack it and take its default.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from storage.columns import Moment, Words
from storage.columns import metadata as metadata  # with all tables of this module and of the next
from storage.desk_tables import IS_WAITING
from storage.desk_tables import decisions as decisions
from storage.desk_tables import muted as muted
from storage.desk_tables import mutes as mutes
from storage.desk_tables import sessions as sessions
from storage.desk_tables import users as users
from storage.rule_tables import proposals as proposals
from storage.rule_tables import rules as rules


def _only(name: str | None, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over some of the rows, on PostgreSQL too: to name its dialect would import it at each start."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))


sources = Table(
    "sources",
    metadata,
    Column("id", Words, primary_key=True),
    Column("next_poll_at", Moment, nullable=False, index=True),
    Column("snapshot", Integer, nullable=False),  # number of the latest one, 0 before the first
    Column("state", Text, nullable=False),
    Column("lease_owner", Words),
    Column("lease_until", Moment),
)

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, ForeignKey("sources.id"), nullable=False, index=True),
    Column("evidence", Boolean, nullable=False),  # of changes: kept for ever
    Column("address", Words, nullable=False),
    Column("final_address", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("charset", Words),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("fetched_at", Moment, nullable=False),
    Column("retry_after", BigInteger),  # microseconds
    Column("body", LargeBinary, nullable=False),  # zlib
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("source", Words, ForeignKey("sources.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("taken_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
)

articles = Table(
    "articles",
    metadata,
    Column("source", Words, ForeignKey("sources.id"), primary_key=True),
    Column("item", Words, primary_key=True),
    Column("document", Text, nullable=False),
)

changes = Table(
    "changes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("source", Words, ForeignKey("sources.id"), nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("page", Integer, ForeignKey("pages.id"), index=True),
    Column("document", Text, nullable=False),
    Column("verdict", Text),
    Column("notice", Text),  # the text as it was read, to be read again with other rules
    Index(None, "source", "detected_at"),
    Index(None, "detected_at", "id"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Words, primary_key=True),
    Column("prefecture", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "detected_at", "id"),
    Index(None, "prefecture", "detected_at", "state"),
    _only("ix_alerts_waiting", "detected_at", where=IS_WAITING),
)

alert_categories = Table(
    "alert_categories",
    metadata,
    Column("category", Words, primary_key=True),
    Column("alert", Words, ForeignKey("alerts.id"), primary_key=True),
)

alert_motifs = Table(
    "alert_motifs",
    metadata,
    Column("motif", Words, primary_key=True),
    Column("alert", Words, ForeignKey("alerts.id"), primary_key=True),
)

# On SQLite a virtual table of FTS5, which knows neither keys nor types; on PostgreSQL `words` has a GIN index.
alert_words = Table(
    "alert_words",
    metadata,
    Column("alert", Words, primary_key=True),
    Column("words", Text, nullable=False),  # of the alert, as `alert_words.py` writes them
)

# Of the messages that are still to be sent: a partial index is used when a query says the very same.
IS_OPEN = "state IN ('queued', 'claimed', 'deferred', 'ambiguous')"
IS_ACTIVE = "ended_at IS NULL"
IS_UNSENT = "message IS NULL"
OF_A_RUN = "run IS NOT NULL"
HAS_CONTENT = "content IS NOT NULL"


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
    _only("uq_subscriptions_address_index_way", "address_index", "way", where=IS_ACTIVE, unique=True),
)

bounces = Table(
    "bounces",
    metadata,
    Column("subscription", Words, ForeignKey("subscriptions.id"), primary_key=True),
    Column("day", Words, primary_key=True),
)

contents = Table(
    "contents",
    metadata,
    Column("id", Words, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # zlib
)

digest_runs = Table(
    "digest_runs",
    metadata,
    Column("id", Words, primary_key=True),
    Column("starts_at", Moment, nullable=False),
    Column("ends_at", Moment, nullable=False),
    Column("coverage", Text, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("id", Words, primary_key=True),
    Column("kind", Words, nullable=False),
    Column("way", Words, nullable=False),
    Column("about", Words, nullable=False),  # a subscription or a sign-up, which may be gone
    Column("alerts", Text, nullable=False),
    Column("run", Words),
    Column("created_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("ambiguous", Integer, nullable=False),
    Column("poisoned", Integer, nullable=False),
    Column("content", Words),
    Column("sequence", Integer, nullable=False),
    Column("detail", Words, nullable=False),
    Column("settled_at", Moment),
    Column("state_before", Words),  # the claim
    Column("lease_owner", Words),
    Column("lease_until", Moment),
    Index(None, "way", "state", "due_at"),
    _only(None, "about", where=IS_OPEN),
    _only("uq_messages_about_run", "about", "run", where=OF_A_RUN, unique=True),
    _only(None, "content", "created_at", where=HAS_CONTENT),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Words, primary_key=True),
    Column("alert", Words, ForeignKey("alerts.id"), nullable=False),
    Column("subscription", Words, ForeignKey("subscriptions.id"), nullable=False, index=True),
    Column("way", Words, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("message", Words, ForeignKey("messages.id")),
    UniqueConstraint("alert", "subscription"),
    # With `message`, so that they are counted from the index alone.
    _only("ix_deliveries_unsent_way_due_at", "way", "due_at", "message", where=IS_UNSENT),
    _only("ix_deliveries_unsent_subscription", "subscription", where=IS_UNSENT),
)

problems = Table(
    "problems",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("subject", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("evidence", Words, nullable=False),
    Column("needs_human", Boolean, nullable=False),
    Column("closed_at", Moment),
    Column("open", Boolean),  # true or, once closed, NULL: so that uniqueness binds the open ones alone
    UniqueConstraint("subject", "kind", "open"),
)

robots = Table(
    "robots",
    metadata,
    Column("origin", Text, primary_key=True),  # https://www.cantal.gouv.fr
    Column("until", Moment, nullable=False),
    Column("text", Words, nullable=False),  # the part that speaks to us; "" allows everything
)

platforms = Table(
    "platforms",
    metadata,
    Column("name", Words, primary_key=True),
    Column("state", Text, nullable=False),
    Column("lease_owner", Words),
    Column("lease_until", Moment),
)
