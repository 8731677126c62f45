"""From a difference to what readers are told: the change, the text to be understood, the alert."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Source, SourceKind
from watcher.core.changes import Change, ChangeKind, change_id
from watcher.core.compare import Difference, fingerprint
from watcher.core.items import Article
from watcher.core.services import is_lost
from watcher.core.text import squeeze
from watcher.core.verdict import Notice, Route, Verdict

SUMMARY = 1500  # characters of the announcement that an alert carries


@dataclass(frozen=True, slots=True)
class Told:
    """A change, the text that has to be understood, and the words to show for it."""

    change: Change
    notice: Notice
    words: str
    words_before: str = ""


def tell(
    source: Source,
    baseline: str,
    difference: Difference,
    now: datetime,
    read: Mapping[str, Article],
    stored: Mapping[str, Article],
) -> Told:
    """Give a difference its identity and its words.

    `baseline` names the very snapshot it was compared to: the same thing happening later is another change.
    `read` holds the items' own pages as they are now, `stored` as they were last time, both by item key.
    """
    before = fingerprint(difference.before) if difference.before else ""
    after = fingerprint(difference.after) if difference.after else ""
    change = Change(
        id=change_id(source.id, difference.item.key, difference.kind, f"{baseline}:{before}", after),
        source=source.id,
        kind=difference.kind,
        before=difference.before,
        after=difference.after,
        detected_at=now,
    )
    if source.kind is not SourceKind.NEWS:
        return _tell_section(source, difference, change)
    key = difference.item.key
    former = difference.before.key if difference.before else key
    return _tell_card(source, change, read.get(key), stored.get(former))


def judged(change: Change, verdict: Verdict) -> Verdict:
    """What is withdrawn or nowhere is never published on its own: nobody said what holds now."""
    unsaid = change.kind is ChangeKind.WITHDRAWN or is_lost(change.after)
    if unsaid and verdict.route is Route.PUBLISH:
        return replace(verdict, route=Route.REVIEW)
    return verdict


def alert_of(source: Source, told: Told, verdict: Verdict) -> Alert | None:
    """The alert that a change deserves; `None` for a muted one."""
    if verdict.route is Route.MUTE:
        return None
    change, item = told.change, told.change.item
    return Alert(
        id=change.id,
        source=source.id,
        prefecture=source.prefecture,
        kind=change.kind,
        state=AlertState.VERIFIED if verdict.route is Route.PUBLISH else AlertState.UNVERIFIED,
        title=told.notice.title,
        address=item.address,
        summary=_shortened(told.words),
        published=item.published,
        detected_at=change.detected_at,
        updated_at=change.detected_at,
        verdict=verdict,
        before=_shortened(told.words_before),
        group=hashlib.sha256(squeeze(told.notice.title + told.words).encode()).hexdigest()[:24],
    )


def lines_only_in(text: str, other: str) -> str:
    """The lines of `text` that `other` lacks, typography aside."""
    known = {squeeze(line) for line in other.split("\n")}
    return "\n".join(line for line in text.split("\n") if squeeze(line) not in known)


def _tell_card(source: Source, change: Change, now: Article | None, then: Article | None) -> Told:
    item = change.item
    if change.kind is ChangeKind.WITHDRAWN:
        now, then = then, None
    text = now.body if now and now.body else item.summary
    notice = Notice(
        title=item.title,
        body=text,
        prefecture=source.prefecture,
        published=item.published or item.updated or (now.published if now else None),
        links=(*item.links, *(now.links if now else ())),
    )
    if change.kind is not ChangeKind.EDITED:
        return Told(change, notice, text)
    old = change.before
    if now and then:
        was = f"{then.title}\n{then.body}"
        fresh = lines_only_in(f"{item.title}\n{text}", was)
        lost = lines_only_in(was, f"{item.title}\n{text}")
        return Told(change, replace(notice, before=was, links_before=then.links), fresh, lost)
    lost = lines_only_in(f"{old.title}\n{old.summary}", f"{item.title}\n{item.summary}") if old else ""
    return Told(change, notice, text, lost)


def _tell_section(source: Source, difference: Difference, change: Change) -> Told:
    before, after = difference.before, difference.after
    item = change.item
    heading = " – ".join(item.section) or item.title
    gone = change.kind is ChangeKind.WITHDRAWN and not difference.context_after
    notice = Notice(
        title=heading,
        body=difference.context_before if gone else difference.context_after,
        prefecture=source.prefecture,
        published=item.published or item.updated,
        before=None if gone else difference.context_before or None,
        links=after.links if after else (),
        links_before=before.links if before else (),
        foreigners_page=True,
    )
    return Told(change, notice, after.summary if after else "", before.summary if before else "")


def _shortened(text: str) -> str:
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"
