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

KINDS: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: "Nouvelle publication",
    ChangeKind.EDITED: "Texte modifié",
    ChangeKind.WITHDRAWN: "Supprimé du site de la préfecture",
    ChangeKind.AGED_OUT: "Sorti de la liste",
    ChangeKind.MOVED: "Déplacé",
}

STATES: Mapping[AlertState, str] = {
    AlertState.UNVERIFIED: "Non vérifié",
    AlertState.VERIFIED: "Vérifié",
    AlertState.CORRECTED: "Rectificatif",
    AlertState.RETRACTED: "Retiré",
}

STATE_NOTES: Mapping[AlertState, str] = {
    AlertState.UNVERIFIED: "Alerte non vérifiée : elle peut être incomplète ou inexacte.",
    AlertState.CORRECTED: "Rectificatif : cette alerte a été corrigée depuis sa première parution.",
    AlertState.RETRACTED: "Alerte retirée : ne vous y fiez pas, reportez-vous à la page officielle.",
}

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.OK: "lue",
    Outcome.NOT_MODIFIED: "lue, inchangée",
    Outcome.UNCHANGED: "lue, inchangée",
    Outcome.MOVED: "lue à une nouvelle adresse",
    Outcome.BLOCKED: "accès refusé par le site",
    Outcome.MAINTENANCE: "site en maintenance",
    Outcome.SOFT_404: "page introuvable",
    Outcome.GONE: "page supprimée",
    Outcome.TRUNCATED: "page incomplète",
    Outcome.EMPTY: "page vide",
    Outcome.IMPLAUSIBLE: "contenu douteux, en attente de confirmation",
    Outcome.UNREACHABLE: "site injoignable",
    Outcome.REFUSED: "réponse refusée",
    Outcome.DISALLOWED: "lecture interdite par robots.txt",
    Outcome.UNSUPPORTED: "format non pris en charge",
    Outcome.POSTPONED: "lecture reportée",
    Outcome.SUPERSEDED: "remplacée par une lecture plus récente",
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

PROBLEMS: Mapping[ProblemKind, str] = {
    ProblemKind.UNREACHABLE: "Page injoignable",
    ProblemKind.BLOCKED: "Accès refusé par le site",
    ProblemKind.MOVED: "Page déplacée",
    ProblemKind.GONE: "Page supprimée",
    ProblemKind.UNREADABLE: "Page illisible par nos soins",
    ProblemKind.DISALLOWED: "Lecture interdite par robots.txt",
    ProblemKind.PLATFORM: "Incident général",
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

    def category(self, name: str) -> str:
        label = CATEGORIES.get(name)
        return label.french if label else spelt(name)

    def motif(self, name: str) -> str:
        return self.motifs.get(name) or spelt(name)

    def channel(self, name: str) -> str:
        return self.channels.get(name) or spelt(name)
