"""What the commands print: the machine output is a contract, one JSON object a line."""

from __future__ import annotations

from collections.abc import Mapping

from watcher.core import wording
from watcher.core.alerts import Alert
from watcher.core.items import Extraction, Item, OfficialLink
from watcher.core.labels import Vocabulary
from watcher.core.page import Outcome
from watcher.core.printable import one_line
from watcher.poll import Polled


def polled_json(polled: Polled) -> Mapping[str, object]:
    """One poll; only what readers may hear of counts as a change."""
    plan = polled.plan
    changes = [c for c in plan.changes if c.kind.told] if plan else []
    verdicts = plan.verdicts if plan else {}
    return {
        "source": polled.source,
        "outcome": str(polled.outcome),
        "changes": [
            {
                "id": change.id,
                "kind": str(change.kind),
                "title": change.item.title,
                "url": change.item.address,
                "published": _day(change.item),
                "categories": list(verdicts[change.id].categories),
                "route": str(verdicts[change.id].route),
            }
            for change in changes
        ],
        "requests": polled.requests,
        "bytes": polled.wire_bytes,
        "ms": round(polled.span.total_seconds() * 1000, 1),
        **({"reason": polled.reason} if polled.reason else {}),
    }


def polled_line(polled: Polled) -> str:
    """One poll for people."""
    changes = [c for c in polled.plan.changes if c.kind.told] if polled.plan else []
    count = f" · {len(changes)} changement{'s' if len(changes) > 1 else ''}" if changes else ""
    reason = f" ({polled.reason})" if polled.reason else ""
    return f"{polled.source} : {polled.outcome}{count}{reason}"


def extraction_json(outcome: Outcome, extraction: Extraction | None, reason: str) -> Mapping[str, object]:
    """What a page says, or why it says nothing."""
    return {
        "outcome": str(outcome),
        "layout": extraction.layout if extraction else None,
        "items": [_item_json(item) for item in extraction.items] if extraction else [],
        "links": [_link_json(link) for link in extraction.links] if extraction else [],
        "next_page": extraction.next_page if extraction else None,
        **({"updated": extraction.updated.isoformat()} if extraction and extraction.updated else {}),
        **({"anomalies": list(extraction.anomalies)} if extraction and extraction.anomalies else {}),
        **({"reason": reason} if reason else {}),
    }


def alert_json(alert: Alert, vocabulary: Vocabulary) -> Mapping[str, object]:
    verdict = alert.verdict
    return {
        "id": alert.id,
        "prefecture": alert.prefecture,
        "source": alert.source,
        "kind": str(alert.kind),
        "state": str(alert.state),
        "title": alert.title,
        "url": alert.address,
        "published": alert.published.isoformat() if alert.published else None,
        "detected_at": alert.detected_at.isoformat(timespec="seconds"),
        "categories": list(verdict.categories),
        "motifs": list(verdict.motifs),
        "effective_from": verdict.effective_from,
        "effective_to": verdict.effective_to,
        "channel_before": verdict.channel_before,
        "channel_after": verdict.channel_after,
        "confidence": round(verdict.confidence, 3),
        "route": str(verdict.route),
        "summary": alert.summary,
        "before": alert.before,
        "historical": alert.historical,
        "reasons": [{"rule": r.rule, "words": r.words} for r in verdict.reasons],
        **{f"summary_{code}": wording.line(alert, vocabulary, code) for code in vocabulary.languages},
    }


def alert_line(alert: Alert, vocabulary: Vocabulary) -> str:
    mark = " [non vérifié]" if alert.state == "unverified" else ""
    mark += " [historique]" if alert.historical else ""
    since = f", effet {alert.verdict.effective_from}" if alert.verdict.effective_from else ""
    return (
        f"{alert.detected_at:%Y-%m-%d %H:%M} {wording.line(alert, vocabulary)}{mark}\n"
        f"    {wording.title(alert)} ({', '.join(alert.verdict.categories)}{since})\n"
        f"    {one_line(alert.address)}"
    )


def _item_json(item: Item) -> Mapping[str, object]:
    return {
        "key": item.key,
        "url": item.address,
        "title": item.title,
        "published": item.published.isoformat() if item.published else None,
        "updated": item.updated.isoformat() if item.updated else None,
        "summary": item.summary,
        **({"section": list(item.section)} if item.section else {}),
        **(
            {"attachments": [{"label": a.label, "name": a.name, "url": a.address} for a in item.attachments]}
            if item.attachments
            else {}
        ),
    }


def _link_json(link: OfficialLink) -> Mapping[str, object]:
    return {"kind": str(link.kind), "id": link.ident, "url": link.address, "label": link.label}


def _day(item: Item) -> str | None:
    return item.published.isoformat() if item.published else None
