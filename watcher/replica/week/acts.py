"""What can happen to a site between two steps, and what of it is truly a change."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from watcher.replica.model import UNRELATED, Event, Form, Guide, News, Section, State, Truth
from watcher.replica.sites import Site
from watcher.replica.texts.unrelated import slug, unrelated

GUIDE, NEWS = "sejour", "actualites"


@dataclass(frozen=True, slots=True)
class Turn:
    """What an act has to work with: one site, what it shows, the day, and chance of its own."""

    site: Site
    state: State
    day: date
    chance: random.Random


Result = tuple[State, tuple[Event, ...]]
Act = Callable[[Turn], Result]


def publish(title: str, *paragraphs: str, truth: Truth) -> Act:
    """A news item appears at the top of the list."""

    def act(turn: Turn) -> Result:
        item = News(
            path=f"{turn.site.list_path}/{slug(title)}",
            title=title,
            published=turn.day,
            paragraphs=paragraphs,
            number=turn.chance.randint(20_000, 99_000),
        )
        return _with_news(turn, item, truth)

    return act


def publish_unrelated(count: int = 1, *, form: Form = Form.ARTICLE) -> Act:
    """As many items that nobody watches for."""

    def act(turn: Turn) -> Result:
        events: tuple[Event, ...] = ()
        for _ in range(count):
            taken = {item.title for item in turn.state.news}
            item = unrelated(turn.chance, turn.day, taken, folder=turn.site.list_path, form=form)
            item = replace(item, path=_free(item.path, turn.state))
            state, new = _with_news(turn, item, UNRELATED)
            turn, events = replace(turn, state=state), events + new
        return turn.state, events

    return act


def correct(old: str, title: str, *paragraphs: str, truth: Truth) -> Act:
    """The item titled `old` gets another title and text, at its old address and in its old place."""

    def act(turn: Turn) -> Result:
        place = _place(turn.state, old)
        item = replace(turn.state.news[place], title=title, paragraphs=paragraphs, updated=turn.day)
        state = replace(turn.state, news=_put(turn.state.news, place, item))
        return state, (_event(turn.site, "edited", item, truth),)

    return act


def withdraw(title: str | None, truth: Truth) -> Act:
    """An item leaves the list and its page is no more; without a title one from the middle of page 1."""

    def act(turn: Turn) -> Result:
        place = 4 if title is None else _place(turn.state, title)
        item = turn.state.news[place]
        state = replace(turn.state, news=turn.state.news[:place] + turn.state.news[place + 1 :])
        return state, (_event(turn.site, "withdrawn", item, truth),)

    return act


def revise(heading: str, change: Callable[[Section], Section], truth: Truth) -> Act:
    """A section of the foreigners page is edited."""

    def act(turn: Turn) -> Result:
        sections = tuple(
            change(part) if part.heading == heading else part for part in turn.state.guide.sections
        )
        return _with_guide(turn, sections, "edited", heading, truth)

    return act


def insert(section: Section, truth: Truth, *, after: str) -> Act:
    """A new section stands on the foreigners page, after the one headed `after`."""

    def act(turn: Turn) -> Result:
        old = turn.state.guide.sections
        place = [part.heading for part in old].index(after) + 1
        return _with_guide(turn, (*old[:place], section, *old[place:]), "added", section.heading, truth)

    return act


def _with_news(turn: Turn, item: News, truth: Truth) -> Result:
    state = replace(turn.state, news=(item, *turn.state.news))
    return state, (_event(turn.site, "added", item, truth),)


def _with_guide(turn: Turn, sections: tuple[Section, ...], kind: str, heading: str, truth: Truth) -> Result:
    guide: Guide = replace(turn.state.guide, sections=sections, updated=turn.day)
    event = Event(turn.site.code, GUIDE, kind, heading, guide.path, truth)
    return replace(turn.state, guide=guide), (event,)


def _event(site: Site, kind: str, item: News, truth: Truth) -> Event:
    return Event(site.code, NEWS, kind, item.title, item.path, truth)


def _place(state: State, title: str) -> int:
    return [item.title for item in state.news].index(title)


def _put(news: tuple[News, ...], place: int, item: News) -> tuple[News, ...]:
    return (*news[:place], item, *news[place + 1 :])


def _free(path: str, state: State) -> str:
    """The address, with the digit that the CMS appends to one that is taken."""
    taken = {item.path for item in state.news}
    again = 2
    free = path
    while free in taken:
        free = f"{path}{again}"
        again += 1
    return free
