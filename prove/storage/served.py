"""The same promises on PostgreSQL: others hold it, share it, wrote it with a newer program, or forbid to write."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event

from sqlalchemy import Engine, create_engine, make_url, text

from prove.report import Figure
from prove.storage.schemas import COMMANDS, told
from prove.storage.shared import race_for
from prove.storage.small import NAMES, Life, fill, opened
from tests.fakes.servers import Server, administer, copied, created
from tests.fakes.telling import World

_COMMANDS = tuple(line for line in COMMANDS if line[0] not in {"backup"})  # for which it has tools of its own
_READING = ("alerts", "feed", "replay")  # need no more than to read
_IDLE = (
    "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction' "
    "AND now() - state_change > interval '500 ms'"
)


@dataclass
class Bases:
    """Databases of one server."""

    server: Server
    _numbers: Iterator[int] = field(default_factory=count)

    def empty(self) -> str:
        return created(self.server.url, f"proof_{next(self._numbers)}")

    def filled(self, people: int, *names: str) -> str:
        url = self.empty()
        fill(url, people, *names)
        return url

    def like(self, url: str) -> str:
        """A copy of one that nobody uses."""
        return copied(self.server.url, make_url(url).database or "", f"proof_{next(self._numbers)}")

    def drop(self, url: str) -> None:
        administer(self.server.url, f"DROP DATABASE {make_url(url).database} WITH (FORCE)")


def held_by_others(bases: Bases) -> list[Figure]:
    """Another program holds all messages: for less than we wait, then for longer."""
    url = bases.filled(12)
    with opened(url) as engine, _holder(url) as (hold, release), ThreadPoolExecutor(1) as pool:
        life = Life(World(engine))
        hold("LOCK TABLE messages, sources IN ACCESS EXCLUSIVE MODE")
        ends = pool.submit(lambda: (Event().wait(1.5), release()))
        life.step()
        ends.result()
        short = len(life.refusals)
        with _impatient(url) as hasty:
            life.moved(World(hasty))
            hold("LOCK TABLE messages, sources IN ACCESS EXCLUSIVE MODE")
            life.step()
            release()
            kept = life.refusals[short:]
            for _ in range(len(NAMES) + 2):
                life.step()
    right = all("la tient verrouillée" in str(e) and not e.permanent for e in kept)
    after = (life.lost(), life.doubled())
    return [
        Figure("PostgreSQL: tables locked for 1.5 s by another: refusals", str(short), "0", not short),
        Figure("locked for too long: refusals in these words", str(len(kept)), "each", bool(kept) and right),
        Figure(
            "afterwards, without a restart: lost, doubled", "{}, {}".format(*after), "0, 0", not any(after)
        ),
    ]


@contextmanager
def _holder(url: str) -> Iterator[tuple[Callable[[str], object], Callable[[], None]]]:
    engine = create_engine(url)
    connection = engine.connect()
    try:
        yield (lambda sql: connection.execute(text(sql))), connection.rollback
    finally:
        connection.close()
        engine.dispose()


@contextmanager
def _impatient(url: str) -> Iterator[Engine]:
    """Connections that wait for a moment where they otherwise wait for ten seconds."""
    with opened(url) as engine:
        for _ in range(3):
            with engine.connect() as connection:
                connection.execute(text("SELECT set_config('lock_timeout', '50ms', false)"))
                connection.commit()
        yield engine


def raced(bases: Bases, folder: Path, workers: int, people: int, rounds: int = 1) -> list[Figure]:
    """Processes that send from one database; meanwhile nobody rests with a transaction open."""
    template, done, rests = bases.filled(people, "a", "b"), Event(), 0
    races = (bases.like(template) for _ in range(rounds))
    engine = create_engine(bases.server.url, isolation_level="AUTOCOMMIT")

    def watch() -> int:
        most = 0
        with engine.connect() as connection:
            while not done.wait(0.2):
                most = max(most, connection.scalar(text(_IDLE)) or 0)
        return most

    with ThreadPoolExecutor(1) as pool:
        watching = pool.submit(watch)
        figures = race_for(races, folder, workers, people, "PostgreSQL: ")
        done.set()
        rests = watching.result()
    engine.dispose()
    return [
        *figures,
        Figure("transactions that rested for half a second", str(rests), "0", not rests),
    ]


def refused(bases: Bases, folder: Path) -> list[Figure]:
    """Every command that opens a database, against one that is not to be touched."""
    newer = bases.filled(3, "a")
    administer(newer, "UPDATE alembic_version SET version_num = '9999'")
    figures = _refusing("PostgreSQL: a schema newer than ours", newer, newer, folder, "plus récent")
    closed = bases.filled(3, "a")
    administer(closed, f"ALTER DATABASE {make_url(closed).database} SET default_transaction_read_only = on")
    figures += _refusing("PostgreSQL: only to be read", closed, closed, folder, "lecture seule", reads=True)
    guarded = bases.filled(3, "a")
    administer(
        guarded,
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN",
        "GRANT SELECT ON ALL TABLES IN SCHEMA public TO reader",
    )
    reader = make_url(guarded).set(username="reader").render_as_string(hide_password=False)
    return figures + _refusing(
        "PostgreSQL: an account that may not write", guarded, reader, folder, "droits", reads=True
    )


def _refusing(
    what: str, kept: str, url: str, folder: Path, words: str, *, reads: bool = False
) -> list[Figure]:
    found = {" ".join(line): told(url, line, folder) for line in _COMMANDS}
    wrong = [line for line, said in found.items() if words not in said and not (reads and said == "done")]
    wrong += [line for line, said in found.items() if said == "done" and line.split()[0] not in _READING]
    alerts = _rows(kept)
    return [
        Figure(
            f"{what}: commands that do not say so",
            ", ".join(wrong) or f"0 of {len(_COMMANDS)}",
            "0",
            not wrong,
        ),
        Figure(
            f"{what}: what was in it", "untouched" if alerts == 1 else "changed", "untouched", alerts == 1
        ),
    ]


def _rows(url: str) -> object:
    engine = create_engine(url)
    with engine.connect() as connection:
        found = connection.scalar(text("SELECT count(*) FROM alerts"))
    engine.dispose()
    return found


def words_of(refusals: Sequence[Exception], sign: str) -> set[str]:
    return {str(error) for error in refusals if sign not in str(error)}
