"""HTML → items: one module per family of pages, each loaded when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from watcher.core.ports import Layout
from watcher.layouts.detection import detect

__all__ = ["NAMES", "detect", "get"]

NAMES = frozenset({"booking", "content", "dsfr", "legacy", "police", "procedure", "regional", "selectors"})


@cache
def get(name: str) -> Layout:
    """The layout of that name.

    Raises:
        KeyError: there is none.
    """
    if name not in NAMES:
        raise KeyError(name)
    layout: Layout = import_module(f"watcher.layouts.{name}").LAYOUT
    return layout
