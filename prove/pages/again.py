"""What was found once is not found again: by a watch that begins anew, nor where it is spelt, ordered or dated anew."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from prove.pages.genuine import genuine
from prove.pages.lists import of_lists
from prove.pages.markup import Twist
from prove.pages.scene import Scene, Stage, untouched
from prove.pages.whole import twisted
from prove.report import Figure

NEWS, GUIDE = "15-actualites", "15-sejour"
_SPELT = ("trailing slashes", "tracked links")
# A page's files are asked for where it says that they are, and the replica speaks no TLS: https is for lists.
_LISTED = ("https links", "upside down", "two first swapped", "all of today")
_BETWEEN = timedelta(minutes=20)


def again(stage: Stage, polls: int) -> Iterator[Figure]:
    """Each page has changed once; then it is polled so often with each of these, every other time where it differs."""
    site = stage.web.sites["15"]
    twists = of_lists(site.skin, site.base)
    plain: dict[str, Twist] = {"the same bytes": str, "the same bytes, begun anew each time": str}
    for source, names in ((NEWS, (*_SPELT, *_LISTED)), (GUIDE, _SPELT)):
        for name, twist in (plain | {name: twists[name] for name in names}).items():
            with stage.primed() as scene:
                yield polled(scene, source, name, twist, polls)


def polled(scene: Scene, source: str, name: str, twist: Twist, polls: int) -> Figure:
    web, found = scene.web, Counter[str]()
    change = next(one for one in genuine(web.sites["15"]) if one.source == source)
    web.states["15"] = change.change(web.usual["15"])
    scene.polls(source, _BETWEEN, _BETWEEN)
    known = _known(scene, source)
    assert known[0] == len(change.titles)
    for turn in range(polls):
        if "anew" in name:
            scene.begin_anew()
        web.spoil = twisted(twist) if turn % 2 == 0 else untouched
        found[scene.poll(source, _BETWEEN).outcome] += 1
    extra = [now - before for now, before in zip(_known(scene, source), known, strict=True)]
    said = ", ".join(f"{number} {outcome}" for outcome, number in found.items())
    return Figure(
        f"{source} after a change, {name}: found again, told again",
        "{}, {} ({})".format(*extra, said),
        "0, 0",
        extra == [0, 0],
    )


def _known(scene: Scene, source: str) -> Sequence[int]:
    return len(scene.store.history(source)), len(scene.alerts())
