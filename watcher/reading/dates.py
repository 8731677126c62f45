"""French dates, as far as a text tells them.

A year that is not written comes from the weekday and from the day of publication; what neither settles
stays unknown. A day that does not exist is no date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from watcher.core.verdict import PartialDate
from watcher.reading.date_words import (
    DAY,
    MONTH,
    NO_OTHER,
    WEEKDAY,
    YEAR,
    chained_year,
    comes_each_year,
    day_of,
    is_a_number,
    month_of,
    names_a_street,
    weekday_before,
    weekday_of,
)

_HOUR = r"(?:,? ?a? ?(?:partir de )?[0-2]?[0-9] ?h(?:eures?)? ?(?:[0-5][0-9])?)?"
_SPAN = re.compile(
    rf"(?<![\w/])(?:(?P<w1>{WEEKDAY}) )?(?P<d1>{DAY})\b(?: (?P<m1>{MONTH})(?: (?P<y1>{YEAR}))?)?{_HOUR}"
    rf"(?:, (?:(?:{WEEKDAY}) )?(?>{DAY})\b(?! {MONTH})){{0,31}}+"  # of one month: any number would take its square
    rf"(?: ?[,/-] ?| et (?:le |du )?| au | jusqu'au )(?:(?P<w2>{WEEKDAY}) )?"
    rf"(?P<d2>{DAY}) (?P<m2>{MONTH})(?: (?P<y2>{YEAR})\b|{NO_OTHER})"
)
_WORDED = re.compile(
    rf"(?<![\w/])(?:(?P<w>{WEEKDAY}) )?(?P<d>{DAY}) (?P<m>{MONTH})"
    rf"(?:,? (?P<y>{YEAR})\b|{NO_OTHER})(?: (?P<rel>dernier|prochain)\b)?"
)
_NUMERIC = re.compile(
    r"(?=\d)(?<![\d./-])(?:(?P<d>0?[1-9]|[12][0-9]|3[01])(?P<s>[/.-])(?P<m>0?[1-9]|1[0-2])(?P=s)"
    r"(?P<y>(?:19|20)[0-9]{2}|[0-3][0-9])|(?P<iy>(?:19|20)[0-9]{2})-(?P<im>[01][0-9])-(?P<id>[0-3][0-9]))"
    r"(?![./-]?\d)"
)
_MONTHLY = re.compile(rf"(?P<m>{MONTH})(?: (?P<y>{YEAR})\b|{NO_OTHER})(?: (?P<rel>dernier|prochain)\b)?")
_YEARLY = re.compile(rf"\b(?:en|annee) (?P<y>{YEAR})\b")
_WEEKLY = re.compile(
    rf"\b(?:(?P<lead>depuis|a compter de|a partir de|des|jusqu'a) (?P<this>ce )?|(?P<bare>ce ))"
    rf"(?P<w>{WEEKDAY})\b(?! ?[0-9]| et | a )"
    rf"(?: (?P<rel>dernier|prochain)\b)?"
)
_NEXT = re.compile(r"\b(?:(?P<back>depuis hier|hier)|(?:des|a compter de|a partir de) demain)\b")
_TODAY = re.compile(r"\bce (?:matin|jour)\b|\baujourd'hui\b")
_FROM_TODAY = re.compile(r"(?:compter d[e'] ?|partir d[e'] ?|\bdes |depuis )$")
_RARE = ("hier", "demain", "jour", "matin", "fin de l'annee")
_YEAR_END = re.compile(r"\bla fin de l'annee(?! (?:universitaire|scolaire|civile \d))\b")


@dataclass(frozen=True, slots=True)
class Mention:
    """A date at `start:end`; a range has a `last` day. `first` is unknown when its year is.

    `loose` mentions ("courant juin", "la fin de l'année") say a period, not a day.
    """

    start: int
    end: int
    first: PartialDate | None
    last: PartialDate | None = None
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Published:
    """The day of publication as far as it is known."""

    value: str | None = None  # YYYY, YYYY-MM or YYYY-MM-DD

    @property
    def day(self) -> date | None:
        return date.fromisoformat(self.value) if self.value and len(self.value) == 10 else None

    @property
    def middle(self) -> date | None:
        """A day in the middle of what is known."""
        if not self.value or len(self.value) == 4:
            return None
        return self.day or date.fromisoformat(f"{self.value}-15")


def find_dates(folded: str, published: Published) -> list[Mention]:
    """Every date in a folded text, by position."""
    found: list[Mention] = []
    taken: set[int] = set()
    for finder in (_spans, _numeric, _worded, _weekly, _monthly, _yearly, _todays):
        for mention in finder(folded, published):
            if taken.isdisjoint(range(mention.start, mention.end)):
                taken.update(range(mention.start, mention.end))
                found.append(mention)
    return sorted(found, key=lambda mention: mention.start)


def _spans(text: str, published: Published) -> Iterator[Mention]:
    for match in _SPAN.finditer(text):
        group = match.groupdict()
        month = month_of(group["m2"])
        first_month = month_of(group["m1"]) if group["m1"] else month
        last_year = group["y2"] or (group["y1"] and str(int(group["y1"]) + (month < first_month)))
        last = _resolve(group["d2"], month, last_year, group["w2"], _context(text, match.start()), published)
        year = group["y1"] or _year_before(last, first_month, month)
        if year is None:
            yield Mention(match.start(), match.end(), None)
            continue
        apart = None if text.endswith((" et ", ", "), 0, match.start()) else group["w1"]
        first = _resolve(group["d1"], first_month, year, apart, "", published)
        if first is None or last is None or first > last:
            continue
        yield Mention(match.start(), match.end(), first, last)


def _year_before(last: PartialDate | None, first_month: int, month: int) -> str | None:
    if last is None:
        return None
    return str(int(last[:4]) - (1 if first_month > month else 0))


def _numeric(text: str, published: Published) -> Iterator[Mention]:
    for match in _NUMERIC.finditer(text):
        group = match.groupdict()
        year = group["iy"] or group["y"]
        day = _exact(
            year if len(year) == 4 else f"20{year}", group["im"] or group["m"], group["id"] or group["d"]
        )
        if is_a_number(text, match.start()) or not _falls_on(day, weekday_before(text, match.start())):
            continue
        if day:
            yield Mention(match.start(), match.end(), day)


def _worded(text: str, published: Published) -> Iterator[Mention]:
    for match in _WORDED.finditer(text):
        group = match.groupdict()
        if names_a_street(text, match.start()):
            continue
        context = group["rel"] or _context(text, match.start())
        month = month_of(group["m"])
        year = group["y"] or chained_year(text, match.end(), month)
        first = _resolve(group["d"], month, year, group["w"], context, published)
        if first is not None or group["y"] is None:
            yield Mention(match.start(), match.end(), first)


def _weekly(text: str, published: Published) -> Iterator[Mention]:
    """A weekday alone, counted from the day of publication; only the month is known when only it is."""
    for match in _WEEKLY.finditer(text):
        known, back = published.day, match["lead"] == "depuis"
        first: PartialDate | None = None
        if known is None:
            first = PartialDate(published.value) if back and published.value else None
        elif day := _nearest(known, match):
            first = _iso(day)
        yield Mention(match.start("w"), match.end(), first)


def _nearest(known: date, match: re.Match[str]) -> date | None:
    """On a Monday, "from Monday on" may be today or in a week."""
    away = (weekday_of(match["w"]) - known.weekday()) % 7
    if not away and not match["rel"]:
        return known if match["this"] or match["bare"] else None
    back = match["lead"] == "depuis" or match["rel"] == "dernier"
    return known + timedelta(away - 7 if back else away or 7)


def _monthly(text: str, published: Published) -> Iterator[Mention]:
    for match in _MONTHLY.finditer(text):
        before = text[max(0, match.start() - _LEAD) : match.start()]
        vague = _VAGUE.search(before)
        if _TAKEN.search(before) or (
            match["m"].rstrip(".") in _AMBIGUOUS and not (match["y"] or vague or _PREPOSED.search(before))
        ):
            continue
        start = match.start() - (len(vague.group()) if vague else 0)
        month = month_of(match["m"])
        year = (
            match["y"]
            or chained_year(text, match.end(), month)
            or _year_of(month, match["rel"] or _context(text, start), published)
        )
        first = PartialDate(f"{year}-{month:02}") if year else None
        yield Mention(start, match.end(), first, loose=vague is not None)


_LEAD = 30
_AMBIGUOUS = frozenset({"jan", "fev", "avr", "oct", "nov", "dec", "sept", "mars", "mai"})
"""Abbreviations and words that are months only after a preposition or before a year."""
_TAKEN = re.compile(r"(?:[a-z0-9_]|\d |\der )$")
"""A day that no calendar has ("31 février") does not become its month."""
_VAGUE = re.compile(r"\b(?:courant |mi-|debut |fin )(?:(?:le )?mois (?:de |d'))?$")
_PREPOSED = re.compile(
    r"(?:depuis|en|des|de|d'ici|a compter de|a partir de|au mois de|jusqu'en|jusqu'a) (?:le )?(?:mois (?:de |d'))?$"
)


def _yearly(text: str, published: Published) -> Iterator[Mention]:
    for match in _YEARLY.finditer(text):
        yield Mention(match.start("y"), match.end(), PartialDate(match["y"]))


_NEAR = 12


def _todays(text: str, published: Published) -> Iterator[Mention]:
    if not any(word in text for word in _RARE):  # which most texts do without, and costs less to find out
        return
    if known := published.day:
        for match in _NEXT.finditer(text):
            step = timedelta(-1 if match["back"] else 1)
            yield Mention(match.end() - len(match.group().split()[-1]), match.end(), _iso(known + step))
    if published.value:
        for match in _TODAY.finditer(text):
            before = text[max(0, match.start() - _NEAR) : match.start()]
            if match.group() != "ce matin" and not _FROM_TODAY.search(before):
                continue
            yield Mention(match.start(), match.end(), PartialDate(published.value))
    for match in _YEAR_END.finditer(text):
        year = published.value[:4] if published.value else None
        yield Mention(match.start(), match.end(), PartialDate(f"{year}-12-31") if year else None, loose=True)


def _exact(year: str, month: str | int, day: str | int) -> PartialDate | None:
    try:
        return _iso(date(int(year), int(month), int(day)))
    except ValueError:
        return None


def _iso(day: date) -> PartialDate:
    return PartialDate(day.isoformat())


def _falls_on(day: PartialDate | None, weekday: str | None) -> bool:
    """A day whose weekday is another one is told wrongly: nobody knows which of both is right."""
    return not weekday or (day is not None and date.fromisoformat(day).weekday() == weekday_of(weekday))


_FORWARD = re.compile(r"(?:a compter|a partir|des|jusqu|avant|prochain|d'ici|plus tard)[a-z' ]{0,12}$")
_BACKWARD = re.compile(r"(?:depuis|dernier)[a-z' ]{0,12}$")


def _context(text: str, start: int) -> str:
    return text[max(0, start - 26) : start]


def _resolve(
    day: str, month: int, year: str | None, weekday: str | None, context: str, published: Published
) -> PartialDate | None:
    number = day_of(day)
    if year:
        found = _exact(year, month, number)
        return found if _falls_on(found, weekday) else None
    if comes_each_year(context):
        return None
    if published.value and len(published.value) == 4:
        return _exact(published.value, month, number)
    known = published.middle
    if known is None:
        return None
    earliest, latest = _window(context, known)
    candidates = [
        found
        for y in (known.year - 1, known.year, known.year + 1)
        if (found := _exact(str(y), month, number)) and earliest.isoformat() <= found <= latest.isoformat()
    ]
    candidates = [found for found in candidates if _falls_on(found, weekday)]
    return candidates[0] if len(candidates) == 1 else None


def _window(context: str, known: date) -> tuple[date, date]:
    """The year within which a day without a year lies, given the words before it."""
    if _BACKWARD.search(context):
        return known - timedelta(358), known + timedelta(6)
    if context.endswith("prochain"):
        return known, known + timedelta(364)
    if _FORWARD.search(context):
        return known - timedelta(119), known + timedelta(245)
    return known - timedelta(182), known + timedelta(182)


def _year_of(month: int, context: str, published: Published) -> str | None:
    if published.value and len(published.value) == 4:
        return published.value
    found = _resolve("15", month, None, None, context, published)
    return found[:4] if found else None
