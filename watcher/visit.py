"""The requests of one poll: each is paced, counted, and tells how the platform fares."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from watcher import pdf
from watcher.core.alerts import Alert
from watcher.core.catalogue import Source
from watcher.core.documents import Extracted
from watcher.core.filing_proposals import Proposal
from watcher.core.items import Article
from watcher.core.page import Fetched, FetchFailure, NotModified, Page, Validators
from watcher.core.ports import Clock, Fetcher, Layout, Reader, Store
from watcher.core.tempo import Tempo
from watcher.pacing import Pacer

LEASE = timedelta(seconds=90)
"""Of a platform: three times as long as a fetch may last, so that none outlives it."""

OVERLOADED = {429, 502, 503, 504}


def _at_its_interval(_source: Source) -> Tempo | None:
    return None


def _without_rules(_alerts: Sequence[Alert]) -> tuple[Proposal, ...]:
    return ()


class Spare(Protocol):
    """What whoever looks for pages may have of a platform's requests of a day; watched pages come first."""

    def left(self, platform: str) -> bool:
        """Whether there is anything left for them today."""

    def spend(self, platform: str, requests: int) -> None:
        """Count requests that were made."""


@dataclass(frozen=True, slots=True)
class Unbounded:
    """No more is agreed than a pace."""

    def left(self, platform: str) -> bool:
        return True

    def spend(self, platform: str, requests: int) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Tools:
    """Everything that a poll touches."""

    store: Store
    fetcher: Fetcher
    layout: Callable[[str], Layout]
    read_article: Callable[[str, str], Article]
    reader: Reader
    clock: Clock
    pacer: Pacer
    random: Callable[[], float]
    owner: str
    propose: Callable[[Sequence[Alert]], tuple[Proposal, ...]] = _without_rules
    lease: timedelta = LEASE
    tempo: Callable[[Source], Tempo | None] = _at_its_interval
    spare: Spare = Unbounded()
    read_document: Callable[[bytes], Extracted] = pdf.read_pdf


class Visit:
    """One poll's way to the outside."""

    def __init__(self, tools: Tools, source: Source, *, failing: bool = False) -> None:
        """`failing`: it could not be read last time."""
        self._tools = tools
        self._platform = source.platform
        self._failing = failing
        self.requests = 0
        self.wire_bytes = 0
        self.platform_down = False  # the brake was pulled during this visit

    def get(self, address: str, validators: Validators | None = None) -> Fetched:
        """Fetch one address; never raises for what a server does."""
        fetched = self._tools.fetcher.fetch(address, validators or Validators())
        self.requests += fetched.requests
        self.wire_bytes += fetched.wire_bytes
        if fetched.requests:
            self._note(address, fetched.result)
        self.platform_down = self._tools.pacer.braked_until(self._platform) is not None
        return fetched

    def _note(self, address: str, result: Page | NotModified | FetchFailure) -> None:
        """Only an answer shows that the platform lives; a refusal of ours shows nothing."""
        pacer = self._tools.pacer
        match result:
            case FetchFailure(kind=kind, retry_after=after) if kind.of_the_platform:
                pacer.failed(self._platform, address, after, again=self._failing)
            case Page(status=status, retry_after=after) if status in OVERLOADED:
                pacer.failed(self._platform, address, after, again=self._failing)
            case Page() | NotModified():
                pacer.succeeded(self._platform, address)
            case FetchFailure():
                pass
