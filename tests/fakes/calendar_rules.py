"""What RFC 5545 and RFC 7986 ask of a calendar to subscribe to, as a list of violations."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime
from urllib.parse import urlsplit

_LINE = re.compile(r"[A-Z][A-Z0-9-]*(;[A-Z-]+=[A-Za-z0-9-]+)*:.*")
_WILD = re.compile(r"(?<!\\)(?:\\\\)*\\(?![\\;,nN])|(?<!\\)[;,]")
_TEXTS = {"SUMMARY", "DESCRIPTION", "NAME", "X-WR-CALNAME", "X-WR-CALDESC", "UID"}
_ONCE = {
    "UID",
    "DTSTAMP",
    "DTSTART",
    "DTEND",
    "SUMMARY",
    "DESCRIPTION",
    "STATUS",
    "SEQUENCE",
    "LAST-MODIFIED",
}
_CALENDAR = {"PRODID", "VERSION", "X-WR-CALNAME", "REFRESH-INTERVAL;VALUE=DURATION", "X-PUBLISHED-TTL"}


def calendar_errors(document: bytes, address: str) -> list[str]:
    """Violations in a document that was served at `address`; the lines are read here, by no library."""
    return list(_errors(document, address))


def unfolded(document: bytes) -> list[str]:
    return document.decode("utf-8").replace("\r\n ", "").split("\r\n")[:-1]


def _errors(document: bytes, address: str) -> Iterator[str]:
    yield from _physical(document)
    lines = unfolded(document)
    if [*lines[:1], *lines[-1:]] != ["BEGIN:VCALENDAR", "END:VCALENDAR"]:
        yield "no calendar"
        return
    for line in lines:
        name, _, value = line.partition(":")
        if not _LINE.fullmatch(line):
            yield f"no content line: {line[:60]!r}"
        elif name in _TEXTS and _WILD.search(value):
            yield f"unescaped: {line[:60]!r}"
    start = next((n for n, line in enumerate(lines) if n and line.startswith("BEGIN:")), None)
    if start is None:
        yield "no component"
        return
    head = dict(line.split(":", 1) for line in lines[1:start])
    yield from (f"no {name}" for name in sorted(_CALENDAR - head.keys()))
    if head.get("SOURCE;VALUE=URI") != address:
        yield f"source is {head.get('SOURCE;VALUE=URI')}"
    if "METHOD" in head:
        yield "a method"
    yield from _events("\n".join(lines))


def _physical(document: bytes) -> Iterator[str]:
    if not document.endswith(b"\r\n"):
        yield "no line break at the end"
    for line in document.split(b"\r\n"):
        if len(line) > 75:
            yield f"{len(line)} octets in a line"
        if any((octet < 32 and octet != 9) or octet == 127 for octet in line):
            yield f"control character in {line!r}"
        line.decode("utf-8")


def _events(text: str) -> Iterator[str]:
    events = re.findall(r"^BEGIN:VEVENT$(.*?)^END:VEVENT$", text, re.MULTILINE | re.DOTALL)
    uids: Counter[str] = Counter()
    for event in events:
        pairs = [line.split(":", 1) for line in event.strip().split("\n")]
        names = Counter(name.partition(";")[0] for name, _ in pairs)
        values = {name.partition(";")[0]: value for name, value in pairs}
        yield from (f"{names[name]} {name}" for name in sorted(_ONCE) if names[name] != 1)
        if _ONCE - names.keys():
            continue
        uids[values["UID"]] += 1
        if not _day(values["DTSTART"]) < _day(values["DTEND"]):
            yield "ends before it begins"
        for name in ("DTSTAMP", "LAST-MODIFIED"):
            datetime.strptime(values[name], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007
        if not values["SEQUENCE"].isdigit() or int(values["SEQUENCE"]) > 2**31 - 1:
            yield f"sequence {values['SEQUENCE']}"
        if values["STATUS"] not in {"CONFIRMED", "TENTATIVE", "CANCELLED"}:
            yield f"status {values['STATUS']}"
        if "URL" in values and urlsplit(values["URL"]).scheme not in {"http", "https"}:
            yield f"link to {values['URL']}"
    yield from (f"uid twice: {uid}" for uid, times in uids.items() if times > 1)


def _day(text: str) -> date:
    return datetime.strptime(text, "%Y%m%d").date()  # noqa: DTZ007
