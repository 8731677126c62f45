"""What strangers, pages and spiteful servers may try, and what it comes to: a sample, or all of it for minutes."""

from __future__ import annotations

import random
from collections.abc import Callable

from prove.attack import (
    addresses,
    bombs,
    envelopes,
    fuzz,
    letters,
    texts,
)
from prove.gauge import once_more
from prove.report import Chapter, Figure


def prove(*, long: bool, seed: int) -> Chapter:
    rng = random.Random(seed)
    attacks: list[Callable[[], list[Figure]]] = [
        lambda: addresses.attack(rng, long=long),
        lambda: texts.attack(long=long),
        lambda: letters.attack(rng, long=long),
        lambda: envelopes.attack(long=long),
        lambda: once_more(lambda: bombs.attack(long=long)),
        lambda: fuzz.attack(rng, long=long),
    ]
    how = (
        "Hostile addresses, texts, letters, files and pages against what takes them in, and against every page, "
        "feed, mail and log that shows them; readers fed with spoilt bytes. "
        "Links are compared with a browser's own reading of them (ada-url)."
    )
    return Chapter("Attack", how, tuple(figure for attack in attacks for figure in attack()))
