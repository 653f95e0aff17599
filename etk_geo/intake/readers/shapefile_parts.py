"""The files that make up a Shapefile: which are there, and what their headers say.

Only headers are read here; rows and shapes are GDAL's.
"""

from __future__ import annotations

import struct
from pathlib import Path

from etk_geo.errors import IntakeError
from etk_geo.intake.encodings import LDID_ENCODINGS, normalise_name
from etk_geo.intake.readers.answer import Finding


def part(shp: Path, suffix: str) -> Path | None:
    """Return the file beside ``shp`` with another suffix, whatever its case."""
    for path in shp.parent.iterdir():
        if path.stem == shp.stem and path.suffix.lower() == suffix:
            return path
    return None


def declared_encodings(shp: Path) -> dict[str, str]:
    """Return the encodings that ``.cpg`` and the DBF's language driver id declare."""
    declared: dict[str, str] = {}
    cpg = part(shp, ".cpg")
    if cpg is not None:
        name = normalise_name(cpg.read_bytes()[:64].decode("latin-1"))
        if name is not None:
            declared["cpg"] = name
    dbf = part(shp, ".dbf")
    if dbf is not None:
        header = dbf.read_bytes()[:32] if dbf.stat().st_size >= 32 else b""
        ldid = LDID_ENCODINGS.get(header[29]) if len(header) == 32 else None
        if ldid is not None:
            declared["ldid"] = ldid
    return declared


def check_parts(shp: Path, name: str) -> list[Finding]:
    """Check that the parts are there and agree on the number of records.

    Raises
    ------
    IntakeError
        ETK812 if the header of the ``.shp`` or ``.dbf`` is cut short or not one.
    """
    findings = []
    header = _head(shp, 100)
    if len(header) < 100:
        raise IntakeError("ETK812", file=name, format="Shapefile", reason="header cut short")
    declared_bytes = struct.unpack(">i", header[24:28])[0] * 2
    if declared_bytes != shp.stat().st_size:
        detail = {"found": str(shp.stat().st_size), "expected": str(declared_bytes)}
        findings.append(Finding("ETK859", name, detail))
    shx = part(shp, ".shx")
    if shx is None:
        findings.append(Finding("ETK832", name))
    dbf = part(shp, ".dbf")
    if dbf is None:
        findings.append(Finding("ETK833", name))
        return findings
    dbf_header = _head(dbf, 32)
    if len(dbf_header) < 32:
        raise IntakeError("ETK812", file=name, format="DBF", reason="header cut short")
    rows = struct.unpack("<I", dbf_header[4:8])[0]
    header_bytes, row_bytes = struct.unpack("<HH", dbf_header[8:12])
    held = max(0, dbf.stat().st_size - header_bytes) // max(row_bytes, 1)
    shapes = None if shx is None else max(0, shx.stat().st_size - 100) // 8
    counts = {rows, held} | ({shapes} if shapes is not None else set())
    if len(counts) > 1:
        shown = "?" if shapes is None else str(shapes)
        findings.append(
            Finding("ETK831", name, {"shapes": shown, "rows": str(rows), "held": str(held)})
        )
    return findings


def _head(path: Path, length: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(length)
