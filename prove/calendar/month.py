"""A month of the préfectures' web, with faults: every page of it is made when it is asked for."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from tests.fakes.clocks import LeapingClock
from tests.fakes.web import HOST, MAINTENANCE, NO_VALIDATORS, PER_PAGE, Card, article_page, framed, list_page
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.page import FailureKind, Fetched, FetchFailure, Page, Validators

NUMBER = 101
FAULTS = 0.05
_HOUR = timedelta(hours=1)
_BREAKS = (FailureKind.TIMEOUT, FailureKind.RESET, FailureKind.DNS, FailureKind.TLS, FailureKind.TRUNCATED)
_EMPTY = framed("Actualités", "<p>Une erreur est survenue.</p>")
_LOST = framed("Page non trouvée", "<p>La page que vous cherchez n'existe pas.</p>")
_WALL = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title></head><body><noscript>Enable JavaScript and "
    "cookies to continue</noscript><script>window._cf_chl_opt={cType:'managed'}</script></body></html>"
)


def _host(number: int) -> str:
    return f"https://www.p{number:03}.gouv.fr"


def catalogue() -> Catalogue:
    sources = [
        Source(
            f"{n:03}-actualites", f"{n:03}", SourceKind.NEWS, f"{_host(n)}/Actualites", "dsfr", "ide", _HOUR
        )
        for n in range(NUMBER)
    ]
    return Catalogue(
        platforms={"ide": Platform("ide", timedelta(seconds=7), 0.3, Brake())},
        prefectures={s.prefecture: Prefecture(s.prefecture, s.prefecture, HOST) for s in sources},
        sources={source.id: source for source in sources},
    )


@dataclass
class Month:
    """A `Fetcher`. Each préfecture's list shows its ten last items; `news` are those about residence permits."""

    clock: LeapingClock
    chance: random.Random
    before_request: Callable[[str], None] = lambda _: None
    items: dict[int, list[Card]] = field(default_factory=dict)
    news: list[str] = field(default_factory=list)  # their addresses
    fetched: int = 0
    broken: int = 0

    def __post_init__(self) -> None:
        for number in range(NUMBER):
            for _ in range(12):
                self.publish(number, "Nouvelle")

    def publish(self, number: int, about: str) -> None:
        """Put an item at the head of a list."""
        mine = self.items.setdefault(number, [])
        title = f"{about} {len(mine)} de la préfecture {number}".replace("préfecture", "ville")
        mine.insert(0, Card(title, self._today(), path=f"Article-{len(mine)}"))
        if about.startswith("Séjour"):
            self.news.append(f"{_host(number)}/Actualites/{mine[0].path}")

    def hour(self, busy: bool) -> None:
        """What happens in an hour: news here and there, and what is nobody's business."""
        for number in range(NUMBER):
            if busy and self.chance.random() < 0.02:
                self.publish(number, "Séjour : rendez-vous en ligne")
            if self.chance.random() < 0.04:
                self.publish(number, "Marché de Noël")

    def fetch(self, address: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        self.before_request(address)
        self.fetched += 1
        now = self.clock.now()
        if self.chance.random() < FAULTS:
            self.broken += 1
            kind = self.chance.randrange(10)
            if kind < len(_BREAKS):
                return Fetched(FetchFailure(address, _BREAKS[kind], "played", now), 1, 0)
            status, text = (
                (503, MAINTENANCE),
                (200, MAINTENANCE),
                (200, _EMPTY),
                (200, _LOST),
                (200, _WALL),
            )[kind - 5]
            return self._page(address, text, status)
        return self._page(address, self._text(address), 200)

    def _page(self, address: str, text: str, status: int) -> Fetched:
        body = text.replace(HOST, address[: address.index("/", 8)]).encode()
        page = Page(
            address=address,
            final_address=address,
            status=status,
            body=body,
            content_type="text/html",
            charset="utf-8",
            validators=NO_VALIDATORS,
            fetched_at=self.clock.now(),
            retry_after=None,
        )
        return Fetched(page, 1, len(body))

    def _text(self, address: str) -> str:
        number, name = int(address[13:16]), address.rpartition("/")[2]
        nonce = str(self.chance.random())
        if name == "Actualites":
            return list_page(self.items[number][:PER_PAGE], nonce=nonce)
        card = next(one for one in self.items[number] if one.path == name)
        return article_page(card.title, f"Le texte de : {card.title}.", nonce=nonce)

    def _today(self) -> date:
        return self.clock.now().date()
