"""What understanding costs: announcements per second on one core, and 1 MB of hostile characters."""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import median

from bench.figures import Chapter, Figure
from watcher import rules, weights
from watcher.core.verdict import Notice
from watcher.labelled import labelled, lines
from watcher.reading import FrenchReader

ROOT = Path(__file__).resolve().parents[1]
RUNS = 3
ROUNDS = 1  # over the whole file in one run
RATE = 1000  # announcements per second, at least
MEGABYTE = 1_000_000  # characters
SLOWEST = 1000.0  # ms for them, at most
SHOWN = 3
HOSTILE = (
    *("a", "1", " ", "\n", ".", ":", "'", "(", "é", "\u00a0", "e\u0301", "\U0001f600", "\x00", "«"),
    *("ne ", "lundi ", "1er ", "1 et ", "12 mai ", "du 1 au ", "anef ", "a,", "ANEF, ", "salarié et "),
    *("à compter du ", "https://", "www.a.gouv.fr/", "n'est plus ", "rendez-vous en ligne. "),
)


def measure(_options: argparse.Namespace) -> Chapter:
    reader = FrenchReader(rules.load(ROOT / "rules.yaml"), weights.shipped())
    files = sorted((ROOT / "tests" / "announcements").glob("*.jsonl"))
    texts = [labelled(line).notice for file in files for _, line in lines(str(file))]
    rate = median(_rate(reader, texts) for _ in range(RUNS))
    size = sum(len(text.title) + len(text.body) for text in texts) / len(texts)
    how = (
        f"{len(texts):,} labelled announcements of {size:.0f} characters, on one core, median of {RUNS} runs; then "
        f"{len(HOSTILE)} texts of a million characters made of one repeated piece: the slowest are shown."
    )
    slowest = sorted(((_hostile(reader, unit), unit) for unit in HOSTILE), reverse=True)[:SHOWN]
    figures = (
        Figure("announcements understood", rate, "/s", at_least=RATE),
        *(Figure(f"1 MB of {unit!a}", spent, "ms", at_most=SLOWEST) for spent, unit in slowest),
    )
    return Chapter("What understanding costs", how, figures)


def _rate(reader: FrenchReader, texts: list[Notice]) -> float:
    begun = time.process_time()
    for _ in range(ROUNDS):
        for text in texts:
            reader.read(text)
    return ROUNDS * len(texts) / (time.process_time() - begun)


def _hostile(reader: FrenchReader, unit: str) -> float:
    body = (unit * (MEGABYTE // len(unit) + 1))[:MEGABYTE]
    begun = time.process_time()
    reader.read(Notice(title="Titre de séjour", body=body))
    return (time.process_time() - begun) * 1000
