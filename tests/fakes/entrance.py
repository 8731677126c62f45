"""An entrance to the desk, with somebody of each role."""

from __future__ import annotations

from tests.fakes.alerts import StillClock
from tests.fakes.passwords import QuickPasswords
from watcher.core.passwords import Passwords
from watcher.core.ports_desk import UserStore
from watcher.core.users import Role, User
from watcher.entrance import Entrance

PASSWORD = "un phare dans la brume"
STAFF = {"ana": Role.ADMIN, "remi": Role.REVIEWER, "lea": Role.READER}


def entrance(users: UserStore, clock: StillClock, passwords: Passwords | None = None) -> Entrance:
    """Everybody of `STAFF` may enter, with the same password."""
    passwords = passwords or QuickPasswords()
    for name, role in STAFF.items():
        users.add_user(User(name, role, passwords.hash(PASSWORD), clock.now()), "root")
    return Entrance(users, passwords, clock)
