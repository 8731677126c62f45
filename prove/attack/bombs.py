"""Patterns and parsers given a great lot of what they like least."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from types import FrameType, ModuleType
from typing import Any

import notifiers
import storage
import watcher
from prove.attack.pumps import pumps
from prove.gauge import Timed
from prove.report import Figure
from watcher import layouts
from watcher.core.judge import decode, judge
from watcher.core.page import Page, Validators
from watcher.layouts.article import read_article

LONG, SHORT = 20_000, 6_000  # characters
MOST = 0.1  # seconds of a core
PAGE_MOST = 10.0  # seconds of a core for one page, whatever it is
ADDRESS = "https://www.cantal.gouv.fr/Actualites"
_OPERATIONS = ("fullmatch", "match", "search", "finditer", "findall", "sub", "split")
# How patterns that stand in tables are used, where it is not to be searched for.
_USES = {"watcher.core.signs.HEADINGS": ("match",)}
# Patterns that would take long over a long text, and the most that whoever uses them ever gives them.
BOUNDS = {
    "watcher.core.signs.NAKED": 2_000,  # titles, headings, the first words of thin pages
    "watcher.layouts.files._DETAIL": 300,  # the text of a link
    "watcher.reading.channel_choice._ONLY_OPEN": 1_500,  # a sentence, or a piece of one
    "watcher.reading.channels._COMPULSORY": 1_500,
}
_SIGNS = ["a", "0", " ", "é", "\u00a0", "\n", "\t", ".", "-", "'", '"', "<", "(", "&", "a ", "1 ", "1-",
"a.", "<a", "1/",
          "le ", "00", "a,", "a-", "\u2026", "=", "%", "/", "@"]  # fmt: skip


def attack(*, long: bool) -> list[Figure]:
    # What is quadratic takes too long over few characters too.
    length, most = (LONG, MOST) if long else (SHORT, MOST / 3)
    patterns = list(_patterns())
    slow = [name for one in patterns if (name := _slow(one, length, most))]
    pages, worst, what = _pages(1_000_000 if long else 40_000)
    deep = _deepest(100_000)
    return [
        Timed(f"{len(patterns)} patterns × {length} of their worst characters",
        f"{len(slow)} slow {' '.join(slow[:4])}".strip(),
               f"≤ {most * 1000:.0f} ms each", kept=not slow),
        Timed(f"{pages} pages of one thing a great many times: the slowest",
        f"{worst:.1f} s of a core ({what})",
               f"≤ {PAGE_MOST:.0f} s", kept=worst <= PAGE_MOST),
        Timed("a page 100,000 elements deep", f"{deep:.1f} s of a core", f"≤ {PAGE_MOST:.0f} s",
        kept=deep <= PAGE_MOST),
    ]  # fmt: skip


@dataclass(frozen=True)
class Used:
    """A pattern, where it stands, and how it is used."""

    name: str
    pattern: re.Pattern[str] | re.Pattern[bytes]
    operations: tuple[str, ...]


def _patterns() -> Iterator[Used]:
    seen = set()
    for module in _modules():
        source = inspect.getsource(module)
        for name, value in vars(module).items():
            for pattern in _held(value):
                key = (pattern.pattern, pattern.flags)
                if key not in seen and _begins_here(module, name):
                    seen.add(key)
                    full = f"{module.__name__}.{name}"
                    used = _USES.get(full) or tuple(one for one in _OPERATIONS if f"{name}.{one}" in source)
                    yield Used(full, pattern, used or ("search",))


def _modules() -> Iterator[ModuleType]:
    for package in (watcher, storage, notifiers):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not re.search(r"\.replica|__main__|migrations|chat_process", found.name):
                yield importlib.import_module(found.name)


def _begins_here(module: ModuleType, name: str) -> bool:
    """Not one that was imported from where it stands."""
    return re.search(rf"^{name}\b[^=\n]*=", inspect.getsource(module), re.MULTILINE) is not None


def _held(value: object, depth: int = 0) -> Iterator[re.Pattern[str] | re.Pattern[bytes]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth < 4 and isinstance(value, dict):
        for one in (*value, *value.values()):
            yield from _held(one, depth + 1)
    elif depth < 4 and isinstance(value, (list, tuple, set, frozenset)):
        for one in value:
            yield from _held(one, depth + 1)


def _slow(used: Used, length: int, most: float) -> str:
    """What makes it slow; "" when nothing does."""
    length = min(length, BOUNDS.get(used.name, length))
    for sign in dict.fromkeys([*_worst(used.pattern.pattern), *pumps(used.pattern)]):
        for end in ("", "\x01!"):
            text = sign * (length // len(sign)) + end
            given = text.encode() if isinstance(used.pattern.pattern, bytes) else text
            for operation in used.operations:
                if _seconds(partial(_use, used.pattern, operation, given), 2 * most) > most:
                    return f"{used.name}.{operation}({sign!r})"
    return ""


def _use(pattern: re.Pattern[Any], operation: str, text: Any) -> None:
    if operation == "sub":
        pattern.sub(text[:0], text)
    elif operation == "finditer":
        for _ in pattern.finditer(text):
            pass
    else:
        getattr(pattern, operation)(text)


def _worst(pattern: str | bytes) -> list[str]:
    """Repeated: letters and signs that it has, words that it has, and what patterns in general stumble over."""
    text = pattern if isinstance(pattern, str) else pattern.decode("latin-1")
    words = sorted(set(re.findall(r"[a-zéèà]{2,}", text)), key=len)[:6]
    signs = set(re.findall(r"[^\w\s\\]", text)) | set(re.findall(r"\w", text)[:12])
    return [*dict.fromkeys([*_SIGNS, *sorted(signs), *words, *(f"{word} " for word in words)])]


class _TooLongError(Exception):
    pass


@contextmanager
def _at_most(seconds: float) -> Iterator[None]:
    """Of this thread's and everybody's time on a core; patterns and parsers in C look for signals now and then."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        raise _TooLongError

    former = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _seconds(work: Callable[[], object], most: float) -> float:
    begun = time.process_time()
    try:
        with _at_most(most):
            work()
    except _TooLongError:
        return most + 1
    return time.process_time() - begun


_WHOLE = (
    '<!DOCTYPE html><html><head><title>T</title></head><body><main id="main"><h1>Actualités</h1>'
    "%s</main></body></html>"
)
_QUOTED = _WHOLE.replace("%s", '<div class="%s"></div>')
_REPEATED = (
    "<", "<a", "<a ", '<a b="', "<!--", "<!", "</", "<main>", "<h1>", "<script>", '<div class="fr-card">', "<div>",
    "<p>",
    "<li>", "<table><tr><td>", '<a href="x">y</a>', "&", "&amp;", "&lt;b&gt;", "-->", "1 ", "\u00a0",
    "\u0301", "(", "=",
    "<a id= class=", "<base ", "<div role=main ", "<p>1 janvier 2025</p>", "publie le ", "mis a jour le le ",
    "<h2>a</h2>",
    "<ul><li>", "<b><i>", "...", "pdf ", "- ", '<a href="x.pdf">x - pdf - 1,2 Mo</a>', "<svg>", "<template>",
    "<textarea>",
    "<br>", "<hr>", "<img alt=x>", "<details><summary>", "rendez-vous ", "visites ", "mailto:",
    "<select><option>", "00 ",
)  # fmt: skip


def _pages(size: int) -> tuple[int, float, str]:
    """How many pages, how long the slowest took, and what it was made of."""
    times = []
    for shape in (_WHOLE, _QUOTED):
        for repeated in _REPEATED:
            body = shape.replace("%s", repeated * (size // len(repeated)))
            times.append((_seconds(partial(_read, body), PAGE_MOST), f"{size:,} of {repeated!r}"))
    return len(times), *max(times)


def _deepest(depth: int) -> float:
    opened = (f"<{tag}>" for tag in ("div", "b", "ul><li", "table><tr><td", "font"))
    return max(_seconds(partial(_read, _WHOLE.replace("%s", one * depth)), PAGE_MOST) for one in opened)


def _read(body: str) -> None:
    page = Page(
        ADDRESS,
        ADDRESS,
        200,
        body.encode(),
        "text/html",
        "utf-8",
        Validators(),
        datetime(2025, 9, 10, tzinfo=UTC),
    )
    text = decode(page)
    judge(page, text, "")
    layouts.detect(text, ADDRESS)
    layouts.get("dsfr").extract(text, ADDRESS, {})
    layouts.get("content").extract(text, ADDRESS, {})
    read_article(text, ADDRESS)
