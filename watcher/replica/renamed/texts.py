# ruff: noqa: E501 - texts keep their lines
"""What stands on the pages that merely sound like those for foreigners."""

from __future__ import annotations

from datetime import date

from watcher.replica.model import dice
from watcher.replica.sites import Site
from watcher.replica.texts.foreigners import foreigners_page

_LONG_AGO = date(2016, 3, 1)
_TEXTS = {
    "photos": (
        "Le préfet a remis leurs décrets de naturalisation à {n} nouveaux Français. Retour en images sur la cérémonie.",
        "Originaires de {m} pays, ils ont chanté la Marseillaise dans les salons de la préfecture.",
    ),
    "figures": (
        "En {year}, {n} premiers titres de séjour ont été délivrés {within}, dont {m} % pour motif familial, et d'autres "
        "à des étudiants et à des salariés.",
        "{n} demandes d'asile ont été enregistrées et {m} ressortissants étrangers ont été naturalisés.",
    ),
    "election": (
        "Les ressortissants de l'Union européenne qui résident en France peuvent voter aux élections municipales.",
        "L'inscription sur la liste électorale complémentaire se fait en mairie jusqu'au {m} février.",
    ),
    "trade": (
        "Les entreprises du département exportent pour {n} millions d'euros chaque année.",
        "Le conseiller du commerce extérieur accompagne les dirigeants dans leurs projets à l'étranger.",
    ),
    "licence": (
        "L'échange d'un permis de conduire délivré hors de l'Union européenne se demande en ligne sur le site de "
        "l'Agence nationale des titres sécurisés, dans l'année qui suit l'installation en France.",
    ),
    "policy": (
        "Les services de police et de gendarmerie ont mené {m} opérations contre les filières d'immigration irrégulière.",
        "{n} personnes en situation irrégulière ont été interpellées.",
    ),
    "grant": (
        "Les associations peuvent déposer un projet en faveur de l'intégration des étrangers primo-arrivants avant le "
        "{m} mars. L'enveloppe est de {n} 000 euros.",
    ),
    "animals": (
        "La naturalisation d'un animal d'une espèce protégée est soumise à une autorisation de la direction des territoires.",
    ),
}
_PLAIN = (
    "Cette rubrique présente l'action des services de l'État {within}.",
    "Pour tout renseignement, adressez-vous à la préfecture aux heures d'ouverture.",
)


def told(detail: str, site: Site, seed: int) -> tuple[str, ...]:
    """The paragraphs of a page; of one that is kept from the past, what the foreigners' page once said."""
    chance = dice(seed, site.code, detail)
    if detail == "archive":
        guide = foreigners_page(site, seed, _LONG_AGO)
        return (
            guide.lead,
            *(text for section in guide.sections for text in (*section.paragraphs, *section.bullets)),
        )
    words = {
        "n": str(chance.randint(120, 4800)),
        "m": str(chance.randint(5, 60)),
        "year": str(chance.randint(2019, 2024)),
        "within": site.within,
    }
    return tuple(text.format(**words) for text in _TEXTS.get(detail, _PLAIN))
