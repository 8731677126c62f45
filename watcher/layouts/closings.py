"""How a page says that something is shut: closed, suspended, switched off, not open yet. Patterns are for folded text
and linear on any input.
"""

from __future__ import annotations

import re

_ADVERB = r"(?:\w+ment |deja |desormais |toujours |encore |actuellement )*"
_SHUT = (
    r"(?:close?s?|cloturee?s?|fermee?s?|terminee?s?|archivee?s?|suspendue?s?|desactivee?s?|interrompue?s?"
    r"|indisponibles?|inaccessibles?|depubliee?s?)\b"
)
_ABLE = r"(?:disponibles?|accessibles?|ouvert\w*|acti(?:f|ve)s?|propose\w*|possibles?|en service)\b"
_LATER = (
    r"(?:ouvrira|rouvrira|reprendra"
    r"|(?:sera|seront) (?:\w+ment |a nouveau )*(?:re)?(?:ouvert|accessible|disponible|mis)\w*)"
    r"(?: en service)? (?:a compter|a partir|des|le|du|en|au)\b"
)
_IS_SHUT = (
    r"(?:is|are|has been|have been|was) (?:\w+ly |now )*(?:closed|suspended|unavailable|archived|disabled)\b"
)
_FAULT = re.compile(
    r"\bmaintenance\b|(?:incident|probleme|difficultes?|panne|erreur) techniques?|veuillez patienter"
)


def shut(thing: str, *, day: bool = False) -> re.Pattern[str]:
    """A pattern of sentences that say it of a `thing` (a pattern too); `day`: what follows "depuis le" is a group."""
    since = r"(?:(?: par .{0,60}?)? (?:depuis|le|au|since|on)\b(?P<day>.{0,40}))?" if day else ""
    far = rf"\b{thing}\b(?:[^.!?]|\.(?= ?(?:\d|[lrd]\b))){{0,320}}?\b"  # "art. L. 423-23" ends no sentence
    return re.compile(
        rf"{far}(?:est|sont|a ete|ont ete) {_ADVERB}{_SHUT}{since}"
        rf"|\b{thing} {_ADVERB}{_SHUT}"
        rf"|{far}n(?:'est|e sont) (?:plus|pas) {_ADVERB}{_ABLE}"
        rf"|{far}{_LATER}"
        rf"|{far}{_IS_SHUT}"
        rf"|{far}no longer (?:available|accept\w*|open)"
    )


def is_fault(words: str) -> bool:
    """Whether a page speaks of a trouble of its own: what it says to be shut may open in a minute."""
    return _FAULT.search(words) is not None
