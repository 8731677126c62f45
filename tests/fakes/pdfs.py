"""PDF files, written by hand: with text, with pictures of pages, locked, damaged and hostile."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO

HEADER = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def pdf(*pages: Sequence[str], made: str = "2025", packed: bool = True) -> bytes:
    """One page for each list of lines. `made` is told in its metadata alone."""
    return document([_drawn(lines) for lines in pages], made=made, packed=packed)


def scanned(number: int = 1, *, made: str = "2025") -> bytes:
    """Pages that are pictures."""
    image = stream(
        bytes(100),
        b"/Type /XObject /Subtype /Image /Width 10 /Height 10 /BitsPerComponent 8 /ColorSpace /DeviceGray",
    )
    return document([b"q 500 0 0 700 0 0 cm /I Do Q"] * number, made=made, image=image)


def mixed(lines: Sequence[str]) -> bytes:
    """A page of text and one that is a picture."""
    return document([_drawn(lines), b"0 0 100 100 re f"])


def locked(lines: Sequence[str], *, password: str) -> bytes:
    """With an empty password it opens, and may not be changed."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter(PdfReader(BytesIO(pdf(lines))))
    writer.encrypt(password, "owner", algorithm="AES-256")
    packed = BytesIO()
    writer.write(packed)
    return packed.getvalue()


def document(
    contents: Sequence[bytes], *, made: str = "2025", image: bytes | None = None, packed: bool = True
) -> bytes:
    count = len(contents)
    pages = range(4, 4 + 2 * count, 2)
    pictures = b"/XObject << /I %d 0 R >>" % (4 + 2 * count) if image else b""
    objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Count %d /Kids [%s] >>" % (count, b" ".join(b"%d 0 R" % n for n in pages)),
        3: FONT,
    }
    for number, content in zip(pages, contents, strict=True):
        resources = b"/Resources << /Font << /F 3 0 R >> %s >>" % pictures
        objects[number] = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] %s /Contents %d 0 R >>" % (
            resources,
            number + 1,
        )
        objects[number + 1] = stream(content, packed=packed)
    if image:
        objects[4 + 2 * count] = image
    return assembled(objects, made)


def stream(content: bytes, entries: bytes = b"", *, packed: bool = True) -> bytes:
    if packed:
        content, entries = zlib.compress(content), entries + b" /Filter /FlateDecode"
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def assembled(objects: Mapping[int, bytes], made: str = "2025") -> bytes:
    """Numbered objects with their table; the first one is the catalogue."""
    body = bytearray(HEADER)
    places = {}
    for number, content in sorted(objects.items()):
        places[number] = len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = len(body)
    body += b"xref\n0 1\n0000000000 65535 f \n"
    for number, place in places.items():
        body += b"%d 1\n%010d 00000 n \n" % (number, place)
    info = b"/Info << /CreationDate (D:%s) >>" % made.encode()
    size = max(objects) + 1
    body += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, info, table)
    return bytes(body)


def _drawn(lines: Iterable[str]) -> bytes:
    shown = [b"BT /F 11 Tf 14 TL 50 800 Td"]
    for line in lines:
        text = line.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
        shown.append(b"(%s) Tj T*" % text)
    return b"\n".join((*shown, b"ET"))
