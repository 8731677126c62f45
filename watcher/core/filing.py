"""Where an application is filed: one rule, and what a book of rules answers.

A rule holds in two times. `valid_from` … `valid_to` is when the préfecture works that way; `known_from` …
`known_to` is when we believed so. Both are half-open: the first is in, the second is not. What was
answered as known at some moment is answered so for ever.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import NamedTuple

from watcher.core.verdict import PartialDate, parts_of

LOCAL = "local"
"""A channel of its own: not on ANEF, each préfecture decides, and how it decides is not said here."""

ON_ANEF = frozenset({"anef", "anef_natali"})
OUTSIDE_ANEF, EVERY_GROUND = "hors_anef", "tous"
"""Motifs that stand for many: grounds that are not on ANEF, and all of them."""

NO_GROUNDS = frozenset(
    {
        *("dcem", "duplicata", "changement_adresse", "titre_voyage", "recepisse", "attestation_prolongation"),
        *("asile", "brexit", "protection_temporaire", "naturalisation_decret", "naturalisation_declaration"),
    }
)
"""Motifs that are no ground of a permit: what is said of many grounds is not said of them."""

NATIONAL = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a rule rests on: an alert, an official address, the words that say it; each may be ""."""

    alert: str = ""
    address: str = ""
    sentence: str = ""


class Slot(NamedTuple):
    """For whom a rule is: rules of one slot replace each other."""

    territory: str
    motif: str
    operation: str
    regime: str


@dataclass(frozen=True, slots=True)
class Rule:
    """How one slot is filed, for a time. Contents from the maintainers or from their file, not from strangers.

    A partial date means "some day of then". `valid_from` unknown: since a day that nobody told; evidence
    first shows it on `seen_on`, and before that day it is not sure. Neither: as far back as anybody knows.
    """

    id: str
    motif: str
    operation: str  # "": any
    territory: str  # "": the whole country; "69": a département; "94-nogent-sur-marne": a part of one
    regime: str  # "": any nationality without a rule of its own
    channel: str  # an id of the vocabulary, or `LOCAL`
    address: str  # "": not known
    valid_from: PartialDate | None
    valid_to: PartialDate | None
    evidence: tuple[Evidence, ...]
    checked_on: date
    checked_by: str
    known_from: datetime
    known_to: datetime | None = None
    note_fr: str = ""
    note_en: str = ""
    seen_on: date | None = None

    @property
    def slot(self) -> Slot:
        return Slot(self.territory, self.motif, self.operation, self.regime)

    @property
    def prefecture(self) -> str:
        """The département's code; "" for a national rule."""
        return self.territory.partition("-")[0]

    @property
    def believed(self) -> bool:
        return self.known_to is None

    def believed_at(self, moment: datetime | None) -> bool:
        """Whether we believed it at this moment, which is now when it is `None`."""
        if moment is None:
            return self.known_to is None
        return self.known_from <= moment and (self.known_to is None or moment < self.known_to)


class Held(Enum):
    """Whether a rule is in force on a day."""

    YES = "yes"
    NOT_YET = "not_yet"
    OVER = "over"
    UNSURE = "unsure"  # the day on which it begins or ends is not told, and this may be it


class Why(StrEnum):
    """What became of a rule, or of a territory, while an answer was looked for."""

    TAKEN = "taken"
    NOTHING = "nothing"  # no rule there
    NOT_YET = "not_yet"
    OVER = "over"
    UNSURE = "unsure"
    OTHER_OPERATION = "other_operation"
    OTHER_REGIME = "other_regime"
    OTHER_PLACE = "other_place"  # for a part of the département that was asked about
    ON_ANEF = "on_anef"  # a rule for grounds outside ANEF, and this one is on it
    ANEF_UNKNOWN = "anef_unknown"  # … and nobody knows whether this one is
    LESS_CLOSE = "less_close"  # a rule that is closer or more exact had answered


class Known(StrEnum):
    """What kind of answer there is."""

    CHANNEL = "channel"
    LOCAL = "local"  # not on ANEF; how the préfecture does it is not known
    UNSURE = "unsure"  # a rule may or may not be in force on that day
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Look:
    """One thing that was looked at; `rule` is `None` for a territory without any."""

    territory: str
    rule: Rule | None
    why: Why


@dataclass(frozen=True, slots=True)
class Answer:
    """Where to file, on a day, as known at a moment, and how that was found.

    `rule` is `None` for UNSURE and UNKNOWN: nothing is guessed. `variants` are narrower rules in force (for
    one operation, one nationality, one part of the département) in what was left open, at least as close as
    `rule`. `previous`: what
    answered before, newest first. `conflicts`: rules in force that say otherwise and are as good.
    """

    known: Known
    rule: Rule | None
    looked: tuple[Look, ...]
    previous: tuple[Rule, ...] = ()
    conflicts: tuple[Rule, ...] = ()
    variants: tuple[Rule, ...] = ()

    @property
    def since(self) -> PartialDate | None:
        return self.rule.valid_from if self.rule else None

    @property
    def since_at_latest(self) -> date | None:
        """When `since` is not known: a day on which it was already so."""
        return self.rule.seen_on if self.rule and not self.rule.valid_from else None

    @property
    def until(self) -> PartialDate | None:
        return self.rule.valid_to if self.rule else None

    @property
    def channels(self) -> tuple[str, ...]:
        """The channels that a reader meets: the rule's, or those of the variants where it only says `LOCAL`."""
        if self.known is Known.CHANNEL and self.rule:
            return (self.rule.channel,)
        return tuple(dict.fromkeys(rule.channel for rule in self.variants))


def held(rule: Rule, on: date) -> Held:
    """Whether `rule` is in force on a day."""
    if rule.valid_to:
        ends, over = span(rule.valid_to)
        if on >= over - _DAY:
            return Held.OVER
        if on >= ends:
            return Held.UNSURE
    if rule.valid_from:
        begins, begun = span(rule.valid_from)
        if on < begins:
            return Held.NOT_YET
        return Held.UNSURE if on < begun - _DAY else Held.YES
    return Held.UNSURE if rule.seen_on and on < rule.seen_on else Held.YES


_DAY = timedelta(days=1)


def span(value: PartialDate) -> tuple[date, date]:
    """The first day that a partial date may mean, and the day after the last.

    `ValueError` for no date, or one that no rule can have: sums with days stay within the calendar.
    """
    parts = parts_of(value)
    if parts is None or not 1900 <= parts[0] <= 2999:
        raise ValueError(f"no date: {value!r}")
    year, month, day = parts
    if day:
        first = date(year, month, day)
        return first, first + _DAY
    if month:
        return date(year, month, 1), date(year + month // 12, month % 12 + 1, 1)
    return date(year, 1, 1), date(year + 1, 1, 1)


def begins(rule: Rule) -> date:
    """The first day on which a rule may be in force; the first of all days when none is known."""
    return span(rule.valid_from)[0] if rule.valid_from else date.min


def chain(territory: str) -> tuple[str, ...]:
    """A territory and what it lies in, closest first: ``94-nogent-sur-marne``, ``94``, ``""``."""
    code, dash, _ = territory.partition("-")
    return tuple(dict.fromkeys((territory, code, NATIONAL) if dash else (territory, NATIONAL)))


def spoken_for(motif: str) -> tuple[str, ...]:
    """The motifs whose rules may speak for one, itself first."""
    if motif in NO_GROUNDS or motif == EVERY_GROUND:
        return (motif,)
    return tuple(dict.fromkeys((motif, OUTSIDE_ANEF, EVERY_GROUND)))


def ordered(rules: Sequence[Rule]) -> list[Rule]:
    """For people and files: country first, then by territory, motif, operation, nationality and day."""
    return sorted(rules, key=lambda rule: (*rule.slot, begins(rule), rule.id, rule.known_from))
