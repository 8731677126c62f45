"""`vigie doctor`: checks what a working watch needs, and says what to do about what is missing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from watcher.bootstrap import french_reader, one_root, open_store, version
from watcher.core.errors import UserError
from watcher.settings import Settings


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


def run(settings: Settings, options: argparse.Namespace) -> int:
    checks = list(_checks(settings))
    for check in checks:
        if options.json:
            row = {"check": check.name, "ok": check.ok, "detail": check.detail}
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(f"{'bien ' if check.ok else 'ÉCHEC'}  {check.name} : {check.detail}")
    return 0 if all(check.ok for check in checks) else 1


def _checks(settings: Settings) -> Iterator[Check]:
    yield _try("programme", _program)
    yield _try("sources", lambda: _sources(settings))
    yield _try("règles", lambda: _rules(settings))
    yield _try("base de données", lambda: _database(settings))
    yield _try("relevés", lambda: _freshness(settings))


def _try(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=check())
    except UserError as error:
        return Check(name, ok=False, detail=" ; ".join(str(error).splitlines()))


def _program() -> str:
    one_root()
    return f"vigie {version()}, Python {sys.version.split()[0]}"


def _sources(settings: Settings) -> str:
    from watcher import sources

    catalogue = sources.load(settings.sources)
    return f"{len(catalogue.sources)} pages de {len(catalogue.prefectures)} préfectures ({settings.sources})"


def _rules(settings: Settings) -> str:
    french_reader(settings.rules)
    return f"vocabulaire lisible ({settings.rules})"


def _database(settings: Settings) -> str:
    with open_store(settings) as store:
        health = store.health()
    if health.trouble:
        raise UserError(health.trouble)
    return f"schéma à jour, inscriptible, {health.counts['alerts']} alertes"


def _freshness(settings: Settings) -> str:
    """How much was read; a source that was never read is no failure of the installation."""
    with open_store(settings) as store:
        states, problems = store.states().values(), store.problems()
    read = sum(1 for state in states if state.last_read_at)
    if problems:
        raise UserError(
            f"{read} sources lues sur {len(states)} ; problèmes ouverts : "
            + ", ".join(f"{p.subject} ({p.kind} : {p.evidence})" for p in problems)
        )
    return f"{read} sources lues sur {len(states)}, aucun problème ouvert"
