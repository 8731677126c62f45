"""Wrong pages that stay until they are believed, are taken back by hand, and make way for the true ones."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from prove.pages.scene import HOUR, Scene, Spoil, Stage, untouched

BELIEVED_WITHIN = 30  # hours


@dataclass
class Reverted:
    believed: int = 0
    doubted: int = 0  # to the end: there was nothing to take back
    harm: list[str] = field(default_factory=list)


def reverted(stage: Stage, wrongs: Mapping[str, Spoil], sources: Collection[str]) -> Reverted:
    """The baseline is to be what it was, and the true page, once it is back, is to tell nobody anything."""
    found = Reverted()
    for name, wrong in wrongs.items():
        for source in sources:
            with stage.primed() as scene:
                stage.web.spoil = wrong
                _try(scene, source, name, found)
    return found


def _try(scene: Scene, source: str, name: str, found: Reverted) -> None:
    before = scene.store.latest_snapshot(source)
    assert before is not None
    scene.polls(source, *[HOUR] * BELIEVED_WITHIN)
    if scene.store.latest_snapshot(source) == before:
        found.doubted += 1
        return
    found.believed += 1
    told = len(scene.alerts())
    scene.store.versions.revert(source, before.number, "ada", scene.clock.now())
    scene.web.spoil = untouched
    scene.polls(source, HOUR, HOUR)
    after = scene.store.latest_snapshot(source)
    if after is None or (after.items, after.address) != (before.items, before.address):
        found.harm.append(f"{name}, {source}: another baseline")
    if len(scene.alerts()) > told:
        found.harm.append(f"{name}, {source}: {scene.alerts()[0].title}")
