"""Addresses: which servers we are made to call, and where links lead."""

from __future__ import annotations

import random
import re
import ssl
import sys
from collections.abc import Callable, Sequence
from importlib import import_module, util
from typing import Any

from prove.report import Figure
from tests.fakes.alerts import BASE, StillClock
from tests.fakes.inner_addresses import SPELLINGS, resolve
from watcher.core.address import absolute, canonical, host_of, presentable
from watcher.core.page import FailureKind, FetchFailure
from watcher.core.posting import PostFailure
from watcher.core.webhooks import WebhookError, webhook_address
from watcher.core.weblinks import web_link
from watcher.fetch import HttpFetcher
from watcher.post import HttpPoster
from watcher.web.desk_guard import onward

PAGE = "https://www.cantal.gouv.fr/Actualites/Page?x=1"
REFUSED = {FailureKind.FORBIDDEN_ADDRESS, FailureKind.BAD_ADDRESS}
_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_called: list[object] = []
_listening = [False]

# Scheme, backslash, user, port, escape, look-alikes, blanks: what readers of addresses disagree on.
TRICKS = (
    "https://evil.example\\@www.paris.gouv.fr/", "///evil.example", "/\\evil.example",
    "https:\\\\evil.example",
    "https:evil.example", "https:/evil.example", "https:///evil.example", "\\\\evil.example",
    "//evil.example",
    "http://www.paris.gouv.fr@evil.example", "http://www.paris.gouv.fr:443@evil.example/",
    "https://evil.example#@x.gouv.fr",
    "https://evil.example?@x.gouv.fr", "https://evil.example;@x.gouv.fr", "https://x.gouv.fr%2f@evil.example",
    "https://evil.example%2ex.gouv.fr", "https://evil.example%00.gouv.fr", "https://evil.example\x00.gouv.fr",
    "https://evil.example\t.gouv.fr", "https://evil.example\n.gouv.fr", "ht\ntps://evil.example",
    "\x01https://evil.example",
    "https://ｗｗｗ.paris.gouv.fr", "https://www。paris。gouv。fr", "https://www.paris.gouv.fr／@evil.example",
    "https://evil.example／.gouv.fr", "https://\u2100.gouv.fr", "https://pariſ.gouv.fr",
    "https://www.paris.gouv.fr\u212a",
    "https://xn--pari-nya.gouv.fr", "https://[::1]/", "https://[::ffff:127.0.0.1]/", "https://127.1/",
    "https://0x7f.1",
    "https://2130706433", "https://0177.0.0.1", "https://127.0.0.1.", "https://1.2.3", "https://a.0x",
    "https://256.1.1.1",
    "https://x.gouv.fr:99999", "https://x.gouv.fr:0", "https://x.gouv.fr:", "https://x.gouv.fr:80:80",
    "https://x.gouv.fr:+443",
    "https://", "https://.", "https://..", "https://a..gouv.fr", "https://-a.gouv.fr", "https://a_b.gouv.fr",
    "//", "//?", "//#",
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", " javascript:alert(1)", "java\tscript:alert(1)",
    "\x00javascript:alert(1)",
    "javascript://www.paris.gouv.fr/%0aalert(1)", "data:text/html,<script>", "vbscript:x",
    "blob:https://x.gouv.fr/1",
    "file:///etc/passwd", "ftp://x.gouv.fr", "view-source:https://x.gouv.fr", "https://[", "https://]",
    "https://[v1.a]/",
    "https://x.gouv.fr\u202e", "https://x.gouv.fr/\u202egnp.exe", "?a=<script>", "#\"onclick=x", "..\\..\\x",
    "./\x7f",
)  # fmt: skip
PIECES = (
    "https:", "http:", "HTTPS:", "//", "/",
    "\\", "@", ":", "evil.example", "www.paris.gouv.fr", "www.cantal.gouv.fr", ".",
    "..", "%2e", "%2f", "%5c", "%00", "%09", "\t", "\n", " ", "\x00", "#", "?", "[::1]", "[", "]",
    "127.0.0.1", "0x7f.1",
    "2130706433", "443", "80", "0", "99999", "１２７", "。", "．", "／", "＠", "xn--", "é", "ß", "İ", "ſ", "\u212a",
    "a",
    "javascript:", "data:", "file:", "&", "=", ";", "'", '"', "<", "^", "|", "~", "%", "\u200b", "\u00ad",
    "\ud800", "user",
    "%40", "℀", "-", "_", "\x7f", "\x85", "\u3000", "\ufeff", "www.", ".gouv.fr", "0177.0.0.1",
)  # fmt: skip


def attack(rng: random.Random, *, long: bool) -> list[Figure]:
    made = [*TRICKS, *(_made_up(rng) for _ in range(200_000 if long else 15_000))]
    return [*_calls(1_000), *_links(made), _entry(rng, 20_000)]


def _made_up(rng: random.Random) -> str:
    start = rng.choice(("https://", "http://", "//", "/", "https:", "", ""))
    return start + "".join(rng.choice(PIECES) for _ in range(rng.randrange(1, 8)))


def _listen() -> None:
    """An audit hook cannot be taken off again: one for all times."""
    if not _listening[0]:
        _listening[0] = True
        sys.addaudithook(lambda event, args: _called.append(args[1]) if event == "socket.connect" else None)


def _calls(flips: int) -> list[Figure]:
    """Fetching, redirects and web-hooks; the resolver asks nobody, and every connection is counted."""
    _listen()
    _called.clear()
    let_in = sum(_fetched(f"{scheme}://{one}/", resolve) for one in SPELLINGS for scheme in ("http", "https"))
    let_in += sum(_posted(f"https://{one}/", resolve) for one in SPELLINGS)
    let_in += sum(_registered(one) for one in SPELLINGS)
    asked = 0

    def flip(_host: str, _port: int) -> Sequence[str]:
        nonlocal asked
        asked += 1
        return ["77.159.252.140", "127.0.0.1"] if asked % 2 else ["127.0.0.1"]

    rebound = sum(_posted("https://hooks.example.fr/", flip) for _ in range(flips))
    tried = len(SPELLINGS) * 4
    return [
        Figure(f"{len(SPELLINGS)} spellings of inner addresses, fetched, posted to, registered",
        f"{let_in} of {tried} let in",
               "0", kept=not let_in),
        Figure(f"a name that changes its mind, {flips} times", f"{rebound} let in", "0", kept=not rebound),
        Figure("connections made meanwhile", str(len(_called)), "0", kept=not _called),
    ]  # fmt: skip


def _fetched(address: str, resolver: Callable[[str, int], Sequence[str]]) -> bool:
    clock = StillClock()
    fetcher = HttpFetcher(clock, allow_private=False, user_agent="x", tls=_NOBODY, resolver=resolver)
    try:
        result = fetcher.fetch(address).result
    finally:
        fetcher.close()
    return not (isinstance(result, FetchFailure) and result.kind in REFUSED)


def _posted(address: str, resolver: Callable[[str, int], Sequence[str]]) -> bool:
    poster = HttpPoster(StillClock(), allow_private=False, user_agent="x", tls=_NOBODY, resolver=resolver)
    try:
        result = poster.post(address, b"{}")
    finally:
        poster.close()
    return not (isinstance(result, PostFailure) and result.kind in REFUSED)


def _registered(spelling: str) -> bool:
    """A name may be registered: it is looked at when it is posted to."""
    try:
        webhook_address(f"https://{spelling}/", allow_private=False)
    except WebhookError:
        return False
    return not spelling.endswith("example.fr")


def _links(made: Sequence[str]) -> list[Figure]:
    """Whether a browser goes where we say that a link of a page goes."""
    browser = _browser()
    failed = [text for text in made if _raises(text)]
    accepted = [(text, found) for text in made if text not in failed and (found := absolute(text, PAGE))]
    if browser is None:
        known = [text for text, found in accepted if "evil" in host_of(found) and "gouv.fr" in host_of(found)]
        return [
            Figure(
                "links (no WHATWG parser here: pip install ada-url)",
                f"{len(known)} look-alikes",
                "0",
                kept=not known,
            )
        ]
    wrong = [text for text, found in accepted if not _agree(browser, text, found)]
    told = f"{len(wrong)} of {len(accepted)} {wrong[:2]!a}" if wrong else f"0 of {len(accepted)} accepted"
    return [
        Figure(f"{len(made)} hostile links that a browser takes to another host than we do", told, "0",
        kept=not wrong),
        Figure("links that raise something", f"{len(failed)} {failed[:2]!a}" if failed else "0", "0",
        kept=not failed),
    ]  # fmt: skip


def _raises(text: str) -> bool:
    try:
        found = absolute(text, PAGE)
        if found:
            presentable(found), canonical(found), host_of(found), web_link(found)
    except Exception:
        return True
    return False


def _agree(browser: Callable[[str], Any], text: str, found: str) -> bool:
    """All our readings against a browser's: scheme, host and port."""
    link = web_link(found)
    read = [browser(one) for one in (text, found, presentable(found), link.href if link else "")]
    if not all(read) or canonical(presentable(found)) != canonical(found):
        return False
    # A site with and without "www." is one to us; it belongs to one owner.
    hosts = {_bare(one.host) for one in read}
    schemes = {one.protocol for one in (*read[:2], read[3])}
    return hosts == {_bare(host_of(found))} and len(schemes) == 1 and schemes <= {"https:", "http:"}


def _bare(host: str) -> str:
    return re.sub(r"\A(?:www\.)+", "", host.removesuffix("."))  # in full, with its dot, it is the same name


def _browser() -> Callable[[str], Any] | None:
    if util.find_spec("ada_url") is None:
        return None
    url = import_module("ada_url").URL

    def read(text: str) -> Any:
        try:
            return url(text, PAGE)
        except (ValueError, UnicodeError):
            return None

    return read


def _entry(rng: random.Random, count: int) -> Figure:
    """Where the desk sends people after the log-in."""
    browser = _browser()
    away = 0
    for number in range(count):
        text = ("/desk" if number % 2 else "") + _made_up(rng)
        wanted = onward(text)
        there = browser(BASE + wanted) if browser else None
        away += not wanted.startswith("/desk") or "//" in wanted or "\\" in wanted
        away += there is not None and there.origin != BASE
    return Figure(
        f"{count} wishes of where to go after the log-in", f"{away} lead elsewhere", "0", kept=not away
    )
