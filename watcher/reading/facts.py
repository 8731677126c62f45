"""What a text says, statement by statement, and for whom."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from watcher.core.verdict import Fact
from watcher.reading.channels import Stand
from watcher.reading.date_roles import Role
from watcher.reading.markers import Mark
from watcher.reading.motifs import ALL, OUTSIDE_ANEF, PAPERS, speaks_of_all, withdrawn_by
from watcher.reading.names import (
    ANEF,
    CLOSURE,
    DELAY,
    DOCUMENTS,
    FEE,
    FILING,
    FRAUD,
    OTHER,
    OUTAGE,
    RDV,
    UNRELATED,
)
from watcher.reading.scope import operation_of, regime_of, territory_of
from watcher.reading.stance import Stance, effect
from watcher.reading.statements import Passage, Statement


def motifs(passage: Passage, category: str, *, news: bool) -> tuple[str, ...]:
    """The grounds that the text is about, general ones included."""
    if category in {UNRELATED, FRAUD, OUTAGE}:
        return ()
    if any(s.has(Mark.EVENT) for s in passage.statements if s.title or category == OTHER):
        return ()
    spoken = [s for s in passage.statements if not withdrawn_by(s.marks)]
    excepted = _excepted(passage) - _titled(passage)
    found = _distinct(motif for s in spoken for motif in s.motifs if motif not in excepted)
    found = _by_declaration(passage, spoken, found)
    if not found and not news:
        found = _distinct(motif for statement in passage.statements for motif in statement.motifs)
    if _is_general(category, found, news=news) and _of_all(spoken, category, papers=bool(found)):
        found = (ALL, *found)
    if OUTSIDE_ANEF in found:
        found = tuple(motif for motif in found if motif != ALL)
    return found


def _by_declaration(passage: Passage, spoken: Sequence[Statement], found: tuple[str, ...]) -> tuple[str, ...]:
    """« Naturalisation » in a title is the name of the rubric when the text is about declarations."""
    if "naturalisation_declaration" not in found or "decret" in passage.folded:
        return found
    body = {motif for statement in spoken if not statement.title for motif in statement.motifs}
    return tuple(motif for motif in found if motif != "naturalisation_decret" or motif in body)


def _is_general(category: str, found: Sequence[str], *, news: bool) -> bool:
    if ALL in found or (category != FEE and any(motif not in PAPERS for motif in found)):
        return False
    return category in {ANEF, FILING, FEE, DELAY, DOCUMENTS} or (category in {RDV, CLOSURE} and news)


def _of_all(spoken: Sequence[Statement], category: str, *, papers: bool) -> bool:
    return speaks_of_all(
        " ".join(statement.words for statement in spoken), fee=category == FEE, papers=papers
    )


def _excepted(passage: Passage) -> frozenset[str]:
    return frozenset(motif for statement in passage.statements for motif in statement.excepted)


def _titled(passage: Passage) -> frozenset[str]:
    return frozenset(
        motif for statement in passage.statements if statement.title for motif in statement.motifs
    )


def facts(passage: Passage, stances: tuple[Stance, ...], category: str, *, news: bool) -> tuple[Fact, ...]:
    """One fact per statement that names a channel, a ground or a date of effect."""
    if category == UNRELATED:
        return ()
    found = []
    for statement, stance in zip(passage.statements, stances, strict=True):
        fact = _fact(passage, statement, stance)
        if fact and (stance.news or not news):
            found.append(fact)
    return tuple(found)


def _fact(passage: Passage, statement: Statement, stance: Stance) -> Fact | None:
    opened = next((w.channel for w in statement.open_ways()), None)
    closed = next((w.channel for w in statement.ways if w.stand is Stand.CLOSED), None)
    dated = effect(statement, passage)
    if not (opened or closed or dated or statement.motifs or statement.has(Mark.CHANGE)):
        return None
    return Fact(
        sentence=passage.sentence(statement),
        operation=operation_of(statement),
        motifs=statement.motifs,
        channel_before=closed,
        channel_after=opened,
        effective_from=dated.first if dated else None,
        effective_to=next((d.first for d in statement.dates if d.role is Role.END), None),
        territory=territory_of(passage, statement),
        regime=regime_of(statement),
        certainty=stance.certainty,
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
