"""What a reader looks for among the alerts: from the address of a page to a `Search`, or to what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from watcher.core.alerts import Alert
from watcher.core.errors import UserError
from watcher.core.feed import FeedQuery, Subject
from watcher.core.full_text import terms
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.speech import Speech
from watcher.core.text import fold

LENGTH, MOST_WORDS = 200, 8
PERIODS = (7, 30, 90)  # days
FIELDS = ("q", "prefecture", "category", "motif", "state", "period", "after")

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = re.compile(r"([0-9]{1,17})-(.{1,100})", re.ASCII | re.DOTALL)


class SearchError(UserError):
    """A search that makes no sense; the message is a line for whoever asked, in their language."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which alerts a reader wants; empty fields want all. `days` back from now, `after` see `Store.alerts`."""

    words: str = ""
    prefecture: str = ""
    category: str = ""
    motif: str = ""
    verified: bool = False
    days: int = 0
    after: tuple[datetime, str] | None = None

    @property
    def narrowed(self) -> bool:
        return replace(self, after=None) != Search()

    @property
    def feed(self) -> FeedQuery | None:
        """The feed of what is wanted: feeds know one subject at most, and no words."""
        subjects = {
            Subject.PREFECTURE: self.prefecture,
            Subject.CATEGORY: self.category,
            Subject.MOTIF: self.motif,
        }
        chosen = [FeedQuery(subject, value) for subject, value in subjects.items() if value]
        if self.words or len(chosen) > 1:
            return None
        return chosen[0] if chosen else FeedQuery()

    @property
    def query(self) -> str:
        """What follows the question mark of its address; the same search always has the same."""
        asked = {
            "q": self.words,
            "prefecture": self.prefecture,
            "category": self.category,
            "motif": self.motif,
            "state": "verified" if self.verified else "",
            "period": str(self.days or ""),
            "after": cursor(*self.after) if self.after else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def since(self, now: datetime) -> datetime | None:
        return now - timedelta(days=self.days) if self.days else None

    def older_than(self, alert: Alert) -> Search:
        return replace(self, after=(alert.detected_at, alert.id))

    def wider(self, speech: Speech) -> tuple[tuple[str, Search], ...]:
        """The same without one of its wishes, each with the words that say which."""
        first = replace(self, after=None)
        found = (
            ("words", replace(first, words="")),
            ("days", replace(first, days=0)),
            ("unverified", replace(first, verified=False)),
            ("motifs", replace(first, motif="")),
            ("categories", replace(first, category="")),
            ("prefectures", replace(first, prefecture="")),
        )
        return tuple((speech.say(f"search.wider.{name}"), one) for name, one in found if one != first)


def asked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every field of the form as it was sent, fit to be shown again; the last counts, others are nothing."""
    sent = {name: value for name, value in pairs if name in FIELDS}
    return {name: one_line(sent.get(name, ""), 2 * LENGTH) for name in FIELDS}


def parse(fields: Mapping[str, str], vocabulary: Vocabulary, speech: Speech) -> Search:
    """What `asked` gave. Raises `SearchError`."""
    prefecture = fields["prefecture"].upper()
    known = {
        "prefecture": (prefecture, vocabulary.prefectures),
        "category": (fields["category"], CATEGORIES),
        "motif": (fields["motif"], vocabulary.motifs),
        "state": (fields["state"], ("all", "verified")),
        "period": (fields["period"], ("all", *map(str, PERIODS))),
    }
    for name, (value, values) in known.items():
        if value and value not in values:
            raise SearchError(speech.say(f"search.unknown.{name}", value=one_line(value, 60)))
    return Search(
        words=_words(fields["q"], speech),
        prefecture=prefecture,
        category=fields["category"],
        motif=fields["motif"],
        verified=fields["state"] == "verified",
        days=int(fields["period"]) if fields["period"] not in {"", "all"} else 0,
        after=_place(fields["after"], speech) if fields["after"] else None,
    )


def cursor(detected_at: datetime, alert: str) -> str:
    return f"{(detected_at - _EPOCH) // _MICROSECOND}-{alert}"


def described(search: Search, vocabulary: Vocabulary, speech: Speech) -> str:
    """``« rendez-vous », Cantal (15), 30 derniers jours``"""
    parts = (
        speech.say("search.quoted", words=search.words) if search.words else "",
        vocabulary.place(search.prefecture) if search.prefecture else "",
        vocabulary.category(search.category, speech.code) if search.category else "",
        vocabulary.motif(search.motif, speech.code) if search.motif else "",
        speech.say("search.verified") if search.verified else "",
        speech.say("search.period", days=search.days) if search.days else "",
    )
    return ", ".join(part for part in parts if part)


def told(search: Search, shown: int, speech: Speech, *, more: bool) -> str:
    """How many were found, as far as it is known."""
    if not shown:
        return speech.say("search.none_older" if search.after else "search.none")
    if search.after:
        older = speech.count(shown, "search.older")
        return speech.say("search.and_others", found=older) if more else older
    if more:
        return speech.say("search.more_than", shown=shown)
    return speech.count(shown, "search.found" if search.narrowed else "search.alerts")


@dataclass(frozen=True, slots=True)
class _Places:
    """The préfectures of the moment, in the order of their codes."""

    vocabulary: Vocabulary

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter([(one, self.vocabulary.place(one)) for one in sorted(self.vocabulary.prefectures)])


def choices(vocabulary: Vocabulary, speech: Speech) -> dict[str, Iterable[tuple[str, str]]]:
    """What the form offers for each field: values and labels, in the order of their labels."""
    code = speech.code
    motifs = [(name, vocabulary.motif(name, code)) for name in vocabulary.motifs]
    return {
        "prefecture": _Places(vocabulary),
        "category": [(name, label.told(code)) for name, label in CATEGORIES.items() if name != "unrelated"],
        "motif": sorted(motifs, key=lambda one: fold(one[1])),
        "state": [("verified", speech.say("search.verified_choice"))],
        "period": [(str(days), speech.say("search.period", days=days)) for days in PERIODS],
    }


def _words(text: str, speech: Speech) -> str:
    if len(text) > LENGTH:
        raise SearchError(speech.say("search.too_long", most=LENGTH))
    words = terms(text)
    if text and not words:
        raise SearchError(speech.say("search.no_word", value=one_line(text, 60)))
    if len(words) > MOST_WORDS:
        raise SearchError(speech.say("search.too_many", most=MOST_WORDS))
    return text


def _place(text: str, speech: Speech) -> tuple[datetime, str]:
    found = _CURSOR.fullmatch(text)
    if not found:
        raise SearchError(speech.say("search.no_place"))
    return _EPOCH + int(found[1]) * _MICROSECOND, found[2]
