"""What libraries dress their output in where they find it, and a process that nobody looks at does without."""

from __future__ import annotations

import sys

_FINERY = ("rich", "pygments", "charset_normalizer", "greenlet")
"""Of structlog, httpx and mako; the guesses of bs4, which is handed text here and never bytes; and what SQLAlchemy
needs for asyncio."""


def go_plain() -> None:
    """Before any of those is imported: nine megabytes less, for as long as the process lives."""
    for name in _FINERY:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # as if it were not installed
