"""What years leave in a database: many rows, most of them where migrations copy, rewrite or index them."""

from __future__ import annotations

from pathlib import Path

from prove.storage.small import opened
from storage.migrations import upgrade
from tests.fakes.plans import HOUR, NOW, VERDICT, alert, change, item, news, notice, page, snapshot
from tests.fakes.subscribers import subscribe, subscriber
from tests.fakes.telling import World
from watcher.core.items import Article
from watcher.core.state import PollPlan, Problem, ProblemKind
from watcher.core.subscriptions import Interest

AT_ONCE = 100  # announcements of one poll


def lived(where: Path | str, announcements: int) -> None:
    """A new database in which that many were found and told to two people; as many others wait for theirs."""
    with opened(where) as engine:
        upgrade(engine)
        world = World(engine)
        world.subscribe(2)
        elsewhere = Interest(prefectures=frozenset({"75"}))
        subscribe(engine, *(subscriber(f"e{n}", elsewhere) for n in range(announcements)))
        for number in range(1, announcements // AT_ONCE + 1):
            assert world.store.save(_poll(number))
            world.tick()
        seen = [Problem(f"p{n}", ProblemKind.MOVED, NOW, "elsewhere") for n in range(announcements)]
        world.store.note_problems(seen, (), NOW)
        world.store.note_problems((), [one.subject for one in seen[::2]], NOW + HOUR)


def _poll(number: int) -> PollPlan:
    names = [f"{number}-{n}" for n in range(AT_ONCE)]
    found = [change(name) for name in names]
    return news(
        names[0],
        number,
        page=page(f"<main>{' '.join(names)}</main>".encode(), at=NOW + number * HOUR),
        snapshot=snapshot(number + 1, *names),
        changes=tuple(found),
        notices={one.id: notice(name) for one, name in zip(found, names, strict=True)},
        verdicts={one.id: VERDICT for one in found},
        articles={item(name).key: Article(f"Titre {name}", "Le texte.") for name in names},
        alerts=tuple(alert(name) for name in names),
    )
