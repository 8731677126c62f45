"""A reviewer is shown what was decided about texts like the one at hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from tests.fakes.alerts import SEEN, alert
from tests.fakes.desk import MemoryDesk
from watcher.core.alerts import Alert
from watcher.core.decisions import Action, Decision
from watcher.precedents import Precedents

CLOSURE = "Fermeture exceptionnelle du service des étrangers"
HERE = alert(1, title=CLOSURE, summary="Le service des étrangers sera fermé le lundi 10 novembre 2025.")
LIKE = alert(
    2, title=CLOSURE, summary="Le service des étrangers sera fermé le vendredi 2 mai 2025.", prefecture="69"
)
UNLIKE = alert(3)


def decided(number: int, about: Alert, action: Action = Action.VERIFY) -> Decision:
    return Decision(action, "ada", SEEN + timedelta(days=number), number=number, alert=about.id, before=about)


def similar(alerts: list[Alert], trail: list[Decision]) -> list[Decision]:
    """As a desk with this trail, newest first, answers."""
    desk = MemoryDesk()
    desk.kept.trail += sorted(trail, key=lambda one: one.number)
    return list(Precedents(desk).like(alerts))


def test_the_likest_comes_first_and_what_is_unlike_not_at_all() -> None:
    less = replace(
        LIKE, id="f" * 24, title="Le service des étrangers déménage", summary="À compter du 2 mai."
    )

    found = similar([HERE], [decided(3, UNLIKE), decided(2, less), decided(1, LIKE)])

    assert [one.number for one in found] == [1, 2]


def test_one_text_in_many_prefectures_is_one_precedent() -> None:
    many = [decided(n, replace(LIKE, id=f"{n:024x}")) for n in range(30, 20, -1)]

    assert [one.number for one in similar([HERE], many)] == [30]


def test_at_most_five_are_shown() -> None:
    many = [decided(n, replace(LIKE, id=f"{n:024x}", title=f"{CLOSURE} {n}")) for n in range(40, 20, -1)]

    assert len(similar([HERE], many)) == 5


def test_what_was_taken_back_settled_nothing_or_is_the_case_itself_does_not_count() -> None:
    own = decided(1, HERE)
    asked = decided(2, LIKE, Action.ASK)
    gone = decided(3, LIKE)
    undone = Decision(Action.UNDO, "bob", SEEN, number=4, alert=LIKE.id, before=LIKE, undoes=3)

    assert similar([HERE], [undone, gone, asked, own]) == []


def test_the_decision_that_made_a_notice_is_no_precedent_of_it() -> None:
    correction = replace(decided(1, LIKE, Action.CORRECT), notice="n")

    assert similar([replace(LIKE, id="n", corrects=LIKE.id)], [correction]) == []


def test_a_text_without_words_is_like_nothing() -> None:
    empty = replace(HERE, id="e", title="…", summary="")

    assert similar([empty], [decided(1, replace(empty, id="x")), decided(2, LIKE)]) == []


def test_what_is_decided_meanwhile_is_known_and_what_is_undone_forgotten() -> None:
    desk = MemoryDesk()
    precedents = Precedents(desk)
    assert precedents.like([HERE]) == ()

    desk.kept.trail.append(decided(1, LIKE))
    assert [one.number for one in precedents.like([HERE])] == [1]

    desk.kept.trail.append(Decision(Action.UNDO, "bob", SEEN, number=2, alert=LIKE.id, undoes=1))
    assert precedents.like([HERE]) == ()


def test_a_long_trail_is_read_once_and_from_its_end() -> None:
    desk = MemoryDesk()
    far = [decided(n, replace(UNLIKE, id=f"{n:024x}")) for n in range(1, 1301)]
    desk.kept.trail += [decided(0, LIKE), *far, decided(1301, LIKE)]
    precedents = Precedents(desk)

    assert [one.number for one in precedents.like([HERE])] == [1301]
    desk.kept.trail += [decided(n, replace(LIKE, id=f"{n:024x}")) for n in range(1302, 1702)]
    assert [one.number for one in precedents.like([HERE])] == [1701]
