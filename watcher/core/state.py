"""What is remembered between two polls, and what one poll concludes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from watcher.core.alerts import Alert
from watcher.core.budget import Purse
from watcher.core.changes import Change
from watcher.core.filing_proposals import Proposal
from watcher.core.items import Article, Snapshot
from watcher.core.page import Outcome, Page, Validators
from watcher.core.rhythm import Rhythm
from watcher.core.verdict import Notice, Verdict


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A reading that was not believed: a second one that agrees with it, later, releases it."""

    digest: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Accepted:
    """A page that was doubted and became the baseline because it stayed, without a word to anybody."""

    at: datetime
    before: datetime  # when the page that it took the place of was last read
    reason: str
    version: int = 0  # the number of the snapshot of that one, which is kept meanwhile; 0: not known


@dataclass(frozen=True, slots=True)
class Missing:
    """A key that is waited for: since when, and for how many readings."""

    key: str
    since: datetime
    readings: int = 1


@dataclass(frozen=True, slots=True)
class SourceOutline:
    """What is asked of all sources at once; a fourth of what is known."""

    source: str
    next_poll_at: datetime
    outcome: Outcome | None = None
    last_poll_at: datetime | None = None
    last_read_at: datetime | None = None
    accepted: Accepted | None = field(default=None, kw_only=True)


@dataclass(frozen=True, slots=True)
class SourceState(SourceOutline):
    """What is known of a source between two polls."""

    last_full_at: datetime | None = None  # last reading that was not a 304
    last_changed_at: datetime | None = None
    failures: int = 0
    validators: Validators = field(default_factory=Validators)
    digest: str = ""  # of the cleaned main region of the last accepted page
    glimpse: str = ""  # of that region as it last came
    snapshot: int = 0  # number of the latest snapshot; 0: never read
    suspicion: Suspicion | None = None
    missing: tuple[Missing, ...] = ()
    unread: tuple[Missing, ...] = ()  # new items whose own page could not be read yet
    rhythm: Rhythm | None = None
    documents_at: datetime | None = None  # when a file that the page offers is to be asked for


class ProblemKind(StrEnum):
    UNREACHABLE = "unreachable"
    BLOCKED = "blocked"
    MOVED = "moved"
    GONE = "gone"
    UNREADABLE = "unreadable"  # the layout finds nothing, or nothing believable
    DOCUMENT = "document"  # a file that the page offers cannot be had
    DISALLOWED = "disallowed"
    PLATFORM = "platform"  # an incident: one trouble of many
    SENDER = "sender"  # a way out that cannot be used
    MISUSE = "misuse"  # far more people come or go than usual
    HELD = "held"  # nothing is sent before somebody says so
    SILENT = "silent"  # reads well, and says nothing new for far longer than it ever did
    OVERDUE = "overdue"  # its time has long come, and nobody reads it
    LEFT_OUT = "left_out"  # was watched, and is not any more
    STUCK = "stuck"  # a part of the watch itself does not go on
    UNTOLD = "untold"  # somebody wants an alert that nothing will tell them
    ACCEPTED = "accepted"  # differs as a whole, and is believed because it stayed so
    CANARY = "canary"  # our own page, whose news must arrive, was not told


OF_READING = frozenset(
    {
        ProblemKind.UNREACHABLE,
        ProblemKind.BLOCKED,
        ProblemKind.MOVED,
        ProblemKind.GONE,
        ProblemKind.UNREADABLE,
        ProblemKind.DOCUMENT,
        ProblemKind.DISALLOWED,
    }
)
"""What a poll says of its source, and what a good reading ends."""


SENDING = "sending"
"""The subject of the problem that holds back everything that waits to be sent."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One open trouble of a source, of a whole platform (an incident), of a way out, or of sign-ups."""

    subject: str  # a source id, "platform:NAME", "sender:WAY", "signups", "leaving" or `SENDING`
    kind: ProblemKind
    since: datetime
    evidence: str
    needs_human: bool = False
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PlatformState:
    """Pace and brake of a platform, shared by all who poll it."""

    name: str
    next_request_at: datetime | None = None
    failures: int = 0  # consecutive, on different hosts
    failed_hosts: tuple[str, ...] = ()
    braked_until: datetime | None = None
    brakes: int = 0  # how often in a row the brake was pulled
    speaker: str = ""  # the process that spoke to it last
    purse: Purse = field(default_factory=Purse)


@dataclass(frozen=True, slots=True)
class HeldPlatform:
    """A platform, and the round that speaks to it now, if any."""

    state: PlatformState
    holder: str | None = None
    until: datetime | None = None  # unless it is prolonged


@dataclass(frozen=True, slots=True)
class Duty:
    """What one process does for all of them, or that it is there at all."""

    name: str
    holder: str
    since: datetime
    until: datetime  # unless it is prolonged
    what: str = ""


@dataclass(frozen=True, slots=True)
class PollPlan:
    """Everything one poll concluded, written in one transaction, also after a failure."""

    source: str
    outcome: Outcome
    state: SourceState
    baseline: int  # number of the snapshot that the comparison rests on
    page: Page | None = None  # to be kept raw
    snapshot: Snapshot | None = None
    changes: tuple[Change, ...] = ()
    notices: Mapping[str, Notice] = field(default_factory=dict)  # the texts that were read, by change id
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)  # by change id
    articles: Mapping[str, Article] = field(default_factory=dict)  # by item key
    documents: Mapping[str, Sequence[Page]] = field(default_factory=dict)  # files to be kept, by change id
    alerts: tuple[Alert, ...] = ()
    proposals: tuple[Proposal, ...] = ()  # what the alerts suggest about the rules
    opens: tuple[Problem, ...] = ()
    closes: tuple[str, ...] = ()  # subjects whose open problems end

    @property
    def proves(self) -> bool:
        """Whether its page and the one before are kept: they show a change, or somebody may go back to the one before
        because this one is believed only for having stayed.
        """
        accepted = self.state.accepted
        return bool(self.changes) or (accepted is not None and accepted.at == self.state.last_poll_at)

    @property
    def quiet(self) -> bool:
        """Nothing but the source's state is to be written: were it lost, the poll would merely be done again."""
        return not (
            self.snapshot
            or self.page
            or self.changes
            or self.alerts
            or self.articles
            or self.opens
            or self.closes
        )
