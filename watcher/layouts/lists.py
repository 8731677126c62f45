"""Lists without cards: tables, plain lists, links in a lead, select lists."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import islice

from bs4.element import Tag

from watcher.core.address import absolute, canonical
from watcher.core.text import find_day
from watcher.layouts.cards import Entry, Listed, days_of, read_entries
from watcher.layouts.tree import (
    View,
    all_of,
    anchors,
    attribute,
    first_anchor,
    label_of,
    text_of,
    within,
)

_LINE = 400  # characters beyond which an element is no line of a list
_ALONE = 5  # nodes of an element that holds nothing but a link, or two, and space around


def read_list(view: View) -> tuple[str, Listed]:
    """The list that holds most entries, the first of equals, and the name of its kind; else ("", nothing).

    Where some groups of entries are dated and others are not, the undated groups are navigation.
    """
    found = [(name, _dated_groups(groups(view))) for name, groups in _VARIANTS]
    read = [(name, read_entries(view, [e for group in groups for e in group])) for name, groups in found]
    best = max(read, key=lambda pair: len(pair[1].items))
    if not best[1].items:
        return "", Listed()
    if best[0] == "select":
        return "select", replace(best[1], flaws=(*best[1].flaws, "select_list"))
    return best


def _dated_groups(groups: Sequence[Sequence[Entry]]) -> list[Sequence[Entry]]:
    dated = [group for group in groups if any(map(_is_dated, group))]
    return dated or list(groups)


def _is_dated(entry: Entry) -> bool:
    tooltip = attribute(entry.anchor, "title") if entry.anchor else ""
    stamps = days_of(entry.detail, tooltip, entry.title)
    return bool(stamps.published or stamps.updated)


def _table(view: View) -> list[list[Entry]]:
    return [
        [entry for row in all_of(table, {"tr"}) for entry in _entries_in(view, row)]
        for table in all_of(view.root, {"table"})
    ]


def _list(view: View) -> list[list[Entry]]:
    groups: list[list[Entry]] = []
    for group in all_of(view.root, {"ul", "ol", "dl"}):
        if not within(group, {"table"}):
            own = [child for child in group.contents if isinstance(child, Tag)]
            groups.append([entry for child in own for entry in _first_entry(view, child)])
    return groups


def _first_entry(view: View, holder: Tag) -> list[Entry]:
    anchor = first_anchor(holder)
    return _entries(view, [(_line_of(anchor, holder), anchor)]) if anchor else []


def _lead(view: View) -> list[list[Entry]]:
    """Links of a lead, one a line; a lead that merely mentions links is a text, not a list."""
    return [
        [entry for entry in _entries_in(view, lead) if entry.container.name in ("p", "div")]
        for lead in view.having("fr-text--lead")
        if 2 * sum(len(text_of(a)) for a in anchors(lead)) > len(text_of(lead))
    ]


def _plain(view: View) -> list[list[Entry]]:
    """Links that stand alone in their element, be it twice."""
    free = [a.parent for a in anchors(view.root) if a.parent and not within(a, {"li", "table", "dd"})]
    holders = {id(holder): holder for holder in free if len(holder.contents) <= _ALONE}
    return [_entries(view, [pair for holder in holders.values() for pair in _only_link(view, holder)])]


def _only_link(view: View, holder: Tag) -> list[tuple[Tag, Tag]]:
    """The link that is all that an element holds, and what dates it: not another copy of its own title."""
    found = anchors(holder)
    text = " ".join(map(text_of, found))
    if not text or text.replace(" ", "") != text_of(holder).replace(" ", ""):
        return []
    if len(found) == 1:
        return [(holder, found[0])]
    return [(found[0], found[0])] if len({canonical(view.link(a) or "") for a in found}) == 1 else []


def _select(view: View) -> list[list[Entry]]:
    """Select lists: each option's value is a path without its leading slash."""
    groups = []
    for select in all_of(view.root, {"select"}):
        entries = []
        for option in all_of(select, {"option"}):
            path = attribute(option, "value")
            address = absolute(f"/{path.lstrip('/')}", view.base) if "/" in path else None
            if address:
                anchor = Tag(name="a", attrs={"href": address, "title": attribute(option, "title")})
                entries.append(Entry(option, anchor, attribute(option, "title") or text_of(option)))
        groups.append(entries)
    return groups


_VARIANTS: tuple[tuple[str, Callable[[View], list[list[Entry]]]], ...] = (
    ("table", _table),
    ("list", _list),
    ("lead", _lead),
    ("links", _plain),
    ("select", _select),
)


def _entries_in(view: View, holder: Tag) -> list[Entry]:
    return _entries(view, [(_line_of(a, holder), a) for a in anchors(holder)])


def _line_of(anchor: Tag, holder: Tag) -> Tag:
    for outer in anchor.parents:
        if outer is holder or outer.name in ("p", "li", "td", "dd", "div"):
            return outer
    return holder


def _entries(view: View, found: Sequence[tuple[Tag, Tag]]) -> list[Entry]:
    """Links to other pages, with the day that stands near each."""
    here = canonical(view.address)
    texts: dict[int, str] = {}
    entries = []
    for container, anchor in found:
        address = view.link(anchor)
        if address is None or canonical(address) == here:
            continue
        title = label_of(anchor)
        entries.append(Entry(container, anchor, title, detail=_detail(container, title, texts)))
    return entries


def _detail(container: Tag, title: str, texts: dict[int, str]) -> str:
    """What dates an entry: the rest of its line, else of its row or list item."""
    rows = (outer for outer in container.parents if outer.name in ("li", "tr"))
    for holder in (container, *islice(rows, 1)):
        if id(holder) not in texts:
            texts[id(holder)] = text_of(holder)
        text = texts[id(holder)]
        if len(text) < _LINE and find_day(rest := text.replace(title, " ", 1)):
            return rest
    return ""
