"""Foreigners pages as they stand on the Monday morning, before anything happens."""

from __future__ import annotations

from datetime import date, timedelta

from watcher.replica.model import Download, Guide, Section, Shape, dice
from watcher.replica.sites import Site

ANEF = "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/"
ON_ANEF = "Demandes à déposer sur l'ANEF"
BOOKING = "Prendre rendez-vous"
OUTSIDE_ANEF = "Demandes hors ANEF"
DELAYS = "Délais moyens d'instruction"
DOWNLOADS = "Documents à télécharger"

_ANEF_GROUNDS = (
    "étudiants et étudiants en programme de mobilité ;",
    "titulaires d'une carte « talent » et « talent (famille) » ;",
    "visiteurs ;",
    "travailleurs saisonniers ;",
    "conjoints de Français et parents d'enfants français ;",
    "bénéficiaires de la protection internationale et membres de leur famille ;",
    "citoyens de l'Union européenne et membres de leur famille ;",
    "renouvellement de la carte de résident.",
)
_QUESTIONS = (
    (
        "Quelles pièces fournir pour un renouvellement ?",
        "La liste des pièces dépend du motif de séjour. Le dossier comporte dans tous les cas :",
        (
            "le passeport en cours de validité ;",
            "un justificatif de domicile de moins de six mois ;",
            "trois photographies d'identité conformes ou une e-photo ;",
            "le titre de séjour arrivant à expiration.",
        ),
    ),
    (
        "Que faire en cas de perte ou de vol de mon titre ?",
        "Une déclaration est faite auprès du commissariat ou de la gendarmerie, puis un duplicata est "
        "demandé.",
        ("la déclaration de perte ou de vol ;", "la copie du titre perdu, si elle est disponible."),
    ),
    (
        "J'ai changé d'adresse : que dois-je faire ?",
        "Le changement d'adresse se déclare dans les trois mois qui suivent l'installation.",
        ("un justificatif du nouveau domicile ;", "la copie recto verso du titre de séjour."),
    ),
    (
        "Comment retirer mon titre de séjour ?",
        "Un SMS informe de la mise à disposition du titre et précise le montant du droit de timbre.",
        ("le passeport ;", "le timbre fiscal acheté en ligne ou chez un buraliste."),
    ),
)


def foreigners_page(site: Site, seed: int, monday: date) -> Guide:
    """The page of one préfecture; its channels differ from site to site, as they do in reality."""
    chance = dice(seed, site.code, "guide")
    sections = [
        _on_anef(),
        _booking(site),
        _outside_anef(site),
        *_questions(chance.randint(2, 4)),
        _delays(site),
    ]
    return Guide(
        path=site.guide_path,
        title=site.guide_title,
        updated=monday - timedelta(days=chance.randint(6, 400)),
        lead=(
            f"Vous êtes de nationalité étrangère et vous résidez {site.within} : cette page vous indique "
            "où et comment déposer votre demande de titre de séjour. Les démarches sont gratuites, seul "
            "le droit de timbre est dû lors de la remise du titre."
        ),
        sections=(*sections, _downloads(site, seed), _hours()),
    )


def _on_anef() -> Section:
    return Section(
        ON_ANEF,
        paragraphs=(
            "Les demandes qui relèvent des motifs ci-dessous sont déposées en ligne sur "
            "[l'administration numérique des étrangers en France "
            f"(ANEF)]({ANEF}vos-demarches/titre-de-sejour).",
        ),
        bullets=_ANEF_GROUNDS,
    )


def _booking(site: Site) -> Section:
    numbers = {"94": 4963, "91": 23014, "77": 48803, "74": 29396, "92": 11681}
    number = numbers.get(site.code, 1000 + 37 * len(site.slug) + len(site.of))
    return Section(
        BOOKING,
        paragraphs=(
            "Le dépôt du dossier et la remise du titre se font uniquement sur rendez-vous.",
            f"[Effectuer une demande de rendez-vous](/booking/create/{number})",
            "Dernière mise en ligne de rendez-vous : le 05/09/2025 à 09:30",
        ),
    )


def _outside_anef(site: Site) -> Section:
    if site.code == "34":
        way = (
            "Si votre motif ne figure pas sur l'ANEF, adressez un courriel à "
            "[pref-sejour@herault.gouv.fr](mailto:pref-sejour@herault.gouv.fr) : une convocation vous sera "
            "envoyée pour le dépôt du dossier papier."
        )
    elif site.code == "15":
        way = "Si votre motif ne figure pas sur l'ANEF, adressez-vous à l'accueil général de la préfecture."
    else:
        way = (
            "Si votre motif ne figure pas sur l'ANEF, complétez le formulaire [Demande de titre de "
            f"séjour](https://www.demarches-simplifiees.fr/commencer/titre-sejour-{site.slug}) : la "
            "préfecture vous contactera."
        )
    return Section(
        OUTSIDE_ANEF,
        paragraphs=(way,),
        bullets=(
            "■ salarié, travailleur temporaire ;",
            "■ vie privée et familiale (article L. 423-23 du CESEDA) ;",
            "■ admission exceptionnelle au séjour et renouvellements qui en découlent.",
        ),
    )


def _questions(count: int) -> list[Section]:
    return [
        Section(heading, Shape.ACCORDION, paragraphs=(answer,), bullets=bullets)
        for heading, answer, bullets in _QUESTIONS[:count]
    ]


def _delays(site: Site) -> Section:
    days = 60 + 5 * len(site.name)
    return Section(
        DELAYS,
        Shape.TABLE,
        rows=(
            ("Type de demande", "Délai moyen"),
            ("Première demande de titre de séjour", f"{days + 40} jours"),
            ("Renouvellement de titre de séjour", f"{days} jours"),
            ("Document de circulation pour étranger mineur", "35 jours"),
        ),
    )


def _downloads(site: Site, seed: int) -> Section:
    number = dice(seed, site.code, "files").randint(20_000, 60_000)
    return Section(
        DOWNLOADS,
        Shape.DOWNLOADS,
        files=(
            Download(
                "Liste des pièces - salarié", "Liste pièces salarié.pdf", number, "PDF - 0,21 Mb - 14/03/2025"
            ),
            Download(
                "Formulaire de demande n° 1", "Formulaire_n°1.pdf", number + 3, "PDF - 1,10 Mb - 02/01/2025"
            ),
            Download(
                "Attestation d'hébergement",
                "attestation_hebergement.odt",
                number + 9,
                "ODT - 0,02 Mb - 11/10/2024",
            ),
        ),
    )


def _hours() -> Section:
    return Section(
        "Horaires d'accueil",
        paragraphs=("Le bureau du séjour reçoit du lundi au vendredi de 8h30 à 11h30, sur rendez-vous.",),
    )
