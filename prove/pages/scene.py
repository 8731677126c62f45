"""A watch over the replica's sites, with something between the sites and the watch that spoils pages.

Real fetcher over loopback, real poll, real layouts, real SQLite. The clock is moved by hand. The reader
tells whatever it is given: what the reading of French would have muted must not have got so far.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Self

from prove.folders import quick_folder
from storage.engine import open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from watcher import layouts
from watcher.core.alerts import Alert
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.page import Outcome
from watcher.core.ports import Reader
from watcher.core.state import SourceState
from watcher.core.verdict import Notice, Route, Verdict
from watcher.fetch import HttpFetcher
from watcher.layouts.article import read_article
from watcher.pacing import Pacer
from watcher.poll import Polled, poll
from watcher.replica.answers import Answer
from watcher.replica.baseline import baseline
from watcher.replica.model import State
from watcher.replica.routes import respond, understand
from watcher.replica.server import Handler, Loop, Request, listen
from watcher.replica.sites import REGION, Skin, build_site, loopback
from watcher.visit import Tools

MORNING = datetime(2025, 9, 8, 6, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
SOON = timedelta(minutes=12)

Spoil = Callable[[str, Answer], Answer]


def untouched(_path: str, answer: Answer) -> Answer:
    return answer


class TellsAll:
    """Publishes whatever it is given."""

    def read(self, notice: Notice) -> Verdict:
        return Verdict(("other_immigration",), True, 0.9, Route.PUBLISH)


@dataclass
class Clock:
    """Stands still but for whoever moves it, and for waits."""

    time: datetime = MORNING

    def now(self) -> datetime:
        return self.time

    def wait(self, span: timedelta) -> bool:
        self.time += span
        return False


class Web:
    """The replica's sites, each on a loopback address. `states` is what they show, `spoil` what becomes of it."""

    def __init__(self, codes: Sequence[str], seed: int) -> None:
        self.seed = seed
        sockets = listen([loopback(code) for code in codes], 0)
        self.port: int = sockets[0].getsockname()[1]
        self.sites = {
            code: build_site(code, seed, f"http://{loopback(code)}:{self.port}", "") for code in codes
        }
        self.usual = {code: baseline(site, seed) for code, site in self.sites.items()}
        self.usual = {code: replace(state, guarded=False) for code, state in self.usual.items()}
        self.states: dict[str, State] = dict(self.usual)
        self.spoil: Spoil = untouched
        self._codes = {loopback(code): code for code in codes}
        self._sockets = sockets
        self._loop = Loop(sockets, Handler(self._answer, lambda _: None))
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._ready = threading.Event()

    def _run(self) -> None:
        self._loop.run(self._ready.set)

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.close()
        self._thread.join()
        for sock in self._sockets:
            sock.close()

    def page(self, code: str, path: str) -> Answer:
        """What a site says to a path, before anything spoils it."""
        return respond(self.sites[code], self.seed, self.states[code], understand(path))

    def _answer(self, request: Request) -> Answer:
        answer = self.page(self._codes[request.host], request.target)
        return answer if request.target == "/robots.txt" else self.spoil(request.target, answer)

    def sources(self) -> tuple[Source, ...]:
        """Every site's list, and its foreigners page where it has one of this skin."""
        found = []
        for code, site in self.sites.items():
            layout = site.skin.value
            found.append(self._source(code, "actualites", SourceKind.NEWS, site.list_path, layout))
            if site.skin is Skin.DSFR:
                found.append(self._source(code, "sejour", SourceKind.PAGE, site.guide_path, "content"))
        return tuple(found)

    def _source(self, code: str, name: str, kind: SourceKind, path: str, layout: str) -> Source:
        prefecture = "75" if code == REGION else code
        return Source(f"{code}-{name}", prefecture, kind, self.sites[code].base + path, layout, "ide", HOUR)


@dataclass
class Scene:
    """One watch; `prime` reads every source once, so that there is a baseline to spoil."""

    web: Web
    store: SqlStore
    fetcher: HttpFetcher
    clock: Clock
    reader: Reader = field(default_factory=TellsAll)
    sources: dict[str, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sources = self.sources or {source.id: source for source in self.web.sources()}
        codes = {source.prefecture for source in self.sources.values()}
        self.catalogue = Catalogue(
            platforms={"ide": Platform("ide", timedelta(0), 0.0, Brake())},
            prefectures={code: Prefecture(code, code, "http://127.0.0.1") for code in codes},
            sources=self.sources,
        )
        self.pacer = Pacer(self.catalogue, self.clock, lambda: 0.0)

    @property
    def tools(self) -> Tools:
        return Tools(
            store=self.store,
            fetcher=self.fetcher,
            layout=layouts.get,
            read_article=read_article,
            reader=self.reader,
            clock=self.clock,
            pacer=self.pacer,
            random=lambda: 0.0,
            owner="prove/1/1",
        )

    def poll(self, source: str, after: timedelta = timedelta(0)) -> Polled:
        self.clock.time += after
        return poll(self.tools, self.sources[source], self.store)

    def polls(self, source: str, *after: timedelta) -> list[Outcome]:
        return [self.poll(source, span).outcome for span in after]

    def begin_anew(self) -> None:
        """As a process does that knows nothing but what was written down."""
        self.store._engine.dispose()
        self.store = SqlStore(open_engine(str(self.store._engine.url)))
        self.pacer = Pacer(self.catalogue, self.clock, lambda: 0.0)

    def alerts(self) -> list[Alert]:
        """Newest first."""
        return list(self.store.alerts())

    def state(self, source: str) -> SourceState:
        return self.store.states()[source]

    def knows(self, source: str) -> tuple[tuple[str, str], ...]:
        """What the baseline holds: key and title of each item, in no order."""
        snapshot = self.store.latest_snapshot(source)
        return (
            tuple(sorted((item.key, item.title + item.summary) for item in snapshot.items))
            if snapshot
            else ()
        )


class Stage:
    """Makes scenes quickly: one server, one fetcher, and a database that knows every source to copy from."""

    def __init__(self, codes: Sequence[str], seed: int) -> None:
        self.web = Web(codes, seed)
        self.clock = Clock()
        self.fetcher = HttpFetcher(self.clock, allow_private=True, user_agent="VigiePreuve/1.0")
        self._folder = tempfile.TemporaryDirectory(prefix="prove-pages-", dir=quick_folder())
        self._new = Path(self._folder.name, "new.db")
        self._primed = Path(self._folder.name, "primed.db")

    def __enter__(self) -> Self:
        self.web.__enter__()
        engine = open_engine(f"sqlite:///{self._new}")
        upgrade(engine)
        engine.dispose()
        with self._scene(self._new, self._primed) as scene:
            scene.store.register(tuple(scene.sources.values()), scene.clock.now())
            for source in scene.sources:
                scene.poll(source)
        return self

    def __exit__(self, *_: object) -> None:
        self.web.__exit__()
        self.fetcher.close()
        self._folder.cleanup()

    @contextmanager
    def primed(self, reader: Reader | None = None) -> Iterator[Scene]:
        """A watch that has read everything once, an hour and a half ago."""
        with self._scene(self._primed, Path(self._folder.name, "scene.db"), reader) as scene:
            scene.clock.time += 1.5 * HOUR
            yield scene

    @contextmanager
    def unread(self) -> Iterator[Scene]:
        """A watch that has read nothing yet."""
        with self._scene(self._new, Path(self._folder.name, "scene.db")) as scene:
            scene.store.register(tuple(scene.sources.values()), scene.clock.now())
            yield scene

    @contextmanager
    def _scene(self, template: Path, copy: Path, reader: Reader | None = None) -> Iterator[Scene]:
        self.clock.time = MORNING
        self.web.spoil, self.web.states = untouched, dict(self.web.usual)
        store = SqlStore(open_engine(f"sqlite:///{shutil.copy(template, copy)}"))
        scene = Scene(self.web, store, self.fetcher, self.clock, reader or TellsAll())
        try:
            yield scene
        finally:
            scene.store._engine.dispose()
