"""Bad pages alert nobody; what truly changes is told. See `prove.report`."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterable, Sequence

from prove.pages.again import again
from prove.pages.cuts import Cuts, cut_everywhere
from prove.pages.genuine import Genuine, genuine
from prove.pages.markup import RESTYLED
from prove.pages.refused import ERRORS
from prove.pages.reverted import Reverted, reverted
from prove.pages.scene import HOUR, Stage, untouched
from prove.pages.spoiled import (
    FAMILIES,
    Tally,
    furnished,
    guarded,
    met_first,
    refused,
    retemplated,
    templates,
)
from prove.pages.walls import WALLS
from prove.pages.whole import drift, flapping, mixed_up, twisted, wrong_pages
from prove.report import Chapter, Figure
from watcher.core.text import squeeze
from watcher.replica.prefectures import NAMES

SITES = ("15", "37", "75", "75-R", "34", "36", "45", "92")
RENEWED = ("classes hashed", "no class at all", "every class renamed")
HOW = (
    "Pages of the replica are spoiled on their way through a real fetch and a real poll into a real database; "
    "a reader that would publish anything stands at the end. Spoiled pages stay for hours and the good ones come back. "
)


def prove(*, long: bool, seed: int) -> Chapter:
    chance = random.Random(seed)
    with Stage(SITES, seed + 2024) as stage:
        figures = [
            *_templates(stage, chance, long=long),
            *_refused(stage, long=long),
            _cuts(cut_everywhere(stage, 97 if long else 29_989)),
            *_mixed(stage, chance, long=long),
            *_told(stage, chance, long=long),
            *again(stage, 1000 if long else 4),
        ]
    figures += _drift(seed, 96 if long else 12, RENEWED if long else RENEWED[:1])
    how = HOW + ("Everything was tried." if long else "The short form tries a part of it, drawn by the seed.")
    return Chapter("Bad pages alert nobody, good news gets through", how, tuple(figures))


def _templates(stage: Stage, chance: random.Random, *, long: bool) -> Iterable[Figure]:
    tally, sizes = Tally(), []
    for family in FAMILIES:
        known = templates(stage, family)
        sizes.append(len(known))
        drawn = list(known) if long else chance.sample(list(known), 8)
        retemplated(stage, family, {name: known[name] for name in drawn}, tally)
    yield Figure(
        "templates known for each family", ", ".join(map(str, sizes)), "at least 40", min(sizes) >= 40
    )
    yield _harmless("templates tried that did harm", tally)
    yield Figure(
        "of these, doubted at once (the others read through)", f"{tally.doubted} of {tally.tried}", ""
    )
    if long:
        added = Tally()
        furnished(stage, added)
        yield _harmless("things added around a content page that alerted somebody", added)


def _refused(stage: Stage, *, long: bool) -> Iterable[Figure]:
    tally = refused(stage, everywhere=long)
    yield Figure("errors and closures, guards", f"{len(ERRORS)}, {len(WALLS)}", "at least 60, 25", True)
    yield _harmless("of them, alerted somebody, touched a baseline or were believed", tally)
    share = tally.right / tally.tried
    yield Figure("refused for the very reason", f"{share:.0%}", "at least 95 %", share >= 0.95)
    if long:
        yield _harmless("met before the page itself: announced, or in its way for ever", met_first(stage))
    yield _harmless("good pages with a guard's widget that were refused", guarded(stage))


def _cuts(cuts: Cuts) -> Figure:
    shown = ", ".join(f"{count} {outcome}" for outcome, count in sorted(cuts.outcomes.items()))
    _complain(cuts.harm)
    value = f"{len(cuts.harm)} of {cuts.tried} ({shown})"
    return Figure("cut pages that were believed, seven framings", value, "0", not cuts.harm)


def _mixed(stage: Stage, chance: random.Random, *, long: bool) -> Iterable[Figure]:
    mixed = mixed_up(stage, every=long)
    yield _harmless("one page for all, pages of others: scenes with an alert or a baseline touched", mixed)
    wrongs = wrong_pages(stage)
    drawn = wrongs if long else {name: wrongs[name] for name in chance.sample(list(wrongs), 2)}
    yield _reverted(reverted(stage, drawn, ("15-actualites", "15-sejour")))
    names = list(RESTYLED) if long else chance.sample(list(RESTYLED), 2)
    changes = list(genuine(stage.web.sites["15"]))
    changes = changes if long else chance.sample(changes, 5)
    flaps = flapping(stage, {name: RESTYLED[name] for name in names}, changes, 100 if long else 12)
    yield _harmless("pages that flap: more alerts than changes", flaps)


def _reverted(found: Reverted) -> Figure:
    _complain(found.harm)
    value = f"{len(found.harm)} of {found.believed} ({found.doubted} were never believed)"
    name = "wrong pages that stayed, were believed and taken back: another baseline, or an alert"
    return Figure(name, value, "0", not found.harm)


def _told(stage: Stage, chance: random.Random, *, long: bool) -> Iterable[Figure]:
    changes = [(code, change) for code, site in stage.web.sites.items() for change in genuine(site)]
    drawn = changes if long else chance.sample(changes, 60)
    missed, besides = [], []
    for code, change in drawn:
        wanted, got = _heard(stage, code, change)
        if not all(any(title in heard for heard in got) for title in wanted):
            missed.append(f"{change.source}: {change.name}")
        elif len(got) > len(wanted):
            besides.append(f"{change.source}: {change.name}")
    _complain([*missed, *besides])
    share = 1 - len(missed) / len(drawn)
    value = f"{len(drawn) - len(missed)} of {len(drawn)} ({share:.1%})"
    yield Figure("true changes told within two polls", value, "at least 99 %", share >= 0.99)
    yield Figure("true changes told with something besides", str(len(besides)), "0", not besides)


def _heard(stage: Stage, code: str, change: Genuine) -> tuple[Sequence[str], Sequence[str]]:
    """The titles that readers should hear within two polls, and those that they hear."""
    with stage.primed() as scene:
        old = stage.web.usual[code]
        stage.web.states[code] = change.change(old)
        stage.web.spoil = twisted(change.twist) if change.twist else untouched
        scene.polls(change.source, HOUR, HOUR)
        named = [section.heading for section in old.guide.sections]
        if change.source.endswith("actualites"):
            named = [item.title for item in old.news]
        wanted = [named[int(title[1:])] if title[0] == "=" else title for title in change.titles]
        return [*map(squeeze, wanted)], [squeeze(alert.title) for alert in scene.alerts()]


def _drift(seed: int, sites: int, names: Iterable[str]) -> Iterable[Figure]:
    codes = [code for code in NAMES if code not in {"75", "37", "48"}][:sites]
    with Stage(codes, seed + 2024) as stage:
        for name in names:
            found = drift(stage, name)
            kept = found.alerts == 0 and set(found.incidents) == {1} and found.over == 0
            value = f"{found.alerts} alerts, {max(found.incidents)} incident, {found.over} once it is over"
            yield Figure(f"{found.sites} sites change template ({name})", value, "0, 1, 0", kept)


def _harmless(name: str, tally: Tally) -> Figure:
    _complain(tally.harm)
    return Figure(name, f"{len(tally.harm)} of {tally.tried}", "0", not tally.harm)


def _complain(harm: Iterable[str]) -> None:
    for line in harm:
        print(f"prove: {line}", file=sys.stderr)
