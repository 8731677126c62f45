"""Reads one PDF, in a process of its own: ``python -I -B -m watcher.pdf_process``. The only user of pypdf.

Whoever writes a PDF decides how long it takes to read and how much memory. Here both are bounded, nothing else can be
opened, written, asked or started, and there is nobody to log to. Standard input is the file, standard output JSON.
"""

from __future__ import annotations

import json
import logging
import resource
import sys
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, WrongPasswordError

MEMORY = 320 << 20  # bytes of address space: seven times what it needs
CPU = 10  # seconds
PAGES = 60  # that are read; what comes after them is not
CHARACTERS = 150_000
_REFUSED = ("socket.", "subprocess.", "os.", "shutil.", "ctypes.", "urllib.", "ftplib.", "tempfile.")
_HARMLESS = frozenset({"os.listdir", "os.scandir"})  # imports look for modules


class _ForbiddenError(Exception):
    """The file made the program do what reading does not need."""


def main(body: bytes) -> dict[str, Any]:
    """The state, as `core.items.DocumentState` names it, and the text of each page."""
    try:
        return _read(body)
    except (MemoryError, LimitReachedError):
        return {"state": "too_large"}
    except (FileNotDecryptedError, WrongPasswordError, DependencyError):
        return {"state": "encrypted"}
    except Exception:  # whatever a damaged file makes a parser stumble over
        return {"state": "damaged"}


def _read(body: bytes) -> dict[str, Any]:
    reader = PdfReader(BytesIO(body))
    if reader.is_encrypted and not reader.decrypt(""):  # many are protected against changes alone
        return {"state": "encrypted"}
    pages: list[str] = []
    pictures = 0
    room = CHARACTERS
    for page in _first(reader):
        text = page.extract_text()[:room]
        room -= len(text)
        pages.append(text)
        pictures += not text.strip() and _has_pictures(page)
        if room <= 0:
            break
    return {"state": "text", "pages": pages, "pictures": pictures, "count": len(reader.pages)}


def _first(reader: PdfReader) -> Iterator[PageObject]:
    for number in range(min(len(reader.pages), PAGES)):
        yield reader.pages[number]


def _has_pictures(page: PageObject) -> bool:
    """A page without text that shows anything was scanned, or is drawn; else it is merely empty."""
    contents = page.get_contents()
    return contents is not None and len(contents.get_data().strip()) > 0


def _confine() -> None:
    """Set when everything that reading needs is loaded."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU, CPU))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_watch)


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if event == "open" and (isinstance(arguments[0], int) or _is_module(str(arguments[0]))):
        return
    if event == "open" or (event.startswith(_REFUSED) and event not in _HARMLESS):
        raise _ForbiddenError(event)


def _is_module(path: str) -> bool:
    return path.endswith((".py", ".pyc", ".so"))


if __name__ == "__main__":
    logging.disable()
    _confine()
    sys.stdout.write(json.dumps(main(sys.stdin.buffer.read())))
