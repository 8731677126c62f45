"""`vigie sources revert`: what a page said before it was believed wrongly holds again."""

from __future__ import annotations

import argparse

from watcher.bootstrap import App, open_app
from watcher.commands.signing import signature
from watcher.core.errors import UserError
from watcher.core.french import count, moment
from watcher.core.items import Item, Snapshot
from watcher.core.printable import one_line
from watcher.settings import Settings

TITLES = 3  # of a version, as a reminder
WORDS = 60  # characters of one


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        versions = app.store.versions.kept(options.source)
        if not versions:
            known = options.source in app.catalogue.sources
            raise UserError(
                f"{options.source} : jamais lue, il n'y a rien à reprendre"
                if known
                else f"source inconnue : {options.source} (voir « vigie sources list »)"
            )
        if options.version is None:
            print("\n".join(_line(version, held=version is versions[0]) for version in versions))
            return 0
        _revert(app, options)
    return 0


def _line(version: Snapshot, *, held: bool) -> str:
    titles = ", ".join(f"« {_title(item)} »" for item in version.items[:TITLES])
    size = count(len(version.items), "élément", "éléments")
    now = " (en vigueur)" if held else ""
    return f"version {version.number}{now}, du {moment(version.taken_at)}, {size} : {titles or 'rien'}"


def _title(item: Item) -> str:
    return one_line(item.title or item.summary, WORDS)


def _revert(app: App, options: argparse.Namespace) -> None:
    """What was told of the wrong versions stays told: it is retracted one by one, by whoever looks at it."""
    source, number = options.source, options.version
    back = app.store.versions.revert(source, number, signature(options), app.clock.now())
    if back is None:
        raise UserError(
            f"{source} : la version {number} ne peut être reprise (« vigie sources revert {source} » les montre)"
        )
    told = [alert.id for alert in app.store.alerts(since=back.until) if alert.source == source]
    print(f"{source} : la version {number} tient de nouveau, et la page va être relue")
    if told:
        print(
            f"ce qui fut dit depuis reste dit, à retirer au besoin (« vigie review reject ID ») : {', '.join(told)}"
        )
