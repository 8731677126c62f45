"""Alerts are found by their words, those that are there already too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import alert_words
from storage.codec import load
from watcher.core.alerts import Alert

revision = "0002"
down_revision = "0001"

_BATCH = 500


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name == "sqlite":
        # `ascii` takes each letter beyond ASCII for a letter: words stay as they were made.
        op.execute(
            "CREATE VIRTUAL TABLE alert_words USING fts5(alert UNINDEXED, words, "
            "tokenize='ascii', detail='none', columnsize=0, prefix='1 2 3')"
        )
    else:
        op.create_table(
            "alert_words",
            sa.Column("alert", sa.Text, nullable=False),
            sa.Column("words", sa.Text, nullable=False),
            sa.ForeignKeyConstraint(["alert"], ["alerts.id"], name="fk_alert_words_alert"),
            sa.PrimaryKeyConstraint("alert", name="pk_alert_words"),
        )
        op.execute(
            "CREATE INDEX ix_alert_words_words ON alert_words "
            "USING gin (array_to_tsvector(string_to_array(words, ' ')))"
        )
    _index_all(connection)


def downgrade() -> None:
    op.drop_table("alert_words")


def _index_all(connection: sa.Connection) -> None:
    query = sa.text("SELECT id, document FROM alerts WHERE id > :last ORDER BY id LIMIT :batch")
    last = ""
    while rows := connection.execute(query, {"last": last, "batch": _BATCH}).all():
        alert_words.add(connection, [load(document, Alert) for _, document in rows])
        last = rows[-1][0]
