"""One bad text among good ones: feeds, tables and logs must carry the others all the same."""

from __future__ import annotations

import csv
import io
import json

import feedparser

from notifiers.render.feeds import Format, render
from prove.attack.battery import LINES, TEXTS
from prove.report import Figure
from tests.fakes.alerts import BASE, VOCABULARY, alert, poisoned
from watcher import logs
from watcher.core.feed import FeedQuery, build
from watcher.web.rules_sheet import COLUMNS, as_csv

POISON = ("\x00", "\x0b\x0c", "\x1b[2J", "\x85", "\ud800", "\u2028", "\ufffe", "\U0001ffff", "\ufdd0", "]]>",
"<![CDATA[",
          "&#0;", "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>&a;", "\u202e", "é" * 50_000,
          "x" * 1_000_000)  # fmt: skip
FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "=cmd|' /C calc'!A0",
    " =1",
    "＝1+1",
    '"=1',
    "\u200b=1",
)
SIZE = 100


def attack(*, long: bool) -> list[Figure]:
    places = range(SIZE) if long else (50,)
    lost = [
        (ascii(text)[:30], place) for text in POISON for place in places if not _others_are_there(text, place)
    ]
    run = [text for text in FORMULAS if _runs(text)]
    torn = [text for text in (*TEXTS, *LINES, *POISON[:-2]) if not _one_line(text)]
    return [
        Figure(f"feeds of {SIZE} that lose one for 1 bad text of {len(POISON)} at {len(places)} places, 3 formats",
               f"{len(lost)} {lost[:2] or ''}".strip(), "0", kept=not lost),
        Figure(f"of {len(FORMULAS)} formulas, those that a spreadsheet would run",
        f"{len(run)} {run or ''}".strip(), "0",
               kept=not run),
        Figure("texts that a line of the log does not hold as one JSON object",
        f"{len(torn)} {ascii(torn[:1]) if torn else ''}".strip(),
               "0", kept=not torn),
    ]  # fmt: skip


def _others_are_there(text: str, place: int) -> bool:
    alerts = [alert(n) if n != place else poisoned(n, text) for n in range(SIZE)]
    feed = build(FeedQuery(), alerts, VOCABULARY, BASE)
    items = json.loads(render(feed, Format.JSON))["items"]
    good = (
        {entry.id for entry in feed.entries} if hasattr(feed, "entries") else {item["id"] for item in items}
    )
    told = [{item["id"] for item in items}]
    for form in (Format.ATOM, Format.RSS):
        read = feedparser.parse(render(feed, form))
        told.append(set() if read.bozo else {entry.id for entry in read.entries})
    return all(len(ids) == SIZE and ids == good for ids in told)


def _runs(text: str) -> bool:
    """In any cell, as programs read it that trim blanks."""
    document = as_csv([dict.fromkeys(COLUMNS, text)]).decode("utf-8-sig")
    row = next(csv.DictReader(io.StringIO(document, newline="")))
    return any(cell.startswith(tuple("=+-@\t\r\n＝＋－＠")) for cell in row.values())


def _one_line(text: str) -> bool:
    line = logs.as_line({"event": text, text: text, "error": ValueError(text)})
    return len(line.splitlines()) == 1 and json.loads(line)["event"] == text
