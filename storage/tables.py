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
)

from storage import discovery_tables as discovery_tables
from storage import documents as documents
from storage import history_tables as history_tables
from storage import listing_tables as listing_tables
from storage.columns import Moment, Words, only
from storage.columns import metadata as metadata  # with all tables of this module and of the next two
from storage.desk_tables import decisions as decisions
from storage.desk_tables import muted as muted
from storage.desk_tables import mutes as mutes
from storage.desk_tables import sessions as sessions
from storage.desk_tables import users as users
from storage.home import installation as installation
from storage.people_tables import address_histories as address_histories
from storage.people_tables import bounces as bounces
from storage.people_tables import signups as signups
from storage.people_tables import subscriptions as subscriptions
from storage.people_tables import suppressions as suppressions
from storage.rule_tables import proposals as proposals
from storage.rule_tables import rules as rules
from storage.watch_tables import duties as duties

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

IS_PASSING = "NOT evidence"
"""Of pages that nothing rests on: dropped when the next comes."""

pages = Table(
    "pages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("source", Words, ForeignKey("sources.id"), nullable=False, index=True),
    Column("evidence", Boolean, nullable=False),  # before or after a change: kept for ever
    Column("address", Words, nullable=False),
    Column("final_address", Words, nullable=False),
    Column("status", Integer, nullable=False),
    Column("content_type", Words, nullable=False),
    Column("charset", Words),
    Column("etag", Words),
    Column("last_modified", Words),
    Column("fetched_at", Moment, nullable=False),
    Column("retry_after", BigInteger),  # microseconds
    Column("headers", LargeBinary),  # packed JSON; not known of pages from before schema 0008
    Column("body", LargeBinary, nullable=False),  # as `packing.py` makes it small, against `base`
    Column("base", Integer),  # the page it differs from, which is evidence; itself whole where there is none
    Column("depth", Integer, nullable=False),  # how many it rests on
    only("ix_pages_passing", "source", where=IS_PASSING),
)

snapshots = Table(
    "snapshots",
    metadata,
    Column("source", Words, ForeignKey("sources.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("taken_at", Moment, nullable=False),
    Column("body", LargeBinary, nullable=False),  # the document, as `packing.py` makes it small
)

articles = Table(
    "articles",
    metadata,
    Column("source", Words, ForeignKey("sources.id"), primary_key=True),
    Column("item", Words, primary_key=True),
    Column("body", LargeBinary, nullable=False),  # the document, as `packing.py` makes it small
)

changes = Table(
    "changes",
    metadata,
    Column("id", Words, primary_key=True),
    Column("source", Words, ForeignKey("sources.id"), nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("page", Integer, ForeignKey("pages.id"), index=True),
    Column("understood", Boolean, nullable=False),  # it was read, and has a verdict
    Column("body", LargeBinary, nullable=False),  # all of it, as `packing.py` makes it small
    Index(None, "source", "detected_at"),
    Index(None, "detected_at", "source"),
)

alerts = Table(
    "alerts",
    metadata,
    Column("id", Words, primary_key=True),
    Column("prefecture", Words, nullable=False),
    Column("state", Words, nullable=False),
    Column("detected_at", Moment, nullable=False),
    Column("document", Text, nullable=False),
    Column("root", Words),  # of a notice: the alert that a poll found
    Column("alike", Words),  # equal for the same text in several préfectures
    Column("historical", Boolean, nullable=False),  # found in the past: told to nobody
    # With `historical`, so that those are passed over without being read.
    Index(None, "detected_at", "prefecture", "state", "historical"),
    Index(None, "prefecture", "detected_at", "state", "historical"),
    Index(None, "state", "detected_at", "historical"),
    Index(None, "prefecture", "state", "detected_at", "historical"),
    only(None, "root", where="root IS NOT NULL"),
    only(None, "alike", "detected_at", where="alike IS NOT NULL"),
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
IS_UNSENT = "message IS NULL"
OF_A_RUN = "run IS NOT NULL"
HAS_CONTENT = "content IS NOT NULL"
IS_SETTLED = "settled_at IS NOT NULL"
IS_DOUBTFUL = "ambiguous > 0"
IS_CLOSED = "closed_at IS NOT NULL"
IS_CARRIED = "message IS NOT NULL"
IS_END_UNTOLD = "told_at IS NOT NULL AND end_told_at IS NULL AND closed_at IS NOT NULL"


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
    only(None, "about", where=IS_OPEN),
    only("uq_messages_about_run", "about", "run", where=OF_A_RUN, unique=True),
    only(None, "content", "created_at", where=HAS_CONTENT),
    only(None, "settled_at", "way", "state", where=IS_SETTLED),
    only(None, "way", "ambiguous", where=IS_DOUBTFUL),
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
    only(None, "message", where=IS_CARRIED),  # or each message that is forgotten reads them all
    # With `message`, so that they are counted from the index alone.
    only("ix_deliveries_unsent_way_due_at", "way", "due_at", "message", where=IS_UNSENT),
    only("ix_deliveries_unsent_subscription", "subscription", where=IS_UNSENT),
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
    Column("told_at", Moment, index=True),  # to maintainers, by mail
    Column("end_told_at", Moment, index=True),
    UniqueConstraint("subject", "kind", "open"),
    only(None, "closed_at", where=IS_CLOSED),
    only("ix_problems_end_untold", "closed_at", where=IS_END_UNTOLD),
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
