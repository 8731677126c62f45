"""What commands set for the whole process, undone after each test: the stream they log to is gone by then."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import structlog


@pytest.fixture(autouse=True)
def _no_log_outlives_its_test() -> Iterator[None]:
    yield
    structlog.reset_defaults()
