"""Anything at all, given to whatever reads what others wrote: a result, or an error of ours.

Seeds are the recorded pages, the batteries, and our own files; each is cut, mixed,
doubled and spoilt at random.
`python -m prove.guided TARGET [SECONDS]` runs a target under atheris, guided by coverage, where that is installed.
"""

from __future__ import annotations

import random
import re
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from notifiers.bounces import BounceReader
from prove.attack.addresses import PAGE, PIECES, TRICKS
from prove.attack.battery import LINES, TEXTS
from prove.attack.spoiling import spoilt
from prove.report import Figure
from watcher import layouts, rules, weights
from watcher.core import mail_address as mails
from watcher.core.address import absolute, canonical, file_name, host_of, presentable, same_site
from watcher.core.errors import UserError
from watcher.core.headers import charset, retry_after, validators
from watcher.core.inflate import BodyError
from watcher.core.judge import decode, judge
from watcher.core.links import official
from watcher.core.page import Page, Validators
from watcher.core.printable import one_line, printable
from watcher.core.text import clean, clean_block, find_day, fold, parse_day
from watcher.core.verdict import Notice
from watcher.core.webhooks import WebhookError, webhook_address
from watcher.filing_file import load as load_filing
from watcher.layouts.article import read_article
from watcher.reading import FrenchReader
from watcher.robots import Robots
from watcher.sources import load as load_sources

ROOT = Path(__file__).resolve().parents[2]
SLOW = 2.0  # seconds of a core, the most that one input may take
NOW = datetime(2025, 9, 10, tzinfo=UTC)
OURS = (UserError, BodyError, WebhookError, mails.AddressError)


def attack(rng: random.Random, *, long: bool) -> list[Figure]:
    """Each target in turn, for so many seconds of a core."""
    tried, found = 0, Found()
    for name, target in TARGETS.items():
        until = time.thread_time() + (60.0 if long else target.share / 2)
        while time.thread_time() < until:
            found.try_(name, target, target.made(rng))
            tried += 1
    other, slow = found.other, found.slow
    return [
        Figure(f"{tried} spoilt inputs for {len(TARGETS)} readers: errors that are not ours",
               f"{len(other)} {'; '.join(other[:3])}" if other else "0", "0", kept=not other),
        Figure(f"inputs that took more than {SLOW:.0f} s of a core",
        f"{len(slow)} {'; '.join(slow[:3])}" if slow else "0",
               "0", kept=not slow),
    ]  # fmt: skip


@dataclass
class Found:
    other: list[str] = field(default_factory=list)
    slow: list[str] = field(default_factory=list)

    def try_(self, name: str, target: Target, data: bytes) -> None:
        begun = time.thread_time()
        try:
            target.run(data)
        except OURS:
            pass
        except Exception as error:  # whatever else comes out of a reader is a defect
            said = f"{name}: {type(error).__name__}: {error} ({_short(data)})"
            if not any(one.startswith(f"{name}: {type(error).__name__}") for one in self.other):
                self.other.append(said)
        if time.thread_time() - begun > SLOW:
            self.slow.append(f"{name} {_short(data)}")


def _short(data: bytes) -> str:
    return repr(data[:80]) + ("…" if len(data) > 80 else "")


@dataclass(frozen=True)
class Target:
    run: Callable[[bytes], object]
    seeds: Callable[[], list[bytes]]
    share: float = 1.0  # seconds of a core in the short form

    def made(self, rng: random.Random) -> bytes:
        return spoilt(rng, self.seeds())


def _extract(data: bytes) -> None:
    page = Page(PAGE, PAGE, 200, data, "text/html", "utf-8", Validators(), NOW)
    text = decode(page)
    judge(page, text, "Les services de l'État dans le Cantal")
    layouts.detect(text, PAGE)
    for name in sorted(layouts.NAMES - {"selectors"}):
        layouts.get(name).extract(text, PAGE, {})
    read_article(text, PAGE)


def _addresses(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    for base in (PAGE, ""):
        found = absolute(text, base)
        for one in (found, text):
            if one:
                host_of(one), same_site(one, PAGE), official(one, text), canonical(one)
        if found:
            presentable(found), file_name(found)
    for read in (mails.mail_address, lambda one: webhook_address(one, allow_private=True)):
        try:
            read(text)
        except OURS:
            continue


def _sanitise(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    fold(text)
    for cleaner in (clean, clean_block, printable, one_line):
        once = cleaner(text)
        if cleaner(once) != once:
            raise AssertionError(f"{cleaner.__name__} is not idempotent")
    if re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\ud800-\udfff\ufeff]", clean(text)):
        raise AssertionError("an invisible character got through")
    parse_day(text), find_day(text)


def _headers(data: bytes) -> None:
    text = data.decode("latin-1")
    retry_after(text, NOW), charset(text), validators(text, text, text, NOW)


@cache
def _reader() -> FrenchReader:
    return FrenchReader(rules.load(ROOT / "rules.yaml"), weights.shipped())


def _read(data: bytes) -> None:
    text = data.decode("utf-8", "replace")
    _reader().read(Notice(text[:300], text, before=text[::2], foreigners_page=True))


def _robots(data: bytes) -> None:
    page = Page(PAGE, PAGE, 200, data, "text/plain", "utf-8", Validators(), NOW)
    robots = Robots()
    found = robots.rules("https://a.fr", NOW, lambda _: page)
    found.forbids(PAGE), robots.delay("https://a.fr")


def _returned(data: bytes) -> None:
    BounceReader("veille@vigie.example")(data)


def _file(load: Callable[[Path], Any]) -> Callable[[bytes], None]:
    def run(data: bytes) -> None:
        with tempfile.NamedTemporaryFile(suffix=".yaml") as file:
            file.write(data)
            file.flush()
            load(Path(file.name))

    return run


@cache
def _pages() -> list[bytes]:
    return [path.read_bytes() for path in sorted((ROOT / "tests" / "pages").glob("*/page.html"))]


@cache
def _texts() -> list[bytes]:
    words = (ROOT / "tests" / "announcements" / "own.jsonl").read_bytes().splitlines()[:60]
    return [text.encode("utf-8", "surrogatepass") for text in (*TEXTS, *LINES)] + words


@cache
def _links() -> list[bytes]:
    return [text.encode("utf-8", "surrogatepass") for text in (*TRICKS, *PIECES, *LINES)] + [
        PAGE.encode(),
        b"ana@exemple.fr",
    ]


def _said() -> list[bytes]:
    return [
        b"User-agent: *\nDisallow: /a*b$\nAllow: /\nCrawl-delay: 7\nSitemap: x\n",
        b"User-agent: VigiePrefectures\nCrawl-delay: nan\nRequest-rate: 1/5s 0100-0200\nVisit-time: 0600-0845\n",
        b"User-agent: a\nUser-agent: b\nDisallow: /%zz\nClean-param: a&b /x\nHost: x\n",
    ]


def _values() -> list[bytes]:
    dates = (
        b"Wed, 21 Oct 2015 07:28:00 GMT",
        b"Sun Nov  6 08:49:37 1994",
        b"Wed, 31 Dec 9999 23:59:59 -9959",
        b"120",
        b"-1",
    )
    return [*dates, b'text/html; charset="utf-8"', b'W/"x"', b"text/html; charset=utf-7"]


def _reports() -> list[bytes]:
    report = (
        b"To: veille+token@vigie.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b\r\n"
        b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x\r\n\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        b"\r\n--b\r\nContent-Type: text/rfc822-headers; charset=x\r\n"
        b"Content-Transfer-Encoding: base64\r\n\r\nxx\r\n--b--\r\n"
    )
    return [
        report,
        b"Subject: unsubscribe abcdefgh\r\n\r\n",
        b"Subject: =?utf-8?b?x?= =?x?q?=ff?=\r\nTo: <\r\n\r\n",
    ]


def _own(name: str, most: int) -> Callable[[], list[bytes]]:
    return lambda: [(ROOT / name).read_bytes()[:most]]


TARGETS = {
    "extract": Target(_extract, _pages, 6.0),
    "addresses": Target(_addresses, _links),
    "sanitise": Target(_sanitise, _texts),
    "headers": Target(_headers, _values, 0.5),
    "read": Target(_read, _texts, 2.0),
    "robots": Target(_robots, _said, 0.5),
    "returned mail": Target(_returned, _reports, 0.5),
    "sources.yaml": Target(_file(load_sources), _own("sources.yaml", 3_000), 2.0),
    "rules.yaml": Target(_file(rules.load), _own("rules.yaml", 6_000), 2.0),
    "filing.yaml": Target(
        _file(lambda path: load_filing(path, rules.load(ROOT / "rules.yaml"), NOW)),
        _own("filing.yaml", 2_000),
        2.0,
    ),
}
