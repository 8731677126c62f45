"""Strangers at the site: every route, every way of asking; forms by the thousand; what an answer gives away."""

from __future__ import annotations

import asyncio
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import quantiles

import httpx
from starlette.types import ASGIApp

from prove.folders import quick_folder
from prove.gauge import Timed, once_more
from prove.report import Figure
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.fakes.alerts import BASE
from tests.integration.web.newcomer import Fields, Newcomer
from tests.integration.web.test_every_route import ACTIONS, ROLES, TRIES, allowed, nobody
from tests.integration.web.whole_site import READING, WholeSite, whole_site
from watcher.core.subscriptions import EndReason
from watcher.subscribe import Subscribing, judge
from watcher.vault import open_vault

HEADERS = {
    "x-content-type-options": "nosniff",
    "cross-origin-opener-policy": "same-origin",
}
_LOOSE = re.compile(r"unsafe|\*|http:|data:|blob:")
_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>|<[^>]+\s(?:on\w+|style)=|javascript:", re.IGNORECASE)
_REMOTE = re.compile(
    r"<(?:(?:script|img|iframe|source|video|audio|object|embed)\b[^>]*\s(?:src|data)"
    r"|link\b(?![^>]*rel=\"(?:canonical|alternate))[^>]*\shref)=[\"']?(?:https?:)?//",
    re.IGNORECASE,
)

KINDS = ("new", "pending", "confirmed", "bounced", "suppressed", "bombed", "nowhere")
AT_ONCE = 20  # forms that are under way while another's are answered

_TOKEN = re.compile(rb'name="form" value="[^"]*"')
_OF_EACH = {"content-length", "ratelimit"}


def attack(*, long: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=None if long else quick_folder()) as folder:
        (Path(folder) / "a").mkdir()
        with whole_site(Path(folder) / "a") as site:
            figures = [*_answers(site), *_intruders(site)]
        figures += once_more(lambda: _bombing(Path(folder), 10_000 if long else 500))
    return figures


def _bombing(folder: Path, forms: int) -> list[Figure]:
    with tempfile.TemporaryDirectory(dir=folder) as own, whole_site(Path(own)) as site:
        return _bombed(site, forms)


def _answers(site: WholeSite) -> list[Figure]:
    """Every page, to nobody and to an administrator, with real names in its path and with others."""
    loose, cookies, differing, seen = [], [], [], 0
    for name in ("", "ana"):
        browser = site.browser(name)
        for route, methods in site.routes.items():
            if not methods & READING:
                continue
            for path in (site.path(route), re.sub(r"\{\w+\}", "zzz", route)):
                answer = browser.look(path)
                seen += 1
                loose += [f"{path}: {what}" for what in _loose(answer)]
                if not name:
                    cookies += [path] if "set-cookie" in answer.headers else []
                    differing += [path] if _shown(site.browser().look(path)) != _shown(answer) else []
    return [
        Figure(f"{seen} answers without security headers, or that run something inline or load it from elsewhere",
               f"{len(loose)} {'; '.join(loose[:3])}".strip(), "0", kept=not loose),
        Figure("cookies given to strangers", str(len(cookies)), "0", kept=not cookies),
        Figure("answers of which two strangers get other bytes or headers",
               f"{len(differing)} {'; '.join(differing[:3])}".strip(), "0", kept=not differing),
    ]  # fmt: skip


def _shown(answer: httpx.Response) -> tuple[object, ...]:
    """All but what a form must send back, and how often each may still ask the API."""
    headers = sorted((name, value) for name, value in answer.headers.items() if name not in _OF_EACH)
    return answer.status_code, _TOKEN.sub(b"", answer.content), headers


def _loose(answer: httpx.Response) -> list[str]:
    policy = answer.headers.get("content-security-policy", "")
    found = [name for name, value in HEADERS.items() if answer.headers.get(name) != value]
    if not policy.startswith("default-src 'none'") or _LOOSE.search(policy):
        found.append(f"policy {policy!r}")
    if "frame-ancestors 'none'" not in policy or "base-uri 'none'" not in policy:
        found.append("may be framed")
    if answer.headers.get("referrer-policy") not in {"no-referrer", "same-origin"}:
        found.append("referrer")
    if "html" in answer.headers.get("content-type", "") and (
        _INLINE.search(answer.text) or _REMOTE.search(answer.text)
    ):
        found.append("inline or remote")
    return found


def _intruders(site: WholeSite) -> list[Figure]:
    """Everything that may be done, by whoever may not, in every way but the right one."""
    tried = changed = taken = 0
    for route in ACTIONS:
        path, form = site.path(route), site.form(route)
        ways = [*TRIES.values(), nobody]
        ways += [partial(allowed, name=name) for name, may in ROLES.items() if name and route not in may]
        for prepare in ways:
            time = site.bureau.clock.time
            attempt = prepare(site, path, form)
            before = site.content()
            taken += attempt().status_code in {302, 303} and attempt.method == "POST"
            site.bureau.clock.time = time
            tried += 1
            changed += site.content() != before
    return [
        Figure(f"{tried} ways to act at the desk without the right to: database changed", f"{changed}", "0",
        kept=not changed),
        Figure("of them answered as if done", str(taken), "0", kept=not taken),
    ]  # fmt: skip


def _bombed(site: WholeSite, forms: int) -> list[Figure]:
    """Nine people's addresses, from five hundred networks, within a day; then what the answers give away."""
    subscribing = _subscribing(site)
    vault = open_vault(site.database.with_name("vigie.key"))
    newcomer = Newcomer(site.visitor, subscribing.store, subscribing.outbox, vault, site.bureau.clock)
    waited: list[tuple[float, float]] = []
    for first in range(0, forms, AT_ONCE):
        bombs = [_bomb(newcomer, number) for number in range(first, min(first + AT_ONCE, forms))]
        form = _Form(newcomer.form(f"other{first}@exemple.fr"), f"192.{first // AT_ONCE % 250}.7.1")
        waited += site.visitor.portal.call(_beside, site.visitor.app, bombs, form)
        if first % max(AT_ONCE, forms // 40) == 0:
            site.bureau.clock.wait(timedelta(minutes=36))
            _judge_all(subscribing)
    letters = sum(
        len(subscribing.store.history(subscribing.vault.seal(f"victim{n}@exemple.fr", "").mailbox,
        site.bureau.clock.now()).mailed_at)
        for n in range(9)
    )  # fmt: skip
    site.bureau.clock.wait(timedelta(hours=2))
    _judge_all(subscribing)
    written = {message.about for message in subscribing.outbox.messages(limit=2 * forms)}
    unwritten = [n for n in range(0, forms, AT_ONCE)
                 if not {one.id for one in newcomer.signups(f"other{n}@exemple.fr")} & written]  # fmt: skip
    told = _told(newcomer)
    wall, work = (quantiles(times, n=20)[-1] for times in zip(*waited, strict=True))
    return [
        Figure(f"letters to 9 people after {forms} forms for them within a day", str(letters), "≤ 27",
        kept=letters <= 27),
        Timed(f"… {len(waited)} pages and forms of others, each while {AT_ONCE} of them are under way in one process: "
              "95 of 100 are answered within",
              f"{wall * 1000:.0f} ms ({work * 1000:.0f} ms of its work, theirs included)", "1 s", kept=wall < 1),
        Figure("… others who signed up and were not written to", str(len(unwritten)), "0", kept=not unwritten),
        Figure(f"different answers, to the byte, to {len(KINDS)} kinds of addresses: {', '.join(KINDS)}",
        str(len(told)), "1", kept=len(told) == 1),
    ]  # fmt: skip


def _judge_all(subscribing: Subscribing) -> None:
    """As the worker does, tick by tick, while there are more."""
    while judge(subscribing.store, subscribing.clock.now()):
        pass


def _told(newcomer: Newcomer) -> set[object]:
    """What is answered to somebody who signs up an address of each kind."""
    confirmed, bounced, suppressed = (f"{kind}@exemple.fr" for kind in KINDS[2:5])
    newcomer.waiting("waits@exemple.fr")
    newcomer.confirmed(confirmed)
    newcomer.store.end(newcomer.confirmed(bounced).id, EndReason.BOUNCED, newcomer.clock.now())
    newcomer.post(newcomer.never_path(newcomer.waiting(suppressed)))
    addresses = ("new@exemple.fr", "waits@exemple.fr", confirmed, bounced, suppressed, "victim1@exemple.fr",
                 "x@nowhere.invalid")  # fmt: skip
    answers = [
        newcomer.post("/subscribe", newcomer.form(address), host="172.30.0.9") for address in addresses
    ]
    return {(one.status_code, one.content, tuple(sorted(one.headers.items()))) for one in answers}


@dataclass(frozen=True, slots=True)
class _Form:
    """Filled in, and the machine that sends it."""

    fields: Fields
    host: str


def _bomb(newcomer: Newcomer, number: int) -> _Form:
    victim = f"victim{number % 9}{'+x' * (number % 2)}@exemple.fr"
    return _Form(newcomer.form(victim), f"10.{number % 500 // 250}.{number % 250}.1")


async def _beside(app: ASGIApp, bombs: Sequence[_Form], other: _Form) -> list[tuple[float, float]]:
    """What another's form and another's page wait for, begun once all of the bombs are under way."""
    under_way = [asyncio.ensure_future(_answered(app, bomb)) for bomb in bombs]
    await asyncio.sleep(0)
    waited = await asyncio.gather(_answered(app, other), _answered(app, None))
    await asyncio.gather(*under_way)
    return list(waited)


async def _answered(app: ASGIApp, form: _Form | None) -> tuple[float, float]:
    """Seconds until the form, or else the front page, is answered: on the wall, and of this process's work."""
    transport = httpx.ASGITransport(app, client=(form.host if form else "192.0.2.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url=BASE) as client:
        wall, work = time.perf_counter(), time.process_time()
        answer = await (client.post("/subscribe", data=dict(form.fields)) if form else client.get("/"))
        taken = time.perf_counter() - wall, time.process_time() - work
    assert answer.status_code == 200, answer.status_code
    return taken


def _subscribing(site: WholeSite) -> Subscribing:
    engine, vault = site.bureau.engine, open_vault(site.database.with_name("vigie.key"))
    return Subscribing(SqlSubscriptions(engine), SqlOutbox(engine), vault, site.bureau.clock)
