"""What a text says, statement by statement, and for whom."""

from __future__ import annotations

from watcher.core.verdict import Fact
from watcher.reading.channels import Stand
from watcher.reading.compare import Difference, Links
from watcher.reading.date_roles import Role
from watcher.reading.markers import Mark
from watcher.reading.names import UNRELATED
from watcher.reading.scope import operation_of, place_of, regime_of, territory_of
from watcher.reading.stance import Stance, effect
from watcher.reading.statements import Passage, Statement


def facts(passage: Passage, stances: tuple[Stance, ...], category: str, *, news: bool) -> tuple[Fact, ...]:
    """One fact per statement that names a channel, a ground or a date of effect."""
    if category == UNRELATED:
        return ()
    told = [pair for pair in zip(passage.statements, stances, strict=True) if pair[1].news or not news]
    found = [_fact(passage, statement, stance) for statement, stance in told]
    return tuple(fact for fact in found if fact)


def swapped(place: Passage, changed: Difference, links: Links) -> Fact:
    """The one fact of links that came or went under words that say nothing new: what their place is, and for whom."""
    said = place.text.rpartition("\n")[2] or place.text
    return Fact(
        sentence=" ".join(said.split()),
        motifs=changed.motifs,
        channel_before=changed.channel_before,
        channel_after=changed.channel_after,
        territory=place_of(place),
        links=tuple(link.address for link in links.come if link.address),
    )


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
