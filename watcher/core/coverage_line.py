"""The line of a digest that says what could be read, so that silence never passes for calm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from watcher.core import english, french
from watcher.core.coverage import Coverage, PrefectureCoverage

NAMED = 12  # as many préfectures are named; all of them are on the page about coverage
_DAY = timedelta(hours=36)  # a window no longer than this began yesterday, also when the clocks change


@dataclass(frozen=True, slots=True)
class _Words:
    """The phrases of one language."""

    none_watched: str
    all_read: str
    one_read: str
    some_read: str
    unread: str
    yesterday: str
    since: str
    partly: str
    never: str
    more: str


_WORDS = {
    "fr": _Words(
        none_watched="Aucune préfecture n'est suivie.",
        all_read="Les {all} préfectures suivies ont toutes été lues {since}.",
        one_read="{read} préfecture sur {all} lue {since}.",
        some_read="{read} préfectures sur {all} lues {since}.",
        unread=" Non lues : {names}.",
        yesterday="depuis hier",
        since="depuis le {day}",
        partly="en partie",
        never="jamais",
        more="et {number} autres",
    ),
    "en": _Words(
        none_watched="No préfecture is watched.",
        all_read="All {all} préfectures that are watched were read {since}.",
        one_read="{read} préfecture of {all} read {since}.",
        some_read="{read} préfectures of {all} read {since}.",
        unread=" Not read: {names}.",
        yesterday="since yesterday",
        since="since {day}",
        partly="in part",
        never="never",
        more="and {number} others",
    ),
}
LANGUAGES = tuple(_WORDS)


def coverage_line(covered: Coverage, since: datetime, now: datetime, *, zone: str, language: str) -> str:
    """``99 préfectures sur 101 lues depuis hier. Non lues : Cantal (15), depuis le 3 mars ; …``

    A préfecture counts as read when each of its watched pages was read from `since` on. `now` is when the
    line is made, `zone` the one in which days begin.
    """
    words, days = _WORDS[language], _Days(now, ZoneInfo(zone), language)
    watched = [one for one in covered.prefectures if one.sources]
    if not watched:
        return words.none_watched
    unread = [one for one in watched if not one.oldest_read_at or one.oldest_read_at < since]
    read = len(watched) - len(unread)
    began = words.yesterday if now - since <= _DAY else words.since.format(day=days.of(since))
    if not unread:
        return words.all_read.format(all=len(watched), since=began)
    told = (words.some_read if read > 1 else words.one_read).format(read=read, all=len(watched), since=began)
    names = [_unread(words, one, since, days) for one in unread[:NAMED]]
    if len(unread) > NAMED:
        names.append(words.more.format(number=len(unread) - NAMED))
    return days.unbroken(told + words.unread.format(names=f"{days.pause} ".join(names)))


def _unread(words: _Words, one: PrefectureCoverage, since: datetime, days: _Days) -> str:
    """``Cantal (15), depuis le 3 mars``; in part, when another of its pages was read."""
    name = f"{one.prefecture.name} ({one.prefecture.code})"
    last = one.oldest_read_at
    when = words.since.format(day=days.of(last)) if last else words.never
    partly = one.last_read_at is not None and one.last_read_at >= since
    return ", ".join([name, *([words.partly] if partly else []), when])


@dataclass(frozen=True, slots=True)
class _Days:
    """How one language writes days, as seen at `now` from one zone."""

    now: datetime
    zone: ZoneInfo
    language: str

    @property
    def pause(self) -> str:
        return " ;" if self.language == "fr" else ";"

    def of(self, moment: datetime) -> str:
        """``3 mars``; the year is told when it is another."""
        local = moment.astimezone(self.zone).date()
        text: str = french.day(local) if self.language == "fr" else english.day(local)
        return (
            text.removesuffix(f" {local.year}") if local.year == self.now.astimezone(self.zone).year else text
        )

    def unbroken(self, text: str) -> str:
        return french.unbroken(text) if self.language == "fr" else text
