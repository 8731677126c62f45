"""The languages that alerts are told in: one catalogue file each, `CODE.toml` beside this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from importlib.resources import files

from watcher.core.language import Language, inside


def codes() -> tuple[str, ...]:
    """``("en", "fr")``: whatever catalogues there are."""
    names = (entry.name for entry in files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


def load(code: str, motifs: Mapping[str, str], channels: Mapping[str, str]) -> Language:
    """One language; `motifs` and `channels` are labels in it, by id, for those it gives no name itself."""
    told = tomllib.loads((files(__name__) / f"{code}.toml").read_text(encoding="utf-8"))
    for name, labels in (("motifs", motifs), ("channels", channels)):
        told[name] = {id_: inside(label) for id_, label in labels.items()} | told[name]
    return Language(code=code, months=tuple(told.pop("months")), **told)
