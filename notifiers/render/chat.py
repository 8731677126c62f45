"""Alerts as a chat tells them: one line that says it all, and where to read more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core import wording
from watcher.core.alerts import Alert
from watcher.core.feed import alert_page
from watcher.core.labels import Label, Vocabulary
from watcher.core.outbox import Claimed, DigestRun
from watcher.core.weblinks import web_link

_OFFICIAL = Label("Page officielle :", "Official page:")
_OURS = Label("Détails :", "Details:")
_UNOFFICIAL = Label(wording.UNOFFICIAL, "Unofficial site: only the préfecture's page counts.")


@dataclass(frozen=True, slots=True)
class ChatRenderer:
    """A `Renderer`: plain text in UTF-8."""

    vocabulary: Vocabulary
    base_url: str

    def __call__(self, claimed: Claimed, alerts: Sequence[Alert], run: DigestRun | None) -> bytes:
        code = claimed.subscription.choices.language
        told = [self._told(alert, code) for alert in alerts]
        return "\n\n".join([*told, _UNOFFICIAL.told(code)]).encode()

    def _told(self, alert: Alert, code: str) -> str:
        link = web_link(alert.address)
        lines = [*wording.notes(alert, self.vocabulary, code), wording.line(alert, self.vocabulary, code)]
        if link:
            lines.append(f"{_OFFICIAL.told(code)} {link.href}")
        lines.append(f"{_OURS.told(code)} {alert_page(self.base_url, alert.id)}")
        return "\n".join(lines)
