"""A source's host is pinned: redirects are followed within its site and nowhere else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.integration.fetching.scripted import NOT_FOUND, Server, Site, answer, redirect
from watcher.core.page import FailureKind, FetchFailure, Page, Validators
from watcher.fetch import HttpFetcher

HTML = b"<html></html>"


@pytest.mark.parametrize("status", ["301 M", "302 F", "303 S", "307 T", "308 P"])
@pytest.mark.parametrize("to", ["/child", "child", "//{host}/child", "http://{host}/child#eztoc1"])
def test_a_page_that_moved_within_its_site_is_followed(site: Site, status: str, to: str) -> None:
    host = f"127.0.0.1:{site.server.port}"
    site.server.answers |= {"/page": redirect(to.format(host=host), status), "/child": answer(HTML)}

    page = site.get()

    assert page.final_address == site.server.url("/child")
    assert page.address == site.server.url("/page")


def test_an_address_with_accents_is_followed(site: Site) -> None:
    where = "/Actualités de l'État".encode().decode("latin-1")
    site.server.answers |= {
        "/page": redirect(where),
        "/Actualit%C3%A9s%20de%20l'%C3%89tat": answer(HTML),
    }

    assert site.get().status == 200


def test_nothing_is_told_of_where_we_come_from(site: Site) -> None:
    site.server.answers |= {
        "/page": answer(b"", "Location: /child", "Set-Cookie: a=b", status="302 Found"),
        "/child": answer(HTML),
    }

    site.get()

    assert not {"referer", "cookie", "authorization"} & site.server.pages[-1].headers.keys()


def test_the_name_with_and_without_www_is_one_site(make: Callable[..., HttpFetcher], server: Server) -> None:
    fetcher = make(resolver=lambda host, port: ["127.0.0.1"])
    server.answers |= {"/a": redirect(server.url("/b", "www.cantal.gouv.fr")), "/b": answer(HTML)}

    result = fetcher.fetch(server.url("/a", "cantal.gouv.fr")).result

    assert isinstance(result, Page)
    assert result.final_address == server.url("/b", "www.cantal.gouv.fr")
    robots = [r.headers["host"] for r in server.requests if r.path == "/robots.txt"]
    assert robots == [f"{name}:{server.port}" for name in ("cantal.gouv.fr", "www.cantal.gouv.fr")]


@pytest.mark.parametrize(
    "to",
    [
        "http://www.evil.example/",
        "//www.evil.example/",
        "http://www.evil.example/" + "x" * 9000,
        "http://evil.cantal.gouv.fr:{port}/",
        "http://www.cantal.gouv.fr.evil.example:{port}/",
        "http://www.cantal.gouv.fr/",
        "http://www.cantal.gouv.fr:1/",
        "http://www.evil.example\\@www.cantal.gouv.fr:{port}/",
        "http://user@www.cantal.gouv.fr:{port}/",
        "/\\www.evil.example/",
        "\\\\www.evil.example\\",
        "http:\\\\www.evil.example",
        "ftp://www.cantal.gouv.fr/",
        "javascript:alert(1)",
        "data:text/html,x",
        "http://[::1/",
        "http://www.cantal.gouv.fr:99999/",
        "http://www.cantal.gouv.fr:{port}\x7f/",
        "http://xn--pari-nya.gouv.fr/",
        "http://\xef\xbc\x8f.fr/",
    ],
)
def test_a_redirect_to_elsewhere_is_refused_and_named(
    make: Callable[..., HttpFetcher], server: Server, to: str
) -> None:
    fetcher = make(resolver=lambda host, port: ["127.0.0.1"])
    server.answers["/page"] = redirect(to.format(port=server.port))

    fetched = fetcher.fetch(server.url("/page", "www.cantal.gouv.fr"))

    assert isinstance(fetched.result, FetchFailure)
    assert fetched.result.kind is FailureKind.REDIRECT_REFUSED
    assert len(fetched.result.detail) <= 300
    assert fetched.requests == 2


def test_the_refusal_names_the_target(site: Site) -> None:
    failure = site.failure(redirect("https://www.hautes-alpes.gouv.fr/Actualites"))

    assert "https://www.hautes-alpes.gouv.fr/Actualites" in failure.detail


def test_five_redirects_are_followed_and_no_sixth(site: Site) -> None:
    site.server.answers |= {f"/{n}": redirect(f"/{n + 1}") for n in range(6)}
    site.server.answers |= {"/6": answer(HTML)}

    assert site.get("/1").final_address == site.server.url("/6")
    result = site.fetcher.fetch(site.server.url("/0")).result
    assert isinstance(result, FetchFailure)
    assert result.kind is FailureKind.REDIRECT_LOOP


@pytest.mark.parametrize("to", ["/page", "/page#again", "/other"])
def test_a_loop_is_left_at_once(site: Site, to: str) -> None:
    site.server.answers["/other"] = redirect("/page")

    failure = site.failure(redirect(to))

    assert failure.kind is FailureKind.REDIRECT_LOOP
    assert len(site.server.pages) <= 2


def test_a_redirect_without_a_target_is_a_page(site: Site) -> None:
    site.server.answers["/page"] = answer(b"moved", status="302 Found")

    assert site.get().status == 302


def test_what_was_learnt_of_one_address_is_not_asked_of_another(site: Site) -> None:
    """A child's date would let its parent say "not modified" on the day it stops redirecting."""
    site.server.answers |= {"/page": redirect("/child"), "/child": answer(HTML, 'ETag: "child"')}

    fetched = site.fetcher.fetch(site.server.url("/page"), Validators('"parent"'))

    assert isinstance(fetched.result, Page)
    assert fetched.result.validators == Validators()
    asked = [request.headers.get("if-none-match") for request in site.server.pages]
    assert asked == ['"parent"', None]


def test_every_hop_asks_robots(site: Site) -> None:
    rules = b"User-agent: *\nDisallow: /child\n"
    site.server.answers |= {"/robots.txt": answer(rules), "/child": answer(HTML)}

    failure = site.failure(redirect("/child"))

    assert failure.kind is FailureKind.ROBOTS
    assert [request.path for request in site.server.pages] == ["/page"]


def test_robots_of_a_site_without_any_is_asked_once(site: Site) -> None:
    site.server.answers |= {"/page": answer(HTML), "/robots.txt": NOT_FOUND}
    site.get()
    site.get()

    assert len(site.server.requests) == 3


@pytest.mark.parametrize(
    ("path", "to"),
    [
        ("/booking/create/4963", "/booking/create/4963/1"),
        ("/booking/create/4963", "/booking/create/4963/%31/"),
        ("/rdvpref/reservation/demarche/16040/", "/rdvpref/reservation/demarche/16040/cgu/"),
        ("/page", "/rdvpref/reservation/demarche/16040/creneau/?x=1"),
    ],
)
def test_a_redirect_into_a_booking_is_not_followed(site: Site, path: str, to: str) -> None:
    """The step after the description takes a turn from somebody who needs it."""
    site.server.answers |= {path: redirect(to), to: answer(HTML)}

    fetched = site.fetcher.fetch(site.server.url(path)).result

    assert isinstance(fetched, FetchFailure)
    assert fetched.kind is FailureKind.FORBIDDEN_ADDRESS
    assert to not in [request.path for request in site.server.requests]


def test_the_names_of_the_host_of_procedures_are_one_site(
    make: Callable[..., HttpFetcher], server: Server
) -> None:
    fetcher = make(resolver=lambda host, port: ["127.0.0.1"])
    there = server.url("/commencer/dcem", "demarche.numerique.gouv.fr")
    server.answers |= {"/commencer/dcem-34": redirect(there, "301 M"), "/commencer/dcem": answer(HTML)}

    result = fetcher.fetch(server.url("/commencer/dcem-34", "www.demarches-simplifiees.fr")).result

    assert isinstance(result, Page)
    assert result.final_address == there
    assert result.redirects == (301,)
