"""Which names a seed draws from: those of `names.py`, or, from `UNHEARD_FROM` on, others that nobody was told of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.replica.renamed import names, unheard

UNHEARD_FROM = 10_000

Texts = Sequence[str]


@dataclass(frozen=True, slots=True)
class Names:
    """See `names.py`."""

    sections: Texts
    parents: Sequence[tuple[str, ...]]
    news: Texts
    hallways: Texts
    appointments: Texts
    documents: Texts
    guides: Texts
    apart: Texts
    general: Sequence[tuple[tuple[str, ...], str]]
    decoys: Sequence[tuple[tuple[str, ...], str, str]]


_USUAL = Names(
    names.SECTIONS,
    names.PARENTS,
    names.NEWS,
    names.HALLWAYS,
    names.APPOINTMENTS,
    names.DOCUMENTS,
    names.GUIDES,
    names.APART,
    names.GENERAL,
    names.DECOYS,
)
_UNHEARD = Names(
    unheard.SECTIONS,
    unheard.PARENTS,
    unheard.NEWS,
    unheard.HALLWAYS,
    unheard.APPOINTMENTS,
    unheard.DOCUMENTS,
    unheard.GUIDES,
    names.APART,
    unheard.GENERAL,
    (*names.DECOYS, *unheard.DECOYS),
)


def names_of(seed: int) -> Names:
    return _UNHEARD if seed >= UNHEARD_FROM else _USUAL
