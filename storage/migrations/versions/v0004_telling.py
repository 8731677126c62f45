"""Sign-ups, subscriptions with addresses, and messages.

The subscriptions of before had no address, and no command made any: nothing of them is taken over.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("subscriptions")
    _asked()
    _subscribed()
    _messages()
    _deliveries()


def downgrade() -> None:
    for table in (
        *("deliveries", "messages", "digest_runs", "contents", "bounces"),
        *("subscriptions", "suppressions", "address_histories", "signups"),
    ):
        op.drop_table(table)
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=False),
        sa.Column("interest", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_deliveries_alert"),
        sa.ForeignKeyConstraint(["subscription"], ["subscriptions.id"], name="fk_deliveries_subscription"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("alert", "subscription", name="uq_deliveries_alert_subscription"),
    )


def _index_some(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    rows = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=rows, postgresql_where=rows)


def _asked() -> None:
    op.create_table(
        "signups",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("address_index", sa.Text, nullable=False),
        sa.Column("mailbox", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_signups"),
    )
    for column in ("address_index", "mailbox", "asked_at", "due_at"):
        op.create_index(f"ix_signups_{column}", "signups", [column])
    op.create_index("ix_signups_state_asked_at", "signups", ["state", "asked_at"])
    op.create_table(
        "address_histories",
        sa.Column("mailbox", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("counts_until", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name="pk_address_histories"),
    )
    op.create_index("ix_address_histories_counts_until", "address_histories", ["counts_until"])
    op.create_table(
        "suppressions",
        sa.Column("mailbox", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.PrimaryKeyConstraint("mailbox", name="pk_suppressions"),
    )


def _subscribed() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("address_index", sa.Text, nullable=False),
        sa.Column("mailbox", sa.Text, nullable=False),
        sa.Column("choices", sa.Text, nullable=False),
        sa.Column("confirmed_at", sa.BigInteger, nullable=False),
        sa.Column("asked_at", sa.BigInteger, nullable=False),
        sa.Column("consent", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("ended_at", sa.BigInteger),
        sa.Column("ended_reason", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_subscriptions"),
    )
    _index_some(
        "uq_subscriptions_address_index_way",
        "subscriptions",
        ["address_index", "way"],
        "ended_at IS NULL",
        unique=True,
    )
    op.create_table(
        "bounces",
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("day", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["subscription"], ["subscriptions.id"], name="fk_bounces_subscription"),
        sa.PrimaryKeyConstraint("subscription", "day", name="pk_bounces"),
    )


def _messages() -> None:
    op.create_table(
        "contents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_contents"),
    )
    op.create_table(
        "digest_runs",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("starts_at", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.BigInteger, nullable=False),
        sa.Column("coverage", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest_runs"),
    )
    op.create_table(
        "messages",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("about", sa.Text, nullable=False),
        sa.Column("alerts", sa.Text, nullable=False),
        sa.Column("run", sa.Text),
        sa.Column("created_at", sa.BigInteger, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("ambiguous", sa.Integer, nullable=False),
        sa.Column("poisoned", sa.Integer, nullable=False),
        sa.Column("content", sa.Text),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("state_before", sa.Text),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_messages"),
    )
    op.create_index("ix_messages_way_state_due_at", "messages", ["way", "state", "due_at"])
    is_open = "state IN ('queued', 'claimed', 'deferred', 'ambiguous')"
    _index_some("ix_messages_about", "messages", ["about"], is_open)
    _index_some("uq_messages_about_run", "messages", ["about", "run"], "run IS NOT NULL", unique=True)
    _index_some(
        "ix_messages_content_created_at", "messages", ["content", "created_at"], "content IS NOT NULL"
    )


def _deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("subscription", sa.Text, nullable=False),
        sa.Column("way", sa.Text, nullable=False),
        sa.Column("due_at", sa.BigInteger, nullable=False),
        sa.Column("message", sa.Text),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_deliveries_alert"),
        sa.ForeignKeyConstraint(["subscription"], ["subscriptions.id"], name="fk_deliveries_subscription"),
        sa.ForeignKeyConstraint(["message"], ["messages.id"], name="fk_deliveries_message"),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("alert", "subscription", name="uq_deliveries_alert_subscription"),
    )
    op.create_index("ix_deliveries_subscription", "deliveries", ["subscription"])
    unsent = "message IS NULL"
    _index_some("ix_deliveries_unsent_way_due_at", "deliveries", ["way", "due_at", "message"], unsent)
    _index_some("ix_deliveries_unsent_subscription", "deliveries", ["subscription"], unsent)
