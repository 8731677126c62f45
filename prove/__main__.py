"""`./run.sh prove [--long] [--seed N] [--write] [CHAPTER…]`: exit 1 when a promise is broken.

`--write` puts what the whole run came to into docs/reliability.md.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import sys
import time
from importlib import import_module, metadata
from pathlib import Path

from prove.report import Chapter, as_markdown, as_text

CHAPTERS = ("crash", "pages", "peers", "storage", "calendar", "silence", "attack")
REPORT = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"


def main() -> int:
    options = _options()
    found = []
    for name in options.chapters or CHAPTERS:
        begun = time.monotonic()
        chapter: Chapter = import_module(f"prove.{name}").prove(long=options.long, seed=options.seed)
        print(f"{as_text(chapter)}\n  {time.monotonic() - begun:.0f} s", flush=True)
        found.append(chapter)
    if options.write:
        REPORT.write_text(_report(found, options), encoding="utf-8")
    broken = [chapter.title for chapter in found if not chapter.kept]
    for title in broken:
        print(f"prove: broken: {title}", file=sys.stderr)
    return 1 if broken else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prove", description=__doc__)
    parser.add_argument("chapters", metavar="CHAPTER", nargs="*", choices=[*CHAPTERS, []])
    parser.add_argument("--long", action="store_true", help="as thoroughly as a night allows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    return parser.parse_args()


def _report(chapters: list[Chapter], options: argparse.Namespace) -> str:
    python, sqlite = platform.python_version(), sqlite3.sqlite_version
    with_ = f"Python {python}, SQLite {sqlite}, SQLAlchemy {metadata.version('sqlalchemy')}"
    head = [
        "# How it holds",
        "",
        f"Made by `./run.sh prove{' --long' if options.long else ''} --write` (seed {options.seed}) on "
        f"{time.strftime('%Y-%m-%d')} with {with_}. What is promised about delivery, and what is only at least once, "
        "stands in [telling.md](telling.md).",
        "",
    ]
    return "\n".join([*head, *(as_markdown(chapter) for chapter in chapters)])


if __name__ == "__main__":
    sys.exit(main())
