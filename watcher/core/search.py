"""What a reader looks for among the alerts: from the address of a page to a `Search`, or to what is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from watcher.core.alerts import Alert
from watcher.core.errors import UserError
from watcher.core.feed import FeedQuery, Subject
from watcher.core.french import count
from watcher.core.full_text import terms
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.text import fold

LENGTH, MOST_WORDS = 200, 8
PERIODS = {7: "7 derniers jours", 30: "30 derniers jours", 90: "90 derniers jours"}
FIELDS = ("q", "prefecture", "category", "motif", "state", "period", "after")

_OTHERS = ", et d'autres"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_CURSOR = re.compile(r"([0-9]{1,17})-(.{1,100})", re.ASCII | re.DOTALL)


class SearchError(UserError):
    """A search that makes no sense; the message is a French line for whoever asked."""


@dataclass(frozen=True, slots=True)
class Search:
    """Which alerts a reader wants; empty fields want all. `days` back from now, `after` see `Store.alerts`."""

    words: str = ""
    prefecture: str = ""
    category: str = ""
    motif: str = ""
    verified: bool = False
    days: int = 0
    after: tuple[datetime, str] | None = None

    @property
    def narrowed(self) -> bool:
        return replace(self, after=None) != Search()

    @property
    def feed(self) -> FeedQuery | None:
        """The feed of what is wanted: feeds know one subject at most, and no words."""
        subjects = {
            Subject.PREFECTURE: self.prefecture,
            Subject.CATEGORY: self.category,
            Subject.MOTIF: self.motif,
        }
        chosen = [FeedQuery(subject, value) for subject, value in subjects.items() if value]
        if self.words or len(chosen) > 1:
            return None
        return chosen[0] if chosen else FeedQuery()

    @property
    def query(self) -> str:
        """What follows the question mark of its address; the same search always has the same."""
        asked = {
            "q": self.words,
            "prefecture": self.prefecture,
            "category": self.category,
            "motif": self.motif,
            "state": "verified" if self.verified else "",
            "period": str(self.days or ""),
            "after": cursor(*self.after) if self.after else "",
        }
        return urlencode({name: value for name, value in asked.items() if value})

    def since(self, now: datetime) -> datetime | None:
        return now - timedelta(days=self.days) if self.days else None

    def older_than(self, alert: Alert) -> Search:
        return replace(self, after=(alert.detected_at, alert.id))

    def wider(self) -> tuple[tuple[str, Search], ...]:
        """The same without one of its wishes, each with the words that say which."""
        first = replace(self, after=None)
        found = (
            ("sans les mots cherchés", replace(first, words="")),
            ("sans limite de date", replace(first, days=0)),
            ("avec les alertes non vérifiées", replace(first, verified=False)),
            ("pour tous les motifs", replace(first, motif="")),
            ("pour tous les thèmes", replace(first, category="")),
            ("dans toutes les préfectures", replace(first, prefecture="")),
        )
        return tuple((words, search) for words, search in found if search != first)


def asked(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Every field of the form as it was sent, fit to be shown again; the last counts, others are nothing."""
    sent = {name: value for name, value in pairs if name in FIELDS}
    return {name: one_line(sent.get(name, ""), 2 * LENGTH) for name in FIELDS}


def parse(fields: Mapping[str, str], vocabulary: Vocabulary) -> Search:
    """What `asked` gave. Raises `SearchError`."""
    prefecture = fields["prefecture"].upper()
    _known("Préfecture inconnue", prefecture, vocabulary.prefectures)
    _known("Thème inconnu", fields["category"], CATEGORIES)
    _known("Motif inconnu", fields["motif"], vocabulary.motifs)
    _known("État inconnu", fields["state"], ("all", "verified"))
    _known("Période inconnue", fields["period"], ("all", *map(str, PERIODS)))
    return Search(
        words=_words(fields["q"]),
        prefecture=prefecture,
        category=fields["category"],
        motif=fields["motif"],
        verified=fields["state"] == "verified",
        days=int(fields["period"]) if fields["period"] not in {"", "all"} else 0,
        after=_place(fields["after"]) if fields["after"] else None,
    )


def cursor(detected_at: datetime, alert: str) -> str:
    return f"{(detected_at - _EPOCH) // _MICROSECOND}-{alert}"


def described(search: Search, vocabulary: Vocabulary) -> str:
    """``« rendez-vous », Cantal (15), 30 derniers jours``"""
    parts = (
        f"« {search.words} »" if search.words else "",
        vocabulary.place(search.prefecture) if search.prefecture else "",
        vocabulary.category(search.category) if search.category else "",
        vocabulary.motif(search.motif) if search.motif else "",
        "vérifiées seulement" if search.verified else "",
        PERIODS.get(search.days, ""),
    )
    return ", ".join(part for part in parts if part)


def told(search: Search, shown: int, *, more: bool) -> str:
    """How many were found, as far as it is known."""
    if not shown:
        return "Aucune alerte plus ancienne" if search.after else "Aucune alerte"
    if search.after:
        return f"{count(shown, 'alerte plus ancienne', 'alertes plus anciennes')}{_OTHERS if more else ''}"
    if more:
        return f"Plus de {shown} alertes : les {shown} plus récentes"
    return (
        count(shown, "alerte trouvée", "alertes trouvées")
        if search.narrowed
        else count(shown, "alerte", "alertes")
    )


def choices(vocabulary: Vocabulary) -> dict[str, list[tuple[str, str]]]:
    """What the form offers for each field: values and labels, in the order of their labels."""
    motifs = [(name, vocabulary.motif(name)) for name in vocabulary.motifs]
    return {
        "prefecture": [(code, vocabulary.place(code)) for code in sorted(vocabulary.prefectures)],
        "category": [(name, label.french) for name, label in CATEGORIES.items() if name != "unrelated"],
        "motif": sorted(motifs, key=lambda one: fold(one[1])),
        "state": [("verified", "Vérifiées seulement")],
        "period": [(str(days), label) for days, label in PERIODS.items()],
    }


def _known(trouble: str, value: str, values: Iterable[str]) -> None:
    if value and value not in values:
        raise SearchError(f"{trouble} : « {one_line(value, 60)} ». Choisissez dans la liste.")


def _words(text: str) -> str:
    if len(text) > LENGTH:
        raise SearchError(f"Recherche trop longue : {LENGTH} caractères au plus.")
    words = terms(text)
    if text and not words:
        raise SearchError(
            f"Aucun mot dans « {one_line(text, 60)} » : écrivez au moins une lettre ou un chiffre."
        )
    if len(words) > MOST_WORDS:
        raise SearchError(f"Trop de mots : {MOST_WORDS} au plus.")
    return text


def _place(text: str) -> tuple[datetime, str]:
    found = _CURSOR.fullmatch(text)
    if not found:
        raise SearchError("Suite introuvable : l'adresse est incomplète. Revenez à la première page.")
    return _EPOCH + int(found[1]) * _MICROSECOND, found[2]
