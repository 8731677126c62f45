"""The silent week's foreigners pages: links and addresses that are others under words that stay."""

from __future__ import annotations

from watcher.replica.model import Truth
from watcher.replica.texts.foreigners import ANEF, BOOKING, OUTSIDE_ANEF
from watcher.replica.week.acts import Act
from watcher.replica.week.silent.acts import link, relink, relink_all, remove, reword, unlink
from watcher.replica.week.silent.monday import (
    COLLECT,
    COME,
    COUNTERS,
    CRETEIL,
    DS,
    FORM,
    FORMS,
    GROUNDS,
    MAILBOX,
    ONLINE,
    POST,
    RDV,
    STUDENTS,
    VISIT,
    WITHDRAWAL,
    WRITE,
)

_ASK = "Effectuer une demande de rendez-vous"
_TITLE = "Demande de titre de séjour"


def _swap(
    category: str, before: str | None, after: str | None, *motifs: str, place: str | None = None
) -> Truth:
    return Truth((category,), None, motifs, after, channel_before=before, place=place)


_BOOKED = _swap("rdv_modality", "rdv_en_ligne", "rdv_en_ligne")
_MAIL = _swap("filing_channel", "email", "email")
_POSTED = _swap("filing_channel", "courrier", "courrier")

MONDAY: tuple[tuple[str, Act], ...] = (
    (
        "94",
        relink(
            CRETEIL,
            _ASK,
            f"{DS}rdv-sejour-creteil",
            _swap("rdv_modality", "rdv_en_ligne", "demarche_numerique", place="Créteil"),
        ),
    ),
    ("91", relink(COLLECT, WITHDRAWAL, f"{RDV}2246/", _BOOKED)),
    ("77", relink(BOOKING, _ASK, f"{RDV}16077/", _BOOKED)),
)
TUESDAY: tuple[tuple[str, Act], ...] = (
    (
        "63",
        link(STUDENTS, ONLINE, f"{ANEF}vos-demarches", _swap("anef_integration", None, "anef", "etudiant")),
    ),
    ("86", unlink(STUDENTS, ONLINE, _swap("filing_channel", "anef", None, "etudiant"))),
    ("34", relink(WRITE, MAILBOX, "mailto:pref-etrangers@herault.gouv.fr", _MAIL)),
    ("38", reword(WRITE, "pref-sejour [at]", "pref-etrangers [at]", _MAIL)),
    ("45", reword(POST, "21-29 avenue de la République, 45038", "11 rue Jean Moulin, 45100", _POSTED)),
)
WEDNESDAY: tuple[tuple[str, Act], ...] = (
    (
        "57",
        remove(
            POST,
            "Préfecture",
            Truth(("filing_channel",), channel_before="courrier", channel_after="courrier"),
        ),
    ),
    (
        "59",
        relink(
            COUNTERS,
            FORM,
            f"{ANEF}vos-demarches",
            Truth(
                ("anef_integration", "filing_channel"),
                motifs=("salarie",),
                channel_after="anef",
                channel_before="demarche_numerique",
            ),
            row="Salarié",
        ),
    ),
    (
        "60",
        relink(
            VISIT,
            COME,
            "/booking/create/60060",
            _swap("rdv_modality", "rdv_en_ligne", "rdv_en_ligne", place="Senlis"),
        ),
    ),
    (
        "67",
        relink(
            COLLECT,
            WITHDRAWAL,
            f"{DS}retrait-bas-rhin",
            _swap("rdv_modality", "rdv_en_ligne", "demarche_numerique"),
        ),
    ),
)
THURSDAY: tuple[tuple[str, Act], ...] = (
    (
        "69",
        relink(
            COUNTERS,
            FORM,
            f"{DS}visiteurs-rhone-2026",
            _swap("filing_channel", "demarche_numerique", "demarche_numerique", "visiteur"),
            row="Visiteur",
        ),
    ),
    ("74", unlink(BOOKING, _ASK, _swap("rdv_modality", "rdv_en_ligne", None))),
    (
        "78",
        relink(
            OUTSIDE_ANEF,
            _TITLE,
            f"{FORMS}yvelines-sejour",
            _swap("filing_channel", "demarche_numerique", "teleservice_autre", "hors_anef"),
        ),
    ),
    (
        "84",
        relink(
            OUTSIDE_ANEF,
            _TITLE,
            f"{DS}titre-sejour-vaucluse-2026",
            _swap("filing_channel", "demarche_numerique", "demarche_numerique", "hors_anef"),
        ),
    ),
    (
        "92",
        relink(
            WRITE,
            MAILBOX,
            f"{DS}complement-dossier-92",
            _swap("filing_channel", "email", "demarche_numerique"),
        ),
    ),
)
THURSDAY_LATER: tuple[tuple[str, Act], ...] = (
    ("37", relink(BOOKING, _ASK, f"{RDV}3737/", _BOOKED)),
    (
        "48",
        link(STUDENTS, ONLINE, f"{ANEF}vos-demarches", _swap("anef_integration", None, "anef", "etudiant")),
    ),
    (
        "40",
        reword(
            COLLECT,
            f"[{WITHDRAWAL}]",
            "À compter du 1er octobre 2025, la remise des titres se fait sur rendez-vous pris en ligne : "
            f"[{WITHDRAWAL}]",
            Truth(("rdv_modality",), "2025-10-01", (), "rdv_en_ligne"),
        ),
    ),
    (
        "35",
        relink_all(
            GROUNDS,
            FORM,
            f"{DS}famille-ille-et-vilaine-2026",
            _swap(
                "filing_channel",
                "demarche_numerique",
                "demarche_numerique",
                "conjoint_francais",
                "parent_enfant_francais",
                "visiteur",
            ),
        ),
    ),
)
