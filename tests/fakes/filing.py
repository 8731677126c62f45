"""Rules for tests: few words, and evidence that says so."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from watcher.core.filing import Evidence, Rule
from watcher.core.verdict import PartialDate

KNOWN = datetime(2025, 9, 1, 8, tzinfo=UTC)


def rule(motif: str = "salarie", channel: str = "courrier", **changes: Any) -> Rule:
    """A rule of the Cantal without dates; its id tells its slot and start unless it is given."""
    values: dict[str, Any] = {
        "operation": "",
        "territory": "15",
        "regime": "",
        "address": "",
        "valid_from": None,
        "valid_to": None,
        "evidence": (Evidence(sentence="Il est écrit ainsi."),),
        "checked_on": date(2025, 9, 1),
        "checked_by": "",
        "known_from": KNOWN,
        **changes,
    }
    for key in ("valid_from", "valid_to"):
        values[key] = PartialDate(values[key]) if values[key] else None
    parts = (values["territory"], motif, values["operation"], values["regime"], values["valid_from"] or "")
    values.setdefault("id", "-".join(filter(None, parts)))
    return Rule(motif=motif, channel=channel, **values)
