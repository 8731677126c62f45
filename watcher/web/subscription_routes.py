"""What links in our mails lead to: GET shows what can be done, only POST does it."""

from __future__ import annotations

import json
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import PlainTextResponse

from watcher.core.choices_form import FormError, Sent, filled, parse, sent
from watcher.core.ports_outgoing import Purpose
from watcher.core.subscriptions import EndReason, Subscription, Way
from watcher.subscribe import Subscribing
from watcher.web.forms import NOT_KEPT, form_of, from_our_page, refusal
from watcher.web.site import Site
from watcher.web.subscribe_routes import BOTH, Trouble, choices_view

ONE_CLICK = ("List-Unsubscribe", "One-Click")  # RFC 8058: the mail program asks, no person and no page


def subscription_routes(site: Site, subscribing: Subscribing) -> APIRouter:
    router = APIRouter()
    _confirming(router, site, subscribing)
    _refusing(router, site, subscribing)
    _leaving(router, site, subscribing)
    _managing(router, site, subscribing)
    return router


def _page(site: Site, request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    return site.page(request, template, status=status, headers=NOT_KEPT, **values)


def _confirming(router: APIRouter, site: Site, subscribing: Subscribing) -> None:
    @router.api_route("/confirm/{token}", methods=BOTH)
    def look(request: Request, token: str) -> Response:
        signup = subscribing.signup(Purpose.CONFIRM, token)
        if signup is None:
            return _page(site, request, "confirm.html", status=404, state="gone")
        view = choices_view(site, request, filled(signup.choices))
        return _page(site, request, "confirm.html", state="asked", token=token, **view)

    @router.post("/confirm/{token}")
    def act(request: Request, token: str) -> Response:
        from_our_page(request, site.base_url)
        confirmed = subscribing.confirm(token)
        if confirmed is None:
            return _page(site, request, "confirm.html", status=404, state="gone")
        return _page(site, request, "confirm.html", state="done", cadence=confirmed.choices.cadence)


def _refusing(router: APIRouter, site: Site, subscribing: Subscribing) -> None:
    @router.api_route("/never/{token}", methods=BOTH)
    def look(request: Request, token: str) -> Response:
        waits = subscribing.signup(Purpose.NEVER, token) is not None
        return _page(
            site,
            request,
            "never.html",
            status=200 if waits else 404,
            state="asked" if waits else "gone",
            token=token,
        )

    @router.post("/never/{token}")
    def act(request: Request, token: str) -> Response:
        from_our_page(request, site.base_url)
        done = subscribing.never(token)
        return _page(
            site,
            request,
            "never.html",
            status=200 if done else 404,
            state="done" if done else "gone",
            token=token,
        )


def _leaving(router: APIRouter, site: Site, subscribing: Subscribing) -> None:
    @router.api_route("/unsubscribe/{token}", methods=BOTH)
    def look(request: Request, token: str) -> Response:
        if subscribing.subject(Purpose.UNSUBSCRIBE, token) is None:
            return _page(site, request, "unsubscribe.html", status=404, state="gone")
        found = subscribing.subscription(Purpose.UNSUBSCRIBE, token)
        if found is None:
            return _page(site, request, "unsubscribe.html", state="done")
        by_mail = found.way is Way.MAIL
        return _page(site, request, "unsubscribe.html", state="asked", token=token, by_mail=by_mail)

    @router.post("/unsubscribe/{token}")
    async def act(request: Request, token: str) -> Response:
        one_click = ONE_CLICK in await form_of(request)
        if not one_click:
            from_our_page(request, site.base_url)
        reason = EndReason.ONE_CLICK if one_click else EndReason.UNSUBSCRIBED
        known = await run_in_threadpool(subscribing.leave, Purpose.UNSUBSCRIBE, token, reason)
        if one_click and known:
            return PlainTextResponse("ok\n", headers=NOT_KEPT)
        status, state = (200, "done") if known else (404, "gone")
        return await run_in_threadpool(_page, site, request, "unsubscribe.html", status=status, state=state)

    @router.post("/manage-link/{token}")
    def send_link(request: Request, token: str) -> Response:
        from_our_page(request, site.base_url)
        known = subscribing.ask_management(token)
        status, state = (200, "sent") if known else (404, "gone")
        return _page(site, request, "unsubscribe.html", status=status, state=state)


def _managing(router: APIRouter, site: Site, subscribing: Subscribing) -> None:
    @router.api_route("/manage/{token}", methods=BOTH)
    def look(request: Request, token: str) -> Response:
        found = subscribing.subscription(Purpose.MANAGE, token)
        return _manage(site, subscribing, request, token, found)

    @router.post("/manage/{token}")
    async def act(request: Request, token: str) -> Response:
        from_our_page(request, site.base_url)
        form = await form_of(request)
        if dict(form).get("do") == "leave":
            return await run_in_threadpool(_leave, site, subscribing, request, token)
        return await run_in_threadpool(_choose, site, subscribing, request, token, sent(form))

    @router.api_route("/manage/{token}/data", methods=BOTH)
    def data(request: Request, token: str) -> Response:
        found = subscribing.subscription(Purpose.MANAGE, token)
        if found is None:
            raise refusal(404, "manage.gone")
        body = json.dumps(subscribing.data(found), ensure_ascii=False, indent=1) + "\n"
        named = {"Content-Disposition": 'attachment; filename="vigie.json"'}
        return Response(body, media_type="application/json", headers={**NOT_KEPT, **named})


def _leave(site: Site, subscribing: Subscribing, request: Request, token: str) -> Response:
    known = subscribing.leave(Purpose.MANAGE, token, EndReason.UNSUBSCRIBED)
    status, state = (200, "done") if known else (404, "gone")
    return _page(site, request, "unsubscribe.html", status=status, state=state)


def _choose(site: Site, subscribing: Subscribing, request: Request, token: str, form: Sent) -> Response:
    found = subscribing.subscription(Purpose.MANAGE, token)
    if found is None:
        return _manage(site, subscribing, request, token, None)
    try:
        choices = parse(form, site.vocabulary)
    except FormError as error:
        trouble = Trouble("unknown", error.field, error.value)
        return _manage(site, subscribing, request, token, found, form=form, trouble=trouble)
    saved = subscribing.choose(token, choices)
    changed = subscribing.subscription(Purpose.MANAGE, token)
    return _manage(site, subscribing, request, token, changed, saved=saved)


def _manage(
    site: Site,
    subscribing: Subscribing,
    request: Request,
    token: str,
    subscription: Subscription | None,
    *,
    form: Sent | None = None,
    trouble: Trouble | None = None,
    saved: bool = False,
) -> Response:
    if subscription is None:
        return _page(site, request, "manage_gone.html", status=404)
    return _page(
        site,
        request,
        "manage.html",
        status=422 if trouble else 200,
        token=token,
        subscription=subscription,
        address=subscribing.address(subscription).partition("\n")[0],
        saved=saved,
        trouble=trouble,
        **choices_view(site, request, form or filled(subscription.choices)),
    )
