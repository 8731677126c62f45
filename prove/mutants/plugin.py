"""For pytest: runs the tests once while it notes which lines of the core each of them passes, then mistake by
mistake, in a forked child, those that pass there, until one fails.

A child that fails, hangs or eats memory has noticed the mistake; one whose tests all pass has not.
"""

from __future__ import annotations

import ast
import gc
import importlib
import json
import os
import random
import resource
import signal
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType

import coverage
import pytest
from hypothesis import Phase, settings

from prove.mutants.inforce import put_in_force, self_filling
from prove.mutants.operators import Mutant, assigned, mutants

CORE = Path(__file__).resolve().parents[2] / "watcher" / "core"
NOTICED, MISSED, UNREACHED, NOT_MADE = "noticed", "missed", "unreached", "not made"
_ENOUGH = 2.0  # seconds of tests for one mistake; those that pass the fewest other lines come first
_MEMORY = 4 << 30  # bytes; a child that wants more has gone astray
_PATIENCE = 120.0  # seconds on the wall for one that waits for ever


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--mistakes", help="a file with what to do: modules, how many of each, the seed")
    parser.addoption("--noticed", help="where to write what became of them, line by line")


def pytest_configure() -> None:
    phases = (Phase.explicit, Phase.generate)  # that it fails is enough, not what fails at the least
    settings.register_profile("mutants", derandomize=True, database=None, deadline=None, phases=phases)
    settings.load_profile("mutants")


@dataclass(slots=True)
class Lines:
    """Which tests pass where, and what they take."""

    tests: dict[str, dict[int, list[str]]] = field(default_factory=dict)  # by module and line
    seconds: dict[str, float] = field(default_factory=dict)  # on a core
    width: dict[str, int] = field(default_factory=lambda: defaultdict(int))  # lines that a test passes
    failed: set[str] = field(default_factory=set)


class Watching:
    """Notes how tests go; in a child, ends it with the first that fails."""

    def __init__(self) -> None:
        self.lines = Lines()
        self.child = False

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            if self.child:
                os._exit(1)
            self.lines.failed.add(report.nodeid)


def pytest_runtestloop(session: pytest.Session) -> bool:
    trees = {path.stem: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(CORE.glob("*.py"))}
    plan = json.loads(Path(session.config.getoption("--mistakes")).read_text(encoding="utf-8"))
    watching = Watching()
    session.config.pluginmanager.register(watching)
    tables = self_filling()
    _once(session.items, watching.lines)
    for table, before in tables:  # a mistake in what filled them would not show
        table.clear()
        table.update(before)
    gc.collect()
    gc.freeze()
    with Path(session.config.getoption("--noticed")).open("w", encoding="utf-8") as out:
        head = {"tests": len(session.items), "failed": sorted(watching.lines.failed)}
        print(json.dumps(head), file=out, flush=True)
        for name, mutant, all_ in _chosen(trees, plan):
            tests = _tests(session.items, watching.lines, name, mutant, trees)
            outcome = _tried(watching, name, trees[name], mutant, tests) if tests else UNREACHED
            told = {
                "module": name,
                "of": all_,
                "place": mutant.place,
                "line": mutant.line,
                "what": mutant.what,
                "outcome": outcome,
                "tests": len(tests),
            }
            print(json.dumps(told), file=out, flush=True)
        print(json.dumps({"ended": True}), file=out)
    return True


def _once(items: Sequence[pytest.Item], lines: Lines) -> None:
    """Every test as it is, on the modules as they are."""
    noting = coverage.Coverage(data_file=None, config_file=False, include=[f"{CORE}/*"])
    noting.start()
    for item, after in zip(items, [*items[1:], None], strict=True):
        noting.switch_context(item.nodeid)
        begun = time.process_time()
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
        lines.seconds[item.nodeid] = time.process_time() - begun
    noting.stop()
    data = noting.get_data()
    for path in data.measured_files():
        by_line = data.contexts_by_lineno(path)
        lines.tests[Path(path).stem] = by_line
        for names in by_line.values():
            for name in names:
                lines.width[name] += 1


def _chosen(trees: dict[str, ast.Module], plan: dict[str, int]) -> Iterator[tuple[str, Mutant, int]]:
    """`plan`: of each module how many, and the `seed`; a module of fewer gives all of its own."""
    for name, tree in trees.items():
        if name not in plan:
            continue
        all_ = mutants(tree)
        chosen = random.Random(f"{plan['seed']} {name}").sample(range(len(all_)), min(plan[name], len(all_)))
        for number in sorted(chosen):
            yield name, all_[number], len(all_)


def _tests(
    items: Sequence[pytest.Item], lines: Lines, name: str, mutant: Mutant, trees: dict[str, ast.Module]
) -> list[pytest.Item]:
    """Those that pass the place and pass there as it is, the most single-minded of them, the quickest first."""
    passing = {test for module, line in _places(name, mutant, trees) for test in _at(lines, module, line)}
    known = {item.nodeid: item for item in items if item.nodeid in passing - lines.failed}
    found, left = list[str](), _ENOUGH
    for test in sorted(known, key=lambda one: (lines.width[one], lines.seconds[one])):
        if lines.seconds[test] <= left or not found:
            found.append(test)
            left -= lines.seconds[test]
    return [known[test] for test in sorted(found, key=lambda one: lines.seconds[one])]


def _at(lines: Lines, module: str, line: int) -> list[str]:
    return lines.tests.get(module, {}).get(line, [])


def _places(name: str, mutant: Mutant, trees: dict[str, ast.Module]) -> Iterator[tuple[str, int]]:
    """Where somebody must pass to notice: the statement itself; of a table, wherever its name stands."""
    if not mutant.table:
        yield from ((name, line) for line in range(mutant.lines[0], mutant.lines[1] + 1))
        return
    names = {mutant.place}
    for statement in trees[name].body:
        if names & {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}:
            names |= set(assigned(statement))
    for module, tree in trees.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Name) and node.id in names:
                yield module, node.lineno


def _tried(
    watching: Watching, name: str, tree: ast.Module, mutant: Mutant, tests: Sequence[pytest.Item]
) -> str:
    seconds = 5 + 5 * sum(watching.lines.seconds[item.nodeid] for item in tests)
    child = os.fork()
    if child == 0:
        _live(watching, importlib.import_module(f"watcher.core.{name}"), tree, mutant, tests, seconds)
    _, status = os.waitpid(child, 0)
    return {0: MISSED, 2: NOT_MADE}.get(os.waitstatus_to_exitcode(status), NOTICED)


def _live(
    watching: Watching,
    module: ModuleType,
    tree: ast.Module,
    mutant: Mutant,
    tests: Sequence[pytest.Item],
    seconds: float,
) -> None:
    """The life of a child; it ends here."""
    watching.child = True
    try:
        put_in_force(module, tree, mutant)
    except BaseException:
        os._exit(1 if mutant.table else 2)  # a module with such a table could not even be loaded
    try:
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.alarm(int(_PATIENCE))
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
        for item, after in zip(tests, [*tests[1:], None], strict=True):
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=after)
    except BaseException:
        os._exit(1)
    os._exit(0)
