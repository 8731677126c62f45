"""Finding what was told by its words, and reading on where one stopped."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from tests.fakes.plans import CANTAL, HOUR, NOW, VERDICT, alert, first_reading, news, source
from watcher.core.alerts import Alert, AlertState
from watcher.core.ports import Store
from watcher.core.verdict import Fact

RHONE = "69-actualites"
BEZIERS = alert(
    "beziers",
    title="Sous-préfecture de BÉZIERS : fermeture de l’accueil",
    summary="Les dossiers déposés avant le 1er août sont traités par la main-d'œuvre saisonnière.",
    detected_at=NOW - HOUR,
    verdict=replace(VERDICT, motifs=("salarie",), facts=()),
)
ANEF = alert(
    "anef",
    source=RHONE,
    title="Renouvellement",
    summary="Le dépôt se fait sur l'ANEF.",
    before="Le dépôt se fait par courrier.",
    state=AlertState.VERIFIED,
    verdict=replace(VERDICT, categories=("fee",), facts=(Fact("Un timbre de 225 € est demandé."),)),
)


@pytest.fixture
def told(store: Store) -> Store:
    return telling(store, BEZIERS, ANEF)


def telling(store: Store, *alerts: Alert) -> Store:
    store.register([source(CANTAL), source(RHONE)], NOW)
    for name in (CANTAL, RHONE):
        store.save(first_reading(source=name))
        store.save(news("x", source=name, alerts=tuple(a for a in alerts if a.source == name)))
    return store


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("béziers", [BEZIERS]),
        ("BEZIERS", [BEZIERS]),
        ("be\u0301ziers", [BEZIERS]),
        ("ＢＥＺＩＥＲＳ", [BEZIERS]),
        ("bezi", [BEZIERS]),
        ("ziers", []),
        ("main d'oeuvre", [BEZIERS]),
        ("MAIN-D’ŒUVRE", [BEZIERS]),
        ("accueil fermeture", [BEZIERS]),
        ("l'accueil", [BEZIERS]),
        ("fermeture anef", []),
        ("l'anef", [ANEF]),
        ("ANEF", [ANEF]),
        ("courrier", [ANEF]),
        ("timbre 225", [ANEF]),
        ("renouvel", [ANEF]),
        ("depose", [BEZIERS]),
        ("dep", [ANEF, BEZIERS]),
        ("", [ANEF, BEZIERS]),
        ("?!", [ANEF, BEZIERS]),
        ("prefecture 15", []),
    ],
)
def test_an_alert_is_found_by_the_beginnings_of_its_words(
    told: Store, words: str, found: list[Alert]
) -> None:
    assert told.alerts(words=words) == found


@pytest.mark.parametrize(
    "words",
    [
        "l'anef",
        '"anef"',
        '"anef',
        "anef*",
        "^anef",
        "anef AND",
        "anef OR courrier",
        "anef NOT courrier",
        "NEAR(anef courrier, 2)",
        "words:anef",
        "{words} : anef",
        "-anef",
        "anef & ! ( | <->",
        "anef:*",
        "'anef'':*",
        "\\anef\\",
        "anef%_",
        "anef\0",
        "anef\ud800",
        "¶anef",
        "a" * 5000 + " anef",
        " ".join(f"mot{n}" for n in range(3000)),
        "anef; DROP TABLE alerts",
        "🙂 anef",
        "ⵣ ١٢ 中文 anef",
        "ﷺ" * 3000,
    ],
)
def test_whatever_is_typed_is_words_and_never_syntax(told: Store, words: str) -> None:
    assert set(told.alerts(words=words)) <= {ANEF}
    assert told.alerts() == [ANEF, BEZIERS]


@pytest.mark.parametrize(
    "words", ["l'anef", '"anef"', '"anef', "anef*", "^anef", "-anef", "anef%_", "🙂 anef", "¶anef"]
)
def test_signs_around_a_word_change_nothing(told: Store, words: str) -> None:
    assert told.alerts(words=words) == [ANEF]


@pytest.mark.parametrize(
    "words", ["été", "東京都庁", "ⵣⵓⵍ", "العربية", "𞤀𞤣𞤤", "Ⅷ", "naïve²", "İstanbul", "ﬁche"]
)
def test_words_of_any_script_are_found(store: Store, words: str) -> None:
    one = alert("one", title=f"Avis : {words}.")

    assert telling(store, one).alerts(words=words) == [one]
    assert store.alerts(words=words + "x") == []


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"words": "dep", "prefecture": "69"}, [ANEF]),
        ({"words": "dep", "category": "fee"}, [ANEF]),
        ({"words": "dep", "motif": "salarie"}, [ANEF, BEZIERS]),
        ({"words": "dep", "motif": "etudiant"}, [ANEF]),
        ({"words": "dep", "state": AlertState.UNVERIFIED}, [BEZIERS]),
        ({"words": "dep", "since": NOW}, [ANEF]),
        ({"words": "dep", "limit": 1}, [ANEF]),
        ({"words": "dep", "limit": 0}, []),
        ({"words": "dep", "category": "fee", "motif": "etudiant", "prefecture": "15"}, []),
        ({"words": "dep", "category": '" OR "'}, []),
        ({"motif": "x" * 9000}, []),
        ({"after": (ANEF.detected_at, ANEF.id)}, [BEZIERS]),
        ({"words": "dep", "after": (ANEF.detected_at, ANEF.id)}, [BEZIERS]),
        ({"words": "dep", "after": (BEZIERS.detected_at, BEZIERS.id)}, []),
    ],
)
def test_words_join_other_wishes(told: Store, wanted: dict[str, Any], found: list[Alert]) -> None:
    assert told.alerts(**wanted) == found


@pytest.mark.parametrize("wanted", [{}, {"words": "annonce"}, {"motif": "salarie"}, {"prefecture": "15"}])
def test_reading_on_meets_each_alert_once_and_in_order(store: Store, wanted: dict[str, Any]) -> None:
    """Also within one microsecond, within one second, and from a place that is no alert's."""
    moments = (NOW, NOW + timedelta(microseconds=1), NOW + timedelta(milliseconds=400), NOW - HOUR)
    many = [alert(f"{moment:%f%H}-{n}", detected_at=moment) for n, moment in product("2031", moments)]
    telling(store, *many)
    read: list[Alert] = []
    after: tuple[datetime, str] | None = None
    while page := store.alerts(**wanted, after=after, limit=3):
        read += page
        after = (page[-1].detected_at, page[-1].id)

    assert read == sorted(sorted(many, key=lambda a: a.id), key=lambda a: a.detected_at, reverse=True)
    assert store.alerts(**wanted) == read
    assert store.alerts(**wanted, after=(NOW, "z")) == read[-4:]


def test_an_alert_that_comes_again_is_found_as_it_was_told(told: Store) -> None:
    told.save(news("y", baseline=2, alerts=(replace(BEZIERS, title="Autre"),)))

    assert told.alerts(words="autre") == []
    assert told.alerts(words="beziers") == [BEZIERS]


def test_a_refused_poll_leaves_no_words(told: Store) -> None:
    assert not told.save(news("z", baseline=9, alerts=(alert("z", title="Inattendu"),)))

    assert told.alerts(words="inattendu") == []


def test_a_monstrous_text_is_found_by_its_first_words(store: Store) -> None:
    vast = alert("vast", title="Avis", summary=" ".join(f"mot{n}é{'x' * 90}" for n in range(3000)))

    assert telling(store, vast).alerts(words="mot1e" + "x" * 500) == [vast]


def test_what_corrects_an_alert_and_the_same_text_elsewhere_are_found(store: Store) -> None:
    first = alert("first", group="g" * 24, detected_at=NOW)
    fix = alert("fix", corrects=first.id, detected_at=NOW + HOUR)
    twin = alert("twin", source=RHONE, prefecture="69", group="g" * 24, detected_at=NOW + HOUR)
    long_ago = alert("long-ago", source=RHONE, group="g" * 24, detected_at=NOW - timedelta(days=60))
    told = telling(store, first, fix, twin, long_ago, BEZIERS)

    assert {one.id for one in told.related(first)} == {fix.id, twin.id}
    assert told.related(BEZIERS) == []


@pytest.mark.parametrize("limit", [1, 20, None])
@pytest.mark.parametrize(
    "words",
    [
        "prorogation",
        "prorogation propose",
        "propose prorogation prolongee",
        "prorog prop",
        "propose prevue",
        "propos",
    ],
)
def test_rare_words_are_found_behind_many_that_begin_alike(
    store: Store, words: str, limit: int | None
) -> None:
    """600 newer alerts share their first three letters."""
    many = [
        alert(
            f"m{number}",
            title="Proposé",
            summary="Prolongée" if number % 7 else "Prévue",
            detected_at=NOW - number * timedelta(minutes=1),
        )
        for number in range(600)
    ]
    rare = alert("rare", title="Prorogation", summary="Proposé, prolongée.", detected_at=NOW - 24 * HOUR)
    telling(store, *many, rare)

    asked = words.split()
    having = [
        one
        for one in [*many, rare]
        if all(any(word.startswith(term) for word in _folded(one)) for term in asked)
    ]
    assert list(store.alerts(words=words, limit=limit)) == having[:limit]
    assert (
        list(store.alerts(words=words, limit=limit, since=NOW - 2 * HOUR))
        == [one for one in having if one.detected_at >= NOW - 2 * HOUR][:limit]
    )


def _folded(one: Alert) -> list[str]:
    plain = f"{one.title} {one.summary}".lower().replace("é", "e")
    return plain.replace(",", "").replace(".", "").split()
