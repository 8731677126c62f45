"""The pages of a PDF, as a library gives their lines, put back into paragraphs. Pure, linear."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from watcher.core.text import clean, clean_block, fold

_MARGIN = 3  # lines at the top and at the foot of a page that may be repeated on others
_REPEATED = 0.6  # share of the pages from which a line is a header or a footer
_SPACED = re.compile(r"(?<!\S)(?:[^\W\d_][ \u00a0]){3,}[^\W\d_](?!\S)")
_WIDE = re.compile(r"(?<!\S)[^\W\d_](?:[ \u00a0][^\W\d_])+(?!\S)")
_WORD_GAP = re.compile(r"[ \u00a0]{2,}")
_NUMBER = re.compile(r"(?:page|p\.)?[-–—\s]*\d{1,4}(?:\s*(?:/|sur|de)\s*\d{1,4})?[-–—\s]*", re.IGNORECASE)
_ITEM = re.compile(r"(?:[•■▪●○∙‣►➢➤✓*–—-]|\(?(?:\d{1,2}|[a-zA-Z])[.)°]|\d{1,2}(?:\.\d{1,2}){1,3})\s")
_BROKEN = re.compile(r"(?<![^\W\d_])(?P<start>[^\W\d_]+)[-‐\u00ad]\Z")
_PARAGRAPH = 3_000  # characters: what is longer is a table rather than a sentence
_LIGATURES = str.maketrans(dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True)))
_LONGEST = 40  # characters of a word
_ENDED = (".", "!", "?", ":", ";", "»")
_FULL = 0.75  # of the longest lines: a shorter one ends its paragraph
# French writes these with a hyphen wherever they stand.
_PREFIXES = """rendez sous vice celui celle ceux celles ci là au par peut demi semi non ex mi outre avant après
arrière contre auto grand grande petit saint sainte seine val île mont haut haute hauts hautes bas basse loire rhône lot
tarn indre eure ille puy bouches pyrénées alpes charente meurthe maine cher territoire entre micro mini multi inter
quasi nord sud est dix vingt trente quarante cinquante soixante quatre"""
_ENDINGS = (
    """vous ci là à de d sur même mêmes il elle ils elles on je tu nous t le la les en y ce dessus dessous"""
)
_KEEP_AFTER, _KEEP_BEFORE = frozenset(_PREFIXES.split()), frozenset(_ENDINGS.split())


def text_of(pages: Sequence[str]) -> str:
    """Paragraphs, one a line: words joined again, page numbers and repeated headers left out."""
    lines = [[_spelt(line) for line in page.splitlines()] for page in pages]
    kept = [[line for line in page if line] for page in lines]
    running = _running(kept)
    seen: set[str] = set()
    whole: list[str] = []
    for page in kept:
        whole.extend(_paragraphs(list(_without_running(page, running, seen))))
    return clean_block("\n".join(whole))


def _spelt(line: str) -> str:
    """Titles that are set wide (`P R É F E T`) as words; everything clean."""
    if _SPACED.search(line):
        words = _WORD_GAP.split(line)
        line = " ".join(_WIDE.sub(_tight, word) for word in words)
    soft = line.rstrip().endswith("\u00ad")
    return clean(line.translate(_LIGATURES)) + ("\u00ad" if soft else "")


def _tight(found: re.Match[str]) -> str:
    return found.group().replace(" ", "").replace("\u00a0", "")


def _mark(line: str) -> str:
    return re.sub(r"\d+", "#", fold(line))


def _edges(page: Sequence[str]) -> set[str]:
    return {_mark(line) for line in (*page[:_MARGIN], *page[-_MARGIN:])}


def _running(pages: Sequence[Sequence[str]]) -> set[str]:
    """What stands at the top or at the foot of most pages."""
    counts = Counter(mark for page in pages for mark in _edges(page))
    least = max(2, round(_REPEATED * len(pages)))
    return {mark for mark, count in counts.items() if count >= least and len(pages) > 1}


def _without_running(page: Sequence[str], running: set[str], seen: set[str]) -> Iterator[str]:
    """Headers stay where they stand first."""
    last = len(page) - 1
    for place, line in enumerate(page):
        edge = place < _MARGIN or place > last - _MARGIN
        if edge and _NUMBER.fullmatch(line) and (place in {0, last} or len(page) > 1):
            continue
        mark = _mark(line)
        if edge and mark in running:
            if mark in seen:
                continue
            seen.add(mark)
        yield line


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    width = sorted(map(len, lines))[(9 * len(lines)) // 10] if lines else 0
    told = ""
    before = 0  # length of the line above
    for line in lines:
        if told and _goes_on(told, before, line, width):
            told = _joined(told, line)
        else:
            if told:
                yield told.rstrip("\u00ad")
            told = line
        before = len(line)
    if told:
        yield told.rstrip("\u00ad")


def _goes_on(told: str, before: int, line: str, width: int) -> bool:
    if _ITEM.match(line):
        return False
    if _BROKEN.search(told[-_LONGEST:]) and line[:1].islower():
        return True
    if told.endswith(_ENDED) or len(told) > _PARAGRAPH:
        return False
    return line[:1].islower() or (before >= _FULL * width and width > 40 and not line.isupper())


def _joined(told: str, line: str) -> str:
    """A word that was cut at the end of a line is whole again; one that has a hyphen of its own keeps it."""
    broken = _BROKEN.search(told[-_LONGEST:])
    if broken is None or not line[:1].islower():
        return f"{told} {line}"
    if told.endswith("\u00ad"):
        return told[:-1] + line
    following = re.match(r"\w*", line)
    after = following.group().lower() if following else ""
    if broken["start"].lower() in _KEEP_AFTER or after in _KEEP_BEFORE:
        return told + line
    return told[:-1] + line
