"""The text of a PDF: read by a child process, one at a time, that is stopped when it takes too long."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from threading import Lock
from typing import Any

from watcher.core.documents import Extracted
from watcher.core.items import DocumentState
from watcher.core.pdf_text import text_of

PATIENCE = 30.0  # seconds, the start of the process included; it may work for ten of them
# -B: whoever may write nothing cannot keep compiled modules either, where an installation came without.
COMMAND = (sys.executable, "-I", "-B", "-m", "watcher.pdf_process")
_ONE = Lock()  # of the processes of this machine one of ours is enough
_FEW = 20  # letters: fewer are no text
_MANY_WORDS = 60
_WORDS = (
    "le la les de des du et à au aux en un une pour par sur est ou dans que qui ne vous the of and to for in"
)
_COMMON = frozenset(_WORDS.split())
_ENOUGH = 0.6  # share of what is seen that is letters, digits and usual signs
_USUAL = frozenset(".,;:!?'’\"«»()[]/-–—%€°•@_+&=*§…|<>#")


def read_pdf(body: bytes, patience: float = PATIENCE) -> Extracted:
    """What a file that calls itself a PDF says; never raises for what is in it."""
    with _ONE:
        try:
            ended = subprocess.run(  # noqa: S603  # a command line without anybody's words in it
                COMMAND,
                input=body,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={},
                timeout=patience,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return Extracted(DocumentState.TOO_SLOW)
    if ended.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Extracted(DocumentState.TOO_SLOW)
    try:
        return _understood(json.loads(ended.stdout))
    except (ValueError, KeyError, TypeError):  # it died of the file
        return Extracted(DocumentState.DAMAGED)


def _understood(answer: dict[str, Any]) -> Extracted:
    state = DocumentState(answer["state"])
    if state is not DocumentState.TEXT:
        return Extracted(state)
    pages: Sequence[str] = answer["pages"]
    text = text_of(pages)
    count: int = answer["count"]
    if not _is_text(text):
        return Extracted(DocumentState.SCANNED, pages=count, scanned=len(pages))
    return Extracted(state, text, count, answer["pictures"], count - len(pages))


def _is_text(text: str) -> bool:
    """Whether people could read it: fonts without a table of their letters give signs that mean nothing."""
    seen = [char for char in text if not char.isspace()]
    if sum(map(str.isalnum, seen)) < _FEW:
        return False
    letters = sum(char.isalnum() or char in _USUAL for char in seen)
    if letters < _ENOUGH * len(seen):
        return False
    words = text.lower().split()
    ours = 2 * sum(map(str.isascii, seen)) > len(seen)  # a notice in Ukrainian is a text
    return not ours or len(words) < _MANY_WORDS or not _COMMON.isdisjoint(words)
