"""An archive of the Web on loopback: a CDX server in either of its forms, TimeMaps, captures as they were received."""

from __future__ import annotations

import hashlib
import json
from base64 import b32encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, unquote, urlsplit

from tests.fakes.archives import Kept

Answer = tuple[int, dict[str, str], bytes]
NOTHING: Answer = (404, {"Content-Type": "text/html"}, b"<html><body>not here</body></html>")


@dataclass
class WebArchive:
    """`form`: "wayback" (rows under a head), "pywb" (an object on each line), or "memento" (TimeMaps alone)."""

    form: str = "wayback"
    collection: str = "/web"
    kept: list[Kept] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    refuses: list[Answer] = field(default_factory=list)  # given before anything else
    page: int = 1000  # captures of one answer, at most
    port: int = 0

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def home(self) -> str:
        return self.origin + self.collection

    def answer(self, target: str) -> Answer:
        self.asked.append(target)
        if target == "/robots.txt":
            return 404, {}, b""
        if self.refuses:
            return self.refuses.pop(0)
        path, _, query = target.partition("?")
        if path == ("/cdx/search/cdx" if self.form == "wayback" else f"{self.collection}/cdx"):
            return self._index(parse_qs(query)) if self.form != "memento" else NOTHING
        if path.startswith(f"{self.collection}/timemap/link/"):
            return self._timemap(target.removeprefix(f"{self.collection}/timemap/link/"))
        if path.startswith(f"{self.collection}/"):
            return self._raw(*target.removeprefix(f"{self.collection}/").split("id_/", 1))
        return NOTHING

    def of(self, address: str) -> list[Kept]:
        return sorted((k for k in self.kept if surt(k.address) == surt(unquote(address))), key=lambda k: k.at)

    def _index(self, asked: dict[str, list[str]]) -> Answer:
        first, last = asked.get("from", ["0"])[0], asked.get("to", ["9"])[0]
        most = min(int(asked["limit"][0]), self.page)
        found = [k for k in self.of(asked["url"][0]) if first <= stamp(k.at) <= last.ljust(14, "9")][:most]
        if self.form == "wayback":
            head = ["urlkey", "timestamp", "original", "mimetype", "statuscode", "digest", "length"]
            rows = [
                [surt(k.address), stamp(k.at), k.address, "text/html", k.status[:3], digest(k), "1"]
                for k in found
            ]
            return (
                200,
                {"Content-Type": "application/json"},
                json.dumps([head, *rows] if rows else []).encode(),
            )
        lines = [
            {"timestamp": stamp(k.at), "url": k.address, "mime": "text/html", "status": k.status[:3]}
            | {"digest": digest(k)}
            for k in found
        ]
        return 200, {"Content-Type": "text/x-ndjson"}, "\n".join(map(json.dumps, lines)).encode()

    def _timemap(self, address: str) -> Answer:
        found = self.of(address)
        if not found:
            return NOTHING
        links = [f'<{address}>; rel="original"', f'<{self.home}/{address}>; rel="timegate"']
        links += [
            f'<{self.home}/{stamp(k.at)}/{k.address}>; rel="first memento"; datetime="{http(k.at)}"'
            for k in found
        ]
        return 200, {"Content-Type": "application/link-format"}, ",\n".join(links).encode()

    def _raw(self, at: str, address: str = "") -> Answer:
        found = self.of(address)
        if not found:
            return NOTHING
        asked = datetime.strptime(at, "%Y%m%d%H%M%S").replace(tzinfo=UTC)
        best = min(found, key=lambda k: abs(k.at - asked))
        told = {
            "Content-Type": "text/html; charset=utf-8",
            "Memento-Datetime": http(best.at),
            "X-Archive-Orig-Content-Type": "text/html; charset=utf-8",
            "X-Archive-Orig-Server": "Apache",
        }
        return 200, told, best.body


def surt(address: str) -> str:
    parts = urlsplit(address)
    return f"{(parts.hostname or '').removeprefix('www.')}:{parts.port}{parts.path.rstrip('/')}?{parts.query}"


def stamp(at: datetime) -> str:
    return f"{at:%Y%m%d%H%M%S}"


def http(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)


def digest(kept: Kept) -> str:
    return b32encode(hashlib.sha1(kept.body).digest()).decode()  # noqa: S324  # what archives use


@contextmanager
def serving(archive: WebArchive) -> Iterator[WebArchive]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, told, body = archive.answer(self.path)
            self.send_response(status)
            for name, value in told.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    archive.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield archive
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
