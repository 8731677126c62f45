"""No text of a page, a rule or a trouble becomes more than text, anywhere."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import product

import pytest
from fastapi import FastAPI
from lxml import etree

from tests.fakes.alerts import PREFECTURES, SEEN, VOCABULARY, alert, verdict
from tests.fakes.skeleton import Skeleton
from tests.fakes.store import MemoryStore
from tests.integration.web.visitor import site, visiting
from watcher import locale
from watcher.core.alerts import Alert
from watcher.core.changes import ChangeKind
from watcher.core.labels import Vocabulary
from watcher.core.state import Problem, ProblemKind
from watcher.core.verdict import Fact, PartialDate
from watcher.web.demo_view import DemoEvent

OPENERS = [
    "",
    "mot ",
    '">',
    "'>",
    "-->",
    "]]>",
    "</title>",
    "</textarea>",
    "</p>",
    "\x00",
    "&quot;>",
    "{{",
    "%3e",
]
VECTORS = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example></sCrIpT>",
    "<script\x0d\x0a>alert(1)</script >",
    "<scr\x00ipt>alert(1)</scr\x00ipt>",
    "<img src=x onerror=alert(1)>",
    "<img/src='x'/onerror=alert(1)//",
    "<svg/onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x>",
    "<math><mtext><mglyph><style><img src=x onerror=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<a href='javascript:alert(1)'>mot</a>",
    "<a href=' \x01javascript:alert(1)'>mot</a>",
    "<body onpageshow=alert(1)>",
    "<details open ontoggle=alert(1)>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content='0;url=//evil.example'>",
    "<style>*{background:url(//evil.example)}</style>",
    "<form action=//evil.example><button>mot</button></form>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "onmouseover=alert(1) x=",
    "' onfocus=alert(1) autofocus tabindex=1 x='",
    '" style="position:fixed" x="',
    "javascript:alert(1)",
    "\u202e<b>\u2028x\ud800\ufffe",
    "{% import os %}{{ 7*7 }}${7*7}",
]
PAYLOADS = [opener + vector for opener, vector in product(OPENERS, VECTORS)]
HARMLESS = "mot"
BATCH = 25


@dataclass
class Week:
    events: tuple[DemoEvent, ...]
    silent: bool = False
    step: int = 1
    steps: int = 2
    time: datetime = SEEN


def told(number: int, text: str) -> Alert:
    return alert(
        number,
        title=f"a{text}",
        summary=f"a{text}",
        before=f"avant a{text}",
        kind=ChangeKind.EDITED,
        address=text,
        verdict=verdict(
            categories=(text, "fee"),
            motifs=(text,),
            channel_before=f"a{text}",
            channel_after=f"a{text}",
            facts=(Fact(f"a{text}"),),
            effective_from=PartialDate(f"a{text}"),
        ),
    )


def hostile(texts: Iterable[str]) -> FastAPI:
    texts = list(texts)
    troubles = [Problem("15-sejour", ProblemKind.BLOCKED, SEEN, f"a{text}") for text in texts]
    troubles += [Problem("platform:ide", ProblemKind.PLATFORM, SEEN, f"a{text}") for text in texts]
    store = MemoryStore([told(number, text) for number, text in enumerate(texts)], {}, troubles)
    named = replace(PREFECTURES["15"], name=f"a{texts[0]}", home=texts[0])
    motifs = {**VOCABULARY.motifs, "salarie": f"a{texts[0]}"}
    names = Vocabulary(
        {**PREFECTURES, "15": named},
        motifs,
        VOCABULARY.channels,
        languages={"fr": locale.load("fr", motifs, VOCABULARY.channels)},
    )
    week = Week(tuple(DemoEvent(SEEN, f"a{text}") for text in texts[:12]))
    return site(store, vocabulary=names, demo=week)


PATHS = ["/", "/feeds", "/coverage", "/prefectures/15", "/demo", "/demo/live"]


def skeletons(texts: list[str], paths: list[str]) -> list[list[tuple[str, ...]]]:
    with visiting(hostile(texts)) as visitor:
        pages = [visitor.ask(path) for path in paths]
        assert [page.status_code for page in pages] == [200] * len(paths)
        return [Skeleton(page.text).elements for page in pages]


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), BATCH))
def test_no_text_adds_an_element_or_an_attribute_to_a_page(start: int) -> None:
    payloads = PAYLOADS[start : start + BATCH]
    paths = PATHS + [f"/alerts/{number:024x}" for number in range(len(payloads))]
    found, expected = skeletons(payloads, paths), skeletons([HARMLESS] * len(payloads), paths)
    for path, one, other in zip(paths, found, expected, strict=True):
        assert one == other, path


def test_the_battery_would_notice_a_text_that_got_through() -> None:
    for payload in VECTORS[:9]:
        assert Skeleton(f"<p>{payload}</p>").elements != Skeleton(f"<p>{HARMLESS}</p>").elements


ALLOWED = {"p", "br", "strong", "small", "ul", "li", "del", "ins", "a", "blockquote", "time"}


@pytest.mark.parametrize("start", range(0, len(PAYLOADS), 100))
def test_no_text_adds_an_element_to_what_feeds_carry(start: int) -> None:
    with visiting(hostile(PAYLOADS[start : start + 100])) as visitor:
        items = json.loads(visitor.ask("/feeds/all.json").content)["items"]
        atom = etree.fromstring(visitor.ask("/feeds/all.atom").content)
        rss = etree.fromstring(visitor.ask("/feeds/all.rss").content)
    contents = [item["content_html"] for item in items]
    assert [e.text for e in atom.iter("{http://www.w3.org/2005/Atom}content")] == contents
    assert [e.text for e in rss.iter("{http://purl.org/rss/1.0/modules/content/}encoded")] == contents
    assert len(contents) == len(PAYLOADS[start : start + 100])
    for content in contents:
        for tag, *attributes in Skeleton(content).elements:
            assert tag.strip("/") in ALLOWED
            assert set(attributes) <= {"href", "datetime"}


def test_links_lead_to_web_pages_only() -> None:
    with visiting(hostile(VECTORS)) as visitor:
        for path in [*PATHS, *(f"/alerts/{number:024x}" for number in range(len(VECTORS)))]:
            page = etree.HTML(visitor.ask(path).text)
            for href in page.xpath("//@href | //@src"):
                assert href.startswith(("/", "#", "https://www.", "https://vigie.example/"))


def test_an_address_of_a_page_cannot_leave_its_attribute() -> None:
    trick = "https://www.cantal.gouv.fr/\"onmouseover='alert(1)'<b>"
    store = MemoryStore([alert(address=trick)])
    with visiting(site(store)) as visitor:
        page = etree.HTML(visitor.ask(f"/alerts/{0:024x}").text)
    (link,) = page.xpath("//p[@class='official']/a")
    assert link.get("href") == "https://www.cantal.gouv.fr/%22onmouseover=%27alert(1)%27%3Cb%3E"
    assert sorted(link.keys()) == ["href", "rel"]


@pytest.mark.parametrize("payload", VECTORS)
def test_what_a_visitor_asks_for_is_not_echoed_as_elements(payload: str) -> None:
    with visiting(site(MemoryStore())) as visitor:
        for path in ("/", "/alerts/", "/prefectures/", "/feeds/prefecture/", "/feeds/all.atom?stream="):
            asked = path + payload.encode("utf-8", "replace").hex("%").join(["%", ""])
            elements = Skeleton(visitor.ask(asked).text).elements
            assert elements == Skeleton(visitor.ask("/nowhere").text).elements
