"""Every format tells the same feed, follows its specification, and cannot be broken by a text."""

from __future__ import annotations

import json
import locale
import re
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import feedparser
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifiers.render.feeds import Format, media_type, render
from tests.fakes.alerts import BASE, LANGUAGES, VOCABULARY, alert, poisoned
from tests.fakes.feed_rules import atom_errors, json_errors, rss_errors
from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Prefecture
from watcher.core.changes import ChangeKind
from watcher.core.feed import Feed, FeedQuery, build
from watcher.core.labels import Vocabulary
from watcher.core.verdict import PartialDate

RULES: dict[Format, Callable[[bytes, str], list[str]]] = {
    Format.ATOM: atom_errors,
    Format.RSS: rss_errors,
    Format.JSON: json_errors,
}
ROOT = Path(__file__).parents[2]
FORMATS = pytest.mark.parametrize("form", list(Format))
POISON = [
    "\x00",
    "\x0b",
    "\x1b[2J",
    "\x85",
    "\ud800",
    "\udfff\ud800",
    "\u2028",
    "\u2029",
    "\ufffe",
    "\uffff",
    "\U0001ffff",
    "\ufdd0",
    "\u202e",
    "]]>",
    "<![CDATA[",
    "&nbsp;&#0;&#xD800;",
    "<?xml?><!DOCTYPE x>",
    "x" * 1_000_000,
    "",
    "   ",
]


def feed(*alerts: Alert, vocabulary: Vocabulary = VOCABULARY) -> Feed:
    return build(FeedQuery(), alerts, vocabulary, BASE)


def read(form: Format, document: bytes) -> list[dict[str, Any]]:
    """Entries as a reader's program gets them: id, title, link, tags."""
    if form is Format.JSON:
        return [
            {"id": i["id"], "title": i["title"], "link": i["url"], "tags": i["tags"]}
            for i in json.loads(document)["items"]
        ]
    parsed = feedparser.parse(document)
    assert not parsed.bozo, parsed.get("bozo_exception")
    return [
        {"id": e.id, "title": e.title, "link": e.link, "tags": [t.term for t in e.get("tags", [])]}
        for e in parsed.entries
    ]


@FORMATS
@pytest.mark.parametrize("size", [0, 1, 100])
def test_a_document_follows_its_specification(form: Format, size: int) -> None:
    states, kinds = list(AlertState), [ChangeKind.ADDED, ChangeKind.EDITED, ChangeKind.WITHDRAWN]
    alerts = [alert(n, state=states[n % 4], kind=kinds[n % 3], before="Avant.") for n in range(size)]
    document = render(feed(*alerts), form)
    assert RULES[form](document, f"{BASE}/feeds/all.{form}") == []
    assert len(read(form, document)) == size


def test_the_three_formats_tell_the_same() -> None:
    built = feed(*(alert(number) for number in range(5)))
    told = [read(form, render(built, form)) for form in Format]
    assert told[0] == told[1] == told[2]
    assert told[0][0] == {
        "id": "tag:vigie-prefectures.invalid,2025:alert/000000000000000000000004",
        "title": "Cantal (15) – Prise de rendez-vous en ligne pour les motifs absents de l'ANEF",
        "link": "https://www.cantal.gouv.fr/Actualites/Prise-de-rendez-vous",
        "tags": ["15", "rdv_modality", "filing_channel", "hors_anef"],
    }


@FORMATS
def test_the_rules_of_the_formats_would_notice_a_fault(form: Format) -> None:
    document = render(feed(alert()), form)
    assert RULES[form](document, "https://elsewhere.example/") != []
    for found, spoilt in [
        (b"tag:vigie", b"vigie"),
        (b' rel="alternate"', b""),
        (b'isPermaLink="false"', b""),
        (b"2025-09-10T0", b"10/09/2025 0"),
        (b", 10 Sep 2025", b""),
    ]:
        if found in document:
            assert RULES[form](document.replace(found, spoilt), f"{BASE}/feeds/all.{form}") != []


@FORMATS
@pytest.mark.parametrize("poison", POISON, ids=lambda text: ascii(text[:12]))
def test_one_poisoned_alert_of_a_hundred_breaks_and_hides_nothing(form: Format, poison: str) -> None:
    alerts = [
        poisoned(n, poison, effective_from=PartialDate(poison)) if n == 41 else alert(n) for n in range(100)
    ]
    document = render(feed(*alerts), form)
    assert RULES[form](document, f"{BASE}/feeds/all.{form}") == []
    assert len(set(re.findall(rb"2025:alert/\w+", document))) == 100
    assert len(document) < 1_000_000


@FORMATS
def test_every_alert_may_be_poisoned(form: Format) -> None:
    alerts = [poisoned(number, text, effective_from=PartialDate(text)) for number, text in enumerate(POISON)]
    assert len(read(form, render(feed(*alerts), form))) == len(POISON)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(codec=None, exclude_categories=()), max_size=40))
def test_no_text_whatever_breaks_a_document(text: str) -> None:
    built = feed(poisoned(0, text, effective_from=PartialDate(text)), alert(1))
    for form in Format:
        assert RULES[form](render(built, form), f"{BASE}/feeds/all.{form}") == []


@FORMATS
def test_the_renderer_cleans_what_the_model_did_not(form: Format) -> None:
    """Whoever builds a feed otherwise cannot smuggle in elements or characters either."""
    built = feed(alert())
    spoilt = replace(
        built.entries[0],
        title="a\x00b\ud800c",
        summary="d\ufffee",
        content=b'<p onclick="x()">f\x1bg<script>h()</script><a href="javascript:i()">j</a><img src=k></p>',
        author="l\x0bm",
    )
    document = render(replace(built, title="T\x00", entries=(spoilt,)), form)
    assert RULES[form](document, f"{BASE}/feeds/all.{form}") == []
    assert read(form, document)[0]["title"] == "abc"
    for trace in (b"onclick", b"h()", b"javascript", b"img"):
        assert trace not in document


def test_equal_feeds_give_equal_bytes_whenever_they_are_written() -> None:
    code = (
        "import sys; from tests.contract.test_feed_formats import *;"
        "sys.stdout.buffer.write(b''.join(render(feed(alert(0), alert(1)), form) for form in Format))"
    )
    elsewhere = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, cwd=ROOT)
    assert b"".join(render(feed(alert(1), alert(0)), form) for form in Format) == elsewhere.stdout


@pytest.mark.parametrize("form", [Format.ATOM, Format.RSS])
def test_entries_that_were_written_before_stand_in_their_place_among_new_ones(form: Format) -> None:
    here = "https://elsewhere.example.org"  # nobody else's: nothing of it was written before
    alerts = [alert(number, address=f"{here}/{number}") for number in range(250)]
    render(feed(*alerts[::2]), form)

    entries = feedparser.parse(render(feed(*alerts), form)).entries

    assert [entry.link for entry in entries] == [f"{here}/{number}" for number in reversed(range(250))]


def test_feeds_are_written_side_by_side_without_disturbing_each_other() -> None:
    built = feed(*(alert(number) for number in range(20)))
    before = locale.setlocale(locale.LC_ALL)
    with ThreadPoolExecutor(8) as pool:
        written = set(pool.map(lambda _: render(built, Format.RSS), range(40)))
    assert len(written) == 1
    assert locale.setlocale(locale.LC_ALL) == before


def test_a_prefecture_with_a_hostile_name_stays_a_name() -> None:
    hostile = Prefecture("15", "<b>\x00Cantal</b>", "javascript:x")
    names = Vocabulary({"15": hostile}, languages=LANGUAGES)
    document = render(feed(alert(), vocabulary=names), Format.ATOM)
    assert RULES[Format.ATOM](document, f"{BASE}/feeds/all.atom") == []
    assert read(Format.ATOM, document)[0]["title"].startswith("<b>Cantal</b> (15) – ")


def test_each_format_has_its_own_media_type() -> None:
    assert [media_type(form) for form in Format] == [
        "application/atom+xml",
        "application/rss+xml",
        "application/feed+json",
    ]


def test_asking_for_the_renderer_does_not_load_feedgen() -> None:
    code = "import sys, notifiers.render.feeds; sys.exit('feedgen' in sys.modules or 'lxml' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0
