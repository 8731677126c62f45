"""`vigie doctor`: checks what a working watch needs, and says what to do about what is missing."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from watcher.bootstrap import french_reader, one_root, open_app, open_store, version
from watcher.care import PING
from watcher.core import silence
from watcher.core.discovered import discovered
from watcher.core.errors import UserError
from watcher.core.incidents import apart
from watcher.core.labels import PROBLEMS
from watcher.core.outbox import DeliveryState, MessageKind
from watcher.core.ports_outgoing import VaultError
from watcher.core.silence import Seen
from watcher.core.state import ProblemKind
from watcher.core.subscriptions import Way
from watcher.settings import Settings

SHOWN = 12  # pages in one line
LATE = timedelta(hours=1)  # a message that is due for longer is a sign that nothing sends
LATELY = timedelta(days=7)
TRIED = 1000  # addresses that are opened: among so many, whose ids are drawn by lot, a lost key shows
_OF_TELLING = {
    ProblemKind.SENDER,
    ProblemKind.MISUSE,
    ProblemKind.HELD,
    ProblemKind.UNTOLD,
    ProblemKind.CANARY,
}


_KEPT = {
    "alerts": "alertes",
    "changes": "changements",
    "pages": "pages gardées",
    "messages": "messages",
    "subscriptions": "abonnements",
}


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ok: bool
    detail: str


def run(settings: Settings, options: argparse.Namespace) -> int:
    if options.prefecture:
        return _covered(settings, options.prefecture, as_json=options.json)
    checks = list(_told_once(_checks(settings)))
    for check in checks:
        if options.json:
            row = {"check": check.name, "ok": check.ok, "detail": check.detail}
            print(json.dumps(row, ensure_ascii=False))
        else:
            print(f"{'bien ' if check.ok else 'ÉCHEC'}  {check.name} : {check.detail}")
    return 0 if all(check.ok for check in checks) else 1


def _covered(settings: Settings, codes: Sequence[str], *, as_json: bool) -> int:
    """What is watched of préfectures and what is not; that some of it is not is no failure."""
    from watcher.core.coverage import coverage
    from watcher.coverage_report import lines, row

    with open_app(settings) as app:
        unknown = [code for code in codes if code not in app.catalogue.prefectures and code != "all"]
        if unknown:
            raise UserError(f"--prefecture {unknown[0][:40]} : préfecture inconnue (sources.yaml)")
        known = coverage(app.catalogue, app.store.outlines(), app.store.problems(), app.clock.now())
        seen = discovered(app.discovery.explored(), app.discovery.proposals())
    for one in known.prefectures:
        code = one.prefecture.code
        if code in codes or "all" in codes:
            if as_json:
                print(json.dumps(row(one, seen.get(code)), ensure_ascii=False))
            else:
                print("\n".join(lines(one, seen.get(code))))
    return 0


def _checks(settings: Settings) -> Iterator[Check]:
    yield _try("programme", _program)
    yield _try("sources", lambda: _sources(settings))
    yield _try("règles", lambda: _rules(settings))
    yield _try("base de données", lambda: _database(settings))
    yield _try("courrier", lambda: _mail(settings))
    yield _try("mainteneurs", lambda: _maintainers(settings))
    yield _try("clé des adresses", lambda: _key(settings))
    yield _try("envois", lambda: _sending(settings))
    yield _try("essai de bout en bout", lambda: _canary(settings))
    yield _try("signe de vie au dehors", lambda: _ping(settings))
    yield _try("exploration", lambda: _exploration(settings))
    yield _try("silences", lambda: _silence(settings))
    yield _try("relevés", lambda: _freshness(settings))


def _try(name: str, check: Callable[[], str]) -> Check:
    try:
        return Check(name, ok=True, detail=check())
    except UserError as error:
        return Check(name, ok=False, detail=" ; ".join(str(error).splitlines()))


def _told_once(checks: Iterable[Check]) -> Iterator[Check]:
    """One cause that fails several checks is told by the first; the others name that one."""
    first: dict[str, str] = {}
    for check in checks:
        told_by = check.name if check.ok else first.setdefault(check.detail, check.name)
        yield check if told_by == check.name else replace(check, detail=f"voir « {told_by} »")


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
        rows, room = store.sizes(), store.room()
    kept = ", ".join(f"{rows[table]} {name}" for table, name in _KEPT.items())
    return f"schéma à jour, inscriptible, {room / 1e6:.1f} Mo : {kept}"


def _freshness(settings: Settings) -> str:
    """How much was read; a source that was never read is no failure of the installation."""
    with open_app(settings) as app:
        states = app.store.outlines().values()
        problems = [one for one in apart(app.store.problems(), app.catalogue) if one.kind not in _OF_TELLING]
    read = sum(1 for state in states if state.last_read_at)
    if problems:
        raise UserError(
            f"{read} sources lues sur {len(states)} ; problèmes ouverts : "
            + ", ".join(f"{p.subject} ({PROBLEMS[p.kind].french} : {p.evidence})" for p in problems)
        )
    return f"{read} sources lues sur {len(states)}, aucun problème ouvert"


def _exploration(settings: Settings) -> str:
    """What was found and waits for a person is no failure of the installation; nor is what cannot be watched."""
    with open_app(settings) as app:
        seen = discovered(app.discovery.explored(), app.discovery.proposals())
    missing = [code for code, one in seen.items() if not one.found]
    waiting = {code: one.waiting for code, one in seen.items() if one.waiting}
    said = [f"{len(seen)} préfectures explorées sur {len(app.catalogue.prefectures)}"]
    if missing:
        said.append(f"rubrique des étrangers pas trouvée : {_some(missing)}")
    if waiting:
        pages = [f"{code} ({number})" for code, number in waiting.items()]
        said.append(f"trouvé et pas encore accepté (« vigie sources proposals ») : {_some(pages)}")
    said += [
        f"{code} : {page.label or page.address} ne peut pas être suivie ({page.reason})"
        for code, one in list(seen.items())[:SHOWN]
        for page in one.unwatchable[:2]
    ][:SHOWN]
    return " ; ".join(said)


def _some(names: Sequence[str]) -> str:
    rest = f" et {len(names) - SHOWN} autres" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + rest


def _silence(settings: Settings) -> str:
    """Looked for here and now: who would raise it may be dead. What was never read yet is not late."""
    with open_app(settings) as app:
        now, states = app.clock.now(), app.store.outlines()
        read = {name: state for name, state in states.items() if state.last_poll_at}
        seen = Seen(app.catalogue, read, app.store.problems(), now)
        found = [
            *silence.silent(seen, app.store.rhythms(now - silence.LEARNT_FROM)),
            *silence.overdue(seen, {}),
            *silence.accepted(seen),
            *silence.left_out(seen, app.renewal.faults),
        ]
    if found:
        raise UserError(
            " ; ".join(f"{p.subject} ({PROBLEMS[p.kind].french} : {p.evidence})" for p in found[:SHOWN])
            + (f" ; et {len(found) - SHOWN} autres" if len(found) > SHOWN else "")
        )
    return "aucune page ne se tait plus longtemps que d'ordinaire, aucune n'attend d'être lue"


def _canary(settings: Settings) -> str:
    from watcher.canary import try_out

    lost = try_out(settings)
    if lost:
        raise UserError(lost)
    return "une page d'essai a été lue, comprise et mise en lettre, sans quitter cette machine"


def _ping(settings: Settings) -> str:
    """Not sent from here: it would say that the watch goes on, which nobody knows here."""
    if not settings.ping:
        return "aucun (VIGIE_PING n'est pas donné) : si la machine s'arrête, personne au dehors ne le saura"
    return f"toutes les {PING / 60:.0f} minutes par « vigie serve », tant que tout avance"


def _mail(settings: Settings) -> str:
    """Nothing is connected: whether the server takes our mails shows when there are some."""
    mail = settings.mail
    if mail is None:
        return "aucun (VIGIE_SMTP n'est pas donné) : flux et web-hooks seulement"
    rate = f", {mail.rate:g} par seconde au plus" if mail.rate else ""
    return f"{mail.shown}, de {mail.sender}{rate}"


def _maintainers(settings: Settings) -> str:
    """Who learns of problems by mail, and whether the last letters to them were taken."""
    if not settings.maintainers:
        return "aucun (VIGIE_MAINTAINERS n'est pas donné) : personne n'est prévenu des problèmes par courriel"
    with open_app(settings) as app:
        since = app.clock.now() - LATELY
        lost = [
            one
            for state in (DeliveryState.EXPIRED, DeliveryState.SHUNTED)
            for one in app.outbox.messages(state=state)
            if one.kind is MessageKind.PROBLEMS and one.created_at > since
        ]
    if lost:
        raise UserError(
            f"{len(lost)} lettres de la semaine n'ont pas été prises : vérifiez VIGIE_MAINTAINERS, puis "
            f"« vigie deliver --replay {lost[0].id} »"
        )
    return f"{len(settings.maintainers)} adresses sont prévenues des problèmes, une fois par heure au plus"


def _key(settings: Settings) -> str:
    """A key is made with the first sign-up; it is not made here. That it is the right one is tried."""
    file = settings.key
    with open_app(settings) as app:
        sealed = app.subscriptions.sealed()
        if not file.exists() and not sealed:
            return f"aucune encore ({file})"
        vault, lost = app.vault, 0
        for one in app.subscriptions.some_subscriptions(TRIED):
            try:
                vault.open(one.recipient, one.id)
            except VaultError:
                lost += 1
    tried = f", {TRIED} adresses essayées sur {sealed}" if sealed > TRIED else ""
    if lost:
        raise UserError(
            f"{file} : les adresses de {lost} abonnements sont scellées avec une clé qui n'y est pas{tried}"
        )
    return f"lisible ({file}{tried}) : sauvegardez-la, mais jamais avec la base"


def _sending(settings: Settings) -> str:
    with open_app(settings) as app:
        now, counted = app.clock.now(), app.outbox.counted()
        due = [moment for moment in map(app.outbox.oldest_due, Way) if moment]
        down = [one for one in app.store.problems() if one.kind in _OF_TELLING]
    if down:
        raise UserError(" ; ".join(one.evidence for one in down))
    late = max((now - moment for moment in due), default=timedelta(0))
    if late > LATE:
        raise UserError(f"un message attend depuis {late.total_seconds() / 3600:.0f} h : « vigie deliver »")
    aside = sum(number for (_, state), number in counted.items() if state is DeliveryState.SHUNTED)
    return f"rien n'attend trop longtemps, {aside} messages mis de côté"
