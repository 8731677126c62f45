"""The form in which somebody chooses their alerts: what it offers, and what was sent of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from watcher.core.labels import CATEGORIES, Vocabulary
from watcher.core.printable import one_line
from watcher.core.severity import Severity
from watcher.core.subscriptions import Cadence, Choices, Interest
from watcher.core.text import fold

PARIS = "Europe/Paris"
LANGUAGES = ("fr", "en")
MANY, ONE = (
    ("prefecture", "category", "motif"),
    ("severity", "verified", "cadence", "language", "zone", "neutral"),
)
FIELDS = (*MANY, *ONE)
_LONGEST = 60  # characters of a value that is shown again

Sent = Mapping[str, Sequence[str]]
"""The values of each field, in the order in which they were sent; none for what was left open."""

Offered = Sequence[tuple[str, str]]
"""Values with their labels, in the order in which they are shown."""


class FormError(Exception):
    """A value that the form does not offer; `value` is fit to be shown."""

    def __init__(self, field: str, value: str) -> None:
        super().__init__(field)
        self.field = field
        self.value = one_line(value, _LONGEST)


@dataclass(frozen=True, slots=True)
class Offer:
    """What can be chosen, in the words of one language; the fixed choices have theirs in the page."""

    prefecture: Offered
    category: Offered
    motif: Offered
    zone: Offered


def offer(vocabulary: Vocabulary, language: str) -> Offer:
    places = [(code, vocabulary.place(code)) for code in vocabulary.prefectures]
    motifs = [(name, vocabulary.motif(name, language)) for name in vocabulary.motifs]
    return Offer(
        prefecture=sorted(places, key=lambda one: fold(one[1])),
        category=[(name, vocabulary.category(name, language)) for name in _categories()],
        motif=sorted(motifs, key=lambda one: fold(one[1])),
        zone=zones(vocabulary),
    )


def zones(vocabulary: Vocabulary) -> Offered:
    """Paris first, then each zone of a préfecture overseas, called by those that lie in it."""
    found: dict[str, list[str]] = {}
    for one in sorted(vocabulary.prefectures.values(), key=lambda one: fold(one.name)):
        if one.timezone != PARIS:
            found.setdefault(one.timezone, []).append(one.name)
    overseas = sorted((", ".join(names), zone) for zone, names in found.items())
    return [(PARIS, "Paris"), *((zone, names) for names, zone in overseas)]


def sent(pairs: Iterable[tuple[str, str]]) -> Sent:
    """The fields of the form among what was sent; of those that take one value the last counts."""
    values: dict[str, list[str]] = {name: [] for name in FIELDS}
    for name, value in pairs:
        if name in MANY and value not in values[name]:
            values[name].append(value)
        elif name in ONE:
            values[name] = [value]
    return values


def parse(form: Sent, vocabulary: Vocabulary) -> Choices:
    """What was chosen. Raises `FormError` for what is not offered."""
    prefectures = _known(form, "prefecture", vocabulary.prefectures)
    interest = Interest(
        prefectures=prefectures,
        categories=_known(form, "category", _categories()),
        motifs=_known(form, "motif", vocabulary.motifs),
        verified_only=_ticked(form, "verified"),
        severity=Severity(_one(form, "severity", [*Severity], Severity.INFO)),
    )
    shared = _shared_zone(prefectures, vocabulary)
    return Choices(
        interest=interest,
        cadence=Cadence(_one(form, "cadence", [*Cadence], Cadence.NOW)),
        language=_one(form, "language", LANGUAGES, LANGUAGES[0]),
        zone=_one(form, "zone", [zone for zone, _ in zones(vocabulary)], shared),
        neutral=_ticked(form, "neutral"),
    )


def filled(choices: Choices) -> Sent:
    """The form as somebody would have sent it who chose this."""
    interest = choices.interest
    return {
        "prefecture": sorted(interest.prefectures),
        "category": sorted(interest.categories),
        "motif": sorted(interest.motifs),
        "severity": [interest.severity],
        "verified": ["1"] if interest.verified_only else [],
        "cadence": [choices.cadence],
        "language": [choices.language],
        "zone": [choices.zone],
        "neutral": ["1"] if choices.neutral else [],
    }


def _categories() -> list[str]:
    return [name for name in CATEGORIES if name != "unrelated"]


def _shared_zone(prefectures: Iterable[str], vocabulary: Vocabulary) -> str:
    """The zone in which all these préfectures lie, or that of Paris."""
    found = {vocabulary.prefectures[code].timezone for code in prefectures}
    return found.pop() if len(found) == 1 else PARIS


def _known(form: Sent, field: str, values: Iterable[str]) -> frozenset[str]:
    known = set(values)
    for value in form[field]:
        if value not in known:
            raise FormError(field, value)
    return frozenset(form[field])


def _one(form: Sent, field: str, values: Sequence[str], default: str) -> str:
    value = next(iter(form[field]), "") or default
    if value not in values:
        raise FormError(field, value)
    return value


def _ticked(form: Sent, field: str) -> bool:
    return _one(form, field, ("0", "1"), "0") == "1"
