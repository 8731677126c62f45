"""What an alert rests on, in one file that stands by itself: the pages as received, what they say, what differs, how
it was read and what people decided; as a BagIt bag (RFC 8493) whose sums anybody can check.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from difflib import unified_diff
from hashlib import sha256
from io import BytesIO
from typing import TYPE_CHECKING, Any

from watcher import warc
from watcher.core.address import file_name
from watcher.core.alert_data import alert_data, as_json
from watcher.core.cases import Case
from watcher.core.decisions import Decision
from watcher.core.french import moment
from watcher.core.judge import decode
from watcher.core.labels import OF_THE_PAST, Vocabulary
from watcher.core.page import Page
from watcher.core.printable import one_line
from watcher.core.wording import LICENCE, UNOFFICIAL
from watcher.layouts.visible import visible_text

if TYPE_CHECKING:
    from watcher.timestamps import Stamp

MOST_TEXT = 1_000_000  # characters of a page
MANIFEST = "manifest-sha256.txt"
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True, slots=True)
class Found:
    """An alert with all that is kept of it; `before` and `after` are the pages that a change lies between, `documents`
    files that the later one offers.
    """

    case: Case
    before: Page | None
    after: Page | None
    documents: tuple[Page, ...] = ()

    @property
    def pages(self) -> tuple[Page, ...]:
        return tuple(page for page in (self.before, self.after) if page)

    @property
    def files(self) -> Mapping[str, bytes]:
        """The documents under names that no file system takes amiss."""
        return {
            f"documents/{number}-{_UNSAFE.sub('_', file_name(page.final_address))[-80:]}": page.body
            for number, page in enumerate(self.documents, start=1)
        }


def bundle(
    found: Found,
    vocabulary: Vocabulary,
    base_url: str,
    software: str,
    now: datetime,
    stamp: Callable[[bytes], Stamp] | None = None,
) -> bytes:
    """A ZIP file with one bag in it; `stamp` has the sums of its contents stamped, and whatever it raises is raised."""
    alert = found.case.alert
    was, now_is = (_text(page) for page in (found.before, found.after))
    payload = {
        "alerte.json": _json(alert_data(alert, vocabulary, base_url)),
        "changement.json": _json({**_change(found.case), "captures": [*map(_capture, found.pages)]}),
        "decisions.json": _json([_decision(one) for one in found.case.decisions]),
        "avant.txt": was.encode(),
        "apres.txt": now_is.encode(),
        "difference.txt": _difference(was, now_is).encode(),
        **found.files,
        "pages.warc": warc.written(
            (*found.pages, *found.documents), software, f"Vigie préfectures, alert {alert.id}"
        ),
        "LISEZMOI.txt": _readme(found, now, stamped=stamp is not None).encode(),
    }
    return _zipped(f"alerte-{alert.id}", _bag(payload, software, now, stamp), now)


def _text(page: Page | None) -> str:
    return visible_text(decode(page), page.final_address, MOST_TEXT) + "\n" if page else ""


def _difference(was: str, now_is: str) -> str:
    lines = unified_diff(was.splitlines(), now_is.splitlines(), "avant.txt", "apres.txt", lineterm="")
    return "\n".join(lines) + "\n"


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1, default=as_json) + "\n").encode()


def _change(case: Case) -> Mapping[str, Any]:
    """What was found, and the text as it was read."""
    change, notice = case.change, case.notice
    return {
        "id": change.id if change else None,
        "source": change.source if change else None,
        "kind": change.kind if change else None,
        "detected_at": change.detected_at if change else None,
        "before": change.before.summary if change and change.before else None,
        "after": change.after.summary if change and change.after else None,
        "title_read": notice.title if notice else None,
        "text_read": notice.body if notice else None,
        "text_read_before": notice.before if notice else None,
        "reasons": [{"rule": one.rule, "words": one.words} for one in case.alert.verdict.reasons],
    }


def _capture(page: Page) -> Mapping[str, Any]:
    """`archive` is null for what the watch itself received."""
    return {"address": page.final_address, "received_at": page.fetched_at, "archive": page.archive or None}


def _decision(made: Decision) -> Mapping[str, Any]:
    """Without the name of whoever decided: it is of no use to whom the file is handed to."""
    return {
        "number": made.number,
        "action": made.action,
        "at": made.at,
        "state_before": made.before.state if made.before else None,
        "state_after": made.after.state if made.after else None,
        "undoes": made.undoes,
    }


def _readme(found: Found, now: datetime, *, stamped: bool) -> str:
    alert = found.case.alert
    pages = "\n".join(map(_kept_page, found.pages))
    return (
        f"{alert.title}\nAlerte {alert.id}, détectée le {moment(alert.detected_at)}.\n"
        f"{OF_THE_PAST.french + chr(10) if alert.historical else ''}"
        f"Fichier fait le {moment(now)}.\n\n"
        "Pages conservées, telles que reçues une fois décompressées (pages.warc) :\n"
        f"{pages or '  aucune'}\n\n"
        "avant.txt, apres.txt : leur texte\n"
        "difference.txt : ce qui diffère\n"
        "alerte.json : ce que la vigie a compris\n"
        "changement.json : le texte lu, et les mots qui ont compté\n"
        "decisions.json : ce que des personnes ont décidé\n"
        f"{_DOCUMENTS if found.documents else ''}\n"
        f"Pour vérifier, dans le dossier décompressé : sha256sum -c {MANIFEST}\n"
        f"{_VERIFY if stamped else ''}"
        "pages.warc s'ouvre avec tout outil d'archives du Web (warcio, ReplayWeb.page).\n\n"
        f"{UNOFFICIAL}\n{LICENCE}\n"
    )


def _kept_page(page: Page) -> str:
    """A page of an archive was never seen by the watch itself: whose word it is must be known."""
    if not page.archive:
        return f"  {page.final_address}, lue le {moment(page.fetched_at)}"
    return (
        f"  {page.final_address}, capturée le {moment(page.fetched_at)} par une archive, non par la vigie ; "
        f"prise dans {one_line(page.archive, 200)}"
    )


_DOCUMENTS = "documents : les fichiers que la page propose, tels que reçus (aussi dans pages.warc)\n"
_VERIFY = (
    f"{MANIFEST} est horodaté (RFC 3161) ; avec le certificat racine de l'autorité d'horodatage :\n"
    f"  openssl ts -verify -data {MANIFEST} -in {MANIFEST}.tsr -CAfile racine.pem\n"
)


def _bag(
    payload: Mapping[str, bytes], software: str, now: datetime, stamp: Callable[[bytes], Stamp] | None
) -> Mapping[str, bytes]:
    data = {f"data/{name}": content for name, content in payload.items()}
    tags = {
        "bagit.txt": b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n",
        "bag-info.txt": (
            f"Bag-Software-Agent: {software}\nBagging-Date: {now:%Y-%m-%d}\n"
            f"Payload-Oxum: {sum(map(len, data.values()))}.{len(data)}\n"
        ).encode(),
        MANIFEST: _sums(data.items()),
    }
    if stamp is not None:
        made = stamp(tags[MANIFEST])
        tags |= {f"{MANIFEST}.tsq": made.query, f"{MANIFEST}.tsr": made.answer}
    return {**tags, "tagmanifest-sha256.txt": _sums(tags.items()), **data}


def _sums(files: Iterable[tuple[str, bytes]]) -> bytes:
    return "".join(f"{sha256(content).hexdigest()}  {name}\n" for name, content in files).encode()


def _zipped(folder: str, files: Mapping[str, bytes], now: datetime) -> bytes:
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(f"{folder}/{name}", now.timetuple()[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return packed.getvalue()
