"""Alerts are counted per préfecture from an index alone, retracted ones left out."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_index(
        "ix_alerts_prefecture_detected_at_state", "alerts", ["prefecture", "detected_at", "state"]
    )
    op.drop_index("ix_alerts_prefecture_detected_at", "alerts")


def downgrade() -> None:
    op.create_index("ix_alerts_prefecture_detected_at", "alerts", ["prefecture", "detected_at"])
    op.drop_index("ix_alerts_prefecture_detected_at_state", "alerts")
