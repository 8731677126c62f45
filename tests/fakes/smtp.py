"""A mail server on loopback that answers as a script says, and otherwise takes everything."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from io import BufferedReader

from watcher.core.smtp_replies import Stage


class Then(StrEnum):
    GO_ON = "go on"
    CLOSE = "close"
    RESET = "reset"
    HANG = "hang"
    DRIP = "drip"
    ENDLESS = "endless"


@dataclass(frozen=True, slots=True)
class Act:
    """What is said in place of the usual answer, and what comes after it."""

    said: bytes
    then: Then = Then.GO_ON


@dataclass(frozen=True, slots=True)
class Got:
    sender: str
    recipient: str
    data: bytes


Script = Callable[[Stage, int], Act | None]
"""By stage, and the number of the message that is tried; of the connection, for its beginning."""

_USUAL = {
    Stage.GREETING: b"220 ready\r\n",
    Stage.AUTH: b"235 2.7.0 come in\r\n",
    Stage.MAIL: b"250 2.1.0 yes\r\n",
    Stage.RCPT: b"250 2.1.5 yes\r\n",
    Stage.DATA: b"354 go on\r\n",
    Stage.DOT: b"250 2.0.0 taken\r\n",
}


@dataclass
class ScriptedServer:
    script: Script
    features: tuple[bytes, ...] = (b"PIPELINING",)
    tls: ssl.SSLContext | None = None  # from the first byte
    host: str = "127.0.0.1"
    got: list[Got] = field(default_factory=list)
    commands: list[bytes] = field(default_factory=list)
    tried: int = 0
    connections: int = 0
    port: int = 0

    @contextlib.contextmanager
    def running(self) -> Iterator[ScriptedServer]:
        with socket.create_server((self.host, 0)) as listener:
            self.port = listener.getsockname()[1]
            thread = threading.Thread(target=self._serve, args=(listener,))
            thread.start()
            try:
                yield self
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                thread.join(10)
                assert not thread.is_alive()

    def _serve(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                line, _ = listener.accept()
                line.settimeout(10)
                line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                with contextlib.suppress(OSError), self._wrapped(line) as wrapped:
                    self._talk(wrapped)
                line.close()

    def _wrapped(self, line: socket.socket) -> socket.socket:
        return self.tls.wrap_socket(line, server_side=True) if self.tls else line

    def _talk(self, line: socket.socket) -> None:
        self.connections += 1
        reader = line.makefile("rb")
        with reader:
            going = self._say(line, Stage.GREETING, self.connections)
            sender = recipient = ""
            while going and (command := reader.readline(2000)):
                self.commands.append(command)
                verb = command[:4].upper()
                if verb == b"EHLO":
                    going = self._say(line, Stage.EHLO, self.connections)
                elif verb == b"MAIL":
                    self.tried += 1
                    sender = _address(command)
                    going = self._say(line, Stage.MAIL, self.tried)
                elif verb == b"RCPT":
                    recipient = _address(command)
                    going = self._say(line, Stage.RCPT, self.tried)
                elif verb == b"DATA":
                    said = self.script(Stage.DATA, self.tried)
                    going = self._say(line, Stage.DATA, self.tried)
                    if going and said is None:
                        data = _text(reader)
                        if not data.endswith(b"\r\n.\r\n"):
                            return
                        self.got.append(Got(sender, recipient, data[:-3]))
                        going = self._say(line, Stage.DOT, self.tried)
                elif verb == b"AUTH":
                    going = self._say(line, Stage.AUTH, self.connections)
                elif verb == b"QUIT":
                    line.sendall(b"221 bye\r\n")
                    going = False
                else:
                    line.sendall(b"250 yes\r\n")

    def _say(self, line: socket.socket, stage: Stage, number: int) -> bool:
        act = self.script(stage, number)
        if act is None:
            line.sendall(self._usual(stage))
            return True
        with contextlib.suppress(OSError):
            line.sendall(act.said)
        if act.then is Then.RESET:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif act.then is Then.HANG:
            _until_gone(line)
        elif act.then is Then.DRIP:
            while not _waited(line, 0.05):
                line.sendall(b"2")
        elif act.then is Then.ENDLESS:
            for _ in range(100_000):
                line.sendall(b"250-and another thing\r\n")
        return act.then is Then.GO_ON

    def _usual(self, stage: Stage) -> bytes:
        if stage is not Stage.EHLO:
            return _USUAL[stage]
        lines = [b"scripted", *self.features]
        marks = [b"-"] * (len(lines) - 1) + [b" "]
        return b"".join(b"250" + mark + word + b"\r\n" for mark, word in zip(marks, lines, strict=True))


def _text(reader: BufferedReader) -> bytes:
    """With the line that ends it, unless the other side left before."""
    lines = []
    while line := reader.readline():
        lines.append(line)
        if line == b".\r\n":
            break
    return b"".join(lines)


def _address(command: bytes) -> str:
    return command.partition(b"<")[2].partition(b">")[0].decode("ascii")


def _until_gone(line: socket.socket) -> None:
    while line.recv(65536):
        pass


def _waited(line: socket.socket, seconds: float) -> bool:
    """Whether the other side is gone; it may send on meanwhile."""
    line.settimeout(seconds)
    try:
        return line.recv(65536) == b""
    except TimeoutError:
        return False
