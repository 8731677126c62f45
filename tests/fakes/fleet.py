"""Workers of a fleet as processes, and what one sees of them in the database."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import psycopg

from tests.fakes.processes import Running
from watcher.replica import Replica


class Fleet:
    """A folder with what is watched, a database, and any number of workers."""

    def __init__(self, folder: Path, database: str) -> None:
        self.folder, self.database = folder, database
        self.address = database.replace("postgresql+psycopg:", "postgresql:")

    @property
    def variables(self) -> dict[str, str]:
        return {
            "VIGIE_SOURCES": str(self.folder / "sources.yaml"),
            "VIGIE_DATABASE": self.database,
            "VIGIE_KEY_FILE": str(self.folder / "vigie.key"),
            "VIGIE_SMTP": f"file://{self.folder}/mails",
            "VIGIE_MAIL_FROM": "vigie@exemple.org",
            "VIGIE_ALLOW_PRIVATE": "1",
        }

    def watches(self, replica: Replica, gap: str = "10ms") -> None:
        """With looks enough for a first reading and another just before the day ends, and begins anew."""
        known = replica.sources_yaml(gap=gap).replace(f"gap: {gap}", f"per_day: 100000, gap: {gap}")
        (self.folder / "sources.yaml").write_text(known, encoding="utf-8")

    def worker(self, name: str, *options: str) -> Running:
        log = self.folder / f"{name}.log"
        return Running("fleet", "worker", *options, log=log, told=self.variables)

    def rows(self, sql: str, *values: object) -> Sequence[tuple[Any, ...]]:
        with psycopg.connect(self.address) as connection:
            found = connection.execute(sql.encode(), values)
            return found.fetchall() if found.description else ()

    def number(self, sql: str, *values: object) -> int:
        return int(self.rows(sql, *values)[0][0])

    @property
    def mails(self) -> Sequence[Path]:
        return sorted((self.folder / "mails").rglob("*.eml"))
