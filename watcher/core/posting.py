"""What comes of sending a body to somebody's server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from watcher.core.page import FailureKind

LARGEST_BODY = 64 * 1024  # bytes that are sent
LARGEST_ANSWER = 4 * 1024  # bytes that are read


@dataclass(frozen=True, slots=True)
class Posted:
    """The server answered; `body`: at most the first `LARGEST_ANSWER` bytes of what it said, or as many as agreed."""

    status: int
    body: bytes
    retry_after: timedelta | None  # as asked for, within what we are willing to wait


@dataclass(frozen=True, slots=True)
class PostFailure:
    """No answer. Only of which kind: more would tell whoever owns the address about our network."""

    kind: FailureKind


class Poster(Protocol):
    """Sends bodies to public servers. Several threads may share one."""

    def post(
        self, address: str, body: bytes, headers: Sequence[tuple[str, str]] = ()
    ) -> Posted | PostFailure:
        """One POST to one checked address: no redirects, no second try, never an exception for what a server does."""
