"""Which format a file is, by its content first and its name second.

Reads only the first bytes of a file; opens nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from etk_geo.errors import IntakeError

HEAD_BYTES = 65536


class FileFormat(StrEnum):
    """The formats that are read."""

    SHAPEFILE = "shapefile"
    GEOPACKAGE = "geopackage"
    GEOJSON = "geojson"
    KML = "kml"
    FLATGEOBUF = "flatgeobuf"
    PARQUET = "parquet"
    DXF = "dxf"
    CSV = "csv"
    XLSX = "xlsx"
    BOUNDARY_TXT = "boundary_txt"
    DBF = "dbf"
    PASTED = "pasted"
    DRAWN = "drawn"


SUFFIXES = {
    ".shp": FileFormat.SHAPEFILE,
    ".gpkg": FileFormat.GEOPACKAGE,
    ".geojson": FileFormat.GEOJSON,
    ".json": FileFormat.GEOJSON,
    ".kml": FileFormat.KML,
    ".fgb": FileFormat.FLATGEOBUF,
    ".parquet": FileFormat.PARQUET,
    ".geoparquet": FileFormat.PARQUET,
    ".dxf": FileFormat.DXF,
    ".csv": FileFormat.CSV,
    ".tsv": FileFormat.CSV,
    ".xlsx": FileFormat.XLSX,
    ".xlsm": FileFormat.XLSX,
    ".txt": FileFormat.BOUNDARY_TXT,
    ".dbf": FileFormat.DBF,
}
GDAL_SUFFIX = {
    FileFormat.SHAPEFILE: ".shp",
    FileFormat.GEOPACKAGE: ".gpkg",
    FileFormat.GEOJSON: ".geojson",
    FileFormat.KML: ".kml",
    FileFormat.FLATGEOBUF: ".fgb",
    FileFormat.DXF: ".dxf",
    FileFormat.DBF: ".dbf",
}
"""The ending that makes GDAL's drivers look at a file at all."""

GDAL_DRIVERS = ("ESRI Shapefile", "GPKG", "GeoJSON", "LIBKML", "FlatGeobuf", "DXF")
"""The only drivers that a reading process has."""

SHAPEFILE_PARTS = frozenset(
    {".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx", ".qix", ".qmd", ".qpj", ".xml"}
)

UNREAD = {
    ".dwg": "DWG",
    ".gdb": "File Geodatabase",
    ".gdbtable": "File Geodatabase",
    ".tab": "MapInfo TAB",
    ".mif": "MapInfo MIF",
    ".mdb": "Personal Geodatabase",
    ".xls": "XLS (Excel 97)",
    ".gpx": "GPX",
    ".gml": "GML",
    ".ovkml": "OVKML",
    ".ovobj": "OVOBJ",
    ".rar": "RAR",
    ".7z": "7z",
    ".pdf": "PDF",
    ".doc": "Word",
    ".docx": "Word",
    ".tif": "TIFF",
    ".png": "PNG",
    ".jpg": "JPEG",
}
"""Formats that users bring and that are not read: named, so that the answer says what to do."""

_MAGIC = (
    (b"SQLite format 3\x00", FileFormat.GEOPACKAGE),
    (b"\x00\x00\x27\x0a", FileFormat.SHAPEFILE),
    (b"fgb\x03fgb", FileFormat.FLATGEOBUF),
    (b"PAR1", FileFormat.PARQUET),
    (b"AutoCAD Binary DXF", FileFormat.DXF),
    (b"PK\x03\x04", FileFormat.XLSX),
)
_DXF = re.compile(rb"\A\s*(999\s[^\n]*\n\s*)*0\s*\r?\n\s*SECTION", re.IGNORECASE)


@dataclass(frozen=True)
class Source:
    """One readable file of an upload.

    ``name`` is its path within the upload, as the user knows it; ``path`` where it lies now.
    """

    name: str
    path: Path
    format: FileFormat
    suffix_differs: bool = False


def is_archive(path: Path) -> bool:
    """Tell whether a file is a zip archive that is not itself a document."""
    with path.open("rb") as stream:
        head = stream.read(4)
    return head in (b"PK\x03\x04", b"PK\x05\x06") and path.suffix.lower() not in (".xlsx", ".xlsm")


def sniff(path: Path, name: str) -> Source | None:
    """Tell the format of a file.

    Returns
    -------
    source
        ``None`` for a file that only accompanies another (``.prj``, ``.cpg``).

    Raises
    ------
    IntakeError
        ETK801 empty, ETK803 not recognised, ETK804 a known format that is not read.
    """
    suffix = Path(name).suffix.lower()
    if suffix in SHAPEFILE_PARTS - {".shp", ".dbf"}:
        return None
    if path.stat().st_size == 0:
        raise IntakeError("ETK801", file=name)
    if suffix in UNREAD:
        raise IntakeError("ETK804", file=name, format=UNREAD[suffix])
    with path.open("rb") as stream:
        head = stream.read(HEAD_BYTES)
    expected = SUFFIXES.get(suffix)
    found = _by_content(head, expected)
    if found is None:
        raise IntakeError("ETK803", file=name, found=_describe(head))
    return Source(name, path, found, suffix_differs=expected is not None and found != expected)


def _by_content(head: bytes, expected: FileFormat | None) -> FileFormat | None:
    for magic, file_format in _MAGIC:
        if head.startswith(magic):
            return file_format
    if expected is FileFormat.DBF:
        return FileFormat.DBF
    if _DXF.match(head):
        return FileFormat.DXF
    text = _as_text(head)
    return None if text is None else _by_text(text, expected)


def _by_text(text: str, expected: FileFormat | None) -> FileFormat | None:
    start = text.lstrip("\ufeff \t\r\n")
    if "[地块坐标]" in text or "[属性描述]" in text:
        return FileFormat.BOUNDARY_TXT
    if start.startswith("<") and re.search(r"<(?:\w+:)?kml\b", start):
        return FileFormat.KML
    if start.startswith("{"):
        return FileFormat.GEOJSON
    if expected in (FileFormat.CSV, FileFormat.BOUNDARY_TXT):
        # A .txt without the sections of the exchange format is a table.
        return FileFormat.CSV
    return None


def _as_text(head: bytes) -> str | None:
    """Return the head as text where it is text at all; only for telling formats apart."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    try:
        return head.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(head) - 4:
            return head[: error.start].decode("utf-8")
    return head.decode("gb18030", errors="replace")


def _describe(head: bytes) -> str:
    """Return the first characters of a file, printable ones only."""
    shown = "".join(chr(b) if 32 <= b < 127 else "·" for b in head[:16])
    return shown or "?"
