"""The rules, as use cases see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from storage import rule_rows, rule_settling
from storage.engine import reading, writing
from watcher.core.filing import Rule
from watcher.core.filing_book import RuleBook
from watcher.core.filing_store import (
    Accepted,
    Imported,
    NotOpen,
    Origin,
    ProposalState,
    Recorded,
    Settling,
    compared,
)


class SqlRules:
    """A `Rules` on a database whose schema is today's. Threads may share it; every method is one
    transaction and raises `StorageError` when the database fails it.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def version(self) -> int:
        with reading(self._engine) as connection:
            return rule_rows.version(connection)

    def load(self, as_known_at: datetime | None = None) -> RuleBook:
        with reading(self._engine) as connection:
            return RuleBook(rule_rows.read(connection, as_known_at))

    def load_all(self) -> RuleBook:
        with reading(self._engine) as connection:
            return RuleBook(rule_rows.read_all(connection))

    def proposals(
        self,
        *,
        state: ProposalState | None = None,
        alert: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> Sequence[Recorded]:
        with reading(self._engine) as connection:
            return rule_rows.proposed(connection, state=state, alert=alert, ids=ids)

    def accept(self, proposal: str, by: str, at: datetime) -> Settling:
        with writing(self._engine) as connection:
            moment = rule_rows.begin(connection, at)
            rules = rule_settling.accept(connection, [proposal], by, moment)
            return Accepted(rules) if isinstance(rules, tuple) else rules

    def refuse(self, proposal: str, by: str, at: datetime) -> NotOpen | None:
        with writing(self._engine) as connection:
            rule_rows.begin(connection, at)
            return rule_settling.refuse(connection, [proposal], by, at)

    def bring(self, rules: Iterable[Rule], at: datetime, origin: Origin, *, dry: bool = False) -> Imported:
        brought = tuple(rules)
        with reading(self._engine) as connection:
            seen = compared(rule_rows.origins(connection), brought, origin)
        if dry or not seen.differences:
            return seen
        with writing(self._engine) as connection:
            moment = rule_rows.begin(connection, at)
            seen = compared(rule_rows.origins(connection), brought, origin)
            rule_rows.write(connection, [change.after for change in seen.differences], moment, origin)
        return seen
