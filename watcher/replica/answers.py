"""What the server sends back, and what faults make of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import formatdate
from enum import StrEnum
from http import HTTPStatus

from watcher.replica.limiter import BODY

_NEVER = "Mon, 26 Jul 1997 05:00:00 GMT"


class Delivery(StrEnum):
    """How an answer leaves."""

    WHOLE = "whole"
    SLOW = "slow"  # a few bytes at a time
    CUT = "cut"  # the connection ends before the announced length
    RESET = "reset"  # no answer at all


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer; an empty `type` sends no Content-Type."""

    status: int
    body: bytes = b""
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    delivery: Delivery = Delivery.WHOLE

    def head(self) -> bytes:
        """Status line and headers. The CMS forbids caching and dates every page with the request's time."""
        now = formatdate(usegmt=True)
        headers = {
            "Date": now,
            "Server": "Apache",
            "Expires": _NEVER,
            "Last-Modified": now,
            "Cache-Control": "no-cache, must-revalidate",
            "Pragma": "no-cache",
            "X-Powered-By": "eZ Publish",
            "Content-Language": "fr-FR",
            "Content-Type": self.type,
            "Content-Length": str(len(self.body)),
        }
        headers.update(self.headers)
        reason = HTTPStatus(self.status).phrase
        lines = [
            f"HTTP/1.1 {self.status} {reason}",
            *(f"{name}: {value}" for name, value in headers.items() if value),
        ]
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


RESET = Answer(0, delivery=Delivery.RESET)


def unavailable() -> Answer:
    """The 503 of the wall before the platform."""
    return Answer(503, BODY, "text/html", {"Last-Modified": "", "X-Powered-By": "", "Content-Language": ""})


def redirect(status: int, location: str, cookie: str = "") -> Answer:
    return Answer(status, b"", headers={"Location": location, "Set-Cookie": cookie})


def maintenance() -> Answer:
    return Answer(200, _MAINTENANCE.encode())


def refused_by_wall(number: int) -> Answer:
    """What an application firewall says, with status 200, to who looks like a robot."""
    return Answer(200, _WALL.format(number=number).encode(), "text/html")


def challenged() -> Answer:
    """The 403 of the content network before the regional sites."""
    return Answer(403, _CHALLENGE.encode(), headers={"Server": "cloudflare", "X-Powered-By": ""})


def truncated(answer: Answer, *, announced: bool) -> Answer:
    """Six tenths of the body; `announced` keeps the length of the whole, so that a client can tell."""
    cut = answer.body[: len(answer.body) * 6 // 10]
    if not announced:
        return replace(answer, body=cut)
    return replace(answer, delivery=Delivery.CUT, body=answer.body)


_MAINTENANCE = """<!DOCTYPE html>
<html lang="fr"><head><meta charset="utf-8"><title>Site en maintenance</title>
<style>body{font-family:Marianne,arial,sans-serif;margin:4rem auto;max-width:40rem}</style></head>
<body><h1>Site en maintenance</h1>
<p>Le site est actuellement en maintenance. Nous vous prions de nous excuser pour la gêne occasionnée.</p>
<p>Merci de renouveler votre visite ultérieurement.</p></body></html>
"""
_WALL = """<html><head><title>Request Rejected</title></head><body>The requested URL was rejected. \
Please consult with your administrator.<br><br>Your support ID is: {number:019d}<br><br>\
<a href='javascript:history.back();'>[Go Back]</a></body></html>"""
_CHALLENGE = """<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title>
<meta http-equiv="refresh" content="390"></head><body><noscript>Enable JavaScript and cookies</noscript>
<script>window._cf_chl_opt = {cvId: '3', cType: 'managed'};</script></body></html>"""
