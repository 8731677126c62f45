from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.fakes.alerts import StillClock
from tests.fakes.outgoing import PATIENT
from tests.fakes.receiver import Receiver, receiving
from watcher.post import HttpPoster

TRUSTING_NOBODY = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def clock() -> StillClock:
    return StillClock()


@pytest.fixture
def make(clock: StillClock) -> Iterator[Callable[..., HttpPoster]]:
    """Build a poster; it is closed in the end."""
    with ExitStack() as open_ones:

        def build(**options: object) -> HttpPoster:
            usual = {"allow_private": True, "user_agent": "VigiePrefectures/0.1", "tls": TRUSTING_NOBODY}
            poster = HttpPoster(clock, **{**usual, "limits": PATIENT, **options})  # type: ignore[arg-type]
            open_ones.callback(poster.close)
            return poster

        yield build


@pytest.fixture
def poster(make: Callable[..., HttpPoster]) -> HttpPoster:
    return make()
