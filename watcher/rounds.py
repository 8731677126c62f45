"""Many polls: platforms side by side, the sources of one platform one after the other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count, islice

from watcher.ahead import Ahead
from watcher.core.catalogue import Catalogue, Source
from watcher.core.incidents import NETWORK, widespread
from watcher.core.page import Outcome
from watcher.core.ports import Store
from watcher.core.state import PlatformState, Problem, ProblemKind, SourceOutline
from watcher.pacing import LeaseLostError, StopRequestedError
from watcher.poll import Polled, poll
from watcher.visit import Tools

PATIENCE = timedelta(seconds=20)  # a brake that ends sooner is waited for
POLLS = timedelta(hours=1)  # the leases of a batch of sources, its articles included
BATCH = 64  # sources that are leased at once, and whose quiet polls are written at once
AHEAD = timedelta(
    seconds=5
)  # of a slow platform only as many as are polled in so long: meanwhile others fall due
FEW, GROWING = 500, 8  # due pages that are read at first, and how many times as many after that
RENEWALS = 6  # in the time of a lease, where no request does it

_rounds = count(1)  # of this process, each with leases of its own

Report = Callable[[Polled], None]


def run_round(tools: Tools, sources: Iterable[Source], report: Report) -> None:
    """Poll the given sources once each; `report` is called from several threads."""
    platforms: dict[str, list[Source]] = {}
    for source in sources:
        platforms.setdefault(source.platform, []).append(source)
    if len(platforms) == 1:
        ((name, batch),) = platforms.items()
        run_platform(tools, name, batch, report)
        return
    with ThreadPoolExecutor(max_workers=max(len(platforms), 1), thread_name_prefix="poll") as pool:
        running = [pool.submit(run_platform, tools, n, batch, report) for n, batch in platforms.items()]
        for worker in running:
            worker.result()


def run_platform(tools: Tools, platform: str, sources: Iterable[Source], report: Report) -> None:
    """Poll sources of one platform in turn, as the one round of all processes that speaks to it."""
    speaker = tools.owner
    tools = replace(tools, owner=f"{speaker}/{next(_rounds)}")
    if not _lease(tools, platform, speaker):
        for source in sources:
            report(_postponed(source, f"une autre vigie interroge déjà la plateforme {platform}"))
        return
    ahead = Ahead(tools.store, tools.owner)
    try:
        for batch in _batches(sources, tools.pacer.gap(platform)):
            tools.pacer.keep(platform)
            ahead.expect([source.id for source in batch], tools.clock.now(), tools.clock.now() + POLLS)
            for source in batch:
                report(_one(tools, platform, source, ahead))
    except LeaseLostError:
        ahead.forget()  # of pages that another round may have read since
        return
    except StopRequestedError:
        return
    finally:
        ahead.settle()
        tools.store.release_platform(platform, tools.owner, tools.pacer.state(platform))


def due_of(store: Store, catalogue: Catalogue, now: datetime, platform: str) -> Iterator[Source]:
    """A platform's pages that are due and held by nobody, the most overdue first. Read as far as they are asked for;
    behind a crowd of others they are asked for by name, so that they cost no more than all pages of the platform.
    """
    own: Sequence[str] | None = None
    told: set[str] = set()
    for read, name in enumerate(_due(store, now), 1):
        source = catalogue.sources.get(name)
        if source is not None and source.platform == platform:
            told.add(name)
            yield source
        if read == FEW:
            own = _pages(catalogue, {platform})[platform]
        if own is not None and read >= len(own):
            break
    else:
        return
    for name in store.due_among([name for name in own if name not in told], now):
        if name in catalogue.sources:  # from which it may be taken meanwhile
            yield catalogue.sources[name]


def due_platforms(store: Store, catalogue: Catalogue, now: datetime, among: Iterable[str]) -> Sequence[str]:
    """Those of these platforms that have due pages. What is due is read until it is more than the pages of those
    that are not found yet, and these are asked for by name then.
    """
    pages = Counter(source.platform for source in catalogue.sources.values())
    wanted = pages.keys() & set(among)
    left, found = sum(pages[platform] for platform in wanted), list[str]()
    for read, name in enumerate(_due(store, now), 1):
        source = catalogue.sources.get(name)
        if source is not None and source.platform in wanted:
            wanted.remove(source.platform)
            left -= pages[source.platform]
            found.append(source.platform)
        if not wanted or read >= max(FEW, left):
            break
    else:
        return found
    behind = _pages(catalogue, wanted)
    return found + [platform for platform in sorted(behind) if _any_due(store, behind[platform], now)]


def _due(store: Store, now: datetime) -> Iterator[str]:
    """Ids of all that is due, in few and growing answers: of a million few are wanted at once."""
    limit, told = FEW, set[str]()
    while True:
        names = store.due(now, limit)
        for name in names:
            if name not in told:
                told.add(name)
                yield name
        if len(names) < limit:
            return
        limit *= GROWING


def _any_due(store: Store, names: Sequence[str], now: datetime) -> bool:
    return any(store.due_among(names[n : n + FEW], now) for n in range(0, len(names), FEW))


def _pages(catalogue: Catalogue, platforms: Set[str]) -> Mapping[str, Sequence[str]]:
    """The ids of all pages of each."""
    found: dict[str, list[str]] = {platform: [] for platform in platforms}
    for source in catalogue.sources.values():
        if source.platform in found:
            found[source.platform].append(source.id)
    return found


@contextmanager
def speaking(tools: Tools, platform: str) -> Iterator[Tools | None]:
    """Be the one of all processes that speaks to a platform, with the tools for it; `None` while another is."""
    mine = replace(tools, owner=f"{tools.owner}/{next(_rounds)}")
    if not _lease(mine, platform, tools.owner):
        yield None
        return
    try:
        yield mine
    finally:
        mine.store.release_platform(platform, mine.owner, mine.pacer.state(platform))


def _lease(tools: Tools, platform: str, speaker: str) -> bool:
    """Be the one that speaks to a platform, as long as requests prolong it."""
    now = tools.clock.now()
    state = tools.store.lease_platform(platform, tools.owner, now, now + tools.lease)
    if state is None:
        return False

    def hold(state: PlatformState) -> bool:
        now = tools.clock.now()
        until = max(now, state.next_request_at or now) + tools.lease  # the next gap may be long
        return tools.store.hold_platform(state, tools.owner, until)

    tools.pacer.resume(state, speaker, hold, tools.lease / RENEWALS)
    return True


def note_incidents(
    store: Store, catalogue: Catalogue, now: datetime, states: Mapping[str, SourceOutline] | None = None
) -> None:
    """Open and close the incidents that only show over all sources together. See `Silence.note` about `states`."""
    found = widespread(catalogue, store.outlines() if states is None else states, now)
    store.note_problems(found.opens, found.closes, now)


def _one(tools: Tools, platform: str, source: Source, ahead: Ahead) -> Polled:
    until = tools.pacer.braked_until(platform)
    if until is not None and not _wait_for(tools, until):
        return _postponed(source, f"plateforme {platform} freinée jusqu'à {until:%Y-%m-%d %H:%M:%S} UTC")
    before = tools.pacer.state(platform)
    polled = poll(tools, source, ahead)
    if polled.outcome.read and (tempo := tools.tempo(source)):
        tools.pacer.spend(platform, tempo.plan)
    _note(tools, platform, before, polled)
    return polled


def _wait_for(tools: Tools, until: datetime) -> bool:
    left = until - tools.clock.now()
    if left > PATIENCE:
        return False
    if tools.clock.wait(left):
        raise StopRequestedError
    return True


def _note(tools: Tools, platform: str, before: PlatformState, polled: Polled) -> None:
    """Remember pace and brake; a pulled brake is one incident, and it ends with the first good answer."""
    after = tools.pacer.state(platform)
    opens = (_incident(tools, platform, polled),) if after.brakes > before.brakes else ()
    closes: tuple[str, ...] = ()
    if before.failures and not after.failures:
        closes = (f"platform:{platform}", NETWORK)
    elif opens and opens[0].subject == NETWORK:  # which the incidents of single platforms were part of
        closes = tuple(f"platform:{name}" for name in tools.pacer.platforms)
    if opens or closes:
        tools.store.save_platform(after, opens, closes, tools.owner)


def _incident(tools: Tools, platform: str, polled: Polled) -> Problem:
    """When no platform answers, all that is one trouble, and nearer to us than to them."""
    alone = tools.pacer.nothing_answers()
    subject = NETWORK if alone else f"platform:{platform}"
    what = (
        "plus aucun site ne répond, la connexion de la vigie est peut-être coupée"
        if alone
        else f"la plateforme {platform} ne répond plus"
    )
    evidence = f"{what} ; dernier essai, {polled.source} : {polled.reason or polled.outcome}"
    return Problem(subject, ProblemKind.PLATFORM, tools.clock.now(), evidence)


def _batches(sources: Iterable[Source], gap: timedelta) -> Iterator[Sequence[Source]]:
    left = iter(sources)
    size = max(1, min(BATCH, AHEAD // max(gap, AHEAD / BATCH)))
    while batch := tuple(islice(left, size)):
        yield batch


def _postponed(source: Source, reason: str) -> Polled:
    return Polled(source.id, Outcome.POSTPONED, reason=reason)
