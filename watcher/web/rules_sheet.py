"""Many answers in the words of one language: as a table, as a list, and as lines for programs."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.filing_tables import Cell, Shade
from watcher.core.labels import Vocabulary
from watcher.core.speech import Speech
from watcher.web.rules_view import rules_href, says, tone
from watcher.web.tongues import Tongue

COLUMNS = (
    "prefecture", "prefecture_name", "motif", "motif_name", "answer", "channels", "address",
    "valid_from", "valid_to", "checked_on", "sentence", "source", "page",
)  # fmt: skip
# What spreadsheets would run, those of East Asia too.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@dataclass(frozen=True, slots=True)
class Said:
    """What one cell says, in a word and in a sentence."""

    short: str
    full: str
    tone: str  # names a CSS class


@dataclass(frozen=True, slots=True)
class Row:
    """One préfecture; `None` stands for a cell that was not asked for."""

    place: str
    href: str
    answers: str  # in front of a motif's id: the address of its answer
    cells: tuple[tuple[str, Said | None], ...]  # by motif


@dataclass(frozen=True, slots=True)
class Group:
    """Those that have the same answer: préfectures or motifs, with their names and addresses."""

    said: Said
    names: tuple[tuple[str, str], ...]
    everywhere: bool


class Sheet:
    """Some cells of a board; the same answer is the same `Said`."""

    def __init__(self, cells: Iterable[Cell], vocabulary: Vocabulary, tongue: Tongue) -> None:
        self.cells = {(one.prefecture, one.motif): one for one in cells}
        self.prefectures = list(dict.fromkeys(code for code, _ in self.cells))
        found = {motif for _, motif in self.cells}
        self.motifs = [motif for motif in vocabulary.grounds if motif in found]
        self._vocabulary = vocabulary
        self._speech: Speech = tongue.speech
        self._root = tongue.root
        self._known: dict[tuple[Shade, tuple[str, ...]], Said] = {}

    @property
    def unknown(self) -> int:
        return sum(one.shade in {Shade.UNKNOWN, Shade.UNSURE} for one in self.cells.values())

    def rows(self) -> list[Row]:
        return [
            Row(
                self._vocabulary.place(code),
                rules_href(self._root, code),
                f"{self._root}/rules/{code}/",
                tuple((motif, self._at(code, motif)) for motif in self.motifs),
            )
            for code in self.prefectures
        ]

    def headings(self) -> list[tuple[str, str]]:
        """The motifs: what each is called, and where all of its answers are."""
        return [(self._motif(one), rules_href(self._root, motif=one)) for one in self.motifs]

    def by_motif(self) -> list[tuple[str, str, list[Group]]]:
        """Of each motif its name, the address of all its answers, and these."""
        return [(*told, self._groups(one)) for one, told in zip(self.motifs, self.headings(), strict=True)]

    def grounds(self) -> list[Group]:
        """The motifs of the préfectures by their answers, the most frequent answer first."""
        told: dict[Said, list[tuple[str, str]]] = {}
        for (code, motif), cell in self.cells.items():
            told.setdefault(self.say(cell), []).append(
                (self._motif(motif), rules_href(self._root, code, motif))
            )
        ordered = sorted(told.items(), key=lambda one: -len(one[1]))
        return [Group(said, tuple(names), len(told) == 1) for said, names in ordered]

    def legend(self) -> list[Said]:
        """What cells say, the most frequent first, each once; those that vary explain themselves."""
        said = Counter(self.say(cell) for cell in self.cells.values() if cell.shade is not Shade.VARIES)
        return [one for one, _ in said.most_common()]

    def say(self, cell: Cell) -> Said:
        key = (cell.shade, cell.channels)
        if key not in self._known:
            self._known[key] = self._said(*key)
        return self._known[key]

    def records(self, base: str) -> Iterator[dict[str, str]]:
        """One flat line for each cell; what is not known is ""."""
        for (code, motif), cell in self.cells.items():
            place = (code, self._vocabulary.place(code), motif, self._motif(motif))
            page = base + rules_href("", code, motif)
            line = (*place, cell.shade.value, " ".join(cell.channels), *_told(cell), page)
            yield dict(zip(COLUMNS, line, strict=True))

    def _groups(self, motif: str) -> list[Group]:
        said: dict[Said, list[str]] = {}
        for code in self.prefectures:
            if (code, motif) in self.cells:
                said.setdefault(self.say(self.cells[code, motif]), []).append(code)
        ordered = sorted(said.items(), key=lambda one: -len(one[1]))
        return [
            Group(
                one,
                tuple((self._vocabulary.place(code), rules_href(self._root, code, motif)) for code in codes),
                len(said) == 1 and len(codes) == len(self._vocabulary.prefectures),
            )
            for one, codes in ordered
        ]

    def _at(self, code: str, motif: str) -> Said | None:
        cell = self.cells.get((code, motif))
        return self.say(cell) if cell else None

    def _motif(self, name: str) -> str:
        return self._vocabulary.motif(name, self._speech.code)

    def _said(self, shade: Shade, channels: tuple[str, ...]) -> Said:
        names = channels or (shade.value,)
        full = " / ".join(says(name, self._vocabulary, self._speech) for name in names)
        short = " / ".join(dict.fromkeys(self._short(name) for name in names))
        if shade is Shade.VARIES:
            short, full = (self._speech.say("rules.varies", answers=said) for said in (short, full))
            return Said(short, full, "varies")
        return Said(short, full, tone(names[0]))

    def _short(self, name: str) -> str:
        key = f"rules.short.{name}"
        known = key in self._speech.phrases
        return self._speech.say(key) if known else self._vocabulary.channel(name, self._speech.code)


def _told(cell: Cell) -> tuple[str, ...]:
    """Address, from, to, checked on, sentence and source of the rule behind a cell."""
    rule = cell.rule
    if rule is None:
        return ("",) * 6
    sentence, source = next(((one.sentence, one.address) for one in rule.evidence), ("", ""))
    start, end = rule.valid_from or "", rule.valid_to or ""
    return rule.address, start, end, rule.checked_on.isoformat(), sentence, source


def as_csv(lines: Iterable[Mapping[str, str]]) -> bytes:
    """With a mark that lets spreadsheets see UTF-8, and nothing in it that they would run."""
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows({name: _inert(value) for name, value in line.items()} for line in lines)
    return out.getvalue().encode("utf-8-sig")


def _inert(value: str) -> str:
    return f"'{value}" if value.startswith(_FORMULA) else value


def chosen(cells: Iterable[Cell], asked: Mapping[str, str]) -> list[Cell]:
    """The cells that fit what was asked for: `prefecture`, `motif`, `channel`, each "" for any."""
    return [
        cell
        for cell in cells
        if asked["prefecture"] in {"", cell.prefecture}
        and asked["motif"] in {"", cell.motif}
        and (not asked["channel"] or asked["channel"] in (cell.channels or (cell.shade.value,)))
    ]


def choices(cells: Iterable[Cell]) -> Sequence[str]:
    """What the cells of a board may be filtered by: the channels and other answers that occur."""
    return list(dict.fromkeys(name for cell in cells for name in cell.channels or (cell.shade.value,)))
