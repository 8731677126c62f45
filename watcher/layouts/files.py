"""Files offered for download: what they are called, apart from their type, size and day."""

from __future__ import annotations

import re

from bs4.element import Tag

from watcher.core.address import file_name, presentable
from watcher.core.items import Attachment
from watcher.core.text import TITLE_LIMIT, clean, find_day
from watcher.layouts.tree import View, attribute, label_of

_FILE = re.compile(
    r"/(?:ire)?(?:contenu/telechargement|content/download)/|\.(?:pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|zip)(?=[?#]|\Z)",
    re.IGNORECASE,
)
_DETAIL = re.compile(
    r"[-–(, ]*(?:format ?:? ?)?\b(?:pdf|docx?|odt|rtf|xlsx?|ods|csv|pptx?|odp|zip|jpe?g|png)\b"
    r"(?: sauvegarder le fichier)? ?[-–,:] ?\d{1,6}(?:[.,]\d{1,3})? ?(?:[kmg]?[bo]|octets)\b"
    r"(?: ?[-–] ?\d{1,2}([/.\u2010\u2011-])\d{1,2}\1\d{4})? ?\)?",
    re.IGNORECASE,
)
_VERB = re.compile(
    r"(?:télécharger|telecharger)(?: (?:le|la|les) (?:fichier|document|pièce)s?)?(?: ?:)? (?=\S)", re.I
)


def is_file(address: str) -> bool:
    """Whether an address is a file's rather than a page's."""
    return _FILE.search(address) is not None


def attachment(view: View, anchor: Tag) -> Attachment | None:
    """The file that a link offers."""
    address = view.link(anchor)
    if address is None or not is_file(address):
        return None
    text = label_of(anchor)
    detail = _DETAIL.search(text) or _DETAIL.search(attribute(anchor, "title"))
    told = detail.group().strip(" -–(),") if detail else ""
    name = clean(file_name(address), TITLE_LIMIT)
    return Attachment(
        bare_label(text) or name, name, presentable(address), told, find_day(told) if told else None
    )


def bare_label(text: str) -> str:
    """A download's text without "Télécharger" before and type, size and day after its name."""
    return _VERB.sub("", _DETAIL.sub("", text).strip(), count=1).strip()
