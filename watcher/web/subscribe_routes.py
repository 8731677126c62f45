"""Signing up for alerts by mail."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from watcher.core.choices_form import FormError, Sent, offer, parse, sent
from watcher.core.mail_address import LONGEST, AddressError, mail_address
from watcher.core.printable import one_line
from watcher.core.signups import FROM_ONE_NETWORK
from watcher.core.subscriptions import Choices
from watcher.core.throttle import Ruling, Visits, party, veiled
from watcher.subscribe import Subscribing
from watcher.web.forms import NOT_KEPT, Pairs, form_of, from_our_page, refusal
from watcher.web.site import Site
from watcher.web.tongues import language_of

BOTH = ["GET", "HEAD"]
CONSENT = "1"
"""The version of what people agree to; to be raised whenever `subscribe.consent` changes its meaning."""

_NETWORK = {"v4": 24, "v6": 48}


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that may be acted on."""

    address: str
    choices: Choices
    consent: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a form is shown again: a phrase of the page, the field that it is about, and what was sent in it."""

    phrase: str
    field: str = ""
    value: str = ""


@dataclass(slots=True)
class Networks:
    """How often somebody of one network signed up. Only what a key of this process makes of it is kept."""

    visits: Visits = field(default_factory=lambda: Visits(FROM_ONE_NETWORK))
    key: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def rule(self, request: Request, site: Site) -> Ruling:
        whose = party(request.client.host if request.client else "", **_NETWORK)
        return self.visits.rule(veiled(whose, self.key), site.clock.now())


def subscribe_routes(site: Site, subscribing: Subscribing | None) -> APIRouter:
    """Without `subscribing`, or while it is closed, the page says so and offers the feeds."""
    router = APIRouter()
    networks = Networks()
    taking = subscribing if subscribing and subscribing.open else None

    @router.api_route("/subscribe", methods=BOTH)
    def choose(request: Request) -> Response:
        if taking is None:
            return site.page(request, "subscribe_closed.html", headers=NOT_KEPT)
        return _form(site, taking, request, sent(request.query_params.multi_items()))

    @router.post("/subscribe")
    async def ask(request: Request) -> Response:
        from_our_page(request, site.base_url)
        if taking is None:
            raise refusal(503, "subscribe.closed")
        pairs = await form_of(request)
        asked = _read(pairs, taking, site, language_of(request))
        if isinstance(asked, Trouble):
            return await run_in_threadpool(_again, site, taking, request, pairs, asked)
        ruling = networks.rule(request, site)
        if not ruling.allowed:
            raise refusal(429, "subscribe.too_many", **{"Retry-After": str(ruling.reset)})
        await run_in_threadpool(taking.ask, asked.address, asked.choices, asked.consent)
        return await run_in_threadpool(site.page, request, "subscribe_asked.html", headers=NOT_KEPT)

    return router


def choices_view(site: Site, request: Request, form: Sent) -> Mapping[str, Any]:
    """What the part of a page needs in which alerts are chosen."""
    language = language_of(request)
    chosen = {name: values or _DEFAULTS.get(name, []) for name, values in form.items()}
    if not form["language"]:
        chosen["language"] = [language]
    return {"offered": offer(site.vocabulary, language), "chosen": chosen}


_DEFAULTS = {"severity": ["info"], "cadence": ["now"]}


def _read(pairs: Pairs, subscribing: Subscribing, site: Site, language: str) -> Asked | Trouble:
    """What was asked, or the first thing that is wrong with it; depends on nothing but the form."""
    single = dict(pairs)
    if not subscribing.is_form(single.get("form", "")):
        return Trouble("stale")
    if single.get("homepage"):
        return Trouble("trap", "homepage")
    try:
        address = mail_address(single.get("address", ""))
        choices = parse(sent(pairs), site.vocabulary)
    except AddressError as error:
        return Trouble(f"address_{error.trouble}", "address")
    except FormError as error:
        return Trouble("unknown", error.field, error.value)
    if single.get("consent") != CONSENT:
        return Trouble("no_consent", "consent")
    return Asked(address, choices, f"{CONSENT}-{language}")


def _again(
    site: Site, subscribing: Subscribing, request: Request, pairs: Pairs, trouble: Trouble
) -> Response:
    address = one_line(dict(pairs).get("address", "")[:LONGEST], LONGEST)
    return _form(site, subscribing, request, sent(pairs), address=address, trouble=trouble, status=422)


def _form(
    site: Site,
    subscribing: Subscribing,
    request: Request,
    form: Sent,
    *,
    address: str = "",
    trouble: Trouble | None = None,
    status: int = 200,
) -> Response:
    return site.page(
        request,
        "subscribe.html",
        status=status,
        headers=NOT_KEPT,
        form=subscribing.form(),
        address=address,
        trouble=trouble,
        consent=CONSENT,
        **choices_view(site, request, form),
    )
