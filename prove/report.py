"""What a proof comes to: figures, each with what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing that was counted or measured; `kept`: whether it is as promised."""

    name: str  # "points killed at"
    value: str  # "312 of 312"
    promise: str  # "every one", "0", "at most 2 copies"; "" for a figure that only informs
    kept: bool = True


@dataclass(frozen=True, slots=True)
class Chapter:
    """One promise put to the test; `how` says in a sentence or two what was done."""

    title: str
    how: str
    figures: tuple[Figure, ...]

    @property
    def kept(self) -> bool:
        return all(figure.kept for figure in self.figures)


class Proof(Protocol):
    """A module under `prove/`."""

    def prove(self, *, long: bool, seed: int) -> Chapter:
        """Try it: in seconds, or as thoroughly as a night allows. Deterministic for a seed but for times."""


def as_text(chapter: Chapter) -> str:
    width = max((len(figure.name) for figure in chapter.figures), default=0)
    lines = [f"== {chapter.title}", chapter.how]
    for figure in chapter.figures:
        promise = f"  (promised: {figure.promise})" if figure.promise else ""
        broken = "" if figure.kept else "  BROKEN"
        lines.append(f"  {figure.name:<{width}}  {figure.value}{promise}{broken}")
    return "\n".join(lines)


def as_markdown(chapter: Chapter, made: str) -> str:
    """`made`: when and how, in a line."""
    rows = [
        f"| {f.name} | {f.value} | {f.promise} | {'yes' if f.kept else '**no**'} |" for f in chapter.figures
    ]
    table = ["| figure | value | promised | kept |", "|---|---|---|---|", *rows]
    return "\n".join([f"## {chapter.title}", "", chapter.how, "", f"*{made}*", "", *table])


def renewed(report: str, chapters: Mapping[str, str], order: Sequence[str]) -> str:
    """The report with some chapters, by name, made anew; the others stay as they were made."""
    head, *parts = report.split(_MARK)
    found = {name: text for name, _, text in (part.partition(_END) for part in parts)} | dict(chapters)
    written = [f"{_MARK}{name}{_END}{found[name].strip()}\n" for name in order if name in found]
    return "\n".join([f"{head.strip()}\n", *written])


_MARK, _END = "<!-- ", " -->\n\n"
