"""Whatever stops is raised: a page, a part of the watch, the watch itself, the way of a message."""

from __future__ import annotations

from datetime import timedelta

from prove.report import Chapter, Figure
from prove.silence import itself, rhythm, told, ways
from prove.silence.letters import letters

HOW = (
    "One page of four stops in each of twelve ways while real polls go on; a hundred and one pages with rhythms of "
    "their own, holidays included, are watched for a month and then stop; parts of a running watch are halted; "
    "what was promised to subscribers is taken away behind the outbox's back; news of a page of our own are sent "
    "the whole way, also with what they need broken; maintainers are written to while problems come and go."
)
HARD = timedelta(hours=2)  # two periods of an hourly page
DAILY = timedelta(hours=24)  # and one plain question a day, where a server answers 304 to everything else
SPREAD = timedelta(minutes=20)  # of due times, and of our own looks


def prove(*, long: bool, seed: int) -> Chapter:
    figures = [
        *_ways([ways.stop_in(way) for way in ways.WAYS]),
        *_rhythms(seed, months=12 if long else 1),
        *itself.figures(),
        *told.figures(seed, rounds=40 if long else 6),
        *letters(30 if long else 2, seed),
    ]
    return Chapter("Silence", HOW, tuple(figures))


def _ways(stopped: list[ways.Stopped]) -> list[Figure]:
    lies, *hard = stopped
    raised = [one for one in hard if one.after is not None and one.after <= HARD + SPREAD and one.polls <= 2]
    slowest = max((one.after or timedelta.max, one.way) for one in hard)
    said = lies.after is not None and lies.after <= DAILY + HARD + SPREAD
    often = [f"{one.way}: {one.raised}" for one in stopped if one.raised != 1]
    open_ = [one.way for one in stopped if not one.closed]
    others = [f"{one.way}: {what}" for one in stopped for what in one.others]
    return [
        Figure(
            "ways to stop that were raised in time",
            f"{len(raised)} of {len(hard)}, the slowest after {_hours(slowest[0])} ({slowest[1]})",
            "all, within two polls",
            len(raised) == len(hard),
        ),
        Figure("a server that answers 304 to everything", f"raised after {_hours(lies.after)}", "26 h", said),
        Figure("raised other than once", _all(often), "0", not often),
        Figure("not closed by itself once healed", _all(open_), "0", not open_),
        Figure("said of pages that were well meanwhile", _all(others), "0", not others),
    ]


def _rhythms(seed: int, months: int) -> list[Figure]:
    every = timedelta(hours=6 if months == 1 else 24)
    found = [
        (until, rhythm.healthy(seed + turn, until, every))
        for turn in range(months)
        for until in (rhythm.PLAIN_MONTH, rhythm.CALM_MONTH)
    ]
    false = [f"{name} after {_days(span)} in {until:%B}" for until, met in found for name, span in met.raised]
    stops = rhythm.stopped(seed, rhythm.PLAIN_MONTH)
    middle = sorted(stops.silences)[len(stops.silences) // 2]
    may = 0 if months == 1 else 2
    return [
        Figure(
            "months of 101 pages that are well",
            f"{len(found)}, looked at {sum(m.looks for _, m in found)} times",
            "",
        ),
        Figure("false alarms", _all(false), f"{may} at most" if may else "0", len(false) <= may),
        Figure(
            "pages whose silence was raised, of those with a rhythm",
            f"{len(stops.silences)} of {found[0][1].learnt}, half of them within {_days(middle)}",
            "all",
            len(stops.silences) >= found[0][1].learnt,
        ),
        Figure("raised before their own time, or more than once", f"{stops.wrong}", "0", not stops.wrong),
        Figure(
            "raised later than that",
            f"by {_hours(max(stops.late))} at most",
            "one look",
            max(stops.late) <= rhythm.LOOK,
        ),
    ]


def _all(found: list[str]) -> str:
    return f"{len(found)}: {', '.join(found[:4])}" if found else "0"


def _hours(span: timedelta | None) -> str:
    return "never" if span is None else f"{span.total_seconds() / 3600:.1f} h"


def _days(span: timedelta) -> str:
    return f"{span.total_seconds() / 86400:.0f} days"
