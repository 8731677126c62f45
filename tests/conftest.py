"""What commands set for the whole process, undone after each test: the stream they log to is gone by then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog
from structlog.dev import ConsoleRenderer, plain_traceback


@pytest.fixture(autouse=True)
def _no_log_outlives_its_test() -> Iterator[None]:
    structlog.reset_defaults()
    *before, _ = structlog.get_config()["processors"]
    # The usual one frames a traceback with all of its values, which takes seconds.
    structlog.configure(processors=[*before, ConsoleRenderer(exception_formatter=plain_traceback)])
    yield
    structlog.reset_defaults()
