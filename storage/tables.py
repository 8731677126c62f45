"""The schema. What is asked for in SQL is a column; the rest of a value is one JSON document.

A field added to a value needs no migration: old documents lack it and take its default.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as whole microseconds since 1970 UTC: exact, and ordered on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone: {value!r}")
        return (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _EPOCH + value * _MICROSECOND


class Words(TypeDecorator[str]):
    """Text from anywhere. What no database can hold (NUL, lone surrogates) becomes U+FFFD."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or (value.isascii() and "\0" not in value):
            return value
        return value.replace("\0", "�").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

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

subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Words, primary_key=True),
    Column("confirmed_at", Moment, nullable=False),
    Column("interest", Text, nullable=False),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Words, primary_key=True),
    Column("alert", Words, ForeignKey("alerts.id"), nullable=False),
    Column("subscription", Words, ForeignKey("subscriptions.id"), nullable=False),
    Column("state", Words, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", Moment, nullable=False),
    UniqueConstraint("alert", "subscription"),
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
