"""Which alerts the API is asked for, and where the next page begins."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints
from pydantic.json_schema import SkipJsonSchema

from watcher.core.alerts import Alert, AlertState
from watcher.core.errors import SettingsError
from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.settings import parse_time

MOST, USUAL = 200, 50  # alerts of one answer
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_DIGITS = 14  # hexadecimal, enough until 2253
# Whatever looks like a cursor is one: it names a moment and an id, which nothing needs to exist for.
CURSOR = rf"^[0-9a-f]{{{_DIGITS}}}[0-9A-Za-z_-]{{1,64}}$"

_SINCE = "une date (2025-09-10) ou une date et une heure ISO (2025-09-10T08:00:00Z)"

Absent = SkipJsonSchema[None]


class UnacceptableError(Exception):
    """A parameter that cannot be understood; the message is a French sentence."""


class AlertQuery(BaseModel):
    """An unknown parameter is refused: ignored, a misspelt filter would answer with everything."""

    model_config = ConfigDict(extra="forbid")

    prefecture: Annotated[str, StringConstraints(to_upper=True)] | Absent = Field(
        None, description="Code d'un département suivi."
    )
    category: str | Absent = Field(None, description="Une catégorie.")
    motif: str | Absent = Field(None, description="Un motif de séjour.")
    state: AlertState | Absent = Field(None, description="État de l'alerte.")
    since: str | Absent = Field(
        None,
        description="Détectées depuis ce jour ou ce moment, compris ; en UTC sauf décalage contraire.",
        json_schema_extra={"anyOf": [{"format": "date"}, {"format": "date-time"}]},
    )
    historical: Literal["only", "all"] | Absent = Field(
        None, description="Les alertes historiques, tirées d'archives : elles seules, ou avec les autres."
    )
    limit: int = Field(USUAL, ge=1, le=MOST, description="Nombre d'alertes par réponse.")
    cursor: Annotated[str, StringConstraints(pattern=CURSOR)] | Absent = Field(
        None, description="« cursor » de la réponse précédente, avec les mêmes filtres."
    )

    def since_time(self) -> datetime | None:
        """Raises `UnacceptableError`."""
        try:
            return parse_time(self.since, "since") if self.since is not None else None
        except SettingsError as error:
            raise UnacceptableError(unexpected("since", _SINCE)) from error

    def of_the_past(self) -> bool | None:
        """As `Store.alerts` asks."""
        return {"only": True, "all": None}.get(self.historical or "", False)

    def following(self, cursor: str) -> dict[str, str]:
        """The parameters of the next page."""
        return {**self.model_dump(mode="json", exclude_none=True), "cursor": cursor}


def cursor_after(alert: Alert) -> str:
    """Where a page that ends with `alert` stops."""
    return f"{(alert.detected_at - _EPOCH) // _MICROSECOND:0{_DIGITS}x}{alert.id}"


def place(cursor: str) -> tuple[datetime, str]:
    """The (detected_at, id) that a cursor stands for."""
    return _EPOCH + int(cursor[:_DIGITS], 16) * _MICROSECOND, cursor[_DIGITS:]


@dataclass(frozen=True, slots=True)
class Choices:
    """What the parameters of a query may be: `known` for those that name things, `expected` in French for all."""

    known: Mapping[str, Collection[str]]
    expected: Mapping[str, str]

    def check(self, query: BaseModel, given: Iterable[tuple[str, str]]) -> None:
        """Raises `UnacceptableError` for a parameter given twice, or one that names nothing known."""
        names = [name for name, _ in given]
        for name in self.expected:
            if names.count(name) > 1:
                raise UnacceptableError(f"Paramètre « {name} » : une seule valeur est attendue.")
        for name, known in self.known.items():
            value = getattr(query, name)
            if value is not None and value not in known:
                raise UnacceptableError(unexpected(name, self.expected[name]))


def choices_of(vocabulary: Vocabulary) -> Choices:
    known = {
        "prefecture": vocabulary.prefectures,
        "category": list(CATEGORIES),
        "motif": sorted(vocabulary.motifs),
    }
    expected = {
        "prefecture": "le code d'un département suivi, voir /api/v1/prefectures",
        "category": f"l'une de {', '.join(known['category'])}",
        "motif": f"l'un de {', '.join(known['motif'])}",
        "state": f"l'un de {', '.join(AlertState)}",
        "since": _SINCE,
        "historical": "only ou all",
        "limit": f"un entier de 1 à {MOST}",
        "cursor": "le « cursor » d'une réponse précédente",
    }
    return Choices(known, expected)


def unexpected(name: str, expected: str) -> str:
    return f"Paramètre « {name} » : valeur attendue, {expected}."
