"""Whoever comes to the web pages, or has one of our letters in hand."""

from __future__ import annotations

import random

from prove.attack import doors, installed, secrets, tokens, visitors
from prove.report import Chapter

_HOW = (
    "Links that are forged or guessed, every page and every action asked for by everybody, scanners that open what "
    "letters hold, pieces of SQL in every place, a flood of forms for a few people, and what is left of people in "
    "files and logs; then what an installation consists of."
)


def prove(*, long: bool, seed: int) -> Chapter:
    figures = [
        *tokens.attack(random.Random(seed), long=long),
        *visitors.attack(long=long),
        *doors.attack(long=long),
        *secrets.attack(long=long),
        *installed.attack(),
    ]
    return Chapter("Visitors", _HOW, tuple(figures))
