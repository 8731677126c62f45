"""The desk: users, sessions, decisions that nobody can change afterwards, and what is told no more.

Revision ID: 0006
Revises: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

# On SQLite a row could also be replaced, which fires no trigger of what it takes the place of.
_FOR_EVER_ON_SQLITE = [
    f"CREATE TRIGGER decisions_{what.lower()} BEFORE {what} ON decisions {when}"
    "BEGIN SELECT RAISE(ABORT, 'decisions are for ever'); END"
    for what, when in (
        ("UPDATE", ""),
        ("DELETE", ""),
        ("INSERT", "WHEN EXISTS (SELECT 1 FROM decisions WHERE number = NEW.number OR undoes = NEW.undoes) "),
    )
]
_FOR_EVER_ON_POSTGRESQL = [
    "CREATE FUNCTION decisions_for_ever() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'decisions are for ever'; END $$",
    "CREATE TRIGGER decisions_rows BEFORE UPDATE OR DELETE ON decisions "
    "FOR EACH ROW EXECUTE FUNCTION decisions_for_ever()",
    "CREATE TRIGGER decisions_all BEFORE TRUNCATE ON decisions "
    "FOR EACH STATEMENT EXECUTE FUNCTION decisions_for_ever()",
]


def upgrade() -> None:
    _users()
    _decisions()
    _mutes()
    waiting = sa.text("state = 'unverified'")
    op.create_index(
        "ix_alerts_waiting", "alerts", ["detected_at"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.create_index("ix_rules_known_to", "rules", ["known_to"])


def downgrade() -> None:
    op.drop_index("ix_rules_known_to", "rules")
    op.drop_index("ix_alerts_waiting", "alerts")
    for table in ("muted", "mutes", "decisions", "sessions", "users"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION decisions_for_ever")


def _users() -> None:
    op.create_table(
        "users",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("password", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("disabled_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("name", name="pk_users"),
    )
    op.create_table(
        "sessions",
        sa.Column("key", sa.Text, nullable=False),
        sa.Column("user", sa.Text, nullable=False),
        sa.Column("form_key", sa.Text, nullable=False),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("expires_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["user"], ["users.name"], name="fk_sessions_user"),
        sa.PrimaryKeyConstraint("key", name="pk_sessions"),
    )
    op.create_index("ix_sessions_user", "sessions", ["user"])
    op.create_index("ix_sessions_expires_at", "sessions", ["expires_at"])


def _decisions() -> None:
    op.create_table(
        "decisions",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("alert", sa.Text),
        sa.Column("undoes", sa.Integer),
        sa.Column("document", sa.Text, nullable=False),
        sa.UniqueConstraint("undoes", name="uq_decisions_undoes"),
        sa.PrimaryKeyConstraint("number", name="pk_decisions"),
    )
    for column in ("alert", "action", "by"):
        op.create_index(f"ix_decisions_{column}_number", "decisions", [column, "number"])
    op.create_index("ix_decisions_at", "decisions", ["at"])
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for statement in _FOR_EVER_ON_SQLITE if on_sqlite else _FOR_EVER_ON_POSTGRESQL:
        op.execute(statement)


def _mutes() -> None:
    op.create_table(
        "mutes",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("prefecture", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.BigInteger, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_mutes_alert"),
        sa.PrimaryKeyConstraint("id", name="pk_mutes"),
    )
    op.create_table(
        "muted",
        sa.Column("mute", sa.Text, nullable=False),
        sa.Column("change", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name="fk_muted_change"),
        sa.PrimaryKeyConstraint("mute", "change", name="pk_muted"),
    )
