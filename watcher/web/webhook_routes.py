"""Registering a web-hook, and what a receiver of one must know."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool

from watcher.core.choices_form import FormError, Sent, parse, sent
from watcher.core.printable import one_line
from watcher.core.subscriptions import Choices
from watcher.core.webhooks import LENGTH, WebhookError
from watcher.web.forms import NOT_KEPT, Pairs, form_of, from_our_page, refusal
from watcher.web.policy import SCRIPTED
from watcher.web.site import Site
from watcher.web.subscribe_routes import BOTH, Networks, Trouble, choices_view
from watcher.web.tongues import language_of, place_in
from watcher.webhooks import Webhooks

TERMS = "webhook-1"
"""The version of what the page promises and asks for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A form that may be acted on."""

    address: str
    choices: Choices


def webhook_routes(site: Site, webhooks: Webhooks) -> APIRouter:
    router = APIRouter()
    networks = Networks()

    @router.api_route("/webhooks", methods=BOTH)
    def choose(request: Request) -> Response:
        return _form(site, webhooks, request, sent(request.query_params.multi_items()))

    @router.post("/webhooks")
    async def register(request: Request) -> Response:
        from_our_page(request, site.base_url)
        pairs = await form_of(request)
        asked = _read(pairs, webhooks, site)
        if isinstance(asked, Trouble):
            return await run_in_threadpool(_again, site, webhooks, request, pairs, asked)
        ruling = networks.rule(request, site)
        if not ruling.allowed:
            raise refusal(429, "subscribe.too_many", **{"Retry-After": str(ruling.reset)})
        return await run_in_threadpool(_registered, site, webhooks, request, asked)

    return router


def _registered(site: Site, webhooks: Webhooks, request: Request, asked: Asked) -> Response:
    registered = webhooks.register(asked.address, asked.choices, TERMS)
    address = site.base_url + place_in(language_of(request))
    kept_by_nobody = {**NOT_KEPT, **SCRIPTED}
    return site.page(
        request, "webhooks_asked.html", headers=kept_by_nobody, registered=registered, site=address
    )


def _read(pairs: Pairs, webhooks: Webhooks, site: Site) -> Asked | Trouble:
    """What was asked, or the first thing that is wrong with it."""
    single = dict(pairs)
    if not webhooks.is_form(single.get("form", "")):
        return Trouble("stale")
    if single.get("homepage"):
        return Trouble("trap", "homepage")
    try:
        return Asked(webhooks.address(single.get("url", "")), parse(sent(pairs), site.vocabulary))
    except WebhookError as error:
        return Trouble(f"address_{error.trouble}", "url")
    except FormError as error:
        return Trouble("unknown", error.field, error.value)


def _again(site: Site, webhooks: Webhooks, request: Request, pairs: Pairs, trouble: Trouble) -> Response:
    url = one_line(dict(pairs).get("url", "")[:LENGTH], LENGTH)
    return _form(site, webhooks, request, sent(pairs), url=url, trouble=trouble, status=422)


def _form(
    site: Site,
    webhooks: Webhooks,
    request: Request,
    form: Sent,
    *,
    url: str = "",
    trouble: Trouble | None = None,
    status: int = 200,
) -> Response:
    return site.page(
        request,
        "webhooks.html",
        status=status,
        headers=NOT_KEPT,
        form=webhooks.form(),
        url=url,
        trouble=trouble,
        **choices_view(site, request, form),
    )
