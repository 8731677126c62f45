"""The composition root: the only place that names concrete classes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from watcher.clock import RehearsalClock, SystemClock, trusted
from watcher.core.catalogue import Catalogue
from watcher.core.errors import UserError
from watcher.core.items import Article
from watcher.core.verdict import Notice, Verdict
from watcher.owners import is_dead, owner
from watcher.settings import Settings

if TYPE_CHECKING:
    from storage.decision_store import SqlDesk
    from storage.discovery_store import SqlDiscovery
    from storage.outbox_store import SqlOutbox
    from storage.rule_store import SqlRules
    from storage.store import SqlStore
    from storage.subscription_store import SqlSubscriptions
    from storage.user_store import SqlUsers
    from watcher.core.filing_store import Imported
    from watcher.core.labels import Vocabulary as Labels
    from watcher.core.ports_outgoing import Vault
    from watcher.fetch import HttpFetcher
    from watcher.pacing import Pacer
    from watcher.reading import FrenchReader
    from watcher.renewal import Renewal
    from watcher.visit import Tools

Clock = SystemClock | RehearsalClock


@dataclass(frozen=True)
class App:
    """One process: its settings, its time, what it watches and what it remembers."""

    settings: Settings
    clock: Clock
    renewal: Renewal
    store: SqlStore
    outbox: SqlOutbox
    subscriptions: SqlSubscriptions
    rules: SqlRules
    desk: SqlDesk
    users: SqlUsers
    discovery: SqlDiscovery
    rehearsal: bool = False  # days pass in seconds: links that people must click do not expire

    @property
    def catalogue(self) -> Catalogue:
        """What is watched, now and from now on."""
        return self.renewal.watchlist.catalogue

    @cached_property
    def vault(self) -> Vault:
        """The keeper of addresses; the key file is made when it is asked for the first time, before anybody
        subscribed. Raises `UserError` when it is needed and not there.
        """
        from watcher.links import Unhurried
        from watcher.vault import open_vault

        vault = open_vault(self.settings.key, self.subscriptions.sealed())
        return Unhurried(vault) if self.rehearsal else vault


class LazyReader:
    """Loads the vocabulary when the first text must be understood: most polls find nothing to read."""

    def __init__(self, rules: Path) -> None:
        self._rules = rules
        self._reader: FrenchReader | None = None

    def read(self, notice: Notice) -> Verdict:
        if self._reader is None:
            self._reader = french_reader(self._rules)
        return self._reader.read(notice)


def french_reader(rules: Path) -> FrenchReader:
    from watcher import rules as rule_file
    from watcher import weights
    from watcher.reading import FrenchReader

    return FrenchReader(rule_file.load(rules), weights.shipped())


def vocabulary(settings: Settings, catalogue: Catalogue) -> Labels:
    """The names that readers see."""
    from watcher import locale
    from watcher import rules as rule_file
    from watcher.core.labels import Vocabulary as Labels

    words = rule_file.load(settings.rules)
    kinds = (words.motifs, words.channels)
    french, english = ([{e.id: getattr(e, of) for e in kind} for kind in kinds] for of in ("fr", "en"))
    return Labels(
        prefectures=catalogue.prefectures,
        motifs=french[0],
        channels=french[1],
        languages={
            code: locale.load(code, *(french if code == "fr" else english)) for code in locale.codes()
        },
    )


def make_clock(settings: Settings) -> Clock:
    return RehearsalClock(settings.now) if settings.now else trusted(SystemClock())


def open_catalogue(settings: Settings) -> Catalogue:
    """What is watched at this moment, as far as the file can be used."""
    from watcher.renewal import read

    return read(settings.sources).catalogue


@contextmanager
def open_store(settings: Settings) -> Iterator[SqlStore]:
    """The database, at the newest schema and free of leases that dead processes of this machine hold.

    Raises `UserError` when it cannot be opened or stops working while it is used.
    """
    with open_stores(settings) as stores:
        yield stores.store


class Stores(NamedTuple):
    """Views of one database, as `App` has them."""

    store: SqlStore
    outbox: SqlOutbox
    subscriptions: SqlSubscriptions
    rules: SqlRules
    desk: SqlDesk
    users: SqlUsers
    discovery: SqlDiscovery


@contextmanager
def open_stores(settings: Settings) -> Iterator[Stores]:
    """As `open_store`, with everything that the database keeps."""
    from storage.decision_store import SqlDesk
    from storage.discovery_store import SqlDiscovery
    from storage.engine import open_engine
    from storage.errors import StorageError
    from storage.migrations import upgrade
    from storage.outbox_store import SqlOutbox
    from storage.rule_store import SqlRules
    from storage.store import SqlStore
    from storage.subscription_store import SqlSubscriptions
    from storage.user_store import SqlUsers

    try:
        engine = open_engine(settings.database)
        try:
            upgrade(engine)
            store, outbox = SqlStore(engine), SqlOutbox(engine)
            for owner in filter(is_dead, store.lease_owners()):
                store.release_all(owner)
            for owner in filter(is_dead, outbox.lease_owners()):
                outbox.disown_messages(owner)
            rest = SqlRules(engine), SqlDesk(engine), SqlUsers(engine), SqlDiscovery(engine)
            yield Stores(store, outbox, SqlSubscriptions(engine), *rest)
        finally:
            engine.dispose()
    except StorageError as error:
        raise UserError(str(error)) from error


@contextmanager
def open_app(settings: Settings, clock: Clock | None = None, *, rehearsal: bool = False) -> Iterator[App]:
    """Everything a command needs that reads or polls. Raises `UserError` when something is missing."""
    from watcher import renewal

    one_root()
    time = clock or make_clock(settings)
    watched = renewal.read(settings.sources)
    with open_stores(settings) as stores:
        kept = renewal.Renewal(watched, stores.store, time)
        stores.store.catch_up(time.now())
        stores.outbox.notice_elsewhere(time.now())
        yield App(settings, time, kept, *stores, rehearsal)


def ship_rules(app: App) -> Imported:
    """See to it that the store has the rules of `filing.yaml`; what maintainers changed stays as it is.

    Raises `RulesError` when the file cannot be used.
    """
    from watcher import filing_file
    from watcher import rules as rule_file
    from watcher.core.filing_store import Origin

    now = app.clock.now()
    shipped = filing_file.load(app.settings.filing, rule_file.load(app.settings.rules), now)
    return app.rules.bring(shipped, now, Origin.SHIPPED)


def have_rules(app: App) -> None:
    """`ship_rules` where there are none yet: whoever merely looks at them or decides takes in no new file."""
    if not app.rules.version():
        ship_rules(app)


def open_fetcher(app: App, pacer: Pacer) -> HttpFetcher:
    """One that asks at that pace; whoever opens it closes it."""
    from watcher.fetch import HttpFetcher

    fetcher = HttpFetcher(
        app.clock,
        allow_private=app.settings.allow_private,
        user_agent=user_agent(app.settings.contact),
        before_request=pacer.before_request,
        after_request=pacer.after_request,
        memory=app.store,
    )
    pacer.crawl_delay = fetcher.crawl_delay
    return fetcher


@contextmanager
def open_tools(app: App) -> Iterator[Tools]:
    """What polls need; the connections are closed at the end."""
    from watcher import layouts
    from watcher.muting import MutingReader
    from watcher.pacing import Pacer
    from watcher.rulebook import Proposing
    from watcher.tempi import Leftover, Tempi
    from watcher.visit import Tools

    chance = random.Random()  # noqa: S311  # jitter, no secret
    pacer = Pacer(app.catalogue, app.clock, chance.random)
    tempi = Tempi(app.catalogue, app.store.states, pacer, app.clock)
    for heed in (pacer.renew, tempi.renew):
        app.renewal.watchlist.tell(heed)
    with closing(open_fetcher(app, pacer)) as fetcher:
        yield Tools(
            store=app.store,
            fetcher=fetcher,
            layout=layouts.get,
            read_article=_read_article,
            reader=MutingReader(LazyReader(app.settings.rules), app.desk.mutes),
            clock=app.clock,
            pacer=pacer,
            random=chance.random,
            owner=owner(),
            lease=_lease(app),
            propose=Proposing(app.rules, lambda: ship_rules(app), app.clock),
            tempo=tempi.if_watched,
            spare=Leftover(tempi),
        )


def _lease(app: App) -> timedelta:
    """Of platforms: as long in a rehearsal as it is in real time, as far as leases go."""
    from watcher.visit import LEASE

    rate = app.clock.rate if isinstance(app.clock, RehearsalClock) else 1
    return min(LEASE * rate, timedelta(hours=20))


def _read_article(html: str, address: str) -> Article:
    """Loads the HTML parser with the first article: a sweep that finds nothing new needs none."""
    from watcher.layouts.article import read_article

    return read_article(html, address)


def version() -> str:
    return metadata.version("vigie-prefectures")


def user_agent(contact: str) -> str:
    """Who asks, and whom to write to."""
    return f"VigiePrefectures/{version()} (+{contact})"


def one_root() -> None:
    """Refuse to run when another distribution's package of the same name is the one that is imported."""
    import notifiers
    import storage
    import watcher

    roots = {Path(p.__file__ or "").resolve().parent.parent for p in (watcher, storage, notifiers)}
    if len(roots) > 1:
        raise UserError(
            "les paquets watcher, storage et notifiers viennent d'endroits différents "
            f"({', '.join(sorted(map(str, roots)))}) : installez la vigie dans un environnement à elle"
        )
