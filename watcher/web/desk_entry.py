"""The desk's door: logging in and out, and one's own password."""

from __future__ import annotations

from typing import Any

from fastapi import Request, Response
from fastapi.concurrency import run_in_threadpool

from watcher.core.passwords import LONGEST, SHORTEST, PasswordTrouble
from watcher.core.printable import one_line
from watcher.core.users import Role
from watcher.entrance import Denied, Entered, Why
from watcher.web.desk_guard import BOTH, PRIVATE, Guard, from_here, onward, whence
from watcher.web.forms import Pairs, form_of

LOGIN = "/desk/login"
_LONGEST_NAME = 64
_STATUS = {Why.WRONG: 403, Why.WAIT: 429, Why.BUSY: 503}


def entry_routes(guard: Guard) -> None:
    _logging_in(guard)
    _logging_out(guard)
    _changing_password(guard)


def _logging_in(guard: Guard) -> None:
    @guard.router.api_route(LOGIN, methods=BOTH)
    def ask(request: Request) -> Response:
        wanted = onward(request.query_params.get("next", ""))
        if guard.who(request) is not None:
            return guard.home(request, wanted)
        said = request.query_params.get("said", "")
        return _door(guard, request, wanted, said=said if said in {"left", "changed"} else "")

    @guard.router.post(LOGIN)
    async def enter(request: Request) -> Response:
        from_here(request, guard.site.base_url)
        form = dict(await form_of(request))
        return await run_in_threadpool(_enter, guard, request, form)


def _enter(guard: Guard, request: Request, form: dict[str, str]) -> Response:
    name, wanted = form.get("name", ""), onward(form.get("next", ""))
    former = guard.cookie.token(request)
    welcome = guard.entrance.log_in(name, form.get("password", ""), whence(request), former)
    if isinstance(welcome, Denied):
        return _door(guard, request, wanted, denied=welcome, typed=one_line(name, _LONGEST_NAME))
    response = guard.home(request, wanted)
    guard.cookie.give(response, welcome.token)
    return response


def _door(
    guard: Guard,
    request: Request,
    wanted: str,
    *,
    denied: Denied | None = None,
    typed: str = "",
    said: str = "",
) -> Response:
    later = {"Retry-After": str(denied.seconds)} if denied and denied.seconds else {}
    return guard.site.page(
        request,
        "entry_login.html",
        status=_STATUS[denied.why] if denied else 200,
        headers={**PRIVATE, **later},
        wanted=wanted,
        denied=denied,
        typed=typed,
        said=said,
    )


def _logging_out(guard: Guard) -> None:
    @guard.acts("/desk/logout", Role.READER)
    def leave(request: Request, _entered: Entered, _form: Pairs) -> Response:
        guard.entrance.log_out(guard.cookie.token(request))
        return _outside(guard, request, "left")


def _changing_password(guard: Guard) -> None:
    @guard.shows("/desk/password")
    def ask(request: Request, entered: Entered) -> Response:
        return _password(guard, request, entered)

    @guard.acts("/desk/password", Role.READER)
    def change(request: Request, entered: Entered, form: Pairs) -> Response:
        sent = dict(form)
        if sent.get("new", "") != sent.get("again", ""):
            return _password(guard, request, entered, trouble="different")
        trouble = guard.entrance.change_password(
            entered.user, sent.get("old", ""), sent.get("new", ""), whence(request)
        )
        if trouble is None:
            return _outside(guard, request, "changed")
        return _password(guard, request, entered, trouble=trouble)


def _password(
    guard: Guard, request: Request, entered: Entered, trouble: Denied | PasswordTrouble | str = ""
) -> Response:
    denied = trouble if isinstance(trouble, Denied) else None
    values: dict[str, Any] = {
        "trouble": (denied.why if denied else trouble) or "",
        "seconds": denied.seconds if denied else 0,
        "shortest": SHORTEST,
        "longest": LONGEST,
        "here_in": "password",
    }
    status = _STATUS[denied.why] if denied else 422 if trouble else 200
    return guard.page(request, "entry_password.html", entered, status=status, **values)


def _outside(guard: Guard, request: Request, said: str) -> Response:
    response = guard.home(request, f"{LOGIN}?said={said}")
    guard.cookie.take(response)
    return response
