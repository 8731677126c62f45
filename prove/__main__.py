"""`./run.sh prove [--long] [--seed N] [--write] [CHAPTER…]`: exit 1 when a promise is broken.

`--write` puts what the chapters came to into docs/reliability.md, where the others stay as they were made.
"""

from __future__ import annotations

import argparse
import platform
import sqlite3
import sys
import time
import traceback
from importlib import import_module, metadata
from pathlib import Path

from prove.report import Chapter, as_markdown, as_text, renewed

CHAPTERS = (
    "crash",
    "ends",
    "lives",
    "pages",
    "peers",
    "storage",
    "calendar",
    "silence",
    "attack",
    "visitors",
    "among",
    "mutants",
)
REPORT = Path(__file__).resolve().parents[1] / "docs" / "reliability.md"


def main() -> int:
    options = _options()
    broken = []
    for name in options.chapters or CHAPTERS:
        begun = time.monotonic()
        try:
            chapter: Chapter = import_module(f"prove.{name}").prove(long=options.long, seed=options.seed)
        except Exception:  # a proof that stumbles keeps nothing, and the night's others go on
            traceback.print_exc()
            broken.append(name)
            continue
        seconds = time.monotonic() - begun
        print(f"{as_text(chapter)}\n  {seconds:.0f} s", flush=True)
        if options.write:
            _write(name, as_markdown(chapter, _made(options, seconds)))
        if not chapter.kept:
            broken.append(chapter.title)
    for title in broken:
        print(f"prove: broken: {title}", file=sys.stderr)
    return 1 if broken else 0


def _write(name: str, chapter: str) -> None:
    report = REPORT.read_text(encoding="utf-8")
    REPORT.write_text(renewed(report, {name: chapter}, CHAPTERS), encoding="utf-8")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="prove", description=__doc__)
    parser.add_argument("chapters", metavar="CHAPTER", nargs="*", choices=[*CHAPTERS, []])
    parser.add_argument("--long", action="store_true", help="as thoroughly as a night allows")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true", help="write docs/reliability.md")
    return parser.parse_args()


def _made(options: argparse.Namespace, seconds: float) -> str:
    with_ = ", ".join(f"{name} {version}" for name, version in _versions().items())
    form = "long" if options.long else "short"
    return (
        f"The {form} form, seed {options.seed}, {time.strftime('%Y-%m-%d')}, {seconds:.0f} s, with {with_}."
    )


def _versions() -> dict[str, str]:
    return {
        "Python": platform.python_version(),
        "SQLite": sqlite3.sqlite_version,
        "SQLAlchemy": metadata.version("sqlalchemy"),
        "httpx": metadata.version("httpx"),
    }


if __name__ == "__main__":
    sys.exit(main())
