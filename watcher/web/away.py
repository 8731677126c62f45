"""What is answered while the database is away: come again, and keep what you have."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import structlog
from fastapi import FastAPI, Request, Response

from watcher.core.errors import StoreAwayError

AGAIN = 60  # seconds
Page = Callable[[Request, Mapping[str, str]], Response]
"""The answer, with these headers."""


def answer_away(app: FastAPI, page: Page) -> None:
    """503 and when to come again. Programs that read feeds, and caches, go on with what they had; so they would not
    with an error of ours.
    """

    @app.exception_handler(StoreAwayError)
    def away(request: Request, error: StoreAwayError) -> Response:
        # Addresses of pages are not told: some are letters' links, which are good for whoever reads them.
        log = structlog.get_logger("vigie")
        log.error("database_away", error=str(error), exc_info=error if error.permanent else None)
        return page(request, {"Retry-After": str(AGAIN)})
