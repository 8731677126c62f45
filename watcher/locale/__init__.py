"""The languages that readers are told things in: one catalogue file each, `CODE.toml` beside this module.

`pages/CODE.toml` holds the phrases of the site's pages.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.resources import files

from watcher.core import english, french
from watcher.core.language import Language, inside
from watcher.core.speech import Manners, Speech

_CODE = re.compile(r"([a-z]{2,3})\.toml")
_MANNERS: Mapping[str, Manners] = {"fr": french, "en": english}


def codes() -> tuple[str, ...]:
    """``("en", "fr")``: whatever catalogues there are."""
    names = (_CODE.fullmatch(entry.name) for entry in files(__name__).iterdir())
    return tuple(sorted(name[1] for name in names if name))


def load(code: str, motifs: Mapping[str, str], channels: Mapping[str, str]) -> Language:
    """One language; `motifs` and `channels` are labels in it, by id, for those it gives no name itself."""
    told = tomllib.loads((files(__name__) / f"{code}.toml").read_text(encoding="utf-8"))
    for name, labels in (("motifs", motifs), ("channels", channels)):
        told[name] = {id_: inside(label) for id_, label in labels.items()} | told[name]
    return Language(code=code, months=tuple(told.pop("months")), **told)


def speeches() -> Mapping[str, Speech]:
    """The languages of the pages, French first."""
    return {code: Speech(code, _pages(code, manners), manners) for code, manners in _MANNERS.items()}


def _pages(code: str, manners: Manners) -> Mapping[str, str]:
    told = tomllib.loads((files(__name__) / "pages" / f"{code}.toml").read_text(encoding="utf-8"))
    return {key: manners.unbroken(phrase) for key, phrase in _flat(told, "")}


def _flat(table: Mapping[str, object], path: str) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{path}{name}.")
        else:
            yield f"{path}{name}", str(value)
