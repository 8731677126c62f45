"""Many polls: platforms side by side, the sources of one platform one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import islice

from watcher.ahead import Ahead
from watcher.core.catalogue import Catalogue, Source
from watcher.core.incidents import widespread
from watcher.core.page import Outcome
from watcher.core.ports import Store
from watcher.core.state import PlatformState, Problem, ProblemKind
from watcher.pacing import StopRequestedError
from watcher.poll import Polled, poll
from watcher.visit import Tools

PATIENCE = timedelta(seconds=20)  # a brake that ends sooner is waited for
LEASE = timedelta(hours=2)  # of a platform; longer than any batch
POLLS = timedelta(hours=1)  # the leases of a batch of sources, its articles included
BATCH = 16
NETWORK = "network"  # subject of the incident that nothing at all can be reached
NOTED_GAP = timedelta(seconds=1)  # a shorter pace is not worth remembering beyond this process

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
    """Poll sources of one platform in turn, as the one process that speaks to it."""
    now = tools.clock.now()
    state = tools.store.lease_platform(platform, tools.owner, now, now + LEASE)
    if state is None:
        for source in sources:
            report(_postponed(source, f"une autre vigie interroge déjà la plateforme {platform}"))
        return
    tools.pacer.resume(state)
    ahead = Ahead(tools.store, tools.owner)
    try:
        for batch in _renewing(tools, platform, sources, now):
            ahead.expect([source.id for source in batch], tools.clock.now(), tools.clock.now() + POLLS)
            for source in batch:
                report(_one(tools, platform, source, ahead))
    except StopRequestedError:
        return
    finally:
        ahead.settle()
        tools.store.save_platform(tools.pacer.state(platform), (), ())
        tools.store.release_platform(platform, tools.owner)


def note_incidents(store: Store, catalogue: Catalogue, now: datetime) -> None:
    """Open and close the incidents that only show over all sources together."""
    found = widespread(catalogue, store.states(), now)
    store.note_problems(found.opens, found.closes, now)


def _one(tools: Tools, platform: str, source: Source, ahead: Ahead) -> Polled:
    until = tools.pacer.braked_until(platform)
    if until is not None and not _wait_for(tools, until):
        return _postponed(source, f"plateforme {platform} freinée jusqu'à {until:%Y-%m-%d %H:%M:%S} UTC")
    before = tools.pacer.state(platform)
    polled = poll(tools, source, ahead)
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
    if opens or closes or tools.pacer.gap(platform) >= NOTED_GAP:
        tools.store.save_platform(after, opens, closes)


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


def _renewing(
    tools: Tools, platform: str, sources: Iterable[Source], leased_at: datetime
) -> Iterator[Sequence[Source]]:
    """The sources, a batch at a time, while the platform's lease is kept alive."""
    left = iter(sources)
    while batch := tuple(islice(left, BATCH)):
        now = tools.clock.now()
        if now - leased_at > LEASE / 3:
            if tools.store.lease_platform(platform, tools.owner, now, now + LEASE) is None:
                return
            leased_at = now
        yield batch


def _postponed(source: Source, reason: str) -> Polled:
    return Polled(source.id, Outcome.POSTPONED, reason=reason)
