"""What every route needs to know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import Request, Response

from watcher.core.catalogue import Catalogue
from watcher.core.labels import Vocabulary
from watcher.core.ports import Clock, Store
from watcher.web.answers import answer
from watcher.web.demo_view import DemoView
from watcher.web.templating import Templates

Health = Callable[[], Sequence[str]]
"""Why the process is not ready to serve, one line each; empty when it is."""

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Site:
    store: Store
    catalogue: Catalogue
    vocabulary: Vocabulary
    base_url: str  # without a slash at the end
    clock: Clock
    health: Health
    templates: Templates
    demo: DemoView | None = None

    def page(self, request: Request, template: str, *, status: int = 200, **values: object) -> Response:
        """An HTML page; whole pages change too often to be kept without asking again."""
        body = self.templates.render(template, demo=self.demo, **values)
        return answer(request, body, HTML, cache="no-cache", status=status)


def root_path(base_url: str) -> str:
    """``""``, or the path under which a proxy shows the site."""
    return urlsplit(base_url).path.rstrip("/")
