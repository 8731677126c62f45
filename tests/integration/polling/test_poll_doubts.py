"""Pages that are not believed: the baseline stays, nobody is alerted, and a second look is taken."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.fakes.watch import NEWS, SEJOUR, Retitling, Watch, changes, told
from tests.fakes.web import (
    GUIDE,
    HOST,
    LIST,
    MAINTENANCE,
    Card,
    card,
    cards,
    framed,
    guide_page,
    list_page,
)
from watcher.core.page import FailureKind, Outcome
from watcher.core.state import ProblemKind
from watcher.silence import Silence

SOON = timedelta(minutes=12)
OTHERS = [replace(c, title=f"Séjour {n}", path=f"Autre-{n}") for n, c in enumerate(cards(20))]
EMPTY_LIST = framed("Actualités", "<p>Retrouvez ici toute l'actualité de vos services.</p>" * 8)
NO_NEWS = framed("Actualités", "<p>Aucune actualité.</p>")

PAGES = {
    Outcome.MAINTENANCE: (MAINTENANCE, 200),
    Outcome.GONE: (framed("Page", "<p>x</p>"), 404),
    Outcome.BLOCKED: (framed("Accès refusé", "<p>Non.</p>"), 403),
    Outcome.UNREACHABLE: ("<h1>Oups</h1>", 500),
    Outcome.TRUNCATED: (list_page(cards(20))[:2000], 200),
    Outcome.EMPTY: (EMPTY_LIST, 200),
    Outcome.SOFT_404: (framed("Actualités", "<p>Bienvenue</p>" * 30, site="Hébergeur SA"), 200),
}


@pytest.fixture
def read(watch: Watch) -> Watch:
    watch.show(cards(20))
    watch.poll()
    return watch


def test_a_list_without_any_known_item_is_implausible(read: Watch) -> None:
    read.show(OTHERS)

    polled = read.later()

    assert (polled.outcome, changes(polled)) == (Outcome.IMPLAUSIBLE, ())
    assert polled.reason == "aucun élément connu ne reste"
    assert read.known() == [c.title for c in cards(20)]


def test_a_second_reading_that_agrees_after_an_hour_releases_it_without_a_flood(read: Watch) -> None:
    read.show(OTHERS)
    outcomes = [read.later(span).outcome for span in (timedelta(hours=1), timedelta(minutes=45), SOON)]

    assert outcomes == [Outcome.IMPLAUSIBLE, Outcome.IMPLAUSIBLE, Outcome.OK]
    assert read.known() == [c.title for c in OTHERS]
    assert not read.alerts()


def test_a_second_reading_that_says_something_else_starts_the_wait_anew(read: Watch) -> None:
    read.show(OTHERS)
    read.later()
    read.show([*OTHERS[:9], replace(OTHERS[9], title="Autre chose")])

    assert read.later().outcome is Outcome.IMPLAUSIBLE
    assert read.later().outcome is Outcome.OK


def test_the_page_of_before_forgets_the_doubt(read: Watch) -> None:
    read.show(OTHERS)
    read.later()
    read.show(cards(20))

    assert (read.later(SOON).outcome, read.state().suspicion) == (Outcome.OK, None)
    read.show(OTHERS)
    assert read.later(SOON).outcome is Outcome.IMPLAUSIBLE


def test_what_was_published_meanwhile_is_told_when_a_doubt_is_released(read: Watch) -> None:
    fresh = replace(card(29, "Titres de séjour"), path="Aujourd-hui")  # dated on the day of the baseline
    read.show([fresh, *OTHERS[:9]])
    read.later()

    assert told(read.later()) == [("added", "Titres de séjour")]


@pytest.mark.parametrize(
    "shown",
    [
        pytest.param(cards(20, 4), id="most gone"),
        pytest.param([replace(c, title=f"{c.title} bis") for c in cards(20)], id="most edited"),
        pytest.param(
            [replace(c, title=f"Vieux {n}", path=f"V{n}") for n, c in enumerate(cards(-90, 6))] + cards(20),
            id="many old newcomers",
        ),
    ],
)
def test_too_much_at_once_is_implausible(read: Watch, shown: list[Card]) -> None:
    read.show(shown)
    if shown == cards(20, 4):
        read.web.show(LIST, list_page(shown))

    assert read.later().outcome is Outcome.IMPLAUSIBLE


def test_many_newcomers_of_today_are_believed(watch: Watch) -> None:
    watch.clock.time -= timedelta(days=9)
    watch.show(cards(20))
    watch.poll()
    watch.show([*cards(27, 7), *cards(20, 3)])

    assert len(told(watch.later())) == 7


def test_a_list_that_lost_all_its_dates_is_implausible(read: Watch) -> None:
    html = list_page(cards(20))
    read.web.show(LIST, html.replace("Publié le", "Vu").replace("/2025", ""))

    assert (read.later().outcome, read.poll().reason) == (
        Outcome.IMPLAUSIBLE,
        "les dates ont disparu de la liste",
    )


def test_a_new_template_that_also_edits_is_implausible(read: Watch) -> None:
    shown = [replace(c, title="Le séjour en ligne") if c == card(15) else c for c in cards(20)]
    html = list_page(shown).replace('<div class="fr-card ', '<div class="wrap"><div class="fr-card ')
    read.web.show(LIST, html.replace("</div></div></div>", "</div></div></div></div>"))

    assert read.later().outcome is Outcome.IMPLAUSIBLE


def test_a_new_template_alone_is_no_news(read: Watch) -> None:
    html = list_page(cards(20)).replace('<div class="fr-card ', '<div class="wrap"><div class="fr-card ')
    read.web.show(LIST, html.replace("</div></div></div>", "</div></div></div></div>"))

    assert (read.later().outcome, read.later().outcome) == (Outcome.OK, Outcome.UNCHANGED)


class TestBadPages:
    """F06–F09: errors dressed as pages touch neither baseline nor readers."""

    @pytest.mark.parametrize("outcome", PAGES)
    def test_a_bad_page_and_the_good_one_after_it_alert_nobody(self, read: Watch, outcome: Outcome) -> None:
        html, status = PAGES[outcome]
        before = read.store.latest_snapshot(NEWS.id)
        read.web.show(LIST, html, status=status)

        polled = [read.later() for _ in range(3)]

        assert [p.outcome for p in polled] == [outcome] * 3
        assert all(p.reason for p in polled)
        assert read.store.latest_snapshot(NEWS.id) == before
        assert [subject for subject, _ in read.problems()] == [NEWS.id]

        read.show(cards(20))
        assert read.later().outcome.read
        assert not read.problems()
        assert not read.store.history(NEWS.id)

    @pytest.mark.parametrize("outcome", PAGES)
    def test_what_was_published_behind_it_is_told_afterwards(self, read: Watch, outcome: Outcome) -> None:
        html, status = PAGES[outcome]
        read.web.show(LIST, html, status=status)
        read.later()
        read.show([card(21, "Titres de séjour"), *cards(20)])

        assert told(read.later()) == [("added", "Titres de séjour")]

    @pytest.mark.parametrize(
        ("kind", "outcome"),
        [
            (FailureKind.TIMEOUT, Outcome.UNREACHABLE),
            (FailureKind.DNS, Outcome.UNREACHABLE),
            (FailureKind.TRUNCATED, Outcome.TRUNCATED),
            (FailureKind.BOMB, Outcome.REFUSED),
            (FailureKind.REDIRECT_LOOP, Outcome.REFUSED),
            (FailureKind.ROBOTS, Outcome.DISALLOWED),
        ],
    )
    def test_no_page_at_all_changes_nothing(self, read: Watch, kind: FailureKind, outcome: Outcome) -> None:
        read.web.break_(kind, LIST)

        polled = read.later()

        assert (polled.outcome, changes(polled)) == (outcome, ())
        assert "as the script says" in polled.reason
        assert read.known() == [c.title for c in cards(20)]

    def test_one_failure_is_weather_several_are_a_problem(self, read: Watch) -> None:
        read.web.replies[LIST] = FailureKind.PROTOCOL
        found = []
        for _ in range(4):
            read.later()
            found.append([kind for _, kind in read.problems()])

        assert found == [[], [ProblemKind.UNREACHABLE], [ProblemKind.UNREACHABLE], [ProblemKind.UNREACHABLE]]

    def test_a_server_that_asks_for_patience_is_given_it(self, read: Watch) -> None:
        read.web.show(LIST, "<h1>503</h1>", status=503, retry_after=timedelta(hours=3))
        read.later()

        assert read.state().next_poll_at - read.clock.now() == timedelta(hours=3)

    def test_but_never_more_than_six_hours(self, read: Watch) -> None:
        read.web.show(LIST, "<h1>503</h1>", status=503, retry_after=timedelta(days=9999))
        read.later()

        assert read.state().next_poll_at - read.clock.now() == timedelta(hours=6)


class TestEmptyLists:
    def test_a_page_that_says_itself_that_it_is_empty_is_doubted_all_the_same(self, read: Watch) -> None:
        read.web.show(LIST, NO_NEWS)

        assert read.later().outcome is Outcome.EMPTY
        assert read.later().outcome is Outcome.OK
        assert not read.alerts()

    def test_items_that_come_back_after_it_are_not_announced_again(self, read: Watch) -> None:
        read.web.show(LIST, NO_NEWS)
        read.later()
        read.later()
        read.show(cards(20))

        assert told(read.later()) == []

    def test_a_first_reading_may_be_declared_empty(self, watch: Watch) -> None:
        watch.web.show(LIST, NO_NEWS)

        assert watch.poll().outcome is Outcome.OK

    def test_a_list_that_shows_nothing_without_saying_so_is_never_believed(self, read: Watch) -> None:
        """Else a layout that reads nothing any more would fall silent, and look fine."""
        read.web.show(LIST, EMPTY_LIST)

        assert {read.later().outcome for _ in range(10)} == {Outcome.EMPTY}
        assert [(p.kind, p.needs_human) for p in read.store.problems()] == [(ProblemKind.UNREADABLE, True)]
        assert read.known()

    def test_a_first_reading_of_nothing_is_no_baseline(self, watch: Watch) -> None:
        watch.web.show(LIST, EMPTY_LIST)

        assert (watch.poll().outcome, watch.state().snapshot) == (Outcome.EMPTY, 0)


class TestMoves:
    def test_a_list_that_redirects_elsewhere_is_read_there_and_a_human_is_told(self, read: Watch) -> None:
        elsewhere = f"{HOST}/Publications/Actualites"
        read.web.show(elsewhere, list_page([card(21, "Titres de séjour"), *cards(20)]))
        read.write(card(21, "Titres de séjour"))
        read.web.lead(LIST, elsewhere)

        polled = read.later()

        assert polled.outcome is Outcome.MOVED
        assert told(polled) == [("added", "Titres de séjour")]
        (problem,) = read.store.problems()
        assert (problem.kind, problem.needs_human) == (ProblemKind.MOVED, True)
        assert elsewhere in problem.evidence

    def test_the_problem_ends_when_the_list_is_back(self, read: Watch) -> None:
        elsewhere = f"{HOST}/Publications/Actualites"
        read.web.show(elsewhere, list_page(cards(20)))
        read.web.lead(LIST, elsewhere)
        read.later()
        read.show(cards(20))

        assert read.later().outcome.read
        assert not read.problems()

    def test_a_redirect_to_the_home_page_is_a_soft_404(self, read: Watch) -> None:
        read.web.show(f"{HOST}/", list_page(cards(20), title="Accueil"))
        read.web.lead(LIST, f"{HOST}/")

        assert read.later().outcome is Outcome.SOFT_404

    def test_so_is_one_to_the_search_of_the_site(self, read: Watch) -> None:
        search = f"{HOST}/contenu/recherche?SearchText=actualites"
        read.web.show(search, list_page(cards(20), title="Recherche"))
        read.web.lead(LIST, search)

        assert read.later().outcome is Outcome.SOFT_404

    def test_a_content_page_read_elsewhere_is_not_believed_at_once(self, watch: Watch) -> None:
        elsewhere = f"{HOST}/Etrangers/Nouvelle-page"
        watch.web.show(GUIDE, guide_page(("Séjour", ["Au guichet.", "Le matin."])))
        watch.poll(SEJOUR)
        watch.web.show(elsewhere, guide_page(("Séjour", ["Sur internet.", "Le matin."]), ("Plus", ["Rien."])))
        watch.web.lead(GUIDE, elsewhere)

        first, second = watch.later(source=SEJOUR), watch.later(source=SEJOUR)

        assert (first.outcome, told(first)) == (Outcome.IMPLAUSIBLE, [])
        assert (second.outcome, told(second)) == (Outcome.MOVED, [("edited", "Séjour")])


class TestAWrongPageThatStays:
    """Of the same site, and the same for days: nobody can know better than to believe it in the end."""

    @pytest.fixture
    def wrong(self, read: Watch) -> Watch:
        read.show(OTHERS)
        for _ in range(4 * 24):
            read.later()
        assert read.known() == [c.title for c in OTHERS]
        return read

    def test_what_the_true_page_published_behind_it_is_told_once_it_is_back(self, wrong: Watch) -> None:
        days = [card(30, "Séjour, le lendemain"), card(31, "Séjour, deux jours après")]
        wrong.show([*reversed(days), *cards(20)])
        seen = [told(wrong.later()) for _ in range(4)]

        assert [one for one in seen if one] == [
            [("added", "Séjour, deux jours après"), ("added", "Séjour, le lendemain")]
        ]
        assert wrong.state().accepted is None

    def test_a_true_page_that_published_nothing_comes_back_without_a_word(self, wrong: Watch) -> None:
        wrong.show(cards(20))
        seen = [told(wrong.later()) for _ in range(4)]

        assert seen == [[], [], [], []]
        assert wrong.known() == [c.title for c in cards(20)]

    def test_maintainers_are_told_that_it_was_believed_until_the_true_one_is_back(self, wrong: Watch) -> None:
        watch = Silence(wrong.store, wrong.catalogue)
        watch.note(wrong.clock.now(), {})
        (problem,) = [one for one in wrong.store.problems() if one.kind is ProblemKind.ACCEPTED]
        assert problem.needs_human
        assert "aucun élément connu ne reste" in problem.evidence

        wrong.show(cards(20))
        for _ in range(3):
            wrong.later()
        watch.note(wrong.clock.now(), {})
        assert not [one for one in wrong.store.problems() if one.kind is ProblemKind.ACCEPTED]

    def test_a_redesign_that_stays_is_no_reason_to_tell_old_news_after_the_next_one(
        self, wrong: Watch
    ) -> None:
        wrong.show([replace(c, title=f"Séjour : nouveau {n}", path=f"N{n}") for n, c in enumerate(cards(20))])
        seen = [told(wrong.later()) for _ in range(4)]

        assert seen == [[], [], [], []]


class TestAWrongPageThatWasBelievedAndTakenBack:
    """By somebody who saw it, while it was still there or once the true one was back."""

    @pytest.fixture
    def taken_back(self, read: Watch) -> Watch:
        read.show(OTHERS)
        for _ in range(26):
            read.later()
        assert read.known() == [c.title for c in OTHERS]
        assert read.store.versions.revert(NEWS.id, 1, "ada", read.clock.now())
        return read

    def test_the_true_page_is_what_it_was_and_tells_nothing(self, taken_back: Watch) -> None:
        taken_back.show(cards(20))

        polled = taken_back.poll()

        assert (polled.outcome, told(polled)) == (Outcome.OK, [])
        assert taken_back.known() == [c.title for c in cards(20)]
        assert taken_back.alerts() == []
        assert taken_back.state().accepted is None

    def test_what_it_published_meanwhile_is_told_at_once(self, taken_back: Watch) -> None:
        taken_back.show([card(30, "Séjour, le lendemain"), *cards(20)])

        assert told(taken_back.poll()) == [("added", "Séjour, le lendemain")]

    def test_the_wrong_one_is_doubted_again_and_tells_nothing(self, taken_back: Watch) -> None:
        seen = [taken_back.poll(), *(taken_back.later() for _ in range(30))]

        assert seen[0].outcome is Outcome.IMPLAUSIBLE
        assert [told(one) for one in seen if told(one)] == []

    def test_a_layout_that_reads_it_anew_reads_the_true_page(self, taken_back: Watch) -> None:
        taken_back.layout = lambda name: Retitling(name)
        taken_back.show(cards(20))

        polled = taken_back.poll()

        assert (polled.outcome, told(polled)) == (Outcome.OK, [])
