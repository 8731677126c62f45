"""What programs open without being asked to: links of letters by scanners; routes with pieces of SQL in every place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from itertools import product
from pathlib import Path
from sqlite3 import connect
from urllib.parse import quote

from prove.report import Figure
from storage.outbox_store import SqlOutbox
from storage.subscription_store import SqlSubscriptions
from tests.integration.web.newcomer import Newcomer
from tests.integration.web.whole_site import READING, WholeSite, whole_site
from watcher.subscribe import Subscribing
from watcher.vault import open_vault

_BEFORE = ("", "1", "69", "'", '"', "')", "1)", "\\", "%", "*")
_PIECES = (
    " OR 1=1--", " OR '1'='1", " UNION SELECT address FROM mailboxes--", "; DROP TABLE alerts;--", " AND 1=0",
    "||(SELECT sealed FROM subscriptions)", " ORDER BY 99", "/**/OR/**/1", " OR pg_sleep(9)--",
    " AND randomblob(999999999)", " LIKE '%'", ") OR (1=1", " NEAR(a b)", "\" OR \"\"=\"", " COLLATE NOCASE",
    "\x00", ";ATTACH DATABASE 'x' AS y", " GLOB '*'", "' MATCH 'a* OR b'", "{title}: a AND (",
)  # fmt: skip
SQL = tuple(before + piece for before, piece in product(_BEFORE, _PIECES))
_ASKED = (
    "q",
    "prefecture",
    "category",
    "motif",
    "state",
    "since",
    "until",
    "after",
    "cursor",
    "page",
    "limit",
    "sort",
)


def attack(*, long: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder, whole_site(Path(folder)) as site:
        return [*_scanned(site, 500 if long else 10), *_pieces(site, SQL if long else SQL[::20])]


def _scanned(site: WholeSite, people: int) -> Iterator[Figure]:
    """Two letters for each of them, one to confirm and one that tells something: every link of both is opened."""
    engine, clock = site.bureau.engine, site.bureau.clock
    vault = open_vault(site.database.with_name("vigie.key"))
    subscribing = Subscribing(SqlSubscriptions(engine), SqlOutbox(engine), vault, clock)
    newcomer = Newcomer(site.visitor, subscribing.store, subscribing.outbox, vault, clock)
    paths: list[str] = []
    for number in range(people):
        clock.wait(timedelta(minutes=20))
        paths += _links(newcomer, number, f"192.0.{number % 250}.1")
    before, opened, refused = _people(site), 0, 0
    for path, method in product(paths, ("GET", "HEAD", "GET")):
        opened += 1
        refused += newcomer.visitor.ask(path, method).status_code >= 500
    changed = _people(site) != before
    what = f"{opened} links of {2 * people} letters opened by scanners: states changed, errors"
    yield Figure(what, f"{int(changed)}, {refused}", "0, 0", kept=not changed and not refused)


def _links(newcomer: Newcomer, number: int, host: str) -> list[str]:
    """Of one whose confirmation waits, and of one who is subscribed."""
    addresses = (f"waits{number}@exemple.fr", f"reads{number}@exemple.fr")
    for address in addresses:
        newcomer.sign_up(address, host=host)
    newcomer.judge()
    waiting, reads = (newcomer.signups(address)[-1] for address in addresses)
    newcomer.post(newcomer.confirm_path(reads), host=host)
    subscription = newcomer.subscribed(addresses[1])
    assert subscription is not None
    return [
        *(newcomer.confirm_path(waiting), newcomer.never_path(waiting)),
        *(newcomer.unsubscribe_path(subscription), newcomer.manage_path(subscription)),
        *(newcomer.link_path(subscription), newcomer.never_path(reads)),
    ]


def _people(site: WholeSite) -> list[str]:
    with closing(connect(site.database)) as database:
        return [line for line in database.iterdump() if '"s' in line or "INSERT" in line]


def _pieces(site: WholeSite, pieces: tuple[str, ...]) -> Iterator[Figure]:
    """In every variable of a path and in every question, of every page, by nobody and by an administrator."""
    browsers = [site.browser(), site.inside("ana")[0]]
    before, tried, slips = site.content(), 0, []
    routes = [route for route, methods in site.routes.items() if methods & READING]
    for number, piece in enumerate(pieces):
        for route in routes:
            if "{" not in route and number % 4:
                continue
            named = {name: quote(piece, safe="") for name in site.names}
            asked = "&".join(f"{name}={quote(piece)}" for name in _ASKED)
            answer = browsers[number % 2].look(f"{route.format(**named)}?{asked}")
            tried += 1
            slips += [f"{route} {piece!r}: {answer.status_code}"] if answer.status_code >= 500 else []
    changed = site.content() != before
    what = (
        f"{tried} pages asked for with {len(pieces)} pieces of SQL in every place: errors, database changed"
    )
    yield Figure(
        what, f"{len(slips)}, {int(changed)} {slips[:2] or ''}".strip(), "0, 0", not slips and not changed
    )
