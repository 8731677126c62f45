"""Troubles of more than one page: servers that mix pages up, nodes that disagree, a platform with a new template."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from prove.pages.genuine import Genuine
from prove.pages.markup import RESTYLED, Twist
from prove.pages.scene import HOUR, SOON, Scene, Spoil, Stage, untouched
from prove.pages.spoiled import Tally
from watcher.replica.answers import Answer
from watcher.rounds import note_incidents


def mixed_up(stage: Stage, *, every: bool) -> Tally:
    """Every page shows another one for three hours, then itself again; watched on one site, or on all."""
    mixed = Tally()
    web = stage.web
    for name, wrong in wrong_pages(stage).items():
        with stage.primed() as scene:
            sources = tuple(scene.sources) if every else ("15-actualites", "15-sejour")
            before = _baselines(scene)
            web.spoil = wrong
            for span in (HOUR, SOON, SOON):
                _round(scene, sources, span)
            _note(mixed, f"{name}, within the hour", scene, before)
            for span in (HOUR, HOUR):
                _round(scene, sources, span)
            web.spoil = untouched
            for span in (HOUR, SOON, HOUR):
                _round(scene, sources, span)
            _note(mixed, f"{name}, afterwards", scene, before, kept=False)
    return mixed


def _note(tally: Tally, name: str, scene: Scene, before: dict[str, object], *, kept: bool = True) -> None:
    tally.tried += 1
    alerts = [alert.title for alert in scene.alerts()]
    if alerts:
        tally.harm.append(f"{name}: {len(alerts)} alerts, {alerts[0]}")
    moved = [source for source in before if scene.store.latest_snapshot(source) != before[source]]
    if kept and moved:
        tally.harm.append(f"{name}: baselines of {', '.join(moved)}")


def _round(scene: Scene, sources: Iterable[str], span: timedelta) -> None:
    scene.clock.time += span
    for source in sources:
        scene.poll(source)


def _baselines(scene: Scene) -> dict[str, object]:
    return {source: scene.store.latest_snapshot(source) for source in scene.sources}


def wrong_pages(stage: Stage) -> dict[str, Spoil]:
    return {**_one_for_all(stage), **_of_others(stage)}


def _one_for_all(stage: Stage) -> dict[str, Spoil]:
    """One and the same page at every address of every site."""
    pages = {
        "the home page of one site": stage.web.page("15", "/"),
        "the contact page of one site": stage.web.page("15", "/Contactez-nous"),
        "the legal notice": stage.web.page("15", "/Mentions-legales"),
        "a rubric of acts": stage.web.page("15", "/Publications/Recueil-des-actes-administratifs"),
        "one article": stage.web.page("15", stage.web.usual["15"].news[0].path),
        "a list that never was": stage.web.page("15", "/Actualites/Espace-presse"),
    }
    return {name: lambda _path, _answer, page=page: replace(page, status=200) for name, page in pages.items()}  # type: ignore[misc]


def _of_others(stage: Stage) -> dict[str, Spoil]:
    """The right kind of page of the wrong préfecture."""
    web = stage.web

    def other(code: str) -> Spoil:
        def wrong(path: str, answer: Answer) -> Answer:
            site = web.sites[code]
            guides = {one.guide_path for one in web.sites.values()}
            there = site.list_path if "ctualites" in path else site.guide_path if path in guides else path
            return replace(web.page(code, there), status=200)

        return wrong

    return {f"the pages of {code}": other(code) for code in ("34", "75", "37")}


def flapping(stage: Stage, twists: dict[str, Twist], changes: Iterable[Genuine], flaps: int) -> Tally:
    """Two nodes behind one address: one has the new template, or the newest item, and answers every other time."""
    mixed = Tally()
    for source in ("15-actualites", "15-sejour"):
        for name, twist in twists.items():
            with stage.primed() as scene:
                for turn in range(flaps):
                    stage.web.spoil = twisted(twist) if turn % 2 else untouched
                    scene.poll(source, timedelta(minutes=20))
                _note(mixed, f"{source} flaps: {name}", scene, {}, kept=False)
    for change in changes:
        _flap_genuine(stage, change, flaps, mixed)
    return mixed


def _flap_genuine(stage: Stage, change: Genuine, flaps: int, tally: Tally) -> None:
    """Nodes that agree on the template at least; the change itself is told once, as a whole or not at all."""
    with stage.primed() as scene:
        old = stage.web.usual["15"]
        for turn in range(flaps):
            stage.web.states["15"] = old if turn % 2 else change.change(old)
            scene.poll(change.source, timedelta(minutes=20))
        tally.tried += 1
        found = scene.alerts()
        if len(found) > len(change.titles):
            tally.harm.append(f"flaps: {change.name}: {len(found)} alerts, {found[0].kind} {found[0].title}")


def twisted(twist: Twist) -> Spoil:
    def spoil(_path: str, answer: Answer) -> Answer:
        if answer.status != 200 or not answer.type.startswith("text/html"):
            return answer
        return replace(answer, body=twist(answer.body.decode()).encode())

    return spoil


@dataclass(frozen=True, slots=True)
class Drift:
    """What a new template on every site came to."""

    sites: int
    pages: int
    alerts: int
    incidents: tuple[int, ...]  # open after each round
    problems: int  # of single pages, besides, after the last round
    over: int  # incidents open once the old template is back


def drift(stage: Stage, name: str) -> Drift:
    """All sites change to one new template at once; half a day later they change back."""
    with stage.primed() as scene:
        sources = tuple(scene.sources)
        stage.web.spoil = twisted(RESTYLED[name])
        open_ = []
        for span in (HOUR, SOON, 2 * SOON):
            _round(scene, sources, span)
            note_incidents(scene.store, scene.catalogue, scene.clock.now())
            open_.append(_incidents(scene))
        single = len(scene.store.problems()) - open_[-1]
        stage.web.spoil = untouched
        for span in (11 * HOUR, HOUR):
            _round(scene, sources, span)
        note_incidents(scene.store, scene.catalogue, scene.clock.now())
        return Drift(
            len(stage.web.sites),
            len(scene.sources),
            len(scene.alerts()),
            tuple(open_),
            single,
            _incidents(scene),
        )


def _incidents(scene: Scene) -> int:
    return sum(problem.subject.startswith("template:") for problem in scene.store.problems())
