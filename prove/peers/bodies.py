"""Answers that harm whoever believes them: by their head, their framing, their size or their encoding.

A name, what is sent, and what a careful reader may make of it: kinds of `FailureKind`, or "page" where the page
came whole in spite of all.
"""

from __future__ import annotations

import gzip
import random
import zlib
from dataclasses import dataclass

from tests.fakes.web import HOST, cards, list_page
from tests.integration.fetching.scripted import Script, answer, closing, endless, reset

OK = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
FOR_EVER = 10**9
PAGE = list_page(cards(20)).replace(HOST, "").encode()  # leads to wherever it is read
RETOLD = PAGE.replace(b'charset="utf-8"', b'charset="utf-7"')
WRONG, CUT, TOO_MUCH = frozenset({"protocol"}), frozenset({"truncated"}), frozenset({"too_large", "protocol"})
WHOLE = frozenset({"page"})
LATE = frozenset({"timeout"})


@dataclass(frozen=True, slots=True)
class Toxic:
    name: str
    script: Script
    ends: frozenset[str]
    place: str = "/Actualites"  # the address at which it is met


def chunked(body: bytes, size: int) -> bytes:
    pieces = (body[at : at + size] for at in range(0, len(body), size))
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def encoded(how: str, body: bytes) -> bytes:
    return answer(body, "Content-Type: text/html", f"Content-Encoding: {how}")


def _bombs() -> list[Toxic]:
    zeros = bytes(64_000_000)
    once = gzip.compress(zeros, 9)
    raw = zlib.compressobj(9, zlib.DEFLATED, -15)
    bare = raw.compress(zeros) + raw.flush()
    nothing = gzip.compress(b"", 9)
    # Each member gives nothing, so that whoever counts bytes counts none; the padding keeps the ratio honest.
    members = gzip.compress(gzip.compress(random.Random(1).randbytes(110_000), 0) + nothing * 450_000, 6)
    either = frozenset({"decompression_bomb", "too_large"})
    return [
        Toxic("gzip, 64 MB of nothing", encoded("gzip", once), either),
        Toxic("gzip in gzip", encoded("gzip, gzip", gzip.compress(once, 9)), either),
        Toxic("gzip in gzip in gzip", encoded("gzip, gzip, gzip", gzip.compress(gzip.compress(once))), WRONG),
        Toxic("deflate, 64 MB of nothing", encoded("deflate", zlib.compress(zeros, 9)), either),
        Toxic("deflate without its header", encoded("deflate", bare), either),
        Toxic("gzip of 240,000 empty members", encoded("gzip", nothing * 240_000), WRONG),
        Toxic("450,000 empty members, zipped", encoded("gzip, gzip", members), WRONG),
    ]


def _encodings() -> list[Toxic]:
    packed = gzip.compress(PAGE)
    bad_sum = packed[:-8] + b"\0\0\0\0" + packed[-4:]
    return [
        Toxic("not zipped, says its head", encoded("gzip", PAGE), WRONG),
        Toxic("zipped, its sum wrong", encoded("gzip", bad_sum), WRONG),
        Toxic("zipped and cut", closing(encoded("gzip", packed[: len(packed) // 2])), CUT),
        Toxic("zipped, its last byte missing", encoded("gzip", packed[:-1]), CUT),
        Toxic("zipped, rubbish behind", encoded("gzip", packed + b"rubbish"), WHOLE),
        Toxic("brotli that nobody asked for", encoded("br", b"\x0b\x02\x80"), WRONG),
        Toxic("zstd that nobody asked for", encoded("zstd", b"(\xb5/\xfd"), WRONG),
        Toxic("an encoding of 60 KB", encoded("x" * 60_000, PAGE), WRONG),
        Toxic("ten encodings", encoded(", ".join(["gzip"] * 10), packed), WRONG),
        Toxic("two lengths of one page", answer(PAGE, f"Content-Length: {len(PAGE)}, 3"), WRONG),
        Toxic("a length and chunks", answer(chunked(PAGE, 99), "Transfer-Encoding: chunked"), WHOLE),
    ]


def _chunks() -> list[Toxic]:
    def bad(line: bytes) -> Script:
        return closing(CHUNKED + line + b"\r\n" + PAGE + b"\r\n0\r\n\r\n")

    sizes = (b"zz", b"-5", b"0x10", b"", b"1 2", b"f" * 17, b"f" * 30_000, b"\xd9\xa1", b"1e3")
    return [
        *(Toxic(f"chunk of size {size[:20]!r}", bad(size), WRONG | CUT) for size in sizes),
        Toxic("chunk longer than it says", closing(CHUNKED + b"5\r\nabcdefgh\r\n0\r\n\r\n"), WRONG),
        Toxic("chunks, cut", closing(CHUNKED + chunked(PAGE, 50)[: len(PAGE) // 2]), CUT),
        Toxic("no last chunk", closing(CHUNKED + chunked(PAGE, 50)[:-5]), CUT),
        Toxic("chunks of one byte", CHUNKED + chunked(PAGE, 1), WHOLE),
        Toxic(
            "chunks of one byte for ever", endless(CHUNKED, b"1\r\na\r\n" * 9000, FOR_EVER), TOO_MUCH | LATE
        ),
        Toxic(
            "a byte in 8 KB of words",
            endless(CHUNKED, (b"1;" + b"x" * 8000 + b"\r\na\r\n") * 8, FOR_EVER),
            TOO_MUCH | LATE,
        ),
        Toxic(
            "a last chunk without end", endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000, FOR_EVER), TOO_MUCH
        ),
    ]


def _endless() -> list[Toxic]:
    block = b"x" * 65536
    early = b"HTTP/1.1 103 Early Hints\r\n" + b"Link: </a>\r\n" * 900 + b"\r\n"
    lots = b"HTTP/1.1 100 Continue\r\n\r\n" * 900
    return [
        Toxic("a body without end", endless(OK + b"\r\n", block, FOR_EVER), TOO_MUCH),
        Toxic(
            "a body of 10 GB", endless(OK + b"Content-Length: 9999999999\r\n\r\n", block, FOR_EVER), TOO_MUCH
        ),
        Toxic("chunks without end", endless(CHUNKED, b"10000\r\n" + block + b"\r\n", FOR_EVER), TOO_MUCH),
        Toxic("zipped noise without end", endless(*_noise(), FOR_EVER), TOO_MUCH | {"decompression_bomb"}),
        Toxic("headers without end", endless(OK, b"X-A: b\r\n" * 900, FOR_EVER), TOO_MUCH),
        Toxic("a header without end", endless(OK + b"X-A: ", block, FOR_EVER), TOO_MUCH),
        Toxic("a first line without end", endless(b"HTTP/1.1 200 ", block, FOR_EVER), TOO_MUCH),
        Toxic("empty lines without end", endless(b"", b"\r\n" * 900, FOR_EVER), TOO_MUCH),
        Toxic("100 Continue for ever", endless(b"", lots, FOR_EVER), TOO_MUCH | LATE),
        Toxic("103 Early Hints for ever", endless(b"", early, FOR_EVER), TOO_MUCH | LATE),
        Toxic(
            "a robots.txt without end",
            endless(OK + b"\r\n", b"Allow: /a\n" * 900, 2000),
            WHOLE,
            "/robots.txt",
        ),
        Toxic(
            "a robots.txt of one rule",
            answer(b"User-agent: *\nDisallow: /" + b"*a" * 240_000),
            WHOLE,
            "/robots.txt",
        ),
    ]


def _noise() -> tuple[bytes, bytes]:
    """Zipped noise: the head, and stored blocks that may be repeated without end."""
    block = random.Random(2).randbytes(65535)
    stored = b"\x00" + len(block).to_bytes(2, "little") + (len(block) ^ 0xFFFF).to_bytes(2, "little") + block
    return OK + b"Content-Encoding: gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03", stored


def _heads() -> list[Toxic]:
    whole = answer(PAGE, "Content-Type: text/html")
    many = [f"Set-Cookie: a{n}=b" for n in range(900)]
    return [
        Toxic("hangs up without a word", closing(b""), frozenset({"reset"})),
        Toxic("resets at once", reset(), frozenset({"reset"})),
        Toxic("resets in its head", reset(OK), frozenset({"reset"})),
        Toxic("resets in its body", reset(whole[:-20]), frozenset({"reset"})),
        Toxic("hangs up in its head", closing(whole[:30]), CUT),
        Toxic("hangs up in its body", closing(whole[:-20]), CUT),
        Toxic("HTTP/0.9", closing(PAGE), WRONG | CUT),
        Toxic("HTTP/2 without asking", closing(b"\0\0\x12\x04\0\0\0\0\0" + bytes(18)), WRONG),
        Toxic("another protocol", closing(b"220 smtp.example ESMTP ready\r\n\r\n"), WRONG),
        Toxic("a status of letters", closing(whole.replace(b"200", b"2OO", 1)), WRONG),
        Toxic("a status of four digits", closing(whole.replace(b"200", b"2000", 1)), WRONG),
        Toxic("NUL in a header", closing(whole.replace(b"text/html", b"text\0html", 1)), WRONG),
        Toxic("a line without a colon", closing(whole.replace(b"Content-Type:", b"Content-Type", 1)), WRONG),
        Toxic("a length below nothing", answer(PAGE, "Content-Length: -1"), WRONG),
        Toxic("a length of letters", answer(PAGE, "Content-Length: plenty"), WRONG),
        Toxic("a length with a sign", answer(PAGE, f"Content-Length: +{len(PAGE)}"), WRONG),
        Toxic("900 cookies", answer(PAGE, "Content-Type: text/html", *many), WHOLE),
        Toxic("304 that nobody asked for", answer(b"", status="304 Not Modified"), WRONG | CUT),
        Toxic("101 Switching Protocols", closing(b"HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n"), WRONG),
        Toxic("two answers at once", whole + answer(b"<html>another</html>"), WHOLE),
        Toxic(
            "8-bit in every header",
            answer(PAGE, "Content-Type: text/html", "X-\xe9t\xe9: \xe9"),
            WHOLE | WRONG,
        ),
    ]


CHARSETS = (
    "utf-7", "utf-16", "utf-32", "base64", "rot_13", "rot13", "hex", "zlib", "bz2", "quopri", "uu", "idna", "punycode",
    "undefined", "unicode_escape", "raw_unicode_escape", "mbcs", "oem", "utf-8-sig", "charmap", "palmos", "cp037",
    "iso-2022-jp", "hz", "big5hkscs", "../../etc/passwd", "", "\"", "x" * 5000, "é", "utf-8; charset=utf-7", "none",
)  # fmt: skip


def charsets() -> list[Toxic]:
    """The page is UTF-8 whatever is said of it."""
    said = [
        Toxic(f"charset {name[:20]!r}", answer(PAGE, f"Content-Type: text/html; charset={name}"), WHOLE)
        for name in CHARSETS
    ]
    return [*said, Toxic("a page that calls itself utf-7", answer(RETOLD, "Content-Type: text/html"), WHOLE)]


def toxic_bodies() -> list[Toxic]:
    return [*_heads(), *_chunks(), *_encodings(), *_endless(), *_bombs()]
