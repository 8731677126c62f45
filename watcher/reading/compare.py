"""An edit, read as before and after: which facts differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from watcher.core.items import LinkKind, OfficialLink
from watcher.core.links import elsewhere
from watcher.core.verdict import Reason
from watcher.reading.channels import Stand
from watcher.reading.date_roles import Role
from watcher.reading.lexicon import Kind
from watcher.reading.names import ANEF, CLOSURE, DELAY, DOCUMENTS, FEE, FILING, RDV
from watcher.reading.normalise import clean, fold
from watcher.reading.statements import Passage

_MONEY = re.compile(r"\b(\d{1,4}(?:[.,]\d\d)?) ?(?:€|euros?)")
_SPAN = re.compile(
    r"\b(\d{1,3}|un|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze) (jours?|mois|semaines?|ans?)\b"
)
_HOURS = re.compile(r"\b([0-2]?\d) ?(?:h|heures)(?: ?([0-5]\d))?\b")
_DAYS = re.compile(r"\b(lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche)s?\b(?! \d)")
_VOLATILE = re.compile(
    r"derniere mise en ligne|mis(?:e)? a jour|prochaine mise en ligne|publie le|disponible\w* le|"
    r"derniere actualisation"
)
_POINTS = re.compile(r"(?<!\d)[.,;:!…()'\"«»–—-]|[.,;:!…()'\"«»–—-](?!\d)|\s")
_BOOKING = frozenset({LinkKind.BOOKING, LinkKind.RDV_PREFECTURE})
_BY_POST = re.compile(
    r"\b(?:courriers?|postale?|envo(?:yer|yez|i|is|yes?)|recommandee?s?|adress(?:er|ez|ees?))\b"
)
_BOOKED = re.compile(r"\b(?:rendez-vous|rdv)\b")
_RDV_CHANNELS = frozenset({"rdv_en_ligne", "guichet_sur_rdv", "guichet_sans_rdv", "telephone"})
_LINKED = {
    LinkKind.ANEF: "anef", LinkKind.BOOKING: "rdv_en_ligne", LinkKind.RDV_PREFECTURE: "rdv_en_ligne",
    LinkKind.PROCEDURE: "demarche_numerique", LinkKind.TELESERVICE: "teleservice_autre", LinkKind.EMAIL: "email",
    LinkKind.POSTAL: "courrier",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """What an edit changed. `categories` is empty when nothing that matters did."""

    categories: tuple[str, ...]
    motifs: tuple[str, ...]
    channel_before: str | None
    channel_after: str | None
    reasons: tuple[Reason, ...]


def difference(before: Passage, after: Passage, links: Links, place: Passage) -> Difference:
    """Compare the facts of two versions of one text, most telling first. `place` is where swapped links stand: the
    heading and the lines that differ.
    """
    concerned = grounds(place) if links else ()
    found: dict[str, Reason] = {}
    for category, reason in (
        *_by_links(links, place),
        *_by_motifs(before, after),
        *_by_channels(before, after),
        *_by_numbers(before, after),
    ):
        found.setdefault(category, reason)
    opened, closed = _open(after) - _open(before), _open(before) - _open(after)
    joined, left = _motifs(after) - _motifs(before), _motifs(before) - _motifs(after)
    listed = _list_channel(after, found)
    return Difference(
        categories=tuple(found),
        motifs=tuple(sorted(joined or left or (concerned if links else ()))),
        channel_before=_first(closed)
        or _linked(links.gone, before)
        or (listed if left and not joined else None),
        # A mailbox in a text is often there for questions; a link that came is where one goes.
        channel_after=_first(opened - {"email"})
        or _linked(links.come, after)
        or _first(opened)
        or (None if left and not joined else listed),
        reasons=tuple(found.values()),
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Official places that an edit brought and took away; a renamed host is the same place."""

    come: tuple[OfficialLink, ...]
    gone: tuple[OfficialLink, ...]

    def __bool__(self) -> bool:
        return bool(self.come or self.gone)


def links_between(before: Iterable[OfficialLink], after: Iterable[OfficialLink]) -> Links:
    old, new = tuple(before), tuple(after)
    return Links(elsewhere(new, old), elsewhere(old, new))


def fresh_lines(text: str, other: str) -> str:
    """The lines of `text` that `other` lacks, but for those that only say when a page was touched."""
    known = {_squeezed(line) for line in clean(other).split("\n")}
    return "\n".join(
        line
        for line in clean(text).split("\n")
        if _squeezed(line) not in known and not _VOLATILE.search(fold(line))
    )


def merely_pointed(text: str, other: str) -> bool:
    """Whether commas, stops and dashes between words are all that two texts differ in: not those within numbers,
    and no sign that says something by itself, as a tick.
    """
    return fold(text) != fold(other) and _unpointed(text) == _unpointed(other)


def _unpointed(text: str) -> str:
    return _POINTS.sub("", fold(text))


def has_title(text: str, title: str) -> bool:
    """Whether the first line of an old text is a title that was like this one."""
    old, new = (set(re.findall(r"\w{4,}", fold(line))) for line in (text.partition("\n")[0], title))
    return bool(new) and len(old & new) * 2 >= min(len(old), len(new)) and len(old) <= 2 * len(new) + 2


def _squeezed(line: str) -> str:
    return re.sub(r"[\W_]+", "", fold(line))


def _by_links(links: Links, place: Passage) -> Iterable[tuple[str, Reason]]:
    """Where one books and where one files: a form that stands in for a booking, or is called so, is the former."""
    swapped = any(link.kind in _BOOKING for link in (*links.come, *links.gone))
    for link in (*links.come, *links.gone):
        if link.kind in _BOOKING:
            yield RDV, Reason("booking link", link.ident)
        elif link.kind is LinkKind.ANEF:
            yield (ANEF if link in links.come else FILING), Reason("ANEF link", link.ident)
        elif _BOOKED.search(fold(link.label)) or (swapped and _BOOKED.search(place.folded)):
            yield RDV, Reason(f"{link.kind} link", link.ident)
        else:
            yield FILING, Reason(f"{link.kind} link", link.ident)


def _by_motifs(before: Passage, after: Passage) -> Iterable[tuple[str, Reason]]:
    added, lost = _motifs(after) - _motifs(before), _motifs(before) - _motifs(after)
    category = ANEF if "anef" in _open(after) | _open(before) else FILING
    if added:
        yield category, Reason("ground added", ", ".join(sorted(added)))
    if lost:
        yield category, Reason("ground removed", ", ".join(sorted(lost)))


def _by_channels(before: Passage, after: Passage) -> Iterable[tuple[str, Reason]]:
    opened, closed = _open(after) - _open(before), _open(before) - _open(after)
    for channel in sorted(opened | closed):
        words = f"{', '.join(sorted(closed)) or '–'} → {', '.join(sorted(opened)) or '–'}"
        yield _about(channel, after if channel in opened else before), Reason("channel replaced", words)


def _about(channel: str, passage: Passage) -> str:
    if channel == "anef":
        return ANEF
    asked = any(
        "rendez-vous" in s.words and any(w.channel == channel for w in s.ways) for s in passage.statements
    )
    return RDV if channel in _RDV_CHANNELS or asked else FILING


def _by_numbers(before: Passage, after: Passage) -> Iterable[tuple[str, Reason]]:
    old, new = before.folded, after.folded
    if (money := _changed(_MONEY, old, new)) and (_has(after, FEE) or _has(before, FEE)):
        yield FEE, Reason("amount", money)
    if (spans := _changed(_SPAN, old, new)) and (_has(after, DELAY) or _has(before, DELAY)):
        yield DELAY, Reason("delay", spans)
    hours = _changed(_HOURS, old, new) or _changed(_DAYS, old, new)
    if hours:
        yield CLOSURE, Reason("hours", hours)
    if _has(after, CLOSURE) and not _has(before, CLOSURE):
        yield CLOSURE, Reason("closing", "")
    if _effects(before) != _effects(after) and (moved := _effects(after)):
        yield _dated_category(after), Reason("date moved", ", ".join(sorted(moved)))
    if _has(after, DOCUMENTS) and (_has(before, DOCUMENTS) or before.folded.strip()) and not hours:
        yield DOCUMENTS, Reason("list of documents", "")


def _dated_category(passage: Passage) -> str:
    opened = _open(passage)
    if "anef" in opened:
        return ANEF
    return RDV if opened & _RDV_CHANNELS else FILING if opened else CLOSURE


def _changed(pattern: re.Pattern[str], old: str, new: str) -> str:
    before, after = (Counter(match.group() for match in pattern.finditer(text)) for text in (old, new))
    if before == after:
        return ""
    return " → ".join(", ".join(list(side)[:4]) or "–" for side in (before - after, after - before))


def _effects(passage: Passage) -> frozenset[str]:
    roles = {Role.EFFECT, Role.END, Role.POINT}
    return frozenset(d.first for s in passage.statements for d in s.dates if d.first and d.role in roles)


def _has(passage: Passage, category: str) -> bool:
    return any(category in s.ids(Kind.STRONG) for s in passage.statements)


def _motifs(passage: Passage) -> set[str]:
    return {motif for statement in passage.statements for motif in statement.motifs}


def grounds(passage: Passage) -> tuple[str, ...]:
    """The grounds that a text names, in its order."""
    return tuple(dict.fromkeys(motif for statement in passage.statements for motif in statement.motifs))


def _open(passage: Passage) -> set[str]:
    return {
        way.channel for s in passage.statements for way in s.ways if way.stand is Stand.OPEN and not way.vague
    }


def _first(channels: set[str]) -> str | None:
    return min(channels) if channels else None


def _linked(links: tuple[OfficialLink, ...], passage: Passage) -> str | None:
    """The channel of the first place; a postal address alone may be that of a counter."""
    told = [link for link in links if link.kind is not LinkKind.POSTAL or _BY_POST.search(passage.folded)]
    return _LINKED[told[0].kind] if told else None


def _list_channel(passage: Passage, found: dict[str, Reason]) -> str | None:
    """Grounds that join or leave a list share the channel of the list."""
    opened = _open(passage)
    if ANEF in found and "anef" in opened:
        return "anef"
    return min(opened) if FILING in found and len(opened) == 1 else None
