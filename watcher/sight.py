"""A page that was fetched → what discovery remembers of it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from watcher import layouts
from watcher.core.address import canonical
from watcher.core.arrivals import as_list
from watcher.core.conclude import failure_outcome
from watcher.core.glance import page_title
from watcher.core.items import Extraction
from watcher.core.judge import decode, judge
from watcher.core.labels import FAILURES, OUTCOMES
from watcher.core.page import FetchFailure, NotModified, Outcome, Page
from watcher.core.page_words import guidance, mentions
from watcher.core.search_page import is_search
from watcher.core.sighting import Sighting
from watcher.core.text import fold
from watcher.core.topic import HALF, subject

TEXT = 10_000  # characters of a page that are looked at

Motifs = Callable[[str], Iterable[str]]
"""A text → the grounds of residence permits that it names."""


@dataclass(frozen=True, slots=True)
class Eye:
    """Looks at pages; `motifs` knows the vocabulary."""

    motifs: Motifs

    def see(self, asked: str, result: Page | NotModified | FetchFailure) -> Sighting:
        """Never raises for what a page is made of."""
        match result:
            case Page() as page:
                return self.look(asked, page)
            case FetchFailure() as failure:
                reason = f"{FAILURES[failure.kind]} ({failure.detail})"
                return Sighting(asked, failure_outcome(failure), reason)
            case NotModified():
                return Sighting(asked, Outcome.NOT_MODIFIED)

    def look(self, asked: str, page: Page) -> Sighting:
        text = decode(page)
        judgement = judge(page, text, "")
        outcome, reason = judgement.outcome, f"{OUTCOMES[judgement.outcome].french} ({judgement.reason})"
        # A hub of a few links says as little as an error page; its links tell.
        spared = page.status == 200 and (outcome is Outcome.EMPTY or is_search(asked))
        if outcome is not Outcome.OK and not spared:
            return Sighting(asked, outcome, reason, page.final_address)
        return self._read(asked, page, text)

    def _read(self, asked: str, page: Page, text: str) -> Sighting:
        from watcher.layouts.navigation import read_navigation
        from watcher.layouts.visible import visible_text

        address = page.final_address
        around = read_navigation(text, address)
        found = _extracted(text, address)
        cards = as_list(found).items
        dated = [item for item in cards if item.published or item.updated]
        words = visible_text(text, address, TEXT)
        return Sighting(
            asked=asked,
            outcome=Outcome.OK,
            address=address,
            title=page_title(text).split(" - ")[0].split(" | ")[0].strip(),
            heading=found.heading,
            crumbs=tuple(link for link in around.crumbs if canonical(link.address) != canonical(address)),
            links=around.links,
            layout=found.layout,
            items=len(cards),
            dated=len(dated),
            ours=sum(1 for item in dated if subject(item.title) >= HALF),
            files=sum(len(item.attachments) for item in found.items),
            says_empty=found.declared_empty,
            select_list="select_list" in found.anomalies,
            length=len(words),
            motifs=tuple(self.motifs(words)),
            guidance=guidance(words),
            mentions=mentions(words),
            official=found.links,
        )


def _extracted(text: str, address: str) -> Extraction:
    """As the layout reads it that it most looks like; another one where that finds nothing."""
    name = layouts.detect(text, address)
    found = layouts.get(name).extract(text, address, {})
    if not found.items and name != "content":
        other = layouts.get("content").extract(text, address, {})
        return other if other.items else found
    return found


def known_words(spellings: Iterable[tuple[str, Iterable[str]]]) -> Motifs:
    """A function that finds, in a text, which of these have one of their spellings in it."""
    table = [(name, [f" {_plain(text)} " for text in texts]) for name, texts in spellings]

    def motifs(text: str) -> Iterable[str]:
        padded = f" {_plain(text[:TEXT])} "
        return tuple(name for name, texts in table if any(one in padded for one in texts))

    return motifs


def _plain(text: str) -> str:
    """Words without accents or plural marks, single spaces between."""
    words = "".join(char if char.isalnum() else " " for char in fold(text)).split()
    return " ".join(word.rstrip("s") for word in words)
