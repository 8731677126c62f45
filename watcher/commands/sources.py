"""`vigie sources list|due|record`: what is watched, and how it looks."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from watcher.bootstrap import App, open_app, open_tools
from watcher.commands import due
from watcher.core.catalogue import Source
from watcher.core.errors import UserError
from watcher.core.page import FetchFailure, NotModified, Page
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        if options.action == "due":
            return due.show(app, explained=options.why, every=options.all, as_json=options.json)
        return _list(app, as_json=options.json) if options.action == "list" else _record(app, options)


def _list(app: App, *, as_json: bool) -> int:
    states = app.store.states()
    for source in app.catalogue.sources.values():
        state = states.get(source.id)
        row = {
            "id": source.id,
            "prefecture": source.prefecture,
            "kind": str(source.kind),
            "layout": source.layout,
            "platform": source.platform,
            "every_s": source.every.total_seconds(),
            "url": source.url,
            "outcome": str(state.outcome) if state and state.outcome else None,
            "last_read_at": state.last_read_at.isoformat() if state and state.last_read_at else None,
            "next_poll_at": state.next_poll_at.isoformat() if state else None,
        }
        print(json.dumps(row, ensure_ascii=False) if as_json else _line(source, row))
    return 0


def _line(source: Source, row: dict[str, object]) -> str:
    read = row["last_read_at"] or "jamais lue"
    return f"{source.id:<28} {source.kind:<9} {row['outcome'] or '-':<14} {read!s:<34} {source.url}"


def _record(app: App, options: argparse.Namespace) -> int:
    source = app.catalogue.sources.get(options.source)
    if source is None:
        raise UserError(f"source inconnue : {options.source} (voir « vigie sources list »)")
    with open_tools(app) as tools:
        result = tools.fetcher.fetch(source.url).result
    match result:
        case Page() as page:
            folder = _write(Path(options.into), source, page)
            print(f"enregistrée dans {folder} : relisez expected.json, qui est désormais un test")
            return 0
        case FetchFailure() as failure:
            print(f"{source.id} : {failure.kind} ({failure.detail})")
            return 1
        case NotModified():
            raise AssertionError("an unconditional request was answered 304")


def _write(into: Path, source: Source, page: Page) -> Path:
    """The page as it came, and what is read in it now."""
    from watcher import layouts
    from watcher.core.judge import decode
    from watcher.core.page import Outcome
    from watcher.report import extraction_json

    folder = into / source.id
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "page.html").write_bytes(page.body)
    extraction = layouts.get(source.layout).extract(decode(page), page.final_address, source.options)
    about = {"url": page.final_address, "layout": source.layout, "options": dict(source.options)}
    (folder / "about.json").write_text(json.dumps(about, ensure_ascii=False, indent=1) + "\n")
    expected = json.dumps(extraction_json(Outcome.OK, extraction, ""), ensure_ascii=False, indent=1)
    (folder / "expected.json").write_text(expected + "\n")
    return folder
