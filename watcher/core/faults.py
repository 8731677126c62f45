"""What may be said of an error that is ours."""

from __future__ import annotations

import traceback
from pathlib import Path


def what_and_where(error: Exception) -> str:
    """``ValueError mail.py:120``: what an error says may hold an address, and is not told."""
    place = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} {Path(place.filename).name}:{place.lineno}"
