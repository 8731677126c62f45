"""An alert as web-hooks tell it: as the API does, in an envelope with room for a number."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from watcher.core.alert_data import alert_data, as_json
from watcher.core.alerts import Alert, AlertState
from watcher.core.labels import Vocabulary
from watcher.core.outbox import Claimed, DigestRun, MessageKind
from watcher.core.posting import LARGEST_BODY

_ROOM = 32  # bytes, for the number


@dataclass(frozen=True, slots=True)
class WebhookRenderer:
    """A `Renderer`; see `watcher.core.webhooks.numbered` for what the sender adds."""

    vocabulary: Vocabulary
    base_url: str

    def __call__(self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None) -> bytes:
        if claimed.message.kind is MessageKind.CHALLENGE:
            return b""  # a challenge is nothing but what the sender makes of its id
        (alert,) = alerts
        return self._body(alert)

    def _body(self, alert: Alert) -> bytes:
        """Facts are left out from the last on until the rest is as small as was promised."""
        data = alert_data(alert, self.vocabulary, self.base_url)
        event = {"sequence": 0, "type": event_type(alert), "timestamp": alert.updated_at, "data": data}
        while len(body := _dumped(event)) > LARGEST_BODY - _ROOM and data["facts"]:
            data["facts"] = data["facts"][: len(data["facts"]) // 2]
        return body


def event_type(alert: Alert) -> str:
    if alert.state is AlertState.RETRACTED:
        return "alert.retracted"
    corrected = alert.corrects is not None or alert.state is AlertState.CORRECTED
    return "alert.corrected" if corrected else "alert.published"


def _dumped(event: dict[str, Any]) -> bytes:
    return json.dumps(event, ensure_ascii=False, separators=(",", ":"), default=as_json).encode()
