"""The silent week's procedures and bookings: what opens, closes, is replaced or is gone."""

from __future__ import annotations

from datetime import date

from watcher.replica.model import Truth
from watcher.replica.services.model import Door
from watcher.replica.week.acts import Act
from watcher.replica.week.silent.acts import lead, turn_door

_MODULE, _RDV, _DS = "/booking/create/", "/rdvpref/reservation/demarche/", "/commencer/"


def _booked(*motifs: str, opens: bool = False) -> Truth:
    channel = "rdv_en_ligne"
    return Truth(
        ("rdv_modality",),
        motifs=motifs,
        channel_after=channel if opens else None,
        channel_before=None if opens else channel,
    )


def _filed(*motifs: str, since: str | None = None, opens: bool = False) -> Truth:
    channel = "demarche_numerique"
    return Truth(
        ("filing_channel", "rdv_modality", "special_scheme", "anef_integration"),
        since,
        motifs,
        channel if opens else None,
        channel_before=None if opens else channel,
    )


MONDAY: tuple[tuple[str, Act], ...] = (
    (
        "34",
        turn_door(
            f"{_DS}titre-sejour-herault",
            Door.CLOSED,
            Truth(
                ("filing_channel",),
                "2025-09-15",
                ("hors_anef",),
                "guichet_sur_rdv",
                channel_before="demarche_numerique",
            ),
            "Les demandes se font désormais au guichet, sur rendez-vous.",
            since=date(2025, 9, 15),
        ),
    ),
    (
        "94",
        turn_door(
            f"{_MODULE}4963", Door.CLOSED, _booked("tous"), "Le module de prise de rendez-vous est fermé."
        ),
    ),
    ("92", turn_door(f"{_MODULE}11681", Door.GONE, _booked())),
    ("06", turn_door(f"{_DS}dcem-alpes-maritimes", Door.GONE, _filed("dcem"))),
)
TUESDAY: tuple[tuple[str, Act], ...] = (
    (
        "91",
        turn_door(
            f"{_MODULE}23014",
            Door.CLOSED,
            _booked("tous"),
            "Aucun calendrier disponible pour cette démarche.",
        ),
    ),
    (
        "78",
        turn_door(
            f"{_RDV}1040/",
            Door.CLOSED,
            _booked("salarie"),
            "Cette démarche n'est plus disponible à la réservation.",
        ),
    ),
    ("95", turn_door(f"{_RDV}1380/", Door.OPEN, _booked("carte_resident", opens=True))),
    ("69", turn_door(f"{_DS}aes-rhone", Door.OPEN, _filed("aes", opens=True))),
    (
        "44",
        lead(f"{_DS}naturalisation-loire-atlantique", Door.RENAMED, f"{_DS}naturalisation-nantes", None),
    ),
)
WEDNESDAY: tuple[tuple[str, Act], ...] = (
    (
        "38",
        lead(
            f"{_DS}aes-rendez-vous-isere",
            Door.REPLACED,
            f"{_DS}sejour-isere-2026",
            Truth(
                ("filing_channel", "rdv_modality"),
                motifs=("aes", "tous"),
                channel_before="demarche_numerique",
                channel_after="demarche_numerique",
            ),
        ),
    ),
    (
        "13",
        turn_door(
            f"{_DS}titre-sejour-bouches-du-rhone",
            Door.CLOSED,
            _filed("salarie"),
            "La démarche est suspendue temporairement.",
        ),
    ),
)
FRIDAY: tuple[tuple[str, Act], ...] = (
    ("94", turn_door(f"{_MODULE}4963", Door.OPEN, _booked("tous", opens=True))),
    ("34", turn_door(f"{_DS}titre-sejour-herault", Door.OPEN, _filed("hors_anef", opens=True))),
)
