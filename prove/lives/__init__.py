"""Everything that may happen to the program, in any order, beside a small model: see tests/fakes/whole_life.py."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from prove.report import Chapter, Figure
from prove.storage.served import Bases
from prove.storage.small import opened
from storage.migrations import upgrade
from tests.fakes.servers import running_server
from tests.integration.test_whole_life import WholeLife

_HOW = (
    "Everything that may happen (polls of good and bad pages, people who come, choose and leave, mail that fails, "
    "crashes, clocks that jump, decisions at the desk) in an order drawn by the seed, beside a small model of what "
    "everybody is owed."
)


def prove(*, long: bool, seed: int) -> Chapter:
    figures = [_lived("", *((1_000, 50) if long else (10, 30)), seed, lambda: "")]
    if long:
        with running_server() as server:
            bases = Bases(server)
            template = bases.empty()
            with opened(template) as engine:
                upgrade(engine)
            figures.append(_lived("PostgreSQL: ", 100, 50, seed, lambda: bases.like(template)))
    return Chapter("Lived at random", _HOW, tuple(figures))


def _lived(kind: str, lives: int, steps: int, seed: int, database: Callable[[], str]) -> Figure:
    broken = ""
    try:
        _live(lives, steps, seed, database)
    except AssertionError as error:
        broken = str(error)[:200]
    what = f"{kind}{lives} lives of {steps} steps: told to nobody or twice, lost, or to somebody else"
    return Figure(what, broken or "0", "0", kept=not broken)


def _live(lives: int, steps: int, number: int, database: Callable[[], str]) -> None:
    class Lived(WholeLife):
        pass

    Lived.database = staticmethod(database)
    asked = settings(
        max_examples=lives, stateful_step_count=steps, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(Lived), settings=asked)
