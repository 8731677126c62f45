"""`vigie poll`: one round now."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from threading import Lock

from watcher.bootstrap import App, open_app, open_tools
from watcher.core.catalogue import Source
from watcher.core.errors import UserError
from watcher.core.state import ProblemKind
from watcher.poll import Polled
from watcher.report import polled_json, polled_line
from watcher.rounds import note_incidents, run_round
from watcher.settings import Settings


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        sources = _chosen(app, options)
        if not sources:
            print("rien à relever maintenant", file=sys.stderr)
            return 1 if app.renewal.faults.lines else 0
        with open_tools(app) as tools:
            show = _json if options.json else _text
            failed = _round(sources, show, lambda report: run_round(tools, sources, report))
        note_incidents(app.store, app.catalogue, app.clock.now())
        for problem in app.store.problems():
            if problem.kind is ProblemKind.PLATFORM:
                print(f"incident : {problem.evidence}", file=sys.stderr)
        return 1 if app.renewal.faults.lines or failed else 0


def _chosen(app: App, options: argparse.Namespace) -> Sequence[Source]:
    known = app.catalogue.sources
    if options.source and (options.all or options.due):
        raise UserError("des identifiants de sources, ou --due, ou --all : l'un des trois")
    if options.all:
        return tuple(known.values())
    if options.due:
        return tuple(known[id_] for id_ in app.store.due(app.clock.now()) if id_ in known)
    if not options.source:
        raise UserError("dites quoi relever : des identifiants de sources, --due ou --all")
    for id_ in options.source:
        if id_ not in known:
            near = get_close_matches(id_, known, n=1)
            hint = f" (voulez-vous dire {near[0]} ?)" if near else " (voir « vigie sources list »)"
            raise UserError(f"source inconnue : {id_}{hint}")
    return tuple(known[id_] for id_ in dict.fromkeys(options.source))


def _round(
    sources: Sequence[Source],
    show: Callable[[Polled], None],
    work: Callable[[Callable[[Polled], None]], None],
) -> int:
    """Run the round, showing each result as it comes; how many sources could not be read."""
    failed, lock = 0, Lock()
    with _progress(len(sources)) as advance:

        def report(polled: Polled) -> None:
            nonlocal failed
            with lock:
                failed += not polled.outcome.read
                show(polled)
                advance(polled)

        work(report)
    return failed


def _json(polled: Polled) -> None:
    print(json.dumps(polled_json(polled), ensure_ascii=False), flush=True)


def _text(polled: Polled) -> None:
    print(polled_line(polled), flush=True)


@contextmanager
def _progress(total: int) -> Iterator[Callable[[Polled], None]]:
    """A bar on a terminal; nothing elsewhere, where each line is progress enough."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    # On the same terminal the lines go above the bar; in a pipe they are somebody's input.
    together = sys.stdout.isatty()
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, redirect_stdout=together) as bar:
        task = bar.add_task("relevé", total=total)
        yield lambda polled: bar.update(task, advance=1, description=polled.source)
