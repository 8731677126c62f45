"""Pages of an archive on their way in: bodies in a file that goes when it is closed, for archives are large."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from tempfile import TemporaryFile
from typing import BinaryIO

from watcher.core.page import Page


@dataclass(frozen=True, slots=True)
class Held:
    """A page without its body, and where that is."""

    page: Page
    payload: str
    start: int
    size: int


@dataclass
class Spool:
    """Pages by key (see `page_key`); `close` it in the end."""

    file: BinaryIO = field(default_factory=TemporaryFile)
    _pages: dict[str, list[Held]] = field(default_factory=dict)
    _payloads: dict[str, Held] = field(default_factory=dict)

    def close(self) -> None:
        self.file.close()

    def put(self, key: str, page: Page, payload: str) -> None:
        packed = zlib.compress(page.body, 1)
        start = self.file.seek(0, 2)
        self.file.write(packed)
        held = Held(replace(page, body=b""), payload, start, len(packed))
        self._keep(key, held)

    def put_again(self, key: str, held: Held, page: Page) -> None:
        """`page` has the body of one that is there."""
        self._keep(key, replace(held, page=again(held.page, page)))

    def _keep(self, key: str, held: Held) -> None:
        self._pages.setdefault(key, []).append(held)
        if held.payload:
            self._payloads.setdefault(held.payload, held)

    def by_payload(self, payload: str) -> Held | None:
        return self._payloads.get(payload)

    def at(self, key: str, moment: datetime) -> Held | None:
        return next((held for held in self.of(key) if held.page.fetched_at == moment), None)

    def of(self, key: str) -> Sequence[Held]:
        return self._pages.get(key, ())

    def page(self, held: Held) -> Page:
        self.file.seek(held.start)
        return replace(held.page, body=zlib.decompress(self.file.read(held.size)))


def again(known: Page, page: Page) -> Page:
    """What was found unchanged: `known`, at the address and date of `page`."""
    return replace(
        known,
        address=page.address,
        final_address=page.final_address,
        fetched_at=page.fetched_at,
        archive=page.archive,
    )
