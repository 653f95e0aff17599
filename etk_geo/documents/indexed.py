"""A PNG of few colours as a page of PDF, byte for byte: set from a PNG, it would grow by half.

PDF knows the rows of a PNG with their predictors (ISO 32000-1, 7.4.4.4) and palettes (8.6.6.3), so
that what a PNG holds is a picture of PDF as it stands.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

SIGNATURE = b"\x89PNG\r\n\x1a\n"
PALETTE = 3
"""Colour type of a PNG whose pixels are numbers of a palette."""


def indexed_page(png: bytes) -> bytes | None:
    """Return a PDF whose only page is the picture; ``None`` for a PNG that is not so simple.

    Taken are PNGs with a palette, without transparency and not interlaced.
    """
    if not png.startswith(SIGNATURE):
        return None
    chunks = list(_chunks(png))
    kinds = {kind for kind, _ in chunks}
    if not chunks or chunks[0][0] != b"IHDR" or b"tRNS" in kinds or b"PLTE" not in kinds:
        return None
    width, height, bits, colour, _, _, interlaced = struct.unpack(">IIBBBBB", chunks[0][1])
    if colour != PALETTE or interlaced:
        return None
    palette = next(body for kind, body in chunks if kind == b"PLTE")
    rows = b"".join(body for kind, body in chunks if kind == b"IDAT")
    return _page(width, height, bits, palette, rows)


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(SIGNATURE)
    while place + 12 <= len(png):
        length, kind = struct.unpack(">I4s", png[place : place + 8])
        yield kind, png[place + 8 : place + 8 + length]
        place += length + 12


def _page(width: int, height: int, bits: int, palette: bytes, rows: bytes) -> bytes:
    space = b"[/Indexed /DeviceRGB %d <%s>]" % (len(palette) // 3 - 1, palette.hex().encode())
    predictor = b"<< /Predictor 15 /Colors 1 /BitsPerComponent %d /Columns %d >>" % (bits, width)
    picture = (
        b"/Type /XObject /Subtype /Image /Width %d /Height %d /BitsPerComponent %d /ColorSpace %s"
        b" /Filter /FlateDecode /DecodeParms %s" % (width, height, bits, space, predictor)
    )
    box = b"/MediaBox [0 0 %d %d] /Resources << /XObject << /P 5 0 R >> >>" % (width, height)
    return _file(
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R %s >>" % box,
        _stream(b"", b"%d 0 0 %d 0 0 cm /P Do" % (width, height)),
        _stream(picture, rows),
    )


def _stream(entries: bytes, content: bytes) -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(content), content)


def _file(*objects: bytes) -> bytes:
    written = b"%PDF-1.5\n"
    places = []
    for number, content in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"0000000000 65535 f \n" + b"".join(places)
    count = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (
        count,
        len(written),
    )
    return written + b"xref\n0 %d\n%s%s" % (count, table, trailer)
