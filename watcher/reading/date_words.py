"""The words of dates, and those beside what looks like a date that make it none, or one of another year."""

from __future__ import annotations

import re

MONTHS = {
    "janvier": 1, "janv": 1, "jan": 1, "fevrier": 2, "fevr": 2, "fev": 2, "mars": 3, "avril": 4, "avr": 4,
    "mai": 5, "juin": 6, "juillet": 7, "juil": 7, "aout": 8, "septembre": 9, "sept": 9, "octobre": 10,
    "oct": 10, "novembre": 11, "nov": 11, "decembre": 12, "dec": 12,
}  # fmt: skip
WEEKDAYS = {
    "lundi": 0, "mardi": 1, "mercredi": 2, "jeudi": 3, "vendredi": 4, "samedi": 5, "dimanche": 6,
}  # fmt: skip

MONTH = r"(?:" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\b\.?"
WEEKDAY = r"(?:" + "|".join(WEEKDAYS) + r")s?"
DAY = r"(?:0?1 ?er|1e|premier|[12][0-9]|3[01]|0?[1-9])"
YEAR = r"(?:(?:19|20)[0-9]{2})"
NO_OTHER = (
    r"(?!,? [0-9]{4}|\s{1,2}2\s?[0o]\s?[0-9o]{2}\b|[/.]?20[0-9]{2}\b| ?[(-] ?20[0-9]{2}\b"
    r"| {1,2}'?[0-9]{2}\b(?! ?(?:h|:|[0-9]))|,?\s{1,2}en 20[0-9]{2}\b"
    r"|\s{1,2}(?:deux mille|de l'an(?:nee)?|(?:de )?chaque)\b)"
)
"""A year that is written, though it cannot be or not as usual, is not replaced by another."""

_CHAIN = re.compile(
    rf"(?:(?: (?:a|au|et|ou|puis|jusqu'en|jusqu'au) |, ?| ?[-/] ?)(?:le |mi-|fin |debut |d')?(?:{DAY} )?"
    rf"(?P<m>{MONTH})){{1,11}} (?P<y>{YEAR})\b"
)
_NEAR = 24  # characters
_STREET = re.compile(
    r"\b(?:rue|avenue|av\.?|boulevard|bd|quai|square|allees?|impasse|esplanade|rond-point|caserne|salle|"
    r"ecole|lycee|college|(?<!en )(?<!sur )(?<!a la )place) du $"
)
_NUMBER = re.compile(r"\b(?:n ?[°o]s?|numeros?|point|paragraphe|article|version|v\.?) ?:? ?$")
_EACH_YEAR = re.compile(r"\b(?:chaque annee|tous les ans)\b[^.;]*$")
_BEFORE = re.compile(rf"\b(?P<w>{WEEKDAY}),? (?:le )?$")


def month_of(word: str) -> int:
    return MONTHS[word.rstrip(".")]


def weekday_of(word: str) -> int:
    """0 on a Monday."""
    return WEEKDAYS[word.removesuffix("s")]


def day_of(number: str) -> int:
    return 1 if number == "premier" else int(number.rstrip(" er"))


def chained_year(text: str, end: int, month: int) -> str | None:
    """ "octobre" in "d'octobre à janvier 2026": the year that is written once, at the last of them."""
    found = _CHAIN.match(text, end)
    return str(int(found["y"]) - (month > month_of(found["m"]))) if found else None


def names_a_street(text: str, start: int) -> bool:
    """ "Rue du 4 septembre": where something is, whenever it is."""
    return _STREET.search(text, max(0, start - _NEAR), start) is not None


def is_a_number(text: str, start: int) -> bool:
    """ "N° 2025-10-14": a name in the shape of a date."""
    return _NUMBER.search(text, max(0, start - _NEAR), start) is not None


def comes_each_year(context: str) -> bool:
    return _EACH_YEAR.search(context) is not None


def weekday_before(text: str, start: int) -> str | None:
    found = _BEFORE.search(text, max(0, start - _NEAR), start)
    return found["w"] if found else None
