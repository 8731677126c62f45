"""Small values for tests of what is kept: sources, pages, snapshots, changes, alerts, plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from watcher.core.alerts import Alert, AlertState
from watcher.core.catalogue import Source, SourceKind
from watcher.core.changes import Change, ChangeKind
from watcher.core.items import Article, Item, ItemKind, LinkKind, OfficialLink, Snapshot
from watcher.core.page import Outcome, Page, Validators
from watcher.core.state import PollPlan, SourceState
from watcher.core.verdict import Fact, Notice, PartialDate, Reason, Route, Verdict

NOW = datetime(2026, 9, 10, 8, 0, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)
CANTAL = "15-actualites"

VERDICT = Verdict(
    categories=("rdv_modality", "filing_channel"),
    is_change=True,
    confidence=0.9,
    route=Route.PUBLISH,
    facts=(Fact("Prenez rendez-vous en ligne.", motifs=("salarie",), links=("https://rdv.example",)),),
    motifs=("salarie", "etudiant"),
    channel_after="rdv_online",
    effective_from=PartialDate("2026-10"),
    reasons=(Reason("rdv", "rendez-vous en ligne"),),
)


def source(name: str = CANTAL) -> Source:
    return Source(name, "15", SourceKind.NEWS, f"https://www.cantal.gouv.fr/{name}", "dsfr", "ide", HOUR)


def page(body: bytes = b"<main>\xc3\xa9t\xc3\xa9</main>", *, at: datetime = NOW) -> Page:
    return Page(
        address="https://www.cantal.gouv.fr/Actualites",
        final_address="https://www.cantal.gouv.fr/Actualites/",
        status=200,
        body=body,
        content_type="text/html",
        charset="utf-8",
        validators=Validators('W/"1"', "Thu, 10 Sep 2026 08:00:00 GMT"),
        fetched_at=at,
        retry_after=timedelta(seconds=90),
    )


def item(name: str = "a") -> Item:
    return Item(
        kind=ItemKind.CARD,
        key=f"https://www.cantal.gouv.fr/Actualites/{name}",
        title=f"Séjour : l’annonce {name}",
        address=f"https://www.cantal.gouv.fr/Actualites/{name}",
        published=date(2026, 9, 9),
        links=(OfficialLink(LinkKind.BOOKING, "booking:www.cantal.gouv.fr/1", "https://www.cantal.gouv.fr"),),
    )


def snapshot(number: int = 1, *names: str, source: str = CANTAL) -> Snapshot:
    items = tuple(item(name) for name in names)
    return Snapshot(source, number, NOW + number * HOUR, "dsfr", 1, "div>h2", "Cantal", items)


def change(name: str = "a", *, source: str = CANTAL, at: datetime = NOW) -> Change:
    return Change(f"change-{source}-{name}", source, ChangeKind.EDITED, item(name), item(name + "2"), at)


def notice(name: str = "a") -> Notice:
    return Notice(
        title=f"Séjour : l’annonce {name}",
        body="Prenez rendez-vous en ligne.",
        prefecture="15",
        published_as=PartialDate("2026-09"),
        before="Prenez rendez-vous au guichet.",
        links=item(name).links,
    )


def alert(name: str = "a", *, source: str = CANTAL, **other: Any) -> Alert:
    plain = Alert(
        id=f"change-{source}-{name}",
        source=source,
        prefecture=source[:2],
        kind=ChangeKind.EDITED,
        state=AlertState.UNVERIFIED,
        title=f"Séjour : l’annonce {name}",
        address=f"https://www.cantal.gouv.fr/Actualites/{name}",
        summary="À partir du 1er octobre…",
        published=date(2026, 9, 9),
        detected_at=NOW,
        updated_at=NOW,
        verdict=VERDICT,
    )
    return replace(plain, **other)


def state(name: str = CANTAL, **other: Any) -> SourceState:
    return replace(SourceState(name, NOW + HOUR, outcome=Outcome.OK, last_poll_at=NOW), **other)


def plan(name: str = CANTAL, *, baseline: int = 0, **other: Any) -> PollPlan:
    """A quiet poll unless told otherwise."""
    return replace(PollPlan(name, Outcome.UNCHANGED, state(name, snapshot=baseline), baseline), **other)


def first_reading(*names: str, source: str = CANTAL) -> PollPlan:
    first = snapshot(1, *names, source=source)
    return plan(source, outcome=Outcome.OK, page=page(), snapshot=first, state=state(source, snapshot=1))


def news(name: str, baseline: int = 1, *, source: str = CANTAL, **other: Any) -> PollPlan:
    """A poll that found `name` changed and tells it."""
    following = plan(
        source,
        baseline=baseline,
        outcome=Outcome.OK,
        page=page(name.encode(), at=NOW + HOUR),
        snapshot=snapshot(baseline + 1, name, source=source),
        changes=(change(name, source=source),),
        notices={f"change-{source}-{name}": notice(name)},
        verdicts={f"change-{source}-{name}": VERDICT},
        articles={item(name).key: Article(f"Titre {name}", "Le texte.")},
        alerts=(alert(name, source=source),),
        state=state(source, snapshot=baseline + 1, last_changed_at=NOW),
    )
    return replace(following, **other)
