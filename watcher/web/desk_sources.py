"""What discovery proposes to watch, to be accepted or refused at the desk."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from urllib.parse import urlencode

from fastapi import Request, Response

from watcher.core import wording
from watcher.core.discovery_labels import ROLES
from watcher.core.errors import UserError
from watcher.core.labels import Vocabulary
from watcher.core.printable import one_line
from watcher.core.site_proposals import Recorded
from watcher.core.users import Role
from watcher.core.weblinks import WebLink, web_link
from watcher.entrance import Entered
from watcher.site_review import SiteReview
from watcher.web.desk_guard import Guard
from watcher.web.forms import Pairs
from watcher.web.site import Site, refusal

PAGE = "/desk/sources"
LINES = 200  # proposals on one page
EVIDENCE = 300  # characters


@dataclass(frozen=True, slots=True)
class ProposalView:
    id: str
    role: str
    source: str
    link: WebLink | None
    percent: int
    way: tuple[str, ...]
    evidence: str
    instead_of: WebLink | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class PlaceView:
    """The proposals for one préfecture."""

    place: str
    proposals: tuple[ProposalView, ...]


def source_routes(site: Site, guard: Guard, review: SiteReview) -> None:
    @guard.shows(PAGE)
    def proposed(request: Request, entered: Entered) -> Response:
        return _page(site, guard, review, request, entered)

    @guard.acts(PAGE, Role.REVIEWER)
    def decide(request: Request, entered: Entered, form: Pairs) -> Response:
        sent = dict(form)
        settle = {"accept": review.accept, "refuse": review.refuse}.get(sent.get("action", ""))
        if settle is None or review.find(sent.get("proposal", "")) is None:
            raise refusal(404, "desk.sources.unknown")
        try:
            done = settle(sent["proposal"], entered.user.name)
        except UserError as error:
            return _page(site, guard, review, request, entered, trouble=str(error), status=409)
        told = sent["action"] if done else "late"
        return guard.home(request, f"{PAGE}?{urlencode({'done': told})}")


def _page(
    site: Site,
    guard: Guard,
    review: SiteReview,
    request: Request,
    entered: Entered,
    *,
    trouble: str = "",
    status: int = 200,
) -> Response:
    everything, code = review.open(), site.tongue(request).code
    wanted = request.query_params.get("prefecture", "")
    wanted = wanted if wanted in site.vocabulary.prefectures else ""
    found = [one for one in everything if not wanted or one.proposal.prefecture == wanted]
    counted = Counter(one.proposal.prefecture for one in everything)
    done = request.query_params.get("done", "")
    return guard.page(
        request,
        "desk_sources.html",
        entered,
        status=status,
        here_in="sources",
        total=len(found),
        shown=min(len(found), LINES),
        wanted=wanted,
        counts=[(name, site.vocabulary.place(name), number) for name, number in counted.items()],
        places=list(_places(found[:LINES], site.vocabulary, code)),
        trouble=one_line(trouble, EVIDENCE),
        told=done if done in ("accept", "refuse", "late") else "",
        done=(),
    )


def _places(found: Iterable[Recorded], vocabulary: Vocabulary, code: str) -> Iterable[PlaceView]:
    for prefecture, mine in groupby(found, key=lambda one: one.proposal.prefecture):
        yield PlaceView(vocabulary.place(prefecture), tuple(_view(one, code) for one in mine))


def _view(recorded: Recorded, code: str) -> ProposalView:
    made = recorded.proposal
    return ProposalView(
        id=made.id,
        role=ROLES[made.role].told(code),
        source=made.stanza.id,
        link=web_link(made.stanza.url),
        percent=round(100 * made.confidence),
        way=tuple(one_line(step, wording.TITLE) for step in made.way),
        evidence=one_line(" ; ".join(made.evidence), EVIDENCE),
        instead_of=web_link(made.instead_of) if made.instead_of else None,
        made_at=recorded.made_at,
    )
