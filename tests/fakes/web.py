"""Pages as a préfecture's site shows them, and a web that answers them without any network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from html import escape

from tests.fakes.alerts import StillClock
from watcher.core.page import FailureKind, Fetched, FetchFailure, NotModified, Page, Validators

HOST = "https://www.cantal.gouv.fr"
LIST = f"{HOST}/Actualites"
GUIDE = f"{HOST}/Demarches/Etrangers"
SITE = "Les services de l'État dans le Cantal"
PER_PAGE = 10
NO_VALIDATORS = Validators()


@dataclass(frozen=True)
class Card:
    """One entry of a news list; its path follows its title unless it is told."""

    title: str
    day: date
    excerpt: str = ""
    path: str = ""
    updated: bool = False

    @property
    def address(self) -> str:
        return f"{LIST}/{self.path or self.title.replace(' ', '-')}"


def card(number: int, title: str = "", **fields: object) -> Card:
    """The `number`th card of the list, the higher the newer; ten stand on the first page of `cards(20)`."""
    day = date(2025, 8, 10) + timedelta(days=number)
    return replace(Card(title or f"Nouvelle {number}", day, path=f"Article-{number}"), **fields)  # type: ignore[arg-type]


def cards(newest: int, count: int = PER_PAGE) -> list[Card]:
    return [card(number) for number in range(newest, newest - count, -1)]


def list_page(
    shown: Sequence[Card], *, following: str = "", nonce: str = "n", title: str = "Actualités"
) -> str:
    """A page of a list, with a pager when there is a `following` one."""
    after = (
        f'<nav class="fr-pagination"><ul><li><a class="fr-pagination__link fr-pagination__link--next" '
        f'href="{following}">Page suivante</a></li></ul></nav>'
        if following
        else ""
    )
    return framed(title, "".join(map(_card, shown)) + after, nonce)


def article_page(title: str, *paragraphs: str, nonce: str = "n") -> str:
    """The page of one item."""
    return framed(title, "".join(f"<p>{escape(text)}</p>" for text in paragraphs), nonce)


def guide_page(
    *sections: tuple[str, Sequence[str]], title: str = "Étrangers en France", nonce: str = "n"
) -> str:
    """A content page: headings with paragraphs below them, which may hold markup."""
    inside = "".join(
        f"<h2>{escape(heading)}</h2>" + "".join(f"<p>{text}</p>" for text in texts)
        for heading, texts in sections
    )
    return framed(title, inside, nonce)


def framed(title: str, inside: str, nonce: str = "n", site: str = SITE) -> str:
    """Header, main region and footer; the nonce differs at each request on the real platform."""
    return (
        f'<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8"><title>{escape(title)} - {site}</title>'
        f'</head><body><header class="fr-header"><input name="token" value="{nonce}"></header><main role="main">'
        f'<div class="fr-container" id="main"><h1>{escape(title)}</h1>{inside}</div></main>'
        f'<footer class="fr-footer"><p>Mentions légales {nonce}</p></footer></body></html>'
    )


MAINTENANCE = (
    "<!DOCTYPE html><html><head><title>Site en maintenance</title></head><body><h1>Site en maintenance</h1>"
    "<p>Le site est actuellement en maintenance.</p></body></html>"
)


def _card(item: Card) -> str:
    excerpt = f'<p class="fr-card__desc">{escape(item.excerpt)}</p>' if item.excerpt else ""
    verb = "Mis à jour le" if item.updated else "Publié le"
    return (
        '<div class="fr-card fr-card--horizontal"><div class="fr-card__body"><div class="fr-card__content">'
        f'<h2 class="fr-card__title"><a class="fr-card__link" href="{item.address}">{escape(item.title)}</a></h2>'
        f'{excerpt}<div class="fr-card__end"><p class="fr-card__detail">{verb} {item.day:%d/%m/%Y}</p></div>'
        "</div></div></div>"
    )


@dataclass(frozen=True)
class Reply:
    """What stands at an address; `final` is where a redirect ends."""

    body: bytes = b""
    status: int = 200
    final: str = ""
    validators: Validators = field(default_factory=Validators)
    retry_after: timedelta | None = None
    kind: str = "text/html"
    led: tuple[int, ...] = ()


@dataclass
class ScriptedWeb:
    """A `Fetcher` over a dictionary; what it does not hold is a 404."""

    clock: StillClock
    before_request: Callable[[str], None] = lambda _: None
    replies: dict[str, Reply | FailureKind] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    stubborn: bool = False  # answers 304 to every conditional request

    def show(self, address: str, html: str, **reply: object) -> None:
        self.replies[address] = replace(Reply(html.encode()), **reply)  # type: ignore[arg-type]

    def lead(self, address: str, final: str, status: int = 302) -> None:
        """Redirect an address to another one."""
        self.replies[address] = replace(self._page(final), final=final, led=(status,))

    def break_(self, kind: FailureKind = FailureKind.TIMEOUT, *addresses: str) -> None:
        self.replies |= dict.fromkeys(addresses, kind)

    def fetch(self, address: str, validators: Validators = NO_VALIDATORS) -> Fetched:
        self.before_request(address)
        self.asked.append(address)
        now = self.clock.now()
        reply = self.replies.get(address, Reply(b"<h1>404</h1>", 404))
        if isinstance(reply, FailureKind):
            return Fetched(FetchFailure(address, reply, "as the script says", now), 1, 0)
        conditional = validators != NO_VALIDATORS
        if conditional and (self.stubborn or validators == reply.validators):
            return Fetched(NotModified(address, now), 1, 0)
        page = Page(
            address=address,
            final_address=reply.final or address,
            status=reply.status,
            body=reply.body,
            content_type=reply.kind,
            charset="utf-8",
            validators=reply.validators,
            fetched_at=now,
            retry_after=reply.retry_after,
            redirects=reply.led,
        )
        return Fetched(page, 2 if reply.final else 1, len(reply.body))

    def _page(self, address: str) -> Reply:
        reply = self.replies[address]
        if isinstance(reply, FailureKind):
            raise TypeError(f"{address} is broken")
        return reply
