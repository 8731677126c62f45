"""Where the rules on filing are read from."""

from __future__ import annotations

from typing import Protocol

from watcher.core.filing_book import RuleBook


class RuleReader(Protocol):
    """Reads the rule base, and changes nothing of it. Both give the very same object until a rule changes."""

    def book(self) -> RuleBook:
        """What we believe now."""

    def versions(self) -> RuleBook:
        """What we ever believed too: for answers as they were known at some moment."""
