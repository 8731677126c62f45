"""One poll of one source: claim, fetch, judge, extract, compare, read, and write it all at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from watcher.core import decide
from watcher.core.address import canonical
from watcher.core.arrivals import as_list, doubt_site, is_child, is_home, is_same
from watcher.core.catalogue import Source, SourceKind
from watcher.core.conclude import conclude, doubted, failed, failure_outcome, quiet
from watcher.core.decide import Reading
from watcher.core.documents import files_due
from watcher.core.errors import StoreAwayError
from watcher.core.guard import Doubt, released
from watcher.core.items import Extraction, Item, ItemKind, Snapshot
from watcher.core.judge import Judgement, decode, judge, site_name
from watcher.core.labels import FAILURES, OUTCOMES
from watcher.core.next_baseline import put_back, reaches_further, rising_list
from watcher.core.page import FetchFailure, NotModified, Outcome, Page, Validators
from watcher.core.ports import Layout, PollStore
from watcher.core.region import digest, glimpse, region
from watcher.core.services import SERVICES, leads_elsewhere, served
from watcher.core.state import PollPlan, SourceState
from watcher.item_pages import doubt_files, read_answers
from watcher.pacing import StopRequestedError
from watcher.visit import Tools, Visit

LEASE = timedelta(minutes=20)
UNCONDITIONAL = timedelta(hours=24)  # a server that answers 304 for ever is asked plainly once a day
PAGES = 6  # of a list, at most
SINGLE_CHILD = "single-child"  # template of a rubric that redirects to its only article


@dataclass(frozen=True, slots=True)
class Polled:
    """What one poll came to, for people and programs."""

    source: str
    outcome: Outcome
    plan: PollPlan | None = None
    reason: str = ""
    requests: int = 0
    wire_bytes: int = 0
    span: timedelta = timedelta(0)
    surprise: Exception | None = None  # what we stumbled over: a fault of the program


def poll(tools: Tools, source: Source, store: PollStore) -> Polled:
    """Poll one source now, due or not, and write what it comes to into `store`."""
    start = tools.clock.now()
    state = store.claim(source.id, tools.owner, start, start + LEASE)
    if state is None:
        return Polled(source.id, Outcome.POSTPONED, reason="une autre vigie l'interroge déjà")
    this = _Poll(tools, source, store, state, start)
    surprise: Exception | None = None
    try:
        plan, reason = this.plan()
        if plan.alerts:
            plan = replace(plan, proposals=tools.propose(plan.alerts))
    except (StopRequestedError, KeyboardInterrupt, SystemExit):
        store.release(source.id, tools.owner)
        raise
    except Exception as error:  # a page that we stumble over must not keep the others waiting behind it
        if isinstance(error, StoreAwayError) and not error.permanent:  # it is no fault of the page's
            store.release(source.id, tools.owner)
            raise
        surprise = error
        plan, reason = this.stumbled(error)
    saved = store.save(plan)
    return Polled(
        source.id,
        plan.outcome if saved else Outcome.SUPERSEDED,
        plan if saved else None,
        reason if saved else "un autre relevé a été enregistré entre-temps",
        this.visit.requests,
        this.visit.wire_bytes,
        tools.clock.now() - start,
        surprise,
    )


class _Poll:
    """The steps between the lease and the plan."""

    def __init__(
        self, tools: Tools, source: Source, store: PollStore, state: SourceState, now: datetime
    ) -> None:
        self.tools = tools
        self.store = store
        self.source = source
        self.state = state
        self.now = now
        self.seen = state.glimpse
        self.unsettled = decide.pending(state) or files_due(source, state, now)
        self.visit = Visit(tools, source, failing=state.failures > 0)

    def plan(self) -> tuple[PollPlan, str]:
        plainly = self.unsettled or self._long_conditional()
        fetched = self.visit.get(self.source.url, Validators() if plainly else self.state.validators)
        match fetched.result:
            case NotModified():
                return self._quiet(Outcome.NOT_MODIFIED), ""
            case FetchFailure() as failure:
                reason = f"{FAILURES[failure.kind]} ({failure.detail})"
                return self._failed(failure_outcome(failure), reason, failure.retry_after), reason
            case Page() as page:
                return self._page(page)

    def stumbled(self, error: Exception) -> tuple[PollPlan, str]:
        reason = f"la vigie a trébuché sur cette page : {type(error).__name__} ({error})"
        return self._failed(Outcome.UNSUPPORTED, reason), reason

    def _page(self, page: Page) -> tuple[PollPlan, str]:
        part = region(page.body)
        self.seen = glimpse(part)
        settled = bool(self.state.digest) and not self.unsettled
        # That the same page is now elsewhere is told by its address alone.
        expected = page.status == 200 and (is_same(self.source, page) or is_child(self.source, page))
        comparable = settled and expected
        if comparable and self.seen == self.state.glimpse:
            return self._quiet(Outcome.UNCHANGED), ""
        cleaned = digest(part)
        if comparable and cleaned == self.state.digest:
            return self._quiet(Outcome.UNCHANGED), ""
        text = decode(page)
        baseline = self.store.latest_snapshot(self.source.id) if self.state.snapshot else None
        if self.source.kind in SERVICES:
            return self._service(page, text, baseline, cleaned)
        judgement = judge(page, text, baseline.site if baseline else "")
        doubt = doubt_site(site_name(text), judgement)
        if doubt and released(self.state.suspicion, doubt, self.now):
            judgement, baseline = Judgement(Outcome.OK), None
        outcome, reason = judgement.outcome, f"{OUTCOMES[judgement.outcome].french} ({judgement.reason})"
        if outcome is Outcome.OK and is_home(self.source, page):
            outcome = Outcome.SOFT_404
            reason = f"renvoi vers l'accueil ou la recherche : {page.final_address}"
        if outcome is not Outcome.OK:
            return self._failed(outcome, reason, page.retry_after, doubt), reason
        return self._concluded(self._read(page, text, baseline, cleaned))

    def _service(
        self, page: Page, text: str, baseline: Snapshot | None, cleaned: str
    ) -> tuple[PollPlan, str]:
        """A procedure or a booking: that it is nowhere is a state of it, and no trouble of its page."""
        judgement = judge(page, text, "")
        if judgement.outcome not in {Outcome.OK, Outcome.GONE, Outcome.SOFT_404}:
            reason = f"{OUTCOMES[judgement.outcome].french} ({judgement.reason})"
            return self._failed(judgement.outcome, reason, page.retry_after), reason
        extraction = self._served(page, text, baseline)
        reading = Reading(
            source=self.source,
            state=self.state,
            baseline=self._rebased(baseline, extraction),
            page=page,
            digest=cleaned,
            site=site_name(text),
            extraction=extraction,
            items=extraction.items,
            address=canonical(self.source.url) or self.source.url,
            moved=leads_elsewhere(extraction.items),
            rising=False,
            now=self.now,
        )
        return self._concluded(reading)

    def _served(self, page: Page, text: str, baseline: Snapshot | None) -> Extraction:
        extraction = self._extract(self.tools.layout(self.source.layout), text, page.final_address)
        return served(self.source, page, extraction, baseline.items if baseline else ())

    def _read(self, page: Page, text: str, baseline: Snapshot | None, cleaned: str) -> Reading:
        layout = self.tools.layout(self.source.layout)
        child = is_child(self.source, page)
        if child:
            extraction = self._single_child(page, text, layout.name, layout.version)
        else:
            extraction = self._extract(layout, text, page.final_address)
        baseline = self._rebased(baseline, extraction)
        rising = self.source.kind is SourceKind.NEWS and rising_list(extraction, baseline)
        extraction, items = self._followed(extraction, baseline, rising=rising)
        return Reading(
            source=self.source,
            state=self.state,
            baseline=baseline,
            page=page,
            digest=cleaned,
            site=site_name(text),
            extraction=extraction,
            items=items,
            address=canonical(page.final_address) or page.final_address,
            moved=not child and not is_same(self.source, page),
            rising=rising,
            now=self.now,
        )

    def _concluded(self, reading: Reading) -> tuple[PollPlan, str]:
        reading = replace(reading, glimpse=self.seen)
        if not reading.items and not reading.extraction.declared_empty:
            reason = "la page ne montre rien que la mise en page sache lire"
            return self._failed(Outcome.EMPTY, reason), reason
        assessment = decide.assess(reading)
        if assessment.doubt is not None:
            return doubted(reading, assessment.doubt, self.tools.random()), assessment.doubt.reason
        answers = read_answers(self.tools, self.store, self.visit, reading, assessment)
        if lacks := doubt_files(reading, answers):
            return doubted(reading, lacks, self.tools.random()), lacks.reason
        random, tempo = self.tools.random(), self.tools.tempo(self.source)
        return conclude(reading, assessment, answers, self.tools.reader, random, tempo), ""

    def _rebased(self, baseline: Snapshot | None, extraction: Extraction) -> Snapshot | None:
        """The baseline as the present layout would have read it: a better selector is no news."""
        if baseline is None or (baseline.layout, baseline.version) == (extraction.layout, extraction.version):
            return baseline
        page = self.store.latest_page(self.source.id)
        if page is None:
            return None
        if self.source.kind in SERVICES:
            again = self._served(page, decode(page), baseline)
        else:
            again = self._extract(self.tools.layout(self.source.layout), decode(page), page.final_address)
        unread = {waiting.key for waiting in self.state.unread}
        missing = {waiting.key for waiting in self.state.missing}
        seen = [item for item in again.items if item.key not in unread]
        kept = [i for i in baseline.items if i.key in missing and i.key not in {a.key for a in again.items}]
        items = put_back(seen, kept, baseline.items)
        return replace(
            baseline, items=items, layout=again.layout, version=again.version, template=again.template
        )

    def _followed(
        self, extraction: Extraction, baseline: Snapshot | None, *, rising: bool
    ) -> tuple[Extraction, tuple[Item, ...]]:
        """Further pages of a list, only as far as newcomers reach; to its end when the newest come last."""
        items = {item.key: item for item in extraction.items}
        waiting = {unread.key for unread in self.state.unread}
        page, seen = extraction, 1
        while self.source.kind is SourceKind.NEWS and page.next_page and seen < PAGES:
            met = waiting <= items.keys()
            if met and not rising and not reaches_further(baseline, page.items):
                break
            following = self._list_page(page.next_page)
            if following is None or not following.items:
                break
            page, seen = following, seen + 1
            items |= {item.key: item for item in page.items if item.key not in items}
        if rising and seen > 1:
            extraction = replace(extraction, items=tuple(items.values()), next_page=None)
        return extraction, tuple(items.values())

    def _list_page(self, address: str) -> Extraction | None:
        match self.visit.get(address).result:
            case Page() as page:
                text = decode(page)
                if judge(page, text, "").outcome is not Outcome.OK:
                    return None
                return self._extract(self.tools.layout(self.source.layout), text, page.final_address)
            case _:
                return None

    def _extract(self, layout: Layout, text: str, address: str) -> Extraction:
        extraction = layout.extract(text, address, self.source.options)
        return as_list(extraction) if self.source.kind is SourceKind.NEWS else extraction

    def _single_child(self, page: Page, text: str, layout: str, version: int) -> Extraction:
        """A rubric with one article redirects to it: a list of one."""
        article = self.tools.read_article(text, page.final_address)
        item = Item(
            kind=ItemKind.CARD,
            key=canonical(page.final_address) or page.final_address,
            title=article.title,
            address=page.final_address,
            published=article.published,
            updated=article.updated,
        )
        return Extraction(layout, version, (item,), heading=article.title, template=SINGLE_CHILD)

    def _long_conditional(self) -> bool:
        full = self.state.last_full_at
        return full is None or self.now - full >= UNCONDITIONAL

    def _quiet(self, outcome: Outcome) -> PollPlan:
        state = self.state if self.seen == self.state.glimpse else replace(self.state, glimpse=self.seen)
        random, tempo = self.tools.random(), self.tools.tempo(self.source)
        return quiet(self.source, state, outcome, self.now, random, tempo)

    def _failed(
        self, outcome: Outcome, reason: str, retry_after: timedelta | None = None, doubt: Doubt | None = None
    ) -> PollPlan:
        return failed(
            self.source,
            self.state,
            outcome,
            reason,
            self.now,
            self.tools.random(),
            retry_after=retry_after,
            platform_down=self.visit.platform_down,
            doubt=doubt,
        )
