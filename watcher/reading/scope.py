"""Whether a text is about residence permits at all, and what part of the territory or public it is for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from watcher.core import topic
from watcher.reading.lexicon import Hit, Kind
from watcher.reading.statements import Passage, Statement

_OPEN_TO_ALL = frozenset({"opening_hours_or_closure", "rdv_modality", "fraud_warning"})
"""Categories that concern us when they are about the préfecture as a whole."""


@dataclass(frozen=True, slots=True)
class Scope:
    """`ours`: about residence permits or nationality; `house`: about the whole préfecture."""

    ours: bool
    house: bool
    foreign: tuple[str, ...]  # services that are not ours and that the text names
    words: str  # what decided

    @property
    def related(self) -> bool:
        return self.ours or self.house


def scope_of(passage: Passage) -> Scope:
    """Title first, then whichever side is named more often."""
    titles = [statement for statement in passage.statements if statement.title]
    ours, foreign = _count(passage, passage.statements)
    title_ours, title_foreign = _count(passage, titles)
    services = tuple(
        dict.fromkeys(name for statement in passage.statements for name in statement.ids(Kind.SERVICE))
    )
    is_ours = title_ours >= title_foreign if title_ours or title_foreign else ours >= max(foreign, 1)
    house = not is_ours and not title_foreign and _about_the_house(passage, foreign)
    deciding = (
        (Kind.SUBJECT, Kind.MOTIF, Kind.CHANNEL) if is_ours else (Kind.HOUSE,) if house else (Kind.SERVICE,)
    )
    return Scope(ours=is_ours, house=house, foreign=services, words=_first(passage, *deciding))


def _count(passage: Passage, statements: Sequence[Statement]) -> tuple[int, int]:
    foreign = sum(len(statement.ids(Kind.SERVICE)) for statement in statements)
    ours = sum(
        len({hit.start for hit in statement.hits if _is_ours(hit, passage)}) for statement in statements
    )
    return ours, foreign


def _is_ours(hit: Hit, passage: Passage) -> bool:
    if hit.kind is Kind.MOTIF and not hit.sure:
        return False
    if hit.kind is Kind.MOTIF:
        return hit.id not in passage.common or bool(_PERMIT.match(passage.folded, hit.start))
    return hit.kind is Kind.SUBJECT or hit.id == "anef"


_PERMIT = re.compile(r"(?:titre|mention|certificat)s?\b|[lr]\. ?\d")
"""« Titre visiteur » is a permit, where a visitor may be anybody's."""


def _about_the_house(passage: Passage, foreign: int) -> bool:
    """The préfecture itself closes, opens or receives: named beside such words, and before anything foreign."""
    for statement in passage.statements:
        services = statement.ids(Kind.SERVICE)
        cues = {hit.id for hit in statement.hits if hit.kind in {Kind.STRONG, Kind.WEAK}} & _OPEN_TO_ALL
        sure = {hit.id for hit in statement.hits if hit.kind is Kind.STRONG} & _OPEN_TO_ALL
        filing = "filing_channel" in statement.ids(Kind.STRONG)
        if statement.title and "rdv_modality" in cues and not foreign and _books(passage):
            return True
        titled = any(s.title and "opening_hours_or_closure" in s.ids(Kind.STRONG) for s in passage.statements)
        if statement.ids(Kind.HOUSE) and (sure or len(cues) > 1 or filing or titled) and not services:
            return foreign <= 1 or statement.title
        if services:
            return False
    return False


def _books(passage: Passage) -> bool:
    """Title and body are about appointments as such; a préfecture's site says "les rendez-vous" for its own."""
    told = [s for s in passage.statements if "rdv_modality" in (*s.ids(Kind.STRONG), *s.ids(Kind.WEAK))]
    body = [s for s in told if not s.title and _BOOKED_HERE.search(s.words)]
    return bool(body and len(told) > len(body))


_BOOKED_HERE = re.compile(
    r"\b(?:en ligne|modules?|plannings?|plages?|creneaux?|usagers?|demarches? (?:simpl|num)\w+|prefecture|"
    r"guichets?)\b"
)


def _first(passage: Passage, *kinds: Kind) -> str:
    for statement in passage.statements:
        for hit in statement.hits:
            if hit.kind in kinds:
                return passage.text[hit.start : hit.end]
    return ""


_PLACE = re.compile(
    r"\b(?:arrondissements?|sous-prefectures?|residents de|residents d') ?(?:de |d'|du |des |de la )?"
)
_NAME = re.compile(
    r"(?:L['’]|La |Le |Les )?[A-ZÀ-Ý][\w'’-]*(?:[ -](?:[A-ZÀ-Ý][\w'’-]*|de|du|des|la|le|les|sur|sous|en)(?=[ -]|\b))*"
)


def territory_of(passage: Passage, statement: Statement) -> str | None:
    """The arrondissement or sous-préfecture that a clause is limited to."""
    start, end = statement.clause.start, statement.clause.end
    for match in _PLACE.finditer(passage.folded, start, end):
        named = _NAME.match(passage.text, match.end(), min(end, match.end() + 60))
        if named:
            return re.sub(r"(?: (?:de|du|des|la|le|les|sur|sous|en))+$", "", named.group())
    return None


_FOR = re.compile(
    r"\b(?:pour|a|(?:secteurs?|sites?|antennes?|guichets?|accueils?|habitants|usagers) (?:de |d'|du |des )) ?"
    r"(?:la |le |les |l')?"
)


_TOWN = re.compile(
    r"(?:L['’]|La |Le |Les )?[A-ZÀ-Ý][a-zà-ÿ'’]+(?:[ -](?:[A-ZÀ-Ý][\w'’]+|de|du|la|le|les|lès|sur|sous|en)){0,5}"
)


def town_of(page: Passage) -> str | None:
    """The place that a page's heading is for, or is nothing but the name of: « Créteil », « L'Haÿ-les-Roses »."""
    heading = page.text.strip()
    if any(statement.hits for statement in page.statements) or not _TOWN.fullmatch(heading):
        return place_of(page)
    asks = (topic.named_news, topic.named_appointment, topic.named_information, topic.named_documents)
    weighs = topic.subject(heading) or topic.for_the_public(heading) or topic.besides(heading)
    return None if weighs or topic.named_practical(heading) or any(ask(heading) for ask in asks) else heading


def place_of(passage: Passage) -> str | None:
    """The place that a heading or a line is for, be it only a town: "Prendre rendez-vous à Créteil"."""
    for statement in passage.statements:
        if named := territory_of(passage, statement):
            return named
    taken = {place for one in passage.statements for hit in one.hits for place in range(hit.start, hit.end)}
    for match in _FOR.finditer(passage.folded):
        town = _NAME.match(passage.text, match.end(), match.end() + 60)
        if town and town.start() not in taken and not town.group().isupper():
            return re.sub(r"(?: (?:de|du|des|la|le|les|sur|sous|en))+$", "", town.group())
    return None


def regime_of(statement: Statement) -> str | None:
    found = statement.ids(Kind.REGIME)
    return found[0] if found else None


def operation_of(statement: Statement) -> str | None:
    """The operation that a clause names, when it names one only."""
    found = set(statement.ids(Kind.OPERATION))
    return found.pop() if len(found) == 1 else None
