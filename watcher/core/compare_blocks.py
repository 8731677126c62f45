"""What differs between the blocks of a content page before and now, told section by section.

A section is all blocks under one path of headings. Order within it, a heading renamed over the same text,
and the same words cut elsewhere are no news; a block that moves between two sections that both stay is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from watcher.core.changes import ChangeKind
from watcher.core.compare import Comparison, Difference
from watcher.core.items import Item, Snapshot
from watcher.core.recut import places, recut, spelt
from watcher.core.swaps import one_swap, wordless
from watcher.core.text import squeeze

SAME_SECTION = 0.5  # share of common blocks from which a renamed section is still the same


@dataclass(frozen=True, slots=True)
class _Section:
    path: tuple[str, ...]
    blocks: tuple[Item, ...]

    @property
    def words(self) -> Counter[str]:
        return Counter(_words(block) for block in self.blocks)


@dataclass(slots=True)
class _Pair:
    """A section before and now, and what it lost and gained that nothing accounts for yet."""

    before: _Section | None
    after: _Section | None
    lost: list[Item]
    gained: list[Item]

    @property
    def stays(self) -> bool:
        """Whether it is one section under the very same headings."""
        return bool(self.before and self.after and _path(self.before) == _path(self.after))

    @property
    def alone(self) -> bool:
        return self.before is None or self.after is None


def compare_blocks(baseline: Snapshot, items: Sequence[Item]) -> Comparison:
    """Blocks before and now → one difference for each section that says something else."""
    pairs = [
        _Pair(before, after, _only_in(before, after), _only_in(after, before))
        for before, after in _pair(_sections(baseline.items), _sections(items))
    ]
    _forget_moves(pairs)
    _forget_cuts(pairs, baseline.items, items)
    for pair in pairs:
        _forget_codes(pair)
    differences = one_swap(_told(pairs))
    gone = [block for d in differences if d.before for block in _lines(d.before)]
    return Comparison(differences=tuple(differences), kept=len(baseline.items) - len(gone))


def _told(pairs: Sequence[_Pair]) -> list[Difference]:
    differences: list[Difference] = []
    joins = False  # whether the section above is as new as this one: they are one announcement
    for pair in pairs:
        if not pair.lost and not pair.gained:
            joins = False
            continue
        difference = _difference(pair.before, pair.after, pair.lost, pair.gained)
        if pair.alone and joins and differences[-1].kind is difference.kind:
            difference = _joined(differences.pop(), difference)
        differences.append(difference)
        joins = pair.alone
    return differences


def _only_in(section: _Section | None, other: _Section | None) -> list[Item]:
    """The blocks of a section that the other lacks, as often as it lacks them."""
    there = other.words if other else Counter[str]()
    alone = []
    for block in section.blocks if section else ():
        if there[_words(block)] > 0:
            there[_words(block)] -= 1
        else:
            alone.append(block)
    return alone


def _forget_moves(pairs: Sequence[_Pair]) -> None:
    """A block that moved because sections came, went or were renamed is no news; between two that both stay
    it is: a ground that leaves one list for another is filed elsewhere now.
    """
    homes: dict[str, list[tuple[_Pair, Item]]] = {}
    for pair in pairs:
        for block in pair.gained:
            homes.setdefault(_words(block), []).append((pair, block))
    for pair in pairs:
        for block in tuple(pair.lost):
            there = homes.get(_words(block), [])
            home = next((h for h in there if not (pair.stays and h[0].stays)), None)
            if home is not None:
                there.remove(home)
                pair.lost.remove(block)
                home[0].gained.remove(home[1])


def _forget_cuts(pairs: Sequence[_Pair], before: Sequence[Item], after: Sequence[Item]) -> None:
    lost = [block for pair in pairs for block in pair.lost]
    gained = [block for pair in pairs for block in pair.gained]
    if not lost and not gained:
        return
    was, now = recut(before, after, lost, gained)
    new_places = frozenset().union(*(places(item) for item in after))
    old_places = frozenset().union(*(places(item) for item in before))
    for pair in pairs:
        pair.lost = [b for b in pair.lost if spelt(b.summary) not in was or not places(b) <= new_places]
        pair.gained = [b for b in pair.gained if spelt(b.summary) not in now or not places(b) <= old_places]


def _forget_codes(pair: _Pair) -> None:
    """A picture that leads where the words of its section do, as a QR code, is no news."""
    for blocks, other in ((pair.gained, pair.before), (pair.lost, pair.after)):
        known = frozenset().union(*(places(item) for item in other.blocks)) if other else frozenset()
        blocks[:] = [one for one in blocks if not (wordless(one) and places(one) <= known)]


def lost_blocks(comparison: Comparison) -> int:
    """How many blocks of the baseline are no longer there."""
    return sum(len(_lines(d.before)) for d in comparison.differences if d.before)


def _sections(items: Iterable[Item]) -> list[_Section]:
    found: dict[tuple[str, ...], tuple[tuple[str, ...], list[Item]]] = {}
    for item in items:
        found.setdefault(tuple(squeeze(h) for h in item.section), (item.section, []))[1].append(item)
    return [_Section(path, tuple(blocks)) for path, blocks in found.values()]


def _pair(old: Sequence[_Section], new: Sequence[_Section]) -> list[tuple[_Section | None, _Section | None]]:
    """Match by heading path, then by innermost heading, then by common text; in the new page's order."""
    left = {_path(section): section for section in old}
    same = {_path(section): left.pop(_path(section), None) for section in new}
    pairs: list[tuple[_Section | None, _Section | None]] = []
    for section in new:
        before = same[_path(section)] or _resembling(section, left)
        if before is not None:
            left.pop(_path(before), None)
        pairs.append((before, section))
    return pairs + [(section, None) for section in left.values()]


def _resembling(section: _Section, candidates: Mapping[tuple[str, ...], _Section]) -> _Section | None:
    for path, before in candidates.items():
        if path[-1:] == _path(section)[-1:]:
            return before
        common = (before.words & section.words).total()
        if common >= SAME_SECTION * max(before.words.total(), section.words.total()):
            return before
    return None


def _path(section: _Section) -> tuple[str, ...]:
    return tuple(squeeze(heading) for heading in section.path)


def _words(block: Item) -> str:
    """What a block says: its text, where it links to, what it offers for download."""
    files = sorted(f"{squeeze(a.label)} {a.name}" for a in block.attachments)
    return "\x1f".join((squeeze(block.summary), *sorted(link.ident for link in block.links), *files))


def _difference(
    before: _Section | None, after: _Section | None, lost: Sequence[Item], gained: Sequence[Item]
) -> Difference:
    kind = (
        ChangeKind.ADDED if before is None else ChangeKind.WITHDRAWN if after is None else ChangeKind.EDITED
    )
    return Difference(
        kind,
        _merged(lost) if lost else None,
        _merged(gained) if gained else None,
        _text(before),
        _text(after),
    )


def _joined(first: Difference, then: Difference) -> Difference:
    return Difference(
        first.kind,
        _merged([i for i in (first.before, then.before) if i]) if first.before else None,
        _merged([i for i in (first.after, then.after) if i]) if first.after else None,
        "\n".join(t for t in (first.context_before, then.context_before) if t),
        "\n".join(t for t in (first.context_after, then.context_after) if t),
    )


def _merged(blocks: Sequence[Item]) -> Item:
    """Several blocks of one section as one item; its key stays the first block's."""
    return replace(
        blocks[0],
        summary="\n".join(block.summary for block in blocks),
        links=tuple(dict.fromkeys(link for block in blocks for link in block.links)),
        attachments=tuple(a for block in blocks for a in block.attachments),
    )


def _lines(item: Item) -> list[str]:
    return item.summary.split("\n")


def _text(section: _Section | None) -> str:
    return "\n".join(block.summary for block in section.blocks) if section else ""
