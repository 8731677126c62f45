"""What lies outside of the process that is killed: a préfecture's site, a mail server, a program with a web-hook.

They run in threads of the parent, and keep whatever reached them.
"""

from __future__ import annotations

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage

Answer = Callable[[str], bytes | None]
"""A path → the body of a page, or `None` for a 404."""

HOOK = "/hook"
_ALERT = re.compile(r"/alerts/([0-9a-f]{8,})")


@dataclass(frozen=True, slots=True)
class Copy:
    """One message as a receiver took it."""

    to: str
    id: str  # Message-ID, webhook-id
    alerts: frozenset[str]  # ids of the alerts that it tells of
    body: bytes
    sequence: int = 0
    late: bool = False  # after everything was done


@dataclass
class Outside:
    """`over` says whether everything was done, so that nothing may be sent any more."""

    answer: Answer = lambda _: None
    copies: list[Copy] = field(default_factory=list)
    over: Callable[[], bool] = lambda: False
    _talking: int = 0
    _quiet: threading.Condition = field(default_factory=threading.Condition)

    @contextlib.contextmanager
    def running(self) -> Iterator[Outside]:
        self._web, self._mail = (socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(2))
        for listener, talk in ((self._web, self._serve), (self._mail, self._take)):
            threading.Thread(target=self._accept, args=(listener, talk), daemon=True).start()
        try:
            yield self
        finally:
            for listener in (self._web, self._mail):
                listener.shutdown(socket.SHUT_RDWR)
                listener.close()

    @property
    def web_port(self) -> int:
        return int(self._web.getsockname()[1])

    @property
    def mail_port(self) -> int:
        return int(self._mail.getsockname()[1])

    def begin(self, copies: Iterable[Copy] = ()) -> None:
        """Forget everything but these."""
        self.copies = list(copies)

    def settle(self) -> None:
        """Wait until whatever a dead process had sent is taken in."""
        with self._quiet:
            if not self._quiet.wait_for(lambda: not self._talking, timeout=10):
                raise TimeoutError("somebody still talks")

    def _accept(self, listener: socket.socket, talk: Callable[[socket.socket], None]) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with self._quiet:
                    self._talking += 1
                threading.Thread(target=self._talk, args=(line, talk), daemon=True).start()

    def _talk(self, line: socket.socket, talk: Callable[[socket.socket], None]) -> None:
        try:
            with contextlib.suppress(OSError), line:  # the other side was killed
                line.settimeout(30)
                talk(line)
        finally:
            with self._quiet:
                self._talking -= 1
                self._quiet.notify_all()

    def _serve(self, line: socket.socket) -> None:
        with line.makefile("rb") as stream:
            while first := stream.readline():
                path, headers = first.split()[1].decode(), _headers(stream)
                size = int(headers.get("content-length", "0"))
                posted = stream.read(size)
                if len(posted) < size:
                    return
                body = self._hooked(headers, posted) if path == HOOK else self.answer(path)
                status = b"404 Not Found" if body is None else b"200 OK"
                head = b"HTTP/1.1 %b\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
                line.sendall(head % (status, len(body or b"")) + (body or b""))

    def _hooked(self, headers: dict[str, str], posted: bytes) -> bytes:
        told = json.loads(posted)
        if told["type"] == "endpoint.challenge":
            return str(told["challenge"]).encode()
        alerts = frozenset({told["data"]["id"]})
        copy = Copy(HOOK, headers["webhook-id"], alerts, posted, told["sequence"], self.over())
        self.copies.append(copy)
        return b"ok"

    def _take(self, line: socket.socket) -> None:
        to = ""
        with line.makefile("rb") as stream:
            line.sendall(b"220 ready\r\n")
            while command := stream.readline():
                verb = command[:4].upper()
                if verb == b"RCPT":
                    to = command.partition(b"<")[2].partition(b">")[0].decode()
                if verb == b"DATA":
                    line.sendall(b"354 go on\r\n")
                    self._keep(to, stream)
                replies = {b"EHLO": b"250-here\r\n250 PIPELINING\r\n", b"QUIT": b"221 bye\r\n"}
                line.sendall(replies.get(verb, b"250 2.0.0 yes\r\n"))

    def _keep(self, to: str, stream: Iterator[bytes]) -> None:
        """Everything up to the dot, or nothing of it."""
        lines: list[bytes] = []
        for one in stream:
            if one == b".\r\n":
                mail = message_from_bytes(b"".join(lines), policy=policy.default)
                self.copies.append(_mail(to, mail, late=self.over()))
                return
            lines.append(one)
        raise OSError("cut off")


def _headers(stream: Iterator[bytes]) -> dict[str, str]:
    found = {}
    for one in stream:
        if not one.strip():
            break
        name, _, value = one.decode("latin-1").partition(":")
        found[name.lower()] = value.strip()
    return found


def _mail(to: str, mail: EmailMessage, *, late: bool) -> Copy:
    plain = mail.get_body(("plain",))
    said = str(plain.get_content()) if plain else ""
    id_ = str(mail["Message-ID"])
    return Copy(to, id_, frozenset(_ALERT.findall(said)), said.encode(), late=late)
