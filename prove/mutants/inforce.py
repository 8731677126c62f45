"""Puts a mistake in force in modules that are loaded already, as whoever imported them sees them.

Code is exchanged within its function, which others hold; a table of a module is made anew, with those made of it,
and handed to whoever imported it by its name. What was remembered of earlier answers is forgotten.
"""

from __future__ import annotations
import __future__

import ast
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType
from typing import Any

from prove.mutants.operators import Mutant, assigned


def put_in_force(module: ModuleType, tree: ast.Module, mutant: Mutant) -> None:
    """`tree`: what `mutant` belongs to. For a process that ends with its tests: nothing takes it back."""
    mutant.apply()
    ast.fix_missing_locations(tree)
    if mutant.table:
        _renew_tables(module, tree, mutant)
    else:
        _function(module, mutant.place).__code__ = _code(module, tree, mutant.place)
    for other in _ours():
        for value in list(vars(other).values()):
            if callable(forget := getattr(value, "cache_clear", None)):
                forget()


def self_filling() -> list[tuple[dict[Any, Any], dict[Any, Any]]]:
    """Tables that remember what they were asked, each with what it holds now."""
    values = (value for module in _ours() for value in vars(module).values())
    return [(one, dict(one)) for one in values if isinstance(one, dict) and hasattr(one, "__missing__")]


def _function(module: ModuleType, place: str) -> FunctionType:
    owner: object = module
    *classes, name = place.split(".")
    for one in classes:
        owner = getattr(owner, one)
    found = vars(owner)[name]
    while not isinstance(found, FunctionType) or hasattr(found, "__wrapped__"):
        for inner in ("__wrapped__", "__func__", "fget", "func"):
            if (deeper := getattr(found, inner, None)) is not None:
                found = deeper
                break
        else:
            raise LookupError(place)
    return found


def _code(module: ModuleType, tree: ast.Module, place: str) -> CodeType:
    whole = compile(tree, str(module.__file__), "exec", dont_inherit=True)
    return next(code for code in _codes(whole) if code.co_qualname == place)


def _codes(code: CodeType) -> Iterator[CodeType]:
    """Of functions of the module and methods of its classes."""
    for value in code.co_consts:
        if isinstance(value, CodeType):
            yield value
            yield from _codes(value)


def _renew_tables(module: ModuleType, tree: ast.Module, mutant: Mutant) -> None:
    names, statements = set[str](), []
    for statement in tree.body:
        made = assigned(statement)
        used = {node.id for node in ast.walk(statement) if isinstance(node, ast.Name)}
        if made and (statement.lineno == mutant.lines[0] or used & names):
            statements.append(statement)
            names |= set(made)
    before = {name: vars(module)[name] for name in names}
    code = compile(ast.Module(statements, []), str(module.__file__), "exec", _LATE_TYPES, dont_inherit=True)
    exec(code, vars(module))  # noqa: S102  # our own module, one value changed
    for other in _ours():
        for name, old in before.items():
            if vars(other).get(name, _NOTHING) is old:
                setattr(other, name, vars(module)[name])


_NOTHING = object()
_LATE_TYPES = __future__.annotations.compiler_flag


def _ours() -> list[ModuleType]:
    """What may hold something of a module of ours, tests too."""
    homes = ("watcher", "storage", "notifiers", "tests")
    return [loaded for name, loaded in sys.modules.items() if name.split(".")[0] in homes]
