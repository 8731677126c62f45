"""What people do at the desk, as their browsers send it."""

from __future__ import annotations

import re
from html import unescape

import httpx

from tests.fakes.desk_pages import Office, Person, flagged
from watcher.core.alerts import Alert, AlertState
from watcher.core.decisions import Action
from watcher.web.desk_form import Sent, filled

ONE = flagged(1)


def fields(
    there: Office, action: str, about: Alert = ONE, /, **changes: str | list[str]
) -> list[tuple[str, str]]:
    """The form as the page shows it now, with this button pressed."""
    case = there.bureau.review.case(about.id)
    assert case is not None
    shown: Sent = filled(case)
    told = {name: list(values) for name, values in shown.items()} | {"action": [action]}
    told |= {name: [value] if isinstance(value, str) else value for name, value in changes.items()}
    marked = [(f"proposal-{one}", word) for word in ("accept", "refuse") for one in told.pop(word)]
    return [(name, value) for name, values in told.items() for value in values] + marked


def decide(
    there: Office, person: Person, action: str, about: Alert = ONE, /, **changes: str | list[str]
) -> httpx.Response:
    return person.send(f"/desk/alerts/{about.id}", fields(there, action, about, **changes))


def state(there: Office, alert: Alert = ONE) -> AlertState:
    found = there.bureau.store.alert(alert.id)
    assert found is not None
    return found.state


def text(answer: httpx.Response) -> str:
    """What is read on a page, no-break spaces as plain ones."""
    return unescape(re.sub(r"<[^>]+>", "", answer.text)).replace("\u00a0", " ")


def trail(there: Office) -> list[Action]:
    return [one.action for one in there.bureau.review.decisions() if one.action is not Action.USER]
