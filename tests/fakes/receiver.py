"""A loopback server that is sent messages, and answers them as a test says: rightly, wrongly or not at all."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.integration.fetching.scripted import Script, Server, answer


@dataclass(frozen=True)
class Got:
    """One request as it arrived."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        told: dict[str, Any] = json.loads(self.body)
        return told


def willing(got: Got) -> Script:
    """Repeats challenges, takes everything."""
    if got.told["type"] == "endpoint.challenge":
        return answer(got.told["challenge"].encode())
    return answer(b"", status="204 No Content")


@dataclass
class Receiver(Server):
    reply: Callable[[Got], Script] = willing
    got: list[Got] = field(default_factory=list)

    def _serve_one(self, connection: socket.socket) -> bool:
        got = _read(connection)
        if got is None:
            return False
        self.got.append(got)
        script = self.reply(got)
        if isinstance(script, bytes):
            connection.sendall(script)
            return True
        script(connection)
        return False


def always(script: Script) -> Callable[[Got], Script]:
    return lambda _: script


def _read(connection: socket.socket) -> Got | None:
    with connection.makefile("rb") as stream:
        first = stream.readline().decode("latin-1").split(" ")
        if len(first) < 3:
            return None
        headers: dict[str, str] = {}
        while (line := stream.readline().decode("latin-1").strip()) != "":
            name, _, value = line.partition(": ")
            headers[name.lower()] = value
        return Got(first[1], headers, stream.read(int(headers.get("content-length", "0"))))


@contextlib.contextmanager
def receiving(**options: Any) -> Iterator[Receiver]:
    receiver = Receiver(**options)
    thread = threading.Thread(target=receiver.run, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.stop()
        thread.join(5)
