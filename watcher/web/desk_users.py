"""Who may enter the desk: for admins."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import Request, Response

from watcher.core.passwords import SHORTEST, PasswordTrouble
from watcher.core.printable import one_line
from watcher.core.users import Role, User
from watcher.entrance import Entered
from watcher.staff import Staff, Unchanged
from watcher.web.desk_guard import Guard
from watcher.web.forms import Pairs, refusal

PATH = "/desk/users"
_LONGEST_NAME = 64
_DONE = ("added", "role", "disabled", "enabled")

Changes = Callable[[str, Entered, dict[str, str]], Unchanged | None]


def user_routes(guard: Guard, staff: Staff) -> None:
    @guard.shows(PATH, Role.ADMIN)
    def everybody(request: Request, entered: Entered) -> Response:
        return _page(guard, staff, request, entered)

    @guard.acts(PATH, Role.ADMIN)
    def add(request: Request, entered: Entered, form: Pairs) -> Response:
        sent = dict(form)
        role = _role(sent.get("role", ""))
        added = staff.add(sent.get("name", ""), role, sent.get("password", ""), entered.user.name)
        if isinstance(added, User):
            return guard.home(request, f"{PATH}?did=added&who={added.name}")
        typed = one_line(sent.get("name", ""), _LONGEST_NAME)
        return _page(guard, staff, request, entered, trouble=added, typed=typed, role=role)

    def set_role(name: str, entered: Entered, sent: dict[str, str]) -> Unchanged | None:
        return staff.set_role(name, _role(sent.get("role", "")), entered.user.name)

    def disable(name: str, entered: Entered, _sent: dict[str, str]) -> Unchanged | None:
        return staff.disable(name, entered.user.name)

    def enable(name: str, entered: Entered, _sent: dict[str, str]) -> Unchanged | None:
        return staff.enable(name, entered.user.name)

    _changing(guard, staff, "role", "role", set_role)
    _changing(guard, staff, "disable", "disabled", disable)
    _changing(guard, staff, "enable", "enabled", enable)


def _changing(guard: Guard, staff: Staff, verb: str, done: str, change: Changes) -> None:
    """What can be done about one user."""

    @guard.acts(f"{PATH}/{{name}}/{verb}", Role.ADMIN)
    def changed(request: Request, entered: Entered, form: Pairs) -> Response:
        name = request.path_params["name"]
        trouble = change(name, entered, dict(form))
        if trouble is Unchanged.UNKNOWN:
            raise refusal(404, "entry.users.trouble.unknown")
        if trouble is not None:
            return _page(guard, staff, request, entered, trouble=trouble)
        return guard.home(request, f"{PATH}?did={done}&who={name}")


def _page(
    guard: Guard,
    staff: Staff,
    request: Request,
    entered: Entered,
    *,
    trouble: Unchanged | PasswordTrouble | None = None,
    typed: str = "",
    role: Role = Role.REVIEWER,
) -> Response:
    users = staff.all()
    did, who = request.query_params.get("did", ""), request.query_params.get("who", "")
    told = did in _DONE and any(user.name == who for user in users)
    return guard.page(
        request,
        "entry_users.html",
        entered,
        status=422 if trouble else 200,
        here_in="users",
        users=users,
        roles=list(Role),
        trouble=trouble or "",
        typed=typed,
        role=role,
        shortest=SHORTEST,
        did=did if told else "",
        who=who,
    )


def _role(text: str) -> Role:
    if text not in list(Role):
        raise refusal(422, "entry.users.trouble.role")
    return Role(text)
