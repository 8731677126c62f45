"""`filing.yaml`, read, checked and written: where to file, with the evidence.

What is written is stable: the same rules give the same bytes, and a rule that changes changes its own lines.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationError

from watcher import marked_yaml
from watcher.core.filing import LOCAL, Evidence, Rule, ordered, span
from watcher.core.verdict import PartialDate
from watcher.core.weblinks import web_link
from watcher.marked_yaml import Fault, Node, UnreadableFileError
from watcher.reading.vocabulary import Vocabulary
from watcher.rules import Entry, Id, Words, fault_at, faults, refused, tuples

SCHEMA = 1

_RuleId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]*$", max_length=160)]
_Place = Annotated[str, StringConstraints(pattern=r"^(?:\d[\dAB]\d?(?:-[a-z0-9]+)*)?$", max_length=80)]
_Text = Annotated[str, StringConstraints(max_length=1000)]


class _EvidenceEntry(Entry):
    alert: _Text = ""
    address: _Text = ""
    sentence: _Text = ""


class _RuleEntry(Entry):
    id: _RuleId
    territory: _Place = ""
    motif: Id
    operation: Id | None = None
    regime: Id | None = None
    channel: Id
    address: _Text = ""
    since: _Text | None = None
    seen_on: _Text | None = None
    until: _Text | None = None
    checked_on: Words
    checked_by: _Text = ""
    note_fr: _Text = ""
    note_en: _Text = ""
    evidence: tuple[_EvidenceEntry, ...] = Field(min_length=1)


class _FilingFile(Entry):
    version: Literal[1]
    rules: tuple[_RuleEntry, ...]


def load(path: Path, words: Vocabulary, now: datetime) -> tuple[Rule, ...]:
    """The rules of a file, believed from `now` on; motifs under other ids become those of `words`.

    Raises:
        RulesError: anything in it is wrong.
    """
    try:
        document = marked_yaml.read(path)
    except UnreadableFileError as error:
        raise refused(path, [Fault((), error.place, error.message)]) from error
    return _checked(path, document.root, document.faults, words, now)


def _checked(
    path: Path, root: Node, found: Iterable[Fault], words: Vocabulary, now: datetime
) -> tuple[Rule, ...]:
    wrong = list(found)
    try:
        entries = _FilingFile.model_validate(tuples(root.value)).rules
    except ValidationError as error:
        raise refused(path, [*wrong, *faults(error, root)]) from error
    seen: dict[str, int] = {}
    for index, entry in enumerate(entries):
        if entry.id in seen:
            message = f"identifiant « {entry.id} » déjà pris par rules[{seen[entry.id]}]"
            wrong.append(fault_at(root, ("rules", index, "id"), message))
        seen.setdefault(entry.id, index)
        wrong += [fault_at(root, ("rules", index, *keys), text) for keys, text in _wrong(entry, words)]
    if wrong:
        raise refused(path, wrong)
    return tuple(_rule(entry, words, now) for entry in entries)


def _wrong(entry: _RuleEntry, words: Vocabulary) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What the schema cannot see: names that the vocabulary lacks, days that are none."""
    if words.motif(entry.motif) is None:
        yield ("motif",), f"motif inconnu « {entry.motif} » (voir rules.yaml)"
    known: Mapping[str, set[str]] = {
        "channel": {LOCAL, *(channel.id for channel in words.channels)},
        "operation": {"", *(term.id for term in words.operations)},
        "regime": {"", *(term.id for term in words.regimes)},
    }
    for key, names in known.items():
        value = getattr(entry, key) or ""
        if value not in names:
            yield (key,), f"« {value} » inconnu (au choix : {', '.join(sorted(names - {''}))})"
    yield from _wrong_days(entry)
    if entry.address and web_link(entry.address) is None:
        yield ("address",), f"« {entry.address[:60]} » n'est pas une adresse web"
    for index, piece in enumerate(entry.evidence):
        if not (piece.alert or piece.address or piece.sentence):
            yield ("evidence", index), "preuve vide : une alerte, une adresse ou une phrase est attendue"


def _wrong_days(entry: _RuleEntry) -> Iterator[tuple[tuple[str, ...], str]]:
    ends = {}
    for key in ("since", "until"):
        value = getattr(entry, key)
        if value:
            try:
                ends[key] = span(PartialDate(value))
            except ValueError:
                yield (key,), f"« {value[:40]} » n'est pas une date (2025, 2025-10 ou 2025-10-01)"
    for key in ("seen_on", "checked_on"):
        value = getattr(entry, key)
        if value and _day(value) is None:
            yield (key,), f"« {value[:40]} » n'est pas un jour (2025-10-01)"
    if len(ends) == 2 and ends["until"][1] <= ends["since"][0]:
        yield ("until",), f"« {entry.until} » précède « {entry.since} »"


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if re.fullmatch(r"\d{4}-\d\d-\d\d", text, re.ASCII) else None
    except ValueError:
        return None


def _rule(entry: _RuleEntry, words: Vocabulary, now: datetime) -> Rule:
    motif = words.motif(entry.motif)
    return Rule(
        id=entry.id,
        motif=motif.id if motif else entry.motif,
        operation=entry.operation or "",
        territory=entry.territory,
        regime=entry.regime or "",
        channel=entry.channel,
        address=entry.address,
        valid_from=PartialDate(entry.since) if entry.since else None,
        valid_to=PartialDate(entry.until) if entry.until else None,
        evidence=tuple(Evidence(**dict(piece)) for piece in entry.evidence),
        checked_on=date.fromisoformat(entry.checked_on),
        checked_by=entry.checked_by,
        known_from=now,
        note_fr=entry.note_fr,
        note_en=entry.note_en,
        seen_on=date.fromisoformat(entry.seen_on) if entry.seen_on else None,
    )


def written(rules: Iterable[Rule]) -> str:
    """The file that says these rules; `load` gives them back, but for the times in which they were known."""
    lines = [*_HEAD, f"version: {SCHEMA}", "rules:"]
    for rule in ordered(list(rules)):
        lines += entry_lines(rule)
    return "\n".join(lines) + "\n"


_HEAD = (
    '# Where to file: one entry per rule. territory: none for the whole country, "69" a département,',
    "# 94-nogent-sur-marne a part of one. since is in, until is not; either may be a year or a month.",
    "# seen_on: where since is not known, the first day on which the evidence shows the rule.",
    "# channel: local — not on ANEF, each préfecture decides. A rule without evidence is refused.",
)


def entry_lines(rule: Rule) -> Iterator[str]:
    """One rule as it stands in the file."""
    pairs = {
        "id": rule.id,
        "territory": rule.territory,
        "motif": rule.motif,
        "operation": rule.operation,
        "regime": rule.regime,
        "channel": rule.channel,
        "address": rule.address,
        "since": rule.valid_from,
        "seen_on": rule.seen_on,
        "until": rule.valid_to,
        "checked_on": rule.checked_on,
        "checked_by": rule.checked_by,
        "note_fr": rule.note_fr,
        "note_en": rule.note_en,
    }
    told = [f"{key}: {_scalar(str(value))}" for key, value in pairs.items() if value]
    yield f"  - {told[0]}"
    yield from (f"    {line}" for line in told[1:])
    yield "    evidence:"
    for piece in rule.evidence:
        parts = {"alert": piece.alert, "address": piece.address, "sentence": piece.sentence}
        lines = [f"{key}: {_scalar(value)}" for key, value in parts.items() if value]
        yield f"      - {lines[0]}"
        yield from (f"        {line}" for line in lines[1:])


_WORD = re.compile(r"(?!(?:true|false|null)$)[a-z_][a-z0-9_]*")


def _scalar(text: str) -> str:
    return text if _WORD.fullmatch(text) else json.dumps(text, ensure_ascii=False)
