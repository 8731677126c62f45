"""`vigie replay`: past texts read again with today's rules, or with a file that is not in force yet."""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Mapping

from watcher.bootstrap import french_reader, open_stores
from watcher.core.printable import one_line
from watcher.core.verdict import Verdict
from watcher.muting import MutingReader
from watcher.replay import FIELDS, Effect, Replayed, replay
from watcher.settings import Settings, parse_time

_EFFECTS = {Effect.APPEARS: "apparaît", Effect.VANISHES: "disparaît", Effect.CHANGES: "change"}
_FIELDS = {
    "categories": "sujets",
    "route": "suite",
    "is_change": "changement",
    "motifs": "motifs",
    "channel_before": "voie avant",
    "channel_after": "voie après",
    "effective_from": "à compter du",
    "effective_to": "jusqu'au",
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    since = parse_time(options.since, "--since") if options.since else None
    french = french_reader(settings.rules)
    effects: Counter[Effect] = Counter()
    with open_stores(settings) as stores:
        mutes = stores.desk.mutes()
        reader = MutingReader(french, lambda: mutes)
        for replayed in replay(stores.store, reader, since):
            effects[replayed.effect] += 1
            if replayed.effect is not Effect.SAME:
                print(_json(replayed) if options.json else _lines(replayed))
    print(
        f"textes relus : {effects.total()} ; alertes qui apparaîtraient : {effects[Effect.APPEARS]}, "
        f"qui disparaîtraient : {effects[Effect.VANISHES]}, qui changeraient : {effects[Effect.CHANGES]}",
        file=sys.stderr,
    )
    return 0


def _json(replayed: Replayed) -> str:
    """One line: before and after carry all that an alert says, `fields` names what differs."""
    change = replayed.change
    told = {
        "id": change.id,
        "effect": str(replayed.effect),
        "source": change.source,
        "prefecture": replayed.notice.prefecture,
        "kind": str(change.kind),
        "title": replayed.notice.title,
        "url": change.item.address,
        "detected_at": change.detected_at.isoformat(timespec="seconds"),
        "fields": list(replayed.fields),
        "before": _said(replayed.then),
        "after": _said(replayed.now),
        "reasons": [{"rule": r.rule, "words": r.words} for r in replayed.now.reasons],
    }
    return json.dumps(told, ensure_ascii=False)


def _said(verdict: Verdict) -> Mapping[str, object]:
    return {name: getattr(verdict, name) for name in FIELDS} | {"confidence": round(verdict.confidence, 3)}


def _lines(replayed: Replayed) -> str:
    change = replayed.change
    head = f"{_EFFECTS[replayed.effect]} : {change.source} · {one_line(replayed.notice.title, 120)}"
    differences = (
        f"    {_FIELDS[name]} : {_shown(getattr(replayed.then, name))} → {_shown(getattr(replayed.now, name))}"
        for name in replayed.fields
    )
    return "\n".join((f"{head} ({change.id})", *differences))


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, tuple):
        return ", ".join(value) or "–"
    return str(value or "–")
