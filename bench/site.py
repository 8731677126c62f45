"""A loopback site of N news pages of about 80 KB, whose behaviour is chosen by path: ``/_mode/NAME``.

Runs in a process of its own, so that its CPU time is not the measured program's.
"""

from __future__ import annotations

import asyncio
import hashlib
import itertools
import sys
from datetime import date, timedelta

MODES = ("plain", "cached", "tokens", "news", "noise", "broken")
PER_PAGE = 10
DAY = date(2025, 9, 1)
CHROME = 62_000  # bytes of header, menus and footer around the list


class Site:
    """Pages `/pN/Actualites` with their articles; a mode says what is different from the first sweep."""

    def __init__(self) -> None:
        self.mode = "plain"
        self._nonce = itertools.count()
        links = "".join(
            f'<li class="fr-nav__item"><a class="fr-nav__link" href="/Demarches/R-{n}">Rubrique numéro {n}</a></li>'
            for n in range(CHROME // 110)
        )
        self._menu = f'<nav class="fr-nav"><ul>{links}</ul></nav>'

    def answer(self, path: str, headers: str) -> tuple[int, str, bytes]:
        """Status, extra header lines, body."""
        if path.startswith("/_mode/"):
            self.mode = path.removeprefix("/_mode/")
            return 200, "", b"ok"
        if path == "/robots.txt":
            return 404, "", b""
        number = int(path.split("/")[1].removeprefix("p"))
        if self.mode == "broken" and number % 10 == 3:
            return self._broken(number)
        if not path.endswith("/Actualites"):
            return 200, "", self._article(path)
        etag = '"v1"'
        if self.mode == "cached" and f"if-none-match: {etag}" in headers.lower():
            return 304, f"ETag: {etag}\r\n", b""
        extra = f"ETag: {etag}\r\n" if self.mode in {"plain", "cached"} else ""
        return 200, extra, self._list(number)

    def _broken(self, number: int) -> tuple[int, str, bytes]:
        if number % 20 == 3:
            return 503, "", b"x" * 118
        page = "<h1>Site en maintenance</h1><p>Le site est actuellement en maintenance.</p>"
        return 200, "", f"<!DOCTYPE html><html><body>{page}</body></html>".encode()

    def _list(self, number: int) -> bytes:
        order = list(range(PER_PAGE))
        fresh = self.mode == "news" and number % 10 == 0
        noisy = self.mode == "noise" and number % 5 < 2
        if noisy:
            order[2], order[3] = order[3], order[2]
        cards = [self._card(number, n, noisy=noisy) for n in order]
        if fresh:
            cards = [self._card(number, -1, noisy=False), *cards[:-1]]
        listing = f'<div class="fr-grid-row">{"".join(cards)}</div>'
        return self.page(f"Actualités {number}", listing)

    def _card(self, number: int, n: int, *, noisy: bool) -> str:
        title = (
            "Titre de séjour : prise de rendez-vous en ligne à compter du 1er octobre 2025"
            if n < 0
            else f"Arrêté du {n + 1} août : l'usage de l'eau dans le secteur n° {n}"
        )
        if noisy:
            title = title.replace("'", "’").replace(" : ", "\u00a0: ")
        ident = hashlib.sha256(f"{number}/{n}/{next(self._nonce) if noisy else 0}".encode()).hexdigest()[:32]
        version = next(self._nonce) if noisy else 1
        day = DAY - timedelta(days=n)
        return (
            f'<div class="fr-col-12"><div id={ident} class="fr-card fr-card--horizontal fr-card--sm fr-enlarge-link">'
            '<div class="fr-card__body"><div class="fr-card__content"><h2 class="fr-card__title">\n'
            f'<a class="fr-card__link" href="/p{number}/Actualites/Article-{n}">\n  {title}\n</a></h2>'
            f'<p class="fr-card__desc">{"Le préfet informe les usagers du département. " * 6}(...)</p>'
            f'<div class="fr-card__end"><p class="fr-card__detail">Publié le {day:%d/%m/%Y}</p></div></div></div>'
            f'<div class="fr-card__header"><div class="fr-card__img"><img class="fr-responsive-img" alt="" '
            f'src="/var/ide_site/storage/images/a/{n}-{version}-fre-FR/photo.jpg"></div></div></div></div>'
        )

    def _article(self, path: str) -> bytes:
        body = (
            "<p>Publié le 02/09/2025</p><p>À compter du 1er octobre 2025, les usagers dont le motif de séjour n'est "
            "pas listé sur l'ANEF prennent rendez-vous en ligne sur le module de la préfecture.</p>"
        )
        return self.page(path.rsplit("/", 1)[-1], body + "<p>Le dossier est déposé au guichet.</p>" * 20)

    def page(self, title: str, main: str) -> bytes:
        token = "" if self.mode in {"plain", "cached"} else str(next(self._nonce))
        return (
            f'<!DOCTYPE html><html lang="fr-FR"><head><meta charset="utf-8"><title>{title} - Les services de '
            f'l\'État dans l\'Ain</title></head><body><header class="fr-header"><form><input type="hidden" '
            f'name="token" value="{token}"></form>{self._menu}</header><main role="main"><div class="fr-container" '
            f'id="main"><h1 class="">{title}</h1>{main}</div></main><footer class="fr-footer"><p>{token}</p></footer>'
            "</body></html>"
        ).encode()


async def serve() -> None:
    """Print the port, then answer until the standard input ends."""
    site = Site()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await reader.readuntil(b"\r\n\r\n"):
                line, _, headers = request.decode("latin-1").partition("\r\n")
                status, extra, body = site.answer(line.split(" ")[1], headers)
                head = (
                    f"HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n{extra}"
                    f"Content-Length: {len(body)}\r\n\r\n"
                )
                writer.write(head.encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve())
