"""A mail server that takes everything and keeps nothing: Postfix's `smtp-sink` where it is installed, else this.

Runs in a process of its own, so that its CPU time is not the measured program's.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Event

_POSTFIX = "/usr/sbin/smtp-sink"


@contextlib.contextmanager
def sink() -> Iterator[tuple[int, str]]:
    """Its port on loopback, and what it is."""
    port = _free()
    postfix = shutil.which("smtp-sink") or _POSTFIX
    if Path(postfix).exists():
        user = ["-u", "nobody"] if os.geteuid() == 0 else []
        command, name = [postfix, *user, f"127.0.0.1:{port}", "100"], "smtp-sink"
    else:
        command, name = [sys.executable, "-m", "bench.sink", str(port)], "bench.sink"
    process = subprocess.Popen(command)
    try:
        _wait(port)
        yield port, name
    finally:
        process.terminate()
        process.wait()


def _free() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait(port: int) -> None:
    for _ in range(2000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 5) as line:
            line.recv(512)
            return
        Event().wait(0.005)
    raise SystemExit("bench: the mail sink did not start")


def _serve(line: socket.socket) -> None:
    """One conversation, commands answered one at a time or in packs."""
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    reader = line.makefile("rb")
    line.sendall(b"220 sink\r\n")
    for command in reader:
        verb = command[:4].upper()
        if verb == b"DATA":
            line.sendall(b"354 go on\r\n")
            for text in reader:
                if text == b".\r\n":
                    break
            line.sendall(b"250 taken\r\n")
        elif verb == b"QUIT":
            line.sendall(b"221 bye\r\n")
            return
        else:
            line.sendall(b"250-sink\r\n250 PIPELINING\r\n" if verb == b"EHLO" else b"250 yes\r\n")


def main() -> None:
    with socket.create_server(("127.0.0.1", int(sys.argv[1]))) as server:
        while True:
            line, _ = server.accept()
            with line:
                _serve(line)


if __name__ == "__main__":
    main()
