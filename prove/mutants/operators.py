"""The small mistakes that are put into a module, one at a time.

Left as it is: what only types or readers see (annotations, docstrings, sentences, the words of tables), and what a
module or a class is built of (imports, decorators, fields, what arguments are by default).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator, MutableSequence
from dataclasses import dataclass
from typing import TypeVar

Node = TypeVar("Node", bound=ast.AST)
Function = ast.FunctionDef | ast.AsyncFunctionDef

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLS = {
    "min": "max",
    "any": "all",
    "startswith": "endswith",
    "lstrip": "rstrip",
    "removeprefix": "removesuffix",
    "partition": "rpartition",
    "find": "rfind",
}
_FIRST_LEFT = {"cast", "TypeVar", "strip", "lstrip", "rstrip"}
_SENTENCE = re.compile(r"[^\W\d] +[^\W\d]")
_SWAPS = _CALLS | {there: here for here, there in _CALLS.items()}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One mistake. `apply` makes it in the tree of the module, which is of no other use afterwards."""

    place: str  # the function or method, "Class.method"; the first name of a table
    line: int
    lines: tuple[int, int]  # of the statement, or its head: where a test that notices must have been
    what: str
    apply: Callable[[], None]
    table: bool = False  # a name of the module, not code


def mutants(tree: ast.Module) -> list[Mutant]:
    """All of them, in the order of the text."""
    found: list[Mutant] = []
    for statement in tree.body:
        if isinstance(statement, ast.ClassDef):
            for method in statement.body:
                if isinstance(method, Function):
                    found += _of_function(method, f"{statement.name}.{method.name}")
        elif isinstance(statement, Function):
            found += _of_function(statement, statement.name)
        elif names := assigned(statement):
            found += _of_table(statement, names[0])
    return found


def assigned(statement: ast.stmt) -> list[str]:
    """Names that a statement of a module gives a value."""
    if isinstance(statement, ast.AnnAssign):
        targets: list[ast.expr] = [statement.target] if statement.value else []
    else:
        targets = statement.targets if isinstance(statement, ast.Assign) else []
    nodes = [node for target in targets for node in ast.walk(target)]
    return [node.id for node in nodes if isinstance(node, ast.Name)]


def _of_table(statement: ast.stmt, name: str) -> Iterator[Mutant]:
    """Limits, times and counts; the words of tables are what readers see, or have tables of tests of their own."""
    span = (statement.lineno, statement.end_lineno or statement.lineno)
    for node in _expressions(statement):
        if isinstance(node, ast.Constant) and not isinstance(node.value, str | bytes):
            for what, apply in _of_constant(node):
                yield Mutant(name, node.lineno, span, what, apply, table=True)


def _of_function(function: Function, place: str) -> Iterator[Mutant]:
    if any(ast.unparse(decorator) == "overload" for decorator in function.decorator_list):
        return
    for body in _bodies(function):
        for number, statement in enumerate(body):
            if number == 0 and _is_text(statement):
                continue
            head = _head(statement)
            for what, apply in _of_statement(body, number):
                yield Mutant(place, statement.lineno, head, what, apply)
            for node in _expressions(statement):
                for what, apply in _of_expression(node):
                    yield Mutant(place, getattr(node, "lineno", head[0]), head, what, apply)


def _bodies(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Every list of statements under it, of functions within as well."""
    for child in ast.walk(node):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(child, name, None)
            if isinstance(block, list) and block:
                yield block


def _head(statement: ast.stmt) -> tuple[int, int]:
    """The lines of a statement without those of its block."""
    body = getattr(statement, "body", None)
    end = statement.end_lineno or statement.lineno
    if isinstance(body, list) and body and isinstance(body[0], ast.stmt):
        end = max(statement.lineno, body[0].lineno - 1)
    return statement.lineno, end


def _expressions(statement: ast.stmt) -> Iterator[ast.expr | ast.comprehension]:
    """What a statement reckons with, not its blocks nor what only says types."""
    for name, value in ast.iter_fields(statement):
        if name in {"annotation", "returns", "args", "decorator_list", "targets", "target", "type_params"}:
            continue
        for node in value if isinstance(value, list) else [value]:
            if isinstance(node, ast.expr):
                yield from _within(node)
            elif isinstance(node, ast.withitem):
                yield from _within(node.context_expr)
            elif isinstance(node, ast.match_case) and node.guard:
                yield from _within(node.guard)


def _within(node: ast.expr) -> Iterator[ast.expr | ast.comprehension]:
    name = _name(node)
    if name in {"Literal", "lru_cache"}:  # types; how much is remembered, which changes no answer
        return
    if name not in {"cast", "TypeVar"}:
        yield node
    for child in ast.iter_child_nodes(node):
        if isinstance(node, ast.FormattedValue) and child is node.format_spec:
            continue
        # A type, or characters to be lost: a few more of them are hardly another set.
        if isinstance(node, ast.Call) and name in _FIRST_LEFT and child in node.args[:1]:
            continue
        if isinstance(child, ast.comprehension):
            yield child
            for part in (child.iter, *child.ifs):
                yield from _within(part)
        elif isinstance(child, ast.keyword):
            yield from _within(child.value)
        elif isinstance(child, ast.expr):
            yield from _within(child)


def _name(node: ast.expr) -> str:
    """Of what is called, or taken an element of."""
    inner = node.func if isinstance(node, ast.Call) else getattr(node, "value", None)
    if isinstance(node, ast.Call) and isinstance(inner, ast.Attribute):
        return inner.attr
    return inner.id if isinstance(node, ast.Call | ast.Subscript) and isinstance(inner, ast.Name) else ""


Change = tuple[str, Callable[[], None]]


def _of_statement(body: list[ast.stmt], number: int) -> Iterator[Change]:
    statement = body[number]
    if isinstance(statement, ast.Return) and statement.value and not _is_nothing(statement.value):
        yield "returns None", _put(statement, "value", ast.Constant(None))
    if isinstance(statement, ast.If | ast.While):
        yield "condition turned round", _put(statement, "test", _turned(statement.test))
    if isinstance(statement, ast.AugAssign) and type(statement.op) in _ARITHMETIC:
        yield "other arithmetic", _put(statement, "op", _ARITHMETIC[type(statement.op)]())
    if isinstance(statement, ast.Break):
        yield "break becomes continue", lambda: body.__setitem__(number, ast.Continue())
    if isinstance(statement, ast.Continue):
        yield "continue becomes break", lambda: body.__setitem__(number, ast.Break())
    if _is_call(statement) or isinstance(statement, ast.AugAssign | ast.Raise | ast.Delete):
        yield "left out", lambda: body.__setitem__(number, ast.Pass())


def _of_expression(node: ast.expr | ast.comprehension) -> Iterator[Change]:
    if isinstance(node, ast.comprehension):
        for number in range(len(node.ifs)):
            yield "condition turned round", _put_at(node.ifs, number, _turned(node.ifs[number]))
    elif isinstance(node, ast.IfExp):
        yield "condition turned round", _put(node, "test", _turned(node.test))
    elif isinstance(node, ast.Call):
        yield from _of_call(node)
    elif isinstance(node, ast.Constant):
        yield from _of_constant(node)
    else:
        yield from _of_sign(node)


def _of_sign(node: ast.expr) -> Iterator[Change]:
    if isinstance(node, ast.Compare):
        for number, sign in enumerate(node.ops):
            yield "other comparison", _put_at(node.ops, number, _COMPARISONS[type(sign)]())
    elif isinstance(node, ast.BoolOp):
        other = ast.Or() if isinstance(node.op, ast.And) else ast.And()
        yield "and, or exchanged", _put(node, "op", other)
    elif isinstance(node, ast.BinOp) and type(node.op) in _ARITHMETIC:
        yield "other arithmetic", _put(node, "op", _ARITHMETIC[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not left out", _put(node, "operand", _turned(node.operand))
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        yield "minus left out", _put(node, "op", ast.UAdd())


def _of_call(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id in _SWAPS:
        yield f"{_SWAPS[node.func.id]} instead", _put(node.func, "id", _SWAPS[node.func.id])
    elif isinstance(node.func, ast.Attribute) and node.func.attr in _SWAPS:
        yield f"{_SWAPS[node.func.attr]} instead", _put(node.func, "attr", _SWAPS[node.func.attr])


def _of_constant(node: ast.Constant) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield f"{not value} instead", _put(node, "value", not value)
    elif isinstance(value, int | float):
        yield f"{value + 1} instead", _put(node, "value", value + 1)
    elif isinstance(value, str) and not _SENTENCE.search(value):
        other = f"XX{value}XX" if value else "XXXX"
        yield "other words", _put(node, "value", other)
    elif isinstance(value, bytes):
        yield "other bytes", _put(node, "value", b"XX" + value + b"XX")


def _turned(test: ast.expr) -> ast.expr:
    return ast.copy_location(ast.UnaryOp(ast.Not(), test), test)


def _is_nothing(node: ast.expr) -> bool:
    """What whoever only looks whether there is something cannot tell from None."""
    return isinstance(node, ast.Constant) and not node.value


def _is_call(statement: ast.stmt) -> bool:
    """Or something else whose answer nobody takes. Without `super()` a function would be another kind of code."""
    if not isinstance(statement, ast.Expr) or isinstance(statement.value, ast.Constant):
        return False
    return "super()" not in ast.unparse(statement)


def _is_text(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _put(node: ast.AST, field: str, value: object) -> Callable[[], None]:
    return lambda: setattr(node, field, value)


def _put_at(nodes: MutableSequence[Node], number: int, value: Node) -> Callable[[], None]:
    return lambda: nodes.__setitem__(number, value)
