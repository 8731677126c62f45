"""What a date is there for, from the words that govern it."""

from __future__ import annotations

import re
from enum import StrEnum

from watcher.reading.dates import Mention


class Role(StrEnum):
    EFFECT = "effect"  # from this day on
    END = "end"  # until this day
    DEADLINE = "deadline"  # to be done before this day
    ACT = "act"  # the date of an arrêté, a ruling, a publication
    CONDITION = "condition"  # whom or what a rule is about ("titres expirant avant le …")
    DUTY = "duty"  # a paper must be held from this day on
    SINCE = "since"  # a state that has lasted since this day
    FIGURE = "figure"  # the day on which figures were counted
    POINT = "point"  # a bare day: when a closure falls, when something was done


_TAIL = 70
_ACT = re.compile(
    r"\b(?:arretes?(?: \w+){0,2}|decrets?|ordonnances?|loi(?: \w+){0,3}|communiques?|circulaires?|instructions?|"
    r"decisions?|jugements?|notes?|article|publie\w*|mise?s? a jour|adopte\w*|signe\w*|verifie\w*|modifie\w*|"
    r"cree\w* en|avis|rapport(?: du \w+)?|directive|version|selon [^,;]{0,40}\()"
    r"(?: n ?[o°]? ?[\d-]+)? ?(?:prefectora\w+ |ministeriel\w* )?(?:du|de|le|en|\()? ?$"
)
_CONDITION = re.compile(
    r"\b(?:expir\w+|perim\w+|arriv\w+|install\w+|residant|residai\w+|residaient|entres?|nes?|nees?|deposee?s?|"
    r"delivre\w*|enregistre\w*|valables?|valides?|echeance|obtenus?|prevue?s?|fixee?s?(?: au)?|presents?)"
    r"(?: (?!desormais|exclusivement|uniquement)\w+){0,4} "
    r"(?:avant|depuis|a compter|a partir|entre|jusqu|apres|au|le|du)[a-z' ]{0,10}$"
)
_PREDICATE = re.compile(r"\b(?:est|sont|sera|seront|etre|ete) (?:\w+ment )?$")
_PAST_STATE = re.compile(
    r"(?:bloque|ferme|suspendu|interrompu|sature|inaccessible|indisponible)e?s? depuis(?: le| la)? ?$"
)
_DUTY = re.compile(
    r"(?:titre (?:est |sera )?obligatoire|obligation de [^,;]{0,25}|doivent detenir [^,;]{0,60}|"
    r"devront detenir [^,;]{0,60}|"
    r"doivent etre en possession[^,;]{0,40}|devront etre en possession[^,;]{0,40}) ?(?:a compter d|"
    r"a partir d|des l|au )[a-z' ]{0,8}$"
)
_HELD = re.compile(
    r"^,? [^.;]{0,40}(?:detention d|devront detenir|doivent detenir|devront etre en possession|"
    r"doivent etre en possession)"
)
_APPLIES = re.compile(
    r"(?:applicables?|s'applique\w*|s'appliquer\w*) [^.;]{0,60}(?:a compter|a partir) d[ue]s? ?$|^\W*au $"
)
"""What applies to files of a day on, and the day that opens a clause."""
_OVER = re.compile(
    r"\b(?:mode|possibilite|depots?|prise de rendez-vous|envois?|utilisation|tolerance|procedure|accueil|reception)\b"
    r"[^.;]{0,60}(?:prend(?:ra)? fin|s'arrete(?:ra)?|cesse(?:ra)?) (?:le|au|a compter du) ?$"
)
"""What ends on a day is changed from that day on."""
_END = re.compile(
    r"(?:jusqu'(?:a|au|en|a la)|prolongee? au|prorogee? au|prend fin le|fin le)(?: mois de| la| fin)? ?$"
)
_DEADLINE = re.compile(
    r"(?:avant(?: le| la| fin| mi)?|au plus tard(?: le| fin)?|d'ici(?: a| au| le| la| fin)?|"
    r"date limite[^,;]{0,20}|dernier delai[^,;]{0,6})"
    r" ?$"
)
_FIGURE_LEAD = re.compile(r"(?:^|[,:(;] ?|donnees |chiffres |situation |arretes? )(?:au|en) ?$")
_FIGURE_REST = re.compile(r"^ ?[,:)]? ?(?:[a-z ]{0,30})?\d+ (?:jours|mois|semaines|dossiers|demandes)")
_EFFECT = re.compile(
    r"(?:a compter d[ue']s?|a compter|a partir d[ue']s?|a partir|des|depuis|applicables?|(?:en|entree?|"
    r"entrent|entrera|entrant) vigueur|"
    r"en vigueur|effecti(?:f|ve)s?|prend(?:ra)? effet|(?:report|repouss|decal|"
    r"avanc)\w*(?: [^,;]{0,40})? au|remplace\w*)"
    r"(?: de la date| la date| mois de| journee)?(?: (?:du|de|le|la|au|au mois de|ce))?(?: :)? ?$"
)


def role_of(folded: str, mention: Mention, clause_start: int) -> Role:
    """The role of a date in its clause."""
    before = folded[max(clause_start, mention.start - _TAIL) : mention.start]
    if _HELD.search(folded[mention.end : mention.end + 90]):
        return Role.DUTY
    for role, pattern in _ORDER:
        match = pattern.search(before)
        if match and not (role is Role.CONDITION and _PREDICATE.search(before[: match.start()])):
            return role
    if _FIGURE_LEAD.search(before) and _FIGURE_REST.search(folded[mention.end : mention.end + 40]):
        return Role.FIGURE
    return Role.POINT


_DENIED = re.compile(
    r"\b(?:et |ou )?non (?:pas )?(?:plus )?(?:a partir |a compter )?(?:du|le|au|des le)? ?$|au lieu du ?$"
)
_ORDER = (
    (Role.CONDITION, _DENIED),
    (Role.DUTY, _DUTY),
    (Role.EFFECT, _APPLIES),
    (Role.CONDITION, _CONDITION),
    (Role.SINCE, _PAST_STATE),
    (Role.EFFECT, _OVER),
    (Role.DEADLINE, _DEADLINE),
    (Role.END, _END),
    (Role.EFFECT, _EFFECT),
    (Role.ACT, _ACT),
)
