"""The rules, as use cases see them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Engine

from storage import rule_rows
from storage.engine import reading, writing
from watcher.core.filing import Rule
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import newer, settled
from watcher.core.filing_store import (
    Accepted,
    Imported,
    NotOpen,
    Origin,
    Overtaken,
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
            return rule_rows.newest(connection)

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
            found = rule_rows.proposed(connection, state=None, alert=None, ids=[proposal])
            if not found or found[0].state is not ProposalState.OPEN:
                return NotOpen(found[0] if found else None)
            suggested = found[0].proposal
            if changed := newer(suggested, rule_rows.read(connection, None)):
                return Overtaken(changed)
            rules = settled(suggested, by, moment)
            rule_rows.write(connection, rules, moment, Origin.ACCEPTED)
            rule_rows.settle(connection, proposal, ProposalState.ACCEPTED, by, at)
            return Accepted(rules)

    def refuse(self, proposal: str, by: str, at: datetime) -> NotOpen | None:
        with writing(self._engine) as connection:
            rule_rows.begin(connection, at)
            found = rule_rows.proposed(connection, state=ProposalState.OPEN, alert=None, ids=[proposal])
            if not found:
                settled_before = rule_rows.proposed(connection, state=None, alert=None, ids=[proposal])
                return NotOpen(settled_before[0] if settled_before else None)
            rule_rows.settle(connection, proposal, ProposalState.REFUSED, by, at)
            return None

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
