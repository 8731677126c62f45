"""What the silent week's sites show before it begins: more places to file, to book and to write to."""

from __future__ import annotations

from dataclasses import replace

from watcher.replica.baseline import baseline
from watcher.replica.model import Section, Shape, State
from watcher.replica.services.model import Door, Service
from watcher.replica.sites import Site
from watcher.replica.texts.foreigners import ANEF, BOOKING

LEGACY_GUIDES = frozenset({"37", "48"})
"""Sites of the skin before DSFR whose foreigners page is watched too."""
DS = "https://www.demarches-simplifiees.fr/commencer/"
RDV = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/"
FORMS = "https://invite.contacts-demarches.interieur.gouv.fr/"
STUDENTS = "Vous êtes étudiant"
COUNTERS = "Où déposer votre demande"
WRITE = "Nous écrire"
POST = "Envoi par courrier"
COLLECT = "Remise des titres"
VISIT = "Rendez-vous à la sous-préfecture de Senlis"
CRETEIL = "Prendre rendez-vous à Créteil"
GROUNDS = ("Conjoint de Français", "Parent d'enfant français", "Étranger visiteur")
ONLINE, FORM, MAILBOX, WITHDRAWAL, COME = (
    "déposer ma demande",
    "dossier en ligne",
    "notre messagerie",
    "Prendre rendez-vous pour un retrait",
    "Demander un rendez-vous",
)
_UNLINKED = frozenset({"63", "48"})  # their page says that students file online, and not where


def silent_monday(site: Site, seed: int) -> State:
    """The state of one site on Monday 15 September 2025, first thing in the morning."""
    state = baseline(site, seed)
    kept = tuple(_named(site, section) for section in state.guide.sections)
    guide = replace(state.guide, sections=(*kept, *_more(site)))
    return replace(state, guide=guide, services=SERVICES.get(site.code, {}), guarded=False)


def _named(site: Site, section: Section) -> Section:
    return replace(section, heading=CRETEIL) if (site.code, section.heading) == ("94", BOOKING) else section


def _more(site: Site) -> tuple[Section, ...]:
    where = ONLINE if site.code in _UNLINKED else f"[{ONLINE}]({ANEF}vos-demarches)"
    grounds = tuple(
        Section(name, paragraphs=(f"Le [{FORM}]({DS}{site.slug}-famille) est à compléter avant de venir.",))
        for name in GROUNDS
    )
    return (
        Section(STUDENTS, Shape.ACCORDION, paragraphs=(f"Votre titre se demande en ligne : {where}.",)),
        Section(COUNTERS, Shape.TABLE, rows=_rows(site)),
        Section(COLLECT, Shape.BUTTONS, bullets=(f"[{WITHDRAWAL}]({RDV}{_number(site)}/)",)),
        Section(VISIT, Shape.FORM, bullets=(f"[{COME}](/booking/create/{_number(site)})",)),
        *grounds,
        Section(
            WRITE,
            paragraphs=(
                f"Votre dossier peut être complété auprès de {_mailbox(site)} en joignant les pièces.",
            ),
        ),
        Section(
            POST,
            paragraphs=(
                "Les demandes de duplicata sont à envoyer par courrier à l'adresse suivante :",
                f"Préfecture {site.of}, bureau du séjour, 21-29 avenue de la République, {_code(site)} Cedex",
            ),
        ),
    )


def _rows(site: Site) -> tuple[tuple[str, ...], ...]:
    return (
        ("Motif du séjour", "Où déposer"),
        ("Salarié", f"[{FORM}]({DS}salarie-{site.slug})"),
        ("Visiteur", f"[{FORM}]({DS}visiteur-{site.slug})"),
        ("Passeport talent", f"[en ligne]({ANEF}vos-demarches/talent)"),
    )


def _mailbox(site: Site) -> str:
    """Behind a label, or written out against robots."""
    box = f"pref-sejour@{site.slug}.gouv.fr"
    return box.replace("@", " [at] ") if site.code in {"38", "67"} else f"[{MAILBOX}](mailto:{box})"


def _number(site: Site) -> int:
    return 3000 + 41 * len(site.slug) + len(site.of)


def _code(site: Site) -> str:
    return (
        f"{site.code[:2].replace('2B', '20').replace('2A', '20')}038 {site.name.split('-')[0].split(' ')[0]}"
    )


SERVICES: dict[str, dict[str, Service]] = {
    "94": {
        "/booking/create/4963": Service(
            "Première demande de titre de séjour à Créteil", ("Présentez-vous muni de votre convocation.",)
        ),
        "/rdvpref/reservation/demarche/16040/": Service(
            "Retrait de titre de séjour à Créteil", ("Réservé aux habitants de l'arrondissement de Créteil.",)
        ),
    },
    "91": {
        "/booking/create/23014": Service(
            "Renouvellement de titre de séjour à Évry", ("Le rendez-vous est gratuit.",)
        )
    },
    "92": {
        "/booking/create/11681": Service("Remise de titre à Nanterre", ("Le rendez-vous est gratuit.",)),
        "/rdvpref/reservation/demarche/1922/": Service(
            "Demande de duplicata", ("Munissez-vous de la déclaration de perte.",)
        ),
    },
    "78": {
        "/rdvpref/reservation/demarche/1040/": Service(
            "Demande de titre de séjour salarié", ("Réservé aux habitants des Yvelines.",)
        )
    },
    "95": {
        "/rdvpref/reservation/demarche/1380/": Service(
            "Demande de carte de résident",
            ("Réservé aux habitants du Val-d'Oise.",),
            Door.CLOSED,
            closing=("La prise de rendez-vous en ligne est suspendue temporairement.",),
        )
    },
    "03": {
        "/rdvpref/reservation/demarche/4418/": Service(
            "Dépôt d'un dossier de titre de séjour", ("Réservé aux habitants de l'Allier.",)
        )
    },
    "34": {
        "/commencer/titre-sejour-herault": Service(
            "Demande de titre de séjour hors ANEF – préfecture de l'Hérault",
            ("Cette démarche concerne les demandes qui ne se font pas sur l'ANEF.",),
        )
    },
    "69": {
        "/commencer/aes-rhone": Service(
            "Admission exceptionnelle au séjour – préfecture du Rhône",
            ("Cette démarche concerne les demandes d'admission exceptionnelle au séjour.",),
            Door.CLOSED,
            closing=("Aucune demande n'est acceptée pour le moment.",),
        )
    },
    "38": {
        "/commencer/aes-rendez-vous-isere": Service(
            "Demande de rendez-vous pour une admission exceptionnelle au séjour",
            ("Un rendez-vous vous sera proposé.",),
        ),
        "/commencer/sejour-isere-2026": Service(
            "Dépôt de toutes les demandes de titre de séjour en Isère", ("Joignez votre passeport.",)
        ),
    },
    "06": {
        "/commencer/dcem-alpes-maritimes": Service(
            "Demande de document de circulation pour étranger mineur", ("Pour les mineurs qui voyagent.",)
        )
    },
    "13": {
        "/commencer/titre-sejour-bouches-du-rhone": Service(
            "Demande de titre de séjour salarié – Bouches-du-Rhône", ("Joignez votre contrat de travail.",)
        )
    },
    "44": {
        "/commencer/naturalisation-loire-atlantique": Service(
            "Demande de naturalisation – plateforme de Nantes", ("Joignez un acte de naissance.",)
        ),
        "/commencer/naturalisation-nantes": Service(
            "Demande de naturalisation – plateforme de Nantes", ("Joignez un acte de naissance.",)
        ),
    },
    "59": {
        "/commencer/salarie-nord": Service("Demande de titre salarié", ("Joignez votre contrat de travail.",))
    },
}
"""By code, what stands at each path; all the others have none."""
