"""The types of columns, and how what belongs to tables is named."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

from sqlalchemy import BigInteger, Dialect, Index, MetaData, Row, Text, TypeDecorator, text

AnyRow: TypeAlias = Row[*tuple[Any, ...]]

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def moment(value: datetime) -> int:
    """Whole microseconds since 1970 UTC."""
    if value.tzinfo is None:
        raise ValueError(f"a time without zone: {value!r}")
    return (value - _EPOCH) // _MICROSECOND


def instant(value: int) -> datetime:
    """What `moment` was given."""
    return _EPOCH + value * _MICROSECOND


def storable(value: str) -> str:
    """The same text, but U+FFFD for what no database can hold: NUL and lone surrogates."""
    if value.isascii() and "\0" not in value:
        return value
    return value.replace("\0", "�").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


class Moment(TypeDecorator[datetime]):
    """An aware time, kept as `moment` gives it: exact, and ordered on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return None if value is None else moment(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return None if value is None else instant(value)


class Words(TypeDecorator[str]):
    """Text from anywhere, made `storable`."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else storable(value)


metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def only(name: str | None, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over some of the rows, on PostgreSQL too: to name its dialect would import it at each start."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where))
