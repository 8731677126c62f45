"""The pages and documents of single items: what new and edited ones say in full, and where vanished ones are now."""

from __future__ import annotations

from dataclasses import replace

from watcher.core import decide
from watcher.core.address import canonical
from watcher.core.catalogue import Source
from watcher.core.changes import ChangeKind
from watcher.core.conclude import Answers
from watcher.core.decide import Assessment, Reading
from watcher.core.documents import has_own_page
from watcher.core.guard import AGREES_AFTER, Doubt, released
from watcher.core.items import Article, Item
from watcher.core.judge import decode, judge
from watcher.core.page import FetchFailure, Outcome, Page
from watcher.core.ports import PollStore
from watcher.core.services import SERVICES
from watcher.documents import Documents, watch
from watcher.visit import Tools, Visit


def read_answers(
    tools: Tools, store: PollStore, visit: Visit, reading: Reading, assessment: Assessment
) -> Answers:
    """Read what the assessment asks for: the items' own pages and documents, as they are and as they were."""
    read: dict[str, Article] = {}
    unread: set[str] = set()
    documents = Documents(tools, store, visit, reading.source.id, reading.now)
    for item in assessment.to_read:
        article = _whole(tools, visit, item, reading, documents)
        if article is None:
            unread.add(item.key)
        elif article.body or article.documents:
            read[item.key] = article
    stored = _stored(store, reading.source.id, assessment)
    answers = Answers(
        read=read,
        stored={key: article for key, article in stored.items() if article},
        unread=frozenset(unread),
        whereabouts={item.key: _whereabouts(visit, reading.source, item) for item in assessment.to_check},
    )
    return (
        answers if reading.source.kind in SERVICES else _with_files(answers, documents, reading, assessment)
    )


def doubt_files(reading: Reading, answers: Answers) -> Doubt | None:
    """What is new waits, once, for the documents that came with it."""
    if not answers.files.lacking:
        return None
    doubt = Doubt(answers.files.lacking, decide.content_digest(reading.items), AGREES_AFTER)
    return None if released(reading.state.suspicion, doubt, reading.now) else doubt


def _with_files(answers: Answers, documents: Documents, reading: Reading, assessment: Assessment) -> Answers:
    """And what came of the files that the page itself offers."""
    watched = watch(documents, reading, assessment)
    return replace(
        answers,
        read={**documents.learnt, **watched.read, **answers.read},
        stored={**watched.stored, **answers.stored},
        files=watched,
        received=documents.received,
    )


def _stored(store: PollStore, source: str, assessment: Assessment) -> dict[str, Article | None]:
    """What items said when they were read last; of one that moved, what it said where it was."""
    known = (*assessment.to_read, *assessment.to_check)
    stored = {item.key: store.article(source, item.key) for item in known}
    for moved in assessment.comparison.of(ChangeKind.MOVED):
        key = moved.item.key
        if moved.before and key in stored and not stored[key]:
            stored[key] = store.article(source, moved.before.key)
    return stored


def _whole(tools: Tools, visit: Visit, item: Item, reading: Reading, documents: Documents) -> Article | None:
    """The item's own page with its documents; `None` when something of it may come later."""
    if has_own_page(reading.source, item):
        article = _article(tools, visit, item, reading.site)
    else:
        article = Article(item.title, "", attachments=item.attachments)
    if article is None:
        return None
    files = documents.of_item(article.attachments, reading.source.url)
    patient = decide.unread_yet(reading.state, item.key, reading.now) is not None
    if patient and any(documents.lacks(one) for one in files):
        return None
    return replace(article, documents=files)


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
    if not has_own_page(source, item):
        return item.key
    match visit.get(item.address).result:
        case Page(status=401 | 404 | 410):
            return None
        case Page(status=200, final_address=final):
            there = canonical(final) or item.key
            return None if item.key.startswith(there.rstrip("/") + "/") else there
        case _:
            return item.key
