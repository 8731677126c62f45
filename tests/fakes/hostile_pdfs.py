"""PDF files made to exhaust whoever reads them."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping

from tests.fakes.pdfs import FONT, HEADER, assembled, document, pdf, stream

_LINE = "La demande de titre de séjour se dépose en ligne."
_FONTS = b"/Font << /F 3 0 R >>"
_PAGE = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << %s >> /Contents 5 0 R >>"
_SAID = b"BT /F 11 Tf 50 800 Td (La demande de titre de sejour se depose en ligne.) Tj ET"


def _with(objects: Mapping[int, bytes]) -> bytes:
    """A plain page, with some of its objects replaced or added."""
    plain = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        3: FONT,
        4: _PAGE % _FONTS,
        5: stream(_SAID),
    }
    return assembled({**plain, **objects})


def deflate_bomb() -> bytes:
    return _with({5: stream(bytes(400_000_000))})


def bomb_in_a_bomb() -> bytes:
    inner = zlib.compress(zlib.compress(bytes(400_000_000)))
    body = b"<< /Filter [/FlateDecode /FlateDecode] /Length %d >>\nstream\n%s\nendstream" % (
        len(inner),
        inner,
    )
    return _with({5: body})


def deep_arrays() -> bytes:
    return _with({5: stream(b"[" * 1_000_000), 6: b"[" * 500_000 + b"]" * 500_000, 3: b"6 0 R"})


def deep_dictionaries() -> bytes:
    return _with({3: b"<< /A " * 100_000 + b">> " * 100_000})


def tree_in_itself() -> bytes:
    return _with({2: b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R 4 0 R] >>"})


def wide_tree() -> bytes:
    """Thirty levels of two: a billion pages."""
    levels = {
        n: b"<< /Type /Pages /Count 1000000000 /Kids [%d 0 R %d 0 R] >>" % (n + 1, n + 1)
        for n in range(10, 40)
    }
    return _with({2: b"<< /Type /Pages /Count 1000000000 /Kids [10 0 R] >>", **levels, 40: b"4 0 R"})


def many_pages() -> bytes:
    return _with({2: b"<< /Type /Pages /Count 400000 /Kids [%s] >>" % (b"4 0 R " * 400_000)})


def table_loop() -> bytes:
    body = _with({})
    place = body.rindex(b"xref\n0 1")
    return body.replace(b"/Root 1 0 R", b"/Root 1 0 R /Prev %d" % place)


def form_in_itself() -> bytes:
    form = stream(
        b"/X Do /X Do " + _SAID,
        b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Resources << /XObject << /X 6 0 R >> /Font << /F 3 0 R >> >>",
    )
    return _with({4: _PAGE % b"/XObject << /X 6 0 R >>", 5: stream(b"/X Do " * 1000), 6: form})


def endless_text() -> bytes:
    return document([(b"BT /F 11 Tf (a) Tj T* ET q Q 1 0 0 1 0 0 cm " * 500_000)])


def letters_bomb() -> bytes:
    """A table of letters that claims millions of them."""
    ranges = b"".join(b"<%08x> <%08x> <0041>\n" % (n << 20, (n << 20) + 0xFFFFF) for n in range(100))
    table = (
        b"begincmap 1 begincodespacerange <00000000> <ffffffff> endcodespacerange 100 beginbfrange\n"
        + ranges
        + b"endbfrange endcmap"
    )
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /A /Encoding /Identity-H /ToUnicode 6 0 R >>"
    return _with({3: font, 6: stream(table)})


def long_letters() -> bytes:
    """One sign that stands for a megabyte of text, again and again."""
    table = b"begincmap 1 beginbfchar <41> <%s> endbfchar endcmap" % (b"0041" * 500_000)
    font = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>"
    said = b"BT /F 11 Tf 50 800 Td (" + b"A" * 5000 + b") Tj ET"
    return _with({3: font, 5: stream(said), 6: stream(table)})


def objects_without_table() -> bytes:
    return HEADER + b"1 0 obj << >> endobj\n" * 200_000 + b"startxref\n99999999\n%%EOF"


def false_lengths() -> bytes:
    return _with({5: stream(_SAID).replace(b"/Length ", b"/Length 99999999")})


def active() -> bytes:
    """Scripts, programs to start, and addresses to ask."""
    action = b"<< /S /JavaScript /JS (app.launchURL\\('http://127.0.0.1:9/'\\)) /Next << /S /Launch /F (/bin/sh) >> >>"
    catalogue = b"<< /Type /Catalog /Pages 2 0 R /OpenAction " + action + b" /AA << /WC 6 0 R >> >>"
    return _with({1: catalogue, 6: b"<< /S /URI /URI (file:///etc/passwd) >>"})


def elsewhere() -> bytes:
    """Its text is said to stand in another file."""
    return _with({5: b"<< /Length 0 /F (/etc/passwd) >>\nstream\n\nendstream"})


def signs() -> bytes:
    """Control and direction signs among the letters."""
    table = (
        b"begincmap 1 beginbfchar <41> <202E> <42> <0000> <43> <2066> <44> <D800> endbfchar endcmap".replace(
            b"1 begin", b"4 begin"
        )
    )
    font = (
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>"
    )
    return _with({3: font, 5: stream(_SAID.replace(b"titre", b"AtiBtrCeD")), 6: stream(table)})


def cut() -> bytes:
    return pdf([_LINE] * 40)[:700] + b"\n%%EOF"


def noise() -> bytes:
    return b"%PDF-1.7\n" + bytes((n * n * 31 + n) % 251 for n in range(300_000)) + b"\n%%EOF"


HOSTILE: tuple[Callable[[], bytes], ...] = (
    *(deflate_bomb, bomb_in_a_bomb, deep_arrays, deep_dictionaries, tree_in_itself, wide_tree, many_pages),
    *(table_loop, form_in_itself, endless_text, letters_bomb, long_letters, objects_without_table),
    *(false_lengths, active, elsewhere, signs, cut, noise),
)
