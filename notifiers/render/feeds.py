"""Atom and RSS by feedgen, whose one home is here, and the choice between the three formats."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import lru_cache
from io import BytesIO
from itertools import chain
from threading import Lock
from typing import TYPE_CHECKING, Any
from zlib import compress, decompress

from notifiers.render.json_feed import json_feed
from watcher.core.feed import Entry, Feed, Term
from watcher.core.printable import one_line, printable

if TYPE_CHECKING:
    from feedgen.feed import FeedGenerator

GENERATOR = "Vigie préfectures"
_NEVER_EMPTY = "–"  # feedgen refuses an entry without a title

# feedgen sets the locale of the whole process while it writes a date.
_ONE_AT_A_TIME = Lock()

_SANE_ELEMENTS = {"p", "br", "strong", "small", "ul", "li", "del", "ins", "a", "blockquote", "time"}
_SANE_ATTRIBUTES = {"a": {"href"}, "time": {"datetime"}}


class Format(StrEnum):
    """The formats of feeds; the value is also the extension in addresses."""

    ATOM = "atom"
    RSS = "rss"
    JSON = "json"


_MEDIA_TYPES = {
    Format.ATOM: "application/atom+xml",
    Format.RSS: "application/rss+xml",
    Format.JSON: "application/feed+json",
}

_REMEMBERED = 10_000  # entries, of 1 KB or so
_AT_ONCE = 25  # entries that are written together: feedgen's trees take ten times as much as what they become
_QUICK = 1  # zlib's level
_MARKS = {Format.ATOM: (b"<entry>", b"</entry>"), Format.RSS: (b"<item>", b"</item>")}
_ENDS = {Format.ATOM: b"</feed>", Format.RSS: b"</channel></rss>"}


def media_type(form: Format) -> str:
    """Without parameters; the encoding is UTF-8 for all."""
    return _MEDIA_TYPES[form]


def render(feed: Feed, form: Format, hub: str = "") -> bytes:
    """The document in UTF-8. Equal feeds give equal bytes; no text that an entry holds can break it.

    `hub` is the address of the WebSub hub that is told when the feed changes, ``""`` when there is none.
    """
    if form is Format.JSON:
        return json_feed(_clean(feed), hub)
    head, _, tail = _document(replace(feed, entries=()), form, hub).rpartition(_ENDS[form])
    document = BytesIO()  # entry by entry: beside the list of them all it would take twice what it comes to
    document.writelines(chain((head,), _ENTRIES.of(feed, form), (_ENDS[form], tail)))
    return document.getvalue()


class _Entries:
    """How entries were written lately, squeezed: feedgen takes 0.1 ms for one, and feeds share most of theirs.

    Those that were written first leave first: to hash an entry costs more than to find it, so each is looked up once.
    Known by their hash alone: the entries themselves would take three times as much. That two of them have one is
    less likely than 1 in 10^11, and nobody can choose it.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[int, bytes] = OrderedDict()
        self._lock = Lock()

    def of(self, feed: Feed, form: Format) -> Iterator[bytes]:
        """The elements of a feed's entries, in order."""
        with self._lock:
            known = [self._known.get(hash((form, entry))) for entry in feed.entries]
        new = [entry for entry, element in zip(feed.entries, known, strict=True) if element is None]
        fresh = self._made(feed, form, new)
        return (next(fresh) if element is None else decompress(element) for element in known)

    def _made(self, feed: Feed, form: Format, new: Sequence[Entry]) -> Iterator[bytes]:
        for start in range(0, len(new), _AT_ONCE):
            some = tuple(new[start : start + _AT_ONCE])
            elements = _elements(replace(feed, entries=some), form)
            self._keep(form, some, [compress(element, _QUICK) for element in elements])
            yield from elements

    def _keep(self, form: Format, entries: Sequence[Entry], elements: Sequence[bytes]) -> None:
        with self._lock:
            self._known.update(zip((hash((form, entry)) for entry in entries), elements, strict=True))
            while len(self._known) > _REMEMBERED:
                self._known.popitem(last=False)


_ENTRIES = _Entries()


def _elements(feed: Feed, form: Format) -> list[bytes]:
    """Texts hold no bare ``<``: what looks like the beginning of an entry is one."""
    begins, ends = _MARKS[form]
    inside = _document(feed, form, hub="").partition(begins)[2].rpartition(ends)[0]
    return [begins + element + ends for element in inside.split(ends + begins)]


def _document(feed: Feed, form: Format, hub: str) -> bytes:
    with _ONE_AT_A_TIME:
        generator = _generator(_clean(feed), form, hub)
        return bytes(generator.atom_str() if form is Format.ATOM else generator.rss_str())


def _clean(feed: Feed) -> Feed:
    return replace(
        feed,
        title=one_line(feed.title),
        subtitle=one_line(feed.subtitle),
        rights=one_line(feed.rights),
        entries=tuple(_clean_entry(entry) for entry in feed.entries),
    )


@lru_cache(maxsize=_REMEMBERED)
def _clean_entry(entry: Entry) -> Entry:
    import nh3

    clean = replace(
        entry,
        id=one_line(entry.id),
        title=one_line(entry.title) or _NEVER_EMPTY,
        address=one_line(entry.address),
        page=one_line(entry.page),
        corrects=one_line(entry.corrects),
        summary=one_line(entry.summary),
        content=nh3.clean(
            printable(entry.content.decode()),
            tags=_SANE_ELEMENTS,
            attributes=_SANE_ATTRIBUTES,
            url_schemes={"http", "https"},
            link_rel=None,
        ).encode(),
        author=one_line(entry.author) or _NEVER_EMPTY,
        terms=tuple(
            Term(t.scheme, one_line(t.name), one_line(t.label)) for t in entry.terms if one_line(t.name)
        ),
    )
    return entry if clean == entry else clean  # nearly all are, and are then kept once


def _generator(feed: Feed, form: Format, hub: str) -> FeedGenerator:
    from feedgen.feed import FeedGenerator

    generator = FeedGenerator()
    _register_fixes(generator, hub)
    generator.id(feed.id)
    generator.title(feed.title)
    generator.subtitle(feed.subtitle)
    generator.language("fr")
    generator.rights(feed.rights)
    generator.author({"name": "Vigie préfectures (site non officiel)"})
    generator.generator(GENERATOR)
    generator.docs("https://www.rssboard.org/rss-specification")
    generator.updated(feed.updated)
    # RSS has one link, and feedgen takes the last: the page must come after the feed itself.
    generator.link(href=feed.self_address(form.value), rel="self", type=media_type(form))
    if hub:
        generator.link(href=hub, rel="hub")
    generator.link(href=feed.page, rel="alternate", type="text/html", hreflang="fr")
    for entry in feed.entries:
        _add(generator, entry, form)
    return generator


def _add(generator: FeedGenerator, entry: Entry, form: Format) -> None:
    item = generator.add_entry(order="append")
    item.id(entry.id)
    item.title(entry.title)
    item.summary(entry.summary)
    item.content(entry.content.decode(), type="html")
    item.author({"name": entry.author, **({"uri": entry.home} if entry.home else {})})
    item.published(entry.published)
    item.updated(entry.updated)
    item.link(href=entry.address, rel="alternate", type="text/html", hreflang="fr")
    if entry.page != entry.address:
        item.link(href=entry.page, rel="related", type="text/html", hreflang="fr")
    if entry.corrects:
        item.link(href=entry.corrects, rel="related", type="text/html", hreflang="fr")
    # In RSS the label would replace the name, which is what programs go by.
    for term in entry.terms:
        labelled = {"label": term.label} if form is Format.ATOM else {}
        item.category({"term": term.name, "scheme": term.scheme, **labelled})
    item.links.kept = item.link()
    item.dc.dc_creator(entry.author)


def _register_fixes(generator: FeedGenerator, hub: str) -> None:
    from feedgen.ext.base import BaseEntryExtension, BaseExtension

    class KeptLinks(BaseEntryExtension):  # type: ignore[misc]
        """feedgen 1.0.0 writes entry links without rel, type and language: put them back."""

        kept: Iterable[dict[str, str]] = ()

        def extend_atom(self, entry: Any) -> Any:
            for element, link in zip(entry.findall("link"), self.kept, strict=True):
                for name in ("rel", "type", "hreflang"):
                    element.set(name, link[name])
            return entry

    class Hub(BaseExtension):  # type: ignore[misc]
        """feedgen knows of one link in RSS, that of the feed itself."""

        def extend_rss(self, rss: Any) -> Any:
            if hub:
                own = rss.find("channel/{http://www.w3.org/2005/Atom}link")
                own.addnext(own.makeelement(own.tag, rel="hub", href=hub))
            return rss

    generator.register_extension("links", BaseExtension, KeptLinks, atom=True, rss=False)
    generator.register_extension("hub", Hub, BaseEntryExtension, atom=False, rss=True)
    generator.load_extension("dc", atom=False, rss=True)
