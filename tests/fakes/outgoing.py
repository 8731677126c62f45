"""Messages that are to be sent, as a worker would have claimed them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from tests.fakes.alerts import SEEN
from watcher.core.outbox import Claimed, Message, MessageKind
from watcher.core.ports_outgoing import Vault
from watcher.core.subscriptions import Choices, Recipient, Subscription, Way
from watcher.post import Limits
from watcher.vault import open_vault

SUBSCRIBER = "5" * 32
HASTY = Limits(total=0.8)  # for receivers that never answer
PATIENT = Limits(total=5.0)


@dataclass
class Desk:
    """Makes claimed messages to one address each time."""

    vault: Vault
    made: int = 0

    def claimed(self, way: Way, address: str, **changes: Any) -> Claimed:
        """Every message has an id of its own; `changes` are those of the message."""
        self.made += 1
        about = str(changes.pop("about", SUBSCRIBER))
        choices = changes.pop("choices", Choices())
        message = Message(
            id=f"{self.made:032x}",
            kind=MessageKind.ALERTS,
            way=way,
            about=about,
            alerts=("0" * 24,),
            run=None,
            created_at=SEEN,
            due_at=SEEN,
            sequence=self.made,
        )
        recipient: Recipient = self.vault.seal(address, about)
        subscription = Subscription(about, way, recipient, choices, SEEN, SEEN, "1")
        return Claimed(replace(message, **changes), subscription)


def desk(folder: Path) -> Desk:
    return Desk(open_vault(folder / "vigie.key"))
