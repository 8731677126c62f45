"""`vigie user`: who may enter the desk. Whoever runs it has the database, and so all rights there are."""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from collections.abc import Callable, Mapping

from watcher.bootstrap import App, open_app
from watcher.commands.signing import signature
from watcher.core.errors import UserError
from watcher.core.passwords import LONGEST, SHORTEST, PasswordTrouble, password_trouble, user_name
from watcher.core.printable import one_line
from watcher.core.users import Role, User
from watcher.settings import Settings

_TROUBLES: Mapping[PasswordTrouble, str] = {
    PasswordTrouble.SHORT: f"mot de passe trop court : {SHORTEST} caractères au moins",
    PasswordTrouble.LONG: f"mot de passe trop long : {LONGEST} octets au plus",
    PasswordTrouble.NAME: "le mot de passe ne peut pas être le nom",
    PasswordTrouble.PLAIN: "mot de passe trop simple : les mêmes caractères reviennent sans cesse",
}


def run(settings: Settings, options: argparse.Namespace) -> int:
    with open_app(settings) as app:
        if options.action == "list":
            return _list(app, as_json=options.json)
        return _ACTIONS[options.action](app, _name(options.name), options)


def _list(app: App, *, as_json: bool) -> int:
    for user in app.users.users():
        print(json.dumps(_row(user)) if as_json else _line(user))
    return 0


def _row(user: User) -> dict[str, str | None]:
    """Nothing of the password."""
    return {
        "name": user.name,
        "role": user.role,
        "created_at": user.created_at.isoformat(),
        "disabled_at": user.disabled_at.isoformat() if user.disabled_at else None,
    }


def _line(user: User) -> str:
    closed = f"  fermé le {user.disabled_at.date().isoformat()}" if user.disabled_at else ""
    return f"{user.name}  {user.role}  depuis le {user.created_at.date().isoformat()}{closed}"


def _add(app: App, name: str, options: argparse.Namespace) -> int:
    if app.users.user(name):
        raise UserError(f"« {name} » existe déjà (voir « vigie user password » et « vigie user role »)")
    user = User(name, Role(options.role), _hashed(name, options), app.clock.now())
    if not app.users.add_user(user, signature(options)):
        raise UserError(f"« {name} » existe déjà")
    print(f"{name} : ajouté ({user.role})")
    return 0


def _password(app: App, name: str, options: argparse.Namespace) -> int:
    if app.users.user(name) is None:
        raise _nobody(name)
    done = app.users.set_password(name, _hashed(name, options), signature(options), app.clock.now())
    return _done(name, "mot de passe changé, sessions fermées", done=done)


def _role(app: App, name: str, options: argparse.Namespace) -> int:
    done = app.users.set_role(name, Role(options.role), signature(options), app.clock.now())
    return _done(name, f"désormais {options.role}", done=done)


def _disable(app: App, name: str, options: argparse.Namespace) -> int:
    done = app.users.disable(name, signature(options), app.clock.now())
    return _done(name, "ne peut plus entrer, sessions fermées", done=done)


def _enable(app: App, name: str, options: argparse.Namespace) -> int:
    done = app.users.enable(name, signature(options), app.clock.now())
    return _done(name, "peut entrer de nouveau", done=done)


def _done(name: str, told: str, *, done: bool) -> int:
    if not done:
        raise _nobody(name)
    print(f"{name} : {told}")
    return 0


def _nobody(name: str) -> UserError:
    return UserError(f"personne ne s'appelle « {name} » (voir « vigie user list »)")


def _name(text: str) -> str:
    name = user_name(text)
    if name is None:
        raise UserError(f"« {one_line(text, 40)} » n'est pas un nom : lettres minuscules, chiffres, . - _")
    return name


def _hashed(name: str, options: argparse.Namespace) -> str:
    """A new password, hashed. It is never an argument: those stand in histories and lists of processes."""
    password = _asked(options)
    trouble = password_trouble(name, password)
    if trouble:
        raise UserError(_TROUBLES[trouble])
    from watcher.passwords import Argon2

    return Argon2().hash(password)


def _asked(options: argparse.Namespace) -> str:
    if options.stdin:
        return sys.stdin.readline(LONGEST + 2).rstrip("\r\n")
    if not sys.stdin.isatty():
        raise UserError("pas de terminal où demander le mot de passe (--stdin pour le lire)")
    password = getpass.getpass("mot de passe : ")
    if getpass.getpass("encore une fois : ") != password:
        raise UserError("les deux mots de passe diffèrent")
    return password


_Action = Callable[[App, str, argparse.Namespace], int]
_ACTIONS: Mapping[str, _Action] = {
    "add": _add,
    "password": _password,
    "role": _role,
    "disable": _disable,
    "enable": _enable,
}
