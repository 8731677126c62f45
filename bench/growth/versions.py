"""Disk for each version of a list: polled for real, one new card a time, what was understood and told included."""

from __future__ import annotations

import html
import json
import random
from datetime import timedelta
from pathlib import Path

from bench.figures import Figure
from bench.site import Site
from storage.engine import forget_overwritten, open_engine
from storage.migrations import upgrade
from storage.store import SqlStore
from tests.fakes.alerts import SEEN, StillClock
from watcher import layouts
from watcher.bootstrap import french_reader
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.page import Fetched, Page, Validators
from watcher.layouts.article import read_article
from watcher.pacing import Pacer
from watcher.poll import poll
from watcher.visit import Tools

CARDS = (10, 30, 50)
VERSIONS = 150  # that are counted; as many come before, and are not
OURS = 0.3  # of the news; the others are about water, roads, elections
AT_MOST = 3.0  # kB
_ROOT = Path(__file__).parents[2]
_HOST = "https://www.ain.example"
_LIST = f"{_HOST}/p1/Actualites"
_HOUR = timedelta(hours=1)


def measure(folder: Path) -> tuple[Figure, ...]:
    return tuple(
        Figure(
            f"disk for a version of a list of {cards} cards",
            _growth(folder / f"{cards}.db", cards),
            "kB",
            at_most=AT_MOST,
        )
        for cards in CARDS
    )


class Web:
    """A list whose first card is another each time it is asked for, with pages of 85 KB around it."""

    def __init__(self, cards: int, clock: StillClock) -> None:
        self.cards, self.clock, self.newest = cards, clock, 1000
        self._site = Site()
        self._site.mode = "tokens"
        lines = (_ROOT / "tests/announcements/own.jsonl").read_text(encoding="utf-8").splitlines()
        self._said = [(one["title"], one["body"]) for one in map(json.loads, lines)]

    def fetch(self, address: str, validators: Validators = Validators()) -> Fetched:  # noqa: B008  # frozen
        text = self._list() if address == _LIST else self._article(int(address.rsplit("-", 1)[1]))
        page = Page(address, address, 200, text, "text/html", "utf-8", Validators(), self.clock.now())
        return Fetched(page, 1, len(text))

    def _news(self, number: int) -> tuple[str, str]:
        chance = random.Random(number)  # noqa: S311  # made-up news
        if chance.random() < OURS:
            title, body = chance.choice(self._said)
            return f"{title} ({number})", body
        body = f"Le préfet de l'Ain informe les usagers du secteur n° {number} d'une mesure du {number % 28 + 1} août. "
        return f"Arrêté n° {number} sur l'usage de l'eau", body * chance.randint(3, 12)

    def _list(self) -> bytes:
        return self._page(
            "Actualités", "".join(map(self._card, range(self.newest, self.newest - self.cards, -1)))
        )

    def _card(self, number: int) -> str:
        title, body = self._news(number)
        return (
            f'<div class="fr-col-12"><div id="c{random.Random(number).getrandbits(64):x}" class="fr-card">'  # noqa: S311
            '<div class="fr-card__body"><div class="fr-card__content"><h2 class="fr-card__title">'
            f'<a class="fr-card__link" href="/p1/Actualites/Article-{number}">{html.escape(title)}</a></h2>'
            f'<p class="fr-card__desc">{html.escape(body[:250])}</p><div class="fr-card__end">'
            f'<p class="fr-card__detail">Publié le {number % 28 + 1:02}/08/2025</p></div></div></div></div></div>'
        )

    def _article(self, number: int) -> bytes:
        title, body = self._news(number)
        return self._page(title, f"<p>Publié le 02/08/2025</p><p>{html.escape(body)}</p>")

    def _page(self, title: str, main: str) -> bytes:
        return self._site.page(html.escape(title), main)


def _growth(path: Path, cards: int) -> float:
    clock = StillClock(SEEN)
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    source = Source("01-actualites", "01", SourceKind.NEWS, _LIST, "dsfr", "ide", _HOUR)
    known = Catalogue(
        {"ide": Platform("ide", timedelta(0), 0.0, Brake())},
        {"01": Prefecture("01", "Ain", _HOST)},
        {source.id: source},
    )
    store, web = SqlStore(engine), Web(cards, clock)
    store.register([source], SEEN)
    tools = Tools(
        store=store,
        fetcher=web,
        layout=layouts.get,
        read_article=read_article,
        reader=french_reader(_ROOT / "rules.yaml"),
        clock=clock,
        pacer=Pacer(known, clock, lambda: 0.0),
        random=lambda: 0.0,
        owner="bench/1/1",
    )
    sizes = []
    for number in range(2 * VERSIONS + 1):
        clock.time += 5 * _HOUR
        web.newest += 1
        poll(tools, source, store)
        if number % VERSIONS == 0:
            forget_overwritten(engine)
            sizes.append(path.stat().st_size)
    changes = store.sizes()["changes"]
    engine.dispose()
    if changes != 2 * VERSIONS:
        raise RuntimeError(f"{changes} changes were found, not {2 * VERSIONS}")
    return (sizes[2] - sizes[1]) / VERSIONS / 1000
