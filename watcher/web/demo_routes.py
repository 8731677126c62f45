"""The demonstration's page: a simulated week, and alerts as they arrive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter, Request, Response

from watcher.core.coverage import Coverage
from watcher.web.demo_view import DemoEvent, DemoView
from watcher.web.page_routes import current, latest
from watcher.web.policy import LIVE
from watcher.web.site import Site
from watcher.web.tongues import Tongue
from watcher.web.views import AlertView

BOTH = ["GET", "HEAD"]
SHOWN_ALERTS, SHOWN_EVENTS = 100, 12


@dataclass(frozen=True, slots=True)
class Live:
    """One moment of the demonstration; events are newest first."""

    silent: bool
    step: int
    steps: int
    time: datetime
    events: tuple[DemoEvent, ...]
    alerts: tuple[AlertView, ...]
    coverage: Coverage

    @property
    def finished(self) -> bool:
        return self.step >= self.steps


def demo_routes(site: Site, view: DemoView) -> APIRouter:
    router = APIRouter()

    @router.api_route("/demo", methods=BOTH)
    def demo(request: Request) -> Response:
        return site.page(request, "demo.html", headers=LIVE, live=_live(site, view, site.tongue(request)))

    @router.api_route("/demo/live", methods=BOTH)
    def live(request: Request) -> Response:
        return site.page(request, "demo_live.html", live=_live(site, view, site.tongue(request)))

    return router


def _live(site: Site, view: DemoView, tongue: Tongue) -> Live:
    return Live(
        silent=view.silent,
        step=view.step,
        steps=view.steps,
        time=view.time,
        events=tuple(view.events)[-SHOWN_EVENTS:][::-1],
        alerts=tuple(latest(site, tongue, limit=SHOWN_ALERTS)),
        coverage=current(site),
    )
