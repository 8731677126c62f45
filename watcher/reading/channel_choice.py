"""By which channel it was done, and is done from now on."""

from __future__ import annotations

import re

from watcher.reading.channels import Stand
from watcher.reading.markers import Mark
from watcher.reading.names import (
    ANEF,
    CLOSURE,
    DELAY,
    DOCUMENTS,
    FEE,
    FILING,
    FRAUD,
    NATURALISATION,
    OTHER,
    OUTAGE,
    RDV,
    SCHEME,
    UNRELATED,
)
from watcher.reading.stance import Stance, said
from watcher.reading.statements import Passage, Statement

_SHUT = re.compile(
    r"\b(?:ferm(?:e|es|ee|ees|eture|era|eront|ent)\b|ne pourra (?:pas )?etre assure|suspendu|"
    r"n'accueill\w+ (?:plus|pas)|ne recevr\w+ (?:plus|pas))"
)
_REOPENS = re.compile(
    r"\b(?:rouv(?:re|rent|rira|riront|ert|erte|erts|ertes)|reouverture|reprise (?:de l'accueil|partielle|"
    r"progressive|d'activite|de l'activite)|"
    r"reprend\w*|deblocage|de nouveau le public)\b"
)
_SHUT_SINCE = re.compile(r"\b(?:ferme\w*|interromp\w+|suspendu\w*) (?:\w+ )?depuis\b")
_FORMER = re.compile(
    r"\b(?:ancien\w*|precedent\w*) (?:adresse|lien|module|planning|outil|site)|"
    r"(?:rendez-vous|rdv|creneaux?)[^.;]{0,60}(?:mise?s? en ligne|publie\w*)[^.;]{0,60}non plus|"
    r"(?:module|outil|planning)[^.;]{0,80}remplace\w* par"
)
"""Booking is replaced by booking."""
_ONLY_OPEN = re.compile(r"n'est ouvert\w* que|ouvert\w* uniquement|reste\w* ouvert")
_PARTLY = re.compile(
    r"\b(?:le (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|matin)|l'apres-midi|horaires?)\b(?! ?\d)"
)
_EARLY = re.compile(r"\bferm\w+ (?:(?:ses|leurs) portes )?(?:a|des) \d{1,2} ?h")
_FORM = "teleservice_autre"
_FILES = ("demarche_numerique", "courrier", "email", "anef", _FORM)
_PREFERENCE: dict[str, tuple[str, ...]] = {
    ANEF: ("anef",),
    RDV: ("demarche_numerique", "guichet_sans_rdv", "rdv_en_ligne", "telephone", "email", "guichet_sur_rdv"),
    CLOSURE: ("guichet_sans_rdv", "guichet_sur_rdv", "rdv_en_ligne"),
    FILING: (*_FILES, "rdv_en_ligne", "guichet_sur_rdv", "specialised_site"),
    NATURALISATION: ("anef", "demarche_numerique", "courrier", "telephone", "email", "rdv_en_ligne", _FORM),
    SCHEME: ("demarche_numerique", "anef", "rdv_en_ligne", "guichet_sans_rdv", "courrier", "email", _FORM),
    DOCUMENTS: ("anef", "demarche_numerique", "courrier", "rdv_en_ligne"),
    OTHER: ("anef", "rdv_en_ligne"),
}
_NO_CHANNEL = frozenset({FEE, DELAY, OUTAGE, UNRELATED})


def channel_after(passage: Passage, stances: tuple[Stance, ...], category: str) -> str | None:
    """How it is done from now on, in the statement that matters most for the category."""
    if category in _NO_CHANNEL:
        return None
    news = any(stance.news for stance in stances)
    ordered = [s for s, _ in said(passage, stances) if not (news and s.has(Mark.UNCHANGED))]
    if category == CLOSURE:
        return _after_closure(passage, ordered)
    if category == RDV:
        return _appointment(ordered)
    if category == FRAUD:
        return _appointment([statement for statement, stance in said(passage, stances) if stance.news])
    opened = {way.channel for s in ordered if _governs(s, category) for way in s.open_ways()}
    return next((channel for channel in _PREFERENCE.get(category, ()) if channel in opened), None)


def _governs(statement: Statement, category: str) -> bool:
    """In a text without news a channel counts only where something is filed by it."""
    if statement.has(Mark.PLANNED, Mark.REPORT) and category == OTHER:
        return False
    return category != OTHER or bool(_FILED.search(statement.words))


_FILED = re.compile(
    r"\b(?:depos\w+|depot|renouvel\w+|se demand\w+|demandes?|effectu\w+|se f(?:ait|ont)|demarches?|"
    r"prise de rendez-vous|rendez-vous)\b"
)


def _appointment(ordered: list[Statement]) -> str | None:
    """The statement that says most precisely how an appointment is had."""
    for statement in ordered:
        opened = [way.channel for way in statement.open_ways()]
        for preferred in _PREFERENCE[RDV]:
            if preferred in opened:
                return (_more_precise(ordered) or preferred) if preferred == "guichet_sur_rdv" else preferred
    return None


def _more_precise(ordered: list[Statement]) -> str | None:
    """To come by appointment says less than how the appointment is had, elsewhere in the text."""
    opened = {way.channel for statement in ordered for way in statement.open_ways()}
    return next(
        (name for name in ("demarche_numerique", "rdv_en_ligne", "telephone", "email") if name in opened),
        None,
    )


def _after_closure(passage: Passage, ordered: list[Statement]) -> str | None:
    closing = [s for s in ordered if _SHUT.search(s.words) and not s.has(Mark.ALREADY)]
    reopening = any(_REOPENS.search(s.words) for s in ordered if s.title or s.has(Mark.CHANGE))
    opened = [way.channel for s in ordered for way in s.open_ways()]
    closed = any(way.stand is Stand.CLOSED and not way.vague for s in ordered for way in s.ways)
    by_desk = next((channel for channel in opened if channel in _PREFERENCE[CLOSURE]), None)
    if by_desk == "guichet_sur_rdv" and (closed or any(_ONLY_OPEN.search(s.words) for s in ordered)):
        return by_desk
    if closing and not _only_partly(closing) and not (reopening and _reopens_first(passage)):
        return "ferme"
    return by_desk


def _only_partly(closing: list[Statement]) -> bool:
    return any(_EARLY.search(s.words) or (_PARTLY.search(s.words) and not s.dates) for s in closing)


def _reopens_first(passage: Passage) -> bool:
    if any(_REOPENS.search(s.words) and _SHUT_SINCE.search(s.words) for s in passage.statements):
        return True
    shut, back = _SHUT.search(passage.folded), _REOPENS.search(passage.folded)
    return bool(back and (not shut or back.start() < shut.start()))


def channel_before(
    passage: Passage, stances: tuple[Stance, ...], category: str, after: str | None
) -> str | None:
    """How it was done until now."""
    if category in {UNRELATED, FEE, DELAY, OTHER, DOCUMENTS}:
        return None
    if category == CLOSURE and _reopens_first(passage):
        return "ferme"
    if category == OUTAGE and "substitution" in passage.folded:
        return "anef"
    for statement, _ in said(passage, stances):
        if category == RDV and after == "rdv_en_ligne" and _FORMER.search(statement.words):
            return after
        for way in statement.ways:
            faint = way.vague and category == CLOSURE and after == "ferme"
            if way.stand is Stand.CLOSED and not faint and (way.channel != after or category == RDV):
                return way.channel
    return None
