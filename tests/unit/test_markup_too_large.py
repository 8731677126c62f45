"""Which markup no parser is given, and which bodies are no markup at all."""

from __future__ import annotations

import pytest

from watcher.core.size import oversize
from watcher.core.sniff import foreign

MANY, DEEP = "trop d'éléments", "éléments trop profondément imbriqués"


@pytest.mark.parametrize(
    ("markup", "told"),
    [
        ("<p>Titre</p>" * 50_000, None),
        ("<p>Titre</p>" * 50_001, MANY),
        ("<p>" + "</p>" * 60_000, None),
        ("<" * 150_000, None),
        ("<" * 150_001, MANY),
        ("<div>" * 200, None),
        ("<div>" * 201, DEEP),
        ("<div>" * 150 + "</div>" * 150 + "<div>" * 150, None),
        ("<div><b>" * 60 + "</div>" * 60 + "<div>" * 150, None),
        ("<DIV></div>" * 300, None),
        ("<p>" * 200 + "<br>" * 300, None),
        ("</i>" * 300 + "<p>" * 200, None),
        ("<p></i>" * 201, DEEP),
        ("<p></p><i>" * 201, DEEP),
    ],
)
def test_markup_may_be_so_large_and_so_deep(markup: str, told: str | None) -> None:
    assert oversize(markup.encode()) == told


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"\xef\xbb\xbf\r\n %PDF-1.7", "un PDF"),
        (b"<p>" + b"a" * 54 + b"\x00\x01\x02", ""),
        (b"<p>" + b"a" * 53 + b"\x00\x01\x02", "des données binaires"),
        (b"<p>" + b"a" * 4093 + b"\x00" * 4000, ""),
        (b"<p>\t\n\x0c\r\x1b</p>" * 40, ""),
        *((bytes([octet]) * 40, "des données binaires") for octet in (0, 8, 11, 14, 26, 28, 31)),
        (b' \n\xef\xbb\xbf{ "a": 1}', "du JSON"),
        (b"[]", "du JSON"),
        (b"[Accueil]", ""),
        (b"<?xml version='1.0'?><h:html xmlns:h='x'>", ""),
        (b"<?XML version='1.0'?><!-- x --><liste>", "du XML"),
        (b"<liste>", ""),
        (b"<!doctype html><html>", ""),
        (b"<RSS>", "du XML"),
        (b"Bonjour", ""),
    ],
)
def test_a_body_that_is_no_page_is_called_what_it_is(body: bytes, told: str) -> None:
    assert foreign(body, body.decode("latin-1").replace("ï»¿", "\ufeff")) == told
