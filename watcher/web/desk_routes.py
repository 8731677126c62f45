"""The pages on which maintainers decide: the queue, one case, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fastapi import Request, Response

from watcher.core.cases import Case
from watcher.core.decisions import Action, Carried, Decision, Order, Refused
from watcher.core.highlight import highlighted
from watcher.core.judge import decode
from watcher.core.users import Role
from watcher.core.wording import GIST
from watcher.entrance import Entered
from watcher.layouts.visible import visible_text
from watcher.web.desk_case import CaseWords
from watcher.web.desk_form import PREVIEW, Sent, Trouble, filled, first, offer, order, sent
from watcher.web.desk_guard import Guard
from watcher.web.desk_lists import list_routes
from watcher.web.desk_queue import queue_view
from watcher.web.desk_site import DeskPages, case_path, numbers, queue_path
from watcher.web.desk_sources import source_routes
from watcher.web.desk_trail import trail
from watcher.web.forms import Pairs
from watcher.web.policy import SCRIPTED
from watcher.web.site import Site, refusal

STORED = 60_000  # characters of a stored page that are shown
DONE = 120  # decisions that a page tells of: one for each préfecture
_STATUS = {"overtaken": 409, "rule_changed": 409}


def desk_routes(site: Site, guard: Guard, pages: DeskPages) -> None:
    desk = Desk(site, guard, pages)

    @guard.shows("/desk")
    def queue(request: Request, entered: Entered) -> Response:
        return desk.queue(request, entered)

    @guard.shows("/desk/alerts/{alert}")
    def case(request: Request, entered: Entered) -> Response:
        found = desk.found(request)
        return desk.show(request, entered, found, filled(found))

    @guard.shows("/desk/alerts/{alert}/page")
    def stored(request: Request, entered: Entered) -> Response:
        return desk.stored(request, entered)

    @guard.acts("/desk/alerts/{alert}", Role.REVIEWER)
    def decide(request: Request, entered: Entered, form: Pairs) -> Response:
        return desk.decide(request, entered, sent(form))

    @guard.acts("/desk/undo", Role.REVIEWER)
    def undo(request: Request, entered: Entered, form: Pairs) -> Response:
        return desk.undo(request, entered, form)

    list_routes(site, guard, pages)
    if pages.sites is not None:
        source_routes(site, guard, pages.sites)


class Desk:
    """What the routes do."""

    def __init__(self, site: Site, guard: Guard, pages: DeskPages) -> None:
        self._site = site
        self._guard = guard
        self._pages = pages
        self._review = pages.review

    def queue(self, request: Request, entered: Entered) -> Response:
        tongue = self._site.tongue(request)
        view = queue_view(
            self._review.queue(), self._site.vocabulary, tongue, entered.user.name, self._site.clock.now()
        )
        return self._page(request, entered, "desk_queue.html", here_in="queue", queue=view)

    def found(self, request: Request) -> Case:
        case = self._review.case(request.path_params["alert"])
        if case is None:
            raise refusal(404, "errors.no_alert")
        return case

    def show(
        self,
        request: Request,
        entered: Entered,
        case: Case,
        form: Sent,
        *,
        trouble: Trouble | None = None,
        refused: Refused | None = None,
        status: int = 200,
    ) -> Response:
        """A case, with the form as it was sent when something is wrong with it."""
        tongue, vocabulary = self._site.tongue(request), self._site.vocabulary
        words = self._words(request, entered)
        last = first(form, "last")
        since = [one for one in case.decisions if refused and last.isdecimal() and one.number > int(last)]
        return self._page(
            request,
            entered,
            "desk_case.html",
            status=status,
            here_in="queue",
            case=words.view(case, form),
            case_id=case.alert.id,
            form={**form, "seen": [case.version], "last": filled(case)["last"]},
            offered=offer(case.alert.verdict, vocabulary, tongue.code),
            places=sorted((code, vocabulary.place(code)) for code in vocabulary.prefectures),
            similar=words.trail(self._review.similar(case)),
            told=self._review.told([one.id for one in case.alerts]),
            trouble=trouble,
            refused=refused,
            since=words.trail(since),
            **self._around(request, case.alert.id),
        )

    def stored(self, request: Request, entered: Entered) -> Response:
        """The page on which the alert was found, as plain text."""
        case = self.found(request)
        first_id = case.change.id if case.change else case.alert.id
        page = self._pages.evidence(first_id)
        text = visible_text(decode(page), page.final_address, STORED) if page else ""
        wanted = [reason.words for reason in case.alert.verdict.reasons]
        return self._page(
            request,
            entered,
            "desk_page.html",
            here_in="queue",
            title=case.alert.title[:GIST],
            back=case_path(case.alert.id),
            page=page,
            marks=highlighted(text, wanted),
            cut=len(text) >= STORED,
        )

    def decide(self, request: Request, entered: Entered, form: Sent) -> Response:
        case = self.found(request)
        wanted = order(form, case, entered.user.name, self._site.vocabulary)
        if isinstance(wanted, Trouble):
            return self.show(request, entered, case, form, trouble=wanted, status=422)
        if first(form, "action") == PREVIEW:
            return self._preview(request, entered, case, form, wanted)
        following = self._following(case.alert.id)
        outcome = self._review.decide(wanted, about=case.alert.id)
        if isinstance(outcome, Refused):
            now = self._review.case(case.alert.id) or case
            status = _STATUS.get(outcome.why, 422)
            return self.show(request, entered, now, form, refused=outcome, status=status)
        return self._guard.home(request, self._onward(case, wanted, outcome, following))

    def undo(self, request: Request, entered: Entered, form: Pairs) -> Response:
        """Take back decisions, the newest first; what cannot be is told, and the rest stays undone."""
        asked = numbers(dict(form).get("numbers", ""), DONE)
        done: list[int] = []
        for number in sorted(asked, reverse=True):
            outcome = self._review.undo(number, entered.user.name)
            if isinstance(outcome, Refused):
                return self._not_undone(request, entered, outcome, done, len(asked))
            done += [one.number for one in outcome.decisions]
        if not done:
            raise refusal(422, "desk.trouble.no_decision")
        alert = next((d.alert for n in asked if (d := self._review.decision(n)) and d.alert), "")
        return self._guard.home(request, case_path(alert, done) if alert else queue_path(done))

    def _not_undone(
        self, request: Request, entered: Entered, refused: Refused, done: Sequence[int], asked: int
    ) -> Response:
        return self._page(
            request, entered, "desk_refused.html", status=409, refused=refused, count=len(done), asked=asked
        )

    def _preview(self, request: Request, entered: Entered, case: Case, form: Sent, wanted: Order) -> Response:
        """What a mute would have hidden, before anything is done."""
        if wanted.mute is None:
            raise TypeError("a preview is of a mute")
        preview = self._review.preview_mute(wanted.mute, besides=wanted.alerts)
        place = wanted.mute.prefecture
        return self._page(
            request,
            entered,
            "desk_mute.html",
            here_in="queue",
            case_id=case.alert.id,
            back=case_path(case.alert.id),
            form=form,
            wanted=wanted,
            place=self._site.vocabulary.place(place) if place else "",
            preview=preview,
            shown=[(one, self._site.vocabulary.place(one.prefecture)) for one in preview.shown],
        )

    def _around(self, request: Request, alert: str) -> dict[str, Any]:
        """Where this case stands in the queue, and the ones before and after it."""
        waiting = [entry.alert.id for entry in self._review.queue()]
        root = self._site.tongue(request).root
        here = waiting.index(alert) if alert in waiting else None
        before = waiting[here - 1] if here else None
        after = waiting[here + 1 : here + 2] if here is not None else waiting[:1]
        return {
            "position": here + 1 if here is not None else 0,
            "waiting": len(waiting),
            "previous": root + case_path(before) if before else "",
            "next": root + case_path(after[0]) if after else "",
        }

    def _following(self, alert: str) -> str:
        """The case that comes after this one, or the first of the queue."""
        waiting = [entry.alert.id for entry in self._review.queue()]
        place = waiting.index(alert) + 1 if alert in waiting else 0
        others = [one for one in [*waiting[place:], *waiting[:place]] if one != alert]
        return others[0] if others else ""

    def _onward(self, case: Case, wanted: Order, outcome: Carried, following: str) -> str:
        """On to the next case; back to this one while other préfectures of its text still wait."""
        done = [one.number for one in outcome.decisions]
        left = [one.id for one in case.also if one.id not in wanted.alerts]
        if left and wanted.action is not Action.ASK:
            return case_path(left[0], done)
        return case_path(following, done) if following else queue_path(done)

    def _words(self, request: Request, entered: Entered) -> CaseWords:
        site = self._site
        return CaseWords(
            site.vocabulary, site.tongue(request), entered.user.name, site.clock.now(), site.today()
        )

    def _done(self, request: Request) -> list[Decision]:
        asked = numbers(request.query_params.get("done", ""), DONE)
        return [found for number in asked if (found := self._review.decision(number))]

    def _page(
        self, request: Request, entered: Entered, template: str, status: int = 200, **values: object
    ) -> Response:
        done = trail(self._done(request), self._site.vocabulary, self._site.tongue(request))
        return self._guard.page(
            request, template, entered, status=status, headers={**SCRIPTED}, done=done, **values
        )
