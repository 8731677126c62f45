"""Texts that a pattern of its own accord repeats: what stands below each of its repetitions, many times."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from typing import Any

with warnings.catch_warnings():  # what a pattern consists of is told by no public part of Python
    warnings.simplefilter("ignore")
    from re import _constants as sre  # type: ignore[attr-defined]
    from re import _parser  # type: ignore[attr-defined]

_REPEATS = {sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT}
_OF_CATEGORY = {
    sre.CATEGORY_DIGIT: "1", sre.CATEGORY_SPACE: " ", sre.CATEGORY_WORD: "a", sre.CATEGORY_NOT_DIGIT: "a",
    sre.CATEGORY_NOT_SPACE: "a", sre.CATEGORY_NOT_WORD: "-",
}  # fmt: skip
_MANY = 4  # alternatives of a choice that are tried, and times that what repeats is repeated within another


def pumps(pattern: re.Pattern[Any]) -> list[str]:
    """One for each repetition without an end, and for each of its first alternatives."""
    text = pattern.pattern if isinstance(pattern.pattern, str) else pattern.pattern.decode("latin-1")
    return [*dict.fromkeys(pump for pump in _below(_parser.parse(text, pattern.flags)) if pump)]


def _below(parsed: Any) -> Iterator[str]:
    for operation, argument in parsed:
        if operation in _REPEATS:
            _, most, inner = argument
            if most > _MANY:
                yield from _samples(inner)
            yield from _below(inner)
        elif operation is sre.BRANCH:
            for branch in argument[1]:
                yield from _below(branch)
        elif operation is sre.SUBPATTERN:
            yield from _below(argument[-1])
        elif operation in {sre.ASSERT, sre.ASSERT_NOT}:
            yield from _below(argument[1])
        elif operation is sre.ATOMIC_GROUP:
            yield from _below(argument)


def _samples(parsed: Any) -> Iterator[str]:
    """Texts that such a part may stand for, with each of its first choices once."""
    for choice in range(_MANY):
        yield "".join(_sample(operation, argument, choice) for operation, argument in parsed)


def _sample(operation: Any, argument: Any, choice: int) -> str:
    if operation is sre.LITERAL:
        return chr(argument)
    if operation is sre.NOT_LITERAL:
        return "a" if argument != ord("a") else "b"
    if operation is sre.ANY:
        return "a"
    if operation is sre.IN:
        return _member(argument, choice)
    if operation in _REPEATS:
        least, most, inner = argument
        times = least or int(most > 0 and choice % 2 == 0)
        return next(iter(_samples(inner))) * min(times, _MANY)
    if operation is sre.BRANCH:
        branches = argument[1]
        return "".join(_sample(told, of, choice) for told, of in branches[choice % len(branches)])
    if operation is sre.SUBPATTERN:
        return "".join(_sample(told, of, choice) for told, of in argument[-1])
    return (
        "".join(_sample(told, of, choice) for told, of in argument) if operation is sre.ATOMIC_GROUP else ""
    )


def _member(members: Any, choice: int) -> str:
    refused = members[0][0] is sre.NEGATE
    found = [_one(*member) for member in members if member[0] is not sre.NEGATE]
    if not refused:
        return found[choice % len(found)]
    return next((char for char in "a1 -.x" if char not in found), "é")


def _one(operation: Any, argument: Any) -> str:
    if operation is sre.RANGE:
        return chr(argument[0])
    return _OF_CATEGORY.get(argument, "a") if operation is sre.CATEGORY else chr(argument)
