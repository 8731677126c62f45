"""Mistakes that tests must notice are made one at a time, where everybody who holds the code meets them."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from prove.mutants.inforce import put_in_force
from prove.mutants.operators import mutants

SOURCE = '''
from functools import lru_cache

LIMIT = 3
DOUBLE: int = LIMIT * 2

@lru_cache
def few(count: int) -> bool:
    """Whether they are few."""
    return 0 <= count < DOUBLE and not count == 1

class Box:
    @property
    def lid(self) -> str:
        if self:
            return "shut for the night" or "shut"
        raise LookupError("no lid")
'''


@pytest.fixture
def module(tmp_path: Path) -> Iterator[ModuleType]:
    """Loaded, and imported from by another."""
    path = tmp_path / "counted.py"
    path.write_text(SOURCE, encoding="utf-8")
    loaded, other = ModuleType("watcher.counted"), ModuleType("watcher.counting")
    loaded.__file__ = str(path)
    exec(compile(SOURCE, path, "exec"), vars(loaded))  # noqa: S102
    vars(other).update(LIMIT=loaded.LIMIT, few=loaded.few)
    sys.modules |= {loaded.__name__: loaded, other.__name__: other}
    yield loaded
    del sys.modules[loaded.__name__], sys.modules[other.__name__]


def test_every_kind_of_mistake_is_made_and_words_for_people_stay() -> None:
    made = {}
    for number, mutant in enumerate(mutants(ast.parse(SOURCE))):
        tree = ast.parse(SOURCE)
        mutants(tree)[number].apply()
        made[ast.unparse(ast.fix_missing_locations(tree))] = mutant.place
    changed = {
        line.strip(): place
        for text, place in made.items()
        for line in set(text.splitlines()) - set(ast.unparse(ast.parse(SOURCE)).splitlines())
    }

    assert changed == {
        "LIMIT = 4": "LIMIT",
        "DOUBLE: int = LIMIT * 3": "DOUBLE",
        "return None": "Box.lid",
        "return 0 < count < DOUBLE and (not count == 1)": "few",
        "return 0 <= count <= DOUBLE and (not count == 1)": "few",
        "return 0 <= count < DOUBLE or not count == 1": "few",
        "return 0 <= count < DOUBLE and (not count != 1)": "few",
        "return 0 <= count < DOUBLE and (not count == 2)": "few",
        "return 0 <= count < DOUBLE and (not not count == 1)": "few",
        "return 1 <= count < DOUBLE and (not count == 1)": "few",
        "if not self:": "Box.lid",
        "return 'shut for the night' and 'shut'": "Box.lid",
        "return 'shut for the night' or 'XXshutXX'": "Box.lid",
        "pass": "Box.lid",
    }


def _make(module: ModuleType, what: str, line: int) -> None:
    tree = ast.parse(SOURCE)
    mutant = next(one for one in mutants(tree) if one.what == what and one.line == line)
    put_in_force(module, tree, mutant)


def test_who_imported_a_function_meets_its_mistake_whatever_it_remembered(module: ModuleType) -> None:
    few = sys.modules["watcher.counting"].few
    assert few(6) is False

    _make(module, "and, or exchanged", 10)

    assert few(6) is True


def test_a_method_behind_a_property_is_changed(module: ModuleType) -> None:
    box = module.Box()
    assert box.lid == "shut for the night"

    _make(module, "and, or exchanged", 16)

    assert box.lid == "shut"


def test_a_number_is_changed_with_those_that_are_made_of_it(module: ModuleType) -> None:
    assert module.few(6) is False

    _make(module, "4 instead", 4)

    assert (module.DOUBLE, sys.modules["watcher.counting"].LIMIT, module.few(6)) == (8, 4, True)
