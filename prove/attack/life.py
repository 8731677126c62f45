"""Everything that may happen to the program, in any order, beside a small model: see tests/fakes/whole_life.py."""

from __future__ import annotations

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from prove.report import Figure
from tests.integration.test_whole_life import WholeLife


def attack(*, long: bool, seed: int) -> list[Figure]:
    lives, steps = (1_000, 50) if long else (10, 30)
    broken = ""
    try:
        _live(lives, steps, seed)
    except AssertionError as error:
        broken = str(error)[:200]
    return [
        Figure(f"{lives} lives of {steps} steps: told to nobody or twice, lost, or to somebody else",
        broken or "0", "0",
               kept=not broken),
    ]  # fmt: skip


def _live(lives: int, steps: int, number: int) -> None:
    class Lived(WholeLife):
        pass

    asked = settings(
        max_examples=lives, stateful_step_count=steps, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck), print_blob=False,
    )  # fmt: skip
    run_state_machine_as_test(seed(number)(Lived), settings=asked)
