"""What the text of a page tells about it: whether it explains how to apply, and how much it is about permits."""

from __future__ import annotations

import re

from watcher.core.text import fold

LOOKED_AT = 10_000  # characters

_GUIDANCE = tuple(
    re.compile(rf"\b(?:{words})\b")
    for words in (
        r"depos\w+|depot",
        r"renouvel\w+",
        r"premieres? demandes?|primo",
        r"rendez[ -]?vous|rdv|sur convocation",
        r"pieces? (?:a fournir|justificatives?|demandees?)|listes? des? pieces|justificatifs?",
        r"dossiers?",
        r"recepisses?|attestations? (?:de|d')\w+",
        r"vos demarches|(?:effectuer|faire) (?:votre|vos|une|la|sa|leurs?) demarches?|comment",
        r"en ligne|teleservice|plateforme|formulaires?",
        r"timbres?(?: fisca\w+)?|droits? de timbre",
        r"vous (?:devez|pouvez|etes|residez|souhaitez)|adressez|prenez|completez",
        r"delais?(?: moyens?)?|instruction",
        r"guichets?|bureaux?|accueil|horaires",
        r"passeports?|justificatif de domicile|photographies?",
    )
)
_MENTIONS = re.compile(
    r"\b(?:(?:titre|carte|autorisation|certificat)s? de (?:sejour|resident|residence)|etrang(?:er|ere)s?"
    r"|ressortissants?|nationalite (?:francaise|etrangere)|naturalisation|asile|refugie\w*|anef|ceseda"
    r"|recepisses?|regroupement familial|admission exceptionnelle|sejour|immigration|titres? de voyage|dcem)\b"
)


def guidance(text: str) -> int:
    """How many sorts of words it has that tell somebody how to apply, of fourteen."""
    folded = fold(text[:LOOKED_AT])
    return sum(1 for words in _GUIDANCE if words.search(folded))


def mentions(text: str) -> int:
    """How often it has a word of our subject."""
    return sum(1 for _ in _MENTIONS.finditer(fold(text[:LOOKED_AT])))
