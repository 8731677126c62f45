"""What robots.txt allows us (RFC 9309), remembered for a day per origin."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from protego import Protego

from watcher.core.page import FailureKind, FetchFailure, NotModified, Page
from watcher.core.ports import RobotsMemory

PRODUCT = "VigiePrefectures"
KEPT = timedelta(hours=24)
UNREACHABLE_KEPT = timedelta(minutes=5)
PARSED = 512_000  # bytes; RFC 9309 asks for 500 KiB at least
LONGEST_DELAY = timedelta(seconds=60)
TOO_MANY_REQUESTS = 429

Answer = Page | NotModified | FetchFailure

# The server cannot be spoken to at all: that is no matter of robots.txt.
_OF_THE_HOST = frozenset(
    {
        FailureKind.BAD_ADDRESS,
        FailureKind.FORBIDDEN_ADDRESS,
        FailureKind.DNS,
        FailureKind.CONNECT,
        FailureKind.TLS,
    }
)
_AGENT = re.compile(r"\s*user[- ]?agent\s*[:\s]\s*(?P<product>\*|[a-z_-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rules:
    """What an origin says to us, until when it is believed; `failure` when it cannot be asked."""

    until: datetime
    parsed: Protego | None = None
    failure: FetchFailure | None = None
    text: str = ""  # what was parsed

    def forbids(self, address: str) -> bool:
        return self.parsed is not None and not self.parsed.can_fetch(address, PRODUCT)

    @property
    def delay(self) -> timedelta | None:
        asked = self.parsed.crawl_delay(PRODUCT) if self.parsed is not None else None
        if asked is None:
            return None
        return timedelta(seconds=min(asked, LONGEST_DELAY.total_seconds()))


class Robots:
    """The rules of every origin met so far. Threads may share it: at worst they ask twice."""

    def __init__(self, memory: RobotsMemory | None = None) -> None:
        self._rules: dict[str, Rules] = {}
        self._memory = memory
        self._remembered: Mapping[str, tuple[datetime, str]] | None = None

    def rules(self, origin: str, now: datetime, load: Callable[[str], Answer]) -> Rules:
        """The rules of an origin (``"https://www.cantal.gouv.fr"``); `load` gets its robots.txt."""
        known = self._rules.get(origin) or self._recalled(origin)
        # Rules that are believed for longer than a day stem from a clock that was set back.
        if known is None or not now < known.until <= now + KEPT:
            known = judge(load(f"{origin}/robots.txt"), now)
            if self._memory is not None and known.failure is None:
                self._memory.keep_robots(origin, known.until, known.text)
        self._rules[origin] = known
        return known

    def _recalled(self, origin: str) -> Rules | None:
        if self._memory is None:
            return None
        if self._remembered is None:
            self._remembered = self._memory.robots()
        until, text = self._remembered.get(origin, (None, ""))
        return _said(until, text) if until else None

    def delay(self, origin: str) -> timedelta | None:
        """The origin's `Crawl-delay`, at most a minute; `None` while it is not known to have one."""
        known = self._rules.get(origin)
        return known.delay if known is not None else None


def judge(answer: Answer, now: datetime) -> Rules:
    """An answer to the question for robots.txt → rules.

    Whatever says that there is none allows all; whatever leaves it open allows nothing for a while. 429
    is of the second sort, whatever its digits: the server asks to be left alone.
    """
    if isinstance(answer, Page):
        if 200 <= answer.status < 300:
            return _said(now + KEPT, ours(answer.body))
        if answer.status < 500 and answer.status != TOO_MANY_REQUESTS:
            return Rules(now + KEPT)
        return _unreachable(f"robots.txt: status {answer.status}", now, answer.retry_after)
    if isinstance(answer, NotModified) or answer.kind is FailureKind.REDIRECT_LOOP:
        return Rules(now + KEPT)
    if answer.kind is FailureKind.REDIRECT_REFUSED:
        failure = FetchFailure("", FailureKind.ROBOTS, f"robots.txt: {answer.detail}", now)
        return Rules(now + KEPT, failure=failure)
    if answer.kind in _OF_THE_HOST:
        return Rules(now, failure=answer)
    return _unreachable(f"robots.txt: {answer.kind}: {answer.detail}", now, answer.retry_after)


def _said(until: datetime, text: str) -> Rules:
    return Rules(until, Protego.parse(text) if text.strip() else None, text=text)


def _unreachable(detail: str, now: datetime, retry_after: timedelta | None) -> Rules:
    failure = FetchFailure("", FailureKind.ROBOTS_UNREACHABLE, detail, now, retry_after)
    return Rules(now + UNREACHABLE_KEPT, failure=failure)


def ours(body: bytes) -> str:
    """The text of a robots.txt with the names of all other robots made one.

    Protego takes a group for the prefix of a name as one for the name, which RFC 9309 does not; and its
    work is agents times rules, which a hostile file of 500 KB turns into gigabytes.
    """
    lines: list[str] = []
    for line in body[:PARSED].decode("utf-8-sig", "replace").splitlines():
        agent = _AGENT.match(line)
        if agent is None:
            lines.append(line)
            continue
        product = agent["product"].lower()
        known = product if product in {"*", PRODUCT.lower()} else "another"
        lines.append(f"User-agent: {known}")
    return "\n".join(lines)
