"""What the API says, as JSON; every text is one line without characters that JSON readers choke on."""

from __future__ import annotations

from datetime import date, datetime

from pydantic import BaseModel, ConfigDict, Field

from watcher.core import wording
from watcher.core.alert_data import alert_data
from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import SourceKind
from watcher.core.changes import ChangeKind
from watcher.core.coverage import Coverage, PrefectureCoverage, SourceCoverage
from watcher.core.labels import Vocabulary
from watcher.core.page import Outcome
from watcher.core.printable import one_line
from watcher.core.state import Problem, ProblemKind
from watcher.core.verdict import Certainty


class Shape(BaseModel):
    """A part of an answer: all its fields are always there, `null` where nothing is known."""

    model_config = ConfigDict(frozen=True)


class FactShape(Shape):
    sentence: str = Field(description="La phrase de l'annonce qui porte ce fait.")
    operation: str | None
    motifs: list[str]
    channel_before: str | None
    channel_after: str | None
    effective_from: str | None = Field(description="AAAA, AAAA-MM ou AAAA-MM-JJ, selon ce que dit le texte.")
    effective_to: str | None
    territory: str | None
    regime: str | None
    links: list[str]
    certainty: Certainty


class AlertShape(Shape):
    id: str
    prefecture: str = Field(description="Code du département : « 69 », « 2A », « 974 ».")
    source: str = Field(description="Identifiant de la page surveillée, voir /api/v1/sources.")
    kind: ChangeKind
    state: AlertState
    title: str
    summary_fr: str
    summary_en: str | None
    categories: list[str] = Field(description="La plus importante d'abord.")
    motifs: list[str]
    channel_before: str | None
    channel_after: str | None
    effective_from: str | None = Field(description="AAAA, AAAA-MM ou AAAA-MM-JJ, selon ce que dit le texte.")
    effective_to: str | None
    confidence: float = Field(description="De 0 à 1.")
    facts: list[FactShape]
    url: str | None = Field(description="La page officielle, qui seule fait foi.")
    page: str = Field(description="La même alerte, pour les lecteurs.")
    published: date | None = Field(description="La date que la préfecture donne.")
    detected_at: datetime
    updated_at: datetime
    corrects: str | None = Field(description="Identifiant de l'alerte que celle-ci rectifie ou retire.")
    reviewed: bool = Field(description="Une personne a relu l'alerte.")
    historical: bool = Field(
        description="Tirée d'archives ou de listes d'alors : elle n'a été envoyée à personne."
    )


class AlertsShape(Shape):
    alerts: list[AlertShape] = Field(description="Les plus récemment détectées d'abord.")
    cursor: str | None = Field(description="À redonner pour avoir la suite ; null à la fin.")
    next: str | None = Field(description="L'adresse de la suite ; null à la fin.")


class PrefectureShape(Shape):
    code: str
    name: str
    timezone: str
    sources: int = Field(description="Nombre de pages surveillées.")
    last_read_at: datetime | None


class PrefecturesShape(Shape):
    prefectures: list[PrefectureShape]


class ProblemShape(Shape):
    subject: str = Field(description="Une page surveillée, ou « platform:NOM » pour un incident général.")
    kind: ProblemKind
    since: datetime
    evidence: str


class SourceShape(Shape):
    id: str
    prefecture: str
    url: str
    kind: SourceKind
    last_read_at: datetime | None
    outcome: Outcome | None = Field(description="Issue de la dernière lecture ; null avant la première.")
    stale: bool = Field(description="Pas lue depuis un jour, ou deux fois son rythme.")
    problems: list[ProblemShape]


class SourcesShape(Shape):
    sources: list[SourceShape]


class StaleShape(Shape):
    source: str
    prefecture: str
    last_read_at: datetime | None


class CoverageShape(Shape):
    prefectures: int
    prefectures_stale: int = Field(description="Préfectures dont au moins une page n'est pas à jour.")
    sources: int
    sources_stale: int
    problems: int = Field(description="Difficultés en cours, incidents généraux non compris.")
    last_read_at: datetime | None
    stale: list[StaleShape]
    incidents: list[ProblemShape]


class IndexShape(Shape):
    resources: dict[str, str] = Field(description="Adresse de chaque ressource.")
    openapi: str
    notice: str
    licence: str
    licence_url: str


class ErrorBody(Shape):
    code: str
    message: str = Field(description="Une phrase en français.")


class ErrorShape(Shape):
    error: ErrorBody


def alert_shape(alert: Alert, vocabulary: Vocabulary, base_url: str) -> AlertShape:
    return AlertShape(**alert_data(alert, vocabulary, base_url))


def prefecture_shape(covered: PrefectureCoverage) -> PrefectureShape:
    one = covered.prefecture
    return PrefectureShape(
        code=one.code,
        name=one_line(one.name),
        timezone=one.timezone,
        sources=len(covered.sources),
        last_read_at=covered.last_read_at,
    )


def source_shape(covered: SourceCoverage) -> SourceShape:
    one = covered.source
    return SourceShape(
        id=one.id,
        prefecture=one.prefecture,
        url=one.url,
        kind=one.kind,
        last_read_at=covered.last_read_at,
        outcome=covered.outcome,
        stale=covered.stale,
        problems=[_problem(problem) for problem in covered.problems],
    )


def coverage_shape(covered: Coverage) -> CoverageShape:
    pages = covered.sources
    return CoverageShape(
        prefectures=len(covered.prefectures),
        prefectures_stale=sum(one.stale > 0 for one in covered.prefectures),
        sources=len(pages),
        sources_stale=covered.stale,
        problems=sum(len(page.problems) for page in pages),
        last_read_at=covered.last_read_at,
        stale=[
            StaleShape(source=p.source.id, prefecture=p.source.prefecture, last_read_at=p.last_read_at)
            for p in pages
            if p.stale
        ],
        incidents=[_problem(problem) for problem in covered.incidents],
    )


def _problem(problem: Problem) -> ProblemShape:
    return ProblemShape(
        subject=problem.subject,
        kind=problem.kind,
        since=problem.since,
        evidence=one_line(problem.evidence, wording.TITLE),
    )
