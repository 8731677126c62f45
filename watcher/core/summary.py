"""One line that tells an alert, rendered from what was understood: no text is translated.

``Cantal (15) : à compter du 1er octobre 2025, rendez-vous en ligne pour les motifs hors ANEF``
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.core.alerts import Alert
from watcher.core.changes import ChangeKind
from watcher.core.language import Language
from watcher.core.printable import one_line
from watcher.core.verdict import Certainty, Fact, PartialDate, Verdict

LINE, TITLE = 320, 140  # characters
NAMED = 3  # motifs that are named before the others are counted
_PARTIAL = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_CLOSED, _ALL = "ferme", "tous"
_BOOKED = frozenset({"rdv_modality"})
_FILED = frozenset({"anef_integration", "filing_channel", "special_scheme", "naturalisation"})
_OPENED = frozenset({"opening_hours_or_closure"})
_KINDS = {ChangeKind.EDITED: "edited", ChangeKind.WITHDRAWN: "withdrawn"}


def summary(alert: Alert, place: str, language: Language) -> str:
    """What changes, for whom, from when, by which channel, in one line of plain text.

    Where nothing of it is known, the category and the announcement's own title stand for it. `place` is
    the préfecture's name. Printable, without line breaks, at most `LINE` characters; not escaped.
    """
    return one_line(language.say("line", place=one_line(place, 80), told=news(alert, language)), LINE)


def news(alert: Alert, language: Language) -> str:
    """That line without its place, for where the place is said already."""
    told, plain = _told(alert, language)
    when = _when(alert.verdict, language)
    if when and alert.kind is ChangeKind.WITHDRAWN:
        told = language.say("withdrawn_dated", told=told, when=when)
    elif when:
        told = language.say("dated", told=told, when=when)
    for mark in _marks(alert, plain=plain):
        told = language.say(mark, told=told)
    return one_line(told, LINE)


def topic(alert: Alert, language: Language) -> str:
    """What changes, for a subject line that anybody may see: no place, no title, no motif by its name."""
    told, plain = _what(alert.verdict, language)
    whole = [language.general[name] for name in alert.verdict.motifs if name in language.general]
    if whole:
        told = language.say("for_whom", what=told, whom=whole[0])
    for mark in _marks(alert, plain=plain):
        told = language.say(mark, told=told)
    return told


def _when(verdict: Verdict, language: Language) -> str:
    """Of a closure or an outage whose end is not told, only the day it begins: it may last one day."""
    start, end = verdict.effective_from, verdict.effective_to
    alone = start and not end and _whole(start) and passes(verdict)
    return period(start, start if alone else end, language)


def passes(verdict: Verdict) -> bool:
    """Whether it is a closure or an outage, which ends by itself."""
    return verdict.categories[:1] == ("outage",) or _closes(verdict)


def period(start: PartialDate | None, end: PartialDate | None, language: Language) -> str:
    """``à compter du 1er octobre 2025``, ``du 4 au 22 août 2025``, ``en octobre 2025``; "" for no date."""
    if start and end and start <= end and _whole(start) and _whole(end):
        return _range(start, end, language)
    parts = (_bound("from", start, language), _bound("until", end, language))
    return language.say("both_bounds", start=parts[0], end=parts[1]) if all(parts) else "".join(parts)


def _range(start: PartialDate, end: PartialDate, language: Language) -> str:
    if start == end:
        return language.say("on", day=_date(start, language))
    if start[:7] == end[:7]:
        first = _ordinal(int(start[8:]), language)
    elif start[:4] == end[:4]:
        first = language.say(
            "day_month", day=_ordinal(int(start[8:]), language), month=language.months[int(start[5:7]) - 1]
        )
    else:
        first = _date(start, language)
    return language.say("range", start=first, end=_date(end, language))


def _bound(side: str, date: PartialDate | None, language: Language) -> str:
    if not date:
        return ""
    grain = {4: "year", 7: "month"}.get(len(date), "day")
    return language.say(f"{side}_{grain}", date=_date(date, language))


def _whole(date: PartialDate) -> bool:
    return len(date) == 10 and _PARTIAL.fullmatch(date) is not None


def _date(date: PartialDate, language: Language) -> str:
    """A date that has none of the three partial forms is shown as it is."""
    match = _PARTIAL.fullmatch(date)
    if not match:
        return one_line(date, 40)
    year, month, day = match.groups()
    if not month:
        return year
    name = language.months[int(month) - 1]
    if not day:
        return language.say("month_year", month=name, year=year)
    return language.say("full_date", day=_ordinal(int(day), language), month=name, year=year)


def _ordinal(day: int, language: Language) -> str:
    return language.say("first_day") if day == 1 else str(day)


def _marks(alert: Alert, *, plain: bool) -> Iterable[str]:
    """What must be said of how sure, or how new, this is; the outermost last."""
    certainties = {fact.certainty for fact in alert.verdict.facts}
    if certainties == {Certainty.REPORTED}:
        yield "reported"
    elif certainties == {Certainty.PLANNED}:
        yield "planned"
    elif not alert.verdict.is_change and Certainty.REMINDER in certainties:
        yield "reminder"
    elif not alert.verdict.is_change and plain and alert.kind is ChangeKind.ADDED:
        yield "state"
    if alert.kind in _KINDS:
        yield _KINDS[alert.kind]


def _told(alert: Alert, language: Language) -> tuple[str, bool]:
    """What holds, and whether that says by itself what to do; if not, the title is shown too."""
    verdict = alert.verdict
    what, plain = _what(verdict, language)
    whom = " ".join(filter(None, (_whom(verdict, language), _limits(verdict, language))))
    told = language.say("for_whom", what=what, whom=whom) if whom else what
    if plain and verdict.channel_before and verdict.channel_before != verdict.channel_after:
        told = language.say("was", told=told, before=language.channel(verdict.channel_before))
    bare = told == what and not (verdict.effective_from or verdict.effective_to)
    title = one_line(alert.title, TITLE) if bare or not plain else ""
    return (language.say("titled", told=told, title=title) if title else told), plain


def _what(verdict: Verdict, language: Language) -> tuple[str, bool]:
    category = verdict.categories[0] if verdict.categories else ""
    channel = verdict.channel_after
    if _closes(verdict):
        return language.say("closed"), False
    if category in _OPENED and verdict.channel_before == _CLOSED:
        return language.say("reopened"), False
    if channel and category in _BOOKED | _OPENED:
        named = language.booking.get(channel)
        return named or language.say("booked", channel=language.channel(channel)), True
    if channel and category in _FILED:
        named = language.filing.get(channel)
        filed = named or language.say("filed", channel=language.channel(channel))
        subject = "" if category in {"anef_integration", "filing_channel"} else language.subjects[category]
        return language.say("about", subject=subject, told=filed) if subject else filed, True
    return language.subjects.get(category) or language.say("no_subject"), False


def _closes(verdict: Verdict) -> bool:
    return verdict.channel_after == _CLOSED and not _OPENED.isdisjoint(verdict.categories[:1])


def _carrier(verdict: Verdict) -> tuple[Fact, ...]:
    """The facts that say what the line says: those of its channel, if any has it."""
    channel = verdict.channel_after
    return tuple(fact for fact in verdict.facts if fact.channel_after == channel) or verdict.facts


def _whom(verdict: Verdict, language: Language) -> str:
    motifs = [name for name in verdict.motifs if not name.startswith(verdict.categories[:1])]
    whole = [name for name in motifs if name in language.general and (name == _ALL or len(motifs) == 1)]
    if whole:
        return language.general[whole[0]]
    names = [language.motif(name) for name in motifs]
    if len(names) > NAMED:
        others = len(names) - NAMED + 1
        shown = language.say("and_others", names=", ".join(names[: NAMED - 1]), count=others)
        return language.say("motifs", names=shown)
    if not names:
        return ""
    joined = language.say("and", names=", ".join(names[:-1]), last=names[-1]) if names[1:] else names[0]
    return language.say("motifs" if names[1:] else "motif", names=joined)


def _limits(verdict: Verdict, language: Language) -> str:
    """``(renouvellement, secteur de Millau)``: only what all facts that carry the line agree upon."""
    carrier = _carrier(verdict)
    operation = _agreed(fact.operation for fact in carrier)
    regime = _agreed(fact.regime for fact in carrier)
    territory = _agreed(fact.territory for fact in carrier)
    said = (
        language.operations.get(operation, "") if operation not in verdict.motifs else "",
        language.regimes.get(regime, ""),
        language.say("territory", name=one_line(territory, 60)) if territory else "",
    )
    limits = ", ".join(filter(None, said))
    return language.say("limits", limits=limits) if limits else ""


def _agreed(values: Iterable[str | None]) -> str:
    found = set(values)
    return (found.pop() or "") if len(found) == 1 else ""
