"""What of the last days ought to have been told by now. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from watcher.core.state import Problem, ProblemKind

OLDEST, NEWEST = timedelta(hours=48), timedelta(hours=1)
"""The ages of the alerts that are looked at."""
SUBJECT = "outbox"
NAMED = 3


@dataclass(frozen=True, slots=True)
class Gap:
    """An alert that so many subscriptions want, and that nothing tells them."""

    alert: str
    subscriptions: int


def untold(gaps: Sequence[Gap], now: datetime) -> list[Problem]:
    if not gaps:
        return []
    shown = ", ".join(f"{gap.alert[:12]} ({gap.subscriptions} abonnements)" for gap in gaps[:NAMED])
    more = f" et {len(gaps) - NAMED} autres" if len(gaps) > NAMED else ""
    text = f"alertes publiées, demandées, et que rien n'envoie : {shown}{more}"
    return [Problem(SUBJECT, ProblemKind.UNTOLD, now, text, needs_human=True)]
