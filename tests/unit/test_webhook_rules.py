"""Which addresses may be web-hooks, and what signatures and challenges are made of."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook

from watcher.core.webhooks import (
    LENGTH,
    SECRET,
    Endpoint,
    WebhookError,
    WebhookTrouble,
    challenge,
    is_willing,
    new_secret,
    numbered,
    signed,
    webhook_address,
)

NOW = datetime(2025, 9, 10, 8, 0, 0, 900_000, tzinfo=UTC)
KEY = new_secret(bytes(range(SECRET)))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://hooks.example.fr/a/B?c=%C3%A9&d", "https://hooks.example.fr/a/B?c=%C3%A9&d"),
        ("  https://hooks.example.fr  ", "https://hooks.example.fr/"),
        ("HTTPS://Hooks.Example.FR:443/A", "https://hooks.example.fr/A"),
        ("https://hooks.example.fr/a?", "https://hooks.example.fr/a?"),
        ("https://xn--prfecture-b4a.fr/", "https://xn--prfecture-b4a.fr/"),
        ("https://9.9.9.9/hook", "https://9.9.9.9/hook"),
        ("https://[2620:fe::9]/hook", "https://[2620:fe::9]/hook"),
        ("https://hooks.example.fr?a", "https://hooks.example.fr/?a"),
    ],
)
def test_an_address_is_kept_in_one_spelling(typed: str, kept: str) -> None:
    assert webhook_address(typed, allow_private=False) == kept
    assert webhook_address(kept, allow_private=False) == kept


@pytest.mark.parametrize(
    "typed",
    [
        *("", "   ", "hooks.example.fr/a", "//hooks.example.fr/a", "http://hooks.example.fr/", "ftp://a.fr/"),
        *(
            "https://",
            "https:///a",
            "https://a",
            "https://localhost/",
            "https://a.fr:80/",
            "https://a.fr:8443/",
        ),
        *(
            "https://a.fr:0/",
            "https://a.fr:99999/",
            "https://a.fr:x/",
            "https://u@a.fr/",
            "https://u:p@a.fr/",
        ),
        *("https://a.fr/#b", "https://a.fr/#", "https://a.fr\\@b.fr/", "https://é.fr/", "https://a.fr/é"),
        *("https://a.fr/ b", "https://a.fr/\nb", "https://a.fr/\x00", 'https://a.fr/"', "https://a.fr/%zz"),
        *(
            "https://a.fr/<b>",
            "https://-a.fr/",
            "https://a..fr/",
            "https://.fr/",
            "https://a.1/",
            "https://1.2/",
        ),
        *(
            "https://[::1]/",
            "https://[fe80::1%25lo]/",
            "https://[1.2.3.4]/",
            "https://[/",
            "https://10.0.0.1/",
        ),
        *(
            "https://2130706433/",
            "https://0x7f.1/",
            "https://a.fr." + "b" * LENGTH,
            "javascript:alert(1)",
            "https://a.fr/\n",
        ),
    ],
)
def test_what_could_mislead_is_refused(typed: str) -> None:
    with pytest.raises(WebhookError):
        webhook_address(typed, allow_private=False)


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        (" ", WebhookTrouble.MISSING),
        ("https://a.fr/" + "b" * LENGTH, WebhookTrouble.LONG),
        ("https://préfecture.fr/", WebhookTrouble.CHARACTERS),
        ("https://a.fr:x/", WebhookTrouble.FORM),
        ("hooks.example.fr", WebhookTrouble.SCHEME),
        ("http://hooks.example.fr/", WebhookTrouble.SCHEME),
        ("https://me:secret@hooks.example.fr/", WebhookTrouble.EXTRAS),
        ("https://hooks.example.fr/#a", WebhookTrouble.EXTRAS),
        ("https://hooks.example.fr:8443/", WebhookTrouble.PORT),
        ("https://192.168.1.1/", WebhookTrouble.HOST),
        ("https://intranet/", WebhookTrouble.HOST),
    ],
)
def test_whoever_typed_it_can_be_told_why(typed: str, trouble: WebhookTrouble) -> None:
    with pytest.raises(WebhookError) as told:
        webhook_address(typed, allow_private=False)
    assert told.value.trouble is trouble


def test_on_ones_own_machine_plain_http_and_other_ports_are_good_enough() -> None:
    assert webhook_address("http://127.0.0.1:8080/a", allow_private=True) == "http://127.0.0.1:8080/a"
    assert webhook_address("http://localhost:80", allow_private=True) == "http://localhost/"
    with pytest.raises(WebhookError):
        webhook_address("http://u@127.0.0.1/", allow_private=True)


@given(st.text(max_size=60))
def test_whatever_is_accepted_is_plain_and_means_one_host(text: str) -> None:
    try:
        address = webhook_address(f"https://{text}", allow_private=False)
    except WebhookError:
        return
    assert re.fullmatch(r"https://(\[[0-9a-f:.]+\]|[a-z0-9._-]+)/[!-~]*", address)


def test_signatures_are_those_of_the_reference_library() -> None:
    body = '{"é":1}'.encode()
    headers = dict(signed("msg", body, KEY, NOW))

    assert headers["webhook-signature"] == Webhook(KEY).sign("msg", NOW, body.decode())
    assert headers["webhook-timestamp"] == str(int(NOW.timestamp()))
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", KEY)


def test_an_endpoint_is_sealed_and_opened_whole() -> None:
    endpoint = Endpoint("https://a.fr/b?c=1", KEY)

    assert Endpoint.opened(endpoint.sealed_text) == endpoint
    assert endpoint.door == "https://a.fr/b"
    with pytest.raises(ValueError, match="unpack"):
        Endpoint.opened("https://a.fr/")


def test_the_number_is_all_that_differs_between_two_receivers() -> None:
    content = b'{"sequence":0,"type":"alert.published"}'

    assert numbered(content, 12) == b'{"sequence":12,"type":"alert.published"}'
    with pytest.raises(ValueError, match="without a place"):
        numbered(b"<html>", 1)


def test_a_challenge_is_willingly_repeated_or_not() -> None:
    asked = challenge("1", KEY)

    assert is_willing(asked, f" {asked}\r\n".encode())
    assert is_willing(asked, f'{{"challenge":"{asked}"}}'.encode())
    assert asked not in {challenge("2", KEY), challenge("1", new_secret(bytes(SECRET)))}
    for body in (
        b"",
        b"{",
        b"{}",
        b'{"challenge":null}',
        b"\xff{",
        b'{"challenge":[]}',
        asked.upper().encode(),
    ):
        assert not is_willing(asked, body)


def test_an_address_may_be_so_long_and_no_longer() -> None:
    fits = "https://a.fr/".ljust(LENGTH, "b")
    name = ".".join(["b" * 62] * 4) + ".f"  # 253 characters

    assert webhook_address(fits, allow_private=False) == fits
    assert webhook_address(f"https://{name}/", allow_private=False) == f"https://{name}/"
    for address in (f"{fits}b", f"https://b{name}/"):
        with pytest.raises(WebhookError):
            webhook_address(address, allow_private=False)


@pytest.mark.parametrize("typed", ["http:///a", "http://127.0.0.1:0/a"])
def test_even_on_ones_own_machine_an_address_has_a_host_and_a_port(typed: str) -> None:
    with pytest.raises(WebhookError):
        webhook_address(typed, allow_private=True)


def test_what_is_sent_says_that_it_is_json() -> None:
    assert dict(signed("msg", b"{}", KEY, NOW))["Content-Type"] == "application/json"


def test_a_door_is_all_that_stands_before_the_query() -> None:
    assert Endpoint("https://a.fr/b?c=1?d", KEY).door == "https://a.fr/b"


def test_a_challenge_stays_the_same_from_one_version_to_the_next() -> None:
    """A receiver may answer one that was asked before an upgrade."""
    assert challenge("1", KEY) == "d601797bc2eed8d02813026faf3b19079b248f355b37b9836e2154566124c39a"
