"""The letter to maintainers about what is broken, and what is well again: French, in plain text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from notifiers.render.mail_mime import plain
from watcher.core.catalogue import Catalogue
from watcher.core.french import count, moment
from watcher.core.labels import PROBLEMS
from watcher.core.mail_subject import harmless
from watcher.core.printable import one_line
from watcher.core.problem_news import News, Noted
from watcher.core.state import Problem

SHOWN = 150  # problems in one letter
EVIDENCE = 400  # characters
_HEADERS = (
    ("Auto-Submitted", "auto-generated"),
    ("X-Auto-Response-Suppress", "All"),
    ("Content-Language", "fr"),
)
# Only from where a word begins: a long word without "@" would be read again from each of its letters.
_ADDRESS = re.compile(r"(?<![^\s<>@/])[^\s<>@/]++(?:@[^\s<>@/]*)+")


@dataclass(frozen=True, slots=True)
class ProblemLetter:
    """What it returns lacks the recipient's lines: `Letterhead` knows them."""

    catalogue: Catalogue
    base_url: str  # without a slash at the end

    def __call__(self, news: News) -> bytes:
        return plain(self._subject(news), _HEADERS, "\n".join(self._lines(news)) + "\n")

    def _subject(self, news: News) -> str:
        parts = []
        if news.opened:
            parts.append(count(len(news.opened), "nouveau problème", "nouveaux problèmes"))
        if news.ended:
            parts.append(count(len(news.ended), "terminé", "terminés"))
        return harmless(f"[Vigie] {', '.join(parts)} ({count(news.open, 'ouvert', 'ouverts')})")

    def _lines(self, news: News) -> Iterator[str]:
        yield f"Vigie préfectures, {self.base_url}"
        human = sum(one.problem.needs_human for one in news.opened)
        if news.opened:
            yield from ("", f"== Nouveaux : {len(news.opened)}, dont {human} qui demandent quelqu'un ==")
            yield from self._each(news.opened)
        if news.ended:
            yield from ("", f"== Terminés : {len(news.ended)} ==")
            yield from self._each(news.ended)
        yield from (
            "",
            f"Encore ouverts en tout : {news.open}. Quoi faire de chacun : {self.base_url}/desk/problems",
            "État de l'installation : « vigie doctor ».",
            "Une lettre par heure au plus ; ce qui arrive entre-temps est réuni dans la suivante.",
        )

    def _each(self, noted: Sequence[Noted]) -> Iterator[str]:
        for one in noted[:SHOWN]:
            yield from ("", *self._problem(one.problem))
        if len(noted) > SHOWN:
            yield from ("", f"… et {len(noted) - SHOWN} autres.")

    def _problem(self, problem: Problem) -> Iterator[str]:
        urgent = " [À TRAITER]" if problem.needs_human and problem.closed_at is None else ""
        yield f"* {self._name(problem)} : {PROBLEMS[problem.kind].french}{urgent}"
        since = f"  depuis le {moment(problem.since)}"
        yield since if problem.closed_at is None else f"{since}, terminé le {moment(problem.closed_at)}"
        yield f"  {_harmless(problem.evidence)}"
        source = self.catalogue.sources.get(problem.subject)
        if source is not None:
            yield f"  {_harmless(source.url)}"

    def _name(self, problem: Problem) -> str:
        source = self.catalogue.sources.get(problem.subject)
        prefecture = self.catalogue.prefectures.get(source.prefecture) if source else None
        place = f" ({prefecture.name})" if prefecture else ""
        return _harmless(problem.subject + place)


def _harmless(text: str) -> str:
    """One line, in which nobody's address is read: whatever an error repeats."""
    return _ADDRESS.sub("…@…", one_line(text, EVIDENCE))
