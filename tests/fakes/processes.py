"""The command `vigie` as a process of its own, waited for with deadlines."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Event
from time import monotonic
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx

VIGIE = str(Path(sys.executable).with_name("vigie"))
LOOKS = 0.05  # seconds between two looks
T = TypeVar("T")


def until(look: Callable[[], T], seconds: float, what: str) -> T:
    """The first true answer of `look`; an error when none comes in time."""
    end, pause = monotonic() + seconds, Event()
    while not (answer := look()):
        if monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        pause.wait(LOOKS)
    return answer


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def environment() -> dict[str, str]:
    """Ours, without what would configure a vigie."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VIGIE_")}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [VIGIE, *arguments], capture_output=True, text=True, env=environment(), timeout=60, check=False
    )


class Running:
    """A vigie that goes on until it is asked to end, or is killed with the block."""

    def __init__(self, *arguments: str, log: Path, told: Mapping[str, str] | None = None) -> None:
        """`told` are variables of its environment."""
        self._log = log
        with log.open("wb") as stream:
            self.process = subprocess.Popen(
                [VIGIE, *arguments],
                stdout=subprocess.DEVNULL,
                stderr=stream,
                env=environment() | dict(told or {}),
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.process.kill()
        self.process.wait()

    @property
    def said(self) -> str:
        return self._log.read_text(encoding="utf-8")

    @property
    def events(self) -> list[dict[str, Any]]:
        """What it logged."""
        return [json.loads(line) for line in self.said.splitlines() if line.startswith("{")]

    def alive(self) -> bool:
        return self.process.poll() is None

    def terminate(self) -> tuple[int, float]:
        """Ask it to end: its exit status, and after how many seconds."""
        began = monotonic()
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(timeout=30)
        return status, monotonic() - began


class Served(Running):
    """`vigie serve` or `vigie demo` on a port of its own."""

    def __init__(
        self, command: str, arguments: Sequence[str], log: Path, told: Mapping[str, str] | None = None
    ) -> None:
        self.port = free_port()
        super().__init__(command, "--port", str(self.port), *arguments, log=log, told=told)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str) -> httpx.Response | None:
        """`None` while nobody listens."""
        try:
            with httpx.Client(trust_env=False, timeout=5) as client:
                return client.get(f"{self.address}{path}")
        except httpx.TransportError:
            return None

    def answers(self, path: str, containing: str = "", within: float = 20) -> httpx.Response:
        """The first good answer that contains something, `within` so many seconds."""

        def look() -> httpx.Response | None:
            if not self.alive():
                raise RuntimeError(f"it ended: {self.said}")
            answer = self.get(path)
            return answer if answer and answer.status_code == 200 and containing in answer.text else None

        found = until(look, within, f"{path} with {containing!r}")
        assert found is not None
        return found
