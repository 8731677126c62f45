"""Databases of other versions: an older one whose migration is killed anywhere, a newer one that nobody touches."""

from __future__ import annotations

import io
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, redirect_stderr, redirect_stdout
from pathlib import Path

from alembic import command
from alembic.config import Config

import storage.migrations
from prove.crash.points import Points, arm
from prove.crash.process import forked
from prove.report import Figure
from prove.storage.small import Life, address, digest, fresh, make, opened, sound
from storage.engine import writing
from storage.migrations import HEAD, upgrade
from tests.fakes.telling import World
from watcher.cli import main
from watcher.core.subscriptions import Way

_ROWS = 'SELECT * FROM "{}"'  # of a table that the database itself has named
COMMANDS: Sequence[Sequence[str]] = (
    ("alerts",),
    ("backup", "{folder}/copy.db"),
    ("deliver",),
    ("digest", "daily"),
    ("doctor",),
    ("feed", "all"),
    ("poll", "--due"),
    ("replay",),
    ("review", "list"),
    ("rules", "proposals"),
    ("serve", "--port", "0"),
    ("sources", "list"),
    ("subscribers", "list"),
    ("user", "list"),
)


def killed_migrations(folder: Path, versions: Sequence[str], every: int) -> list[Figure]:
    kills, torn, changed = 0, 0, 0
    for version in versions:
        old = _of_version(folder / f"{version}.db", version)
        before = held(old)
        whole = fresh(old, folder / "whole")
        migrate(whole)
        after, point = held(whole), 1
        while True:
            path = fresh(old, folder / "killed")
            if _survives(path, point):
                break
            kills += 1
            torn += not sound(path) or held(path) not in (before, after)
            migrate(path)
            changed += held(path) != after
            point += every
    return [
        Figure("migrations killed", f"at {kills} points, from {', '.join(versions)}", "", kills > 0),
        Figure("neither the old schema with its rows nor the new one", str(torn), "0", not torn),
        Figure("rows that differ once it was done again", str(changed), "0", not changed),
    ]


def _of_version(path: Path, version: str) -> Path:
    make(path, 5, "a", "b")
    go_back(path, version)
    return path


def go_back(where: Path | str, version: str) -> None:
    """With rows in most tables; those of newer tables are gone."""
    with opened(where) as engine:
        Life(World(engine)).world.deliverer().tick(Way.MAIL)
    downgrade(where, version)


def downgrade(where: Path | str, version: str) -> None:
    with opened(where) as engine:
        config = Config()
        config.set_main_option("script_location", str(Path(storage.migrations.__file__).parent))
        config.set_main_option("path_separator", "os")
        with writing(engine) as connection:
            config.attributes["connection"] = connection
            command.downgrade(config, version)


def _survives(path: Path, point: int) -> bool:
    """Migrate in a process that is killed at this point, if there is one."""

    def doomed() -> None:
        arm(Points(point, lambda _number, _name: None))
        migrate(path)

    return os.waitpid(forked(doomed), 0)[1] == 0


def migrate(where: Path | str) -> None:
    with opened(where) as engine:
        upgrade(engine)


def held(path: Path) -> Mapping[str, str]:
    """Each table's definition, and what its rows come to."""
    with closing(sqlite3.connect(path)) as database:
        tables = database.execute(
            "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'index', 'trigger')"
        )
        found: dict[str, str] = {}
        for name, sql in tables.fetchall():
            found[name] = str(sql)
            if str(sql).startswith(("CREATE TABLE", "CREATE VIRTUAL")) and not name.startswith(
                "alert_words_"
            ):
                found[f"rows of {name}"] = digest(database.execute(_ROWS.format(name)))
        return found


def newer(folder: Path) -> list[Figure]:
    """Every command that opens a database, against one of a program to come."""
    path = make(folder / "vigie.db", 3, "a")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    return _refusing(f"a schema newer than {HEAD}", path, _all_told(path), "plus récent")


def read_only(folder: Path) -> list[Figure]:
    """The same against a database that the account may not write, nor its folder."""
    path, told = make(folder / "vigie.db", 3, "a"), folder / "told.txt"
    for place in (folder.parent, folder):
        place.chmod(0o755)
    path.chmod(0o444)

    def as_nobody() -> None:
        with told.open("w", encoding="utf-8") as report:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(65534)
                os.setuid(65534)
            report.write("\0".join(_all_told(path)))

    assert os.waitpid(forked(as_nobody), 0)[1] == 0
    return _refusing("not to be written", path, told.read_text(encoding="utf-8").split("\0"), "inscriptible")


def _refusing(what: str, path: Path, told: Sequence[str], words: str) -> list[Figure]:
    wrong = [" ".join(line) for line, said in zip(COMMANDS, told, strict=True) if words not in said]
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as database:
        alerts = database.execute("SELECT count(*) FROM alerts").fetchone()[0]
    return [
        Figure(
            f"{what}: commands that do not say so",
            ", ".join(wrong) or f"0 of {len(COMMANDS)}",
            "0",
            not wrong,
        ),
        Figure(
            f"{what}: what was in it", "untouched" if alerts == 1 else "changed", "untouched", alerts == 1
        ),
    ]


def _all_told(path: Path) -> list[str]:
    return [told(address(path), line, path.parent) for line in COMMANDS]


def told(url: str, line: Sequence[str], folder: Path) -> str:
    """What a command says that fails; "done" of one that does not."""
    out, complaints = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.StringIO()
    with redirect_stdout(out), redirect_stderr(complaints):
        status = main(["--database", url, *(word.format(folder=folder) for word in line)])
    out.seek(0)
    return f"{status} {complaints.getvalue()} {out.read()}" if status else "done"
