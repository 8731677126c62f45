"""What pages say, put into everything that is shown or sent, and what strangers ask for, echoed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import icalendar
from lxml import etree

from notifiers.letterhead import Identity, Letterhead
from notifiers.render.calendar import render_calendar
from notifiers.render.feeds import Format, render
from notifiers.render.mail import MailRenderer
from notifiers.render.webhook import WebhookRenderer
from prove.attack.battery import HARMLESS, TEXTS
from prove.attack.letters import html_of
from prove.report import Figure
from tests.fakes.alerts import BASE, VOCABULARY, alert, verdict
from tests.fakes.desk_pages import flagged
from tests.fakes.letters import RUN, PlainLinks, claimed
from tests.fakes.skeleton import Skeleton
from tests.integration.web.maintainer import OURS, Maintainer
from tests.integration.web.whole_site import WholeSite, whole_site
from watcher.core.alerts import Alert
from watcher.core.calendar import build_calendar
from watcher.core.changes import ChangeKind
from watcher.core.feed import FeedQuery, build
from watcher.core.outbox import MessageKind
from watcher.core.state import Problem, ProblemKind
from watcher.core.text import clean
from watcher.core.verdict import Fact, PartialDate, Reason

BATCH, SHORT = 24, 24  # texts of one site; texts that the short form tries on sites
PAGES = ("/", "/feeds", "/coverage", "/prefectures/15", "/alerts?q=a", "/rules", "/desk", "/desk/history",
         "/desk/mutes", "/desk/problems", "/desk/rules")  # fmt: skip
_OURS = ("/", "#", "https://www.", f"{BASE}/", "?")
WELL_BEHAVED = {"p", "br", "strong", "small", "ul", "li", "del", "ins", "a", "blockquote", "time"}


@dataclass
class Count:
    outputs: int = 0
    changed: int = 0
    first: str = ""

    def check(self, what: str, *, same: bool) -> None:
        self.outputs += 1
        if not same:
            self.changed += 1
            self.first = self.first or what


def attack(*, long: bool) -> list[Figure]:
    texts = TEXTS if long else TEXTS[:: len(TEXTS) // SHORT]
    pages, sent, echoed = Count(), Count(), Count()
    with tempfile.TemporaryDirectory() as folder:
        for start in range(0, len(texts), BATCH):
            batch = texts[start : start + BATCH]
            _pages(pages, batch, Path(folder) / f"t{start}", Path(folder) / f"h{start}")
        _echoes(echoed, texts, Path(folder) / "echo")
    for text in TEXTS if long else TEXTS[::4]:
        _documents(sent, text)
    return [
        _figure(f"pages of the site and of the desk that show {len(texts)} hostile texts", pages),
        _figure(
            f"feeds, mails, calendars, web-hooks that carry {len(TEXTS) if long else len(TEXTS[::4])} of them",
            sent,
        ),
        _figure("answers that echo what a stranger asked for", echoed),
    ]


def _figure(name: str, count: Count) -> Figure:
    told = f"{count.outputs}, {count.changed} with another element or attribute {count.first}".rstrip()
    return Figure(name, told, "0 new elements, 0 new attributes", kept=not count.changed)


def poisoned(number: int, text: str) -> Alert:
    """As a page brings it: through the door of extraction, in every field that comes from pages or rules."""
    one = clean(f"a{text}")
    said = verdict(
        categories=("fee",),
        motifs=("salarie",),
        channel_before=clean(text) or "x",
        channel_after=clean(text) or "x",
        facts=(Fact(one, territory=one, regime=one, operation=one), Fact(one)),
        reasons=(Reason("fee", one),),
        effective_from=PartialDate("2025-10-01"),
    )
    return flagged(
        100 + number, title=one, summary=one, before=one, kind=ChangeKind.EDITED,
        address=f"https://www.cantal.gouv.fr/{number}", verdict=said, group="",
    )  # fmt: skip


def _pages(count: Count, texts: Sequence[str], hostile: Path, harmless: Path) -> None:
    found, expected = _seen(texts, hostile), _seen([HARMLESS] * len(texts), harmless)
    known = _known(expected.values())
    for path, page in found.items():
        if path.endswith("/page"):  # what stands on a page as text is in lines, and has words marked
            count.check(path, same=_nothing_new(page, known))
        else:
            count.check(path, same=Skeleton(page).elements == Skeleton(expected[path]).elements)


def _known(pages: Iterable[str]) -> set[tuple[str, ...]]:
    return {element for page in pages for element in Skeleton(page).elements}


def _nothing_new(page: str, known: set[tuple[str, ...]]) -> bool:
    """No element that harmless pages do not have, and no link but to pages of ours and of the préfecture."""
    links = [str(link) for link in etree.HTML(page).xpath("//@href | //@src | //@action")]
    return set(Skeleton(page).elements) <= known and all(link.startswith(_OURS) for link in links)


def _seen(texts: Sequence[str], folder: Path) -> dict[str, str]:
    """Each page that shows these texts."""
    folder.mkdir()
    with whole_site(folder) as site:
        alerts = [poisoned(number, text) for number, text in enumerate(texts)]
        for one, text in zip(alerts, texts, strict=True):
            site.bureau.tell(one, body=f"<main><h1>a{text}</h1><p>a</p></main></html>")
            kind, subject = ProblemKind.BLOCKED, one.source
            site.bureau.open_problem(Problem(subject, kind, site.bureau.clock.now(), clean(f"a{text}")))
        browser, _ = site.inside("ana")
        paths = [f"{root}{path}" for root in ("", "/en") for path in PAGES]
        for one in alerts:
            paths += [f"/alerts/{one.id}", f"/desk/alerts/{one.id}", f"/en/desk/alerts/{one.id}/page"]
        return {path: _page(browser, path) for path in paths}


def _page(browser: Maintainer, path: str) -> str:
    answer = browser.look(path)
    if answer.status_code != 200:
        raise AssertionError(f"{path}: {answer.status_code}")
    return answer.text


def _documents(count: Count, text: str) -> None:
    """Texts as they are, without the door: a second lock behind the first."""
    one = alert(
        title=f"a{text}", summary=f"a{text}", before=f"a{text}", kind=ChangeKind.EDITED, address=text,
        verdict=verdict(categories=(text, "fee"), motifs=(text,), channel_before=f"a{text}",
                        channel_after=f"a{text}", facts=(Fact(f"a{text}"),)),
    )  # fmt: skip
    feed = build(FeedQuery(), [one], VOCABULARY, BASE)
    (item,) = json.loads(render(feed, Format.JSON))["items"]
    atom, rss = (etree.fromstring(render(feed, form)) for form in (Format.ATOM, Format.RSS))
    bodies = [item["content_html"]]
    bodies += [str(e.text) for e in atom.iter("{http://www.w3.org/2005/Atom}content")]
    bodies += [str(e.text) for e in rss.iter("{http://purl.org/rss/1.0/modules/content/}encoded")]
    for body in bodies:
        count.check(f"feed {text!r}", same=_tame(body))
    for kind in (MessageKind.ALERTS, MessageKind.DIGEST):
        count.check(f"mail {text!r}", same=_mail(one, kind) == _mail(_plain(one), kind))
    calendar = icalendar.Calendar.from_ical(
        render_calendar(build_calendar(FeedQuery(), [one], VOCABULARY, BASE))
    )
    count.check(f"calendar {text!r}", same=[part.name for part in calendar.walk()].count("VEVENT") == 1)
    hook = json.loads(WebhookRenderer(VOCABULARY, BASE)(claimed(), [one], None))
    count.check(f"web-hook {text!r}", same=set(hook) == {"sequence", "type", "timestamp", "data"})


def _tame(body: str) -> bool:
    return all(
        tag.strip("/") in WELL_BEHAVED and set(attributes) <= {"href", "datetime"}
        for tag, *attributes in Skeleton(body).elements
    )


def _plain(one: Alert) -> Alert:
    said = replace(one.verdict, categories=(HARMLESS, "fee"), motifs=(HARMLESS,), channel_before=HARMLESS,
                   channel_after=HARMLESS, facts=(Fact(HARMLESS),))  # fmt: skip
    return replace(one, title=HARMLESS, summary=HARMLESS, before=HARMLESS, address=HARMLESS, verdict=said)


_HEAD = Letterhead(Identity("Vigie <veille@vigie.example>", "", help_page=f"{BASE}/"), PlainLinks())
_RENDER = MailRenderer(VOCABULARY, BASE)


def _mail(one: Alert, kind: MessageKind) -> set[tuple[str, ...]]:
    to = claimed(1, kind)
    letter = _HEAD.letter(to, _RENDER(to, [one], RUN if kind is MessageKind.DIGEST else None))
    return set(Skeleton(html_of(letter.data)).elements)


def _echoes(count: Count, texts: Iterable[str], folder: Path) -> None:
    """What stands in addresses, queries and forms."""
    folder.mkdir()
    with whole_site(folder) as site:
        browser, _ = site.inside("ana")
        usual = [page for _, page in _asked(site, HARMLESS)]
        usual += [page for _, page in _asked(site, "zzzz")]
        usual += [_page(browser, f"{root}{path}") for root in ("", "/en") for path in (*PAGES, "/subscribe")]
        known = _known(usual)
        for text in texts:
            for what, page in _asked(site, text):
                count.check(f"{what} {text!r}", same=not page or _nothing_new(page, known))


def _asked(site: WholeSite, text: str) -> Iterator[tuple[str, str]]:
    """What was asked, and the page that came; "" when it was no page."""
    quoted = text.encode("utf-8", "replace").hex("%").join(["%", ""])
    stranger = site.browser()
    for path in (
        "/alerts/",
        "/prefectures/",
        "/feeds/prefecture/",
        "/api/v1/alerts/",
        "/confirm/",
        "/desk/alerts/",
    ):
        answer = stranger.look(path + quoted)
        yield path, _html(answer)
    for path in ("/alerts?q=", "/feeds/all.atom?stream=", "/api/v1/alerts?limit=", "/rules?prefecture="):
        answer = stranger.look(path + quoted)
        yield path, _html(answer)
    answer = stranger.ask("POST", "/subscribe", [("address", text), ("prefecture", text), ("zone", text)])
    yield "subscribe", _html(answer)
    answer = stranger.ask("POST", "/desk/login", [("name", text), ("password", text), ("next", text)], OURS)
    yield "login", _html(answer)
    inside, token = site.inside("ana")
    path = site.path("/desk/alerts/{alert}")
    sent = [("token", token), *site.form("/desk/alerts/{alert}")[1:], ("action", "correct")]
    fields = ("note", "from", "to", "category", "motif", "channel_after", "territory", "words", "regime")
    answer = inside.ask("POST", path, [*sent, ("from", text), *((name, text) for name in fields)], OURS)
    yield "decide", _html(answer)


def _html(answer: httpx.Response) -> str:
    return answer.text if "html" in answer.headers.get("content-type", "") else ""
