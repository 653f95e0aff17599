"""What a file says of its coordinate system, in codes, WKT or words, as parts of a reading.

A declaration may say only part (a datum without projection); what it leaves out stays open. A
declared system that is none of the readings tried here is kept as a CRS of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pyproj import CRS
from pyproj.exceptions import CRSError

from etk_geo.intake.datums import Datum
from etk_geo.intake.numerals import narrow, parse_number
from etk_geo.intake.readings import GEOGRAPHIC, Projection, ProjectionKind, Reading


@dataclass(frozen=True)
class Declaration:
    """What is said: ``datum`` and ``projection`` where they are, ``crs`` where it is another CRS.

    ``meridian`` is a central meridian named without saying whether a prefix is written.

    ``implied`` where only the format or a column's name says so; ``wgs84`` where the word used is
    WGS 84, under which shifted web-map coordinates travel too; ``said`` is the wording itself.
    """

    datum: Datum | None = None
    projection: Projection | None = None
    meridian: int | None = None
    north_first: bool | None = None
    crs: CRS | None = None
    implied: bool = False
    wgs84: bool = False
    said: str = ""

    @property
    def says_anything(self) -> bool:
        """Whether datum, projection or another CRS is declared."""
        return self.datum is not None or self.projection is not None or self.crs is not None

    def agrees_with(self, reading: Reading) -> bool:
        """Tell whether a reading contradicts nothing that is declared."""
        return (
            self.says_anything
            and self.crs is None
            and self.datum in (None, reading.datum)
            and (self.projection is None or _same(self.projection, reading.projection))
            and self.meridian in (None, reading.projection.central_meridian)
        )


def _same(one: Projection, other: Projection) -> bool:
    return (one.kind, one.central_meridian, one.prefix) == (
        other.kind,
        other.central_meridian,
        other.prefix,
    )


def declaration_of(
    crs: str, *, implied: bool, words: Sequence[str], header: Mapping[str, str]
) -> Declaration:
    """Return the declaration of a layer.

    Parameters
    ----------
    crs
        Authority code, WKT or PROJJSON; empty for none.
    implied
        Whether only the format says so.
    words
        Texts that may name a datum or a projection (column names, a column of CRS names).
    header
        The attribute section of a boundary-point text.
    """
    if crs:
        try:
            return replace(from_crs(CRS.from_user_input(_json(crs))), implied=implied)
        except CRSError:
            return Declaration(said=crs[:80])
    if header:
        return from_header(header)
    return from_words(" ".join(words))


def _json(crs: str) -> Any:
    return crs.strip() if not crs.lstrip().startswith("{") else crs


def from_crs(crs: CRS) -> Declaration:
    """Return the declaration that a CRS makes."""
    bare = _horizontal(crs)
    name = f"{bare.name} (EPSG:{bare.to_epsg()})" if bare.to_epsg() else str(bare.name)
    datum, projection = _datum(bare), _projection(bare)
    if datum is None or projection is None:
        return Declaration(crs=bare, said=name)
    wgs84 = "1984" in _datum_name(bare) or "wgs" in _datum_name(bare)
    return Declaration(datum, projection, wgs84=wgs84, said=name)


def _horizontal(crs: CRS) -> CRS:
    if crs.is_compound:
        return crs.sub_crs_list[0]
    if crs.is_bound and crs.source_crs is not None:
        return crs.source_crs
    return crs


def _datum_name(crs: CRS) -> str:
    geodetic = crs.geodetic_crs
    names = [geodetic.name if geodetic else "", crs.datum.name if crs.datum else ""]
    return re.sub(r"[^a-z0-9]+", " ", " ".join(names).lower())


def _datum(crs: CRS) -> Datum | None:
    name = _datum_name(crs)
    for word, datum in (
        ("cgcs2000", Datum.CGCS2000),
        ("china 2000", Datum.CGCS2000),
        ("china geodetic coordinate system 2000", Datum.CGCS2000),
        ("wgs 84", Datum.CGCS2000),
        ("wgs84", Datum.CGCS2000),
        ("wgs 1984", Datum.CGCS2000),
        ("world geodetic system 1984", Datum.CGCS2000),
        ("xian 1980", Datum.XIAN80),
        ("xian 80", Datum.XIAN80),
        ("beijing 1954", Datum.BEIJING54),
    ):
        if word in name and "new beijing" not in name:
            return datum
    return None


def _projection(crs: CRS) -> Projection | None:
    if crs.is_geographic:
        meridian = crs.prime_meridian
        in_degrees = all(axis.unit_name == "degree" for axis in crs.axis_info)
        return GEOGRAPHIC if in_degrees and meridian and not meridian.longitude else None
    operation = crs.coordinate_operation
    if operation is None or any(axis.unit_name != "metre" for axis in crs.axis_info):
        return None
    if "pseudo" in operation.method_name.lower() or crs.to_epsg() == 3857:
        return Projection(ProjectionKind.WEB_MERCATOR)
    if operation.method_name not in ("Transverse Mercator", "Gauss Kruger", "Gauss_Kruger"):
        return None
    values = {p.name.lower(): float(p.value) for p in operation.params}
    meridian_deg = values.get("longitude of natural origin", values.get("central_meridian"))
    scale = values.get("scale factor at natural origin", values.get("scale_factor", 1.0))
    east = values.get("false easting", values.get("false_easting", 0.0))
    return _transverse_mercator(meridian_deg, scale, east, values.get("false northing", 0.0))


def _transverse_mercator(
    meridian_deg: float | None, scale: float, east: float, north: float
) -> Projection | None:
    if meridian_deg is None or meridian_deg != int(meridian_deg) or north:
        return None
    meridian = int(meridian_deg)
    if scale == 0.9996 and east == 500000:
        return Projection(ProjectionKind.UTM, meridian)
    prefix, rest = divmod(east - 500000, 1_000_000)
    if scale != 1 or rest or prefix < 0:
        return None
    width = zone_width(int(prefix), meridian)
    if width is None:
        return None
    return Projection(ProjectionKind.GAUSS_KRUGER, meridian, int(prefix), width)


def zone_width(prefix: int, meridian: int) -> int | None:
    """Return 3 or 6 for the zones that a prefix counts, 0 without prefix, ``None`` for a clash."""
    if prefix == 0:
        return 0
    if meridian == 3 * prefix:
        return 3
    return 6 if meridian == 6 * prefix - 3 else None


_DATUM_WORDS = (
    (r"gcj\s*-?\s*0?2|火星|高德|腾讯|国测局", Datum.GCJ02, False),
    (r"bd\s*-?\s*0?9|百度", Datum.BD09, False),
    (
        r"cgcs\s*2000|2000\s*(国家|坐标)|(国家|大地)\s*2000|epsg:\s*4490",
        Datum.CGCS2000,
        False,
    ),
    (r"西安\s*(19)?80|(19)?80\s*西安|xi'?an\s*_?-?(19)?80|epsg:\s*4610", Datum.XIAN80, False),
    (r"北京\s*(19)?54|(19)?54\s*年?\s*北京|beijing\s*_?-?(19)?54", Datum.BEIJING54, False),
    (r"wgs\s*_?-?\s*(19)?84|epsg:\s*4326", Datum.CGCS2000, True),
)  # fmt: skip
_EPSG = re.compile(r"epsg\s*[:：_]?\s*(\d{4,5})")


def from_words(text: str) -> Declaration:
    """Return what words say: an EPSG code, or a datum by its usual names in zh and en."""
    cleaned = " ".join(narrow(part) for part in _chunks(text)).lower()
    code = _EPSG.search(cleaned)
    if code:
        try:
            return replace(
                from_crs(CRS.from_epsg(int(code.group(1)))), said=f"EPSG:{code.group(1)}"
            )
        except CRSError:
            pass
    found = [(d, wgs84, m.group(0)) for p, d, wgs84 in _DATUM_WORDS if (m := re.search(p, cleaned))]
    if len({datum for datum, _, _ in found}) != 1:
        return Declaration()
    datum, wgs84, said = found[0]
    return Declaration(datum, wgs84=wgs84, said=said)


def _chunks(text: str, length: int = 200) -> list[str]:
    return [text[i : i + length] for i in range(0, min(len(text), 20_000), length)]


def from_header(header: Mapping[str, str]) -> Declaration:
    """Return what the attribute section of a boundary-point text says.

    ``带号`` names the zone; whether the numbers carry it in front is only known from them, so the
    prefix stays open unless the CRS is geographic.
    """
    datum_text = header.get("坐标系", "")
    said = "; ".join(
        f"{key}={header[key]}"
        for key in ("坐标系", "几度分带", "投影类型", "计量单位", "带号")
        if header.get(key)
    )
    declared = from_words(datum_text)
    if declared.crs is not None or declared.projection is not None:
        return replace(declared, north_first=True, said=said)
    projection = None
    if "度" in header.get("计量单位", "") or "经纬" in header.get("投影类型", ""):
        projection = GEOGRAPHIC
    return Declaration(
        declared.datum,
        projection,
        None if projection is GEOGRAPHIC else zone_meridian(header),
        north_first=True,
        wgs84=declared.wgs84,
        said=said,
    )


def zone_meridian(header: Mapping[str, str]) -> int | None:
    """Return the central meridian that ``带号`` and ``几度分带`` name, or ``None``."""
    zone, width = parse_number(header.get("带号", "")), parse_number(header.get("几度分带", ""))
    if zone is None or width not in (3, 6) or zone != int(zone):
        return None
    return int(3 * zone if width == 3 else 6 * zone - 3)
