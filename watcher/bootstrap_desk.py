"""The composition root of the desk: who reviews, who enters, who may."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from watcher.bootstrap import App, have_rules, vocabulary
from watcher.clock import SystemClock
from watcher.core.users import Role, User

if TYPE_CHECKING:
    from watcher.core.labels import Vocabulary
    from watcher.entrance import Entrance
    from watcher.review import Review


def open_review(app: App, words: Vocabulary | None = None) -> Review:
    """Where maintainers decide; keep one for a process."""
    from watcher.review import Review
    from watcher.rulebook import Proposing

    propose = Proposing(app.rules, lambda: have_rules(app), app.clock)
    words = words or vocabulary(app.settings, app.catalogue)
    return Review(app.desk, app.store.alerts, propose, app.clock, words)


def open_entrance(app: App) -> Entrance:
    """Where maintainers log in; keep one for a process: it counts their tries."""
    from watcher.entrance import Entrance
    from watcher.passwords import Argon2

    # Where days pass in seconds, nobody could stay logged in.
    return Entrance(app.users, Argon2(), SystemClock() if app.rehearsal else app.clock)


def let_in(app: App, name: str) -> str:
    """A reviewer for as long as the database lasts; the password, which nobody can learn later."""
    from watcher.passwords import Argon2

    password = secrets.token_urlsafe(12)
    user = User(name, Role.REVIEWER, Argon2().hash(password), app.clock.now())
    app.users.add_user(user, name)
    return password
