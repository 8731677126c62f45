"""A rule base in memory, with a few rules as a maintainer would have written them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from watcher.core.filing import LOCAL, Evidence, Rule
from watcher.core.filing_book import RuleBook
from watcher.core.ports_rules import RuleReader
from watcher.core.verdict import PartialDate

CHECKED = date(2025, 9, 9)
KNOWN = datetime(2025, 6, 1, tzinfo=UTC)
BOOKING = "https://www.rdv-prefecture.interieur.gouv.fr/rdvpref/reservation/demarche/1"


def rule(motif: str, channel: str, territory: str = "", **changes: Any) -> Rule:
    values: dict[str, Any] = {
        "id": f"{territory or 'fr'}-{motif}-{channel}",
        "motif": motif,
        "operation": "",
        "territory": territory,
        "regime": "",
        "channel": channel,
        "address": "",
        "valid_from": None,
        "valid_to": None,
        "evidence": (),
        "checked_on": CHECKED,
        "checked_by": "maintainer",
        "known_from": KNOWN,
    }
    return Rule(**{**values, **changes})


def told(sentence: str, address: str = "", alert: str = "") -> tuple[Evidence, ...]:
    return (Evidence(alert, address, sentence),)


STUDENT = rule(
    "etudiant",
    "anef",
    valid_from=PartialDate("2021-05-01"),
    evidence=told("Les étudiants déposent sur l'ANEF.", "https://www.legifrance.gouv.fr/arrete"),
)
EMPLOYEE = rule("salarie", LOCAL)
CANTAL_POST = rule("salarie", "courrier", "15", valid_to=PartialDate("2025-09-01"))
CANTAL = rule(
    "salarie",
    "rdv_en_ligne",
    "15",
    address=BOOKING,
    valid_from=PartialDate("2025-09-01"),
    evidence=told("Un rendez-vous se prend en ligne.", "https://www.cantal.gouv.fr/Actualites", f"{0:024x}"),
)
RENEWAL = rule("salarie", "courrier", "69", operation="renouvellement")


@dataclass
class HeldRules(RuleReader):
    """`hold` makes it another book, as a change of the rules does."""

    rules: Sequence[Rule] = (STUDENT, EMPLOYEE, CANTAL_POST, CANTAL, RENEWAL)

    def __post_init__(self) -> None:
        self.hold(*self.rules)

    def hold(self, *rules: Rule) -> None:
        self._versions = RuleBook(rules)
        self._book = RuleBook(rule for rule in rules if rule.believed)

    def book(self) -> RuleBook:
        return self._book

    def versions(self) -> RuleBook:
        return self._versions
