"""Where to file: rules with the time in which we believed them, and what alerts propose about them.

Revision ID: 0005
Revises: 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.create_table(
        "rules",
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("known_from", sa.BigInteger, nullable=False),
        sa.Column("known_to", sa.BigInteger),
        sa.Column("origin", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_rules"),
    )
    believed = sa.text("known_to IS NULL")
    op.create_index(
        "uq_rules_id", "rules", ["id"], unique=True, sqlite_where=believed, postgresql_where=believed
    )
    op.create_index("ix_rules_id_known_from", "rules", ["id", "known_from"])
    op.create_table(
        "proposals",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("alert", sa.Text, nullable=False),
        sa.Column("made_at", sa.BigInteger, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("settled_at", sa.BigInteger),
        sa.Column("settled_by", sa.Text, nullable=False),
        sa.Column("document", sa.Text, nullable=False),
        sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_proposals_alert"),
        sa.PrimaryKeyConstraint("id", name="pk_proposals"),
    )
    op.create_index("ix_proposals_alert", "proposals", ["alert"])
    op.create_index("ix_proposals_state_made_at", "proposals", ["state", "made_at"])


def downgrade() -> None:
    op.drop_table("proposals")
    op.drop_table("rules")
