# ruff: noqa: E501
"""The quick look is sound: what it does not see, extraction does not read."""

from __future__ import annotations

import random
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.proportion import in_proportion
from watcher import layouts
from watcher.core.region import cleaned, digest, glimpse, region, swallows, undrawn

ADDRESS = "https://www.cantal.gouv.fr/Actualites"


def card(number: int, token: str) -> str:
    return f"""<div class="fr-col-12"><div id={token} class="fr-card fr-card--horizontal" data-token="{token}" style="order:{number}">
    <h2 class="fr-card__title" aria-describedby="{token}"><a class="fr-card__link" href="/Actualites/A{number}" onclick="track('{token}')">
       Titre   {number}</a></h2><p class="fr-card__detail">Publié le {number + 1:02}/08/2026</p>
    <img alt="" src="/var/ide_site/storage/images/a/{token[:6]}-fre-FR/n.jpg" width="{len(token)}"></div></div>"""


def page(number: str = "0a1b", around: str = "x", cards: int = 4) -> str:
    inside = "".join(card(place, f"{number}{place}") for place in range(cards))
    return f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>Actualités - {around}</title>
    <script nonce="{number}">var t="{number}";</script></head><body><header>{around}</header>
    <main role="main" id="main-{number}"><!-- {number} --><h1 class="">Actualités</h1>{inside}
    <form action="/x"><input type="hidden" name="csrf" value="{number}"><label for="{number}">Chercher</label></form>
    <style>.a{number}{{color:red}}</style><script>let a="{number}";</script></main><footer>{around} {number}</footer></body></html>"""


def mark(html: str) -> str:
    return digest(region(html.encode()))


@settings(max_examples=100, deadline=None)
@given(st.text("0123456789abcdef", min_size=4, max_size=32), st.text("abc <>&\"'=", max_size=30))
def test_ids_tokens_scripts_and_surroundings_leave_the_digest_alone(token: str, around: str) -> None:
    assert mark(page(token + "7", around)) == mark(page())


MARKUP = st.text("<>/ \"'=id-!abc0", max_size=40)
DRAWN = st.text("0123456789abcdef", min_size=32, max_size=32)


@settings(max_examples=300, deadline=None)
@given(
    MARKUP,
    st.sampled_from(["<div ", "<h2 ", "<!--<p ", "<script ", '<a title="<b ', "text <li "]),
    st.sampled_from(["", '"']),
    DRAWN,
    DRAWN,
    MARKUP,
)
def test_regions_that_differ_in_drawn_ids_alone_have_one_glimpse_and_are_read_alike(
    before: str, opening: str, quote: str, one: str, other: str, after: str
) -> None:
    parts = [
        f"<main>{before}{opening}id={quote}{token}{quote} class=x>{after}".encode() for token in (one, other)
    ]
    assert glimpse(parts[0]) == glimpse(parts[1])
    assert digest(parts[0]) == digest(parts[1])
    assert cleaned(parts[0]) == cleaned(parts[1]) == cleaned(undrawn(parts[0]))
    assert swallows(parts[0]) == swallows(parts[1]) == swallows(undrawn(parts[0]))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("id=" + "a" * 32, "id=" + "g" * 32),
        ("numéro id=" + "0" * 32, "numéro id=" + "1" * 32),
        ("<p>un</p>", "<p>deux</p>"),
        ("<p>un</p>", "<p>un </p>"),
    ],
)
def test_whatever_else_differs_is_looked_at_more_closely(old: str, new: str) -> None:
    was = f"<main><p>un</p>numéro id={'0' * 32} <p id={'a' * 32}>"
    assert old in was
    assert glimpse(was.encode()) != glimpse(was.replace(old, new, 1).encode())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Titre   2", "Titre 2 bis"),
        ("Publié le 03/08/2026", "Publié le 04/08/2026"),
        ('href="/Actualites/A2"', 'href="/Actualites/B2"'),
        ("fr-card--horizontal", "fr-card--grey"),
        ("Actualités</h1>", "Archives</h1>"),
    ],
)
def test_whatever_extraction_reads_changes_the_digest(old: str, new: str) -> None:
    assert old in page()
    assert mark(page().replace(old, new, 1)) != mark(page())


def test_the_base_of_links_is_part_of_the_region() -> None:
    based = page().replace("<head>", '<head><base href="https://www.cantal.gouv.fr/autre/">')

    assert mark(based) != mark(page())


def test_spaces_are_collapsed_but_words_are_kept_apart() -> None:
    assert cleaned(b"<p>un \n\t <b>mot</b> <i>deux</i></p>") == b"<p>un <b>mot</b> <i>deux</i></p>"


def test_an_attribute_whose_value_is_missing_does_not_swallow_the_next() -> None:
    assert cleaned(b'<a id= class="fr-link fr-link--download" href="/x.pdf">') == (
        b'<a class="fr-link fr-link--download" href="/x.pdf">'
    )


def test_text_that_looks_like_an_attribute_stays() -> None:
    assert cleaned(b"<p>le dossier id=12 > 3 et src=abc</p>") == b"<p>le dossier id=12 > 3 et src=abc</p>"


def test_the_region_is_the_main_element_that_is_shown() -> None:
    body = b'<body><script>x="<main>"</script><!-- <main>old</main> --><p>menu</p><main id=a><p>new</p></main><p>foot</p></body>'

    assert region(body) == b"<main id=a><p>new</p>"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"<html><body class=x><p>a</p></body></html>", b"<body class=x><p>a</p></body></html>"),
        (b"<p>a</p>", b"<p>a</p>"),
        (
            b'<body><p>menu</p><div class="c" role="main"><p>a</p></div></body>',
            b'<div class="c" role="main"><p>a</p></div></body>',
        ),
        (b"<MAIN><p>a</p></MAIN><footer>", b"<MAIN><p>a</p></MAIN><footer>"),
        (b"", b""),
    ],
)
def test_without_main_element_the_region_falls_back(body: bytes, expected: bytes) -> None:
    assert region(body) == expected


@pytest.mark.parametrize(
    ("inside", "hides"),
    [
        ("<p>a</p><!-- closed <li>old</li> --><p>b</p>", False),
        ("<p>a</p><!-- unclosed <li>b</li>", True),
        ("<p>a</p><!-- unclosed <li>b</li> <!-- next --><p>c</p>", True),
        ("<!--><li>b</li>-->", False),
        ("<script>var a = '<li>';</script><p>a</p>", False),
        ("<script>var a = 1;<p>b</p>", True),
        ("<script>var a = 1;<p>b</p><script>var b;</script>", True),
        ("<style>.a{}<p>b</p></style>", True),
        ("<title>x<p>b</p>", True),
        ("<textarea><p>b</p>", True),
        ("<xmp><p>b</p>", True),
        ("<iframe src=x><p>b</p>", True),
        ("<iframe src=x><p>no frames here</p></iframe>", False),
        ("<plaintext><p>b</p>", True),
    ],
)
def test_markup_hidden_by_something_unclosed_is_noticed(inside: str, hides: bool) -> None:
    assert swallows(inside.encode()) is hides


PIECES = st.sampled_from(
    ["<div class=fr-card>", "</div>", "<h2 class='fr-card__title'>", "</h2>", "<a href=/x", ">", "texte ", "<!--", "-->", "<!-->", "<script>",
     "</script>", "<p id=", "'", '"', "=", " class=", "<main>", "</main>", "<", "&amp;", "\u00a0", "é", "\0", "<li>", "<td>", "<h2>", "<ul>", "x"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30), st.lists(PIECES, max_size=6), st.randoms(use_true_random=False))
def test_equal_digests_are_equal_extractions_on_any_markup(
    pieces: list[str], noise: list[str], chance: random.Random
) -> None:
    """Also on broken pages, where a difference in the noise can hide or show more than itself."""
    one = "<main>" + "".join(pieces)
    other = list(pieces)
    for piece in noise:
        other.insert(chance.randint(0, len(other)), piece)
    two = "<main>" + "".join(other).replace("<p id=", f"<p id={chance.random()}")
    for name in ("dsfr", "content"):
        extractions = [layouts.get(name).extract(html, ADDRESS, {}) for html in (one, two)]
        if mark(one) == mark(two):
            assert extractions[0] == extractions[1]


@pytest.mark.parametrize(
    "worst",
    [
        "<!--",
        "<!",
        "<a ",
        '<a ="',
        "<a ='",
        "</script ",
        "<script>",
        "=",
        "<",
        "/",
        "<main ",
        "<!--<main ",
        "<base ",
        " a= a",
    ],
)
def test_a_megabyte_of_broken_markup_is_cleaned_in_linear_time(worst: str) -> None:
    def body(length: int) -> bytes:
        return b"<main><p " + worst.encode() * (length // len(worst))

    assert in_proportion(lambda given: digest(region(given)), body, 1_000_000)
    assert in_proportion(lambda given: swallows(region(given)), body, 1_000_000)


def test_a_region_of_markup_without_measure_is_not_cleaned_to_be_known_again() -> None:
    """Cleaning ten million octets of it takes seconds and half a gigabyte, and nobody parses it afterwards."""
    crowded = b"<main>" + b"<b>" * 3_000_000 + b"</main>"
    tracemalloc.start()
    first = digest(crowded)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 1_000_000
    assert digest(crowded) == first != digest(crowded.replace(b"<b>", b"<i>", 1))


def test_a_region_of_words_without_measure_costs_little_more_than_itself() -> None:
    words = b"<main>" + b"un " * 1_500_000 + b"</main>"
    tracemalloc.start()
    cleaned(words)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert most < 5 * len(words)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from([b" ", b"\t", b"\n", b"\r", b"\v", b"\f", b"a", b"<p>", b"\x1c", b"\xa0"])))
def test_space_is_the_same_in_long_regions_as_in_short_ones(pieces: list[bytes]) -> None:
    text = b"".join(pieces)

    assert cleaned(text + b" " * 1_000_000 + b"z") == cleaned(text + b" z")
