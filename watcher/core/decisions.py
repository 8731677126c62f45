"""What maintainers decide about alerts, and the trail that it leaves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from watcher.core.alerts import Alert
from watcher.core.verdict import PartialDate


class Action(StrEnum):
    """What was done. Those of the first group are about alerts, each by a person who looked at it."""

    VERIFY = "verify"
    CORRECT = "correct"
    RETRACT = "retract"
    MUTE = "mute"  # retracted as noise, and its like are not told any more
    ASK = "ask"  # a second person shall decide
    ACCEPT = "accept"  # proposals alone: the alert needed no review
    REFUSE = "refuse"
    UNDO = "undo"

    LOOK = "look"  # a page shall be read again now
    REVERT = "revert"  # a former version of a page is the baseline again; the note is its number
    USER = "user"  # somebody may enter, may do something else, or may not enter any more

    @property
    def settles(self) -> bool:
        """Whether an alert is settled by it, and leaves the queue."""
        return self in {Action.VERIFY, Action.CORRECT, Action.RETRACT, Action.MUTE}


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the trail: written once, never changed; what it did is undone by another one.

    `before` and `after` are the alert as it was and as it became; `notice` is the alert by which readers
    hear of it; `mute` is told once, by the line of the first alert of an order; `undoes` is the number of the
    decision that this one takes back.
    """

    action: Action
    by: str
    at: datetime
    number: int = 0  # given by the store, from 1 on, in the order of time
    alert: str = ""
    subject: str = ""  # what else it is about: a source, somebody's name
    note: str = ""
    before: Alert | None = None
    after: Alert | None = None
    notice: str = ""
    accepted: tuple[str, ...] = ()  # proposals
    refused: tuple[str, ...] = ()
    mute: str = ""
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Edits:
    """What the reviewer says that an alert tells: all of it, not only what differs.

    `kept` are the numbers of the facts that go on as they were; the first fact that is about a channel, or
    else the first of all, takes the values of this form and is not among them.
    """

    categories: tuple[str, ...]  # the most important first; at least one
    is_change: bool
    motifs: tuple[str, ...] = ()
    channel_before: str | None = None
    channel_after: str | None = None
    effective_from: PartialDate | None = None
    effective_to: PartialDate | None = None
    operation: str | None = None
    regime: str | None = None
    territory: str | None = None
    kept: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class MuteWish:
    """What shall be told no more: texts whose title has these words, of one préfecture or ("") of all."""

    words: str
    prefecture: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants done about an alert, and about the same text elsewhere.

    `alerts` are those that it shall hold for; `seen` is the `version` of the case that was shown.
    `accept` and `refuse` are proposals, of VERIFY, ACCEPT and REFUSE alone: the others settle all there are.
    `keep_rules`: a correction or retraction leaves alone the rules that rest on the alert.
    """

    action: Action
    alerts: tuple[str, ...]
    seen: str
    by: str
    note: str = ""
    edits: Edits | None = None  # of CORRECT
    mute: MuteWish | None = None  # of MUTE
    accept: tuple[str, ...] = ()
    refuse: tuple[str, ...] = ()
    keep_rules: bool = False
    undoes: int | None = None  # of UNDO


@dataclass(frozen=True, slots=True)
class Mute:
    """Words that make a title noise. It holds from `at` until `ended_at`."""

    id: str
    words: str
    prefecture: str  # "": all
    by: str
    at: datetime
    alert: str  # the noise that it was made for
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Effects:
    """Everything that one order brings about, written in one transaction.

    `changed` alerts take the place of those with their ids. `notices` are new alerts, which readers are
    told of: everybody who was told of what a notice `corrects`, and, unless it retracts, whoever wants it.
    `verified` alerts are told to those who wait for verified ones. What waits to be sent of `withheld` ones
    is not sent any more; of `unverified` ones, only what waits for those who want verified alerts alone.
    """

    decisions: tuple[Decision, ...]
    changed: tuple[Alert, ...] = ()
    notices: tuple[Alert, ...] = ()
    verified: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()
    accepted: tuple[str, ...] = ()  # proposals: their rules are put in force
    refused: tuple[str, ...] = ()
    reopened: tuple[str, ...] = ()  # proposals that were settled: open again, their rules as they were before
    mutes: tuple[Mute, ...] = ()  # new ones
    unmuted: tuple[str, ...] = ()


class Refusal(StrEnum):
    """Why an order was not carried out; nothing was written."""

    UNKNOWN = "unknown"  # no such alert, proposal or decision
    OVERTAKEN = "overtaken"  # somebody decided since it was shown, or the text changed
    SETTLED = "settled"  # corrected or retracted already: only undoing is left
    OWN = "own"  # whoever asked for a second opinion does not give it
    NOT_ALLOWED = "not_allowed"
    EMPTY = "empty"  # a correction that changes nothing, a mute without enough words
    WRONG = "wrong"  # a day that no calendar has, a name that the vocabulary lacks; the detail is the field
    HIDES_TRUTH = "hides_truth"  # a mute that would have hidden what a person verified
    RULE_CHANGED = "rule_changed"  # a rule changed since the proposal was made
    UNDONE = "undone"  # it was undone already, or later decisions rest on it


@dataclass(frozen=True, slots=True)
class Refused:
    why: Refusal
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Carried:
    """What was written, with the numbers of the decisions."""

    decisions: tuple[Decision, ...]


Outcome = Carried | Refused


@dataclass(frozen=True, slots=True)
class Confirmed:
    """An alert whose labels a person vouched for: one more text to measure and to learn from."""

    alert: Alert
    by: str
    on: date
