"""The whole schema of the first release."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    _sources()
    _readings()
    _changes()
    _alerts()
    _outbox()
    _troubles()


def downgrade() -> None:
    for table in (
        *("deliveries", "subscriptions", "alert_motifs", "alert_categories", "alerts"),
        *("changes", "articles", "snapshots", "pages", "sources", "problems", "platforms", "robots"),
    ):
        op.drop_table(table)


def _sources() -> None:
    op.create_table(
        "sources",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("next_poll_at", sa.BigInteger, nullable=False),
        sa.Column("snapshot", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.PrimaryKeyConstraint("id", name="pk_sources"),
    )
    op.create_index("ix_sources_next_poll_at", "sources", ["next_poll_at"])


def _readings() -> None:
    op.create_table(
        "pages",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("evidence", sa.Boolean, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("final_address", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("charset", sa.Text),
        sa.Column("etag", sa.Text),
        sa.Column("last_modified", sa.Text),
        sa.Column("fetched_at", sa.BigInteger, nullable=False),
        sa.Column("retry_after", sa.BigInteger),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name="fk_pages_source"),
        sa.PrimaryKeyConstraint("id", name="pk_pages"),
    )
    op.create_index("ix_pages_source", "pages", ["source"])
    op.create_table(
        "snapshots",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name="fk_snapshots_source"),
        sa.PrimaryKeyConstraint("source", "number", name="pk_snapshots"),
    )
    op.create_table(
        "articles",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("item", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name="fk_articles_source"),
        sa.PrimaryKeyConstraint("source", "item", name="pk_articles"),
    )


def _changes() -> None:
    op.create_table(
        "changes",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("detected_at", sa.BigInteger, nullable=False),
        sa.Column("page", sa.Integer),
        sa.Column("document", sa.Text, nullable=False),
        sa.Column("verdict", sa.Text),
        sa.Column("notice", sa.Text),
        sa.ForeignKeyConstraint(["source"], ["sources.id"], name="fk_changes_source"),
        sa.ForeignKeyConstraint(["page"], ["pages.id"], name="fk_changes_page"),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_source_detected_at", "changes", ["source", "detected_at"])
    op.create_index("ix_changes_detected_at_id", "changes", ["detected_at", "id"])
    op.create_index("ix_changes_page", "changes", ["page"])


def _alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("prefecture", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("detected_at", sa.BigInteger, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
    )
    op.create_index("ix_alerts_detected_at_id", "alerts", ["detected_at", "id"])
    op.create_index("ix_alerts_prefecture_detected_at", "alerts", ["prefecture", "detected_at"])
    for table, word in (("alert_categories", "category"), ("alert_motifs", "motif")):
        op.create_table(
            table,
            sa.Column(word, sa.Text, nullable=False),
            sa.Column("alert", sa.Text, nullable=False),
            sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name=f"fk_{table}_alert"),
            sa.PrimaryKeyConstraint(word, "alert", name=f"pk_{table}"),
        )


def _outbox() -> None:
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


def _troubles() -> None:
    op.create_table(
        "problems",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("since", sa.BigInteger, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("needs_human", sa.Boolean, nullable=False),
        sa.Column("closed_at", sa.BigInteger),
        sa.Column("open", sa.Boolean),
        sa.PrimaryKeyConstraint("id", name="pk_problems"),
        sa.UniqueConstraint("subject", "kind", "open", name="uq_problems_subject_kind_open"),
    )
    op.create_table(
        "platforms",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("lease_owner", sa.Text),
        sa.Column("lease_until", sa.BigInteger),
        sa.PrimaryKeyConstraint("name", name="pk_platforms"),
    )
    op.create_table(
        "robots",
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("until", sa.BigInteger, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("origin", name="pk_robots"),
    )
