"""Alerts, and the names of what they are about, as a running watch would have them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher import locale
from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.labels import Vocabulary
from watcher.core.verdict import Fact, PartialDate, Route, Verdict

SEEN = datetime(2025, 9, 10, 7, 12, 30, tzinfo=UTC)
BASE = "https://vigie.example"
SENTENCE = (
    "À compter du 1er octobre 2025, les usagers du Cantal dont le motif de séjour n'est pas listé sur "
    "l'ANEF peuvent solliciter un rendez-vous en ligne via le module « RDV Préfecture »."
)
PREFECTURES = {
    "15": Prefecture("15", "Cantal", "https://www.cantal.gouv.fr"),
    "2A": Prefecture("2A", "Corse-du-Sud", "https://www.corse-du-sud.gouv.fr"),
    "69": Prefecture("69", "Rhône", "https://www.rhone.gouv.fr"),
    "974": Prefecture("974", "La Réunion", "https://www.reunion.gouv.fr", "Indian/Reunion"),
}
MOTIFS = {"hors_anef": "Motif absent de l'ANEF", "salarie": "Salarié", "etudiant": "Étudiant"}
CHANNELS = {"rdv_en_ligne": "Rendez-vous en ligne", "courrier": "Courrier", "anef": "En ligne sur l'ANEF"}
LANGUAGES = {
    "fr": locale.load("fr", MOTIFS, CHANNELS),
    "en": locale.load("en", {"salarie": "Employee", "etudiant": "Student"}, {"courrier": "Post"}),
}
VOCABULARY = Vocabulary(PREFECTURES, MOTIFS, CHANNELS, languages=LANGUAGES)


def catalogue() -> Catalogue:
    """Two pages for each préfecture but La Réunion, which has none."""
    sources = [
        Source(
            id=f"{code}-{name}",
            prefecture=code,
            kind=kind,
            url=f"{PREFECTURES[code].home}/{name.title()}",
            layout="dsfr",
            platform="ide",
            every=timedelta(hours=1),
        )
        for code in ("15", "2A", "69")
        for name, kind in (("actualites", SourceKind.NEWS), ("sejour", SourceKind.PAGE))
    ]
    platform = Platform("ide", timedelta(seconds=7), 0.3, Brake())
    return Catalogue({"ide": platform}, PREFECTURES, {source.id: source for source in sources})


def verdict(**changes: Any) -> Verdict:
    values: dict[str, Any] = {
        "categories": ("rdv_modality", "filing_channel"),
        "is_change": True,
        "confidence": 0.9,
        "route": Route.PUBLISH,
        "facts": (Fact(SENTENCE),),
        "motifs": ("hors_anef",),
        "channel_before": None,
        "channel_after": "rdv_en_ligne",
        "effective_from": PartialDate("2025-10-01"),
    }
    return Verdict(**{**values, **changes})


def alert(number: int = 0, **changes: Any) -> Alert:
    """The Cantal's announcement; each number is another alert, seen a minute after the one before."""
    seen = SEEN + timedelta(minutes=number)
    values: dict[str, Any] = {
        "id": f"{number:024x}",
        "source": "15-actualites",
        "prefecture": "15",
        "kind": ChangeKind.ADDED,
        "state": AlertState.VERIFIED,
        "title": "Prise de rendez-vous en ligne pour les motifs absents de l'ANEF",
        "address": "https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous",
        "summary": SENTENCE,
        "published": date(2025, 9, 10),
        "detected_at": seen,
        "updated_at": seen,
        "verdict": verdict(),
    }
    return Alert(**{**values, **changes})


@dataclass
class StillClock:
    """A clock that is moved by hand."""

    time: datetime = SEEN

    def now(self) -> datetime:
        return self.time

    def wait(self, span: timedelta) -> bool:
        self.time += span
        return False


def poisoned(number: int, text: str, **told: Any) -> Alert:
    """An alert with `text` in every field that comes from a page or from a rule; `told` goes into its verdict."""
    return alert(
        number,
        title=f"Avis{text}",
        summary=f"Corps{text}",
        before=f"Avant{text}",
        kind=ChangeKind.EDITED,
        address=f"https://www.cantal.gouv.fr/{text}",
        prefecture=f"15{text}",
        verdict=verdict(
            categories=(f"fee{text}",),
            motifs=(f"salarie{text}",),
            channel_before=f"courrier{text}",
            channel_after=text,
            facts=(Fact(f"Phrase{text}"),),
            **told,
        ),
    )
