"""What strangers, pages and spiteful servers may try, and what it comes to: a sample, or all of it for minutes."""

from __future__ import annotations

import random
from collections.abc import Callable

from prove.attack import (
    addresses,
    bombs,
    doors,
    envelopes,
    fuzz,
    letters,
    life,
    neighbours,
    secrets,
    texts,
    tokens,
    visitors,
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
        lambda: neighbours.attack(long=long),
        lambda: tokens.attack(rng, long=long),
        lambda: visitors.attack(long=long),
        lambda: doors.attack(long=long),
        lambda: secrets.attack(long=long),
        lambda: once_more(lambda: bombs.attack(long=long)),
        lambda: fuzz.attack(rng, long=long),
        lambda: life.attack(long=long, seed=seed),
    ]
    how = (
        "Hostile addresses, texts, letters, tokens, forms, files and pages against what takes them in, and "
        "against every page, feed, mail and log that shows them; readers fed with spoilt bytes; the whole program "
        "lived at random beside a model of what it owes its readers. "
        "Links are compared with a browser's own reading of them (ada-url)."
    )
    return Chapter("Attack", how, tuple(figure for attack in attacks for figure in attack()))
