"""What is stored costs no more to read, and little room, however much there is of it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from storage import alert_words, home
from storage.codec import load
from storage.packing import pack_document, unpack_document
from storage.pages import unpacked
from watcher.core.alerts import Alert

revision = "0008"
down_revision = "0007"

_BATCH = 500
_INDEXES = (  # name, table, columns, where
    ("ix_pages_passing", "pages", ["source"], "NOT evidence"),
    ("ix_alerts_detected_at_prefecture_state", "alerts", ["detected_at", "prefecture", "state"], None),
    ("ix_alerts_state_detected_at", "alerts", ["state", "detected_at"], None),
    ("ix_alerts_prefecture_state_detected_at", "alerts", ["prefecture", "state", "detected_at"], None),
    ("ix_alerts_root", "alerts", ["root"], "root IS NOT NULL"),
    ("ix_alerts_alike_detected_at", "alerts", ["alike", "detected_at"], "alike IS NOT NULL"),
    ("ix_subscriptions_ended_at", "subscriptions", ["ended_at"], "ended_at IS NOT NULL"),
    ("ix_subscriptions_way_choices_id", "subscriptions", ["way", "choices", "id"], "ended_at IS NULL"),
    ("ix_messages_way_ambiguous", "messages", ["way", "ambiguous"], "ambiguous > 0"),
    ("ix_changes_detected_at_source", "changes", ["detected_at", "source"], None),
    ("ix_deliveries_message", "deliveries", ["message"], "message IS NOT NULL"),
    ("ix_problems_closed_at", "problems", ["closed_at"], "closed_at IS NOT NULL"),
    (
        "ix_messages_settled_at_way_state",
        "messages",
        ["settled_at", "way", "state"],
        "settled_at IS NOT NULL",
    ),
)


def upgrade() -> None:
    _history()
    _problems()
    _installation()
    _duties()
    _discovery()


def downgrade() -> None:
    for table in ("searches", "site_proposals", "sightings", "explorations"):
        op.drop_table(table)
    op.drop_table("duties")
    op.drop_table("installation")
    _problems_back()
    _history_back()


def _history() -> None:
    op.add_column("pages", sa.Column("headers", sa.LargeBinary))
    op.add_column("pages", sa.Column("base", sa.Integer))
    op.add_column("pages", sa.Column("depth", sa.Integer, nullable=False, server_default="0"))
    op.add_column("snapshots", sa.Column("body", sa.LargeBinary, nullable=False, server_default=""))
    _convert("snapshots", ("source", "number"), "document", "body", pack_document)
    op.drop_column("snapshots", "document")
    op.add_column("articles", sa.Column("body", sa.LargeBinary, nullable=False, server_default=""))
    _convert("articles", ("source", "item"), "document", "body", pack_document)
    op.drop_column("articles", "document")
    _join_changes()
    op.add_column("alerts", sa.Column("root", sa.Text))
    op.add_column("alerts", sa.Column("alike", sa.Text))
    _know_alerts(op.get_bind())
    op.drop_index("ix_alerts_detected_at_id", "alerts")
    op.drop_index("ix_alerts_waiting", "alerts")
    op.drop_index("ix_changes_detected_at_id", "changes")
    for name, table, columns, where in _INDEXES:
        only = None if where is None else sa.text(where)
        op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def _history_back() -> None:
    for name, table, _, _ in reversed(_INDEXES):
        op.drop_index(name, table)
    op.create_index("ix_alerts_detected_at_id", "alerts", ["detected_at", "id"])
    op.create_index("ix_changes_detected_at_id", "changes", ["detected_at", "id"])
    waiting = sa.text("state = 'unverified'")
    op.create_index(
        "ix_alerts_waiting", "alerts", ["detected_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.drop_column("alerts", "alike")
    op.drop_column("alerts", "root")
    op.add_column("snapshots", sa.Column("document", sa.Text, nullable=False, server_default=""))
    _convert("snapshots", ("source", "number"), "body", "document", unpack_document)
    op.drop_column("snapshots", "body")
    op.add_column("articles", sa.Column("document", sa.Text, nullable=False, server_default=""))
    _convert("articles", ("source", "item"), "body", "document", unpack_document)
    op.drop_column("articles", "body")
    _part_changes()
    _make_whole(op.get_bind())
    op.drop_column("pages", "depth")
    op.drop_column("pages", "base")
    op.drop_column("pages", "headers")


def _join_changes() -> None:
    """What was read, and how it was understood, in one document with the change."""
    nothing = sa.text("false")
    op.add_column("changes", sa.Column("understood", sa.Boolean, nullable=False, server_default=nothing))
    op.add_column("changes", sa.Column("body", sa.LargeBinary, nullable=False, server_default=""))
    connection = op.get_bind()
    write = sa.text("UPDATE changes SET body = :body, understood = :understood WHERE id = :id")
    for rows in _all(connection, "SELECT id, document, notice, verdict FROM changes"):
        made = [
            {
                "id": name,
                "body": pack_document(
                    f'{{"change":{change},"notice":{notice or "null"},"verdict":{verdict or "null"}}}'
                ),
                "understood": bool(notice and verdict),
            }
            for name, change, notice, verdict in rows
        ]
        connection.execute(write, made)
    for column in ("document", "notice", "verdict"):
        op.drop_column("changes", column)


def _part_changes() -> None:
    op.add_column("changes", sa.Column("document", sa.Text, nullable=False, server_default=""))
    op.add_column("changes", sa.Column("notice", sa.Text))
    op.add_column("changes", sa.Column("verdict", sa.Text))
    connection = op.get_bind()
    write = sa.text(
        "UPDATE changes SET document = :change, notice = :notice, verdict = :verdict WHERE id = :id"
    )
    for rows in _all(connection, "SELECT id, body FROM changes"):
        for name, body in rows:
            parts = json.loads(unpack_document(body)).items()
            values = {
                key: json.dumps(value, separators=(",", ":")) if value else None for key, value in parts
            }
            connection.execute(write, {"id": name, **values})
    op.drop_column("changes", "body")
    op.drop_column("changes", "understood")


def _convert(table: str, key: tuple[str, ...], old: str, new: str, step: Callable[[Any], Any]) -> None:
    connection = op.get_bind()
    named = " AND ".join(f"{name} = :{name}" for name in key)
    write = sa.text(f"UPDATE {table} SET {new} = :made WHERE {named}")  # noqa: S608  # of constants
    for rows in _all(connection, f"SELECT {', '.join(key)}, {old} FROM {table}"):  # noqa: S608
        made = [{**dict(zip(key, row, strict=False)), "made": step(row[-1])} for row in rows]
        connection.execute(write, made)


def _all(connection: sa.Connection, query: str) -> Iterator[Any]:
    """A batch at a time; what is written meanwhile is not what is read."""
    with connection.execute(sa.text(query), execution_options={"yield_per": _BATCH}) as found:
        yield from found.partitions()


def _know_alerts(connection: sa.Connection) -> None:
    """What alerts are found by, their states among their words."""
    query = sa.text("SELECT id, document FROM alerts WHERE id > :last ORDER BY id LIMIT :batch")
    know = sa.text("UPDATE alerts SET root = :root, alike = :alike WHERE id = :id")
    connection.execute(sa.text("DELETE FROM alert_words"))
    last = ""
    while rows := connection.execute(query, {"last": last, "batch": _BATCH}).all():
        told = [load(document, Alert) for _, document in rows]
        alert_words.add(connection, told)
        known = [
            {"id": one.id, "root": root, "alike": one.group or None}
            for one in told
            if (root := _root(one)) or one.group
        ]
        if known:
            connection.execute(know, known)
        last = rows[-1][0]


def _root(alert: Alert) -> str | None:
    return None if alert.root == alert.id else alert.root


def _make_whole(connection: sa.Connection) -> None:
    """As every page was kept before: by itself."""
    write = sa.text("UPDATE pages SET body = :body, base = NULL WHERE id = :id")
    for rows in _all(connection, "SELECT id, body, base FROM pages"):
        for number, body, base in rows:
            whole = zlib.compress(unpacked(connection, body, base), 1)
            connection.execute(write, {"id": number, "body": whole})


_END_UNTOLD = "told_at IS NOT NULL AND end_told_at IS NULL AND closed_at IS NOT NULL"


def _problems() -> None:
    """Which problems maintainers were written to about."""
    for name in ("told_at", "end_told_at"):
        op.add_column("problems", sa.Column(name, sa.BigInteger))
        op.create_index(f"ix_problems_{name}", "problems", [name])
    where = sa.text(_END_UNTOLD)
    op.create_index(
        "ix_problems_end_untold", "problems", ["closed_at"], sqlite_where=where, postgresql_where=where
    )


def _problems_back() -> None:
    op.drop_index("ix_problems_end_untold", "problems")
    for name in ("end_told_at", "told_at"):
        op.drop_index(f"ix_problems_{name}", "problems")
        op.drop_column("problems", name)


def _duties() -> None:
    """Which processes there are, and who does what for all."""
    op.create_table(
        "duties",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.PrimaryKeyConstraint("name", name="pk_duties"),
    )


def _installation() -> None:
    op.create_table(
        "installation",
        sa.Column("place", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("place", name="pk_installation"),
    )
    home.settle(op.get_bind())


def _discovery() -> None:
    """What was seen of each site, and what is proposed about it."""
    op.create_table(
        "explorations",
        sa.Column("prefecture", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("prefecture", name="pk_explorations"),
    )
    op.create_table(
        "sightings",
        sa.Column("prefecture", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("prefecture", "number", name="pk_sightings"),
    )
    op.create_table(
        "site_proposals",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("prefecture", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("settled_by", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_site_proposals"),
    )
    op.create_index("ix_site_proposals_state_prefecture", "site_proposals", ["state", "prefecture"])
    op.create_index("ix_site_proposals_prefecture_source", "site_proposals", ["prefecture", "source"])
    op.create_table(
        "searches",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_searches"),
    )
