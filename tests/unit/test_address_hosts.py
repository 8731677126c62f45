"""One host has one spelling, another host another; and what of an address is kept in its key."""

from __future__ import annotations

import pytest

from watcher.core.address import absolute, canonical, file_name, host_of, presentable, same_site

BASE = "https://www.cantal.gouv.fr/Actualites/"
ANEF = "https://administration-etrangers-en-france.interieur.gouv.fr"


@pytest.mark.parametrize(
    ("spellings", "host"),
    [
        (("cantal.gouv.fr", "www.cantal.gouv.fr", "WWW.Cantal.GOUV.fr"), "www.cantal.gouv.fr"),
        (("exemple.org", "www.exemple.org"), "www.exemple.org"),
        (("aide.exemple.org", "www.aide.exemple.org"), "aide.exemple.org"),
        (("cantal.gouv.re", "www.cantal.gouv.re"), "cantal.gouv.re"),
        (("etat.exemple.fr", "www.etat.exemple.fr"), "etat.exemple.fr"),
        (("rdv.cantal.gouv.fr", "www.rdv.cantal.gouv.fr"), "www.rdv.cantal.gouv.fr"),
        (("sejour.cantal.gouv.fr", "www.sejour.cantal.gouv.fr"), "sejour.cantal.gouv.fr"),
        (("rdv.exemple.org", "www.rdv.exemple.org"), "rdv.exemple.org"),
        (("a.fr", "www.a.fr"), "www.a.fr"),
        (("localhost",), "localhost"),
        (("www.localhost",), "www.localhost"),
        (("127.0.0.1",), "127.0.0.1"),
        (("[::1]",), "[::1]"),
        ((f"{'a' * 63}.fr",), f"www.{'a' * 63}.fr"),
    ],
)
def test_a_host_with_and_without_www_has_one_spelling(spellings: tuple[str, ...], host: str) -> None:
    for spelling in spellings:
        assert host_of(f"https://{spelling}/x") == host
        assert canonical(f"http://{spelling}/x") == f"https://{host}/x"
        assert same_site(f"https://{spelling}/", f"http://{host}/y")


@pytest.mark.parametrize(
    ("address", "host"),
    [
        ("http://a.fr:80/", "www.a.fr"),
        ("https://a.fr:443/", "www.a.fr"),
        ("http://a.fr:443/", "www.a.fr:443"),
        ("https://a.fr:80/", "www.a.fr:80"),
        ("HTTP://a.fr:80/", "www.a.fr"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("http://a.fr:1/", "www.a.fr:1"),
        ("http://a.fr:0/", ""),
        ("http://256.0.0.1/", ""),
        ("http://0x7f.1/", ""),
        ("http://127.1/", ""),
        ("mailto:a@b.fr", ""),
        ("/x", ""),
    ],
)
def test_an_unusual_port_belongs_to_the_host(address: str, host: str) -> None:
    assert host_of(address) == host
    assert same_site(address, address) is bool(host)


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("/a/b/c/../d", "/a/b/d"),
        ("/a/../../b", "/b"),
        ("/./a//b/.", "/a/b"),
        ("/a/b/c/%2e%2e/%2E/d", "/a/b/d"),
        ("/%e9t%E9-100%", "/%E9t%E9-100%25"),
        ("/", "/"),
        ("/index.php/index.php/a", "/a"),
        ("/a/index.php", "/a/index.php"),
        ("/layout/set/print/layout/set/print/a", "/a"),
        ("/layout/set/a", "/layout/set/a"),
        ("/(offset)/10/a/(theme)/3", "/a"),
        ("/a/(offset)", "/a"),
        ("/a(b)/c", "/a(b)/c"),
        ("/%e9t%E9/100%", "/%E9t%E9/100%25"),
        ("/a%20b%2fc%3Fd%23e", "/a%20b%2Fc%3Fd%23e"),
        ("/%41", "/A"),
        ("/a?b=%e9", "/a?b=%EF%BF%BD"),
        ("/a?b=2&a=1&c", "/a?a=1&b=2&c="),
        ("/a?b=x+y&b=", "/a?b=&b=x+y"),
        ("/a?", "/a"),
        ("/a?PHPSESSID=1&utm_x=2&pk_y&mtm_z&at_campaign=1&xtcr=1&gclid=1&fbclid=1", "/a"),
        ("/a?utm=1&xt=2", "/a?utm=1&xt=2"),
        ("/a#/b", "/a"),
    ],
)
def test_a_key_keeps_what_makes_the_page(link: str, key: str) -> None:
    assert canonical(link, BASE) == f"https://www.cantal.gouv.fr{key}"


@pytest.mark.parametrize(
    ("link", "key"),
    [
        ("/x#/a/", "/x#/a"),
        ("/x#/a/b", "/x#/a/b"),
        ("/x#//", "/x"),
        ("/x#a", "/x"),
        ("/x?b=1#/a", "/x?b=1#/a"),
    ],
)
def test_the_pages_of_the_anef_stand_after_the_sign(link: str, key: str) -> None:
    assert canonical(link, ANEF) == ANEF + key


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/a b", "/a%20b"),
        ('/a"b', "/a%22b"),
        ("/a<b", "/a%3Cb"),
        ("/é", "/%C3%A9"),
        ("/é%20(b),c;d=e&f'g*h!i$j@k:l[m]~n#o?p", "/%C3%A9%20(b),c;d=e&f'g*h!i$j@k:l[m]~n#o?p"),
        ("/a|b", "/a|b"),
        (" \t\r\n\f/a\n", "/a"),
        ("https://www.cantal.gouv.fr./a", "/a"),
        ("https://www.cantal.gouv.fr.", ""),
        ("https://www.cantal.gouv.fr?a", "?a"),
    ],
)
def test_a_link_is_escaped_only_where_it_must_be(link: str, address: str) -> None:
    assert absolute(link, BASE) == f"https://www.cantal.gouv.fr{address}"


def test_what_is_no_web_address_leads_nowhere_and_is_shown_as_it_is() -> None:
    for base in ("ftp://exemple.org/", "mailto:a@b.example", "file:///etc/"):
        assert absolute("/a", base) is None
    for address in ("javascript:a('é b')", "mailto:a b@c.example", "ftp://exemple.org/é"):
        assert presentable(address) == address


def test_a_link_has_four_thousand_characters_at_most() -> None:
    assert absolute("/" + "a" * 4095, BASE)
    assert absolute("/" + "a" * 4096, BASE) is None


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("http://a.cantal.gouv.fr:80/x", "https://a.cantal.gouv.fr/x"),
        ("https://A.cantal.gouv.fr:443/X", "https://a.cantal.gouv.fr/X"),
        ("http://a.cantal.gouv.fr:443/x", "http://a.cantal.gouv.fr:443/x"),
        ("HTTP://Exemple.org/X", "http://exemple.org/X"),
        ("http://exemple.org", "http://exemple.org/"),
        ("http://[::1]:8080/x#y", "http://[::1]:8080/x"),
        (f"{ANEF}/x#a", f"{ANEF}/x"),
        ("https://www.cantal.gouv.fr/a?%75tm_source=x&b=%20", "https://www.cantal.gouv.fr/a?b=%20"),
        ("http://www.cantal.gouv.fr/a/(theme)/./b", "https://www.cantal.gouv.fr/a/(theme)/./b"),
        ("http://user@exemple.org/", "http://user@exemple.org/"),
    ],
)
def test_readers_get_an_address_that_leads_to_the_same_page(address: str, shown: str) -> None:
    assert presentable(address) == shown


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://a.fr/b/c.pdf", "c.pdf"),
        ("https://a.fr/b/c.pdf/?x=/y", "c.pdf"),
        ("https://a.fr/E%CC%81t%C3%A9%2Fx.pdf", "Été/x.pdf"),
        ("https://a.fr/", ""),
    ],
)
def test_a_file_is_named_by_the_end_of_its_path(address: str, name: str) -> None:
    assert file_name(address) == name
