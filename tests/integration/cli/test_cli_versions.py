"""`vigie sources revert`: what was kept of a page, and which of it holds again."""

from __future__ import annotations

from tests.fakes.command_line import Vigie

PAGE = "15-actualites"


def versions(vigie: Vigie) -> list[str]:
    return vigie("sources", "revert", PAGE).out.splitlines()


def test_the_versions_that_are_kept_are_shown_with_what_they_say(told: Vigie) -> None:
    newest, *rest = versions(told)

    assert newest.startswith(f"version {len(rest) + 1} (en vigueur), du 10 septembre 2025 à ")
    assert " éléments : « " in newest
    assert len([line for line in (newest, *rest) if "(en vigueur)" in line]) == 1


def test_one_of_them_is_put_back_and_what_was_told_since_is_named(told: Vigie) -> None:
    (alert,) = [row["id"] for row in told("alerts", "--json").rows if row["source"] == PAGE]
    before = len(versions(told))

    ran = told("sources", "revert", PAGE, str(before - 1), "--by", "ada")

    assert (ran.status, ran.err) == (0, "")
    assert f"{PAGE} : la version {before - 1} tient de nouveau" in ran.out
    assert f"« vigie review reject ID ») : {alert}" in ran.out
    assert versions(told)[0].startswith(f"version {before + 1} (en vigueur)")
    (line,) = told("review", "history", "--json").rows
    assert (line["action"], line["subject"], line["by"]) == ("revert", PAGE, "ada")


def test_what_cannot_be_put_back_is_told_in_a_line(told: Vigie) -> None:
    for asked, complaint in (
        ((PAGE, "999"), "la version 999 ne peut être reprise"),
        (("15-nulle-part",), "source inconnue : 15-nulle-part"),
    ):
        ran = told("sources", "revert", *asked)

        assert ran.status == 2
        assert complaint in ran.error


def test_a_page_that_was_never_read_has_none(vigie: Vigie) -> None:
    assert "jamais lue" in vigie("sources", "revert", PAGE).error
