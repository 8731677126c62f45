"""No text makes the reader slow, nor fail."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import watcher.reading
from tests.proportion import in_proportion
from watcher import rules, weights
from watcher.core.verdict import Notice
from watcher.reading import FrenchReader
from watcher.reading.normalise import LIMIT, clean, fold

READER = FrenchReader(rules.load(Path(__file__).parents[2] / "rules.yaml"), weights.shipped())
PATTERNS = [
    (f"{module.name}.{name}", value)
    for module in pkgutil.iter_modules(watcher.reading.__path__)
    for name, value in vars(importlib.import_module(f"watcher.reading.{module.name}")).items()
    if isinstance(value, re.Pattern)
]
REPEATED = [
    "a",
    "1",
    " ",
    "e ",
    "1 ",
    "'",
    "(",
    ".",
    ":",
    "\n",
    "ne ",
    "lundi ",
    "1 et ",
    "12 mai ",
    "anef ",
    "a,",
]


def _repeated(char: str, length: int) -> str:
    return char * (length // len(char))


@pytest.mark.parametrize(("name", "pattern"), PATTERNS)
def test_a_pattern_takes_time_proportional_to_the_text(name: str, pattern: re.Pattern[str]) -> None:
    """A quadratic one would take minutes on these texts."""

    def found(text: str) -> None:
        for _ in pattern.finditer(text):
            pass

    for char in REPEATED:
        assert in_proportion(found, partial(_repeated, char), 100_000), (name, char)


@pytest.mark.parametrize(
    "char", ["a", "1 ", "é", "\n", "x\n", "anef, ", "rendez-vous ", "salarié ", "(", "\U0001d41a"]
)
def test_a_text_of_any_length_is_read_in_linear_time(char: str) -> None:
    def notice(length: int) -> Notice:
        text = _repeated(char, length)
        # Half as long before: with the same text before, only what is cut at the limit would be compared.
        return Notice(text[:1_000], text, before=text[: length // 2], foreigners_page=True)

    assert in_proportion(READER.read, notice, LIMIT)
    assert in_proportion(READER.read, notice, 1_000_000)


def test_what_stands_beyond_the_limit_is_not_read() -> None:
    news = "Désormais, les demandes de titre de séjour sont adressées par voie postale."

    assert READER.read(Notice("", news + " x" * LIMIT)).is_change is True
    assert READER.read(Notice("", "x " * LIMIT + news)).is_change is False


@given(st.text(max_size=400), st.text(max_size=400), st.none() | st.text(max_size=200), st.booleans())
@settings(max_examples=150)
def test_any_text_gets_a_verdict(title: str, body: str, before: str | None, page: bool) -> None:
    verdict = READER.read(Notice(title, body, before=before, foreigners_page=page))

    assert verdict.categories
    assert 0 <= verdict.confidence <= 1


@given(st.text(max_size=300))
def test_a_folded_text_is_as_long_as_the_cleaned_one(text: str) -> None:
    cleaned = clean(text)

    assert len(fold(cleaned)) == len(cleaned)
    assert fold(fold(cleaned)) == fold(cleaned) or any(ord(char) > 0x250 for char in cleaned)


def test_the_same_text_typed_otherwise_reads_the_same() -> None:
    plain = "À compter du 1er octobre 2025, l'envoi des demandes de titre de séjour se fait par courrier."
    typeset = plain.replace("'", "’").replace(" ", "\u00a0").replace("sé", "se\u0301")

    first, second = (READER.read(Notice("Titre de séjour", text)) for text in (plain, typeset))

    assert (first.categories, first.motifs, first.effective_from, first.channel_after) == (
        second.categories, second.motifs, second.effective_from, second.channel_after,
    )  # fmt: skip


def test_reading_needs_the_standard_library_only() -> None:
    names = {
        line.split()[1].split(".")[0]
        for path in Path(watcher.reading.__path__[0]).glob("*.py")
        if path.name != "fitting.py"  # learning, which no reading needs
        for line in path.read_text(encoding="utf-8").splitlines()
        if line.startswith(("import ", "from "))
    }

    assert names <= set(sys.stdlib_module_names) | {"watcher", "__future__"}
