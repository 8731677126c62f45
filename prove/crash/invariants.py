"""What must hold whatever was killed: read from the database and from what receivers got, by nobody's help.

Numbers are those of the list of invariants: I1 one delivery for each alert and subscription, I2 a poll is
whole or absent, I3 what was accepted is not sent again, I4 a suspect page leaves nothing behind, I5 what is
done again changes nothing, I6 each source tells when it was last read, I8 no address but sealed, I9 the
database is sound, I10 nothing vanishes. (I7, whole feeds, is kept by there being no feed on disk.)
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Protocol
from urllib.parse import urlsplit

from prove.crash.outside import Copy
from storage.packing import unpack_document

Pair = tuple[str, str]
"""An alert, and whom it is for: their id in the database."""

SETTLED = {"accepted", "expired", "shunted"}


class Database(Protocol):
    """Seen from outside of the program."""

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]: ...

    def faults(self) -> Sequence[str]:
        """What the database itself finds wrong with it."""

    def holds(self, texts: Collection[str]) -> Sequence[str]:
        """Which of these its files hold."""


@dataclass
class Found:
    """What is wrong, and what had to be counted. `lost` and `doubled` are pairs of alert and subscriber."""

    broken: list[str] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0  # by messages with different ids: a receiver that knows the id is told twice
    copies: int = 0  # more than one of the same id
    ambiguous: int = 0  # messages of which the program knows that it does not know

    def needs(self, what: str, *, holds: bool) -> None:
        if not holds:
            self.broken.append(what)


def torn(database: Database) -> list[str]:
    """Right after the kill, before anybody repairs anything: I1, I2, I9."""
    found = Found()
    for fault in database.faults():
        found.broken.append(f"I9 {fault}")
    _poll_is_whole(database, found)
    promised = set(_pairs(database, "SELECT alert, subscription FROM deliveries"))
    found.needs("I1 deliveries differ from alerts and who is subscribed", holds=promised == _due(database))
    return found.broken


def _poll_is_whole(database: Database, found: Found) -> None:
    """Whatever a baseline shows that the one before did not was written down as a change."""
    changed = set()
    for (body,) in database.rows("SELECT body FROM changes"):
        change = json.loads(unpack_document(body))["change"]
        changed |= {item["key"] for item in (change["before"], change["after"]) if item}
    baselines: dict[str, list[dict[str, str]]] = defaultdict(list)
    for source, body in database.rows("SELECT source, body FROM snapshots ORDER BY source, number"):
        items = json.loads(unpack_document(body))["items"]
        baselines[source].append({item["key"]: json.dumps(item, sort_keys=True) for item in items})
    for source, following in baselines.items():
        for before, after in pairwise(following):
            new = {key for key in after if before.get(key) != after[key]}
            found.needs(f"I2 a baseline of {source} is ahead of its changes", holds=bool(new & changed))
    newest = dict(database.rows("SELECT source, max(number) FROM snapshots GROUP BY source"))
    known = dict(database.rows("SELECT id, snapshot FROM sources"))
    found.needs("I2 a state is ahead of its baseline", holds=all(known[s] == n for s, n in newest.items()))
    orphans = database.rows("SELECT id FROM alerts WHERE id NOT IN (SELECT id FROM changes)")
    found.needs("I2 an alert without its change", holds=not orphans)


def whole(
    database: Database, copies: Sequence[Copy], truth: Collection[Pair], names: Mapping[str, str]
) -> Found:
    """When everything has recovered and nothing is left to do. `truth` is what changed, as kind and path;
    `names` gives the subscription of each receiver.
    """
    found = Found(broken=torn(database))
    told = Counter(_told(database))
    found.needs(f"F04 alerts {sorted(told.elements())} are not {sorted(truth)}", holds=told == Counter(truth))
    _settled(database, found)
    _arrived(database, copies, names, found)
    found.needs("I5 something came after all was done", holds=not any(copy.late for copy in copies))
    unread = database.rows("SELECT id FROM sources WHERE state NOT LIKE '%last_read_at\":\"20%'")
    found.needs("I6 a source does not say when it was read", holds=not unread)
    held = [*database.holds([copy.to for copy in copies if "@" in copy.to])]
    found.needs(f"I8 {held} in the database", holds=not held)
    return found


def _settled(database: Database, found: Found) -> None:
    states: Counter[str] = Counter()
    for state, carried in database.rows(
        "SELECT messages.state, deliveries.id FROM deliveries LEFT JOIN messages ON messages.id = message"
    ):
        states[state or "without a message"] += bool(carried)
    found.needs(f"I10 deliveries are {dict(states)}", holds=set(states) <= SETTLED)
    leases = database.rows("SELECT id FROM messages WHERE state = 'claimed'")
    found.needs("I10 a message is still held by the dead", holds=not leases)
    found.ambiguous = len(database.rows("SELECT id FROM messages WHERE ambiguous > 0"))


def _arrived(database: Database, copies: Sequence[Copy], names: Mapping[str, str], found: Found) -> None:
    """I3, and what receivers make of it who keep the first message of an id and pass over the others."""
    first: dict[tuple[str, str], Copy] = {}
    for copy in copies:
        known = first.setdefault((copy.to, copy.id), copy)
        found.copies += known is not copy
        same = (known.alerts, known.body, known.sequence) == (copy.alerts, copy.body, copy.sequence)
        found.needs(f"I3 two messages to {copy.to} under one id differ", holds=same)
    got = Counter((alert, names[copy.to]) for copy in first.values() for alert in copy.alerts)
    gone = set(_pairs(database, _GIVEN_UP))
    owed = _due(database) - gone
    found.lost = len(owed - got.keys())
    found.doubled = sum(number - 1 for number in got.values())
    found.needs(f"I10 lost: {sorted(owed - got.keys())}", holds=not found.lost)
    found.needs("F03 told twice by different messages", holds=not found.doubled)
    found.needs("somebody was told what was not for them", holds=got.keys() <= _due(database))
    numbers = sorted(copy.sequence for copy in first.values() if copy.sequence)
    found.needs(f"web-hook numbers are {numbers}", holds=numbers == [*range(1, len(numbers) + 1)])


_GIVEN_UP = """
    SELECT alert, subscription FROM deliveries
    JOIN messages ON messages.id = message JOIN subscriptions ON subscriptions.id = subscription
    WHERE messages.state = 'expired' AND subscriptions.ended_at IS NOT NULL
"""


def _due(database: Database) -> set[Pair]:
    """Each alert is for whoever was subscribed when it was seen; here everybody wants everything."""
    return set(
        _pairs(
            database,
            "SELECT alerts.id, subscriptions.id FROM alerts JOIN subscriptions "
            "ON confirmed_at <= detected_at AND (ended_at IS NULL OR ended_at > detected_at)",
        )
    )


def _told(database: Database) -> list[Pair]:
    documents = (json.loads(document) for (document,) in database.rows("SELECT document FROM alerts"))
    return [(one["kind"], urlsplit(one["address"]).path) for one in documents]


def _pairs(database: Database, sql: str) -> list[Pair]:
    return [(str(one), str(other)) for one, other in database.rows(sql)]
