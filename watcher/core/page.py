"""What a fetch brings back, and how a reading of it ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Outcome(StrEnum):
    """How one reading of a source ended. Only `accepting` outcomes may move the baseline."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    UNCHANGED = "unchanged"
    MOVED = "moved"
    BLOCKED = "blocked"
    MAINTENANCE = "maintenance"
    SOFT_404 = "soft_404"
    GONE = "gone"
    TRUNCATED = "truncated"
    EMPTY = "empty"
    IMPLAUSIBLE = "implausible"
    UNREACHABLE = "unreachable"
    REFUSED = "refused"
    DISALLOWED = "disallowed"
    UNSUPPORTED = "unsupported"
    POSTPONED = "postponed"
    SUPERSEDED = "superseded"

    @property
    def read(self) -> bool:
        """The page was seen as it is: the source is fresh."""
        return self in {Outcome.OK, Outcome.NOT_MODIFIED, Outcome.UNCHANGED, Outcome.MOVED}


class FailureKind(StrEnum):
    """Why there is no page."""

    DNS = "dns"
    CONNECT = "connect"
    TLS = "tls"
    TIMEOUT = "timeout"
    RESET = "reset"
    PROTOCOL = "protocol"
    TRUNCATED = "truncated"
    TOO_LARGE = "too_large"
    BOMB = "decompression_bomb"
    REDIRECT_LOOP = "redirect_loop"
    REDIRECT_REFUSED = "redirect_refused"
    FORBIDDEN_ADDRESS = "forbidden_address"
    BAD_ADDRESS = "bad_address"
    ROBOTS = "robots"
    ROBOTS_UNREACHABLE = "robots_unreachable"

    @property
    def transient(self) -> bool:
        """Whether trying again later, unchanged, may succeed."""
        return self in _TRANSIENT

    @property
    def of_the_platform(self) -> bool:
        """Whether it says something about the server rather than about this page."""
        return self in _PLATFORM


_PLATFORM = frozenset(
    {
        FailureKind.DNS,
        FailureKind.CONNECT,
        FailureKind.TLS,
        FailureKind.TIMEOUT,
        FailureKind.RESET,
        FailureKind.ROBOTS_UNREACHABLE,
    }
)
_TRANSIENT = _PLATFORM | {FailureKind.PROTOCOL, FailureKind.TRUNCATED}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server gave to ask "has it changed since?"; both `None` when it gave nothing usable."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """One whole answer with a body, whatever its status. `body` is inflated and otherwise raw."""

    address: str
    final_address: str
    status: int
    body: bytes
    content_type: str  # media type without parameters, lower case; "" when absent
    charset: str | None  # from the header, only if it is one that pages may declare
    validators: Validators
    fetched_at: datetime
    retry_after: timedelta | None = None
    redirects: tuple[int, ...] = ()  # the statuses that led to the final address
    headers: tuple[tuple[str, str], ...] = ()  # of the answer, as they were received
    archive: str = ""  # the file or the address of the archive that kept it; "" of what the watch read itself


@dataclass(frozen=True, slots=True)
class NotModified:
    """The server answered 304 to a conditional request."""

    address: str
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class FetchFailure:
    """No page, and why; an expected failure, hence a value."""

    address: str
    kind: FailureKind
    detail: str
    fetched_at: datetime
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch came to and what it cost (redirects and robots.txt included)."""

    result: Page | NotModified | FetchFailure
    requests: int
    wire_bytes: int
