"""What readers see instead of ids: one table per vocabulary, French first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from watcher.core.alerts import AlertState
from watcher.core.catalogue import Prefecture
from watcher.core.changes import ChangeKind
from watcher.core.language import Language, spelt
from watcher.core.page import FailureKind, Outcome
from watcher.core.state import ProblemKind


class Label(NamedTuple):
    french: str
    english: str

    def told(self, code: str) -> str:
        """In the language of this code; French for any but English."""
        return self.english if code == "en" else self.french


CATEGORIES: Mapping[str, Label] = {
    "anef_integration": Label("Passage à l'ANEF", "Moved to the ANEF online service"),
    "rdv_modality": Label("Prise de rendez-vous", "Appointments"),
    "filing_channel": Label("Dépôt du dossier", "How to file"),
    "opening_hours_or_closure": Label("Horaires et fermetures", "Opening hours and closures"),
    "documents_required": Label("Pièces à fournir", "Documents required"),
    "processing_time": Label("Délais de traitement", "Processing times"),
    "fee": Label("Taxes et timbres", "Fees"),
    "special_scheme": Label("Dispositif particulier", "Special scheme"),
    "outage": Label("Panne ou interruption", "Outage"),
    "fraud_warning": Label("Mise en garde contre les fraudes", "Fraud warning"),
    "naturalisation": Label("Naturalisation", "Naturalisation"),
    "other_immigration": Label("Autre information sur le séjour", "Other immigration news"),
    "unrelated": Label("Sans rapport avec le séjour", "Unrelated"),
}
"""The thirteen categories, in the order in which they are listed to readers."""

KINDS: Mapping[ChangeKind, Label] = {
    ChangeKind.ADDED: Label("Nouvelle publication", "New publication"),
    ChangeKind.EDITED: Label("Texte modifié", "Text edited"),
    ChangeKind.WITHDRAWN: Label("Supprimé du site de la préfecture", "Removed from the préfecture's site"),
    ChangeKind.AGED_OUT: Label("Sorti de la liste", "Left the list"),
    ChangeKind.MOVED: Label("Déplacé", "Moved"),
}

STATES: Mapping[AlertState, Label] = {
    AlertState.UNVERIFIED: Label("Non vérifié", "Not verified"),
    AlertState.VERIFIED: Label("Vérifié", "Verified"),
    AlertState.CORRECTED: Label("Rectifié depuis", "Corrected since"),
    AlertState.RETRACTED: Label("Retiré", "Withdrawn"),
}

UNVERIFIED = Label(
    "Alerte non vérifiée : elle peut être incomplète ou inexacte.",
    "This alert is not verified: it may be incomplete or wrong.",
)

HISTORICAL = Label("historique", "historical")
LISTED = Label("Liste officielle", "Official list")
OF_THE_PAST = Label(
    "Alerte historique : tirée d'archives ou de listes d'alors, elle n'a été envoyée à personne et ne dit pas ce qui "
    "vaut aujourd'hui.",
    "Historical alert: taken from archives or lists of the time, it was sent to nobody and does not say what holds "
    "today.",
)

OUTCOMES: Mapping[Outcome, Label] = {
    Outcome.OK: Label("lue", "read"),
    Outcome.NOT_MODIFIED: Label("lue, inchangée", "read, unchanged"),
    Outcome.UNCHANGED: Label("lue, inchangée", "read, unchanged"),
    Outcome.MOVED: Label("lue à une nouvelle adresse", "read at a new address"),
    Outcome.BLOCKED: Label("accès refusé par le site", "access refused by the site"),
    Outcome.MAINTENANCE: Label("site en maintenance", "site under maintenance"),
    Outcome.SOFT_404: Label("page introuvable", "page not found"),
    Outcome.GONE: Label("page supprimée", "page removed"),
    Outcome.TRUNCATED: Label("page incomplète", "page incomplete"),
    Outcome.EMPTY: Label("page vide", "page empty"),
    Outcome.IMPLAUSIBLE: Label(
        "contenu douteux, en attente de confirmation", "doubtful content, waiting for confirmation"
    ),
    Outcome.UNREACHABLE: Label("site injoignable", "site unreachable"),
    Outcome.REFUSED: Label("réponse refusée", "answer refused"),
    Outcome.DISALLOWED: Label("lecture interdite par robots.txt", "reading forbidden by robots.txt"),
    Outcome.UNSUPPORTED: Label("format non pris en charge", "format not supported"),
    Outcome.POSTPONED: Label("lecture reportée", "reading postponed"),
    Outcome.SUPERSEDED: Label("remplacée par une lecture plus récente", "replaced by a later reading"),
}

FAILURES: Mapping[FailureKind, str] = {
    FailureKind.DNS: "nom de site introuvable",
    FailureKind.CONNECT: "connexion impossible",
    FailureKind.TLS: "certificat refusé",
    FailureKind.TIMEOUT: "pas de réponse à temps",
    FailureKind.RESET: "connexion coupée",
    FailureKind.PROTOCOL: "réponse incompréhensible",
    FailureKind.TRUNCATED: "réponse incomplète",
    FailureKind.TOO_LARGE: "page trop lourde",
    FailureKind.BOMB: "page compressée démesurée",
    FailureKind.REDIRECT_LOOP: "renvois en boucle",
    FailureKind.REDIRECT_REFUSED: "renvoi refusé vers un autre site",
    FailureKind.FORBIDDEN_ADDRESS: "adresse interdite",
    FailureKind.BAD_ADDRESS: "adresse invalide",
    FailureKind.ROBOTS: "lecture interdite par robots.txt",
    FailureKind.ROBOTS_UNREACHABLE: "robots.txt illisible",
}

PROBLEMS: Mapping[ProblemKind, Label] = {
    ProblemKind.UNREACHABLE: Label("Page injoignable", "Page unreachable"),
    ProblemKind.BLOCKED: Label("Accès refusé par le site", "Access refused by the site"),
    ProblemKind.MOVED: Label("Page déplacée", "Page moved"),
    ProblemKind.GONE: Label("Page supprimée", "Page removed"),
    ProblemKind.UNREADABLE: Label("Page illisible par nos soins", "Page we cannot make sense of"),
    ProblemKind.DOCUMENT: Label(
        "Document de la page impossible à obtenir", "A document of the page cannot be had"
    ),
    ProblemKind.DISALLOWED: Label("Lecture interdite par robots.txt", "Reading forbidden by robots.txt"),
    ProblemKind.PLATFORM: Label("Incident général", "Widespread incident"),
    ProblemKind.SENDER: Label("Envois en panne", "Sending is down"),
    ProblemKind.MISUSE: Label("Affluence anormale", "Unusual rush"),
    ProblemKind.HELD: Label("Envois suspendus", "Sending is on hold"),
    ProblemKind.SILENT: Label("Silence inhabituel", "Unusual silence"),
    ProblemKind.OVERDUE: Label("Lecture en retard", "Reading is late"),
    ProblemKind.LEFT_OUT: Label("Pages qui ne sont plus suivies", "Pages no longer watched"),
    ProblemKind.STUCK: Label("Vigie bloquée", "The watch is stuck"),
    ProblemKind.UNTOLD: Label("Alertes que personne n'enverra", "Alerts that nobody will send"),
    ProblemKind.ACCEPTED: Label("Page changée du tout au tout", "Page changed as a whole"),
    ProblemKind.CANARY: Label("Essai de bout en bout manqué", "The end-to-end trial failed"),
}


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names of what is data rather than code: préfectures, motifs and channels, by id."""

    prefectures: Mapping[str, Prefecture] = field(default_factory=dict)
    motifs: Mapping[str, str] = field(default_factory=dict)
    channels: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, Language] = field(kw_only=True)  # French at least

    def place(self, code: str) -> str:
        """``Cantal (15)``; the bare code where no name is known."""
        known = self.prefectures.get(code)
        return f"{known.name} ({code})" if known else spelt(code)

    def category(self, name: str, code: str = "fr") -> str:
        label = CATEGORIES.get(name)
        return label.told(code) if label else spelt(name)

    def motif(self, name: str, code: str = "fr") -> str:
        return self._named(self.motifs, "motifs", name, code)

    def channel(self, name: str, code: str = "fr") -> str:
        return self._named(self.channels, "channels", name, code)

    def operation(self, name: str, code: str = "fr") -> str:
        """``Première demande``"""
        return _capital(self._language(code).operations.get(name) or spelt(name))

    def regime(self, name: str, code: str = "fr") -> str:
        """``Ressortissants algériens``"""
        return _capital(self._language(code).regimes.get(name) or spelt(name))

    @property
    def grounds(self) -> tuple[str, ...]:
        """The motifs that one application can have: those that stand for many are left out."""
        return tuple(name for name in self.motifs if name not in self.languages["fr"].general)

    def _language(self, code: str) -> Language:
        return self.languages.get(code) or self.languages["fr"]

    def _named(self, french: Mapping[str, str], kind: str, name: str, code: str) -> str:
        """French is the language of the labels themselves; others know the names as sentences have them."""
        if code == "fr" or code not in self.languages:
            return french.get(name) or spelt(name)
        names: Mapping[str, str] = getattr(self.languages[code], kind)
        found = names.get(name) or french.get(name)
        return _capital(found) if found else spelt(name)


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]
