"""Announcements in JSON Lines, as they are given to `vigie classify` and, labelled, to `vigie evaluate`."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from watcher.core.changes import ChangeKind
from watcher.core.errors import UserError
from watcher.core.mutes import UNRELATED
from watcher.core.verdict import Notice, PartialDate, Route, Verdict
from watcher.evaluate import Labelled
from watcher.review import Vouched

_PARTIAL = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)
_LISTS, _TEXTS = ("primary", "labels", "motifs"), ("channel_before", "channel_after")
_DATES = ("effective_from", "effective_to")
_LONGEST = 10 << 20  # characters of a line: no announcement is that long, a device may be endless


def lines(file: str) -> Iterator[tuple[int, str]]:
    """Lines that are not blank, with their numbers; ``-`` is the standard input. Raises `UserError`."""
    with ExitStack() as stack:
        if file == "-":
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
            text = sys.stdin
        else:
            try:
                text = stack.enter_context(Path(file).open(encoding="utf-8", errors="replace"))
            except OSError as error:
                raise UserError(f"{file} : lecture impossible ({error.strerror})") from error
        number = 0
        while line := text.readline(_LONGEST):
            number += 1
            if len(line) == _LONGEST:
                raise UserError(f"{file}:{number} : plus de {_LONGEST >> 20} Mio sans fin de ligne")
            if line.strip():
                yield number, line


def announcement(line: str) -> tuple[str, Notice]:
    """One line → its id and text. Raises `ValueError` with what is wrong."""
    return _announcement(_object(line))


def labelled(line: str) -> Labelled:
    """One line with its labels; those that it lacks are not scored. Raises `ValueError`."""
    given = _object(line)
    id_, notice = _announcement(given)
    for key in _LISTS:
        if not _is_list(given.get(key, [])):
            raise ValueError(f"{key} : une liste de textes est attendue")
    for key in (*_TEXTS, *_DATES):
        if not isinstance(given.get(key), str | None):
            raise ValueError(f"{key} : un texte est attendu")
    if not given.get("primary") or not given.get("labels"):
        raise ValueError("primary et labels sont attendus : les catégories acceptées en premier, et toutes")
    if not isinstance(given.get("is_change", False), bool):
        raise ValueError("is_change : true ou false est attendu")
    agreed = bool(given.get("effective_agreed", True))
    single = ("is_change", *_TEXTS, *(_DATES if agreed else ()))
    return Labelled(
        id=id_,
        notice=notice,
        primary=tuple(given["primary"]),
        categories=frozenset(given["labels"]),
        motifs=frozenset(given["motifs"]) if "motifs" in given else None,
        single={key: given[key] for key in single if key in given},
    )


def labelled_files(files: Sequence[str]) -> tuple[list[Labelled], list[str]]:
    """All labelled announcements of the files, and what is wrong with the lines that are none."""
    texts, faults = [], []
    for file in files:
        for number, line in lines(file):
            try:
                texts.append(labelled(line))
            except ValueError as error:
                faults.append(f"{file}:{number} : {error}")
    return texts, faults


def _object(line: str) -> Mapping[str, Any]:
    try:
        given: Any = json.loads(line)
        if "\\u" in line:  # may be half of a character, which nobody could write down
            given = json.loads(json.dumps(given, ensure_ascii=False).encode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"ce n'est pas du JSON ({error})") from error
    if not isinstance(given, dict):
        raise ValueError("un objet JSON est attendu")
    return given


def _announcement(given: Mapping[str, Any]) -> tuple[str, Notice]:
    for key in ("title", "body", "prefecture", "published", "before"):
        if not isinstance(given.get(key), str | None):
            raise ValueError(f"{key} : un texte est attendu")
    published, published_as = _published(given.get("published"))
    return str(given.get("id", "")), Notice(
        title=given.get("title") or "",
        body=given.get("body") or "",
        prefecture=given.get("prefecture"),
        published=published,
        published_as=published_as,
        before=given.get("before"),
    )


def exported(found: Iterable[Vouched]) -> tuple[list[Mapping[str, object]], int]:
    """What people vouched for, in the form that `labelled` reads, each text once; and how many are left out:
    of what was removed from its site nobody can say what it tells, and some are not kept whole.
    """
    rows: dict[tuple[str, str, str | None], Mapping[str, object]] = {}
    left_out = 0
    for one in found:
        notice = one.notice
        if notice is None or one.alert.kind is ChangeKind.WITHDRAWN:
            left_out += 1
        else:
            rows.setdefault((notice.title, notice.body, notice.before), _exported(one, notice))
    return list(rows.values()), left_out


def _exported(one: Vouched, notice: Notice) -> Mapping[str, object]:
    verdict = _NOISE if one.noise else one.alert.verdict
    published = notice.published.isoformat() if notice.published else notice.published_as
    row: dict[str, object] = {
        "id": one.alert.id,
        "prefecture": notice.prefecture,
        "published": published,
        "title": notice.title,
        "body": notice.body,
        "primary": list(verdict.categories[:1]),
        "labels": list(verdict.categories),
        "is_change": verdict.is_change,
        "effective_from": verdict.effective_from,
        "effective_agreed": True,
        "effective_to": verdict.effective_to,
        "motifs": list(verdict.motifs),
        "channel_before": verdict.channel_before,
        "channel_after": verdict.channel_after,
        "batch": f"desk-{one.on.year}",
    }
    return row if notice.before is None else {**row, "before": notice.before}


_NOISE = Verdict(categories=(UNRELATED,), is_change=False, confidence=1.0, route=Route.MUTE)


def _is_list(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _published(text: str | None) -> tuple[date | None, PartialDate | None]:
    """A whole day, or as much of one as is known."""
    if not text:
        return None, None
    if _PARTIAL.fullmatch(text):
        return None, PartialDate(text)
    try:
        return date.fromisoformat(text[:10]), None
    except ValueError:
        raise ValueError(f"published : date illisible « {text[:40]} »") from None
