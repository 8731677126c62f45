"""What is known of one préfecture's site while it is explored, and what its pages are worth."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from watcher.core import topic
from watcher.core.address import canonical
from watcher.core.items import LinkKind
from watcher.core.search_page import is_search
from watcher.core.sighting import Link, Place, Sighting

OF_MANY = 0.24  # how much a rubric is for whatever the public comes for
BELIEVED = 0.5  # of a page: from here on it is taken for the foreigners' section, or a part of it
_WITHIN = (Place.SIDE, Place.RUBRIC, Place.MAIN)


@dataclass(frozen=True)
class Survey:
    """The pages of a site that were asked for, in that order. `home` is its address in the catalogue."""

    prefecture: str
    home: str
    sightings: tuple[Sighting, ...] = ()

    @cached_property
    def asked(self) -> frozenset[str]:
        """Keys of all that need not be asked for again."""
        keys = {one.key for one in self.sightings}
        return frozenset(keys | {canonical(one.asked) or one.asked for one in self.sightings})

    @cached_property
    def read(self) -> tuple[Sighting, ...]:
        return tuple(one for one in self.sightings if one.read and not is_search(one.asked))

    @cached_property
    def links(self) -> tuple[Link, ...]:
        """Every link to a page that was seen, each address once a place."""
        found: dict[tuple[str, Place], Link] = {}
        for one in self.sightings:
            for link in (*one.links, *one.crumbs):
                place = Place.MAIN if is_search(one.asked) else link.place
                known = found.get((link.key, place))
                if known is None or topic.subject(link.label) > topic.subject(known.label):
                    found[link.key, place] = replace(link, place=place)
        return tuple(found.values())

    @cached_property
    def labels(self) -> dict[str, tuple[str, ...]]:
        """What links call the pages that they lead to, by key."""
        found: dict[str, tuple[str, ...]] = {}
        for link in self.links:
            found[link.key] = (*found.get(link.key, ()), link.label)
        return found

    @cached_property
    def worth(self) -> dict[str, float]:
        """How much each page that was read is one of the foreigners' section, 0..1, by key.

        The innermost first: what is a section by what is below it makes no section of whatever it stands in.
        """
        found = {one.key: worth(one) for one in self.read}
        number: dict[str, int] = {}  # of the parts of each page
        for one in sorted(self.read, key=_depth, reverse=True):
            below = [two for two in self.read if is_under(two, one)]
            believed = [two for two in below if found[two.key] >= BELIEVED]
            lists = [
                two
                for two in below
                if lists_ours(two) and two not in believed and not any(is_under(two, o) for o in believed)
            ]
            parts = (*believed, *lists)
            number[one.key] = len(parts)
            if not any(number.get(two.key, 0) > 1 for two in parts if is_part(two, one)):
                found[one.key] = max(found[one.key], _as_their_parent(one, parts))
        return found

    @cached_property
    def root(self) -> Sighting | None:
        """The page at which the foreigners' section begins."""
        roots = [one for one in self.read if self._is_root(one)]
        return max(roots, key=lambda one: (self._weight(one), -len(one.key)), default=None)

    @property
    def root_key(self) -> str:
        return self.root.key if self.root else ""

    def in_section(self, one: Sighting) -> bool:
        return self.root is not None and (one is self.root or is_under(one, self.root))

    def called(self, one: Sighting) -> tuple[str, ...]:
        """All its names: its heading, its title, and what links call it."""
        keys = {one.key, canonical(one.asked) or one.asked}
        said = (label for key in sorted(keys) for label in self.labels.get(key, ()))
        return (one.heading, one.title, *said)

    def _is_root(self, one: Sighting) -> bool:
        if self.worth[one.key] < BELIEVED:
            return False
        above = (o for o in self.read if self.worth[o.key] >= BELIEVED and o.key != one.key)
        return not any(_outranks(other, one) for other in above)

    def _weight(self, one: Sighting) -> float:
        """How much is found at and below it."""
        below = [self.worth[o.key] for o in self.read if o.key != one.key and is_under(o, one)]
        return self.worth[one.key] + 0.3 * _is_whole(one) + 0.15 * sum(value >= BELIEVED for value in below)

    @cached_property
    def settled(self) -> bool:
        """Whether the section's first page is one of all that a préfecture does for foreigners, not of a part of it."""
        if self.root is None:
            return False
        parts = {link.key for link in children(self.root) if topic.subject(link.label) >= BELIEVED}
        return _is_whole(self.root) or len(parts) >= 3


def _depth(one: Sighting) -> int:
    return max(len(one.crumbs), one.key.count("/") - 3)


def _outranks(other: Sighting, one: Sighting) -> bool:
    """Whether a page is below another at which the section begins, and not in a rubric of the public's many needs."""
    if not is_under(one, other) or is_under(other, one):
        return False
    many = topic.for_the_public(other.name) >= OF_MANY and not _is_whole(other) and not _holds_ours(other)
    return not (many and _is_whole(one))


def lists_ours(one: Sighting) -> bool:
    """Whether a list of news tells of our subject, wherever it stands."""
    return one.dated >= 3 and 2 * one.ours > one.dated


def _holds_ours(one: Sighting) -> bool:
    """Whether a rubric is for our subject by what it holds."""
    inside = [link for link in children(one) if link.label]
    ours = sum(1 for link in inside if topic.subject(link.label) >= BELIEVED)
    return ours >= 3 and ours >= 0.4 * len(inside)


def _is_whole(one: Sighting) -> bool:
    return any(map(topic.whole, (one.heading, one.title)))


def _as_their_parent(one: Sighting, below: Sequence[Sighting]) -> float:
    """What a page is worth for pages of the section that are below it: by its name, or because it holds little else."""
    if not below or topic.otherwise(one.name) or _kept_from_the_past(one):
        return 0.0
    many = topic.for_the_public(one.name)
    if _own_name(one) >= BELIEVED and (_is_whole(one) or many < OF_MANY):
        return 0.75
    inside = [link for link in children(one) if link.label]
    keys = {two.key for two in below}
    useful = sum(1 for link in inside if link.key in keys or _is_useful(link.label))
    direct = [two for two in below if is_part(two, one) or lists_ours(two)]
    if len(direct) < 2 or 2 * useful < len(inside) or topic.besides(one.name):
        return 0.0
    return 0.0 if many >= 0.4 or (many >= OF_MANY and any(map(_is_whole, direct))) else 0.7


def is_under(one: Sighting, other: Sighting) -> bool:
    """Whether a page is below another: by its address, or by its breadcrumb."""
    return is_below(one.key, other.key) or any(link.key == other.key for link in one.crumbs)


def is_below(key: str, other: str) -> bool:
    return key != other and key.startswith(other.rstrip("/") + "/")


def _last(crumbs: Sequence[Link]) -> str:
    return crumbs[-1].key if crumbs else ""


def is_part(one: Sighting, other: Sighting) -> bool:
    """Whether a page is one step below another, by its address or by its breadcrumb."""
    return is_child(one, other) or _last(one.crumbs) == other.key


def is_child(one: Sighting, other: Sighting) -> bool:
    """Whether a page's address is one step below another's."""
    return is_below(one.key, other.key) and "/" not in one.key.removeprefix(other.key.rstrip("/") + "/")


def children(one: Sighting) -> Sequence[Link]:
    """Links to what is part of a page, each once: on it, or beside it and below its address."""
    found: dict[str, Link] = {}
    for link in one.links:
        if link.place in _WITHIN and (link.place is not Place.SIDE or is_below(link.key, one.key)):
            found.setdefault(link.key, link)
    return tuple(found.values())


def whereabouts(one: Sighting) -> tuple[str, ...]:
    """What stands above a page: its breadcrumb, and the path to it."""
    return (*(link.label for link in one.crumbs), *topic.segments(one.address)[:-1])


def worth(one: Sighting) -> float:
    """How much a page is the foreigners' section, or a guide of it, 0..1."""
    if topic.otherwise(one.name) or _kept_from_the_past(one):
        return 0.0
    inside = [link for link in children(one) if link.label]
    ours = [link for link in inside if topic.subject(link.label) >= BELIEVED]
    share = len(ours) / len(inside) if inside else 0.0
    named = _named(one)
    useful = [link for link in inside if _is_useful(link.label)] if _own_name(one) >= BELIEVED else []
    if _holds_ours(one) and topic.for_the_public(one.name) < 0.4:
        named = max(named, 0.85)
    if _speaks_for_itself(one):
        named = max(named, 0.7)
    hub = min(1.0, max(len(ours), len(useful)) / 3) * (1.0 if named >= BELIEVED else share)
    evidence = _either(0.75 * hub, *_told(one))
    return (0.2 + 0.8 * named) * evidence * (0.4 if _is_news(one) else 1.0)


def _speaks_for_itself(one: Sighting) -> bool:
    """Whether its text is one for foreigners about how to apply, whatever it is called."""
    national = any(link.kind is LinkKind.ANEF for link in one.forms)
    return one.guidance >= 6 and one.mentions >= 6 and len(one.motifs) >= 2 and national


def _is_useful(label: str) -> bool:
    """Whether it is what a section of a préfecture's public service has."""
    if topic.otherwise(label) or topic.besides(label):
        return False
    told = topic.named_appointment(label) or topic.named_documents(label) or topic.named_practical(label)
    return told or topic.named_news(label) or topic.subject(label) >= BELIEVED


def _kept_from_the_past(one: Sighting) -> bool:
    return topic.past((one.name, *whereabouts(one)))


def _named(one: Sighting) -> float:
    """How much its own names, and a little those above it, are about the subject."""
    above = max(map(topic.subject, whereabouts(one)), default=0.0)
    return max(_own_name(one), 0.75 * above)


def _own_name(one: Sighting) -> float:
    return max(map(topic.subject, (one.heading, one.title, *topic.segments(one.address)[-1:])))


def _told(one: Sighting) -> Sequence[float]:
    """What its text says for it: that it explains, where it sends people, whom it names."""
    explains = min(1.0, one.guidance / 6) * min(1.0, one.mentions / 4)
    national = any(link.kind in (LinkKind.ANEF, LinkKind.TELESERVICE) for link in one.forms)
    return (
        0.7 * explains,
        0.4 * national + 0.3 * bool(one.forms and one.mentions),
        0.3 * min(1.0, len(one.motifs) / 3) * min(1.0, one.guidance / 3),
    )


def _is_news(one: Sighting) -> bool:
    return one.dated >= 3 and 2 * one.dated > one.items and one.guidance < 8


def _either(*chances: float) -> float:
    left = 1.0
    for chance in chances:
        left *= 1 - min(chance, 1.0)
    return 1 - left


def best(links: Iterable[Link], asked: Collection[str]) -> list[Link]:
    """Each address once that was not asked for, in the order in which they were given."""
    found: dict[str, Link] = {}
    for link in links:
        if link.key not in asked:
            found.setdefault(link.key, link)
    return list(found.values())
