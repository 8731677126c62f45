"""How texts and addresses are typed into a page: the harmless variants that real sites mix."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from html import escape
from urllib.parse import quote

from watcher.replica.model import Links, State, Typography
from watcher.replica.sites import Site

_LINK = re.compile(r"\[([^\]]+)\]\(([^)]+)\)")
_BEFORE = re.compile(r" (?=[:;?!»%€])|(?<=«) ")
_NAMED = {"é": "&eacute;", "è": "&egrave;", "à": "&agrave;", "°": "&deg;", "\u00a0": "&nbsp;"}


@dataclass(frozen=True, slots=True)
class View:
    """One site at one step, as the skins see it."""

    site: Site
    state: State

    def text(self, text: str) -> str:
        """Plain text → HTML, in the typography of the day."""
        return _TYPED[self.state.typography](text)

    def title(self, text: str) -> str:
        if self.state.typography is Typography.CAPITALS:
            text = text.upper()
        return self.text(text)

    def prose(self, text: str) -> str:
        """Text with ``[label](address)`` links → HTML."""
        out, last = [], 0
        for match in _LINK.finditer(text):
            label, target = match.groups()
            out += [
                self.text(text[last : match.start()]),
                f'<a href="{escape(self.href(target))}">{self.text(label)}</a>',
            ]
            last = match.end()
        return "".join([*out, self.text(text[last:])])

    def bare(self, text: str) -> str:
        """The same text without its links."""
        return _LINK.sub(r"\1", text)

    def href(self, target: str) -> str:
        """A path of this site, or somebody else's whole address, as an attribute value."""
        return f"{self.site.prefix}{target}" if target.startswith("/") else target

    def item_href(self, path: str) -> str:
        """The address of a list's item, in the variant of the day."""
        if not path.startswith("/"):
            return path
        return escape(_LINKED[self.state.links](self.site, path))

    def date(self, day: date) -> str:
        return f"{day:%d/%m/%Y}"


def linked(text: str) -> tuple[str, str]:
    """The label and the target of a text that is one link."""
    found = _LINK.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


def file_href(site: Site, number: int, name: str) -> str:
    """The address of a download; object and attribute ids change whenever the file is sent again."""
    return f"{site.prefix}/contenu/telechargement/{number}/{number + 350_000}/file/{quote(name)}"


def _spaced(text: str) -> str:
    return _BEFORE.sub("\u00a0", text)


def _curly(text: str) -> str:
    return escape(text.replace("'", "’").replace("...", "…"), quote=False)


def _no_break(text: str) -> str:
    narrow = re.sub(r" (?=[;?!])", "\u202f", text)
    return escape(_spaced(narrow), quote=False)


def _entities(text: str) -> str:
    typed = escape(_spaced(text), quote=False)
    return "".join(_NAMED.get(char, char) for char in typed)


def _twice(text: str) -> str:
    typed = escape(_spaced(text), quote=False)
    return typed.replace("\u00a0", "&amp;nbsp;").replace("'", "&amp;#039;")


def _stray(text: str) -> str:
    loose = text.replace("préfecture", "pré\u00adfecture").replace("n°", "n °").replace(" de ", "  de\u200b ")
    return escape(loose, quote=False)


def _plain(text: str) -> str:
    return escape(text, quote=False)


_TYPED: dict[Typography, Callable[[str], str]] = {
    Typography.PLAIN: _plain,
    Typography.CURLY: _curly,
    Typography.NO_BREAK: _no_break,
    Typography.DECOMPOSED: lambda text: _plain(unicodedata.normalize("NFD", text)),
    Typography.ENTITIES: _entities,
    Typography.TWICE: _twice,
    Typography.CAPITALS: _plain,
    Typography.STRAY: _stray,
}
_LINKED: dict[Links, Callable[[Site, str], str]] = {
    Links.PLAIN: lambda site, path: site.prefix + path,
    Links.INDEX: lambda site, path: f"{site.prefix}/index.php{path}",
    Links.ABSOLUTE: lambda site, path: f"{site.base.replace('http:', 'https:')}{path}",
    Links.TAGGED: lambda site, path: f"{site.prefix}{path}/?utm_source=accueil&utm_medium=carte",
    Links.THEMED: lambda site, path: f"{site.prefix}{path}/(theme)/39",
}
