"""`vigie sources due [--why]`: what is read next on each platform, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

from watcher.bootstrap import App
from watcher.core.catalogue import Source
from watcher.core.state import SourceState
from watcher.core.why import Bound, Why, why
from watcher.pacing import Pacer
from watcher.tempi import Tempi

SHOWN = 10  # of each platform

_BOUNDS = {
    Bound.NEW: "jamais lue encore",
    Bound.FAILED: "attente après un échec",
    Bound.DOUBT: "second regard, quelque chose est à confirmer",
    Bound.FLOOR: "une lecture par jour au moins",
    Bound.CEILING: "pas plus souvent que son minimum",
    Bound.ECHO: "vient de publier, des retouches sont attendues",
    Bound.DELAY: "le retard attendu vaudra une lecture",
}


def show(app: App, *, explained: bool, every: bool, as_json: bool) -> int:
    """The next of each platform, or with `every` all of them."""
    tempi, now = _tempi(app), app.clock.now()
    states = app.store.states()
    for name in app.catalogue.platforms:
        known = [
            (source, states[source.id])
            for source in app.catalogue.sources.values()
            if source.platform == name and source.id in states
        ]
        known.sort(key=lambda one: (one[1].next_poll_at, one[0].id))
        chosen = known if every else known[:SHOWN]
        if as_json:
            for source, state in chosen:
                print(json.dumps(_row(source, why(source, state, tempi.of(source), now)), ensure_ascii=False))
        elif known:
            print("\n".join(_text(name, len(known), chosen, tempi, now, explained=explained)))
    return 0


def _tempi(app: App) -> Tempi:
    """As a daemon has them, with what it spent today; nothing is asked of anybody."""
    pacer = Pacer(app.catalogue, app.clock, lambda: 0.0)
    for one in app.store.platforms():
        if one.state.name in app.catalogue.platforms:
            pacer.resume(one.state)
    return Tempi(app.catalogue, app.store.states, pacer, app.clock)


def _text(
    name: str,
    whole: int,
    chosen: list[tuple[Source, SourceState]],
    tempi: Tempi,
    now: datetime,
    *,
    explained: bool,
) -> Iterator[str]:
    plan, purse = tempi.plan(name), tempi.pacer.state(name).purse
    spent = purse.spent if purse.day == now.date() else 0
    yield f"plateforme {name} : {whole} pages, {spent} lectures aujourd'hui sur {plan.per_day:.0f}"
    for source, state in chosen:
        found = why(source, state, tempi.of(source), now)
        reason = f" — {_reason(found, now)}" if explained else ""
        yield f"  {source.id:<28} {_when(found.due, now):<14}{reason}"


def _reason(found: Why, now: datetime) -> str:
    read = f"lue il y a {_span(now - found.read)}" if found.read else "jamais lue"
    return (
        f"{_decimal(found.weekly)} publications par semaine, {read}, retard attendu {_decimal(found.delay)} h "
        f"pour un seuil de {_decimal(found.price)} h : {_BOUNDS[found.bound]}"
    )


def _row(source: Source, found: Why) -> dict[str, object]:
    return {
        "id": source.id,
        "platform": source.platform,
        "due": found.due.isoformat(),
        "last_read_at": found.read.isoformat() if found.read else None,
        "weekly": round(found.weekly, 3),
        "expected_delay_h": round(found.delay, 4),
        "price_h": round(found.price, 4),
        "bound": str(found.bound),
    }


def _when(due: datetime, now: datetime) -> str:
    return "maintenant" if due <= now else f"dans {_span(due - now)}"


def _span(span: timedelta) -> str:
    minutes = max(round(span / timedelta(minutes=1)), 0)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60:02}" if minutes < 48 * 60 else f"{minutes // (24 * 60)} jours"


def _decimal(value: float) -> str:
    return f"{value:.2g}".replace(".", ",") if value < 10 else f"{value:.0f}"
