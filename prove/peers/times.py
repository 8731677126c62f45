"""Servers that take their time, and servers that send elsewhere: what is sent when, and what may come of it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

from prove.peers.bodies import LATE, OK, PAGE, WHOLE, Toxic, chunked
from tests.integration.fetching.scripted import Script, answer, redirect, stall

GOOD = answer(PAGE, "Content-Type: text/html")
REFUSED = frozenset({"redirect_refused", "bad_address", "protocol"})
ROUND, OTHER = frozenset({"redirect_loop"}), frozenset({"another page"})


def after(seconds: float, sent: bytes, first: bytes = b"") -> Script:
    """Latency: `first` at once, the rest later."""

    def script(connection: socket.socket) -> None:
        connection.sendall(first)
        threading.Event().wait(seconds)
        connection.sendall(sent)

    return script


def sliced(data: bytes, size: int, pause: float) -> Script:
    """Slicer and drip: so many bytes at a time, and a pause after each."""

    def script(connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for at in range(0, len(data), size):
            connection.sendall(data[at : at + size])
            threading.Event().wait(pause)

    return script


def silent_after(sent: bytes) -> Callable[[socket.socket], None]:
    def script(connection: socket.socket) -> None:
        connection.settimeout(90)  # longer than anybody waits
        connection.sendall(sent)
        stall(connection)

    return script


def slow_servers(total: float, read: float) -> list[Toxic]:
    """For a reader that waits `read` seconds for a word and `total` for everything."""
    nearly = read * 0.6
    chunks = OK + b"Transfer-Encoding: chunked\r\n\r\n" + chunked(PAGE, 40)
    return [
        Toxic("says nothing", silent_after(b""), LATE),
        Toxic("answers too late", after(read * 1.5, GOOD), LATE),
        Toxic("answers late", after(nearly, GOOD), WHOLE),
        Toxic("stops in its head", silent_after(OK), LATE),
        Toxic("stops after its head", silent_after(GOOD[: -len(PAGE)]), LATE),
        Toxic("stops in its body", silent_after(GOOD[:-50]), LATE),
        Toxic("stops before the last chunk", silent_after(chunks[:-5]), LATE),
        Toxic("drips its head", sliced(OK * 40, 1, nearly), LATE),
        Toxic("drips its body", sliced(GOOD, 1, nearly), LATE),
        Toxic("drips chunks", sliced(chunks, 46, nearly), LATE),
        Toxic("drips 100 Continue", sliced(b"HTTP/1.1 100 Continue\r\n\r\n" * 99, 25, nearly), LATE),
        Toxic("slices of 7 bytes", sliced(GOOD, 7, 0.0), WHOLE),
        Toxic("slices of 500 bytes, slowly", sliced(GOOD, 500, total / 4 / (len(GOOD) / 500)), WHOLE),
        Toxic("a silent robots.txt", silent_after(b""), frozenset({"robots_unreachable"}), "/robots.txt"),
        Toxic(
            "a dripping robots.txt",
            sliced(OK * 40, 1, nearly),
            frozenset({"robots_unreachable"}),
            "/robots.txt",
        ),
    ]


ELSEWHERE = (
    "http://169.254.169.254/latest/meta-data/",
    "http://[::ffff:169.254.169.254]/",
    "http://localhost:22/",
    "https://evil.example/Actualites",
    "//evil.example/Actualites",
    "/\\evil.example/Actualites",
    "http://127.0.0.1.evil.example/",
    "file:///etc/passwd",
    "javascript:alert(1)",
    "data:text/html,<main>x</main>",
    "ftp://127.0.0.1/",
    "gopher://127.0.0.1/",
    "http://user@127.0.0.1/Actualites",
    "http://xn--pari-nya.gouv.fr/",
    "http://" + "a" * 300 + "/",
    "http://a..fr/",
    "http://[zz]/",
    "http://127.0.0.1:99999/",
    "http://%00/",
)


def redirects() -> list[Toxic]:
    hops = redirect("/hop?x=1")
    return [
        *(Toxic(f"leads to {there[:40]}", redirect(there), REFUSED) for there in ELSEWHERE),
        Toxic("leads to http:///", redirect("http:///"), REFUSED | OTHER),
        Toxic("leads to itself", redirect("/Actualites"), ROUND),
        Toxic("leads to itself without end", redirect("?"), ROUND),
        Toxic("leads to itself with a fragment", redirect("#" + "x" * 900), ROUND),
        Toxic("leads on and on", hops, ROUND),
        Toxic("leads nowhere", redirect(""), ROUND | REFUSED),
        Toxic("leads to 60 KB", redirect("/" + "x" * 60_000), REFUSED | ROUND | OTHER),
        Toxic("leads round by robots.txt", redirect("/robots.txt"), WHOLE, "/robots.txt"),
        Toxic("says 300 and nothing", answer(b"", status="300 Choose"), OTHER),
    ]


def hopping(number: int) -> bytes:
    """What stands at `/hop?x=NUMBER`: the way to the next."""
    return redirect(f"/hop?x={number + 1}")
