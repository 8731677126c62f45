"""The trail of decisions as the desk shows it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from watcher.core import wording
from watcher.core.cases import undone
from watcher.core.decisions import Action, Decision
from watcher.core.labels import STATES, Vocabulary
from watcher.core.printable import one_line, printable
from watcher.web.desk_form import NOTE
from watcher.web.desk_site import case_path
from watcher.web.tongues import Tongue

_NEVER_UNDONE = frozenset({Action.UNDO, Action.LOOK, Action.REVERT, Action.USER})


@dataclass(frozen=True, slots=True)
class DecisionView:
    number: int
    action: Action
    label: str
    by: str
    at: datetime
    title: str  # "" when it is not about an alert
    place: str
    href: str
    subject: str
    note: str
    state: str  # of one that undoes: what the alert is again
    accepted: int
    refused: int
    notice: str  # where the notice is decided about
    undoes: int | None
    gone: bool  # undone by a later one
    undoable: bool


def trail(decisions: Sequence[Decision], vocabulary: Vocabulary, tongue: Tongue) -> tuple[DecisionView, ...]:
    """Newest first. Of each alert's decisions the last that stands can be undone."""
    newest = sorted(decisions, key=lambda one: one.number, reverse=True)
    gone = undone(decisions)
    last = _last_standing(newest, gone)
    return tuple(_view(one, vocabulary, tongue, gone, last) for one in newest)


def _last_standing(newest: Iterable[Decision], gone: Collection[int]) -> frozenset[int]:
    last: dict[str, int] = {}
    for one in newest:
        if one.alert and one.action not in _NEVER_UNDONE and one.number not in gone:
            last.setdefault(one.alert, one.number)
    return frozenset(last.values())


def _view(
    one: Decision,
    vocabulary: Vocabulary,
    tongue: Tongue,
    gone: Collection[int],
    last: Collection[int],
) -> DecisionView:
    alert = one.after or one.before
    back = one.after if one.action is Action.UNDO else None
    return DecisionView(
        number=one.number,
        action=one.action,
        label=tongue.speech.say(f"desk.actions.{one.action}"),
        by=one_line(one.by, wording.TITLE),
        at=one.at,
        title=wording.title(alert, tongue.code) if alert else one.alert,
        place=vocabulary.place(alert.prefecture) if alert else "",
        href=tongue.root + case_path(one.alert) if one.alert else "",
        subject=one_line(one.subject, wording.TITLE),
        note=_account(one, tongue) if one.action is Action.USER else printable(one.note, NOTE),
        state=STATES[back.state].told(tongue.code) if back else "",
        accepted=len(one.accepted),
        refused=len(one.refused),
        notice=tongue.root + case_path(one.notice) if one.notice else "",
        undoes=one.undoes,
        gone=one.number in gone,
        undoable=one.number in last,
    )


def _account(one: Decision, tongue: Tongue) -> str:
    """What happened to somebody's account: ``added:reviewer``, ``password``, … in words."""
    what, _, role = one.note.partition(":")
    key, told = f"desk.user_notes.{what}", f"desk.roles.{role}"
    phrases = tongue.speech.phrases
    if key not in phrases:
        return printable(one.note, NOTE)
    return tongue.speech.say(key, role=phrases.get(told, role))
