"""What the desk asks of whoever keeps alerts, decisions and users. Each method is one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from watcher.core.cases import Case, Entry
from watcher.core.decisions import Action, Confirmed, Decision, Effects, Mute, Outcome
from watcher.core.filing_proposals import Proposal
from watcher.core.users import Role, Session, User


class DeskStore(Protocol):
    def queue(self) -> Sequence[Entry]:
        """What waits for a person; see `watcher.core.cases.queue`."""

    def case(self, alert: str) -> Case | None:
        """An alert of any state; `also` holds those of its group that wait as well and were seen near it."""

    def carry_out(self, alert: str, seen: str, effects: Effects, proposals: Sequence[Proposal]) -> Outcome:
        """Write all of it, and `proposals`, which the notices suggest, unless the case changed since `seen`.

        Nothing is written unless all of it can be: `Refused` says why not (OVERTAKEN, UNKNOWN,
        RULE_CHANGED, UNDONE); OVERTAKEN also when what a decision has as `before` is not what is kept. A
        retracted or corrected alert takes its open proposals with it: put them in `effects.refused`.
        Without decisions there may be proposals and nothing else.
        """

    def decisions(
        self,
        *,
        alert: str | None = None,
        action: Action | None = None,
        by: str | None = None,
        before: int | None = None,
        limit: int | None = None,
    ) -> Sequence[Decision]:
        """Newest first; `before` is the number of the last one that was read already."""

    def decision(self, number: int) -> Decision | None: ...

    def mutes(self, *, ended: bool = False) -> Sequence[Mute]:
        """Those in force, and the ended ones when asked for; oldest first."""

    def muted(self) -> Mapping[str, int]:
        """By mute: how many texts it has hidden."""

    def told(self, alerts: Sequence[str]) -> int:
        """How many subscriptions were told of any of these, or are about to be."""

    def confirmed(self) -> Sequence[Confirmed]:
        """Alerts as a person verified or corrected them, none that was retracted since; oldest first."""

    def look_again(self, source: str, by: str, now: datetime) -> bool:
        """Make a source due now, in the trail too; false when nobody knows it."""


class UserStore(Protocol):
    """Every change leaves a line in the trail, with the name of whoever did it."""

    def users(self) -> Sequence[User]:
        """By name, those who may not enter any more included."""

    def user(self, name: str) -> User | None: ...

    def add_user(self, user: User, by: str) -> bool:
        """False when the name is taken."""

    def set_password(self, name: str, password: str, by: str, now: datetime) -> bool:
        """Ends all sessions of this user; false when there is none of this name."""

    def rehash(self, name: str, old: str, new: str) -> None:
        """The same password, hashed anew: where `old` is kept still; ends no session, leaves no line."""

    def set_role(self, name: str, role: Role, by: str, now: datetime) -> bool: ...

    def disable(self, name: str, by: str, now: datetime) -> bool:
        """Ends all sessions of this user."""

    def enable(self, name: str, by: str, now: datetime) -> bool: ...

    def begin_session(self, session: Session) -> None: ...

    def session(self, key: str, now: datetime) -> tuple[Session, User] | None:
        """One that has not expired, of a user who may still enter."""

    def end_session(self, key: str) -> None: ...

    def end_expired(self, now: datetime) -> None: ...
