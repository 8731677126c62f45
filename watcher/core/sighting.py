"""What discovery remembers of a page: where its links lead, and what makes it what it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from watcher.core import topic
from watcher.core.address import canonical
from watcher.core.items import LinkKind, OfficialLink
from watcher.core.page import Outcome

MOST_LINKS = 150  # of one page that are remembered


class Place(StrEnum):
    """Where on a page a link stands."""

    MENU = "menu"  # header and navigation, the same on all pages
    CRUMB = "crumb"
    SIDE = "side"
    RUBRIC = "rubric"  # a card or tile that shows no day
    MAIN = "main"
    ITEM = "item"  # an entry with a day: a piece of news
    FOOTER = "footer"


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a page of the same site; `above` are the headings it stands under, outermost first."""

    label: str
    address: str
    place: Place
    above: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return canonical(self.address) or self.address

    @property
    def around(self) -> tuple[str, ...]:
        """Everything but its label that says what it belongs to: headings, and the path to it."""
        return (*self.above, *topic.segments(self.address)[:-1])


@dataclass(frozen=True, slots=True)
class Sighting:
    """One page that was asked for. All but `asked` and `outcome` is empty where it could not be read."""

    asked: str
    outcome: Outcome
    reason: str = ""
    address: str = ""  # where it was found
    title: str = ""  # what the site calls it: the first part of its <title>
    heading: str = ""
    crumbs: tuple[Link, ...] = ()  # from the home page's child to the page's parent
    links: tuple[Link, ...] = ()
    layout: str = ""  # that reads most of it
    items: int = 0
    dated: int = 0  # entries of a list that have a day
    ours: int = 0  # of these, about our subject
    files: int = 0
    says_empty: bool = False  # it says itself that there is nothing to list
    select_list: bool = False  # only a form leads to what it lists
    length: int = 0  # of its text
    motifs: tuple[str, ...] = ()  # grounds of residence permits that its text names
    guidance: int = 0  # sorts of words that tell somebody how to apply
    mentions: int = 0  # words of our subject
    official: tuple[OfficialLink, ...] = ()

    @property
    def read(self) -> bool:
        return self.outcome is Outcome.OK

    @property
    def key(self) -> str:
        return canonical(self.address or self.asked) or self.asked

    @property
    def name(self) -> str:
        return self.heading or self.title

    @property
    def forms(self) -> tuple[OfficialLink, ...]:
        """Where something is filed or booked, mail aside."""
        return tuple(link for link in self.official if link.kind is not LinkKind.EMAIL)


def interesting(link: Link) -> bool:
    """Whether a link may ever be followed: all but menus about something else, and footers that tell nothing."""
    if link.place not in (Place.MENU, Place.FOOTER, Place.ITEM):
        return True
    words = (link.label, *link.above)
    tells = max(map(topic.subject, words)) > 0.1 or topic.for_the_public(link.label) > 0
    named = topic.named_news(link.label) or topic.named_appointment(link.label)
    return tells or named or (link.place is Place.MENU and not any(map(topic.besides, words)))


def kept(sighting: Sighting, known: Collection[str]) -> Sighting:
    """The same without what need not be remembered: menus that an earlier page had, links that tell nothing."""
    repeated = (Place.MENU, Place.FOOTER)
    links = [
        link
        for link in sighting.links
        if interesting(link) and not (link.place in repeated and link.key in known)
    ]
    return replace(sighting, links=tuple(_first(links)))


def _first(links: Sequence[Link]) -> Iterable[Link]:
    """At most `MOST_LINKS`, those that tell most first; in the order of the page."""
    if len(links) <= MOST_LINKS:
        return links
    ranked = sorted(range(len(links)), key=lambda n: -_told(links[n]))[:MOST_LINKS]
    return (links[n] for n in sorted(ranked))


def _told(link: Link) -> float:
    """How much its name promises; of those that promise nothing, the first rubrics."""
    named = 0.5 * (topic.named_news(link.label) or topic.named_appointment(link.label))
    first = 0.1 * (len(topic.segments(link.address)) < 2)
    return max(topic.subject(link.label), topic.for_the_public(link.label), named, first)
