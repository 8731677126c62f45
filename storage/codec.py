"""Values of the core as JSON and back, exactly.

Fields that a document lacks take their defaults and fields that a value no longer has are passed over,
so that rows written by an older version stay readable.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from types import NoneType, UnionType
from typing import Any, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")
Step = Callable[[Any], Any] | None
"""How one value turns into JSON's own types or back; `None` when it already is what is wanted."""

_PLAIN = (str, int, float, bool, NoneType)
_write = json.JSONEncoder(separators=(",", ":"), allow_nan=False, check_circular=False).encode


def dump(value: object, hint: Any) -> str:
    """`value`, which is a `hint`, as ASCII JSON. `ValueError` for a time without zone or a NaN."""
    step = _packer(hint)
    return _write(step(value) if step else value)


def load(document: str, hint: type[T]) -> T:
    """What `dump` was given. `ValueError` when the document is not a `hint`."""
    whole: Any = hint
    step = _unpacker(whole)
    plain = json.loads(document)
    try:
        value: T = plain if step is None else step(plain)
    except TypeError as error:
        raise ValueError(f"no {hint!r}") from error
    return value


@cache
def _packer(hint: Any) -> Step:
    hint = _bare(hint)
    if hint in _PLAIN:
        return None
    if is_dataclass(hint):
        return _field_packer(hint)
    if hint is datetime:
        return _pack_time
    if hint is date:
        return date.isoformat
    origin, inner = _parts(hint)
    if origin is tuple:
        return _sequence(list, _packer(inner))
    if origin is frozenset:
        step = _sequence(list, _packer(inner))
        return lambda value: step(sorted(value))
    if origin is Union:
        return _unless_none(_packer(inner))
    if issubclass(hint, Enum):
        return lambda value: value.value
    raise TypeError(f"no JSON for {hint!r}")


@cache
def _unpacker(hint: Any) -> Step:
    hint = _bare(hint)
    if hint in _PLAIN:
        return None
    if is_dataclass(hint):
        return _field_unpacker(hint)
    if hint in (datetime, date):
        step: Step = hint.fromisoformat
        return step
    origin, inner = _parts(hint)
    if origin in (tuple, frozenset):
        return _sequence(origin, _unpacker(inner))
    if origin is Union:
        return _unless_none(_unpacker(inner))
    if issubclass(hint, Enum):
        by_value: Step = hint
        return by_value
    raise TypeError(f"no value from JSON for {hint!r}")


def _bare(hint: Any) -> Any:
    return hint.__supertype__ if isinstance(hint, NewType) else hint


def _parts(hint: Any) -> tuple[Any, Any]:
    """(tuple, X) of `tuple[X, ...]`, (frozenset, X), (Union, X) of `X | None`, else (None, None)."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is tuple and len(args) == 2 and args[1] is Ellipsis:
        return tuple, args[0]
    if origin is frozenset:
        return frozenset, args[0]
    if origin in (Union, UnionType) and len(args) == 2 and args[1] is NoneType:
        return Union, args[0]
    if origin is not None:
        raise TypeError(f"no JSON for {hint!r}")
    return None, None


def _sequence(build: Callable[[Any], Any], step: Step) -> Callable[[Any], Any]:
    if step is None:
        return build
    return lambda values: build([step(value) for value in values])


def _unless_none(step: Step) -> Step:
    if step is None:
        return None
    return lambda value: None if value is None else step(value)


def _field_packer(kind: Any) -> Step:
    hints = get_type_hints(kind)
    plain = [f.name for f in fields(kind) if _packer(hints[f.name]) is None]
    packed = [(f.name, step) for f in fields(kind) if (step := _packer(hints[f.name]))]

    def pack(value: Any) -> dict[str, Any]:
        document = {name: getattr(value, name) for name in plain}
        for name, step in packed:
            document[name] = step(getattr(value, name))
        return document

    return pack


def _field_unpacker(kind: Any) -> Step:
    hints = get_type_hints(kind)
    known = [(f.name, _unpacker(hints[f.name])) for f in fields(kind)]

    def unpack(document: dict[str, Any]) -> Any:
        return kind(
            **{
                name: step(document[name]) if step else document[name]
                for name, step in known
                if name in document
            }
        )

    return unpack


def _pack_time(value: datetime) -> str:
    if value.tzinfo is None:
        raise ValueError(f"a time without zone: {value!r}")
    return value.astimezone(UTC).isoformat()
