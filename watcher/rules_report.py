"""How rules and answers are printed: lines for people, JSON for programs, CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from watcher.core.filing import Answer, Known, Rule
from watcher.core.filing_labels import KNOWN, channel, looked, place
from watcher.core.filing_store import Difference, ProposalState, Recorded
from watcher.core.filing_tables import Cell
from watcher.core.french import day, period, plain
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.core.verdict import PartialDate

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_STATES = {
    ProposalState.OPEN: "en attente",
    ProposalState.ACCEPTED: "acceptée",
    ProposalState.REFUSED: "refusée",
}


def rule_json(rule: Rule) -> dict[str, Any]:
    """A rule for programs; times in ISO, what is not known is `None` or empty."""
    return {
        "id": rule.id,
        "motif": rule.motif,
        "operation": rule.operation,
        "territory": rule.territory,
        "regime": rule.regime,
        "channel": rule.channel,
        "address": rule.address,
        "since": rule.valid_from,
        "seen_on": rule.seen_on.isoformat() if rule.seen_on else None,
        "until": rule.valid_to,
        "checked_on": rule.checked_on.isoformat(),
        "checked_by": rule.checked_by,
        "known_from": rule.known_from.isoformat(),
        "known_to": rule.known_to.isoformat() if rule.known_to else None,
        "note_fr": rule.note_fr,
        "note_en": rule.note_en,
        "evidence": [
            {"alert": piece.alert, "address": piece.address, "sentence": piece.sentence}
            for piece in rule.evidence
        ],
    }


def answer_json(territory: str, motif: str, on: date, answer: Answer) -> dict[str, Any]:
    """An answer for programs, with everything that was looked at."""
    return {
        "prefecture": territory,
        "motif": motif,
        "on": on.isoformat(),
        "known": answer.known,
        "channels": list(answer.channels),
        "rule": rule_json(answer.rule) if answer.rule else None,
        "variants": [rule_json(rule) for rule in answer.variants],
        "previous": [rule_json(rule) for rule in answer.previous],
        "conflicts": [rule_json(rule) for rule in answer.conflicts],
        "looked": [
            {"territory": look.territory, "rule": look.rule.id if look.rule else None, "why": look.why}
            for look in answer.looked
        ],
    }


def answer_lines(territory: str, motif: str, on: date, answer: Answer, words: Vocabulary) -> Iterator[str]:
    """An answer for people: what, since when, on what evidence, what before, and why."""
    yield f"{place(territory, words)}, {words.motif(motif)}, le {day(on)}"
    if answer.rule and answer.known is Known.CHANNEL:
        yield from _rule_lines(answer.rule, words)
    else:
        yield f"  {KNOWN[answer.known].french}"
    for title, rules in (
        ("selon la démarche ou la nationalité", answer.variants),
        ("contredit par", answer.conflicts),
        ("avant", answer.previous),
    ):
        for rule in rules:
            where = f"{place(rule.territory, words)} : " if rule.territory != territory else ""
            yield f"  {title} : {where}{_brief(rule, words)}"
    yield "  pourquoi :"
    yield from (f"    {one_line(looked(look, words))}" for look in answer.looked)


def _rule_lines(rule: Rule, words: Vocabulary) -> Iterator[str]:
    yield f"  {_brief(rule, words)}"
    if rule.address:
        yield f"  adresse : {one_line(rule.address)}"
    for piece in rule.evidence:
        said = " ".join(
            filter(None, (piece.sentence, piece.address, piece.alert and f"alerte {piece.alert}"))
        )
        yield f"  preuve : {one_line(said)}"
    if rule.note_fr:
        yield f"  à savoir : {one_line(rule.note_fr)}"
    yield f"  vérifié le {day(rule.checked_on)}" + (
        f" par {one_line(rule.checked_by)}" if rule.checked_by else ""
    )


def _brief(rule: Rule, words: Vocabulary) -> str:
    """``Rendez-vous en ligne, première demande, à compter du 1er octobre 2025``"""
    for_whom = (
        rule.operation and words.operation(rule.operation).lower(),
        rule.regime and words.regime(rule.regime).lower(),
    )
    when = plain(period(rule.valid_from, None))
    if not when and rule.seen_on:
        when = f"déjà le {day(rule.seen_on)}"
    until = plain(period(None, _last_day(rule.valid_to)))
    return ", ".join(filter(None, (channel(rule.channel, words), *for_whom, when, until)))


def _last_day(end: PartialDate | None) -> PartialDate | None:
    """The last day that is in, for people, who do not count half-open."""
    if end is None or len(end) < 10:
        return end
    return PartialDate((date.fromisoformat(end) - timedelta(days=1)).isoformat())


def proposal_lines(recorded: Recorded, words: Vocabulary, reason: str) -> Iterator[str]:
    """A proposal as a difference: what is there, what would be, on what evidence."""
    made = recorded.proposal
    where = place(made.after.territory, words)
    yield f"{made.id}  {where}, {words.motif(made.after.motif)} : {reason} ({_STATES[recorded.state]})"
    yield from changed_lines(Difference(made.before, made.after), words, title=False)
    for piece in made.after.evidence[:1]:
        yield f"    preuve : alerte {piece.alert} — {one_line(piece.sentence)}"
    for rule in made.conflicts:
        yield f"    en conflit avec {rule.id} : {_brief(rule, words)}"


def changed_lines(difference: Difference, words: Vocabulary, *, title: bool = True) -> Iterator[str]:
    """``- before`` and ``+ after``, the same signs as in a patch."""
    before, after = difference.before, difference.after
    if title:
        yield f"{after.id}  {place(after.territory, words)}, {words.motif(after.motif)}"
    for sign, rule in (("-", before), ("+", after)):
        if rule:
            checked = f"vérifié le {day(rule.checked_on)}"
            yield "    " + sign + " " + ", ".join(filter(None, (_brief(rule, words), rule.address, checked)))


def matrix_rows(cells: Iterable[Cell], words: Vocabulary) -> Iterator[Mapping[str, str]]:
    """One row for each préfecture and motif, all values texts."""
    for cell in cells:
        rule = cell.rule
        yield {
            "prefecture": cell.prefecture,
            "name": words.prefectures[cell.prefecture].name if cell.prefecture in words.prefectures else "",
            "motif": cell.motif,
            "answer": cell.shade.value,
            "channels": " ".join(cell.channels),
            "since": (rule.valid_from or "") if rule else "",
            "until": (rule.valid_to or "") if rule else "",
            "checked_on": rule.checked_on.isoformat() if rule else "",
            "address": rule.address if rule else "",
            "rule": rule.id if rule else "",
        }


def as_csv(rows: Iterable[Mapping[str, str]]) -> str:
    """The rows with a head; no value can become a formula of whoever opens it in a spreadsheet."""
    text = io.StringIO(newline="")
    writer: csv.DictWriter[str] | None = None
    for row in rows:
        if writer is None:
            writer = csv.DictWriter(text, list(row))
            writer.writeheader()
        writer.writerow({key: harmless(value) for key, value in row.items()})
    return text.getvalue()


def harmless(value: str) -> str:
    """`value`, marked as text where a spreadsheet would calculate it."""
    return f"'{value}" if value.startswith(_FORMULA) else value
