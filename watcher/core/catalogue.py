"""What is watched: platforms, préfectures and their pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Brake:
    """Stop a whole platform after so many consecutive transport failures, for so long."""

    after: int = 3
    pause: timedelta = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Platform:
    """Hosts that share one server and so one rate limit: `gap` is the least time between two requests."""

    name: str
    gap: timedelta
    jitter: float  # 0..1: up to this share of `gap` is added at random
    brake: Brake
    per_day: int | None = None  # looks at its pages; `None`: as many as their intervals come to


@dataclass(frozen=True, slots=True)
class Prefecture:
    """The authority of one département; `code` is a string (``"69"``, ``"2A"``, ``"974"``)."""

    code: str
    name: str
    home: str
    timezone: str = "Europe/Paris"
    platform: str = ""  # of its pages that name none, and of its home page; "" where none is known


class SourceKind(StrEnum):
    NEWS = "news"
    PAGE = "page"
    PROCEDURE = "procedure"
    BOOKING = "booking"


@dataclass(frozen=True, slots=True)
class Source:
    """One watched page."""

    id: str
    prefecture: str
    kind: SourceKind
    url: str
    layout: str
    platform: str
    every: timedelta
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything that `sources.yaml` says, in its order."""

    platforms: Mapping[str, Platform]
    prefectures: Mapping[str, Prefecture]
    sources: Mapping[str, Source]
