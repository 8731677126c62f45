"""The same text cut elsewhere: a template that joins paragraphs, splits them or drops headings says nothing new."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from watcher.core.items import Item
from watcher.core.text import squeeze

MOST = 400  # blocks that are looked for; a page with more of them differs in more than its cuts


@dataclass(frozen=True, slots=True)
class _Text:
    """A page's texts in a row, headings among them; `cuts` are the offsets at which one begins or ends."""

    whole: str
    cuts: tuple[int, ...]
    heading: tuple[bool, ...]
    places: frozenset[str]

    def runs(self, words: str) -> Iterator[range]:
        """Which texts in a row are `words` together; one alone only when it is a heading."""
        number = {cut: n for n, cut in enumerate(self.cuts)}
        at = self.whole.find(words)
        while at >= 0:
            first, end = number.get(at), number.get(at + len(words))
            if first is not None and end is not None and (end - first > 1 or self.heading[first]):
                yield range(first, end)
            at = self.whole.find(words, at + 1)


def recut(
    before: Sequence[Item], after: Sequence[Item], lost: Sequence[Item], gained: Sequence[Item]
) -> tuple[set[str], set[str]]:
    """Of what a page lost and gained, the texts (`spelt`) that the other version has too, cut elsewhere."""
    if len(lost) + len(gained) > MOST:
        return set(), set()
    old, new = _text(before), _text(after)
    were, are = _found(gained, old), _found(lost, new)
    return were[1] | are[0], were[0] | are[1]


def spelt(text: str) -> str:
    """Letters and digits alone: cuts are made at signs and spaces."""
    return "".join(char for char in squeeze(text) if char.isalnum())


def places(item: Item) -> frozenset[str]:
    """Where a block leads and what it offers."""
    return frozenset(link.ident for link in item.links) | {a.name for a in item.attachments}


def _found(blocks: Sequence[Item], other: _Text) -> tuple[set[str], set[str]]:
    """The blocks that are runs of the other page's texts, and the texts of those runs."""
    known: set[str] = set()
    covered: set[str] = set()
    for block in blocks:
        words = spelt(block.summary)
        run = next(other.runs(words), None) if words and places(block) <= other.places else None
        if run is not None:
            known.add(words)
            covered.update(other.whole[other.cuts[n] : other.cuts[n + 1]] for n in run)
    return known, covered


def _text(items: Sequence[Item]) -> _Text:
    texts: list[tuple[str, bool]] = []
    above: tuple[str, ...] = ()
    for item in items:
        same = next(
            (n for n, pair in enumerate(zip(above, item.section, strict=False)) if pair[0] != pair[1]),
            len(above),
        )
        texts += [(spelt(heading), True) for heading in item.section[same:]]
        above = item.section
        texts.append((spelt(item.summary), False))
    texts = [text for text in texts if text[0]]
    return _Text(
        whole="".join(text for text, _ in texts),
        cuts=(0, *accumulate(len(text) for text, _ in texts)),
        heading=tuple(is_heading for _, is_heading in texts),
        places=frozenset().union(*(places(item) for item in items)),
    )
