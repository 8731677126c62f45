"""Workers that are waited for at the end: none is missed, and none begins when nobody waits any more."""

from __future__ import annotations

from threading import Event, Thread
from time import monotonic

from watcher.postroom import Workers

SOON, LATE = 0.1, 10.0  # seconds


def test_a_worker_that_is_just_being_started_is_waited_for() -> None:
    made, starting, go, done = Event(), Event(), Event(), Event()

    def time() -> float:
        """Asked between the decision to start a worker and its start."""
        if made.is_set():
            starting.set()
            go.wait(LATE)
        return 0.0

    workers = Workers("test", time)
    made.set()
    tick = Thread(target=workers.start, args=("mail", done.set))
    tick.start()
    assert starting.wait(LATE)
    Thread(target=lambda: go.wait(SOON) or go.set()).start()

    workers.drain(monotonic() + LATE)

    assert done.is_set()
    tick.join()


def test_nothing_is_begun_when_the_process_ends() -> None:
    """A tick may have been under way when it was asked to end; its mail would be cut off halfway."""
    workers, begun = Workers("test"), Event()
    workers.drain(monotonic())

    workers.start("mail", begun.set)

    workers.drain(monotonic() + LATE)
    assert not begun.wait(SOON)
