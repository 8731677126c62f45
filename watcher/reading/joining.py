"""Whether a statement says that an application is made on ANEF from now on."""

from __future__ import annotations

import re

from watcher.reading.lexicon import Kind
from watcher.reading.markers import Mark
from watcher.reading.names import OUTAGE
from watcher.reading.stance import Stance
from watcher.reading.statements import Statement

_AROUND = re.compile(
    r"(?:\b(?:difficult\w+|aider?|aidera|aident|accompagn\w+|assist\w+|problem\w+|bloca\w+|bloque\w*|rencontr\w+|"
    r"espace (?:personnel )?|messagerie|comptes?|tutoriel\w*|inform\w+|renseign\w+|erreur\w*|identifiant\w*|"
    r"atelier\w*)\b[^.;:]{0,70}|"
    r"\b(?:leurs?|votre|sa|la|une|aux?|les|des|vos|toute|ma|mon) (?:demandes?|dossiers?|"
    r"renouvellements?)(?: \w+){0,2} "
    r"(?:depose|fait|effectue|enregistre|initie|commence)e?s?(?: en ligne)? sur (?:le site |la plateforme |"
    r"le portail )?"
    r"(?:de )?(?:l')?)$"
)
"""ANEF as the place of a difficulty, of help, or of a file that is there already."""


def joins_anef(statement: Statement, stance: Stance) -> bool:
    """News that something is filed there: no outage, no fallback, no reminder of how it is."""
    if OUTAGE in (*statement.ids(Kind.STRONG), *statement.ids(Kind.WEAK)) or not stance.news:
        return False
    return files_there(statement) and not statement.has(*_NO_NEWS)


def files_there(statement: Statement) -> bool:
    """Whether it is named as the place where one files."""
    start = statement.clause.start
    return any(
        way.channel == "anef" and not _AROUND.search(statement.words[: way.at - start])
        for way in statement.open_ways()
    )


_NO_NEWS = (Mark.FALLBACK, Mark.UNCHANGED, Mark.HELP)
