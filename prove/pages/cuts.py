"""Pages cut short along their bytes, in every framing: announced, chunked, until the end, packed."""

from __future__ import annotations

import gzip
import socketserver
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from prove.pages.scene import Scene, Stage
from watcher.core.page import Outcome

Framing = Callable[[bytes, int], bytes]
_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nConnection: close\r\n"


def _chunked(body: bytes) -> bytes:
    pieces = (body[n : n + 4096] for n in range(0, len(body), 4096))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces)


def _headed(body: bytes, *lines: str, length: int | None = None) -> bytes:
    said = [*lines, f"Content-Length: {len(body) if length is None else length}"]
    return _HEAD + "".join(f"{line}\r\n" for line in said).encode() + b"\r\n" + body


FRAMINGS: dict[str, Framing] = {
    "length of the whole": lambda body, cut: _headed(body[:cut], length=len(body)),
    "length of the cut": lambda body, cut: _headed(body[:cut]),
    "chunked, never ended": lambda body, cut: (
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(body[:cut])
    ),
    "chunked, ended": lambda body, cut: (
        _HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + _chunked(body[:cut]) + b"0\r\n\r\n"
    ),
    "until the end": lambda body, cut: _HEAD + b"\r\n" + body[:cut],
    "packed, then cut": lambda body, cut: _headed(
        _packed(body)[: len(_packed(body)) * cut // len(body)], "Content-Encoding: gzip"
    ),
    "cut, then packed": lambda body, cut: _headed(_packed(body[:cut]), "Content-Encoding: gzip"),
}


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, 1, mtime=0)


@dataclass
class Raw(socketserver.ThreadingTCPServer):
    """Says the very bytes it is given, whatever is asked; robots.txt allows everything."""

    reply: bytes = b""
    allow_reuse_address: bool = True
    daemon_threads: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)


class _Handler(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        first = self.rfile.readline()
        while self.rfile.readline() not in (b"\r\n", b""):
            pass
        robots = b" /robots.txt " in first
        self.wfile.write(_headed(b"") if robots else self.server.reply)  # type: ignore[attr-defined]


@dataclass
class Cuts:
    """What became of pages that were cut: how they ended, and which did harm."""

    tried: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    harm: list[str] = field(default_factory=list)


def cut_everywhere(stage: Stage, step: int) -> Cuts:
    """Each source's page cut at every `step`-th byte, in every framing."""
    cuts = Cuts()
    server = Raw()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        for source, body in _pages(stage):
            with stage.primed() as scene:
                _cut_one(scene, server, source, body, step, cuts)
    finally:
        server.shutdown()
        server.server_close()
    return cuts


def _pages(stage: Stage) -> Iterator[tuple[str, bytes]]:
    for source in stage.web.sources():
        code = source.id.rpartition("-")[0]
        if stage.web.sites[
            code
        ].ascending:  # such a list is read to its end, and this server has but one page
            continue
        yield source.id, stage.web.page(code, source.url.split(f":{stage.web.port}")[1]).body


def _cut_one(scene: Scene, server: Raw, source: str, body: bytes, step: int, cuts: Cuts) -> None:
    at = f"http://127.0.0.1:{server.server_address[1]}/Actualites"
    scene.sources[source] = replace(scene.sources[source], url=at)
    server.reply = _headed(body)
    scene.poll(source)
    before = scene.store.latest_snapshot(source)
    told = len(scene.store.history(source))
    ends = body.rfind(b"</html")
    for cut in range(0, ends, step):
        for name, framing in FRAMINGS.items():
            server.reply = framing(body, cut)
            outcome = scene.poll(source).outcome
            cuts.tried += 1
            cuts.outcomes[outcome] = cuts.outcomes.get(outcome, 0) + 1
            whole = cut > body.rfind(b"</main")  # what is read is all there
            if (outcome.read and not whole) or scene.store.latest_snapshot(source) != before:
                cuts.harm.append(f"{source} at {cut}, {name}: {outcome}")
    server.reply = _headed(body)
    if (
        scene.poll(source).outcome not in {Outcome.OK, Outcome.UNCHANGED}
        or len(scene.store.history(source)) != told
    ):
        cuts.harm.append(f"{source}: the whole page after that")
