"""The text part of a mail, which says all that the HTML part says."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from notifiers.render.mail_page import Group, Page, Told

_ISOLATE, _END = "\u2068", "\u2069"
_FROM_RIGHT = frozenset({"R", "AL", "AN"})


def text(page: Page) -> str:
    """Lines as long as they come: mail programs fold them better than we can."""
    blocks = [isolated(page.heading), *page.opening, *_groups(page), *_letters(page), "\n".join(_foot(page))]
    return "\n\n".join(blocks) + "\n"


def isolated(words: str) -> str:
    """Words of a page, where they would turn the writing around: kept apart from ours."""
    turned = any(unicodedata.bidirectional(char) in _FROM_RIGHT for char in words)
    return f"{_ISOLATE}{words}{_END}" if turned else words


def _groups(page: Page) -> Iterator[str]:
    for group in page.groups:
        if group.name:
            yield f"== {group.name} =="
        yield from _alerts(page, group)


def _alerts(page: Page, group: Group) -> Iterator[str]:
    for alert in group.alerts:
        yield "\n".join(_alert(page, alert))


def _alert(page: Page, alert: Told) -> Iterator[str]:
    if alert.line:
        yield f"* {isolated(alert.line)}"
    margin = "  " if alert.line else ""
    yield from (margin + note for note in alert.notes)
    yield from (margin + fact for fact in alert.facts)
    yield from (f"{margin}«\u00a0{isolated(quote)}\u00a0»" for quote in alert.quotes)
    for link in alert.links:
        yield f"{margin}{link.label}{page.colon}{link.href or isolated(link.shown)}"


def _letters(page: Page) -> Iterator[str]:
    for letter in page.letters:
        yield f"{letter.text}\n{letter.href}" if letter.href else letter.text


def _foot(page: Page) -> Iterator[str]:
    yield "-- "
    yield from page.foot
    yield from (f"{link.label}{page.colon}{link.href}" for link in page.foot_links)
