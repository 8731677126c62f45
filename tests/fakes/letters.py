"""Messages that are about to be sent, and the links of their recipients."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from watcher.core.outbox import Claimed, DigestRun, Message, MessageKind
from watcher.core.subscriptions import Choices, Recipient, Subscription, Way

WRITTEN = datetime(2025, 9, 10, 7, 15, tzinfo=UTC)
RUN = DigestRun(
    id="daily:Europe/Paris:2025-09-10",
    starts_at=datetime(2025, 9, 9, 5, tzinfo=UTC),
    ends_at=datetime(2025, 9, 10, 5, tzinfo=UTC),
    coverage=(
        ("fr", "99 préfectures sur 101 lues depuis hier. Non lues : Rhône (69), depuis le 3 mars."),
        ("en", "99 préfectures of 101 read since yesterday."),
    ),
)


def claimed(number: int = 0, kind: MessageKind = MessageKind.ALERTS, **told: Any) -> Claimed:
    """A message for the subscriber of this number; `told` are choices, and fields of the message."""
    fields = {name: told.pop(name) for name in ("id", "created_at") if name in told}
    answers = told.pop("answers", None)
    about = f"{number:032x}"
    values: dict[str, Any] = {
        "id": f"m{number:031x}",
        "kind": kind,
        "way": Way.MAIL,
        "about": about,
        "alerts": (f"{0:024x}",),
        "run": RUN.id if kind is MessageKind.DIGEST else None,
        "created_at": WRITTEN,
        "due_at": WRITTEN,
    }
    subscription = Subscription(
        id=about,
        way=Way.MAIL,
        recipient=Recipient(b"sealed", f"index{number}", f"mailbox{number}"),
        choices=Choices(**told),
        confirmed_at=WRITTEN,
        asked_at=WRITTEN,
        consent="1",
    )
    return Claimed(Message(**{**values, **fields}), subscription, answers)


@dataclass
class PlainLinks:
    """Links whose tokens say whom they are of."""

    base: str = "https://vigie.example"
    domain: str = "lecteurs.example"

    def address(self, claimed: Claimed) -> str:
        return f"reader{int(claimed.message.about, 16)}@{self.domain}"

    def unsubscribe_url(self, subscription: str, language: str = "fr") -> str:
        return f"{self._root(language)}/unsubscribe/{subscription}.{'c0ffee' * 10}"

    def manage_url(self, subscription: str, language: str = "fr") -> str:
        return f"{self._root(language)}/manage/{subscription}.mmmm"

    def confirm_url(self, signup: str, written_at: datetime, language: str = "fr") -> str:
        return f"{self._root(language)}/confirm/{signup}.kkkk"

    def never_url(self, about: str, language: str = "fr") -> str:
        return f"{self._root(language)}/never/{about}.nnnn"

    def bounce_token(self, about: str) -> str:
        return f"{about}.b0b0b0b0b0b0b0b0"

    def _root(self, language: str) -> str:
        return f"{self.base}/en" if language == "en" else self.base
