"""A month of alerts and the rules as they stood, for whoever wants to work with them: tables, JSON, and what each
column means, in the form of a Frictionless data package (https://datapackage.org).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from watcher.core import wording
from watcher.core.alert_data import alert_data, as_json
from watcher.core.alerts import Alert
from watcher.core.filing import Rule
from watcher.core.french import PARIS, month
from watcher.core.labels import Vocabulary
from watcher.rules_report import as_csv, rule_json

ALERTS = {
    "id": ("string", "Identifiant de l'alerte, le même pour toujours"),
    "prefecture": ("string", "Code du département : « 69 », « 2A », « 974 »"),
    "source": ("string", "Identifiant de la page surveillée"),
    "kind": ("string", "added (apparu), edited (modifié) ou withdrawn (retiré)"),
    "state": ("string", "unverified, verified, corrected ou retracted"),
    "title": ("string", "Titre de l'annonce ou de la partie de page"),
    "summary_fr": ("string", "L'alerte en une ligne"),
    "summary_en": ("string", "La même en anglais"),
    "categories": ("string", "Ce dont il s'agit, le plus important d'abord, séparés par des espaces"),
    "motifs": ("string", "Motifs de séjour concernés, séparés par des espaces"),
    "channel_before": ("string", "Voie de dépôt avant"),
    "channel_after": ("string", "Voie de dépôt après"),
    "effective_from": (
        "string",
        "À partir de quand : AAAA, AAAA-MM ou AAAA-MM-JJ, selon ce que dit le texte",
    ),
    "effective_to": ("string", "Jusqu'à quand, de même"),
    "confidence": ("number", "De 0 à 1, la confiance de la lecture automatique"),
    "url": ("string", "La page officielle, qui seule fait foi"),
    "page": ("string", "La même alerte, pour les lecteurs"),
    "published": ("date", "La date que la préfecture donne"),
    "detected_at": ("datetime", "Quand la vigie l'a vue"),
    "updated_at": ("datetime", "Quand elle a été relue ou rectifiée"),
    "corrects": ("string", "Identifiant de l'alerte que celle-ci rectifie ou retire"),
    "reviewed": ("boolean", "Une personne l'a relue"),
    "historical": ("boolean", "Tirée d'archives ou de listes d'alors, envoyée à personne"),
}
RULES = {
    "id": ("string", "Identifiant de la règle"),
    "motif": ("string", "Motif de séjour"),
    "operation": ("string", "Démarche concernée ; vide : toutes"),
    "territory": ("string", "Département ou partie d'un département ; vide : tout le pays"),
    "regime": ("string", "Nationalité à part ; vide : le régime général"),
    "channel": ("string", "Voie de dépôt"),
    "address": ("string", "Adresse de la démarche"),
    "since": ("string", "Depuis quand : AAAA, AAAA-MM ou AAAA-MM-JJ"),
    "seen_on": ("date", "Premier jour où une preuve la montre"),
    "until": ("string", "Jusqu'à quand, ce jour exclu"),
    "checked_on": ("date", "Dernière vérification"),
    "known_from": ("datetime", "Depuis quand la vigie la tient pour vraie"),
    "note_fr": ("string", "Remarque"),
    "note_en": ("string", "La même en anglais"),
}


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month of Paris."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-{self.number:02}"

    @property
    def span(self) -> tuple[datetime, datetime]:
        """Its first moment, and that of the next month."""
        following = (self.year + self.number // 12, self.number % 12 + 1)
        return (
            datetime(self.year, self.number, 1, tzinfo=PARIS),
            datetime(*following, 1, tzinfo=PARIS),
        )

    @classmethod
    def before(cls, now: datetime) -> Month:
        """The last one that is over."""
        last = now.astimezone(PARIS).replace(day=1) - timedelta(days=1)
        return cls(last.year, last.month)


def package(
    of: Month,
    alerts: Iterable[Alert],
    rules: Iterable[Rule],
    vocabulary: Vocabulary,
    base_url: str,
    now: datetime,
) -> Mapping[str, str]:
    """The files by name. `alerts` are those of the month, `rules` those believed at its end."""
    told = [alert_data(alert, vocabulary, base_url) for alert in alerts]
    held = [rule_json(rule) for rule in rules]
    for rule in held:  # who checked it is nobody's business but the maintainers'
        del rule["checked_by"]
    return {
        "alertes.csv": as_csv(_row(one, ALERTS) for one in told) or _head(ALERTS),
        "alertes.json": _json(told),
        "regles.csv": as_csv(_row(one, RULES) for one in held) or _head(RULES),
        "regles.json": _json(held),
        "datapackage.json": _json(_descriptor(of, now)),
        "LISEZMOI.txt": _readme(of, len(told), len(held)),
    }


def _row(values: Mapping[str, Any], columns: Iterable[str]) -> dict[str, str]:
    return {name: _cell(values[name]) for name in columns}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case list():
            return " ".join(value)
        case float() | int():
            return str(value)
        case _:
            return as_json(value)


def _head(columns: Iterable[str]) -> str:
    return ",".join(columns) + "\r\n"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, default=as_json) + "\n"


def _descriptor(of: Month, now: datetime) -> dict[str, Any]:
    return {
        "profile": "tabular-data-package",
        "name": f"vigie-prefectures-{of}",
        "title": f"Vigie préfectures, {month(of.year, of.number)}",
        "created": as_json(now),
        "licenses": [{"name": "etalab-2.0", "title": "Licence Ouverte 2.0", "path": wording.LICENCE_ADDRESS}],
        "resources": [
            _resource("alertes", "Alertes détectées dans le mois", ALERTS),
            _resource("regles", "Règles de dépôt tenues pour vraies à la fin du mois", RULES),
        ],
    }


def _resource(name: str, title: str, columns: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    fields = [{"name": one, "type": kind, "description": text} for one, (kind, text) in columns.items()]
    return {
        "name": name,
        "title": title,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": "id", "missingValues": [""]},
    }


def _readme(of: Month, alerts: int, rules: int) -> str:
    return (
        f"Vigie préfectures : {month(of.year, of.number)}\n\n"
        f"{alerts} alerte(s) détectée(s) dans le mois (alertes.csv, alertes.json), {rules} règle(s) de dépôt "
        "tenues pour vraies à sa fin (regles.csv, regles.json). datapackage.json dit ce que veut dire chaque colonne. "
        "Les fichiers JSON portent aussi les faits lus et la phrase qui les dit, et les preuves des règles.\n\n"
        f"{wording.LICENCE}\n{wording.LICENCE_ADDRESS}\n"
        "Service non officiel : seule la page de la préfecture fait foi.\n"
    )
