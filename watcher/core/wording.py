"""How an alert is put into words, for every way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core import french
from watcher.core.alerts import Alert, AlertState
from watcher.core.changes import ChangeKind
from watcher.core.corrections import Standing, standing, told
from watcher.core.differences import Piece, differences
from watcher.core.french import Words
from watcher.core.labels import OF_THE_PAST, UNVERIFIED, Label, Vocabulary
from watcher.core.printable import one_line, printable
from watcher.core.speech import Manners
from watcher.core.summary import summary

# Bounds for readers' programs; one monstrous text must not make a feed that nobody can load.
TITLE, SENTENCE, TEXT, GIST, REASON = 250, 600, 4000, 400, 120

UNOFFICIAL = "Site non officiel : seule la page de la préfecture fait foi."
LICENCE = (
    "Informations publiques des préfectures, citées avec leur source et réutilisées "
    "selon la Licence Ouverte 2.0 (Etalab)."
)
LICENCE_ADDRESS = "https://www.etalab.gouv.fr/licence-ouverte-open-licence/"

_UNVERIFIED = Label("[non vérifié] ", "[not verified] ")
_WITHDRAWN = Label("Retiré", "Withdrawn")
_MARKED = Label("{mark} : ", "{mark}: ")
_STANDING_MARKS = {
    Standing.CORRECTION: Label("Rectificatif", "Correction"),
    Standing.RETRACTION: _WITHDRAWN,
    Standing.RESTORED: Label("Rétabli", "Reinstated"),
    Standing.OVERTAKEN: Label("Rectifié depuis", "Corrected since"),
    Standing.RETRACTED: _WITHDRAWN,
}
_KIND_MARKS = {
    ChangeKind.EDITED: Label("Modifié : ", "Edited: "),
    ChangeKind.WITHDRAWN: Label("Supprimé du site : ", "Removed from the site: "),
}
_UNTITLED = Label("Sans titre", "Untitled")


@dataclass(frozen=True, slots=True)
class Filing:
    """Where an application is filed, before and after, as labels; ``""`` where it is not said."""

    before: str
    after: str


def title(alert: Alert, code: str = "fr") -> str:
    return one_line(alert.title, TITLE) or _UNTITLED.told(code)


def mark(alert: Alert, code: str = "fr") -> str:
    """``Rectificatif``; "" for an alert that nothing was corrected about."""
    found = standing(alert)
    return _STANDING_MARKS[found].told(code) if found else ""


def headline(alert: Alert, vocabulary: Vocabulary, code: str = "fr") -> str:
    """``Cantal (15) – [non vérifié] Modifié : Prise de rendez-vous en ligne``"""
    return f"{one_line(vocabulary.place(alert.prefecture))} – {marked_title(alert, code)}"


def marked_title(alert: Alert, code: str = "fr") -> str:
    """``[non vérifié] Modifié : Prise de rendez-vous en ligne``"""
    said = mark(alert, code)
    marks = (
        _UNVERIFIED.told(code) if alert.state is AlertState.UNVERIFIED else "",
        _MARKED.told(code).format(mark=said) if said else "",
        _KIND_MARKS[alert.kind].told(code) if alert.kind in _KIND_MARKS else "",
    )
    return "".join(marks) + title(alert, code)


def notes(alert: Alert, vocabulary: Vocabulary, code: str = "fr") -> tuple[str, ...]:
    """How far the alert may be relied upon, where that must be said; see `corrections.told`."""
    doubt = (UNVERIFIED.told(code),) if alert.state is AlertState.UNVERIFIED else ()
    past = (OF_THE_PAST.told(code),) if alert.historical else ()
    return (*past, *doubt, *told(alert, vocabulary, code))


def effective(alert: Alert, manners: Manners = french) -> tuple[Words, ...]:
    """When it holds: ``à compter du 1er octobre 2025``; empty when the text does not say."""
    return manners.period(alert.verdict.effective_from, alert.verdict.effective_to)


def filing(alert: Alert, vocabulary: Vocabulary, code: str = "fr") -> Filing | None:
    before, after = alert.verdict.channel_before, alert.verdict.channel_after
    if not (before or after):
        return None
    return Filing(
        vocabulary.channel(before, code) if before else "",
        vocabulary.channel(after, code) if after else "",
    )


def sentences(alert: Alert) -> tuple[str, ...]:
    """The sentences of the announcement that carry its facts, each once."""
    found = (one_line(fact.sentence, SENTENCE) for fact in alert.verdict.facts)
    return tuple(dict.fromkeys(sentence for sentence in found if sentence))


def text(alert: Alert) -> str:
    return printable(alert.summary, TEXT)


def text_before(alert: Alert) -> str:
    return printable(alert.before, TEXT)


def comparison(alert: Alert) -> tuple[Piece, ...]:
    """An edit word by word; empty for anything else."""
    if alert.kind is not ChangeKind.EDITED or not alert.before:
        return ()
    return differences(text_before(alert), text(alert))


def gist(alert: Alert, vocabulary: Vocabulary) -> str:
    """One paragraph of plain text: what was understood, then the text's first words."""
    parts = (*told(alert, vocabulary), line(alert, vocabulary), one_line(alert.summary, GIST))
    return one_line(". ".join(_without_stop(part) for part in parts if part), 2 * GIST)


def line(alert: Alert, vocabulary: Vocabulary, language: str = "fr") -> str:
    """The alert in one line of one of the vocabulary's languages; see `summary`."""
    return summary(alert, vocabulary.place(alert.prefecture), vocabulary.languages[language])


def listed(names: Sequence[str]) -> str:
    """``a, b et c``"""
    return " et ".join(filter(None, (", ".join(names[:-1]), *names[-1:])))


def _without_stop(part: str) -> str:
    return part[:-1] if part.endswith(".") else part
