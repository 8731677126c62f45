"""The table of the official list: what is known of its versions, by préfecture."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text

from storage.columns import Words, metadata

official_list = Table(
    "official_list",
    metadata,
    Column("prefecture", Words, primary_key=True),
    Column("document", Text, nullable=False),
)
