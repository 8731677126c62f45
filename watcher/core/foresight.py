"""Rules as they were held on a day of the past, for a rehearsal of what was announced after it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from watcher.core.filing import Rule, span
from watcher.core.verdict import PartialDate


def unforeseen(rules: Iterable[Rule], day: date) -> tuple[Rule, ...]:
    """Without what begins after `day`, and with no end of what ends after it: nobody knew yet."""
    held = (rule for rule in rules if not _after(rule.valid_from, day))
    return tuple(replace(rule, valid_to=None) if _after(rule.valid_to, day) else rule for rule in held)


def _after(told: PartialDate | None, day: date) -> bool:
    return told is not None and span(told)[0] > day
