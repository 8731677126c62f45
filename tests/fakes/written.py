"""Parts of a `sources.yaml`."""

from __future__ import annotations


def only(text: str, *codes: str) -> str:
    """The same file with the stanzas of these préfectures."""
    head, _, rest = text.partition("prefectures:\n")
    parts = rest.split('  "')
    return f"{head}prefectures:\n" + "".join(f'  "{part}' for part in parts if part.startswith(codes))
