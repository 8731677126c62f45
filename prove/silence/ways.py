"""A page that stops in each of twelve ways, among others that are well; real polls, and a clock moved by hand."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from storage.engine import open_engine, reading
from storage.migrations import upgrade
from storage.store import SqlStore
from storage.tables import problems
from tests.fakes.refused_pages import FILTERS
from tests.fakes.watch import HOUR, NEWS, Watch, other
from tests.fakes.web import HOST, LIST, NO_VALIDATORS, Card, ScriptedWeb, card, cards, framed, list_page
from watcher import layouts, sources
from watcher.core.items import Extraction
from watcher.core.page import FailureKind, Fetched, FetchFailure, NotModified, Validators
from watcher.core.ports import Layout
from watcher.core.silence import Faults
from watcher.poll import Polled
from watcher.rounds import note_incidents, run_round
from watcher.silence import Silence

STEP = timedelta(minutes=10)
OTHERS = tuple(other(number) for number in range(1, 4))
BEFORE, LONGEST, GOES_ON, AFTER = 2 * HOUR, 30 * HOUR, 4 * HOUR, 7 * HOUR
"""Of health; until it must be raised; of the same once more; of health again (no pause is longer than six hours)."""
TAG = Validators('"1"')
_FILE = """
platforms:
  ide: {{gap: 7s, jitter: 0.3, brake: {{after: 3, for: 15m}}}}
defaults: {{platform: ide, every: 1h, layout: dsfr}}
prefectures:
{stanzas}
"""


class StubbornWeb(ScriptedWeb):
    """Says of the list that nothing changed, whether it was asked that or not; the fetcher knows better."""

    lying: bool = False

    def fetch(self, address: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        if not self.lying or address != LIST:
            return super().fetch(address, validators)
        self.before_request(address)
        now = self.clock.now()
        if validators != NO_VALIDATORS:
            return Fetched(NotModified(address, now), 1, 0)
        return Fetched(
            FetchFailure(address, FailureKind.PROTOCOL, "not modified, but was not asked", now), 1, 0
        )


class BrokenLayout:
    name, version = "dsfr", 9

    def extract(self, html: str, address: str, options: object) -> Extraction:
        raise RecursionError("a page that nobody foresaw")


@dataclass
class Town:
    """Four pages of one platform; `Cantal` is the one that stops."""

    watch: Watch
    silence: Silence
    folder: Path
    hung: set[str] = field(default_factory=set)
    polls: int = 0  # of the Cantal

    @property
    def now(self) -> datetime:
        return self.watch.clock.now()

    @property
    def web(self) -> StubbornWeb:
        assert isinstance(self.watch.web, StubbornWeb)
        return self.watch.web

    def live(self, span: timedelta, until: Callable[[], bool] = lambda: False) -> None:
        """Poll what is due, and look for silences, until the time is over."""
        end = self.now + span
        while self.now < end and not until():
            self.watch.clock.time += STEP
            known = self.watch.catalogue.sources
            due = [name for name in self.watch.store.due(self.now) if name in known and name not in self.hung]
            run_round(self.watch.tools, [known[name] for name in due], self._count)
            note_incidents(self.watch.store, self.watch.catalogue, self.now)
            self.silence.note(self.now, {})

    def watches(self, *, typo: bool) -> None:
        """Read `sources.yaml` anew, with or without a slip in the Cantal's stanza."""
        file = self.folder / "sources.yaml"
        stanzas = "".join(
            f'  "{s.prefecture}": {{name: X, home: "{s.url.rpartition("/")[0]}", pages: [{{id: {s.id}, '
            f'kind: {"nwes" if typo and s == NEWS else "news"}, url: "{s.url}"}}]}}\n'
            for s in (NEWS, *OTHERS)
        )
        file.write_text(_FILE.format(stanzas=stanzas), encoding="utf-8")
        self.watch.catalogue, faults = sources.load_lenient(file)
        left_out = Faults(tuple(map(str, faults)))
        self.silence.catalogue, self.silence.faults = self.watch.catalogue, lambda: left_out

    def rows(self) -> Sequence[tuple[str, str, datetime, datetime | None]]:
        """Everything that was ever raised: subject, kind, from, until."""
        with reading(self.watch.store._engine) as connection:
            found = connection.execute(
                select(problems.c.subject, problems.c.kind, problems.c.since, problems.c.closed_at)
            )
            return [(row.subject, row.kind, row.since, row.closed_at) for row in found]

    def _count(self, polled: Polled) -> None:
        self.polls += polled.source == NEWS.id


@dataclass(frozen=True)
class Way:
    name: str
    stop: Callable[[Town], None]
    heal: Callable[[Town], None]


def well(town: Town) -> None:
    town.web.show(LIST, list_page(cards(20)), validators=TAG)
    town.watch.write(*cards(20))
    town.web.lying = False
    town.watch.layout = layouts.get


def _shows(html: str, **reply: object) -> Callable[[Town], None]:
    return lambda town: town.web.show(LIST, html, **reply)


def _breaks(kind: FailureKind) -> Callable[[Town], None]:
    return lambda town: town.web.break_(kind, LIST)


def _lies(town: Town) -> None:
    town.web.lying = True


def _leads_home(town: Town) -> None:
    town.web.show(f"{HOST}/", framed("Accueil", "<p>Bienvenue sur le site de l'État.</p>"))
    town.web.lead(LIST, f"{HOST}/")


def _flaps(town: Town) -> None:
    fetch, looks = town.web.fetch, iter(range(1, 10_000))

    def another(address: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        if address == LIST:
            strange: list[Card] = [
                card(n, f"Autre {next(looks)}", path=f"X-{next(looks)}") for n in range(10)
            ]
            town.web.show(LIST, list_page(strange))
        return fetch(address, validators)

    town.web.fetch = another  # type: ignore[method-assign]


def _settles(town: Town) -> None:
    del town.web.fetch
    well(town)


def _trips(town: Town) -> None:
    def layout(name: str) -> Layout:
        return BrokenLayout()

    town.watch.layout = layout
    town.web.show(LIST, list_page(cards(20), nonce="m", title="Actualités du jour"))


def _hangs(town: Town) -> None:
    town.hung.add(NEWS.id)


def _goes_on(town: Town) -> None:
    town.hung.clear()


WAYS = (
    Way("304, whatever it is asked", _lies, well),
    Way("403", _shows("<h1>Forbidden</h1>", status=403), well),
    Way("no such host", _breaks(FailureKind.DNS), well),
    Way("a certificate that ended", _breaks(FailureKind.TLS), well),
    Way("an empty list", _shows(list_page([])), well),
    Way("a captcha", _shows(FILTERS["datadome"]), well),
    Way("redirected to the front page", _leads_home, well),
    Way("in doubt for ever", _flaps, _settles),
    Way("our layout trips over it", _trips, well),
    Way("a poll that hangs", _hangs, _goes_on),
    Way("robots.txt forbids it", _breaks(FailureKind.ROBOTS), well),
    Way(
        "a slip in sources.yaml", lambda town: town.watches(typo=True), lambda town: town.watches(typo=False)
    ),
)


@dataclass(frozen=True)
class Stopped:
    """What came of one way."""

    way: str
    after: timedelta | None  # until it was raised; `None`: it never was
    polls: int  # of the page, meanwhile
    raised: int  # how often something was said of it
    closed: bool
    others: tuple[str, ...]  # what was said of pages that were well


def stop_in(way: Way) -> Stopped:
    with _town() as town:
        town.live(BEFORE)
        began = town.now
        town.polls = 0
        way.stop(town)
        town.live(LONGEST, until=lambda: bool(town.rows()))
        after = town.now - began if town.rows() else None
        polls = town.polls
        town.live(GOES_ON)  # it goes on, and nothing more is said
        way.heal(town)
        town.live(AFTER)
        rows = town.rows()
    mine = [row for row in rows if row[0] in {NEWS.id, "sources.yaml"}]
    return Stopped(
        way.name,
        after,
        polls,
        len(mine),
        all(row[3] is not None for row in rows),
        tuple(f"{row[0]} {row[1]}" for row in rows if row not in mine),
    )


@contextmanager
def _town() -> Iterator[Town]:
    with tempfile.TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/vigie.db")
        upgrade(engine)
        try:
            watch = Watch(SqlStore(engine), sources=(NEWS, *OTHERS))
            watch.web = StubbornWeb(watch.clock, watch.pacer.before_request)
            town = Town(watch, Silence(watch.store, watch.catalogue), Path(folder))
            town.watches(typo=False)
            well(town)
            for source in OTHERS:
                town.web.show(source.url, list_page(cards(20)).replace(LIST, source.url))
            yield town
        finally:
            engine.dispose()
