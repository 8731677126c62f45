"""`vigie sources discover|proposals|accept|refuse|find-moved`: what to watch, found and decided."""

from __future__ import annotations

import argparse
import json
import sys

from watcher.bootstrap import App, open_app, open_tools
from watcher.bootstrap_discovery import open_discovery, open_finder, open_site_review
from watcher.commands.signing import signature
from watcher.core.errors import UserError
from watcher.core.exploring import MOST
from watcher.core.site_proposals import Explored, Recorded, State
from watcher.discovery_report import explored_json, explored_lines, proposal_lines, recorded_json
from watcher.settings import Settings
from watcher.sources_edit import EditError

TAKEN_UP = "« vigie serve » la prend en compte dans les secondes qui suivent"


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        return _ACTIONS[options.action](app, options)


def _discover(app: App, options: argparse.Namespace) -> int:
    codes = _codes(app, options)
    if not 1 <= options.budget <= MOST:
        raise UserError(f"--budget : de 1 à {MOST} requêtes, pas {options.budget}")
    troubled = 0

    def report(explored: Explored) -> None:
        nonlocal troubled
        troubled += bool(explored.trouble)
        found = app.discovery.proposals(State.OPEN, explored.prefecture)
        if options.json:
            print(json.dumps(explored_json(explored, found), ensure_ascii=False), flush=True)
        else:
            print("\n".join(explored_lines(explored, found)), flush=True)

    with open_tools(app) as tools:
        open_discovery(app, tools).explore_all(codes, options.budget, report, again=options.again)
    return 1 if troubled else 0


def _codes(app: App, options: argparse.Namespace) -> list[str]:
    known = app.catalogue.prefectures
    if bool(options.code) == options.all:
        raise UserError("dites quelles préfectures explorer : des codes (01, 2A…), ou --all")
    for code in options.code:
        if code not in known:
            raise UserError(f"préfecture inconnue : {code} (voir « vigie sources list »)")
    return list(dict.fromkeys(options.code)) or list(known)


def _proposals(app: App, options: argparse.Namespace) -> int:
    wanted = set(options.code)
    state = None if options.all else State.OPEN
    found = [one for one in app.discovery.proposals(state) if not wanted or one.proposal.prefecture in wanted]
    _show(found, as_json=options.json)
    return 0


def _show(found: list[Recorded], *, as_json: bool) -> None:
    for one in found:
        if as_json:
            print(json.dumps(recorded_json(one), ensure_ascii=False))
            continue
        settled = f" ({one.state}, {one.settled_by})" if one.state is not State.OPEN else ""
        print("\n".join(proposal_lines(one.proposal)) + settled)
    if not found:
        print("rien n'est proposé", file=sys.stderr)


def _accept(app: App, options: argparse.Namespace) -> int:
    review, by = open_site_review(app), signature(options)
    for name in options.id:
        _known(app, name)
        try:
            if not review.accept(name, by):
                raise UserError(f"proposition {name} : elle n'attend plus")
        except EditError as error:
            print(error.stanza)
            raise
        print(f"{name} : écrite dans {app.settings.sources} ; {TAKEN_UP}")
    return 0


def _refuse(app: App, options: argparse.Namespace) -> int:
    review, by = open_site_review(app), signature(options)
    for name in options.id:
        _known(app, name)
        if not review.refuse(name, by):
            raise UserError(f"proposition {name} : elle n'attend plus")
        print(f"{name} : écartée")
    return 0


def _known(app: App, name: str) -> None:
    if app.discovery.proposal(name) is None:
        raise UserError(f"proposition inconnue : {name} (voir « vigie sources proposals »)")


def _find_moved(app: App, options: argparse.Namespace) -> int:
    for name in options.source:
        if name not in app.catalogue.sources:
            raise UserError(f"source inconnue : {name} (voir « vigie sources list »)")
    with open_tools(app) as tools:
        finder = open_finder(app, tools)
        for name in options.source or finder.broken():
            finder.find(name)
            _show(
                [one for one in app.discovery.proposals() if one.proposal.stanza.id == name],
                as_json=options.json,
            )
    return 0


_ACTIONS = {
    "discover": _discover,
    "proposals": _proposals,
    "accept": _accept,
    "refuse": _refuse,
    "find-moved": _find_moved,
}
