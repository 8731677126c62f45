"""The size of things, and documents that must agree with the code."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from statistics import median

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(p for d in ("watcher", "storage", "notifiers") for p in (ROOT / d).rglob("*.py"))
LONGEST_FILE, LONGEST_FUNCTION, TYPICAL_FUNCTION = 300, 50, 8


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_short_enough_to_see_whole(module: Path) -> None:
    source = module.read_text(encoding="utf-8")
    long = {name: lines for name, lines in _functions(source) if lines > LONGEST_FUNCTION}

    assert not long
    assert source.count("\n") <= LONGEST_FILE


def test_the_typical_function_is_small() -> None:
    lines = [n for module in MODULES for _, n in _functions(module.read_text(encoding="utf-8"))]

    assert median(lines) <= TYPICAL_FUNCTION


def test_the_changelog_opens_with_the_version_of_the_package() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    headings = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)

    assert version == next(h for h in headings if h != "Unreleased")


def _functions(source: str) -> list[tuple[str, int]]:
    """Names and lines of code, docstrings left out."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            body = node.body[1:] if ast.get_docstring(node) and len(node.body) > 1 else node.body
            found.append((node.name, (node.end_lineno or 0) - body[0].lineno + 1))
    return found
