"""The phrases of mails, one catalogue file for each language beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

Texts = Mapping[str, Mapping[str, str]]
"""Phrases with ``{named}`` places, by section."""

CODES = ("fr", "en")


@cache
def texts(code: str) -> Texts:
    """French for a language that there is none for."""
    known = code if code in CODES else CODES[0]
    found: Texts = tomllib.loads((files(__package__) / f"texts_{known}.toml").read_text(encoding="utf-8"))
    return found
