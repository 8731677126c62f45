"""Plays the script over the sites: one `Moment` per step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from watcher.replica.baseline import baseline
from watcher.replica.model import Event, Moment, State, dice
from watcher.replica.sites import Site, Skin
from watcher.replica.week.acts import Act, Turn
from watcher.replica.week.script import SCRIPT, Choice, Step

_PARIS = ZoneInfo("Europe/Paris")


def moment(step: int, script: Sequence[Step] = SCRIPT) -> datetime:
    """When a step takes place, in UTC."""
    return datetime.fromisoformat(script[step].at).replace(tzinfo=_PARIS).astimezone(UTC)


def play(
    sites: Mapping[str, Site],
    seed: int,
    script: Sequence[Step] = SCRIPT,
    monday: Callable[[Site, int], State] = baseline,
) -> tuple[Moment, ...]:
    """The whole week of these sites, which begins as `monday` says of each. What happens to one does not depend
    on which others there are.
    """
    states = {code: monday(site, seed) for code, site in sites.items()}
    moments = []
    for number, step in enumerate(script):
        at = moment(number, script)
        choices = [_choice(site, seed, number) for site in sites.values()]
        states, events = _apply(step, (number, at), choices, sites, states, seed)
        moments.append(Moment(at, states, _faults(step, choices), events, step.troubles))
    return tuple(moments)


def _apply(
    step: Step,
    when: tuple[int, datetime],
    choices: Sequence[Choice],
    sites: Mapping[str, Site],
    states: Mapping[str, State],
    seed: int,
) -> tuple[dict[str, State], tuple[Event, ...]]:
    after = dict(states)
    events: list[Event] = []
    number, day = when[0], when[1].astimezone(_PARIS).date()
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
