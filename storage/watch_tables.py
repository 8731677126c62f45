"""The table of the processes themselves: who is there, and who does what for all."""

from __future__ import annotations

from sqlalchemy import Column, Table

from storage.columns import Moment, Words, metadata

duties = Table(
    "duties",
    metadata,
    Column("name", Words, primary_key=True),
    Column("what", Words, nullable=False),
    Column("since", Moment, nullable=False),
    Column("lease_owner", Words),
    Column("lease_until", Moment),
)
