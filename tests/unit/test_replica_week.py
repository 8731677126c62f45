"""The replica's week: what is said to have changed has, and nothing else."""

from __future__ import annotations

import html
import re
import unicodedata
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise

import pytest

from watcher.replica import STEPS
from watcher.replica.model import Event, Form, Markup, Moment, State
from watcher.replica.prefectures import NAMES
from watcher.replica.routes import respond, understand
from watcher.replica.sites import GUIDES, REGION, Site, Skin, build_site
from watcher.replica.week.build import moment, play

SEEDS = (2025, 7)
CARD = re.compile(
    r'<a class="(?:fr-card__link|ide-actu__lien)[^"]*"[^>]*>(.*?)</a>'
    r'|<h2 class="news-list-title"><a[^>]*>(.*?)</a>|field--name-title">(.*?)</span>',
    re.DOTALL,
)


@cache
def sites(seed: int) -> dict[str, Site]:
    return {code: build_site(code, seed, "http://127.0.0.1:1", "") for code in (*NAMES, REGION)}


@cache
def week(seed: int) -> tuple[Moment, ...]:
    return play(sites(seed), seed)


def fold(text: str) -> str:
    """What is left of a text when typography, case and spaces are taken away."""
    plain = html.unescape(html.unescape(re.sub(r"<[^>]+>", " ", text)))
    plain = unicodedata.normalize("NFC", plain).replace("’", "'").replace("…", "...").casefold()
    return "".join(char for char in plain if not char.isspace() and unicodedata.category(char) != "Cf")


def page(seed: int, step: int, code: str, path: str) -> tuple[int, str]:
    """Status and HTML of one page."""
    return rendered(seed, code, week(seed)[step].states[code], path)


def rendered(seed: int, code: str, state: State, path: str) -> tuple[int, str]:
    answer = respond(sites(seed)[code], seed, state, understand(path, cookie="pp_visite=1"))
    return answer.status, answer.body.decode()


def titles(seed: int, step: int, code: str) -> frozenset[str]:
    """The titles of a whole list, all its pages, as its HTML has them."""
    state = week(seed)[step].states[code]
    return _titles(seed, code, id(state))


@cache
def _titles(seed: int, code: str, state: int) -> frozenset[str]:
    """Kept per state, of which the week holds far fewer than steps."""
    shown = next(m.states[code] for m in week(seed) if id(m.states[code]) == state)
    found: set[str] = set()
    for offset in range(0, len(shown.news), 10):
        whole = rendered(seed, code, shown, f"{sites(seed)[code].list_path}/(offset)/{offset}")[1]
        list_ = whole.partition('role="main"')[2].partition('<nav class="fr-sidemenu"')[0]
        found.update(fold("".join(groups)) for groups in CARD.findall(list_ or whole))
    return frozenset(found)


def main_text(seed: int, step: int, code: str, path: str) -> str:
    inside = page(seed, step, code, path)[1].split("<main")[1].split("</main>")[0]
    return inside.partition(">")[2].partition(">")[2]


def listed(event: Event, site: Site, titles_: frozenset[str]) -> bool:
    """Whether the item's title stands on the list, whatever day stands before it."""
    return any(title.endswith(fold(event.title)) for title in titles_)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_announced_change_of_a_list_is_seen_in_its_html_between_the_two_steps(seed: int) -> None:
    seen = 0
    for step in range(1, STEPS + 1):
        for event in week(seed)[step].events:
            if event.source == "sejour":
                continue
            site = sites(seed)[event.code]
            before, after = (listed(event, site, titles(seed, at, event.code)) for at in (step - 1, step))

            assert (before, after) == ((True, False) if event.kind == "withdrawn" else (False, True)), event
            seen += 1
    assert seen > 80


@pytest.mark.parametrize("seed", SEEDS)
def test_every_announced_change_of_a_foreigners_page_is_seen_in_its_html(seed: int) -> None:
    seen = 0
    for step in range(1, STEPS + 1):
        for event in week(seed)[step].events:
            if event.source != "sejour":
                continue
            before, after = (main_text(seed, at, event.code, event.path) for at in (step - 1, step))

            assert fold(event.title) in fold(after)
            assert (fold(event.title) in fold(before)) == (event.kind == "edited")
            assert _content(before) != _content(after)
            seen += 1
    assert seen == 5


@pytest.mark.parametrize("seed", SEEDS)
def test_the_page_of_an_item_says_what_is_told_and_a_withdrawn_one_is_gone(seed: int) -> None:
    for step in range(1, STEPS + 1):
        for event in week(seed)[step].events:
            if event.source == "sejour":
                continue
            status, whole = page(seed, step, event.code, event.path)
            if event.kind == "withdrawn":
                assert status == 404
            elif _form(week(seed)[step].states[event.code], event) is Form.ARTICLE:
                assert status == 200
                assert fold(event.title) in fold(whole)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_list_of_which_nothing_is_told_keeps_its_items_through_all_the_noise(seed: int) -> None:
    compared = 0
    for step, (before, after) in enumerate(pairwise(week(seed)), start=1):
        told = {event.code for event in after.events}
        for code in sites(seed):
            if code not in told and before.states[code] != after.states[code]:
                compared += 1
                assert titles(seed, step - 1, code) == titles(seed, step, code), (step, code)
    assert compared > 300


@pytest.mark.parametrize("seed", SEEDS)
def test_a_foreigners_page_of_which_nothing_is_told_keeps_its_words(seed: int) -> None:
    for step, (before, after) in enumerate(pairwise(week(seed)), start=1):
        told = {event.code for event in after.events if event.source == "sejour"}
        for code in sites(seed):
            if code in GUIDES and code not in told and before.states[code] is not after.states[code]:
                old, new = (moment_.states[code].guide.path for moment_ in (before, after))

                assert _content(main_text(seed, step - 1, code, old)) == _content(
                    main_text(seed, step, code, new)
                )


def test_a_change_is_told_for_what_it_is() -> None:
    told = {(event.code, event.source): event.truth for event in week(2025)[10].events}

    assert told["15", "actualites"].effective_from == "2025-10-01"
    assert told["15", "actualites"].categories == ("rdv_modality",)
    assert told["15", "actualites"].channel_after == "rdv_en_ligne"
    assert told["15", "sejour"].motifs == ("hors_anef",)
    assert moment(10).date() == datetime(2025, 9, 10, tzinfo=UTC).date()


@pytest.mark.parametrize("seed", SEEDS)
def test_most_news_are_not_about_residence_permits_but_the_week_has_every_category(seed: int) -> None:
    truths = [event.truth for moment_ in week(seed) for event in moment_.events]
    told = {category for truth in truths if truth.relevant for category in truth.categories}

    assert sum(not truth.relevant for truth in truths) > sum(truth.relevant for truth in truths) > 20
    assert told == {
        "anef_integration",
        "rdv_modality",
        "filing_channel",
        "opening_hours_or_closure",
        "documents_required",
        "processing_time",
        "fee",
        "special_scheme",
        "outage",
        "fraud_warning",
        "naturalisation",
    }


@pytest.mark.parametrize("seed", SEEDS)
def test_nothing_is_told_of_a_site_while_it_is_broken(seed: int) -> None:
    for moment_ in week(seed):
        assert not {event.code for event in moment_.events} & set(moment_.faults)


def test_newcomers_push_old_items_to_the_second_page_and_once_more_than_a_page_comes_at_a_time() -> None:
    added = [
        len([e for e in m.events if e.code == code])
        for m, code in ((week(2025)[5], "06"), (week(2025)[11], "83"))
    ]
    relevant = next(event for event in week(2025)[11].events if event.code == "83" and event.truth.relevant)

    assert added == [5, 12]
    assert fold(relevant.title) not in fold(main_text(2025, 11, "83", "/Actualites"))
    assert fold(relevant.title) in fold(main_text(2025, 11, "83", "/Actualites/(offset)/10"))


def test_one_template_changes_alone_and_then_all_of_them() -> None:
    markups = [{code: state.markup for code, state in moment_.states.items()} for moment_ in week(2025)]
    dsfr = [code for code, site in sites(2025).items() if site.skin is Skin.DSFR]

    assert [code for code in dsfr if markups[15][code] is not Markup.USUAL] == ["31"]
    assert all(markups[16][code] is Markup.NEXT for code in dsfr)


def test_half_of_the_shared_hosts_fail_together_and_all_recover() -> None:
    ide = [code for code, site in sites(2025).items() if site.platform == "ide"]

    assert 0.35 * len(ide) < len(week(2025)[4].faults) < 0.65 * len(ide)
    assert set(week(2025)[4].faults.values()) == {"503"}
    assert {mode for step in (8, 13, 20) for mode in week(2025)[step].faults.values()} == {
        "reset",
        "maintenance",
        "waf",
        "empty",
        "truncated",
        "soft404",
    }
    assert not week(2025)[STEPS].faults


def test_the_week_goes_forward_in_working_hours() -> None:
    times = [moment(step) for step in range(STEPS + 1)]

    assert times == sorted(set(times))
    assert all(time.utcoffset() == UTC.utcoffset(None) for time in times)
    assert times[0].date() == datetime(2025, 9, 8, tzinfo=UTC).date()
    assert all(6 <= time.hour <= 16 for time in times)


def test_the_same_seed_gives_the_same_week_and_another_seed_another() -> None:
    assert play(sites(7), 7) == week(7)
    assert week(7)[1].events != week(2025)[1].events


def test_what_happens_to_a_site_does_not_depend_on_which_others_there_are() -> None:
    few = {code: sites(2025)[code] for code in ("15", "94", "2A")}

    for alone, among in zip(play(few, 2025), week(2025), strict=True):
        assert alone.states == {code: among.states[code] for code in few}
        assert alone.events == tuple(event for event in among.events if event.code in few)


def _content(main: str) -> str:
    """The words and official links of a page, without days, files' details and the hour of the last slots."""
    named = re.sub(r'href="([^"]+)"', lambda match: f">{_place(match[1])}<", main)
    named = re.sub(r"Mis à jour le [\d/]+|\w+ - [\d,]+ Mb - [\d/]+|Dernière mise[^<]*", "", named)
    return fold(re.sub(r"<p[^>]*>\s*(?:Mis|Derni)[^<]*</p>", "", named))


def _place(address: str) -> str:
    if "/contenu/telechargement/" in address:
        return address.rpartition("/")[2]
    return address.replace("www.demarches-simplifiees.fr", "demarche.numerique.gouv.fr")


def _form(state: State, event: Event) -> Form:
    return next(item.form for item in state.news if item.path == event.path)
