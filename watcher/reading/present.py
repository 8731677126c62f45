"""A verdict as the JSON object that other programs read."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from watcher.core.verdict import Verdict


def verdict_json(id: str, verdict: Verdict) -> dict[str, Any]:  # noqa: A002 - the contract's word
    """One line of `vigie classify`: the keys are a contract."""
    return {
        "id": id,
        "categories": list(verdict.categories),
        "is_change": verdict.is_change,
        "effective_from": verdict.effective_from,
        "effective_to": verdict.effective_to,
        "motifs": list(verdict.motifs),
        "channel_before": verdict.channel_before,
        "channel_after": verdict.channel_after,
        "facts": [asdict(fact) for fact in verdict.facts],
        "confidence": verdict.confidence,
        "route": str(verdict.route),
        "reasons": [{"rule": reason.rule, "words": reason.words} for reason in verdict.reasons],
    }
