"""What a text says, statement by statement: for whom, by which channel, from when."""

from __future__ import annotations

import re
from collections.abc import Iterable

from watcher.core.verdict import Fact, PartialDate
from watcher.reading.categories import (
    ANEF, CLOSURE, DELAY, DOCUMENTS, FEE, FILING, FRAUD, NATURALISATION, OTHER, OUTAGE, RDV, SCHEME, UNRELATED,
)  # fmt: skip
from watcher.reading.channels import Stand, Way
from watcher.reading.date_roles import Role
from watcher.reading.markers import Mark
from watcher.reading.motifs import ALL, OUTSIDE_ANEF, PAPERS, speaks_of_all, withdrawn_by
from watcher.reading.scope import operation_of, regime_of, territory_of
from watcher.reading.stance import Stance, effect, too_far
from watcher.reading.statements import Passage, Statement

_SHUT = re.compile(
    r"\b(?:ferm(?:e|es|ee|ees|eture|era|eront|ent)\b|ne pourra (?:pas )?etre assure|suspendu|n'accueill\w+ (?:plus|pas)|ne recevr\w+ (?:plus|pas))"
)
_REOPENS = re.compile(
    r"\b(?:rouv(?:re|rent|rira|riront|ert|erte|erts|ertes)|reouverture|repris(?:e)? de l'accueil|reprend\w*|deblocage|de nouveau le public)\b"
)
_ONLY_OPEN = re.compile(r"n'est ouvert\w* que|ouvert\w* uniquement|reste\w* ouvert")
_PARTLY = re.compile(r"\b(?:le (?:lundi|mardi|mercredi|jeudi|vendredi|samedi|matin)|l'apres-midi|horaires?)\b(?! ?\d)")
_PREFERENCE: dict[str, tuple[str, ...]] = {
    ANEF: ("anef",),
    RDV: ("demarche_numerique", "guichet_sans_rdv", "rdv_en_ligne", "telephone", "email", "guichet_sur_rdv"),
    CLOSURE: ("guichet_sans_rdv", "guichet_sur_rdv", "rdv_en_ligne"),
    FILING: ("demarche_numerique", "courrier", "email", "anef", "teleservice_autre", "rdv_en_ligne", "guichet_sur_rdv"),
    NATURALISATION: ("anef", "demarche_numerique", "courrier", "telephone", "email", "rdv_en_ligne", "teleservice_autre"),
    SCHEME: ("demarche_numerique", "anef", "rdv_en_ligne", "guichet_sans_rdv", "courrier", "email", "teleservice_autre"),
    DOCUMENTS: ("anef", "demarche_numerique", "courrier", "rdv_en_ligne"),
    OTHER: ("anef", "rdv_en_ligne"),
}  # fmt: skip
_NO_CHANNEL = frozenset({FEE, DELAY, UNRELATED})


def said(passage: Passage, stances: tuple[Stance, ...]) -> list[tuple[Statement, Stance]]:
    """Statements in the order in which they matter: news before descriptions, the body before the title."""
    pairs = list(zip(passage.statements, stances, strict=True))
    return sorted(pairs, key=lambda pair: (-min(pair[1].weight, 4.0) if pair[1].news else 0, pair[0].title))


def motifs(passage: Passage, category: str, *, news: bool) -> tuple[str, ...]:
    """The grounds that the text is about, general ones included."""
    if category in {UNRELATED, FRAUD, OUTAGE}:
        return ()
    spoken = [s for s in passage.statements if not withdrawn_by(s.marks)]
    found = _distinct(motif for statement in spoken for motif in statement.motifs)
    found = tuple(motif for motif in found if motif not in _excepted(passage) or motif in _titled(passage))
    if not found and not news:
        found = _distinct(motif for statement in passage.statements for motif in statement.motifs)
    general = category in {ANEF, FILING, FEE, DELAY, DOCUMENTS} or (category in {RDV, CLOSURE} and news)
    if general and ALL not in found and (category == FEE or all(motif in PAPERS for motif in found)):
        body = " ".join(statement.words for statement in spoken)
        if speaks_of_all(body, fee=category == FEE):
            found = (ALL, *found)
    if len(found) > 1 and ALL in found and OUTSIDE_ANEF in found:
        found = tuple(motif for motif in found if motif != ALL)
    return found


def _excepted(passage: Passage) -> frozenset[str]:
    return frozenset(motif for statement in passage.statements for motif in statement.excepted)


def _titled(passage: Passage) -> frozenset[str]:
    return frozenset(motif for statement in passage.statements if statement.title for motif in statement.motifs)


def channel_after(passage: Passage, stances: tuple[Stance, ...], category: str) -> str | None:
    """How it is done from now on, in the statement that matters most for the category."""
    if category in _NO_CHANNEL:
        return None
    ordered = [s for s, _ in said(passage, stances) if not s.has(Mark.UNCHANGED)]
    if category == CLOSURE:
        return _after_closure(passage, ordered)
    if category == OUTAGE:
        return None
    if category == RDV:
        return _appointment(ordered)
    if category == FRAUD:
        return _appointment([statement for statement, stance in said(passage, stances) if stance.news])
    for preferred in _PREFERENCE.get(category, ()):
        for statement in ordered:
            for way in statement.open_ways():
                if way.channel == preferred and _governs(statement, way, category):
                    return preferred
    return None


def _governs(statement: Statement, way: Way, category: str) -> bool:
    """In a text without news a channel counts only where something is filed by it."""
    if statement.has(Mark.PLANNED, Mark.REPORT) and category == OTHER:
        return False
    return category != OTHER or bool(_FILED.search(statement.words))


_FILED = re.compile(r"\b(?:depos\w+|depot|demandes?|effectu\w+|se f(?:ait|ont)|demarches?|prise de rendez-vous|rendez-vous)\b")


def _appointment(ordered: list[Statement]) -> str | None:
    """The statement that says most precisely how an appointment is had."""
    for statement in ordered:
        opened = [way.channel for way in statement.open_ways()]
        for preferred in _PREFERENCE[RDV]:
            if preferred in opened:
                return (_more_precise(ordered) or preferred) if preferred == "guichet_sur_rdv" else preferred
    return None


def _more_precise(ordered: list[Statement]) -> str | None:
    """"By appointment" says less than how the appointment is had, elsewhere in the text."""
    opened = {way.channel for statement in ordered for way in statement.open_ways()}
    return next((name for name in ("demarche_numerique", "rdv_en_ligne", "telephone", "email") if name in opened), None)


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
    return any(_PARTLY.search(s.words) and not s.dates for s in closing)


def _reopens_first(passage: Passage) -> bool:
    shut, back = _SHUT.search(passage.folded), _REOPENS.search(passage.folded)
    return bool(back and (not shut or back.start() < shut.start()))


def channel_before(passage: Passage, stances: tuple[Stance, ...], category: str, after: str | None) -> str | None:
    """How it was done until now."""
    if category in {UNRELATED, FEE, DELAY, OTHER, DOCUMENTS}:
        return None
    if category == CLOSURE and _reopens_first(passage):
        return "ferme"
    for statement, _ in said(passage, stances):
        for way in statement.ways:
            if way.stand is Stand.CLOSED and (way.channel != after or category == RDV):
                return way.channel
    return None


def effective(
    passage: Passage, stances: tuple[Stance, ...], category: str
) -> tuple[PartialDate | None, PartialDate | None]:
    """From when, and until when, what the text says holds."""
    ordered = [statement for statement, _ in said(passage, stances)]
    if category in {UNRELATED, FRAUD, OTHER, DELAY}:
        return None, None
    first, last = _closed_days(passage, ordered) if category in {CLOSURE, OUTAGE} else (None, None)
    if first is None:
        first = _from(passage, ordered, category)
    return first, last or _until(ordered, first)


def _from(passage: Passage, ordered: list[Statement], category: str) -> PartialDate | None:
    for statement in ordered:
        if dated := effect(statement, passage):
            if not statement.has(Mark.SHORTAGE, Mark.ALREADY) and not dated.mention.loose:
                return dated.first
    for statement in ordered:
        if statement.has(Mark.CORRECTION):
            for dated in statement.dates:
                if dated.mention.last and "report" in statement.words:
                    return dated.mention.last
    for statement in ordered:
        if not statement.has(Mark.CHANGE, Mark.FUTURE) or statement.has(Mark.PLANNED, Mark.REPORT):
            continue
        for dated in statement.dates:
            told = _is_day(dated.first) or passage.folded[dated.mention.start - 1] == "("
            if dated.role is Role.POINT and told and dated.first and not too_far(dated.first, passage):
                return dated.first
    return _just_now(passage, ordered)


def _is_day(first: PartialDate | None) -> bool:
    return first is not None and len(first) == 10


_JUST = re.compile(
    r"\bvien(?:t|nent) d'|\brouvr(?:e|ent)\b|rouvert\w* ce|(?:est|sont) (?:\w+ment )?fermee?s?\b|n'a pas repris|ce (?:matin|jour)\b"
)


def _just_now(passage: Passage, ordered: list[Statement]) -> PartialDate | None:
    """"Vient d'ouvrir", known to have been said within a month: that month."""
    published = passage.published.value
    if published and len(published) == 7 and any(_JUST.search(s.words) for s in ordered):
        return PartialDate(published)
    return None


def _closed_days(
    passage: Passage, ordered: list[Statement]
) -> tuple[PartialDate | None, PartialDate | None]:
    for statement in ordered:
        if not statement.has(Mark.CHANGE, Mark.FUTURE) or statement.has(Mark.REPORT):
            continue
        if effect(statement, passage):
            return None, None
        for dated in statement.dates:
            if dated.role in {Role.POINT, Role.EFFECT} and dated.first and not dated.mention.loose:
                return dated.first, dated.mention.last
    return None, None


def _until(ordered: list[Statement], first: PartialDate | None) -> PartialDate | None:
    for statement in ordered:
        for dated in statement.dates:
            if dated.role is Role.END and dated.first and (first is None or dated.first >= first[: len(dated.first)]):
                return dated.mention.last or dated.first
    return None


def facts(
    passage: Passage, stances: tuple[Stance, ...], category: str, *, news: bool
) -> tuple[Fact, ...]:
    """One fact per statement that names a channel, a ground or a date of effect."""
    if category == UNRELATED:
        return ()
    found = []
    for statement, stance in zip(passage.statements, stances, strict=True):
        fact = _fact(passage, statement, stance)
        if fact and (stance.news or not news):
            found.append(fact)
    return tuple(found)


def _fact(passage: Passage, statement: Statement, stance: Stance) -> Fact | None:
    opened = next((w.channel for w in statement.open_ways()), None)
    closed = next((w.channel for w in statement.ways if w.stand is Stand.CLOSED), None)
    dated = effect(statement, passage)
    if not (opened or closed or dated or statement.motifs or statement.has(Mark.CHANGE)):
        return None
    return Fact(
        sentence=passage.sentence(statement),
        operation=operation_of(statement),
        motifs=statement.motifs,
        channel_before=closed,
        channel_after=opened,
        effective_from=dated.first if dated else None,
        effective_to=next((d.first for d in statement.dates if d.role is Role.END), None),
        territory=territory_of(passage, statement),
        regime=regime_of(statement),
        certainty=stance.certainty,
    )


def _distinct(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))
