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
from watcher.core.documents import of_files, remarks
from watcher.core.items import Article, Item
from watcher.core.links import places_told
from watcher.core.services import is_lost, is_shut, standing_of
from watcher.core.text import squeeze
from watcher.core.topic import HALF, subject
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
        return _tell_section(source, difference, change, read, stored)
    key = difference.item.key
    former = difference.before.key if difference.before else key
    return _tell_card(source, change, read.get(key), stored.get(former))


def judged(change: Change, verdict: Verdict, notice: Notice | None = None) -> Verdict:
    """What is withdrawn or nowhere is never published on its own: nobody said what holds now; nor is what rests on a
    document that nobody could read, and of what may concern us it is not passed over either.
    """
    if is_shut(change.after) and not (change.after and change.after.links):
        verdict = _without(verdict, verdict.channel_before, change.detected_at.date().isoformat())
    unsaid = change.kind is ChangeKind.WITHDRAWN or is_lost(change.after)
    unread = notice is not None and notice.unread
    if (unsaid or unread) and verdict.route is Route.PUBLISH:
        return replace(verdict, route=Route.REVIEW)
    if notice and unread and (notice.foreigners_page or subject(notice.title) >= HALF):
        return replace(verdict, route=Route.REVIEW)
    return verdict


def _without(verdict: Verdict, channel: str | None, today: str) -> Verdict:
    """The same, but for that channel being one to take from now on: the name of what is shut may sound so. That it
    opens on a later day stays.
    """

    def later(since: str | None) -> bool:
        return since is not None and since > today

    facts = tuple(
        replace(fact, channel_after=None)
        if fact.channel_after == channel and not later(fact.effective_from)
        else fact
        for fact in verdict.facts
    )
    if verdict.channel_after not in {channel, None}:
        return replace(verdict, facts=facts)
    if not later(verdict.effective_from):
        return replace(verdict, channel_after=None, facts=facts)
    since = verdict.effective_from if verdict.channel_after else None  # a day to come is no day of closing
    return replace(verdict, effective_from=since, facts=facts)


def standing_on(heading: str, told: Told) -> Told:
    """The same, of a page that is called so."""
    return replace(told, notice=replace(told.notice, page=heading))


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
    text = now.text if now and now.body else _lines(item.summary, now.text if now else "")
    remarked = remarks(now.documents) if now else ()
    notice = Notice(
        title=item.title,
        body=text,
        prefecture=source.prefecture,
        published=item.published or item.updated or (now.published if now else None),
        links=(*item.links, *(now.links if now else ())),
        unread=bool(remarked),
    )
    if change.kind is not ChangeKind.EDITED:
        return Told(change, notice, _lines(*remarked, text))
    old = change.before
    if now and then:
        was = f"{then.title}\n{then.text}"
        fresh = lines_only_in(f"{item.title}\n{text}", was)
        lost = lines_only_in(was, f"{item.title}\n{text}")
        fresh = _lines(*remarked, fresh, *places_told(now.links, then.links, text))
        lost = _lines(lost, *places_told(then.links, now.links, then.text))
        return Told(change, replace(notice, before=was, links_before=then.links), fresh, lost)
    lost = lines_only_in(f"{old.title}\n{old.summary}", f"{item.title}\n{item.summary}") if old else ""
    return Told(change, notice, _lines(*remarked, text), lost)


def _tell_section(
    source: Source,
    difference: Difference,
    change: Change,
    read: Mapping[str, Article],
    stored: Mapping[str, Article],
) -> Told:
    before, after = difference.before, difference.after
    itself = change.item.key.startswith("file:")  # its text is the section
    now = of_files(after.attachments, read) if after else ()
    then = of_files(before.attachments, stored) if before else ()
    says, said = ("", "") if itself else (_lines(*(d.text for d in now)), _lines(*(d.text for d in then)))
    fresh, lost = lines_only_in(says, said), lines_only_in(said, says)
    remarked = remarks(now)
    whole, whole_before = _lines(difference.context_after, says), _lines(difference.context_before, said)
    item = change.item
    heading = " – ".join(item.section) or item.title
    gone = change.kind is ChangeKind.WITHDRAWN and not difference.context_after
    notice = Notice(
        title=heading,
        body=whole_before if gone else whole,
        prefecture=source.prefecture,
        published=item.published or item.updated,
        before=None if gone else whole_before or None,
        links=after.links if after else (),
        links_before=before.links if before else (),
        foreigners_page=True,
        differs=_lines(*(side.summary for side in (before, after) if side), lost, fresh),
        unread=bool(remarked),
    )
    words, words_before = _words(after, before), _words(before, after)
    return Told(change, notice, _lines(*remarked, words, fresh), _lines(words_before, lost))


def _words(item: Item | None, other: Item | None) -> str:
    """What a section said, and the places it led to that the other version does not: their links may have been
    swapped under words that stay.
    """
    if item is None or (standing_of(item) and not is_shut(item)):
        return item.summary if item else ""
    places = places_told(item.links, other.links if other else (), item.summary)
    return "\n".join(filter(None, (item.summary, *places)))


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)


def _shortened(text: str) -> str:
    return text if len(text) <= SUMMARY else text[:SUMMARY].rsplit(" ", 1)[0] + " …"
