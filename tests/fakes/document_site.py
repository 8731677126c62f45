"""A préfecture's site on loopback, with a list of news and a page for foreigners that offer files."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import quote, unquote

from tests.fakes.web import framed

LIST, GUIDE = "/Actualites", "/Demarches/Etrangers"
BUSY = b"<html><body><h1>503 Service Unavailable</h1>\nNo server is available to handle this request.\n</body></html>"
BUSY += bytes(118 - len(BUSY)).replace(b"\0", b"\n")


@dataclass
class DocumentSite:
    """`answers`: status, type and body by path; a path that is not there is a 404."""

    port: int = 0
    answers: dict[str, tuple[int, str, bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def home(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def offer(self, path: str, body: bytes) -> None:
        self.answers[path] = (200, "application/pdf", body)

    def refuse(self, path: str) -> None:
        self.answers[path] = (503, "text/html", BUSY)

    def show(self, path: str, title: str, inside: str) -> None:
        self.answers[path] = (200, "text/html", framed(title, inside).encode())

    def list_news(self, *cards: tuple[str, str, str]) -> None:
        """Cards of title, address and day."""
        self.show(LIST, "Actualités", "".join(_card(*card) for card in cards))

    def guide(self, *files: tuple[str, str, str]) -> None:
        """A page for foreigners with files of label, address and detail."""
        links = "".join(
            f'<li><div class=""><a id= class="fr-link fr-link--download" href="{quote(path)}">Télécharger {label} '
            f'<span class="fr-link__detail">{detail}</span></a></div></li>'
            for label, path, detail in files
        )
        text = "<h2>Titre de séjour</h2><p>Les pièces à fournir sont dans les documents ci-dessous.</p>"
        self.show(GUIDE, "Étrangers", f'{text}<div class="fr-downloads-group"><ul>{links}</ul></div>')

    def sources(self) -> str:
        return (
            "platforms:\n  ide: {gap: 1ms, jitter: 0, brake: {after: 9, for: 1s}}\n"
            "defaults: {platform: ide, every: 1h, layout: dsfr}\n"
            f'prefectures:\n  "15":\n    name: Cantal\n    home: {self.home}\n    pages:\n'
            f"      - {{id: 15-actualites, kind: news, url: {self.home}{LIST}}}\n"
            f"      - {{id: 15-sejour, kind: page, url: {self.home}{GUIDE}}}\n"
        )


@contextmanager
def document_site() -> Iterator[DocumentSite]:
    site = DocumentSite()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = unquote(self.path)
            site.asked.append(path)
            status, kind, body = site.answers.get(path, (404, "text/html", b"<h1>404</h1>"))
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_port
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _card(title: str, path: str, day: str) -> str:
    tooltip = f' title="format pdf - 0,40 Mb - {day}"' if path.endswith(".pdf") else ""
    detail = (
        "" if tooltip else f'<div class="fr-card__end"><p class="fr-card__detail">Publié le {day}</p></div>'
    )
    return (
        '<div class="fr-card fr-card--horizontal"><div class="fr-card__body"><div class="fr-card__content">'
        f'<h2 class="fr-card__title"><a class="fr-card__link menu-item-link" target="_blank" '
        f'href="{quote(path)}"{tooltip}>{title}</a></h2>{detail}</div></div></div>'
    )
