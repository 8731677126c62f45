"""`weights.json`: what was learnt from labelled announcements, as a file that stays readable under git."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, takewhile
from pathlib import Path
from sys import intern

from watcher.core.errors import UserError
from watcher.reading.model import ROOM, Joint, Model, packed, unpacked

_AT_ONCE = 500  # features that are read together
_TABLES = ("text", "ground", "dates")
SHIPPED = Path(__file__).parent / "reading" / "weights.json"


def digest(files: Iterable[Path]) -> str:
    """SHA-256 of labelled announcements, by which weights say what they were learnt from."""
    total = hashlib.sha256()
    for file in sorted(files):
        total.update(file.read_bytes())
    return total.hexdigest()


@cache
def shipped() -> Model:
    """The weights that come with the program."""
    return load(SHIPPED)


def load(path: Path) -> Model:
    """Raises `UserError` where the file cannot be used."""
    try:
        with path.open(encoding="utf-8") as lines:
            return _model(lines)
    except OSError as error:
        raise UserError(f"{path} : lecture impossible ({error.strerror})") from error
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError) as error:
        raise UserError(f"{path} : ce ne sont pas des poids ; refaites-les par « vigie learn »") from error


def store(model: Model, path: Path) -> None:
    """Write one feature a line, in their order. Raises `UserError` where that is not possible."""
    parts = [f'"learnt_from": {json.dumps(model.learnt_from)}']
    parts += [f'"{name}": {_lines(getattr(model, name))}' for name in _TABLES]
    try:
        path.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
    except OSError as error:
        raise UserError(f"{path} : écriture impossible ({error.strerror})") from error


def _model(lines: Iterator[str]) -> Model:
    """By and by, as `store` writes it: read as one, it takes several times as much memory as it becomes."""
    learnt = json.loads(next(lines, "") + _whole([next(lines, "")]))["learnt_from"]
    tables = {name: _joint(name, lines) for name in _TABLES}
    if "".join(lines).strip() != "}":
        raise ValueError("no end")
    return Model(**tables, learnt_from=learnt)


def _joint(name: str, lines: Iterator[str]) -> Joint:
    given = json.loads("{" + next(lines, "") + "}}}")[name]
    questions = {question: tuple(outcomes) for question, outcomes in given["questions"].items()}
    bias = [float(value) for value in given["bias"]]
    if len(bias) != sum(map(len, questions.values())):
        raise ValueError("not one bias an outcome")
    rows: dict[str, int] = {}
    alike: dict[int, int] = {}  # one row of each kind: of `ground` thirty are the same
    sums = [0] * len(bias)  # of every column, whatever the sign
    for name, row in _features(lines):
        weights = _packed(row, sums)
        rows[intern(name)] = alike.setdefault(weights, weights)
    if max(sums, default=0) >= ROOM:
        raise ValueError("more than a packed row can add up")
    return Joint(questions, bias, rows)


def _features(lines: Iterator[str]) -> Iterator[tuple[str, list[int]]]:
    within = takewhile(lambda line: not line.startswith("}"), lines)
    while some := list(islice(within, _AT_ONCE)):
        yield from json.loads("{" + _whole(some)).items()


def _whole(members: Sequence[str]) -> str:
    """What is left of an object after its opening."""
    return "".join(members).rstrip(",\n") + "}"


def _packed(row: Sequence[int], sums: list[int]) -> int:
    columns, weights = row[::2], row[1::2]
    if not all(0 <= column < len(sums) for column in columns):
        raise ValueError("no such column")
    for column, weight in zip(columns, weights, strict=True):
        sums[column] += abs(weight)
    return packed(zip(columns, weights, strict=True))


def _lines(table: Joint) -> str:
    width = len(table.bias)
    rows = (
        f"{json.dumps(name, ensure_ascii=False)}:{_row(unpacked(row, width))}"
        for name, row in table.rows.items()
    )
    head = f'"questions": {json.dumps(table.questions)}, "bias": {json.dumps(table.bias)}'
    return f'{{{head}, "weights": {{\n' + ",\n".join(rows) + "\n}}"


def _row(weights: Sequence[int]) -> str:
    flat = [number for pair in enumerate(weights) if pair[1] for number in pair]
    return json.dumps(flat, separators=(",", ":"))
