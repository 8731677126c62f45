"""One page in another template, or another page in its place, for hours, then itself again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from prove.pages.lists import of_lists
from prove.pages.markup import FURNISHED, RESTYLED, Twist
from prove.pages.refused import ERRORS, WALL
from prove.pages.scene import HOUR, SOON, Scene, Stage, untouched
from prove.pages.walls import WALLS, WIDGETS
from watcher.bootstrap import french_reader
from watcher.core.page import Outcome
from watcher.core.ports import Reader
from watcher.replica.answers import Answer
from watcher.replica.sites import Skin

RULES = Path(__file__).resolve().parents[2] / "rules.yaml"
FAMILIES = ("15-actualites", "37-actualites", "75-R-actualites", "75-actualites", "15-sejour")
STAY = (HOUR, SOON, SOON)  # within an hour, whatever is doubted is not believed
BACK = (HOUR, SOON, HOUR)


@dataclass
class Tally:
    """What was tried and what went wrong in it."""

    tried: int = 0
    doubted: int = 0
    right: int = 0
    harm: list[str] = field(default_factory=list)


def templates(stage: Stage, family: str) -> dict[str, Twist]:
    """Every template of a family that changes its page at all."""
    code, _, name = family.rpartition("-")
    site = stage.web.sites[code]
    twists = dict(RESTYLED)
    if name == "actualites":
        twists |= FURNISHED | of_lists(site.skin, site.base)
    page = stage.web.page(code, site.list_path if name == "actualites" else site.guide_path).body.decode()
    return {label: twist for label, twist in twists.items() if twist(page) != page}


def retemplated(
    stage: Stage, family: str, twists: dict[str, Twist], tally: Tally, reader: Reader | None = None
) -> None:
    """Each template on one page: hours with it, then back."""
    for name, twist in twists.items():
        with stage.primed(reader) as scene:
            _hours_with(scene, family, f"{family}: {name}", _retold(stage, family, name, twist), tally)


def furnished(stage: Stage, tally: Tally) -> None:
    """What a template adds around a content page, and what the reader of French makes of it.

    The words of an alert banner are content: a closure is announced there, and whatever else stands there too.
    """
    added = {name: twist for name, twist in FURNISHED.items() if name != "alert banner"}
    retemplated(stage, "15-sejour", added, tally, french_reader(RULES))


def _retold(stage: Stage, family: str, name: str, twist: Twist) -> Twist:
    """A new look is that of every page; new words and addresses are those of the list alone."""
    if name in RESTYLED:
        return twist
    code, _, kind = family.rpartition("-")
    site = stage.web.sites[code]
    heading = "<title>Actualités -" if site.skin is not Skin.POLICE else "<title>Actualités"
    return (lambda page: twist(page) if heading in page else page) if kind == "actualites" else twist


def _hours_with(scene: Scene, family: str, name: str, twist: Twist, tally: Tally) -> None:
    web = scene.web
    before = scene.store.latest_snapshot(family)
    told = len(scene.alerts())

    def spoil(_path: str, answer: Answer) -> Answer:
        if answer.status != 200 or not answer.type.startswith("text/html"):
            return answer
        charset = "cp1252" if name.endswith("windows-1252") else "utf-8"
        return replace(answer, body=twist(answer.body.decode()).encode(charset, "xmlcharrefreplace"))

    web.spoil = spoil
    outcomes = scene.polls(family, *STAY)
    tally.tried += 1
    tally.doubted += not outcomes[0].read
    if not outcomes[0].read and scene.store.latest_snapshot(family) != before:
        tally.harm.append(f"{name}: the baseline moved within the hour ({', '.join(outcomes)})")
    outcomes += scene.polls(family, HOUR, HOUR)
    web.spoil = untouched
    outcomes += scene.polls(family, *BACK)
    alerts = scene.alerts()[: len(scene.alerts()) - told]
    if alerts:
        tally.harm.append(f"{name}: {len(alerts)} alerts, {alerts[-1].kind} {alerts[-1].title}")


def refused(stage: Stage, *, everywhere: bool) -> Tally:
    """Pages that are not the page, in its place for two hours; on both kinds of page when `everywhere`."""
    tally = Tally()
    cases = [*ERRORS, *((WALL, title, body) for title, body in WALLS)]
    for number, (outcome, title, body) in enumerate(cases):
        sources = ("15-actualites", "15-sejour")
        for source in sources if everywhere else sources[number % 2 :][:1]:
            with stage.primed() as scene:
                _in_its_place(scene, source, outcome, title, body, tally)
    return tally


def _in_its_place(scene: Scene, source: str, outcome: Outcome, title: str, body: str, tally: Tally) -> None:
    before = scene.store.latest_snapshot(source)
    scene.web.spoil = lambda _path, answer: replace(
        answer, status=200, body=shaped(answer.body.decode(), title, body)
    )
    outcomes = scene.polls(source, HOUR, SOON, HOUR, HOUR)
    tally.tried += 1
    tally.right += outcomes[0] is outcome
    kept = scene.store.latest_snapshot(source) == before
    scene.web.spoil = untouched
    scene.polls(source, *BACK)
    if not kept or scene.alerts() or any(found.read for found in outcomes):
        tally.harm.append(
            f"{source}: {title or body[:40]}: {', '.join(outcomes)}, {len(scene.alerts())} alerts"
        )


def met_first(stage: Stage) -> Tally:
    """The same pages met before any other: the page itself must be read in the end, and be no news."""
    tally = Tally()
    for _, title, body in ERRORS:
        for source in ("15-actualites", "15-sejour"):
            with stage.unread() as scene:
                scene.web.spoil = lambda _p, answer, t=title, b=body: replace(  # type: ignore[misc]
                    answer, status=200, body=shaped(answer.body.decode(), t, b)
                )
                scene.polls(source, HOUR, SOON)
                scene.web.spoil = untouched
                outcomes = scene.polls(source, *BACK, timedelta(hours=25), HOUR)
                tally.tried += 1
                if scene.alerts() or not outcomes[-1].read:
                    tally.harm.append(
                        f"{source} met as {title or body[:40]}: {', '.join(outcomes)}, {len(scene.alerts())} alerts"
                    )
    return tally


def guarded(stage: Stage) -> Tally:
    """Good pages with a guard's widget on them."""
    tally = Tally()
    for widget, before in _placed():
        for source in ("15-actualites", "15-sejour"):
            with stage.primed() as scene:
                scene.web.spoil = lambda _p, answer, w=widget, b=before: replace(  # type: ignore[misc]
                    answer, body=_with(answer.body.decode(), w, before=b)
                )
                tally.tried += 1
                outcome = scene.poll(source, HOUR).outcome
                if not outcome.read:
                    tally.harm.append(f"{source}: {widget[:40]}: {outcome}")
    return tally


def _placed() -> Iterator[tuple[str, bool]]:
    yield from ((widget, before) for widget in WIDGETS for before in (True, False))


def _with(page: str, widget: str, *, before: bool) -> bytes:
    mark = '<div class="fr-container" id="main">' if before else "</main>"
    return page.replace(mark, mark + widget if before else widget + mark, 1).encode()


def shaped(page: str, title: str, body: str) -> bytes:
    """A page that is not the page; where its title begins with %, in the frame of the page it stands for."""
    if not title.startswith("%"):
        head = f'<head><meta charset="utf-8"><title>{title}</title></head>'
        return f'<!DOCTYPE html><html lang="fr">{head}<body>{body}</body></html>'.encode()
    page = re.sub(r"<title>[^<]*?( - Les services[^<]*)</title>", rf"<title>{title[1:]}\1</title>", page)
    start, end = page.find("<main"), page.find("</main>")
    inside = f'<main role="main"><div class="fr-container" id="main">{body}</div>'
    return (page[:start] + inside + page[end:]).encode()
