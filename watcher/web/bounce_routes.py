"""Where another machine hands in what came back of our mails."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import APIRouter, HTTPException, Request, Response
from starlette.concurrency import run_in_threadpool

from watcher.core.ports import Clock

HEADER = "Vigie-Signature"
MOST = 1_000_000  # bytes of one mail
FRESH = timedelta(minutes=5)
_SIGNED = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Bounces:
    """Who takes in a mail, and the secret shared with those who hand them in."""

    take: Callable[[bytes], object]
    secret: bytes


def bounce_routes(take: Callable[[bytes], object], secret: bytes, clock: Clock) -> APIRouter:
    """``POST /bounces`` with a whole mail as its body, signed by whoever shares `secret`: see `signature`."""
    router = APIRouter()

    @router.post("/bounces")
    async def bounces(request: Request) -> Response:
        body = await _body(request)
        if not signed(request.headers.get(HEADER, ""), body, secret, clock.now()):
            raise HTTPException(401, "La signature n'est pas admise.")
        await run_in_threadpool(take, body)
        return Response(status_code=204, headers={"Cache-Control": "no-store"})

    return router


def signature(body: bytes, secret: bytes, now: datetime) -> str:
    """``t=1757488500,v1=HEX``: HMAC-SHA256 of the seconds since 1970, a dot, and the body."""
    time = int(now.timestamp())
    return f"t={time},v1={_mac(time, body, secret)}"


def signed(header: str, body: bytes, secret: bytes, now: datetime) -> bool:
    found = _SIGNED.fullmatch(header)
    if found is None:
        return False
    fresh = abs(now.timestamp() - int(found[1])) <= FRESH.total_seconds()
    return hmac.compare_digest(_mac(int(found[1]), body, secret), found[2]) and fresh


def _mac(time: int, body: bytes, secret: bytes) -> str:
    return hmac.new(secret, f"{time}.".encode("ascii") + body, hashlib.sha256).hexdigest()


async def _body(request: Request) -> bytes:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > MOST:
            raise HTTPException(413, "Ce message est trop long.")
        pieces.append(piece)
    return b"".join(pieces)
