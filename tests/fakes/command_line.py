"""The command line, run in this process as programs and people use it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from watcher.cli import main
from watcher.replica import Replica

CANTAL_STEP = 10  # Wednesday 10 September 2025


@dataclass
class Ran:
    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The only line of complaint."""
        (line,) = self.err.splitlines()
        return line


class Vigie:
    """Runs commands in this process, against one database and one `sources.yaml`."""

    def __init__(
        self, folder: Path, capture: pytest.CaptureFixture[str], sources: Path | None = None
    ) -> None:
        self.folder = folder
        self.database = f"sqlite:///{folder}/vigie.db"
        self._capture = capture
        self._everywhere = ["--database", self.database, "--allow-private"]
        if sources:
            self._everywhere += ["--sources", str(sources)]

    def __call__(self, *arguments: str) -> Ran:
        self._capture.readouterr()
        try:
            status = main([*self._everywhere, *arguments])
        except SystemExit as end:
            status = int(end.code or 0)
        shown = self._capture.readouterr()
        return Ran(status, shown.out, shown.err)

    def file(self, name: str, text: str) -> str:
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return str(path)


def poll(vigie: Vigie, replica: Replica, step: int, *arguments: str) -> Ran:
    """Poll at a step of the week, everything unless told otherwise."""
    replica.go(step)
    return vigie("poll", *(arguments or ("--all",)), "--json", "--now", replica.time(step).isoformat())
