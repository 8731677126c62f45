"""Long lists compared with others that share nothing with them, or little, or all in another order."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from prove.gauge import Timed
from prove.report import Figure
from watcher.core.compare import compare_cards
from watcher.core.compare_blocks import compare_blocks
from watcher.core.differences import differences
from watcher.core.items import Item, ItemKind, Snapshot

SIZE = 10_000
MOST = 1.0  # seconds of a core
_DAYS = 300


def attack() -> list[Figure]:
    taken = {
        "others": _compared("other", 2025),
        "of one title": _compared("other", 2020, title="Avis"),
        "in another order": _compared("same", 2025, turned=True),
        "words": _worded(),
    }
    what, slowest = max(taken.items(), key=lambda one: one[1])
    return [
        Timed(f"two lists of {SIZE} compared, in {len(taken)} ways: the slowest",
              f"{slowest:.2f} s of a core ({what})", f"{MOST:g} s", kept=slowest <= MOST),
    ]  # fmt: skip


def _compared(name: str, year: int, *, title: str = "", turned: bool = False) -> float:
    """The slower of two: as cards, and as blocks of a page."""
    times = []
    for kind, compare in ((ItemKind.CARD, compare_cards), (ItemKind.BLOCK, compare_blocks)):
        before, after = _items(kind, "same", 2025, title), _items(kind, name, year, title)
        baseline = Snapshot("15", 1, datetime(2025, 9, 8, tzinfo=UTC), "dsfr", 1, "t", "s", tuple(before))
        start = time.process_time()
        compare(baseline, after[::-1] if turned else after)
        times.append(time.process_time() - start)
    return max(times)


def _items(kind: ItemKind, name: str, year: int, title: str) -> list[Item]:
    plain = Item(kind, "", "", "")
    return [
        replace(
            plain,
            key=f"https://www.cantal.gouv.fr/{name}/{number}",
            title=title or f"Avis {name} {number}",
            address=f"https://www.cantal.gouv.fr/{name}/{number}",
            published=date(year, 1, 1) + timedelta(number % _DAYS),
        )
        for number in range(SIZE)
    ]


def _worded() -> float:
    words = [f"mot{number % _DAYS}" for number in range(SIZE)]
    start = time.process_time()
    differences(" ".join(words), " ".join(reversed(words)))
    return time.process_time() - start
