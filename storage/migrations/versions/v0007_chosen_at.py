"""Since when a subscription wants what it wants: what came before, it need not have been told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("subscriptions", sa.Column("chosen_at", sa.BigInteger))


def downgrade() -> None:
    op.drop_column("subscriptions", "chosen_at")
