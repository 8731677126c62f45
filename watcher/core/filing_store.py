"""What is asked of whoever keeps the rules."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from watcher.core.filing import Rule
from watcher.core.filing_book import RuleBook
from watcher.core.filing_proposals import Proposal


class Origin(StrEnum):
    """Where a version of a rule came from."""

    SHIPPED = "shipped"  # the program's own file
    ACCEPTED = "accepted"  # a proposal
    IMPORTED = "imported"  # a maintainer's file


class ProposalState(StrEnum):
    OPEN = "open"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Recorded:
    """A proposal and what became of it."""

    proposal: Proposal
    state: ProposalState = ProposalState.OPEN
    settled_at: datetime | None = None
    settled_by: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """What an accepted proposal made of the rules."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class NotOpen:
    """Nothing was done: there is no such proposal (`None`), or somebody had settled it."""

    recorded: Recorded | None


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Nothing was done: `rule` changed since the proposal was made."""

    rule: Rule


Settling = Accepted | NotOpen | Overtaken


@dataclass(frozen=True, slots=True)
class Difference:
    """A rule that an import would add (`before` is `None`) or change."""

    before: Rule | None
    after: Rule


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import does; `kept`: rules of the shipped file that a maintainer changed, which stay."""

    differences: tuple[Difference, ...]
    same: int
    kept: tuple[Rule, ...] = ()


class Rules(Protocol):
    """Keeps the rules, every version of them, and what is proposed about them."""

    def version(self) -> int:
        """Grows with every change of a rule: what was made of the rules of one version may be kept until then."""

    def load(self, as_known_at: datetime | None = None) -> RuleBook:
        """The rules that are believed, or were at a moment; no other versions of them."""

    def load_all(self) -> RuleBook:
        """Every version there ever was."""

    def proposals(
        self,
        *,
        state: ProposalState | None = None,
        alert: str | None = None,
        ids: Sequence[str] | None = None,
    ) -> Sequence[Recorded]:
        """Newest first; `None` asks nothing."""

    def accept(self, proposal: str, by: str, at: datetime) -> Settling:
        """Change the rules as proposed, unless they changed since."""

    def refuse(self, proposal: str, by: str, at: datetime) -> NotOpen | None:
        """Close a proposal without doing it; `None` when that was done."""

    def bring(self, rules: Iterable[Rule], at: datetime, origin: Origin, *, dry: bool = False) -> Imported:
        """Add and change rules as a file has them, all or nothing; rules that it lacks stay. `dry`: only tell."""


def compared(believed: dict[str, tuple[Rule, Origin]], brought: Iterable[Rule], origin: Origin) -> Imported:
    """What bringing these rules would do. The shipped file never undoes what a maintainer did."""
    differences, same, kept = [], 0, []
    for rule in brought:
        before, source = believed.get(rule.id, (None, Origin.SHIPPED))
        if before and replace(rule, known_from=before.known_from, known_to=None) == before:
            same += 1
        elif origin is Origin.SHIPPED and source is not Origin.SHIPPED and before:
            kept.append(before)
        else:
            differences.append(Difference(before, rule))
    return Imported(tuple(differences), same, tuple(kept))
