"""docs/performance.md: a chapter for each program, which can be made anew alone."""

from __future__ import annotations

import os
import platform
import re
import shlex
import sqlite3
import time
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path

from bench.figures import Chapter, as_markdown
from bench.plot import described, drawn

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
HEAD = """\
# What it costs

Made by `./run.sh bench`; `./run.sh bench NAME --write` makes one chapter anew, so each says when and on what it was
measured. Everything runs on one machine, servers and load included, over loopback. *ours* is the program as it is
shipped; peers and the floor were measured in the same run, on the same pages. `--long` takes the largest sizes.
"""


def write(name: str, chapter: Chapter, seconds: float, order: Sequence[str], options: Sequence[str]) -> None:
    """Put this chapter in its place; the others stay as they are. `options`: with which it was made."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    made = f"`{shlex.join(['./run.sh', 'bench', name, *options])}`: {_made(seconds)}"
    PAGE.write_text(renewed(text, name, told(name, chapter, made), order), encoding="utf-8")
    for number, plot in enumerate(chapter.plots, 1):
        picture = PAGE.parent / _picture(name, number)
        picture.parent.mkdir(exist_ok=True)
        picture.write_text(drawn(plot), encoding="utf-8")


def renewed(page: str, name: str, chapter: str, order: Sequence[str]) -> str:
    """The page with this chapter in its place; chapters that `order` does not name any more are dropped."""
    _, *parts = re.split(r"<!-- bench: (\w+) -->\n", page)
    chapters = {one: f"{body.rstrip()}\n" for one, body in zip(parts[::2], parts[1::2], strict=True)}
    chapters[name] = chapter
    known = (f"<!-- bench: {one} -->\n{chapters[one]}" for one in order if one in chapters)
    return "\n".join([HEAD, *known])


def told(name: str, chapter: Chapter, made: str) -> str:
    """A chapter as the page has it; `made` says how, when and on what."""
    pictures = (
        f"![{described(plot)}]({_picture(name, number)})\n" for number, plot in enumerate(chapter.plots, 1)
    )
    head, table = f"## {chapter.title}\n\n{chapter.how}\n", f"{as_markdown(chapter)}\n"
    return "\n".join([head, table, *pictures, f"*{made}*\n"])


def _picture(name: str, number: int) -> str:
    return f"performance/{name}-{number}.svg"


def _made(seconds: float) -> str:
    packages = ("httpx", "sqlalchemy", "lxml", "uvicorn")
    versions = ", ".join(f"{package} {metadata.version(package)}" for package in packages)
    cores = len(os.sched_getaffinity(0))
    return (
        f"made on {time.strftime('%Y-%m-%d')} in {seconds:.0f} s, {cores} cores ({platform.machine()}), "
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {versions}."
    )
