"""What other work of the machine spoils once is measured once more; what is really slow, or wrong, stays so."""

from __future__ import annotations

from collections.abc import Callable

from prove.gauge import Timed, once_more
from prove.report import Figure


def _measured(*times: list[Figure]) -> tuple[Callable[[], list[Figure]], list[list[Figure]]]:
    left = list(times)
    return lambda: left.pop(0), left


def test_what_is_as_promised_is_measured_once() -> None:
    measure, left = _measured([Timed("longest", "1 s", "2 s")], [])

    assert [one.kept for one in once_more(measure)] == [True]
    assert len(left) == 1


def test_noise_once_is_no_broken_promise_and_is_told() -> None:
    measure, _ = _measured([Timed("longest", "9 s", "2 s", kept=False)], [Timed("longest", "1 s", "2 s")])

    (figure,) = once_more(measure)
    assert figure.kept
    assert figure.value == "1 s; at first 9 s"


def test_what_is_slow_both_times_is_broken() -> None:
    slow = Timed("longest", "9 s", "2 s", kept=False)
    measure, _ = _measured([slow], [slow])

    assert not once_more(measure)[0].kept


def test_what_is_lost_is_not_found_by_measuring_again() -> None:
    slow = Timed("longest", "9 s", "2 s", kept=False)
    measure, _ = _measured(
        [Figure("lost", "1", "0", kept=False), slow],
        [Figure("lost", "0", "0"), Timed("longest", "1 s", "2 s")],
    )

    lost, longest = once_more(measure)
    assert (lost.kept, lost.value) == (False, "1")
    assert longest.kept
