"""Which grounds a clause speaks for, and which it sets aside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from watcher.reading.clauses import Clause
from watcher.reading.lexicon import Hit, Kind
from watcher.reading.markers import Mark

ALL = "tous"
OUTSIDE_ANEF = "hors_anef"
PAPERS = frozenset(
    {"recepisse", "duplicata", "dcem", "changement_adresse", "attestation_prolongation", "titre_voyage",
     "naturalisation_decret", "naturalisation_declaration"}
)  # fmt: skip
"""Not grounds of a permit: a text that names them can still be about every permit."""

_EXCEPT = re.compile(
    r"\b(?:a l'exception d|a l'exclusion d|sauf\b|hormis\b|excepte\b|hors\b(?! ?(?:anef|de l'anef|"
    r"delai))|en dehors d|"
    r"ne concerne(?:nt)? pas|ne s'applique(?:nt)? (?:ni|pas)|n'est pas applicable|n'est pas concern\w+|"
    r"cas non pris en compte|ne sont pas concern\w+)"
)
_DENIED = re.compile(r"^[\"') ]{0,3}(?:n'existe|n'est pas (?:delivre|concern)|non concern|exclu(?!siv)\w*)")
_ORIGIN = re.compile(r"(?:statut|carte|titre) (?:d'|de )?\"?\w+\"?$")
_TOWARDS = re.compile(r"^[\"') ]{0,3} ?(?:vers|a celui|en) ")
_ON_ANEF = re.compile(
    r"(?:\bhors|non (?:\w+ )?(?:trait|dispon|list|concern|couvert|prev|dematerialis|eligible|present|"
    r"ouvert)\w*|absent\w*|"
    r"\bn(?:e |')(?:\w+[' ]){0,3}(?:pas|encore|point)\b(?: \w+){0,3}|\bne (?:relev|figur|pouv|"
    r"peu)\w+(?: \w+){0,2}|\bni |exclu(?!siv)\w*|"
    r"sans passer|pas accessibles?|impossib\w+)[^.;,]{0,30}$"
)
_OTHER_WAY = re.compile(
    r"^[^.;,]{0,25}\b(?:non concern|ne sont pas concern|exclu(?!siv)|n'est pas (?:concern|possible|ouvert))"
)
_EVERYTHING = re.compile(
    r"(?:depots?|demandes?|dossiers?|renouvellements?|delivrances?|premieres? demandes?|"
    r"obtention)[^.;:,]{0,24} (?:d'un|de|des|du|leurs?|votre|son) "
    r"(?:titres?|cartes?|certificats?)(?: de (?:sejour|residence))?\b(?! d'identite| voyage| de voyage)|"
    r"premieres? cartes? de sejour|premiers? (?:titres?|certificats? de residence)|premiere delivrance|"
    r"demandes? de sejour|demandes? de renouvellement\b(?! d)"
)
_FIRST = re.compile(r"premieres? (?:demandes?|delivrances?)")
_RENEWAL = re.compile(r"renouvel\w+")
_BARE_RENEWAL = re.compile(r"demandes? de renouvellement\b")
_SOME = re.compile(
    r"certain(?:e?s)? (?:demandes|titres|cartes|renouvellements|demarches|premieres)|certaines demarches"
)


def motifs_of(folded: str, clause: Clause, hits: Sequence[Hit]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The grounds that a clause speaks for, and those that it excepts, in its order."""
    found: list[str] = []
    excepted: list[str] = []
    barred = _barred(folded, clause)
    for hit in hits:
        if hit.kind is not Kind.MOTIF:
            continue
        away = any(start <= hit.start < end for start, end in barred) or _set_aside(folded, clause, hit, hits)
        (excepted if away else found).append(hit.id)
    if ALL in found and any(motif not in PAPERS and motif != ALL for motif in found):
        found.remove(ALL)
    if _names_outside(folded, clause, hits):
        found.append(OUTSIDE_ANEF)
    return tuple(dict.fromkeys(found)), tuple(dict.fromkeys(excepted))


def _barred(folded: str, clause: Clause) -> list[tuple[int, int]]:
    """What an exception reaches: to the end of its brackets, or of its clause."""
    spans = []
    for match in _EXCEPT.finditer(folded, clause.start, clause.end):
        opened = folded.rfind("(", clause.start, match.start())
        closed = folded.find(")", match.end(), clause.end)
        inside = opened > folded.rfind(")", clause.start, match.start()) and closed != -1
        spans.append((match.start(), closed if inside else clause.end))
    return spans


def _set_aside(folded: str, clause: Clause, hit: Hit, hits: Sequence[Hit]) -> bool:
    before = folded[max(clause.start, hit.start - _REACH) : hit.start]
    after = folded[hit.end : min(clause.end, hit.end + _REACH)]
    if _DENIED.search(after) or _in_address(folded, hit):
        return True
    if _TOWARDS.search(after) and _ORIGIN.search(folded[max(clause.start, hit.end - _REACH) : hit.end]):
        return True
    handed = hit.id in _RECEIPTS and (_RECEIVED.search(before) or _HANDED.search(after))
    if handed or _NOT_THAT.search(before):
        return True
    if hit.id in {"salarie", "vpf_liens_personnels"} and not hit.sure:
        bracketed = before.rfind("(") > before.rfind(")")
        return bracketed and any(other.id in {"aes", "aes_metiers_tension"} for other in hits)
    return False


_NOT_THAT = re.compile(
    r"(?:\bet non (?:pas )?(?:aux? |un |une |d'un |d'une |des? |les? |la |l'|par un )*|\bpas (?:de |d'|un |une ))\"?$"
)
_RECEIPTS = frozenset({"recepisse", "attestation_prolongation"})
_RECEIVED = re.compile(
    r"(?:rece(?:vr|v)\w+|recoi\w+|obtien\w+|munis? d|copie d\w*|(?:est|sera|seront|sont) (?:alors |ensuite )?"
    r"(?:delivre|remis|adresse|envoye|transmis)\w*)[^.;,]{0,20}$"
)
_HANDED = re.compile(
    r"^[^.;,]{0,12}\b(?:vous|leur|lui) (?:est|sera) (?:\w+ )?(?:delivre|remis|adresse|envoye)"
)
_REACH = 200  # characters around a ground that may set it aside


def _in_address(folded: str, hit: Hit) -> bool:
    """Whether a word is a piece of a mailbox or of a web address."""
    start = max(folded.rfind(" ", max(0, hit.start - _REACH), hit.start), hit.start - _REACH)
    end = folded.find(" ", hit.end, hit.end + _REACH)
    word = folded[max(start, 0) : end if end != -1 else hit.end + _REACH]
    return "@" in word or "www." in word or "http" in word


def outside(folded: str, clause: Clause, hit: Hit) -> bool:
    """Whether a clause names ANEF to say what is not on it."""
    before = folded[max(clause.start, hit.start - 60) : hit.start]
    return bool(_ON_ANEF.search(before) or _OTHER_WAY.search(folded[hit.end : min(clause.end, hit.end + 60)]))


def _names_outside(folded: str, clause: Clause, hits: Sequence[Hit]) -> bool:
    return any(
        hit.kind is Kind.CHANNEL
        and hit.id == "anef"
        and _LISTED.search(folded[max(clause.start, hit.start - 60) : hit.start])
        for hit in hits
    )


_LISTED = re.compile(
    r"(?:\bhors|absent\w*|(?:non|pas|ne) (?:\w+ ){0,2}?(?:encore )?"
    r"(?:trait|dispon|list|couvert|prev|dematerialis|present|relev|figur|realisab|accessib|ouvert)\w*)[^.;,]{0,24}$"
)


def speaks_of_all(words: str, *, fee: bool, papers: bool) -> bool:
    """Whether a clause is about applications in general, without naming a ground."""
    if _SOME.search(words):
        return False
    both = _FIRST.search(words) and _RENEWAL.search(words)
    whole = _EVERYTHING.search(_BARE_RENEWAL.sub("", words) if papers else words)
    return bool(both or whole or (fee and _FIRST.search(words)))


def withdrawn_by(marked: dict[Mark, str]) -> bool:
    """Whether a clause tells what stays, or what had moved before: its grounds are not the news."""
    return Mark.UNCHANGED in marked or (Mark.ALREADY in marked and Mark.CHANGE not in marked)
