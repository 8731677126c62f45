"""An alert as programs get it, from the API and from web-hooks alike; every text is one line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from watcher.core import wording
from watcher.core.alerts import Alert
from watcher.core.feed import alert_page
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.core.verdict import Fact
from watcher.core.weblinks import web_link

WORD = 80  # characters of an id or a partial date, wherever it comes from


def alert_data(alert: Alert, vocabulary: Vocabulary, base_url: str) -> dict[str, Any]:
    """The fields that the description of the API names, in its order; see there for what they mean."""
    verdict, link = alert.verdict, web_link(alert.address)
    english = "en" in vocabulary.languages
    return {
        "id": alert.id,
        "prefecture": alert.prefecture,
        "source": alert.source,
        "kind": alert.kind,
        "state": alert.state,
        "title": wording.title(alert),
        "summary_fr": wording.line(alert, vocabulary),
        "summary_en": wording.line(alert, vocabulary, "en") if english else None,
        "categories": words(verdict.categories),
        "motifs": words(verdict.motifs),
        "channel_before": word(verdict.channel_before),
        "channel_after": word(verdict.channel_after),
        "effective_from": word(verdict.effective_from),
        "effective_to": word(verdict.effective_to),
        "confidence": round(verdict.confidence, 3),
        "facts": [_fact(fact) for fact in verdict.facts],
        "url": link.href if link else None,
        "page": alert_page(base_url, alert.id),
        "published": alert.published,
        "detected_at": alert.detected_at,
        "updated_at": alert.updated_at,
        "corrects": alert.corrects,
        "reviewed": alert.reviewed,
        "historical": alert.historical,
    }


def as_json(value: object) -> str:
    """How days and times are written, for `json.dumps`: ``2025-09-10``, ``2025-09-10T07:12:30Z``."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().removesuffix("+00:00") + "Z"
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} has no JSON form here")


def words(texts: Sequence[str]) -> list[str]:
    return [one_line(text, WORD) for text in texts]


def word(text: str | None) -> str | None:
    return one_line(text, WORD) if text else None


def _fact(fact: Fact) -> dict[str, Any]:
    links = (web_link(address) for address in fact.links)
    return {
        "sentence": one_line(fact.sentence, wording.SENTENCE),
        "operation": word(fact.operation),
        "motifs": words(fact.motifs),
        "channel_before": word(fact.channel_before),
        "channel_after": word(fact.channel_after),
        "effective_from": word(fact.effective_from),
        "effective_to": word(fact.effective_to),
        "territory": word(fact.territory),
        "regime": word(fact.regime),
        "links": [link.href for link in links if link],
        "certainty": fact.certainty,
    }
