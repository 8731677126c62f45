"""One feed out of the store: the same for the web and for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import chain

from watcher.core.alerts import Alert, AlertState
from watcher.core.calendar import Calendar, build_calendar
from watcher.core.feed import KEPT, KEPT_FOR, MOST, EntryOf, Feed, FeedQuery, Subject, build
from watcher.core.labels import Vocabulary
from watcher.core.ports import Store

_RECONSIDERED = (AlertState.CORRECTED, AlertState.RETRACTED)
_AHEAD = 3000  # alerts among which the dates of a calendar are looked for: months of the whole country


def read_feed(
    store: Store,
    query: FeedQuery,
    vocabulary: Vocabulary,
    base_url: str,
    *,
    verified_only: bool = False,
    told: EntryOf | None = None,
) -> Feed:
    """The feed that `query` asks for, as the store has it now; see `build`. Raises `FeedQueryError`."""
    query.label(vocabulary)  # before anything is read for a feed that does not exist
    # An old alert that was corrected or retracted yesterday is news again, however many came since.
    states = (AlertState.VERIFIED if verified_only else None, *_RECONSIDERED)
    windows = [_window(store, query, state) for state in states]
    alerts = [*chain.from_iterable(windows), *_late(store, windows)]
    return build(query, alerts, vocabulary, base_url, verified_only=verified_only, told=told)


def read_calendar(
    store: Store,
    query: FeedQuery,
    vocabulary: Vocabulary,
    base_url: str,
    *,
    verified_only: bool = False,
) -> Calendar:
    """The calendar that `query` asks for. It reaches further back than a feed: a day in four months
    stays a date to know, however many alerts came since. Raises `FeedQueryError`.
    """
    query.label(vocabulary)
    alerts = _alerts(store, query, AlertState.VERIFIED if verified_only else None, limit=_AHEAD)
    oldest = alerts[-1].detected_at if len(alerts) == _AHEAD else None
    if verified_only:  # those that are no longer verified, of the same time: who had their days is told
        alerts += chain.from_iterable(
            _alerts(store, query, state, since=oldest, limit=_AHEAD) for state in _RECONSIDERED
        )
    if oldest is not None:
        alerts += store.decided(max(alert.updated_at for alert in alerts) - KEPT_FOR, oldest)
    alerts += _replaced(store, alerts)
    return build_calendar(query, alerts, vocabulary, base_url, verified_only=verified_only)


def _replaced(store: Store, alerts: Sequence[Alert]) -> list[Alert]:
    """Whose place these took, and is not among them: an event is as old as the first that told it."""
    known = {alert.id for alert in alerts}
    found = []
    for alert in alerts:
        former = alert.corrects
        while former and former not in known:
            known.add(former)
            one = store.alert(former)
            if one is None:
                break
            found.append(one)
            former = one.corrects
    return found


def _late(store: Store, windows: Sequence[Sequence[Alert]]) -> Sequence[Alert]:
    """What was decided about lately, of what was detected too long ago to be in a window."""
    ends = [window[-1].detected_at for window in windows if len(window) >= KEPT]
    if not ends:
        return ()
    newest = max(alert.updated_at for alert in chain.from_iterable(windows))
    return store.decided(newest - KEPT_FOR, max(ends))


def _window(store: Store, query: FeedQuery, state: AlertState | None) -> list[Alert]:
    """The last `KEPT`, and all of the last `KEPT_FOR` when these are more, up to `MOST`."""
    newest = _alerts(store, query, state, limit=KEPT)
    if len(newest) < KEPT or newest[0].detected_at - newest[-1].detected_at > KEPT_FOR:
        return newest
    return _alerts(store, query, state, since=newest[0].detected_at - KEPT_FOR, limit=MOST)


def _alerts(
    store: Store,
    query: FeedQuery,
    state: AlertState | None,
    *,
    since: datetime | None = None,
    limit: int | None = None,
) -> list[Alert]:
    return list(
        store.alerts(
            since=since,
            prefecture=query.value if query.subject is Subject.PREFECTURE else None,
            category=query.value if query.subject is Subject.CATEGORY else None,
            motif=query.value if query.subject is Subject.MOTIF else None,
            state=state,
            limit=limit,
        )
    )
