"""Values come back from JSON as they went in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storage.codec import dump, load
from watcher.core.alerts import Alert
from watcher.core.changes import Change
from watcher.core.items import Article, Attachment, Extraction, Item, ItemKind, OfficialLink, Snapshot
from watcher.core.state import Missing, PlatformState, Problem, SourceState, Suspicion
from watcher.core.subscriptions import AddressHistory, Choices, Interest
from watcher.core.verdict import Fact, Notice, Reason, Verdict

KEPT = [
    *(Alert, AddressHistory, Choices, Interest, Change, Article, Attachment, Extraction, Item, OfficialLink),
    *(Snapshot, Missing, PlatformState, Problem, SourceState, Suspicion, Fact, Notice, Reason, Verdict),
]

st.register_type_strategy(datetime, st.datetimes(timezones=st.just(UTC)))
st.register_type_strategy(float, st.floats(allow_nan=False, allow_infinity=False))
st.register_type_strategy(str, st.text(max_size=20))


@pytest.mark.parametrize("kind", KEPT, ids=lambda kind: kind.__name__)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_every_value_that_is_kept_comes_back_equal(kind: type[Any], data: st.DataObject) -> None:
    value = data.draw(st.from_type(kind))

    document = dump(value, kind)

    assert load(document, kind) == value
    assert document.isascii()
    assert "\0" not in document


class Hue(StrEnum):
    RED = "red"


@dataclass(frozen=True, slots=True)
class Old:
    name: str
    gone: int = 0


@dataclass(frozen=True, slots=True)
class New:
    name: str
    hue: Hue = Hue.RED
    seen: tuple[date, ...] = ()
    at: datetime | None = None


def test_a_document_of_an_older_version_takes_the_defaults_of_newer_fields() -> None:
    assert load(dump(Old("a", 1), Old), New) == New("a")


def test_a_document_without_a_field_that_has_no_default_is_refused() -> None:
    with pytest.raises(ValueError, match="New"):
        load("{}", New)


def test_a_word_that_no_enumeration_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="blue"):
        load('{"name":"a","hue":"blue"}', New)


def test_times_of_any_zone_are_written_in_utc() -> None:
    paris = datetime(2026, 10, 25, 2, 30, tzinfo=timezone(timedelta(hours=2)))

    document = dump(New("a", at=paris), New)

    assert json.loads(document)["at"] == "2026-10-25T00:30:00+00:00"
    assert load(document, New).at == paris


def test_a_time_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without zone"):
        dump(New("a", at=datetime(2026, 1, 1)), New)  # noqa: DTZ001


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_a_confidence_that_is_no_number_is_refused(number: float) -> None:
    with pytest.raises(ValueError, match="JSON"):
        dump(Reading(number), Reading)


@dataclass(frozen=True, slots=True)
class Reading:
    confidence: float


@dataclass(frozen=True, slots=True)
class Odd:
    pair: tuple[int, str]


def test_a_type_that_json_cannot_say_is_refused_both_ways() -> None:
    for kind in (Odd, dict[str, int], object):
        with pytest.raises(TypeError, match="JSON"):
            dump(None, kind)
        with pytest.raises(TypeError, match="JSON"):
            load("null", kind)


def test_a_whole_value_may_be_a_sequence_or_absent() -> None:
    assert load(dump((ItemKind.CARD,), tuple[ItemKind, ...]), tuple[ItemKind, ...]) == (ItemKind.CARD,)
    assert dump(frozenset({"b", "a"}), frozenset[str]) == '["a","b"]'
