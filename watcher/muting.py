"""A reader that knows what maintainers called noise."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from watcher.core.decisions import Mute
from watcher.core.mutes import hidden_by
from watcher.core.ports import Reader
from watcher.core.verdict import Notice, Reason, Route, Verdict

MUTE = "mute"
"""Reasons of this kind are called ``mute:ID``, after the mute."""


class MutingReader:
    """Reads like `reader`; a text that a mute in force hides is kept and counted, and told to nobody."""

    def __init__(self, reader: Reader, mutes: Callable[[], Sequence[Mute]]) -> None:
        self._reader = reader
        self._mutes = mutes

    def read(self, notice: Notice) -> Verdict:
        verdict = self._reader.read(notice)
        if verdict.route is Route.MUTE:
            return verdict
        mute = hidden_by(self._mutes(), notice.title, notice.prefecture)
        if mute is None:
            return verdict
        reason = Reason(f"{MUTE}:{mute.id}", mute.words)
        return replace(verdict, route=Route.MUTE, reasons=(*verdict.reasons, reason))
