"""What is broken, as the desk shows it: since when, what shows it, and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from watcher.core.catalogue import Catalogue
from watcher.core.labels import OUTCOMES, PROBLEMS, Vocabulary
from watcher.core.printable import one_line
from watcher.core.state import Problem, ProblemKind, SourceOutline
from watcher.core.weblinks import WebLink, web_link
from watcher.web.desk_site import age
from watcher.web.tongues import Tongue

EVIDENCE = 500  # characters


@dataclass(frozen=True, slots=True)
class ProblemView:
    subject: str
    kind: ProblemKind
    label: str
    place: str  # "" when it is not about one page
    source: str  # its id; "" when it is not about one page
    link: WebLink | None  # the page
    since: datetime
    age: str
    evidence: str
    needs_human: bool
    todo: str
    last_read_at: datetime | None
    outcome: str  # of the last reading
    next_poll_at: datetime | None
    due: bool  # will be read again as soon as its turn comes


@dataclass(frozen=True, slots=True)
class ProblemWords:
    """Puts troubles into the words of one language, at one moment."""

    catalogue: Catalogue
    states: Mapping[str, SourceOutline]
    vocabulary: Vocabulary
    tongue: Tongue
    now: datetime

    def view(self, problem: Problem) -> ProblemView:
        source = self.catalogue.sources.get(problem.subject)
        state = self.states.get(problem.subject) if source else None
        code = self.tongue.code
        return ProblemView(
            subject=one_line(problem.subject, EVIDENCE),
            kind=problem.kind,
            label=PROBLEMS[problem.kind].told(code),
            place=self.vocabulary.place(source.prefecture) if source else "",
            source=source.id if source else "",
            link=web_link(source.url) if source else None,
            since=problem.since,
            age=age(problem.since, self.now, self.tongue.speech),
            evidence=one_line(problem.evidence, EVIDENCE),
            needs_human=problem.needs_human,
            todo=self.tongue.speech.say(f"desk.todo.{problem.kind}"),
            last_read_at=state.last_read_at if state else None,
            outcome=OUTCOMES[state.outcome].told(code) if state and state.outcome else "",
            next_poll_at=state.next_poll_at if state else None,
            due=bool(state and state.next_poll_at <= self.now),
        )

    def split(self, problems: Iterable[Problem]) -> tuple[list[ProblemView], list[ProblemView]]:
        """Troubles of many pages, of senders or of sign-ups; and those of one page, a person's own first."""
        views = [self.view(problem) for problem in problems if problem.closed_at is None]
        wide = [one for one in views if not one.source]
        single = [one for one in views if one.source]
        return wide, sorted(single, key=lambda one: (not one.needs_human, one.since, one.subject))
