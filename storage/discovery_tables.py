"""The tables of discovery: what was seen of each site, and what is proposed about it."""

from __future__ import annotations

from sqlalchemy import Column, Float, Index, Integer, Table, Text

from storage.columns import Moment, Words, metadata

explorations = Table(
    "explorations",
    metadata,
    Column("prefecture", Words, primary_key=True),
    Column("document", Text, nullable=False),
)

sightings = Table(
    "sightings",
    metadata,
    Column("prefecture", Words, primary_key=True),
    Column("number", Integer, primary_key=True),  # in the order in which pages were asked for
    Column("document", Text, nullable=False),
)

site_proposals = Table(
    "site_proposals",
    metadata,
    Column("id", Words, primary_key=True),
    Column("prefecture", Words, nullable=False),
    Column("source", Words, nullable=False),  # whose page has moved; "" of a new one
    Column("confidence", Float, nullable=False),
    Column("made_at", Moment, nullable=False),
    Column("state", Words, nullable=False),
    Column("settled_at", Moment),
    Column("settled_by", Words, nullable=False),
    Column("document", Text, nullable=False),
    Index(None, "state", "prefecture"),
    Index(None, "prefecture", "source"),
)

searches = Table(
    "searches",
    metadata,
    Column("source", Words, primary_key=True),
    Column("at", Moment, nullable=False),  # when its page was last looked for
)
