# ruff: noqa: E501 - one list stays one line
"""Addresses as readers get them: the same page, without what its link dragged along."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.core.address import absolute, canonical, presentable

SITE = "https://www.cantal.gouv.fr"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://www.cantal.gouv.fr/index.php/Actualites/u/(theme)/39?utm_source=x&xtor=3#eztoc1", "/Actualites/u"),
        ("http://WWW.Cantal.gouv.fr:80/Actualites/U/", "/Actualites/U/"),
        (f"{SITE}:443/A", "/A"),
        (f"{SITE}/layout/set/print/Actualites/A", "/Actualites/A"),
        (f"{SITE}/index.php/layout/set/print/A", "/A"),
        (f"{SITE}/index.php", "/"),
        (f"{SITE}/%28namefilter%29/B/A/(offset)/10", "/A/(offset)/10"),
        (f"{SITE}/A?b=2&fbclid=x&a=1&&gclid", "/A?b=2&a=1&"),
        (f"{SITE}/%C3%89t%c3%A9%20n%C2%B01+x.pdf", "/%C3%89t%c3%A9%20n%C2%B01+x.pdf"),
        (f"{SITE}/Hausse de 5% (été)", "/Hausse%20de%205%25%20(%C3%A9t%C3%A9)"),
        (f"{SITE}/a/index.php/layout/set/printer", "/a/index.php/layout/set/printer"),
    ],
)  # fmt: skip
def test_an_address_is_shown_without_what_its_link_dragged_along(address: str, shown: str) -> None:
    assert presentable(absolute(address, SITE) or "") == SITE + shown


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:8098/cantal/Actualites",
        "http://127.0.0.1/Actualites",
        "http://www.cantal.gouv.fr:8080/Actualites",
        "http://www.service-public.fr/x?b=2&a=1",
        "http://gouv.fr.example/Actualites",
        "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/#/vos-demarches/x",
        "mailto:pref-etrangers@cantal.gouv.fr",
    ],
)
def test_other_hosts_keep_their_scheme_and_the_anef_its_fragment(address: str) -> None:
    assert presentable(address) == address


PIECES = st.sampled_from(
    ["/", "index.php", "layout/set/print", "(theme)", "%28offset%29", "39", "é", "E\u0301", "%C3%A9", "%2F", "5% ", "..", ".", " ", "+", "|", "A", "?", "&", "utm_a=1", "a=1", "=", "#", "#/x", "[", "'"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["http://cantal.gouv.fr", SITE, "http://127.0.0.1:80"]), st.lists(PIECES, max_size=9))
def test_showing_an_address_changes_neither_its_key_nor_itself_again(host: str, pieces: list[str]) -> None:
    address = absolute(f"{host}/{''.join(pieces)}", SITE)
    if address:
        shown = presentable(address)

        assert canonical(shown) == canonical(address)
        assert presentable(shown) == shown
        assert absolute(shown, SITE) == shown
