"""Text that was encoded as UTF-8 twice: « Ã©tranger » for « étranger »."""

from __future__ import annotations

import re

_SURE = 3  # letters spelt so that a text is not French, nor anything else
_OCTETS = {bytes([octet]).decode("windows-1252", "ignore") or chr(octet): octet for octet in range(128, 256)}
_OCTETS |= {chr(octet): octet for octet in range(128, 256)}
_NEXT = "[" + "".join(re.escape(char) for char, octet in _OCTETS.items() if octet < 192) + "]"
_LETTER = re.compile(f"Ã{_NEXT}")
_TWICE = re.compile(f"[Â-ß]{_NEXT}|[à-ï]{_NEXT}{{2}}|[ð-ô]{_NEXT}{{3}}")


def undoubled(text: str) -> str:
    """The text as it was before its second encoding, by whatever table; linear. Others stay as they are."""
    if "Ã" not in text or len(_LETTER.findall(text)) < _SURE:
        return text
    return _TWICE.sub(_read_again, text)


def _read_again(found: re.Match[str]) -> str:
    try:
        return bytes(_OCTETS[char] for char in found.group()).decode()
    except UnicodeDecodeError:
        return found.group()
