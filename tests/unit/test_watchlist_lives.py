"""What is watched is another, while everybody goes on with what they hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from watcher.core.catalogue import Brake, Catalogue, Platform, Prefecture, Source, SourceKind
from watcher.core.watchlist import Living, Watchlist

IDE = Platform("ide", timedelta(seconds=7), 0.3, Brake())
CANTAL, RHONE = (
    Prefecture(code, name, f"https://{name}.example") for code, name in (("15", "Cantal"), ("69", "Rhône"))
)


def page(code: str) -> Source:
    return Source(
        f"{code}-a", code, SourceKind.NEWS, f"https://{code}.example/A", "dsfr", "ide", timedelta(hours=1)
    )


FIRST = Catalogue({"ide": IDE}, {"15": CANTAL}, {"15-a": page("15")})
NEXT = Catalogue({"ide": replace(IDE, jitter=0.1)}, {"69": RHONE}, {"69-a": page("69")})


def test_whoever_holds_it_sees_what_is_watched_now() -> None:
    watched = Watchlist(FIRST)
    held = watched.catalogue
    assert held == FIRST

    watched.renew(NEXT)

    assert held == NEXT
    assert (list(held.sources), len(held.sources), dict(held.prefectures.items())) == (
        ["69-a"],
        1,
        {"69": RHONE},
    )
    assert held.platforms["ide"].jitter == 0.1
    assert ("15-a" in held.sources, held.sources.get("15-a")) == (False, None)


def test_what_was_begun_with_what_left_can_be_ended() -> None:
    watched = Watchlist(FIRST)
    going = iter(watched.catalogue.sources.values())
    watched.renew(NEXT)

    begun = next(going)

    assert watched.catalogue.prefectures[begun.prefecture] == CANTAL
    assert watched.catalogue.platforms[begun.platform].name == "ide"
    with pytest.raises(KeyError):
        watched.catalogue.prefectures["99"]


def test_who_remembers_is_told_before_a_new_page_is_there_and_its_platform_is() -> None:
    watched = Watchlist(FIRST)
    heard: list[tuple[bool, bool, bool]] = []
    watched.tell(
        lambda following: heard.append(
            (
                "69-a" in following.sources,
                "69-a" in watched.catalogue.sources,
                "69" in watched.catalogue.prefectures,
            )
        )
    )

    watched.renew(NEXT)

    assert heard == [(True, False, True)]


def test_what_comes_back_is_there_again() -> None:
    living: Living[int] = Living({"a": 1})
    living.replace({"b": 2})
    living.replace({"a": 3})
    assert (living == {"a": 3}, living["a"], living["b"]) == (True, 3, 2)
