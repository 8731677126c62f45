"""Strangers at the site: every route, every way of asking; forms by the thousand; what an answer gives away."""

from __future__ import annotations

import re
import tempfile
from datetime import timedelta
from functools import partial
from pathlib import Path

import httpx

from prove.report import Figure
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.integration.web.newcomer import Newcomer
from tests.integration.web.test_every_route import ACTIONS, ROLES, TRIES, allowed, nobody
from tests.integration.web.whole_site import READING, WholeSite, whole_site
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


def attack(*, long: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a").mkdir()
        with whole_site(Path(folder) / "a") as site:
            figures = [*_answers(site), *_intruders(site)]
        (Path(folder) / "b").mkdir()
        with whole_site(Path(folder) / "b") as site:
            figures += _bombed(site, 10_000 if long else 500)
    return figures


def _answers(site: WholeSite) -> list[Figure]:
    """Every page, to nobody and to an administrator, with real names in its path and with others."""
    loose, cookies, seen = [], [], 0
    for name in ("", "ana"):
        browser = site.browser(name)
        for route, methods in site.routes.items():
            if not methods & READING:
                continue
            for path in (site.path(route), re.sub(r"\{\w+\}", "zzz", route)):
                answer = browser.look(path)
                seen += 1
                loose += [f"{path}: {what}" for what in _loose(answer)]
                cookies += [path] if not name and "set-cookie" in answer.headers else []
    return [
        Figure(f"{seen} answers without security headers, or that run something inline or load it from elsewhere",
               f"{len(loose)} {'; '.join(loose[:3])}".strip(), "0", kept=not loose),
        Figure("cookies given to strangers", str(len(cookies)), "0", kept=not cookies),
    ]  # fmt: skip


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
    bodies: dict[str, set[bytes]] = {}
    for number in range(forms):
        victim = f"victim{number % 9}{'+x' * (number % 2)}@exemple.fr"
        answer = newcomer.post(
            "/subscribe", newcomer.form(victim), host=f"10.{number % 500 // 250}.{number % 250}.1"
        )
        bodies.setdefault("bombed", set()).add(answer.content)
        if number % max(1, forms // 40) == 0:
            site.bureau.clock.wait(timedelta(minutes=36))
            judge(subscribing.store, site.bureau.clock.now())
    letters = sum(
        len(subscribing.store.history(subscribing.vault.seal(f"victim{n}@exemple.fr", "").mailbox,
        site.bureau.clock.now()).mailed_at)
        for n in range(9)
    )  # fmt: skip
    site.bureau.clock.wait(timedelta(hours=2))
    answers = {address: newcomer.post("/subscribe", newcomer.form(address), host="172.30.0.9")
               for address in ("new@exemple.fr", "victim1@exemple.fr", "x@nowhere.invalid")}  # fmt: skip
    told = {
        (answer.status_code, answer.content, tuple(sorted(answer.headers.items())))
        for answer in answers.values()
    }
    return [
        Figure(f"letters to 9 people after {forms} forms for them within a day", str(letters), "≤ 27",
        kept=letters <= 27),
        Figure("different answers to a new, a known and an impossible address", str(len(told)), "1",
        kept=len(told) == 1),
    ]  # fmt: skip


def _subscribing(site: WholeSite) -> Subscribing:
    engine, vault = site.bureau.engine, open_vault(site.database.with_name("vigie.key"))
    return Subscribing(SqlSubscriptions(engine), SqlOutbox(engine), vault, site.bureau.clock)
