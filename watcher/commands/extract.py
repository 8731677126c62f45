"""`vigie extract`: what is read in a stored page, by the same steps as in a poll."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import nullcontext
from datetime import UTC, datetime
from pathlib import Path

from watcher.core.address import absolute
from watcher.core.errors import UserError
from watcher.core.items import Extraction
from watcher.core.page import Outcome, Page, Validators
from watcher.report import extraction_json
from watcher.settings import Settings

LARGEST = 10_000_000  # bytes; as much as is taken in of a page that is fetched


def run(settings: Settings, options: argparse.Namespace) -> int:
    if absolute(options.url, options.url) is None:
        raise UserError(f"--url : « {options.url[:60]} » n'est pas une adresse http(s)")
    page = Page(
        address=options.url,
        final_address=options.url,
        status=200,
        body=_body(options.file),
        content_type="text/html",
        charset=None,
        validators=Validators(),
        fetched_at=settings.now or datetime.fromtimestamp(0, UTC),
    )
    outcome, extraction, reason = _extracted(page, options.layout)
    if options.json:
        print(json.dumps(extraction_json(outcome, extraction, reason), ensure_ascii=False))
    else:
        _show(outcome, extraction, reason)
    return 0


def _extracted(page: Page, layout: str | None) -> tuple[Outcome, Extraction | None, str]:
    from watcher import layouts
    from watcher.core.judge import decode, judge

    if layout is not None and layout not in layouts.NAMES:
        raise UserError(f"mise en page inconnue : {layout} ({', '.join(sorted(layouts.NAMES))})")
    if layout == "selectors":
        raise UserError("la mise en page selectors se règle dans sources.yaml : relevez la source elle-même")
    text = decode(page)
    judgement = judge(page, text, "")
    if judgement.outcome is not Outcome.OK:
        return judgement.outcome, None, judgement.reason
    name = layout or layouts.detect(text, page.final_address)
    extraction = layouts.get(name).extract(text, page.final_address, {})
    if not extraction.items and not extraction.declared_empty:
        return Outcome.EMPTY, extraction, "rien que la mise en page sache lire"
    return Outcome.OK, extraction, ""


def _body(file: str) -> bytes:
    try:
        with nullcontext(sys.stdin.buffer) if file == "-" else Path(file).open("rb") as page:
            body = page.read(LARGEST + 1)
    except OSError as error:
        raise UserError(f"{file} : lecture impossible ({error.strerror})") from error
    if len(body) > LARGEST:
        raise UserError(f"{file} : plus de {LARGEST // 1_000_000} Mo, aucun relevé n'en lirait autant")
    return body


def _show(outcome: Outcome, extraction: Extraction | None, reason: str) -> None:
    print(f"{outcome}{f' ({reason})' if reason else ''}")
    if extraction is None:
        return
    print(f"mise en page : {extraction.layout} · {extraction.heading}")
    for item in extraction.items:
        day = item.published or item.updated
        print(f"- {f'{day} ' if day else ''}{item.title}\n    {item.address}")
        if item.summary:
            print(f"    {item.summary}")
        for place in item.links:
            print(f"    → {place.ident}")
    for link in extraction.links:
        print(f"lien officiel : {link.ident} {link.address}")
    if extraction.next_page:
        print(f"page suivante : {extraction.next_page}")
