"""How much an alert matters to those who must file: what a subscription may ask for at least."""

from __future__ import annotations

from enum import StrEnum

from watcher.core.verdict import Verdict


class Severity(StrEnum):
    """In rising order."""

    INFO = "info"
    NOTICE = "notice"
    IMPORTANT = "important"

    def __ge__(self, other: object) -> bool:
        return isinstance(other, Severity) and _RANK[self] >= _RANK[other]


_RANK = {severity: rank for rank, severity in enumerate(Severity)}

# Whoever misses one of these loses time or papers: where and how to file, or that nobody is there.
_IMPORTANT = frozenset(
    {"anef_integration", "rdv_modality", "filing_channel", "opening_hours_or_closure", "outage"}
)
_NOTICE = frozenset({"documents_required", "fee", "special_scheme", "fraud_warning", "naturalisation"})


def severity(verdict: Verdict) -> Severity:
    """A text that changes nothing is information, whatever it is about; else its gravest category counts."""
    named = frozenset(verdict.categories)
    if verdict.is_change and named & _IMPORTANT:
        return Severity.IMPORTANT
    if named & (_NOTICE | _IMPORTANT):
        return Severity.NOTICE if verdict.is_change or "fraud_warning" in named else Severity.INFO
    return Severity.INFO
