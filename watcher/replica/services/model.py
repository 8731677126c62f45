"""A place to file or to book, known by its path: ``/commencer/…``, ``/rdvpref/…``, ``/booking/create/…``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

PROCEDURES, RESERVATIONS = "demarche", "rdvpref"
"""The hosts that are nobody's own; a booking module stands on its préfecture's site."""


class Door(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    RENAMED = "renamed"  # 301 to `target`
    REPLACED = "replaced"  # 302 to `target`
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Service:
    """What one address shows. `said` is what stands on it while it is open, `closing` once it is closed."""

    title: str
    said: tuple[str, ...] = ()
    door: Door = Door.OPEN
    since: date | None = None
    closing: tuple[str, ...] = ()
    target: str = ""


def host_for(path: str) -> str:
    """The host that serves a path; "" for the préfecture's own."""
    if path.startswith("/commencer/"):
        return PROCEDURES
    return RESERVATIONS if path.startswith("/rdvpref/") else ""


def service_name(path: str) -> str:
    """The part of a source's id after the code: ``demarche-titre-sejour``, ``rdvpref-16040``, ``module-4963``."""
    return f"{host_for(path) or 'module'}-{path.strip('/').rpartition('/')[2]}"
