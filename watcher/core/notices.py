"""How decisions are told: the alert that readers get, and the line of the trail. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from watcher.core.alerts import Alert, AlertState
from watcher.core.cases import Case
from watcher.core.decisions import Decision, Order
from watcher.core.filing_store import ProposalState, Recorded

OVER = frozenset({AlertState.CORRECTED, AlertState.RETRACTED})
"""Another alert has their place."""


def notice_id(alert: Alert, case: Case) -> str:
    """The id of the alert by which readers hear of a decision: another one for each."""
    return hashlib.sha256(f"{alert.id}\x1f{case.version}".encode()).hexdigest()[:24]


def notice(says: Alert, corrects: Alert, case: Case, now: datetime) -> Alert:
    """An alert of a person that says what `says` does, in the place of `corrects`, which `case` is about."""
    return replace(
        says,
        id=notice_id(corrects, case),
        detected_at=now,
        updated_at=now,
        group="",
        corrects=corrects.id,
        reviewed=True,
        was_verified=False,
        first=corrects.root,
        former=corrects.verdict,
    )


def line(
    order: Order,
    now: datetime,
    alert: Alert,
    after: Alert | None,
    *,
    case: Case,
    accepted: Iterable[str] = (),
    refused: Iterable[str] = (),
    notice: str = "",
) -> Decision:
    """What the trail says of one alert, with those of the proposals that are its own."""
    mine = {one.proposal.id for one in case.proposals if one.proposal.alert == alert.id}
    return Decision(
        order.action,
        order.by,
        now,
        alert=alert.id,
        note=order.note,
        before=alert if after else None,
        after=after,
        notice=notice,
        accepted=tuple(one for one in accepted if one in mine),
        refused=tuple(one for one in refused if one in mine),
    )


def ids(recorded: Iterable[Recorded], state: ProposalState) -> tuple[str, ...]:
    return tuple(one.proposal.id for one in recorded if one.state is state)
