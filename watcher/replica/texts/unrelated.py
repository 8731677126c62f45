"""News that have nothing to do with residence permits: most of what a préfecture publishes."""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Collection
from datetime import date

from watcher.replica.model import Form, News

_TITLES = (
    "RD {road} : travaux de nuit et déviation à {town}",
    "Ouverture générale de la chasse : ce qu'il faut savoir",
    "Sécheresse : le secteur de {town} placé en alerte renforcée",
    "Levée des restrictions d'usage de l'eau sur le bassin {river}",
    "Enquête publique : projet de parc photovoltaïque à {town}",
    "Vigilance orange orages : consignes de prudence",
    "Interdiction temporaire des feux d'artifice à {town}",
    "Journées européennes du patrimoine : la préfecture ouvre ses portes",
    "Recensement citoyen : pensez à vous inscrire",
    "Opération de sécurité routière sur l'A{motorway}",
    "Déminage à {town} : périmètre de sécurité dimanche matin",
    "Moustique tigre : les bons gestes",
    "Signature du contrat de ville de {town}",
    "Influenza aviaire : passage en risque élevé",
    "Appel à projets « Fonds vert » : {amount} dossiers retenus",
    "Cérémonie de remise de la médaille de la sécurité intérieure à {town}",
    "Fermeture de la route du col de {town} jusqu'au printemps",
    "Visite ministérielle à {town} : les temps forts",
    "Élections municipales : dépôt des candidatures à la sous-préfecture de {town}",
    "Passeports et cartes d'identité : nouveaux créneaux de rendez-vous en mairie de {town}",
    "Permis de conduire : rappel des règles pour les visites médicales",
    "Certificat d'immatriculation : attention aux sites non officiels",
    "France Services : une nouvelle maison ouvre à {town}",
    "Canicule : activation du plan départemental",
    "Fièvre catarrhale ovine : point de situation n° {amount}",
    "Classement de l'église de {town} au titre des monuments historiques",
    "Aides à l'installation des jeunes agriculteurs : dépôt avant la fin du mois",
    "Travaux sur le pont de {town} : circulation alternée",
    "Exercice de sécurité civile sur le site industriel de {town}",
    "Rentrée scolaire : {amount} postes créés dans le département",
    "Dotation d'équipement des territoires ruraux : {amount} projets financés",
    "Incendie à {town} : le préfet salue l'engagement des sapeurs-pompiers",
    "Manifestation sportive « La Ronde de {town} » : arrêté de circulation",
    "Lutte contre l'ambroisie : campagne d'arrachage à {town}",
    "Forum de l'emploi à {town} : {amount} entreprises présentes",
    "Plan de prévention des risques d'inondation {river} : concertation du public",
    "Octobre rose : la préfecture se mobilise",
    "Consultation du public : prélèvement de loups, bilan de la campagne",
    "Rave-party non déclarée : interdiction dans le secteur de {town}",
    "Armes : campagne d'abandon simplifié à {town}",
)
_SENTENCES = (
    "Le préfet a pris ce jour un arrêté qui entre en vigueur dès sa publication au recueil des actes "
    "administratifs.",
    "Les usagers de la route sont invités à la plus grande prudence et à respecter la signalisation mise "
    "en place.",
    "Une réunion publique se tiendra en mairie de {town} en présence des services de l'État et des élus.",
    "Le dossier peut être consulté en mairie de {town} aux heures habituelles d'ouverture.",
    "Les services de la direction départementale des territoires restent mobilisés avec l'ensemble des "
    "partenaires.",
    "Tout manquement à ces dispositions est passible d'une contravention de cinquième classe.",
    "La situation fera l'objet d'un nouveau point en comité départemental avant la fin du mois.",
    "Les mesures s'appliquent aux particuliers, aux collectivités et aux entreprises du secteur concerné.",
    "Cette opération a permis de contrôler {amount} véhicules et de relever plusieurs infractions à la "
    "vitesse.",
    "Le montant total des subventions attribuées s'élève à {amount} 000 euros pour le département.",
    "Les riverains ont été informés individuellement par la commune de {town}.",
    "La population est appelée à limiter ses déplacements et à se tenir informée de l'évolution de la "
    "situation.",
    "Les collectivités disposent de deux mois pour transmettre leurs observations à la sous-préfecture.",
    "Les exploitants peuvent déposer leur déclaration auprès de la chambre d'agriculture.",
    "Un itinéraire de déviation par la RD {road} est mis en place dans les deux sens.",
    "Le commissaire enquêteur recevra les observations du public à {town} le samedi matin.",
)
_TOWNS = (
    "Saint-Aubin-le-Vieux",
    "Montreval",
    "Castelnau-sur-Lys",
    "La Ferté-Beaumont",
    "Villeneuve-la-Tour",
    "Pont-Saint-Ange",
    "Sainte-Colombe-les-Bois",
    "Rochebelle",
    "Vaux-sur-Orbe",
    "Champfleury-le-Haut",
    "Marsac-d'Aubrac",
    "Les Essarts-Blancs",
    "Beaurepaire-en-Plaine",
    "Lavaldière",
)
_RIVERS = ("de l'Orbe", "de la Lys", "du Vernon", "de la Sioule", "de l'Aubette", "du Thérain")


def slug(title: str) -> str:
    """A title as the CMS writes it in an address: ``Deminage-a-Montreval``."""
    folded = unicodedata.normalize("NFD", title.replace("œ", "oe").replace("'", "-").replace("’", "-"))
    ascii_only = "".join(char for char in folded if not unicodedata.combining(char))
    return re.sub(r"[^A-Za-z0-9]+", "-", ascii_only).strip("-")


def unrelated(
    chance: random.Random, day: date, taken: Collection[str], *, folder: str, form: Form = Form.ARTICLE
) -> News:
    """One item under `folder` whose title is not among the `taken` ones."""
    while True:
        words = _words(chance)
        title = chance.choice(_TITLES).format(**words)
        if title not in taken:
            break
    paragraphs = tuple(
        " ".join(sentence.format(**_words(chance)) for sentence in chance.sample(_SENTENCES, 3))
        for _ in range(chance.randint(2, 4))
    )
    lead = f"{title}. {paragraphs[0]}"
    return News(
        path=_path(folder, title, day, chance),
        title=title,
        published=day,
        paragraphs=(lead, *paragraphs[1:]),
        form=form,
        number=chance.randint(20_000, 99_000),
    )


def _path(folder: str, title: str, day: date, chance: random.Random) -> str:
    if chance.random() < 0.15:
        return f"{folder}/Archives-{day.year}/{_MONTHS[day.month - 1]}/{slug(title)}"
    return f"{folder}/{slug(title)}"


def _words(chance: random.Random) -> dict[str, str]:
    return {
        "road": str(chance.randint(2, 980)),
        "motorway": str(chance.randint(4, 89)),
        "amount": str(chance.randint(12, 480)),
        "town": chance.choice(_TOWNS),
        "river": chance.choice(_RIVERS),
    }


_MONTHS = (
    "JANVIER",
    "Fevrier",
    "Mars",
    "AVRIL",
    "Mai",
    "Juin",
    "JUILLET",
    "AOUT",
    "Septembre",
    "Octobre",
    "Novembre",
    "DECEMBRE",
)
