"""What is watched, where that may change while everything goes on."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterator, KeysView, Mapping, ValuesView
from typing import TypeVar

from watcher.core.catalogue import Catalogue

T = TypeVar("T")


class Living(Mapping[str, T]):
    """A mapping whose whole content is replaced at once.

    Whoever goes through it goes through what there was when they began. Where somebody asks by ``[name]`` for what
    was there when they began and has left since, they still get it; to ``in`` and `get` it is gone.
    """

    def __init__(self, first: Mapping[str, T]) -> None:
        self._now: Mapping[str, T] = dict(first)
        self._ever: Mapping[str, T] = self._now

    def replace(self, content: Mapping[str, T]) -> None:
        self._ever = {**self._ever, **content}
        self._now = dict(content)

    def __getitem__(self, name: str) -> T:
        return self._ever[name]

    def __contains__(self, name: object) -> bool:
        return name in self._now

    def __iter__(self) -> Iterator[str]:
        return iter(self._now)

    def __len__(self) -> int:
        return len(self._now)

    def get(self, name: str, default: T | None = None) -> T | None:  # type: ignore[override]
        return self._now.get(name, default)

    def keys(self) -> KeysView[str]:
        return self._now.keys()

    def values(self) -> ValuesView[T]:
        return self._now.values()

    def items(self) -> ItemsView[str, T]:
        return self._now.items()


class Watchlist:
    """The one catalogue of a process. Everybody holds `catalogue`; who remembers anything of it asks to be told."""

    def __init__(self, first: Catalogue) -> None:
        self._platforms, self._prefectures = Living(first.platforms), Living(first.prefectures)
        self._sources = Living(first.sources)
        self.catalogue = Catalogue(self._platforms, self._prefectures, self._sources)
        self._told: list[Callable[[Catalogue], None]] = []

    def tell(self, heed: Callable[[Catalogue], None]) -> None:
        """Call `heed` with what is watched next, right before it is."""
        self._told.append(heed)

    def renew(self, catalogue: Catalogue) -> None:
        """From now on, watch this. What a page refers to is there before the page."""
        self._platforms.replace(catalogue.platforms)
        self._prefectures.replace(catalogue.prefectures)
        following = Catalogue(self._platforms, self._prefectures, catalogue.sources)
        for heed in self._told:
            heed(following)
        self._sources.replace(catalogue.sources)
