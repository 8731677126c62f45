"""What a label, a heading or an address is about, told from its words alone, whatever a site calls its sections.

No list of names: words that place a text among the matters of foreigners add up, and words that make something else
of them take most of it back. Texts are folded; patterns are linear on any input.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from watcher.core.text import fold

LONGEST = 200  # characters of a label that are looked at
HALF = 0.5
SPOILT = 0.15  # what is left of a subject that other words make something else of


@dataclass(frozen=True, slots=True)
class _Sign:
    weight: float  # how much it tells by itself, 0..1
    words: re.Pattern[str]


def _signs(*table: tuple[float, str]) -> tuple[_Sign, ...]:
    return tuple(_Sign(weight, re.compile(rf"\b(?:{words})\b")) for weight, words in table)


_GROUNDS = (
    r"passeports? talents?|conjoint\w* de francais\w*|parents? d'enfants? francais|vie privee et familiale"
    r"|certificats? de residence|cartes? bleues? europeennes?"
)
_SUBJECT = _signs(
    (0.85, r"(?:titre|carte|autorisation|droit|admission|certificat)s? (?:\w+ ){0,2}?(?:de|du|au|a) sejour"),
    (0.8, r"ressortissant(?:e?s)?(?: \w+){0,2} etrang\w+|etrang\w+"),
    (0.8, r"immigr(?:ation|es?|ants?)|anef|cesda|ceseda"),
    (0.75, r"naturalis(?:ations?|er)|asile|demandeurs? d'asile|refugie(?:e?s)?|apatrid\w+"),
    (0.75, r"regroupement familial|nationalite francaise|acces a la nationalite|dcem|cartes? de resident"),
    (0.75, r"titres? de voyage|protection (?:internationale|temporaire|subsidiaire)|(?:aes|vpf)"),
    (
        0.7,
        r"non[ -]?(?:europeen|communautaire|ressortissant|francais)\w*"
        r"|hors (?:de )?(?:l')?(?:ue|union europeenne|europe)",
    ),
    (
        0.7,
        r"pays tiers|extra[ -]?(?:europeen|communautaire)\w*|migr(?:ants?|ations?|atoires?)|primo[ -]?arrivant\w*",
    ),
    (
        0.7,  # as some call them beside or instead of French, and what the law calls their grounds
        r"foreign(?:ers?| nationals?)|residence permits?|stranieri|furesteri|estranjour\w+|diavaezour\w+"
        r"|estrang(?:er|ier)\w*|atzerritar\w*|auslander\w*"
        rf"|{_GROUNDS}",
    ),
    (0.6, r"ressortissant(?:e?s)?|sejour(?:ner)?|recepisses?|nationalites?|visas?"),
    (0.6, r"(?:venir|vivre|s'installer|etudier|travailler|resider|rester) en france|devenir francais\w*"),
    (
        0.6,
        r"(?:usagers|publics?|etudiants?|salaries|talents?|citoyens) (?:internationaux|international|d'ailleurs)",
    ),
    (0.45, r"integration|(?:nouveaux|nouvelles) arrivant\w*|nouveaux francais|citoyennete francaise"),
    (0.3, r"(?:delivrance des|retrait d[eu]s?|demandes? de|renouvel\w+ (?:de|du|d'un)) titres?"),
    (0.15, r"titres?|brexit|ukrain\w+|algerien\w*|international\w*"),
)

# What makes something else of the words above: the subject is not how to stay in France.
_OTHERWISE = re.compile(
    r"\b(?:commerc\w+|export\w*|invest\w+|entreprises? etrangeres?|douan\w+|langues? etrangeres?"
    r"|affaires etrangeres|legion etrangere|corps etrangers?|a l'etranger"
    r"|(?:francais|voyag\w+|adopt\w+|mari\w+|depart|expatri\w+|vivre) (?:\w+ ){0,3}?(?:de|a|pour) l'etranger"
    r"|election\w*|electora\w+|vot(?:e|er|ants?)|scrutins?|listes? complementaires?"
    r"|ceremoni\w+|photos?|photographies|albums?|galeries?|diaporama\w*|videos?|retour en images|discours"
    r"|portraits?|statisti\w+|chiffres?|chiffrees?|donnees|observatoire|bilans?|barometre|rapports?"
    r"|enquetes?|indicateurs?|archiv\w+|historique|memoire|patrimoine|anciens?|anciennes?"
    r"|permis|conduire|vehicul\w+|immatricul\w+|plaques?|diplomes?|taxes? de sejour|meubles?|vacances"
    r"|touris\w+|linguistiques?|colonies|accueils? collectifs?|especes?|animau\w+|faune|taxiderm\w*|chasse"
    r"|paysag\w+|dechets|scolaires?|handicap\w*|appels? a projets?|subventions?|financements?|bop"
    r"|marches? publics?|integration professionnelle|irreguli\w+|clandestin\w*|reconduites?"
    r"|retention|interpell\w+|expuls\w+|passeurs?|marins?|navires?|aeronefs?|armes?|impots?|fisca\w+"
    r"|titres? (?:restaurants?|professionnels?|de propriete|de presse)|recueils?|raa|arretes?|agenda|concours"
    r"|recrut\w+|emplois? (?:public|vacant)s?|colloques?|expositions?|festival\w*|musees?)\b"
)

_PART = re.compile(
    r"\b(?:naturalis\w+|nationalites?|devenir francais\w*|asile|demandeurs? d'asile|refugies?|dcem|etudiants?"
    r"|regroupement familial|titres? de voyage|visas?|admission exceptionnelle au sejour|citoyennete francaise"
    r"|nouveaux francais|(?:titre|carte|autorisation)s? (?:\w+ ){0,2}?(?:de|du) sejour|cartes? de resident"
    rf"|{_GROUNDS})\b"
)
_PUBLIC = _signs(
    (0.42, r"(?:vos |mes |les |toutes les )?demarches?(?: administratives?| en ligne)?|vos droits"),
    (
        0.34,
        r"(?<!gardes )particuliers?|usagers?|citoyens?|citoyennete|population|publics?"
        r"|(?:je suis|vous etes)(?: un)? \w+",
    ),
    (0.3, r"(?:delivrance des |vos )?titres?|papiers|etat[ -]civil|identite|formalites|guichets?"),
    (
        0.26,
        r"accueil|services? (?:au public|en ligne|aux? \w+)|(?:prendre(?: un)? )?rendez[ -]vous|vie \w+",
    ),
    (
        0.24,
        r"plan du site|reglementation|droits?|solidarites?|cohesion(?: sociale)?|societe|libertes publiques",
    ),
    (
        0.16,
        r"actions? de l'etat|politiques publiques|services? de l'etat|prefecture|info\w* pratiques?",
    ),
)
# What the public comes for besides: nothing of ours is below it.
_BESIDES = re.compile(
    r"\b(?:identite|passeports?(?! talents?)|cartes? nationales?|cni|sortie du territoire|perte|associati\w+"
    r"|collectivites?|intercommuna\w+"
    r"|vehicul\w+|conduite|conduire|permis|immatricul\w+|armes?|munitions|election\w*|procurations?|professionnel\w*"
    r"|entreprises?|economi\w+|emploi|agricol\w+|agriculture|foret|environnement|chasse|eaux?|risques?"
    r"|securite|sport\w*|tourisme|urbanisme|logement|habitat|culture|patrimoine|routiere?|taxis?|drones?"
    r"|debits?|funerair\w+"
    r"|cultes?|marches? publics?|enquetes? publiques?|recueils?|justice|tribunaux|sante|education|jeunesse"
    r"|legalite|fctva|legs)\b"
)
_NEWS = re.compile(
    r"(?:toute?s? )?(?:les |l'|nos |vos |fil d'|dernier\w* |flash |mon |notre )?"
    r"(?:(?:actualites?|actus?|flash|breves?|nouveautes?)(?: [^ ]+){0,5}"
    r"|(?:infos?|informations?|nouvelles|annonces?|minutes?|mises a jour)"
    r"(?: (?:importantes?|recentes?|locales?|pratiques?|generales?|utiles|du (?:moment|service|bureau|jour)"
    r"|(?:pour |aux |des )?(?:usagers|etrangers|ressortissants)|sejour|immigration|flash"
    r"|et (?:actualites?|actus?)))*)\W*"
    r"|a la une|quoi de neuf.{0,20}|en (?:ce moment|direct)|l'(?:actualite|actu|info)\b.{0,20}"
    r"|a savoir|alertes?|le fil(?: .{0,20})?|ca bouge|a noter"
    r"|(?:espace|salle)(?: de)? presse|communiques?(?: de presse)?|presse"
)
_APPOINTMENT = re.compile(r"\b(?:rendez[ -]?vous|rdv|reserv\w+|creneaux?|convocations?|prendre date)\b")
_DOCUMENTS = re.compile(
    r"\b(?:documents(?! de (?:circulation|voyage|sejour))|formulaires?|imprimes|telecharge\w*"
    r"|listes? des? pieces?|pieces? (?:a fournir|justificatives?)"
    r"|notices?|cerfa|modeles?)\b"
)
_INFORMATION = re.compile(
    r"\b(?:infos?|informations?|s'informer|savoir|services?|bureaux?|pratiques?|generale?s?|vie)\b"
)
_PRACTICAL = re.compile(
    r"\b(?:demarches?|demandes?|demander|deposer|depot|renouvel\w+|premiere demande|foire aux questions|faq|comment"
    r"|procedures?|contacts?|horaires|accueil|infos?|informations?|questions?|delais?|tarifs?|retrait|remise)\b"
)
_PAST = re.compile(r"\barchiv\w+|\bhistorique\b|\banciennes? (?:version|actualite|page)s?\b")


@lru_cache(maxsize=8192)
def subject(label: str) -> float:
    """How much a label is about the stay of foreigners, 0..1."""
    text = worded(label)
    left = 1.0
    for sign in _SUBJECT:
        if sign.words.search(text):
            left *= 1 - sign.weight
    return (1 - left) * (SPOILT if otherwise(label) else 1)


@lru_cache(maxsize=8192)
def whole(label: str) -> bool:
    """Whether a label is about the subject as a whole, rather than one part of it only, as naturalisation is."""
    return subject(_PART.sub(" ", worded(label))) >= HALF


@lru_cache(maxsize=8192)
def otherwise(label: str) -> bool:
    """Whether its words make something else of whatever subject it has: figures, votes, ceremonies, trade …"""
    return _OTHERWISE.search(worded(label)) is not None


@lru_cache(maxsize=8192)
def for_the_public(label: str) -> float:
    """How likely what the public comes for is found below a link of this name, 0..1."""
    if besides(label):
        return 0.0
    text = worded(label)
    return max((sign.weight for sign in _PUBLIC if sign.words.search(text)), default=0.0)


@lru_cache(maxsize=8192)
def besides(label: str) -> bool:
    """Whether a rubric is about something else that people or firms come to a préfecture for."""
    return _BESIDES.search(worded(label)) is not None


@lru_cache(maxsize=8192)
def named_news(label: str) -> bool:
    """Whether a label is one that lists of news have."""
    return _NEWS.fullmatch(worded(label)) is not None


def named_appointment(label: str) -> bool:
    return _APPOINTMENT.search(worded(label)) is not None


def named_information(label: str) -> bool:
    """Whether it is the name of a rubric that holds whatever there is to be known."""
    return _INFORMATION.search(worded(label)) is not None


def named_documents(label: str) -> bool:
    return _DOCUMENTS.search(worded(label)) is not None


def named_practical(label: str) -> bool:
    """Whether it says how something is done."""
    return _PRACTICAL.search(worded(label)) is not None


def past(labels: Iterable[str]) -> bool:
    """Whether one of these says that what is below it is kept, not kept up."""
    return any(_PAST.search(worded(label)) for label in labels)


def segments(address: str) -> Sequence[str]:
    """The words of each step of an address's path: ``Demarches``, ``Etrangers dans l Oise``."""
    steps = unquote(urlsplit(address).path).split("/")
    return [re.sub(r"\d+\Z", "", step.replace("-", " ").replace("_", " ")).strip() for step in steps if step]


@lru_cache(maxsize=8192)
def worded(label: str) -> str:
    """Folded words of a label or of a step of an address."""
    text = " ".join(fold(label[:LONGEST]).replace("-", " ").replace("_", " ").split())
    return re.sub(r"\b([dlnsj]) (?=[aeiouyh])", r"\1'", text)  # an address has lost its apostrophes
