"""The week's changes of foreigners pages; most come without any news."""

from __future__ import annotations

from dataclasses import replace

from watcher.replica.model import Section, Truth
from watcher.replica.texts.foreigners import BOOKING, DELAYS, ON_ANEF, OUTSIDE_ANEF
from watcher.replica.week.acts import Act, insert, revise


def _form_for_email(section: Section) -> Section:
    return replace(
        section,
        paragraphs=(
            "Depuis le 8 septembre 2025, si votre motif ne figure pas sur l'ANEF, votre demande est "
            "déposée uniquement sur [démarche "
            "numérique](https://www.demarches-simplifiees.fr/commencer/titre-sejour-hors-anef-herault). "
            "Les demandes adressées par courriel ne sont plus traitées.",
        ),
    )


FORM_FOR_EMAIL: Act = revise(
    OUTSIDE_ANEF,
    _form_for_email,
    Truth(("filing_channel",), "2025-09-08", ("hors_anef",), "demarche_numerique"),
)

CANTAL_SECTION: Act = insert(
    Section(
        "Demander un titre de séjour",
        paragraphs=(
            "À compter du 1er octobre 2025, si votre motif de séjour n'est pas listé sur l'ANEF, vous "
            "pouvez prendre rendez-vous en ligne et apporter votre dossier papier en préfecture.",
            "[Prendre rendez-vous via RDV Préfecture]"
            "(https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/15150/)",
        ),
        bullets=(
            "vérifiez que votre motif ne figure pas sur l'ANEF ;",
            "réunissez les pièces de la liste qui correspond à votre motif ;",
            "réservez un créneau.",
        ),
    ),
    Truth(("rdv_modality",), "2025-10-01", ("hors_anef",), "rdv_en_ligne"),
    after=ON_ANEF,
)


def _other_module(section: Section) -> Section:
    old = "(/booking/create/4963)"
    new = "(https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/16040/)"
    return replace(section, paragraphs=tuple(text.replace(old, new) for text in section.paragraphs))


MODULE_SWAP: Act = revise(BOOKING, _other_module, Truth(("rdv_modality",), channel_after="rdv_en_ligne"))


def _one_more_ground(section: Section) -> Section:
    return replace(section, bullets=(*section.bullets[:5], "étrangers nés en France ;", *section.bullets[5:]))


ONE_MORE_GROUND: Act = revise(
    ON_ANEF, _one_more_ground, Truth(("anef_integration",), motifs=("ne_en_france",), channel_after="anef")
)


def _longer(section: Section) -> Section:
    rows = tuple(
        (row[0], "160 jours") if row[0].startswith("Renouvellement") else row for row in section.rows
    )
    return replace(section, rows=rows)


LONGER_DELAY: Act = revise(DELAYS, _longer, Truth(("processing_time",)))
