"""What moves on real pages without anything having changed. None of these acts yields an event."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from watcher.replica.baseline import SINGLE_RUBRIC
from watcher.replica.model import Form, Guide, Links, Markup, News, Section, Typography
from watcher.replica.sites import ONLY_CHILD_GUIDE
from watcher.replica.texts.menu import RUBRICS
from watcher.replica.week.acts import Act, Result, Turn


def typeset(*choices: Typography) -> Act:
    """The same texts, typed in another way."""

    def act(turn: Turn) -> Result:
        return replace(turn.state, typography=turn.chance.choice(choices)), ()

    return act


def spell_links(*choices: Links) -> Act:
    """The same items, their addresses written in another way."""

    def act(turn: Turn) -> Result:
        return replace(turn.state, links=turn.chance.choice(choices)), ()

    return act


def render_with(markup: Markup) -> Act:
    """The same items in another template."""

    def act(turn: Turn) -> Result:
        return replace(turn.state, markup=markup), ()

    return act


def renew_images(turn: Turn) -> Result:
    return replace(turn.state, image_version=turn.state.image_version + 1), ()


def swap_cards(turn: Turn) -> Result:
    """Two neighbours of one day change places."""
    news = list(turn.state.news)
    for place, (one, two) in enumerate(pairwise(news)):
        if one.published == two.published and one.form is two.form is Form.ARTICLE:
            news[place], news[place + 1] = two, one
            break
    return replace(turn.state, news=tuple(news)), ()


def touch_card(turn: Turn) -> Result:
    """An item is saved again: the day moves, the text does not."""
    news = turn.state.news
    touched = replace(news[1], updated=turn.day)
    return replace(turn.state, news=(news[0], touched, *news[2:])), ()


def touch_guide(turn: Turn) -> Result:
    """Only "Mis à jour le" and the hour of the last slots move."""
    stamp = f"le {turn.day:%d/%m/%Y} à 09:{turn.chance.randint(10, 59)}"

    def change(section: Section) -> Section:
        lines = tuple(
            f"Dernière mise en ligne de rendez-vous : {stamp}" if text.startswith("Dernière mise") else text
            for text in section.paragraphs
        )
        return replace(section, paragraphs=lines)

    return _guide(turn, replace(turn.state.guide, updated=turn.day), change)


def send_files_again(turn: Turn) -> Result:
    """The downloads get new ids, sizes and days; they are the same documents."""

    def change(section: Section) -> Section:
        files = tuple(
            replace(
                file, number=file.number + 2_111, detail=f"{file.detail[:3]} - 0,4 Mb - {turn.day:%d/%m/%Y}"
            )
            for file in section.files
        )
        return replace(section, files=files)

    return _guide(turn, turn.state.guide, change)


def rename_procedure_host(turn: Turn) -> Result:
    """demarches-simplifiees.fr is now demarche.numerique.gouv.fr; the procedures are the same."""

    def change(section: Section) -> Section:
        lines = tuple(
            text.replace("https://www.demarches-simplifiees.fr/", "https://demarche.numerique.gouv.fr/")
            for text in section.paragraphs
        )
        return replace(section, paragraphs=lines)

    return _guide(turn, turn.state.guide, change)


def change_menu(turn: Turn) -> Result:
    return replace(turn.state, menu=turn.state.menu + 1), ()


def add_rubric(turn: Turn) -> Result:
    """One more grey card beside the news."""
    fresh = next(label for label in RUBRICS if label not in turn.state.rubrics)
    return replace(turn.state, rubrics=(*turn.state.rubrics, fresh)), ()


def rename_item(turn: Turn) -> Result:
    """The second article gets another address; the old one answers 301."""
    news = turn.state.news
    place = [index for index, item in enumerate(news) if item.form is Form.ARTICLE][1]
    renamed = replace(news[place], path=f"{news[place].path}2")
    moved = {**turn.state.moved, news[place].path: renamed.path}
    return replace(turn.state, news=(*news[:place], renamed, *news[place + 1 :]), moved=moved), ()


def move_guide(turn: Turn) -> Result:
    """The foreigners page itself moves; its watched address answers 301."""
    old = turn.state.guide.path
    guide = replace(turn.state.guide, path=f"{old}/Titres-de-sejour2")
    return replace(turn.state, guide=guide, moved={**turn.state.moved, old: guide.path}), ()


def second_child(turn: Turn) -> Result:
    """A rubric that redirected to its one child has two now, and becomes a list."""
    children = dict(turn.state.children)
    only = dict(turn.state.only_child)
    letter = News(
        f"{SINGLE_RUBRIC}/Lettre-n-2",
        "Lettre de l'État n° 2",
        turn.day,
        ("Numéro de rentrée.",),
        number=77_001,
    )
    first = replace(letter, path=only.pop(SINGLE_RUBRIC), title="Lettre de l'État n° 1", number=77_002)
    children[SINGLE_RUBRIC] = (letter, first)
    if turn.site.code == ONLY_CHILD_GUIDE and turn.site.renamed is None:
        guide = turn.state.guide
        parent = guide.path.rpartition("/")[0]
        del only[parent]
        children[parent] = (
            News(guide.path, guide.title, turn.day, (), form=Form.UNDATED, number=77_003),
            News(
                f"{parent}/Nationalite",
                "Nationalité française",
                turn.day,
                (),
                form=Form.UNDATED,
                number=77_004,
            ),
        )
    return replace(turn.state, only_child=only, children=children), ()


def raise_guard(turn: Turn) -> Result:
    return replace(turn.state, guarded=True), ()


def lower_guard(turn: Turn) -> Result:
    return replace(turn.state, guarded=False), ()


def _guide(turn: Turn, guide: Guide, change: Callable[[Section], Section]) -> Result:
    sections = tuple(change(section) for section in guide.sections)
    return replace(turn.state, guide=replace(guide, sections=sections)), ()
