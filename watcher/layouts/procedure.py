"""The public page of a procedure of démarche numérique: `/commencer/…`, or what it leads to once closed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from watcher.core.catalogue import SourceKind
from watcher.core.items import Extraction
from watcher.core.services import Standing, state_of
from watcher.core.text import find_day, fold
from watcher.layouts.closings import is_fault, shut
from watcher.layouts.content import read_content
from watcher.layouts.tree import View, first, open_page, text_of

_THING = r"(?:demarche|procedure|formulaire|teleservice|depot (?:de|des) (?:dossiers?|demandes?))"
_CLOSED = shut(_THING, day=True)
_NO_MORE = re.compile(
    r"n'accepte plus (?:de|les) (?:nouveaux? |nouvelles? )?(?:dossiers?|demandes?)\b"
    r"|(?:ne pouvez plus|n'est plus possible de) (?:y )?(?:deposer|commencer|envoyer|transmettre)"
    r"|aucune? (?:nouvelle |nouveau )?(?:demande|dossier) n'est (?:plus )?accepte"
)
_NOWHERE = re.compile(
    r"\bdemarche(?: demandee| recherchee)? (?:n'existe (?:pas|plus)|est (?:introuvable|inconnue)|a ete supprimee)"
    r"|\bprocedure (?:does not exist|not found)"
)
_DOOR = re.compile(
    r"(?:connectez-vous|se connecter|connexion|identifi(?:ez-vous|cation)|(?:creer|creez) (?:un|votre) compte"
    r"|sign in|log in)\b.{0,60}"
)
_BEGINS = re.compile(
    r"commencer la demarche|debuter la demarche|creer un compte|j'ai deja un compte|se connecter avec|franceconnect"
    r"|s'identifier avec|commencer un nouveau dossier|continuer a remplir"
    r"|start the procedure|create an account|i already have an account|sign (?:in|up) with"
)
_BUTTONS = 80  # characters, at most, of a line of them
_NAMED = re.compile(r"«\s*([^«»]{3,300}?)\s*»|(?i:la d[ée]marche)\s+(.{3,300}?)\s+(?i:est|a été)\s")
# What the site reckons from other people's files, and what merely leads on.
_RECKONED = re.compile(
    r"temps de remplissage|estimated fill(?:ing)? time|dans le (?:meilleur|pire) des cas"
    r"|delai (?:d'instruction|de traitement) (?:est )?(?:estime|constate|habituel)|\b\d{1,3} ?% des|en moyenne,"
)


@dataclass(frozen=True, slots=True)
class Procedure:
    """Its state, then what it says; no item at all where neither can be told."""

    name: str = "procedure"
    version: int = 2

    def extract(self, html: str, address: str, options: Mapping[str, str]) -> Extraction:
        view = open_page(html, address)
        content = read_content(view, view.root, self.name, self.version)
        said = tuple(item for item in content.items if _says(fold(item.summary)))
        heading = _heading(view)
        words = fold(text_of(view.root))
        if _DOOR.fullmatch(fold(heading)):
            return replace(content, items=())
        begins = _BEGINS.search(words) is not None
        headed = _CLOSED.search(fold(heading))
        closed = headed or (not begins and (_CLOSED.search(words) or _NO_MORE.search(words)))
        # The site's own heading tells the day of a closing; below it the administration says why.
        settled = headed is not None and find_day(headed["day"] or "") is not None
        if closed and is_fault(fold(heading) if settled else words):
            return replace(content, items=())
        if closed:
            since = find_day(closed.groupdict().get("day") or "")
            state = state_of(SourceKind.PROCEDURE, Standing.CLOSED, _title(heading), address, since)
        elif begins and heading:
            state = state_of(SourceKind.PROCEDURE, Standing.OPEN, heading, address)
        elif _NOWHERE.search(words):
            state = state_of(SourceKind.PROCEDURE, Standing.UNKNOWN, "", address)
        else:
            return replace(content, items=())
        return replace(content, items=(state, *said), heading=heading, next_page=None)


def _says(words: str) -> bool:
    """Whether it is no reckoning, and no button: those are in the language of who asks."""
    return not _RECKONED.search(words) and (len(words) > _BUTTONS or not _BEGINS.search(words))


def _heading(view: View) -> str:
    """The h1; a page that has none is headed by its first h2."""
    title = first(view.root, {"h2"})
    return view.heading() or (text_of(title) if title else "")


def _title(heading: str) -> str:
    """What is called closed."""
    found = _NAMED.search(heading)
    if found:
        return (found[1] or found[2]).strip(' «»"')
    return "" if _CLOSED.search(fold(heading)) else heading


LAYOUT = Procedure()
