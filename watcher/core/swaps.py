"""Links that lead elsewhere under words that stay."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from watcher.core.changes import ChangeKind
from watcher.core.compare import Difference
from watcher.core.items import Item, LinkKind, OfficialLink
from watcher.core.links import called
from watcher.core.text import TITLE_LIMIT, clean, squeeze

_CODE = re.compile(r"(?:image|visuel|photo|scannez[lc]e)?(?:du|de|:)?(?:qr-?codes?|flash-?codes?).{0,40}")


def unlabelled(text: str, links: Iterable[OfficialLink]) -> str:
    """The letters of a text without what its links are called and however a postal address is typed; a label that
    tells a day or a number stays.
    """
    left = squeeze(text)
    for link in links:
        label = squeeze(link.label)
        if label and (link.kind is LinkKind.POSTAL or not any(map(str.isdecimal, label))):
            left = left.replace(label, "\x1f")
    return "".join(char for char in left if char.isalnum() or char == "\x1f")


def wordless(block: Item) -> bool:
    """Whether it is nothing but a picture that leads somewhere."""
    return bool(block.links) and (
        block.summary == called(block.links[0]) or _CODE.fullmatch(squeeze(block.summary)) is not None
    )


def one_swap(differences: Iterable[Difference]) -> list[Difference]:
    """The same swap of links in several sections, and nothing else in them, is one difference under all their names."""
    told: list[Difference] = []
    places: dict[tuple[frozenset[str], frozenset[str]], int] = {}
    for difference in differences:
        swap = _swap(difference)
        if swap is None or swap not in places:
            if swap is not None:
                places[swap] = len(told)
            told.append(difference)
        else:
            told[places[swap]] = _joined(told[places[swap]], difference)
    return told


def _swap(difference: Difference) -> tuple[frozenset[str], frozenset[str]] | None:
    """The places that went and came, if the words are the same."""
    before, after = difference.before, difference.after
    if difference.kind is not ChangeKind.EDITED or before is None or after is None:
        return None
    gone, come = ({link.ident for link in side.links} for side in (before, after))
    if gone == come or squeeze(before.summary) != squeeze(after.summary):
        return None
    return frozenset(gone - come), frozenset(come - gone)


def _joined(first: Difference, then: Difference) -> Difference:
    """Under one heading that names both sections."""
    return Difference(
        first.kind,
        _both(first.before, then.before),
        _both(first.after, then.after),
        f"{first.context_before}\n{then.context_before}",
        f"{first.context_after}\n{then.context_after}",
    )


def _both(first: Item | None, then: Item | None) -> Item | None:
    if first is None or then is None:
        return first or then
    names = [item.section[-1] for item in (first, then) if item.section]
    lines = dict.fromkeys((*first.summary.split("\n"), *then.summary.split("\n")))
    return replace(
        first,
        summary="\n".join(lines),
        section=(clean(", ".join(dict.fromkeys(names)), TITLE_LIMIT),) if names else (),
        links=tuple({link.ident: link for link in (*first.links, *then.links)}.values()),
    )
