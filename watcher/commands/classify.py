"""`vigie classify`: announcements in, facts and categories out, a JSON object a line."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date
from pathlib import Path
from typing import Any

from watcher.bootstrap import french_reader
from watcher.core.errors import UserError
from watcher.core.verdict import Notice, PartialDate
from watcher.settings import Settings

_PARTIAL = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2]))?", re.ASCII)


def run(settings: Settings, options: argparse.Namespace) -> int:
    from watcher.reading.present import verdict_json

    reader = french_reader(settings.rules)
    failed = False
    for number, line in enumerate(_lines(options.jsonl), 1):
        if not line.strip():
            continue
        try:
            id_, notice = _notice(line)
        except ValueError as error:
            print(f"vigie : {options.jsonl}:{number} : {error}", file=sys.stderr)
            failed = True
            continue
        print(json.dumps(verdict_json(id_, reader.read(notice)), ensure_ascii=False))
    return 1 if failed else 0


def _lines(file: str) -> Iterator[str]:
    with ExitStack() as stack:
        if file == "-":
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # type: ignore[union-attr]
            yield from sys.stdin
            return
        try:
            yield from stack.enter_context(Path(file).open(encoding="utf-8", errors="replace"))
        except OSError as error:
            raise UserError(f"{file} : lecture impossible ({error.strerror})") from error


def _notice(line: str) -> tuple[str, Notice]:
    """One line → its id and text. Raises `ValueError` with what is wrong."""
    try:
        given: Any = json.loads(line)
    except ValueError as error:
        raise ValueError(f"ce n'est pas du JSON ({error})") from error
    if not isinstance(given, dict):
        raise ValueError("un objet JSON est attendu")
    for key in ("title", "body", "prefecture", "published"):
        if not isinstance(given.get(key), str | None):
            raise ValueError(f"{key} : un texte est attendu")
    published, published_as = _published(given.get("published"))
    return str(given.get("id", "")), Notice(
        title=given.get("title") or "",
        body=given.get("body") or "",
        prefecture=given.get("prefecture"),
        published=published,
        published_as=published_as,
    )


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
