"""Addresses: which one a link means, and when two are one page."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from watcher.core.address import absolute, canonical, file_name, host_of, same_site

BASE = "https://www.cantal.gouv.fr/Actualites/Espace-presse"
KEY = "https://www.cantal.gouv.fr/Actualites/Été-2026"

SAME = [
    "https://www.cantal.gouv.fr/Actualites/Été-2026",
    "http://www.cantal.gouv.fr/Actualites/Été-2026",
    "https://cantal.gouv.fr/Actualites/Été-2026/",
    "HTTPS://WWW.CANTAL.GOUV.FR/Actualites/Été-2026",
    "https://www.cantal.gouv.fr./Actualites/Été-2026",
    "https://www.cantal.gouv.fr.:443/Actualites/Été-2026",
    "https://www.cantal.gouv.fr:443/Actualites/Été-2026",
    "http://www.cantal.gouv.fr:80/Actualites/Été-2026",
    "/Actualites/%C3%89t%C3%A9-2026",
    "/Actualites/%c3%89t%c3%a9-2026",
    "/Actualites/E\u0301te\u0301-2026",
    "/index.php/Actualites/Été-2026",
    "/layout/set/print/Actualites/Été-2026",
    "/index.php/layout/set/print/Actualites/Été-2026",
    "/Actualites/Été-2026/(offset)/10",
    "/Actualites/Été-2026/%28offset%29/10",
    "/Actualites/Été-2026/(theme)/39",
    "/Actualites/(namefilter)/B/Été-2026",
    "/Actualites/Été-2026?utm_source=x&utm_medium=mail",
    "/Actualites/Été-2026?xtor=RSS-1",
    "/Actualites/Été-2026#eztoc330656_1_2",
    "/Actualites//Espace/../Été-2026/.",
    "  /Actualites/Été-2026\n",
    "../Actualites/Été-2026",
]


@pytest.mark.parametrize("link", SAME)
def test_all_spellings_of_one_address_have_one_key(link: str) -> None:
    assert canonical(link, BASE) == KEY


@pytest.mark.parametrize(
    "link",
    [
        "/actualites/été-2026",
        "/Actualites/Été-2026-2",
        "/Actualites/Ete-2026",
        "/Actualites/Été-2026?page=2",
        "https://www.lozere.gouv.fr/Actualites/Été-2026",
        "https://www.cantal.gouv.fr:8443/Actualites/Été-2026",
        "/Actualites%2FÉté-2026",
    ],
)
def test_another_page_has_another_key(link: str) -> None:
    assert canonical(link, BASE) not in (KEY, None)


def test_loopback_hosts_are_told_apart_by_port_but_not_by_scheme() -> None:
    assert canonical("http://127.0.0.1:8080/a") != canonical("http://127.0.0.1:8081/a")
    assert canonical("http://127.0.0.1:8080/a") != canonical("http://127.0.0.2:8080/a")
    assert canonical("http://127.0.0.1:8080/a/") == canonical("https://127.0.0.1:8080/a")


def test_the_pages_of_the_anef_are_told_by_their_fragment() -> None:
    anef = "https://administration-etrangers-en-france.interieur.gouv.fr/particuliers/"

    assert canonical(f"{anef}#/vos-demarches") != canonical(f"{anef}#/espace-personnel/connexion")
    assert canonical(f"{anef}#/") == canonical(anef)


HOSTILE = [
    "https://evil.example\\@www.paris.gouv.fr/",
    "https:\\\\evil.example",
    "/\\evil.example",
    "\\\\evil.example\\x",
    "///evil.example/x",
    "////evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https:///evil.example",
    "http:",
    "https://",
    "https://user@evil.example/",
    "https://www.cantal.gouv.fr@evil.example/",
    "https://www.cantal.gouv.fr:pw@evil.example/",
    "https://www.cantal.gouv.fr:99999/",
    "https://www.cantal.gouv.fr:0/",
    "https://www.cantal.gouv.fr:80a/",
    "https://[::1",
    "https://[evil]/",
    "https://evil.example／www.cantal.gouv.fr/",
    "https://www.cantal.gouv.fr。evil.example/",
    "https://ｅvil.example/",
    "https://xn--pari-nya.gouv.fr/",
    "https://préfecture.gouv.fr/",
    "https://a..fr/",
    "https://.fr/",
    f"https://{'a' * 64}.fr/",
    "https://ev%69l.example/",
    "https://evil_.example/",
    "javascript:alert(1)",
    " JaVaScRiPt:alert(1)",
    "java\nscript:alert(1)",
    "\x01javascript:alert(1)",
    "java\tscript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://www.cantal.gouv.fr/x",
    "tel:0471462300",
    "mailto:a@b.fr",
    "blob:https://www.cantal.gouv.fr/x",
    "view-source:https://www.cantal.gouv.fr/",
    "//\x00evil.example",
    "/a\x00b",
    "/a\x1fb",
    "/a\x85b",
    "/a\ud800b",
    "/a\\b",
    "//evil.example\t/",
    "",
    "   ",
    "/" + "a" * 5000,
]


@pytest.mark.parametrize("link", HOSTILE)
def test_a_link_that_browsers_may_read_otherwise_leads_nowhere(link: str) -> None:
    assert absolute(link, BASE) is None
    assert canonical(link, BASE) is None


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ("/a", "https://www.cantal.gouv.fr/a"),
        ("a?b=c#d", "https://www.cantal.gouv.fr/Actualites/a?b=c#d"),
        ("//www.lozere.gouv.fr/a", "https://www.lozere.gouv.fr/a"),
        ("?SearchText=x", "https://www.cantal.gouv.fr/Actualites/Espace-presse?SearchText=x"),
        ("#", BASE),
        ("/a b « c ».pdf", "https://www.cantal.gouv.fr/a%20b%20%C2%AB%20c%20%C2%BB.pdf"),
        ("/a%20b%2Fc", "https://www.cantal.gouv.fr/a%20b%2Fc"),
        ("/／evil.example", "https://www.cantal.gouv.fr/%EF%BC%8Fevil.example"),
        ("/x/https://evil.example/", "https://www.cantal.gouv.fr/x/https://evil.example/"),
    ],
)
def test_a_plain_link_is_made_absolute_and_ascii(link: str, expected: str) -> None:
    assert absolute(link, BASE) == expected


@settings(max_examples=1500, deadline=None)
@given(
    st.text(
        alphabet=st.one_of(st.sampled_from("htps:/\\@.?#[]%&=-()aev \t\n\x00／。é1:"), st.characters()),
        max_size=40,
    )
)
def test_any_text_is_an_ascii_address_or_none_and_keys_are_stable(link: str) -> None:
    address = absolute(link, BASE)
    key = canonical(link, BASE)

    assert (address is None) == (key is None)
    if address and key:
        assert address.isascii()
        assert " " not in address
        parts = urlsplit(address)
        assert parts.scheme in ("http", "https")
        assert "@" not in parts.netloc
        assert absolute(address, BASE) == address
        assert canonical(key) == key
        assert same_site(address, key)


def test_one_site_is_one_host_and_port() -> None:
    assert same_site("https://www.cantal.gouv.fr/a", "http://cantal.gouv.fr")
    assert not same_site("https://www.cantal.gouv.fr/a", "https://www.cantal.gouv.fr.evil.example/a")
    assert not same_site("https://www.cantal.gouv.fr/a", "https://www.cantal.gouv.fr:8443/a")
    assert not same_site("https://www.cantal.gouv.fr/a", "https://rdv.cantal.gouv.fr/a")
    assert not same_site("javascript:x", "javascript:x")


def test_hosts_and_file_names_are_read() -> None:
    assert host_of("http://Cantal.gouv.fr/x") == "www.cantal.gouv.fr"
    assert host_of("http://127.0.0.1:8080/x") == "127.0.0.1:8080"
    assert (
        file_name("https://www.cantal.gouv.fr/contenu/telechargement/1/2/file/Liste%20%C3%A9.pdf")
        == "Liste é.pdf"
    )
