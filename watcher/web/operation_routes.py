"""What machines ask: is it alive, is it ready, how does it fare, what may be crawled."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from fastapi.responses import PlainTextResponse

from watcher.web.answers import answer
from watcher.web.metrics import measure
from watcher.web.site import Site

BOTH = ["GET", "HEAD"]
NOT_KEPT = {"Cache-Control": "no-store"}
ROBOTS = "User-agent: *\nDisallow: /demo\nDisallow: /desk\nDisallow: /metrics\nDisallow: /healthz\nDisallow: /readyz\n"


def operation_routes(site: Site) -> APIRouter:
    router = APIRouter()

    @router.api_route("/healthz", methods=BOTH)
    async def alive() -> Response:
        """Asks nothing of anybody: an answer is the proof. On the event loop, so that it is one of it."""
        return PlainTextResponse("ok\n", headers=NOT_KEPT)

    @router.api_route("/readyz", methods=BOTH)
    def ready() -> Response:
        reasons = _reasons(site)
        if reasons:
            return PlainTextResponse("".join(f"{reason}\n" for reason in reasons), 503, NOT_KEPT)
        return PlainTextResponse("prêt\n", headers=NOT_KEPT)

    @router.api_route("/metrics", methods=BOTH)
    def metrics() -> Response:
        body, media_type = measure(site)
        return Response(body, headers={**NOT_KEPT, "Content-Type": media_type})

    @router.api_route("/robots.txt", methods=BOTH)
    def robots(request: Request) -> Response:
        return answer(request, ROBOTS.encode(), "text/plain; charset=utf-8", cache="public, max-age=86400")

    @router.api_route("/favicon.ico", methods=BOTH)
    async def favicon() -> Response:
        return Response(status_code=204, headers={"Cache-Control": "public, max-age=86400"})

    return router


def _reasons(site: Site) -> list[str]:
    """A probe that cannot be run is itself a reason not to be ready."""
    try:
        return list(site.health())
    except Exception as error:
        return [f"la vérification a échoué : {type(error).__name__}"]
