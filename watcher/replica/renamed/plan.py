"""Where everything stands on a renamed site: one tree of rubrics and pages, drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache

from watcher.replica.model import dice
from watcher.replica.renamed.vocabulary import Names, names_of
from watcher.replica.texts.menu import MENU
from watcher.replica.texts.unrelated import slug

_EXPOSED = 0.6  # share of sections that stand in the menu of every page
_WITH_NEWS = 0.75
_APART = 0.3


class Sort(StrEnum):
    """What stands at a node."""

    HUB = "hub"  # links to what is below it
    TEXT = "text"
    SECTION = "section"
    GUIDE = "guide"
    NEWS = "news"  # of the section
    GENERAL = "general"  # of the site
    APPOINTMENTS = "appointments"
    DOCUMENTS = "documents"
    HALLWAY = "hallway"
    DECOY = "decoy"


OURS = frozenset({Sort.SECTION, Sort.GUIDE, Sort.APPOINTMENTS, Sort.DOCUMENTS, Sort.HALLWAY})


class Gone(StrEnum):
    """What an address says whose page was moved."""

    MISSING = "missing"  # 404
    HOME = "home"  # redirects to the home page
    EMPTIED = "emptied"  # the rubric is still there, and empty
    FORWARDED = "forwarded"  # redirects to the new address


@dataclass(frozen=True, slots=True)
class Node:
    """A rubric or page. `shown`: in the menus of all pages, as deep as those go."""

    label: str
    path: str
    sort: Sort
    children: tuple[Node, ...] = ()
    shown: bool = True
    detail: str = ""  # which sort of decoy

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Plan:
    """`gone` tells, for addresses of pages that were moved, what becomes of who asks for them."""

    root: Node
    menu_depth: int
    searchable: bool
    crumbs: bool
    style: str  # of the section's page: "cards" | "list" | "guide"
    gone: Mapping[str, tuple[Gone, str]] = field(default_factory=dict)

    def find(self, path: str) -> tuple[Node, ...]:
        """The way from the root to a node; empty when there is none."""
        return next((way for way in _ways(self.root) if way[-1].path == path), ())

    def of(self, *sorts: Sort) -> tuple[Node, ...]:
        return tuple(node for node in self.root.walk() if node.sort in sorts)

    @property
    def section(self) -> Node:
        return self.of(Sort.SECTION)[0]

    @property
    def news(self) -> Node | None:
        return next(iter(self.of(Sort.NEWS)), None)

    @property
    def general(self) -> Node:
        return self.of(Sort.GENERAL)[0]

    @property
    def guide(self) -> Node:
        """The page that tells most."""
        return next((node for node in self.section.walk() if node.sort is Sort.GUIDE), self.section)


def _ways(node: Node) -> Iterator[tuple[Node, ...]]:
    yield (node,)
    for child in node.children:
        for way in _ways(child):
            yield (node, *way)


@lru_cache(maxsize=256)
def plan_of(code: str, within: str, seed: int, *, relocated: bool = False) -> Plan:
    """The plan of one site; `relocated`: after its foreigners' pages were moved."""
    chance = dice(seed, code, "renamed")
    names = names_of(seed)
    section = _section(names, chance, within)
    chain = chance.choice(names.parents)
    exposed = chance.random() < _EXPOSED
    tree = _Tree()
    _furnish(tree, chance)
    tree.hang(chain, replace(section, shown=exposed), deep_shown=exposed or chance.random() < 0.7)
    path, label = chance.choice(names.general)
    tree.hang(path[:-1], Node(label, "", Sort.GENERAL))
    if chance.random() < _APART:
        name = chance.choice(names.apart).replace("{in}", within)
        tree.hang((chain[0],), Node(name, "", Sort.GUIDE, detail="apart"))
    for parents, name, detail in chance.sample(names.decoys, chance.randint(4, 7)):
        tree.hang(parents, Node(name, "", Sort.DECOY, detail=detail))
    root = _addressed(tree.frozen(), "", chance)
    plan = Plan(
        root,
        menu_depth=chance.choice((1, 2, 2, 3, 3, 3)),
        searchable=chance.random() < 0.5,
        crumbs=chance.random() < 0.85,
        style=chance.choice(("cards", "cards", "list", "guide")),
    )
    return _relocated(names, plan, dice(seed, code, "relocated"), within) if relocated else plan


def _section(names: Names, chance: random.Random, within: str) -> Node:
    guides = [Node(name, "", Sort.GUIDE) for name in chance.sample(names.guides, chance.randint(2, 6))]
    parts = [*guides]
    if chance.random() < 0.7:
        parts.append(Node(chance.choice(names.appointments), "", Sort.APPOINTMENTS))
    if chance.random() < 0.6:
        parts.append(Node(chance.choice(names.documents), "", Sort.DOCUMENTS))
    if chance.random() < _WITH_NEWS:
        news = Node(chance.choice(names.news), "", Sort.NEWS)
        if chance.random() < 0.2:
            news = Node(chance.choice(names.hallways), "", Sort.HALLWAY, (news,))
        parts.insert(chance.randint(0, len(parts)), news)
    return Node(chance.choice(names.sections).replace("{in}", within), "", Sort.SECTION, tuple(parts))


@dataclass
class _Tree:
    """Rubrics by name, as they are hung up."""

    children: dict[str, _Tree] = field(default_factory=dict)
    leaves: list[Node] = field(default_factory=list)
    shown: bool = True

    def hang(self, chain: Sequence[str], leaf: Node, *, deep_shown: bool = True) -> None:
        here = self
        for depth, name in enumerate(chain):
            if name not in here.children:
                here.children[name] = _Tree(shown=deep_shown or depth == 0)
            here = here.children[name]
        here.leaves.append(leaf)

    def frozen(self, label: str = "Accueil") -> Node:
        inner = tuple(child.frozen(name) for name, child in self.children.items())
        return Node(label, "", Sort.HUB, (*inner, *self.leaves), self.shown)


def _furnish(tree: _Tree, chance: random.Random) -> None:
    """What every site has besides, in an order of its own."""
    for category in chance.sample(list(MENU), len(MENU)):
        groups = MENU[category]
        for group in chance.sample(list(groups), min(4, len(groups))):
            for label in groups[group][: chance.randint(2, 5)]:
                tree.hang((category, group), Node(label, "", Sort.TEXT))


def _addressed(node: Node, folder: str, chance: random.Random) -> Node:
    """Give a tree its addresses: from the labels, or from what these once were."""
    children = []
    taken: set[str] = set()
    for child in node.children:
        step = slug(child.label)
        if child.sort is Sort.SECTION and chance.random() < 0.25:
            step = chance.choice(("Etrangers", "Sejour", "Accueil-etrangers", "Immigration", "Rubrique-E"))
        if step in taken or chance.random() < 0.08:
            step += "2"
        taken.add(step)
        children.append(_addressed(replace(child, path=f"{folder}/{step}"), f"{folder}/{step}", chance))
    return replace(node, path=node.path or "/", children=tuple(children))


def _relocated(names: Names, plan: Plan, chance: random.Random, within: str) -> Plan:
    """The section under another name, elsewhere, its pages with it; the old addresses say so or not."""
    old = plan.section
    others = [one for one in names.parents if slug(one[0]) not in old.path]
    folder = "/" + "/".join(slug(name) for name in chance.choice(others))
    name = chance.choice([one for one in names.sections if slug(one) not in old.path]).replace("{in}", within)
    moved = _at(replace(old, label=name), f"{folder}/{slug(name)}", old.path)
    root = _hung(_without(plan.root, old.path), moved, folder)
    gone: dict[str, tuple[Gone, str]] = {}
    for before, after in zip(old.walk(), moved.walk(), strict=True):
        manner = chance.choice((Gone.MISSING, Gone.MISSING, Gone.HOME, Gone.EMPTIED, Gone.FORWARDED))
        gone[before.path] = (manner, after.path)
    return replace(plan, root=root, gone=gone)


def _at(node: Node, path: str, before: str) -> Node:
    children = tuple(_at(one, path + one.path.removeprefix(before), one.path) for one in node.children)
    return replace(node, path=path, children=children)


def _without(node: Node, path: str) -> Node:
    kept = tuple(_without(child, path) for child in node.children if child.path != path)
    return replace(node, children=kept)


def _hung(node: Node, leaf: Node, folder: str) -> Node:
    """The tree with `leaf` in `folder`, whose rubrics are made where they are missing."""
    if node.path == folder:
        return replace(node, children=(*node.children, leaf))
    start = "" if node.path == "/" else node.path
    step = folder.removeprefix(start + "/").split("/")[0]
    path = f"{start}/{step}"
    inner = next((child for child in node.children if child.path == path), None)
    made = _hung(inner or Node(step.replace("-", " "), path, Sort.HUB), leaf, folder)
    rest = tuple(child for child in node.children if child.path != path)
    return replace(node, children=(*rest, made))
