"""What may stand in `sources.yaml`, and what to say when something else does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from math import isfinite
from typing import Annotated
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails

from watcher.core.address import absolute
from watcher.core.catalogue import SourceKind
from watcher.core.links import takes_a_turn
from watcher.marked_yaml import Fault, KeyPath, Node, Place, unquoted

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_DURATION = r"[0-9]+(\.[0-9]+)? ?(ms|s|m|h|d)"
_LONGEST = timedelta(days=366)
_SHORTEST = timedelta(milliseconds=1)


def _duration(value: object) -> timedelta:
    """Seconds, or a number with its unit; at most a year."""
    if isinstance(value, str) and (match := re.fullmatch(_DURATION, value)):
        seconds = float(value[: match.start(2)]) * _UNITS[match[2]]
    elif isinstance(value, int | float) and not isinstance(value, bool):
        seconds = float(value)
    else:
        raise ValueError("durée attendue, un nombre et son unité (50ms, 7s, 15m, 6h, 2d)")
    if not (isfinite(seconds) and 0 <= seconds <= _LONGEST.total_seconds()):
        raise ValueError("durée hors bornes, elle doit être comprise entre 0 et 366 jours")
    return timedelta(seconds=seconds)


def _period(value: timedelta) -> timedelta:
    if value < _SHORTEST:
        raise ValueError("période nulle, elle doit être d'au moins 1 ms")
    return value


def _web_address(value: str) -> str:
    """An http(s) address with a host and without a user name."""
    if not value.isprintable() or " " in value:
        raise ValueError("adresse avec une espace ou un caractère invisible")
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018  # raises when it is no number
    except ValueError:
        raise ValueError("adresse mal formée") from None
    if parts.scheme not in {"http", "https"}:
        raise ValueError("adresse sans http:// ni https://")
    if parts.username is not None:
        raise ValueError("adresse avec un nom d'utilisateur, refusée")
    if absolute(value, value) is None:
        raise ValueError("adresse sans nom d'hôte valable")
    if takes_a_turn(value):
        raise ValueError("étape d'une réservation, seule sa première page peut être surveillée")
    return value


@lru_cache(maxsize=64)
def _known_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _time_zone(value: str) -> str:
    if not _known_zone(value):
        raise ValueError("fuseau horaire inconnu (exemple : Europe/Paris)")
    return value


def _visible(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError("texte vide ou avec des caractères invisibles")
    return value


_ID = r"^(2[AB]-)?[a-z0-9][a-z0-9-]*$"
SELECTORS = ("item", "link", "date", "summary")  # what `options` of the layout `selectors` may hold
_CODE = r"^([0-9]{2,3}|2[AB])$"
_NAME = r"^[a-z0-9][a-z0-9_-]*$"
_PATTERNS = {
    _ID: "identifiant fait de minuscules sans accent, de chiffres et de tirets attendu (69-actualites)",
    _CODE: 'code de département attendu, entre guillemets ("01", "2A", "974")',
    _NAME: "nom fait de minuscules sans accent, de chiffres et de tirets attendu",
}
_DURATION_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "string", "pattern": f"^{_DURATION}$"}, {"type": "number", "minimum": 0}]}
)

Duration = Annotated[timedelta, BeforeValidator(_duration), _DURATION_SCHEMA]
Period = Annotated[timedelta, BeforeValidator(_duration), AfterValidator(_period), _DURATION_SCHEMA]
WebAddress = Annotated[str, AfterValidator(_web_address), Field(json_schema_extra={"format": "uri"})]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Visible = Annotated[str, AfterValidator(_visible)]
Identifier = Annotated[str, StringConstraints(pattern=_ID, max_length=100)]
Code = Annotated[str, StringConstraints(pattern=_CODE)]
Name = Annotated[str, StringConstraints(pattern=_NAME, max_length=40)]
Kind = Annotated[SourceKind, Field(strict=False)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class BrakeEntry(_Strict):
    after: int = Field(default=3, ge=1, le=1000, description="Échecs de suite qui arrêtent la plateforme")
    pause: Duration = Field(
        default=timedelta(minutes=15),
        alias="for",
        description="Durée de l'arrêt",
        json_schema_extra={"default": "15m"},
    )


class PlatformEntry(_Strict):
    gap: Duration = Field(description="Temps minimal entre deux requêtes à cette plateforme")
    jitter: float = Field(default=0.0, ge=0, le=1, description="Part de gap ajoutée au hasard")
    brake: BrakeEntry = Field(default_factory=BrakeEntry, description="Quand cesser d'insister")
    per_day: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Lectures de ses pages par jour, au plus (sans lui : ce que donnent leurs périodes)",
    )


class DefaultsEntry(_Strict):
    platform: Name = Field(default_factory=str, description="Plateforme par défaut")
    every: Period = Field(
        default=timedelta(hours=1),
        description="Période de lecture par défaut",
        json_schema_extra={"default": "1h"},
    )
    layout: Visible = Field(default="dsfr", description="Mise en page par défaut des listes d'actualités")


class PageEntry(_Strict):
    # Left empty, `every`, `layout` and `platform` are those of the préfecture or of the defaults.
    id: Identifier = Field(description="Identifiant stable, par exemple 69-actualites")
    kind: Kind = Field(description="Liste d'actualités, page, téléprocédure ou prise de rendez-vous")
    url: WebAddress = Field(description="Adresse lue")
    every: Period = Field(default_factory=timedelta, description="Période de lecture")
    layout: Visible = Field(default_factory=str, description="Mise en page")
    platform: Name = Field(default_factory=str, description="Plateforme")
    options: dict[str, Visible] = Field(
        default_factory=dict, description="Sélecteurs de la mise en page selectors"
    )


class PrefectureEntry(_Strict):
    name: Visible = Field(description="Nom montré aux lecteurs")
    home: WebAddress = Field(description="Page d'accueil du site")
    timezone: TimeZone = Field(default="Europe/Paris", description="Fuseau horaire")
    platform: Name = Field(default_factory=str, description="Plateforme de ses pages")
    pages: list[PageEntry] = Field(default_factory=list, description="Pages surveillées")


class SourcesFile(_Strict):
    platforms: dict[Name, PlatformEntry] = Field(description="Serveurs partagés et leur allure")
    defaults: DefaultsEntry = Field(default_factory=DefaultsEntry, description="Valeurs par défaut des pages")
    prefectures: dict[Code, PrefectureEntry] = Field(description="Préfectures, par code de département")


def faults(error: ValidationError, root: Node, kept: Mapping[str, Sequence[int]]) -> Iterator[Fault]:
    """What a validation of `root`'s value found, placed in the file and said in French. `kept` tells which of a
    préfecture's pages were validated: they are counted without the others.
    """
    for detail in error.errors(include_url=False, include_input=False):
        path: KeyPath = tuple(step for step in detail["loc"] if step != "[key]")
        named = detail["type"] == "extra_forbidden" or path != detail["loc"]
        path = _in_the_file(path, kept)
        yield Fault(path, place_of(root, path, key=named), _message(detail, path, root.find(path)))


def _in_the_file(path: KeyPath, kept: Mapping[str, Sequence[int]]) -> KeyPath:
    match path:
        case ("prefectures", str(code), "pages", int(index), *rest):
            return ("prefectures", code, "pages", kept[code][index], *rest)
    return path


def place_of(root: Node, path: KeyPath, *, key: bool = False) -> Place:
    """Where the value at `path` (or its key) begins, or what would hold it when the file has no such key."""
    node = root.find(path)
    if node is None:
        return place_of(root, path[:-1], key=True)
    return node.key_place or node.place if key or node.children else node.place


def _message(detail: ErrorDetails, path: KeyPath, node: Node | None) -> str:
    sort, context = detail["type"], detail.get("ctx", {})
    text = f"« {str(path[-1] if '[key]' in detail['loc'] else node.text if node else '')[:60]} »"
    if sort == "value_error":
        return str(context["error"])
    if sort == "extra_forbidden":
        return f"clé inconnue (clés admises : {', '.join(_allowed(path))})"
    if sort == "string_type" and node and not isinstance(node.value, dict | list):
        return unquoted(node)
    if sort == "string_pattern_mismatch":
        return f"{text} refusé, {_PATTERNS[context['pattern']]}"
    if sort == "enum":
        return f"{text} inconnu (valeurs admises : {', '.join(SourceKind)})"
    return _PLAIN.get(sort, "valeur refusée").format(text=text, **context)


_PLAIN: Mapping[str, str] = {
    "missing": "clé obligatoire absente",
    "string_type": "un texte est attendu",
    "string_too_long": "texte de plus de {max_length} caractères",
    "dict_type": "un groupe de clés est attendu",
    "model_type": "un groupe de clés est attendu",
    "list_type": "une liste est attendue (des lignes commençant par « - »)",
    "int_type": "un nombre entier est attendu, pas {text}",
    "float_type": "un nombre est attendu, pas {text}",
    "greater_than_equal": "{text} est trop petit (minimum {ge:g})",
    "less_than_equal": "{text} est trop grand (maximum {le:g})",
}


def _allowed(path: KeyPath) -> Iterator[str]:
    levels: Mapping[int, type[BaseModel]] = {
        1: SourcesFile,
        2: DefaultsEntry,
        3: PlatformEntry if path[0] == "platforms" else PrefectureEntry,
        4: BrakeEntry,
        5: PageEntry,
    }
    return (field.alias or name for name, field in levels[len(path)].model_fields.items())
