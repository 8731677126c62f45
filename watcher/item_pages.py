"""The pages of single items: what new and edited ones say in full, and where vanished ones are now."""

from __future__ import annotations

from watcher.core import decide
from watcher.core.address import canonical
from watcher.core.catalogue import Source
from watcher.core.conclude import Answers
from watcher.core.decide import Assessment, Reading
from watcher.core.items import Article, Item
from watcher.core.judge import decode, judge
from watcher.core.page import FetchFailure, Outcome, Page
from watcher.core.ports import PollStore
from watcher.visit import Tools, Visit


def read_answers(
    tools: Tools, store: PollStore, visit: Visit, reading: Reading, assessment: Assessment
) -> Answers:
    """Read what the assessment asks for: the items' own pages, as they are and as they were."""
    read: dict[str, Article] = {}
    unread: set[str] = set()
    for item in assessment.to_read:
        article = _article(tools, visit, item, reading.site)
        if article is None:
            unread.add(item.key)
        elif article.body:
            read[item.key] = article
    known = (*assessment.to_read, *assessment.to_check)
    stored = {item.key: store.article(reading.source.id, item.key) for item in known}
    return Answers(
        read=read,
        stored={key: article for key, article in stored.items() if article},
        unread=frozenset(unread),
        whereabouts={item.key: _whereabouts(visit, reading.source, item) for item in assessment.to_check},
    )


def _article(tools: Tools, visit: Visit, item: Item, site: str) -> Article | None:
    """The item's own page; without body when there is none to read, `None` when it may come later."""
    match visit.get(item.address).result:
        case Page() as page:
            text = decode(page)
            outcome = judge(page, text, site).outcome
            if outcome is Outcome.OK:
                return tools.read_article(text, page.final_address)
            lasting = outcome in {Outcome.GONE, Outcome.SOFT_404, Outcome.UNSUPPORTED}
            return Article(item.title, "") if lasting else None
        case FetchFailure(kind=kind) if not kind.transient:
            return Article(item.title, "")
        case _:
            return None


def _whereabouts(visit: Visit, source: Source, item: Item) -> str | None:
    """Where a vanished item's address leads: its key, another item's, or `None` when to nothing."""
    if not decide.has_own_page(source, item):
        return item.key
    match visit.get(item.address).result:
        case Page(status=404 | 410):
            return None
        case Page(status=200, final_address=final):
            there = canonical(final) or item.key
            return None if item.key.startswith(there.rstrip("/") + "/") else there
        case _:
            return item.key
