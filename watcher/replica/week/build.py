"""Plays the script over the sites: one `Moment` per step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from watcher.replica.baseline import baseline
from watcher.replica.model import Event, Moment, State, dice
from watcher.replica.sites import Site, Skin
from watcher.replica.week.acts import Act, Turn
from watcher.replica.week.script import SCRIPT, Choice, Step

_PARIS = ZoneInfo("Europe/Paris")


def moment(step: int) -> datetime:
    """When a step takes place, in UTC."""
    return datetime.fromisoformat(SCRIPT[step].at).replace(tzinfo=_PARIS).astimezone(UTC)


def play(sites: Mapping[str, Site], seed: int) -> tuple[Moment, ...]:
    """The whole week of these sites. What happens to one does not depend on which others there are."""
    states = {code: baseline(site, seed) for code, site in sites.items()}
    moments = []
    for number, step in enumerate(SCRIPT):
        choices = [_choice(site, seed, number) for site in sites.values()]
        states, events = _apply(step, number, choices, sites, states, seed)
        moments.append(Moment(moment(number), states, _faults(step, choices), events))
    return tuple(moments)


def _apply(
    step: Step,
    number: int,
    choices: Sequence[Choice],
    sites: Mapping[str, Site],
    states: Mapping[str, State],
    seed: int,
) -> tuple[dict[str, State], tuple[Event, ...]]:
    after = dict(states)
    events: list[Event] = []
    day = moment(number).astimezone(_PARIS).date()
    acted: Counter[str] = Counter()
    for code, act in _acts(step, choices):
        turn = Turn(sites[code], after[code], day, dice(seed, code, number, acted[code]))
        acted[code] += 1
        after[code], new = act(turn)
        events += new
    return after, tuple(events)


def _acts(step: Step, choices: Sequence[Choice]) -> Iterator[tuple[str, Act]]:
    present = {site.code for site in choices}
    yield from ((code, act) for code, act in step.named if code in present)
    for pick, act in step.drawn:
        yield from ((site.code, act) for site in choices if pick(site))


def _faults(step: Step, choices: Sequence[Choice]) -> dict[str, str]:
    return {site.code: mode for mode, pick in step.faults.items() for site in choices if pick(site)}


def _choice(site: Site, seed: int, step: int) -> Choice:
    return Choice(
        site.code, site.skin is Skin.DSFR, site.platform, dice(seed, site.code, step, "lot").random()
    )
