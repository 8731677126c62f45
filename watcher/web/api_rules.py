"""Where to file, as programs read it: the same answers as the pages, on any day, as known at any moment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from watcher.core import wording
from watcher.core.errors import SettingsError
from watcher.core.filing import Answer, Known, Rule, chain
from watcher.core.filing_book import RuleBook
from watcher.core.french import known_date
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line, printable
from watcher.settings import parse_time
from watcher.web.api_query import MOST, USUAL, Absent, Choices, UnacceptableError, unexpected
from watcher.web.api_shapes import Shape
from watcher.web.rules_view import rules_href

_ON = "un jour (2025-09-10)"
_AS_KNOWN = "une date (2025-09-10) ou une date et une heure ISO (2025-09-10T08:00:00Z)"
_CURSOR = r"^[0-9AB]{2,3}\.[a-z][a-z0-9_]{0,59}$"
_PARTIAL = "AAAA, AAAA-MM ou AAAA-MM-JJ, selon ce que dit la source."


class RuleQuery(BaseModel):
    """An unknown parameter is refused: ignored, a misspelt filter would answer with everything."""

    model_config = ConfigDict(extra="forbid")

    prefecture: Annotated[str, StringConstraints(to_upper=True)] | Absent = Field(
        None, description="Code d'un département suivi."
    )
    motif: str | Absent = Field(None, description="Un motif de séjour.")
    operation: str | Absent = Field(None, description="Une démarche : première demande, renouvellement…")
    regime: str | Absent = Field(None, description="Une nationalité qui a ses propres règles.")
    on: Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$")] | Absent = Field(
        None, description="Ce qui vaut ce jour-là ; aujourd'hui sinon.", json_schema_extra={"format": "date"}
    )
    as_known: str | Absent = Field(
        None,
        description="Ce que nous en savions à ce moment ; en UTC sauf décalage contraire. Maintenant sinon.",
        json_schema_extra={"anyOf": [{"format": "date"}, {"format": "date-time"}]},
    )
    limit: int = Field(USUAL, ge=1, le=MOST, description="Nombre de réponses.")
    cursor: Annotated[str, StringConstraints(pattern=_CURSOR)] | Absent = Field(
        None, description="« cursor » de la réponse précédente, avec les mêmes filtres."
    )

    def day(self, today: date) -> date:
        """Raises `UnacceptableError`."""
        try:
            return date.fromisoformat(self.on) if self.on is not None else today
        except ValueError as error:
            raise UnacceptableError(unexpected("on", _ON)) from error

    def moment(self) -> datetime | None:
        """Raises `UnacceptableError`."""
        try:
            return parse_time(self.as_known, "as_known") if self.as_known is not None else None
        except SettingsError as error:
            raise UnacceptableError(unexpected("as_known", _AS_KNOWN)) from error

    def following(self, cursor: str) -> dict[str, str]:
        """The parameters of the next page."""
        return {**self.model_dump(mode="json", exclude_none=True), "cursor": cursor}


class EvidenceShape(Shape):
    sentence: str | None = Field(description="La phrase officielle qui porte la règle.")
    url: str | None = Field(description="Là où elle se lit.")
    alert: str | None = Field(description="Identifiant de notre alerte, voir /api/v1/alerts.")


class RuleShape(Shape):
    id: str
    territory: str | None = Field(description="« 69 », une partie (« 94-… ») ; null : toute la France.")
    motif: str
    operation: str | None
    regime: str | None
    channel: str = Field(description="La voie de dépôt ; « local » : pas sur l'ANEF, la préfecture décide.")
    url: str | None = Field(description="Où déposer ou prendre rendez-vous.")
    valid_from: str | None = Field(description=_PARTIAL)
    valid_to: str | None = Field(description=f"Premier jour où elle ne vaut plus. {_PARTIAL}")
    seen_on: date | None = Field(description="Sans valid_from : un jour où elle valait déjà.")
    evidence: list[EvidenceShape]
    checked_on: date
    known_from: datetime
    known_to: datetime | None
    note_fr: str | None
    note_en: str | None


class AnswerShape(Shape):
    prefecture: str
    motif: str
    operation: str | None
    regime: str | None
    answer: Known = Field(
        description="channel : connue ; local : pas sur l'ANEF, sans plus ; unsure : selon le jour exact ; unknown."
    )
    rule: RuleShape | None
    variants: list[RuleShape] = Field(description="Règles de démarches ou de nationalités non demandées.")
    previous: list[RuleShape] = Field(description="Ce qui valait avant, le plus récent d'abord.")
    conflicts: list[RuleShape] = Field(description="Ce qui contredit la réponse.")
    page: str = Field(description="La même réponse, pour les lecteurs.")


class RulesShape(Shape):
    on: date
    as_known: datetime | None
    rules: list[AnswerShape]
    cursor: str | None = Field(description="À redonner pour avoir la suite ; null à la fin.")
    next: str | None = Field(description="L'adresse de la suite ; null à la fin.")


def rule_choices(vocabulary: Vocabulary) -> Choices:
    language = vocabulary.languages["fr"]
    known = {
        "prefecture": vocabulary.prefectures,
        "motif": sorted(vocabulary.motifs),
        "operation": sorted(language.operations),
        "regime": sorted(language.regimes),
    }
    expected = {
        "prefecture": "le code d'un département suivi, voir /api/v1/prefectures",
        "motif": f"l'un de {', '.join(known['motif'])}",
        "operation": f"l'une de {', '.join(known['operation'])}",
        "regime": f"l'un de {', '.join(known['regime'])}",
        "on": _ON,
        "as_known": _AS_KNOWN,
        "limit": f"un entier de 1 à {MOST}",
        "cursor": "le « cursor » d'une réponse précédente",
    }
    return Choices(known, expected)


def asked_cells(query: RuleQuery, vocabulary: Vocabulary) -> Sequence[tuple[str, str]]:
    """What is asked for from the cursor on, préfecture by préfecture. Raises `UnacceptableError`."""
    codes = [query.prefecture] if query.prefecture else sorted(vocabulary.prefectures)
    motifs = [query.motif] if query.motif else vocabulary.grounds
    cells = [(code, motif) for code in codes for motif in motifs]
    if query.cursor is None:
        return cells
    code, _, motif = query.cursor.partition(".")
    if (code, motif) not in cells:
        raise UnacceptableError(unexpected("cursor", "le « cursor » d'une réponse précédente"))
    return cells[cells.index((code, motif)) + 1 :]


def answer_shape(
    book: RuleBook, cell: tuple[str, str], query: RuleQuery, today: date, base_url: str
) -> AnswerShape:
    code, motif = cell
    operation, regime = query.operation or "", query.regime or ""
    day, moment = query.day(today), query.moment()
    found: Answer = book.answers(chain(code), motif, operation, regime, on=day, as_known_at=moment)
    return AnswerShape(
        prefecture=code,
        motif=motif,
        operation=query.operation,
        regime=query.regime,
        answer=found.known,
        rule=_rule(found.rule) if found.rule else None,
        variants=[_rule(one) for one in found.variants],
        previous=[_rule(one) for one in found.previous],
        conflicts=[_rule(one) for one in found.conflicts],
        page=base_url + rules_href("", code, motif, operation=operation, regime=regime),
    )


def _rule(rule: Rule) -> RuleShape:
    return RuleShape(
        id=rule.id,
        territory=rule.territory or None,
        motif=rule.motif,
        operation=rule.operation or None,
        regime=rule.regime or None,
        channel=rule.channel,
        url=one_line(rule.address) or None,
        valid_from=known_date(rule.valid_from),
        valid_to=known_date(rule.valid_to),
        seen_on=rule.seen_on,
        evidence=[
            EvidenceShape(
                sentence=one_line(one.sentence, wording.SENTENCE) or None,
                url=one_line(one.address) or None,
                alert=one.alert or None,
            )
            for one in rule.evidence
        ],
        checked_on=rule.checked_on,
        known_from=rule.known_from,
        known_to=rule.known_to,
        note_fr=printable(rule.note_fr, wording.TEXT) or None,
        note_en=printable(rule.note_en, wording.TEXT) or None,
    )
