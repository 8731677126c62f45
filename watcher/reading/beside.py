"""Which categories a text names beside its first one: whatever a statement is plainly about on the side."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from watcher.reading.channels import Stand, Way
from watcher.reading.joining import joins_anef
from watcher.reading.lexicon import Kind
from watcher.reading.markers import Mark
from watcher.reading.motifs import withdrawn_by
from watcher.reading.names import (
    ANEF,
    CATEGORIES,
    CLOSURE,
    DELAY,
    DOCUMENTS,
    FEE,
    FILING,
    FRAUD,
    NATURALISATION,
    OTHER,
    OUTAGE,
    RDV,
    SCHEME,
)
from watcher.reading.settle import LASTS
from watcher.reading.stance import Stance, ruled
from watcher.reading.statements import Passage, Statement


@dataclass(frozen=True, slots=True)
class Side:
    """A statement looked at for what it says beside the `first` category of its text."""

    passage: Passage
    statement: Statement
    stance: Stance
    first: str

    def strong(self, category: str) -> bool:
        return category in self.statement.ids(Kind.STRONG)

    def named(self, category: str) -> bool:
        return category in (*self.statement.ids(Kind.STRONG), *self.statement.ids(Kind.WEAK))

    def says(self, pattern: re.Pattern[str]) -> bool:
        return bool(pattern.search(self.statement.words))


def beside(passage: Passage, stances: tuple[Stance, ...], first: str, scores: dict[str, float]) -> list[str]:
    """The further categories, in the order of their weights."""
    sides = [
        Side(passage, statement, stance, first)
        for statement, stance in zip(passage.statements, stances, strict=True)
        if not withdrawn_by(statement.marks)
    ]
    if first == OTHER and ruled(passage):
        return []
    found = [c for c in CATEGORIES if c != first and c in _TESTS and any(_TESTS[c](side) for side in sides)]
    if ANEF in found and FILING in found:
        found.remove(FILING)
    return sorted(found, key=lambda category: -scores.get(category, 0.0))


def _about_anef(side: Side) -> bool:
    return side.first in {NATURALISATION, SCHEME, FILING, RDV, CLOSURE} and joins_anef(
        side.statement, side.stance
    )


_FILES = frozenset({"courrier", "email", "demarche_numerique", "teleservice_autre"})
_BOOKED = re.compile(r"\b(?:rendez-? ?vous|rdv|creneaux?|convocation)\b")
_LATER = re.compile(
    r"\b(?:ensuite|convenir|retrait|retirer|remise|recuperer|empreintes|jour du rendez-vous|convoque\w*|"
    r"(?:sera|seront|est) (?:alors )?(?:propose|fixe|envoye|communique)\w*)"
)
_FILED = re.compile(
    r"\b(?:demand\w+|dossiers?|depo\w+|renouvel\w+|(?:elles?|ils?) (?:\w+ ){0,3}(?:formul|depos|adress|transm)\w+)\b"
)
_SENDS = re.compile(r"\b(?:adress|transm|envo|depos|formul|effectu)\w*")
_ASKS = re.compile(r"\b(?:contact|questions?|secretariat|renseignements?)\b")


def _about_filing(side: Side) -> bool:
    """A way to file, where the text is first about something else than filing."""
    if side.first in {ANEF, OTHER, FEE, DELAY, FRAUD, DOCUMENTS} or side.says(_ASKS):
        return False
    files = [way for way in side.statement.ways if way.channel in _FILES and way.stand is not Stand.ASIDE]
    if side.first == RDV:
        return any(_no_booking(side, way) for way in files)
    if side.first in {CLOSURE, OUTAGE}:
        return (
            side.says(_FILED)
            and side.says(_SENDS)
            and any(way.stand is Stand.OPEN and not way.vague for way in files)
        )
    return any(way.stand is Stand.OPEN for way in files) and side.says(_FILED)


def _no_booking(side: Side, way: Way) -> bool:
    """Whether a way is one to file by, and not the one by which an appointment is asked for."""
    if side.says(_BOOKED):
        return way.channel == "courrier" and way.stand is Stand.CLOSED and side.says(_SENT)
    return side.says(_FILED)


_SENT = re.compile(r"\bdossiers?|demandes? (?!de rendez|de rdv)[^.;]{0,60}(?:adress|envo|depos)")


def _about_booking(side: Side) -> bool:
    """How one comes by an appointment, or that one needs one; not the one at which a permit is handed over."""
    if side.first in {OTHER, FEE, DELAY, OUTAGE, ANEF} and not _frees(side):
        return False
    if side.first == FRAUD:
        return side.stance.news and side.named(RDV) and not side.statement.title
    if side.says(_CLOSED_DOOR):
        return False
    if side.first == CLOSURE:
        walk_in = any(
            way.channel == "guichet_sans_rdv" and not way.vague for way in side.statement.open_ways()
        )
        return side.strong(RDV) or side.says(_ADMITTED) or walk_in
    strong = side.strong(RDV) or (side.first == NATURALISATION and side.stance.news and side.says(_BOOKED))
    return (strong and not side.says(_LATER)) or _frees(side)


def _frees(side: Side) -> bool:
    """Whether an appointment is no longer how one files."""
    return any(w.stand is Stand.CLOSED and w.channel in _BOOKINGS for w in side.statement.ways)


_BOOKINGS = frozenset({"guichet_sur_rdv", "rdv_en_ligne"})
_ADMITTED = re.compile(
    r"(?:seul\w*|uniquement|exclusivement|reserve\w*)[^.;]{0,60} (?:ayant |muni\w* d'|avec )(?:un |une )?"
    r"(?:rendez-vous|rdv|convocation)|\bsur (?:rendez-vous|rdv|convocation)"
)
_CLOSED_DOOR = re.compile(
    r"(?:fermeture|ferme\w*|suspension|suppression)[^.;]{0,40} (?:guichet|point d'accueil|accueil) sans rendez-vous"
    r"|rendez-vous (?:\w+ ){0,4}(?:sont|seront|est|sera) (?:annule|report|reprogramm|maintenu)\w*"
)


def _about_doors(side: Side) -> bool:
    if side.first in {FRAUD, OUTAGE, FEE, DELAY, ANEF, NATURALISATION}:
        return False
    if side.first == OTHER:
        return side.says(_WEEKDAYS) and side.named(CLOSURE)
    screens = any(
        way.stand is Stand.CLOSED and way.channel not in {"guichet_sans_rdv", "guichet_sur_rdv"}
        for way in side.statement.ways
    )
    shut = side.strong(CLOSURE) and not screens and not side.says(_SCREEN_SHUT)
    return (shut and (side.first != RDV or side.says(_DOORS))) or side.says(_DESK_OPENS)


_SCREEN_SHUT = re.compile(
    r"\b(?:teleservice|module|planning|plateforme|formulaire|site|creneaux?)\b[^.;]{0,130}\bferm"
)
_DOORS = re.compile(r"\b(?:ferm\w+|r?ouv\w+|reouv\w+|repri\w+|reprend\w*|accueill\w+|horaires d|suspen\w+)")
_DESK_OPENS = re.compile(
    r"\b(?:guichet|point d'accueil|permanence|bureau)\b[^.;]{0,60}\b(?:ouvr\w+|ouvert\w*)\b|"
    r"\b(?:ouverture d'une?|ouvr\w+ une?|ouvert une?) (?:\w+ )?(?:guichet|point d'accueil|permanence|accueil)"
)
_WEEKDAYS = re.compile(r"\b(?:lundi|mardi|mercredi|jeudi|vendredi|samedi)s?\b")


def _about_papers(side: Side) -> bool:
    if side.says(_POINTER):
        return False
    papers = len(set(_PAPER.findall(side.statement.words)))
    return (
        side.strong(DOCUMENTS)
        or (papers and side.says(_TO_JOIN))
        or papers > 2
        or (papers > 1 and side.says(_BRING))
    )


_TO_JOIN = re.compile(
    r"\ba joindre\b|\betre jointe?s?\b|\bdoi(?:t|vent) joindre\b|devr(?:a|ont) (?:desormais )?joindre"
)
_POINTER = re.compile(
    r"liste des (?:pieces|documents)[^.;]{0,60}(?:disponible|consultable|telecharge|en ligne|sur le site|figure)|"
    r"(?:obtenir|consulter|telecharger|verifier|trouver|retrouver)[^.;]{0,60}listes? des (?:pieces|documents)"
)
_PAPER = re.compile(
    r"\b(passeport|photo|justificatif|certificat|bulletins?|originaux|photocopie|copie|releves|e-photo|attestation|"
    r"acte de naissance|bail|quittance|avis d'imposition|enveloppe|contrat de travail|traduction)"
)
_BRING = re.compile(
    r"\b(?:joindre|joignez|fournir|produire|prepar\w+|apport\w+|comport\w+|accompagne\w*|se munir|munis? d|"
    r"muni\w* de|"
    r"presenter|exige\w*|pieces)"
)


def _about_delays(side: Side) -> bool:
    if side.first == FRAUD:
        return False
    return side.named(DELAY) and side.says(LASTS) and not side.says(_DEADLINE)


_DEADLINE = re.compile(
    r"\bdans (?:un|le|les) delais? (?:maximum )?d[e'][^.;]{0,30}(?:suivant|apres|a compter|pour)|"
    r"dispose\w* d'un delai|avant l'expiration"
)


def _about_money(side: Side) -> bool:
    if side.first in {FRAUD, OUTAGE}:
        return False
    return (side.named(FEE) and side.says(_AMOUNT)) or (side.strong(FEE) and side.says(_STAMP))


_AMOUNT = re.compile(r"\d ?(?:€|euros?)|\bmontants?\b|\bgratuit")
_STAMP = re.compile(r"timbres? (?:fiscaux|fiscal|fiscale)|\btarifs?\b|droits? de timbre")


def _about_fraud(side: Side) -> bool:
    return side.strong(FRAUD) or side.says(_WARNED)


_WARNED = re.compile(
    r"aucun\w* (?:entreprise|societe|site|intermediaire|prestataire)\w* [^.;]{0,30}(?:agree|habilite|autorise|"
    r"mandate)|"
    r"offre\w* (?:commerciale|payante)|(?:rendez-vous|creneaux?)[^.;]{0,30}(?:vendus?|payants?)|"
    r"reseaux sociaux[^.;]{0,40}vend"
)


def _about_scheme(side: Side) -> bool:
    return side.named(SCHEME) and not set(side.statement.excepted) & _SCHEMES


_SCHEMES = frozenset({"brexit", "protection_temporaire", "aes_metiers_tension"})


def _about_nationality(side: Side) -> bool:
    return side.strong(NATURALISATION) and not any(
        "naturalisation" in name for name in side.statement.excepted
    )


def _about_outage(side: Side) -> bool:
    if side.first in {RDV, CLOSURE, FILING, SCHEME, ANEF, NATURALISATION}:
        return side.strong(OUTAGE) and side.says(_BROKEN) and not side.statement.has(Mark.FALLBACK)
    return False


_BROKEN = re.compile(
    r"(?:blocage|panne|dysfonctionnement|incident|indisponib\w+|maintenance|bug)\w*[^.;]{0,40}(?:anef|outil|"
    r"module|teleservice|site|plateforme)|"
    r"(?:anef|teleservice|site|plateforme)[^.;]{0,60}(?:bloque|en panne|dysfonction|indisponib|en maintenance|"
    r"incident)"
)


def _about_the_rest(side: Side) -> bool:
    """A complaint, a lawsuit or a lack of slots told beside the rule."""
    if side.first == FEE:
        return side.statement.has(Mark.HELP) and side.statement.title
    return side.statement.has(Mark.SHORTAGE) or (side.statement.has(Mark.REPORT) and side.says(_CONTESTED))


_CONTESTED = re.compile(r"\bsaisi\w*|\brecours\b|\bcontest\w+|manifest|denonc|attaqu")

_Test: TypeAlias = Callable[[Side], bool]
_TESTS: dict[str, _Test] = {
    ANEF: _about_anef,
    RDV: _about_booking,
    FILING: _about_filing,
    CLOSURE: _about_doors,
    DOCUMENTS: _about_papers,
    DELAY: _about_delays,
    FEE: _about_money,
    SCHEME: _about_scheme,
    OUTAGE: _about_outage,
    FRAUD: _about_fraud,
    NATURALISATION: _about_nationality,
    OTHER: _about_the_rest,
}
