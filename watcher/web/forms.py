"""Reading what a form of ours sent: not too much of it, and not from a page of somebody else."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import HTTPException, Request
from starlette.exceptions import HTTPException as StarletteError
from starlette.formparsers import MultiPartException
from starlette.types import Message

LARGEST, MOST_FIELDS = 32_768, 400
NOT_KEPT = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
"""For pages that are somebody's own."""

Pairs = list[tuple[str, str]]


def refusal(status: int, key: str, **headers: str) -> HTTPException:
    """An error page that nobody keeps and that says the phrase `key`."""
    return HTTPException(status, key, {**NOT_KEPT, **headers})


async def form_of(request: Request, *, largest: int = LARGEST, most_fields: int = MOST_FIELDS) -> Pairs:
    """The fields in the order in which they were sent, files left out; none when they cannot be read.

    Raises 413 for more bytes than a form of ours can hold.
    """
    body = await _body(request, largest)

    async def again() -> Message:
        return {"type": "http.request", "body": body}

    try:
        form = await Request(request.scope, again).form(
            max_files=0, max_fields=most_fields, max_part_size=largest
        )
    except (StarletteError, MultiPartException):
        return []
    return [(name, value) for name, value in form.multi_items() if isinstance(value, str)]


def from_our_page(request: Request, base_url: str) -> None:
    """Raises 403 when the browser says that a page of another site sent this.

    Our pages tell no referrer, so that their forms have the origin ``null``; browsers that say more say
    where the request comes from in a header that no page can forge.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        trusted = site in {"same-origin", "none"}
    else:
        origin = request.headers.get("origin", "null")
        ours = {urlsplit(base_url).netloc, request.headers.get("host", "")} - {""}
        # Not taken apart as an address: a program may send anything, and not all of it can be.
        trusted = origin == "null" or origin.partition("://")[2] in ours
    if not trusted:
        raise refusal(403, "subscribe.foreign")


async def _body(request: Request, largest: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > largest:
            raise refusal(413, "subscribe.too_large")
    return bytes(body)
