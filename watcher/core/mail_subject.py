"""The subject of a mail: the place first, short, and fit to be seen on a locked screen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from watcher.core.alerts import Alert
from watcher.core.corrections import marked
from watcher.core.language import Language
from watcher.core.printable import one_line
from watcher.core.summary import topic
from watcher.core.text import clean

LONGEST = 60  # characters; what is longer is cut by small screens, and refused by some servers once encoded


def subject(
    alerts: Sequence[Alert], places: Mapping[str, str], language: Language, texts: Mapping[str, str]
) -> str:
    """``Cantal (15) : rendez-vous en ligne``, ``Cantal (15), Rhône (69)… : 3 annonces``.

    `places` are names by code. At most `LONGEST` characters, one line, cut at a word. `texts` are phrases:
    ``one_place`` (place, told) and ``many`` (places, count).
    """
    if len(alerts) == 1:
        told = marked(alerts[0], topic(alerts[0], language), language)
        return harmless(texts["one_place"].format(place=places[alerts[0].prefecture], told=told))
    names = list(dict.fromkeys(places[alert.prefecture] for alert in alerts))
    return harmless(_several(names, len(alerts), texts))


def harmless(text: str) -> str:
    """A line that no mail program takes for an encoded one; see RFC 2047."""
    return one_line(one_line(clean(text)).replace("=?", "= ?"), LONGEST)


def _several(names: Sequence[str], count: int, texts: Mapping[str, str]) -> str:
    """As many names as there is room for, and the first at least."""
    shown = len(names)
    while True:
        more = "…" if shown < len(names) else ""
        line = texts["many"].format(places=", ".join(names[:shown]) + more, count=count)
        if len(line) <= LONGEST or shown == 1:
            return line
        shown -= 1
