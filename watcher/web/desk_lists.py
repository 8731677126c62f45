"""The desk's lists: the trail, what is broken, what is muted, and rules that nobody confirmed for long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from fastapi import Request, Response

from watcher.core import wording
from watcher.core.decisions import Action, Decision, Mute
from watcher.core.filing import Rule
from watcher.core.filing_tables import stale
from watcher.core.printable import one_line
from watcher.core.users import Role
from watcher.entrance import Entered
from watcher.web.desk_guard import Guard
from watcher.web.desk_problems import ProblemWords
from watcher.web.desk_site import DeskPages, case_path
from watcher.web.desk_trail import DecisionView, trail
from watcher.web.forms import Pairs
from watcher.web.rules_view import RuleView, RuleWords, rules_href
from watcher.web.site import Site, refusal

LINES = 50  # decisions on one page
RULES = 200  # rules on one page
DAYS = (30, 90, 180, 365)  # since when nobody confirmed a rule


@dataclass(frozen=True, slots=True)
class MuteView:
    words: str
    place: str  # "": everywhere
    by: str
    at: datetime
    href: str  # the alert that it was made for
    hidden: int
    ended_at: datetime | None
    number: int | None  # of the decision that can be undone to end it


@dataclass(frozen=True, slots=True)
class StaleRule:
    rule: RuleView
    motif: str
    href: str
    days: int
    by: str


def list_routes(site: Site, guard: Guard, pages: DeskPages) -> None:
    lists = Lists(site, guard, pages)

    @guard.shows("/desk/history")
    def history(request: Request, entered: Entered) -> Response:
        return lists.history(request, entered)

    @guard.shows("/desk/problems")
    def problems(request: Request, entered: Entered) -> Response:
        return lists.problems(request, entered)

    @guard.acts("/desk/problems", Role.REVIEWER)
    def look_again(request: Request, entered: Entered, form: Pairs) -> Response:
        source = dict(form).get("source", "")
        if not pages.review.look_again(source, entered.user.name):
            raise refusal(404, "desk.problems.unknown")
        return guard.home(request, "/desk/problems?" + urlencode({"looked": source}))

    @guard.shows("/desk/mutes")
    def mutes(request: Request, entered: Entered) -> Response:
        return lists.mutes(request, entered)

    @guard.shows("/desk/rules")
    def rules(request: Request, entered: Entered) -> Response:
        return lists.rules(request, entered)


class Lists:
    """What the routes show."""

    def __init__(self, site: Site, guard: Guard, pages: DeskPages) -> None:
        self._site = site
        self._guard = guard
        self._review = pages.review

    def history(self, request: Request, entered: Entered) -> Response:
        asked = {name: request.query_params.get(name, "").strip() for name in ("action", "by", "alert")}
        before = request.query_params.get("before", "")
        found = self._review.decisions(
            action=Action(asked["action"]) if asked["action"] in {*Action} else None,
            by=asked["by"] or None,
            alert=asked["alert"] or None,
            before=int(before) if before.isascii() and before.isdecimal() and len(before) < 10 else None,
            limit=LINES + 1,
        )
        shown = found[:LINES]
        return self._guard.page(
            request,
            "desk_history.html",
            entered,
            here_in="history",
            trail=self._trail(request, shown),
            asked=asked,
            actions=[(str(action), f"desk.actions.{action}") for action in Action],
            older=self._older(request, asked, shown) if len(found) > LINES else "",
            done=(),
        )

    def problems(self, request: Request, entered: Entered) -> Response:
        site, store = self._site, self._site.store
        words = ProblemWords(
            site.catalogue, store.outlines(), site.vocabulary, site.tongue(request), site.clock.now()
        )
        wide, single = words.split(store.problems())
        looked = request.query_params.get("looked", "")
        return self._guard.page(
            request,
            "desk_problems.html",
            entered,
            here_in="problems",
            wide=wide,
            single=single,
            people=sum(one.needs_human for one in (*wide, *single)),
            looked=looked if looked in site.catalogue.sources else "",
            done=(),
        )

    def mutes(self, request: Request, entered: Entered) -> Response:
        hidden = self._review.muted()
        found = self._review.mutes(ended=True)
        views = [self._mute(request, one, hidden.get(one.id, 0)) for one in reversed(found)]
        return self._guard.page(
            request,
            "desk_mutes.html",
            entered,
            here_in="mutes",
            mutes=[one for one in views if one.ended_at is None],
            ended=[one for one in views if one.ended_at is not None],
            done=(),
        )

    def rules(self, request: Request, entered: Entered) -> Response:
        site, asked = self._site, request.query_params.get("days", "")
        days = int(asked) if asked in map(str, DAYS) else DAYS[2]
        found = stale(site.rules.book(), site.today(), days) if site.rules else []
        return self._guard.page(
            request,
            "desk_rules.html",
            entered,
            here_in="rules",
            days=days,
            choices=DAYS,
            total=len(found),
            rules=[self._rule(request, rule) for rule in found[:RULES]],
            done=(),
        )

    def _trail(self, request: Request, decisions: Sequence[Decision]) -> tuple[DecisionView, ...]:
        return trail(decisions, self._site.vocabulary, self._site.tongue(request))

    def _older(self, request: Request, asked: dict[str, str], shown: Sequence[Decision]) -> str:
        kept = {name: value for name, value in asked.items() if value}
        query = urlencode({**kept, "before": shown[-1].number})
        return f"{self._site.tongue(request).root}/desk/history?{query}"

    def _mute(self, request: Request, mute: Mute, hidden: int) -> MuteView:
        made = (one for one in self._review.decisions(alert=mute.alert) if one.mute == mute.id)
        return MuteView(
            words=one_line(mute.words, wording.TITLE),
            place=self._site.vocabulary.place(mute.prefecture) if mute.prefecture else "",
            by=one_line(mute.by, wording.TITLE),
            at=mute.at,
            href=self._site.tongue(request).root + case_path(mute.alert),
            hidden=hidden,
            ended_at=mute.ended_at,
            number=next((one.number for one in made if one.action is Action.MUTE), None),
        )

    def _rule(self, request: Request, rule: Rule) -> StaleRule:
        site, tongue = self._site, self._site.tongue(request)
        words = RuleWords(site.vocabulary, tongue, site.today())
        return StaleRule(
            rule=words.rule(rule),
            motif=site.vocabulary.motif(rule.motif, tongue.code),
            href=rules_href(tongue.root, rule.prefecture, rule.motif),
            days=(site.today() - rule.checked_on).days,
            by=one_line(rule.checked_by, wording.TITLE),
        )
