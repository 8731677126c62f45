"""What is found in the past is marked as such."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

_INDEXES = (  # of alerts: by what they are found
    ("detected_at", "prefecture", "state"),
    ("prefecture", "detected_at", "state"),
    ("state", "detected_at"),
    ("prefecture", "state", "detected_at"),
)


def upgrade() -> None:
    _marked()
    _captured()
    _listed()
    _received()


def downgrade() -> None:
    op.drop_table("documents")
    op.drop_table("official_list")
    for table in ("past_changes", "captures", "past_addresses", "past_snapshots", "replays"):
        op.drop_table(table)
    _marked_back()


def _marked() -> None:
    nothing = sa.text("false")
    op.add_column("alerts", sa.Column("historical", sa.Boolean, nullable=False, server_default=nothing))
    for columns in _INDEXES:
        _drop(columns)
        _create((*columns, "historical"))


def _captured() -> None:
    """What archives kept of the pages that are watched, and what changed between captures."""
    op.create_table(
        "captures",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("charset", sa.Text),
        sa.Column("headers", sa.LargeBinary, nullable=False),
        sa.Column("archive", sa.Text, nullable=False),
        sa.Column("payload", sa.Text, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.Column("base", sa.Integer),
        sa.PrimaryKeyConstraint("id", name="pk_captures"),
        sa.UniqueConstraint(
            "source", "page", "taken_at", "digest", name="uq_captures_source_page_taken_at_digest"
        ),
    )
    op.create_index("ix_captures_payload", "captures", ["payload"])
    _concluded()


def _concluded() -> None:
    op.create_table(
        "past_addresses",
        sa.Column("page", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("page", name="pk_past_addresses"),
    )
    op.create_table(
        "past_snapshots",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("taken_at", sa.BigInteger, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.PrimaryKeyConstraint("source", "taken_at", name="pk_past_snapshots"),
    )
    op.create_table(
        "past_changes",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("detected_at", sa.BigInteger, nullable=False),
        sa.Column("before", sa.Integer),
        sa.Column("after", sa.Integer, nullable=False),
        sa.Column("told", sa.Boolean, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["before"], ["captures.id"], name="fk_past_changes_before_captures"),
        sa.ForeignKeyConstraint(["after"], ["captures.id"], name="fk_past_changes_after_captures"),
        sa.PrimaryKeyConstraint("id", name="pk_past_changes"),
    )
    op.create_index("ix_past_changes_source_detected_at", "past_changes", ["source", "detected_at"])
    op.create_table(
        "replays",
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("captures", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("source", name="pk_replays"),
    )


def _listed() -> None:
    op.create_table(
        "official_list",
        sa.Column("prefecture", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("prefecture", name="pk_official_list"),
    )


def _received() -> None:
    """Files that changes rest on."""
    op.create_table(
        "documents",
        sa.Column("change", sa.Text, nullable=False),
        sa.Column("address", sa.Text, nullable=False),
        sa.Column("content_type", sa.Text, nullable=False),
        sa.Column("fetched_at", sa.BigInteger, nullable=False),
        sa.Column("headers", sa.LargeBinary, nullable=False),
        sa.Column("body", sa.LargeBinary, nullable=False),
        sa.ForeignKeyConstraint(["change"], ["changes.id"], name="fk_documents_change_changes"),
        sa.PrimaryKeyConstraint("change", "address", name="pk_documents"),
    )


def _marked_back() -> None:
    """Of the past nothing stays: a program of before would take it for news."""
    alerts = sa.table("alerts", sa.column("id"), sa.column("historical", sa.Boolean))
    found = sa.select(alerts.c.id).where(alerts.c.historical)
    for name in ("alert_words", "alert_categories", "alert_motifs"):
        table = sa.table(name, sa.column("alert"))
        op.execute(sa.delete(table).where(table.c.alert.in_(found)))
    op.execute(sa.delete(alerts).where(alerts.c.historical))
    for columns in _INDEXES:
        _drop((*columns, "historical"))
        _create(columns)
    op.drop_column("alerts", "historical")


def _create(columns: tuple[str, ...]) -> None:
    op.create_index(f"ix_alerts_{'_'.join(columns)}", "alerts", list(columns))


def _drop(columns: tuple[str, ...]) -> None:
    op.drop_index(f"ix_alerts_{'_'.join(columns)}", "alerts")
