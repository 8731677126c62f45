"""What can happen without a word: links swapped under texts that stay, doors that open and close."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from watcher.replica.model import Event, Section, Truth
from watcher.replica.services.model import Door, Service, service_name
from watcher.replica.week.acts import GUIDE, Act, Result, Turn, revise

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
Change = Callable[[Section], Section]


def texts(change: Callable[[str], str]) -> Change:
    """A section with each of its texts changed."""
    return lambda section: replace(
        section,
        paragraphs=tuple(map(change, section.paragraphs)),
        bullets=tuple(map(change, section.bullets)),
        rows=tuple(tuple(map(change, row)) for row in section.rows),
    )


def _changed(act: Act) -> Act:
    """What does nothing is a fault of the script."""

    def sure(turn: Turn) -> Result:
        state, events = act(turn)
        if state.guide.sections == turn.state.guide.sections:
            raise ValueError(f"nothing to change on the page of {turn.site.code}: {events[0].title}")
        return state, events

    return sure


def relink(heading: str, label: str, target: str, truth: Truth, *, row: str = "") -> Act:
    """The link of that label leads elsewhere; of a table only in the row named. `{slug}` is the site's."""

    def act(turn: Turn) -> Result:
        there = target.format(slug=turn.site.slug)

        def change(text: str) -> str:
            return _LINK.sub(lambda m: f"[{m[1]}]({there})" if m[1] == label else m[0], text)

        def rows(section: Section) -> Section:
            told = tuple(r if row and r[0] != row else tuple(map(change, r)) for r in section.rows)
            return replace(texts(change)(section), rows=told)

        return revise(heading, rows, truth)(turn)

    return _changed(act)


def unlink(heading: str, label: str, truth: Truth) -> Act:
    """Its words stay, its link goes."""
    return _changed(revise(heading, texts(lambda text: text.replace(_linked(text, label), label)), truth))


def link(heading: str, label: str, target: str, truth: Truth) -> Act:
    """Words that stood there lead somewhere now."""
    return _changed(revise(heading, texts(lambda text: text.replace(label, f"[{label}]({target})")), truth))


def reword(heading: str, old: str, new: str, truth: Truth) -> Act:
    return _changed(revise(heading, texts(lambda text: text.replace(old, new)), truth))


def remove(heading: str, start: str, truth: Truth) -> Act:
    """The paragraph that begins so is gone."""

    def change(part: Section) -> Section:
        return replace(part, paragraphs=tuple(text for text in part.paragraphs if not text.startswith(start)))

    return _changed(revise(heading, change, truth))


def relink_all(headings: tuple[str, ...], label: str, target: str, truth: Truth) -> Act:
    """The same swap in several sections: it is one thing to tell, under all their names."""

    def act(turn: Turn) -> Result:
        for heading in headings:
            state, _ = relink(heading, label, target, truth)(turn)
            turn = replace(turn, state=state)
        named = ", ".join(headings)
        return turn.state, (Event(turn.site.code, GUIDE, "edited", named, turn.state.guide.path, truth),)

    return act


def turn_door(path: str, door: Door, truth: Truth, *closing: str, since: date | None = None) -> Act:
    """A procedure or a booking opens, closes or is gone."""
    return _served(path, lambda one: replace(one, door=door, closing=closing, since=since), truth)


def lead(path: str, door: Door, target: str, truth: Truth | None) -> Act:
    """A procedure leads to another one, or to itself under another name (which nobody is told of)."""
    return _served(path, lambda one: replace(one, door=door, target=target), truth)


def _served(path: str, change: Callable[[Service], Service], truth: Truth | None) -> Act:
    def act(turn: Turn) -> Result:
        known = turn.state.services
        service = change(known[path])
        state = replace(turn.state, services={**known, path: service})
        named = known[service.target].title if service.door is Door.REPLACED else service.title
        event = Event(turn.site.code, service_name(path), "edited", named, path, truth) if truth else None
        return state, (event,) if event else ()

    return act


def _linked(text: str, label: str) -> str:
    return next((m[0] for m in _LINK.finditer(text) if m[1] == label), label)
