"""Which channels a clause names, and whether it opens, closes or merely mentions them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from watcher.reading.clauses import Clause
from watcher.reading.lexicon import Hit, Kind
from watcher.reading.motifs import outside


class Stand(StrEnum):
    OPEN = "open"  # this is how it is done
    CLOSED = "closed"  # this is how it is no longer done
    ASIDE = "aside"  # named to exclude, to deny, or as what the administration itself does


@dataclass(frozen=True, slots=True)
class Way:
    """A channel named at `at`. `vague` ones ("en ligne") give way to any other."""

    channel: str
    stand: Stand
    at: int
    vague: bool = False


_RDV = re.compile(r"\b(?:rendez-? ?vous|rdv|creneaux?|plannings?|plages? horaires?)\b")
_BOOKS = re.compile(r"(?<!sans )\b(?:rendez-? ?vous|rdv|creneaux?|plannings?|plages? horaires?)\b")
_ONLINE = re.compile(
    r"\b(?:en ligne|(?:par|sur) internet|modules?|(?<!accueil )(?<!point )(?<!points )numeriques?|"
    r"dematerialis\w+|reservation|sur le site|"
    r"plateforme|calendrier|liens?|https?|www|"
    r"planning|de (?:maniere|facon) aleatoire)\b"
)
_PLAIN_ONLINE = re.compile(r"\b(?:en ligne|(?:par|sur) internet)\b")
_NOT_FILED = re.compile(r"(?:instruction|publiee?|mise?|achete|disponible) $")
_FREE = re.compile(
    r"(?:rendez-vous|rdv)\b[^.;]{0,110}\bn(?:'est|e sera|'etait|"
    r"e sont) plus (?:\w+ment )?(?:obligatoire|necessaire|requis|exige|impose)|"
    r"plus (?:besoin|necessaire|obligatoire|a|obliges?|tenus?) ?(?:de |d')?(?:prendre )?(?:un )?(?:rendez-vous|rdv)"
)
_NO_MORE = re.compile(
    r"\bplus (?:\w+ ){0,2}(?:par|sur) (?:prise de )?(?:rendez-vous|rdv)\b(?! en ligne)|"
    r"(?<!y a )(?<!existe )\bplus (?:de |d'|aucun )?(?:prise de )?(?:rendez-vous|rdv)\b"
    r"(?! (?:\w+ )?(?:en ligne|dispo\w*|libre\w*|n'est))"
)
_ENDING = re.compile(
    r"\bjusqu'(?:au|a|en) [^.;]{0,120}\bencore\b|\bencore\b[^.;]{0,120}\bjusqu'(?:au|a|en)\b"
)
_COMPULSORY = re.compile(
    r"(?:rendez-vous|rdv) (?:\w+ ){0,2}?(?:obligatoire|confirme|prealable|impose)|(?:prendre|pris|"
    r"solliciter) (?:\w+ ){0,3}(?:rendez-vous|rdv)|"
    r"(?:ayant|muni\w* d'|avec|reserve\w* aux usagers ayant) (?:un )?(?:rendez-vous|rdv)|"
    r"accueill?\w* [^.;]{0,60}sur rendez-vous|accueil physique"
)
_SUMMONED = re.compile(
    r"\bseul\w* (?:les|des) (?:personnes|usagers|etrangers|demandeurs)[^.;]{0,60}(?:convocation|"
    r"convoque|rendez-vous|rdv)"
)
_NO_ENTRY = re.compile(
    r"(?:sans (?:prise de )?(?:rendez-vous|rdv))[^.;]{0,60}\b(?:ne (?:ser|pourr)\w+ (?:pas|plus)|"
    r"n'est pas|refus|supprim|n'est plus|ne sont (?:pas|plus))|"
    r"\b(?:impossible|ne (?:pourr|ser|peu|sont)\w* (?:plus|pas)|aucun\w*)[^.;]{0,60}sans (?:rendez-vous|rdv)|"
    r"sans (?:rendez-vous|rdv)[^.;]{0,25}ferme"
)
_DESK = re.compile(
    r"(?:se rendre|se presenter|se deplacer)[^.;,]{0,25}(?:sur place|au guichet|aux guichets|en prefecture)|"
    r"\b(?:au|aux|le|du|les) guichets?\b(?! (?:unique|numerique))|accueil physique|accueil libre|acceder au guichet"
)
_TELLING = re.compile(
    r"(?:propose\w*|convoque\w*|inform\w*|contacte\w*|avise\w*|prevenu\w*|recoi\w+|recevr\w+|"
    r"invit\w+(?! a)|notifi\w*|"
    r"envoi (?:d[eu]s?) (?:titres?|cartes?)|vous (?:sera|seront|est)|leur (?:sera|seront|est)|repond\w*|delivre\w*|"
    r"retourne\w*|renvoye\w*|remis\w*|recontacte\w*|disponible|sur courriel)[^.;,]{0,40}$"
)
_LED_CLOSED = re.compile(
    r"(?:jusqu'(?:alors|ici|a present|a maintenant)|auparavant|(?<!que )precedemment|non plus|au lieu|"
    r"en lieu et place|remplac\w+|fin (?:de|du|des|a)|supprim\w+|suppression|"
    r"abandon\w*|\bne (?:se |s')?\w+ (?:\w+ ){0,2}plus(?! que)|"
    r"\bn(?:e |')(?:\w+[' ]){1,4}?plus(?! (?:que|de))|plus(?! besoin| necessaire)|retir\w+ d[eu]|qu'au|refus\w+|"
    r"deja)\b[^.;]{0,60}$|\bfermeture (?:\w+ )?(?:du|de la|de l'|des) ?$|\bplus aucun\w*\b[^.;]{0,95}$"
)
_LED_DENIED = re.compile(
    r"(?:\bn(?:e |')(?:\w+[' ]){1,4}?(?:pas|aucun\w*)|aucun\w*|\bni\b|\bjamais\b|alternative\w* (?:au|"
    r"a)|sans passer|sans recours|inutile)\b[^.;]{0,45}$"
)
_THEN_CLOSED = re.compile(
    r"^[\"' ]{0,3}(?:ferme|supprime)|^[\"', ]{0,3}(?:c'est|est) (?:termine|fini)|^[^.;]{0,130}?(?:\bn(?:e |"
    r"')(?:\w+[' ]){1,4}?plus\b(?! que)|"
    r"\b(?:est|sont|sera|seront) (?:\w+ )?(?:supprime|ferme|abandonne|remplace)|fermer(?:a|ont)\b|"
    r"refuse\w*|"
    r"\b(?:sera|seront|sont) (?:\w+ment |desormais )?(?:retourne|renvoye|rejete|refuse|detruit)|est reservee? aux)"
)
_THEN_DENIED = re.compile(r"^[^.;,]{0,60}?\bn(?:e |')(?:\w+[' ]){1,3}?(?:pas|accepte|aucun\w*)\b")
_TURNS = re.compile(
    r" mais\b|\brelev\w+ d| au profit d| remplac\w+ par| doi(?:t|vent) desormais| desormais\b| maintenant\b|:"
)


def ways(folded: str, clause: Clause, hits: Sequence[Hit]) -> tuple[Way, ...]:
    """Every channel of a clause, as it stands there, in its order."""
    found = [
        *_named(folded, clause, hits),
        *_addressed(folded, clause),
        *_appointments(folded, clause),
        *_desk(folded, clause),
        *_site(folded, clause, hits),
    ]
    if not any(way.stand is Stand.OPEN for way in found):
        found.extend(_online(folded, clause, hits))
    return tuple(sorted(found, key=lambda way: way.at))


def _named(folded: str, clause: Clause, hits: Sequence[Hit]) -> Iterator[Way]:
    for hit in hits:
        if hit.kind is not Kind.CHANNEL:
            continue
        stand = _stand(folded, clause, hit)
        if hit.id == "guichet_sans_rdv" and _NO_ENTRY.search(folded, clause.start, clause.end):
            stand = Stand.CLOSED
        yield Way(hit.id, stand, hit.start)


_MAILBOX = re.compile(r"@(?<=\S@)[a-z]")  # begins with a plain character, which is found at once
_NUMBER = re.compile(r"0(?<!\w0)[1-9](?:[ .]?\d\d){4}\b")
_CALLED_FOR = re.compile(r"\b(?:rendez-vous|rdv|reservation|prendre)\b[^.;@]{0,60}$")


def _addressed(folded: str, clause: Clause) -> Iterator[Way]:
    """A mailbox or a telephone number that is written out names its channel."""
    if match := _MAILBOX.search(folded, clause.start, clause.end):
        start = match.start() - 1
        hit = Hit(start, match.end() + _BARE, Kind.CHANNEL, "email")
        yield Way("email", _stand(folded, clause, hit), start)
    for match in _NUMBER.finditer(folded, clause.start, clause.end):
        if called := _CALLED_FOR.search(folded, clause.start, match.start()):
            yield Way("telephone", Stand.OPEN, called.start())
            return


def _stand(folded: str, clause: Clause, hit: Hit) -> Stand:
    before = folded[max(clause.start, hit.start - _REACH) : hit.start]
    after = folded[hit.end : min(clause.end, hit.end + _REACH)]
    if hit.id == "anef" and outside(folded, clause, hit):
        return Stand.ASIDE
    if hit.id in {"courrier", "email", "telephone"} and _TELLING.search(before[-60:]):
        return Stand.ASIDE
    bare = hit.id == "email" and hit.end - hit.start < _BARE
    turns = [match.start() for match in _TURNS.finditer(before)]
    led = before[turns[-1] :] if turns else before
    if _LED_CLOSED.search(led[-110:]) or _THEN_CLOSED.search(after):
        return Stand.CLOSED
    if _ENDING.search(folded, clause.start, clause.end):
        return Stand.CLOSED
    if _LED_DENIED.search(led[-90:]) or _THEN_DENIED.search(after):
        return Stand.ASIDE
    return Stand.ASIDE if bare and not before.endswith("par ") else Stand.OPEN


_REACH = 200  # characters around a channel that may govern it
_BARE = 10  # "courriel" without "par" is a message, not a way to file


def _appointments(folded: str, clause: Clause) -> Iterator[Way]:
    words = folded[clause.start : clause.end]
    if summoned := _SUMMONED.search(words):
        yield Way("guichet_sur_rdv", Stand.OPEN, clause.start + summoned.start())
        return
    rdv = _RDV.search(words)
    if not rdv:
        return
    if free := _FREE.search(words):
        yield Way("guichet_sur_rdv", Stand.CLOSED, clause.start + free.start())
        yield Way("guichet_sans_rdv", Stand.OPEN, clause.start + free.start())
        return
    if left := _NO_MORE.search(words):
        yield Way("guichet_sur_rdv", Stand.CLOSED, clause.start + left.start())
    elif (online := _ONLINE.search(words)) and _BOOKS.search(words):
        yield Way(
            "rdv_en_ligne", _online_stand(words), clause.start + min(online.start(), rdv.start()), vague=True
        )
    if _COMPULSORY.search(words) or _NO_ENTRY.search(words):
        yield Way("guichet_sur_rdv", Stand.OPEN, clause.start + rdv.start(), vague=True)


def _online_stand(words: str) -> Stand:
    return Stand.CLOSED if _BOOKING_SHUT.search(words) else Stand.OPEN


_BOOKING_SHUT = re.compile(
    r"(?:module|ancien\w* \w+|planning)[^.;]{0,60}? (?:(?:est|sont|sera|reste) )?(?:\w+ment )?(?:ferme|"
    r"supprime|inaccessible|suspendu|remplace)|"
    r"(?:prises? de (?:rendez-vous|rdv)|reservation)[^.;]{0,60} (?:est|sont|sera|seront) (?:\w+ment )?"
    r"(?:suspendu|interrompu|indisponible|impossible)|"
    r"(?:suspension|interruption) (?:\w+ )?(?:des?|de la) (?:prises? de )?(?:rendez-vous|rdv)"
)


def _desk(folded: str, clause: Clause) -> Iterator[Way]:
    """The desk, as what is left behind; that one goes there says nothing of appointments."""
    words = folded[clause.start : clause.end]
    for match in _DESK.finditer(words):
        led = words[max(0, match.start() - 110) : match.start()]
        if "sans" in words[match.end() : match.end() + 6]:
            continue
        if _LED_CLOSED.search(led) or _DESK_SHUT.search(words[match.start() :]):
            yield Way("guichet_sans_rdv", Stand.CLOSED, clause.start + match.start(), vague=True)


_SITE = re.compile(
    r"\b(?:trait|instrui|centralis|regroup|examin|ger|recu|recev|accueilli|depos|pris en charge|prises? en charge)\w* "
    r"(?:\w+ ){0,3}?(?:par|a|au|aupres de|en) (?:la |celle |le )?"
    r"(?:sous-prefecture|prefecture|centre|site|pole|maison) (?:de |d'|des |du )(?!la\b|charge\b)\w"
)


def _site(folded: str, clause: Clause, hits: Sequence[Hit]) -> Iterator[Way]:
    """Grounds or operations that a named site is in charge of."""
    shared = any(hit.kind in {Kind.MOTIF, Kind.OPERATION} for hit in hits)
    match = _SITE.search(folded, clause.start, clause.end) if shared else None
    if match:
        yield Way("specialised_site", Stand.OPEN, match.start(), vague=True)


_DESK_SHUT = re.compile(
    r"^[^.;]{0,40}(?:n'est plus|ne sera plus|supprime\w*|ferme\w*(?! le (?:lundi|mardi|mercredi|jeudi|"
    r"vendredi)))|^[^.;]{0,8}ferme"
)


def _online(folded: str, clause: Clause, hits: Sequence[Hit]) -> Iterator[Way]:
    words = folded[clause.start : clause.end]
    if _RDV.search(words):
        return
    named = [hit for hit in hits if hit.kind is Kind.CHANNEL]
    for match in _PLAIN_ONLINE.finditer(words):
        at = clause.start + match.start()
        if _NOT_FILED.search(words, 0, match.start()):
            continue
        if not any(hit.start <= at < hit.end for hit in named):
            yield Way("teleservice_autre", Stand.OPEN, at, vague=True)
            return
