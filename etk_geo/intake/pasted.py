"""Pasted coordinates: lists as people copy them from letters, tables and web maps.

Understood: one pair a line or pairs parted by ``;``, numbers or angles, a label or a running number
in front, JSON arrays, WKT, and the boundary-point exchange text. A line that is none of this is
named; nothing is skipped.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.declarations import declaration_of, from_words
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.limits import DEFAULT_LIMITS, Limits
from etk_geo.intake.numerals import LONGEST, narrow, parse_number
from etk_geo.intake.raw_layer import Origin, RawLayer, parse_coordinate
from etk_geo.intake.readers.answer import WKB_COLUMN
from etk_geo.intake.readers.boundary_points import layer_of, parse_boundary_text
from etk_geo.model import Issue

Shape = Literal["points", "line", "area"]
NAME = "pasted"
WORDS_LENGTH = 2000
"""Words that name the CRS are looked for in the first so many characters."""

_WKT = re.compile(r"\s*(multi)?(point|linestring|polygon)\s*z?\s*\(", re.IGNORECASE)
_BREAKS = re.compile(r"[;；\n\r|]+")
_COMMAS = re.compile(r"\s*[,，、\t]\s*")
_BLANKS = re.compile(r"\s+")
_LABEL = re.compile(
    r"(?P<label>\(\d{1,5}\)|[①-⑳]|\d{1,5}(?=、)|\d{1,5}(?=\.\s)|"
    r"(?!(?:[EeNnWwSs]|lon|lat|lng|东经|北纬|经度|纬度|东|北)\d)"
    r"[A-Za-z一-鿿]{1,20}\d{1,5}(?=[\s,:、]))\s*[:、,.]?\s*"
)
_AXIS_NAME = re.compile(r"[XYxy]\s*[=:]\s*")
_SIDED = re.compile(
    r"(?P<a>(?:东经|北纬|[EeNn])?\s*\d[^EeNn东北,]*?)\s*,?\s*(?P<b>(?:东经|北纬|[EeNn])\s*\d.*)"
)
_BRACKETS = str.maketrans("", "", "()（）[]【】{}")


@dataclass(frozen=True)
class Point:
    """One pair as written: label, the two numbers, half of the last digit."""

    label: str
    first: float
    second: float
    half_digit: float
    marked: bool


def read_pasted(text: str, shape: Shape, limits: Limits = DEFAULT_LIMITS) -> RawLayer:
    """Read pasted coordinates.

    Parameters
    ----------
    text
        What was pasted.
    shape
        Whether the pairs are single points, one line, or the corners of one area; WKT and the
        exchange text say themselves.
    limits
        ``pasted_characters`` and ``features``.

    Returns
    -------
    layer
        Raw geometry, first number x. CRS declared only where words in the text say so.

    Raises
    ------
    IntakeError
        ETK802 too long, ETK828 a line that is no pair (all of them in ``more``), ETK829 nothing,
        ETK864 too few corners.
    """
    if len(text) > limits.pasted_characters:
        size, limit = f"{len(text)}", f"{limits.pasted_characters}"
        raise IntakeError("ETK802", file=NAME, size=size, limit=limit)
    if not text.strip():
        raise IntakeError("ETK829", file=NAME)
    if "地块坐标" in text[:20_000]:
        return _exchange_text(text)
    if _WKT.match(text):
        return _wkt_layer(text)
    points = parse_pairs(text)
    return _layer_of_points(points, shape, text)


def parse_pairs(text: str) -> list[Point]:
    """Return the pairs of a pasted list.

    Raises
    ------
    IntakeError
        ETK828 for every line that is no pair, ETK829 if there is none at all.
    """
    array = _json_pairs(text)
    if array is not None:
        return array
    points: list[Point] = []
    errors: list[IntakeError] = []
    lines = [line.strip() for line in _BREAKS.split(text)]
    lines = [line for line in lines if line.translate(_BRACKETS).strip()]
    flat = _flat_pairs(lines)
    if flat is not None:
        return flat
    for number, line in enumerate(lines, start=1):
        point = parse_pair(line)
        if point is not None:
            points.append(point)
        elif from_words(line).says_anything:
            continue  # "坐标系：2000国家大地坐标系"
        elif number > 1 or _holds_digits(line):
            where = f"line {number}"
            errors.append(IntakeError("ETK828", file=NAME, where=where, text=line[:60]))
    if errors:
        errors[0].more = tuple(errors[1:50])
        raise errors[0]
    if not points:
        raise IntakeError("ETK829", file=NAME)
    return points


def _holds_digits(line: str) -> bool:
    return any(character.isdigit() for character in line)


def _json_pairs(text: str) -> list[Point] | None:
    """Return the pairs of a JSON array of arrays, or ``None`` if it is not one."""
    if not text.lstrip().startswith("["):
        return None
    try:
        # Kept as written, to know how many digits there are.
        value = json.loads(text, parse_float=str, parse_int=str)
    except (ValueError, RecursionError):
        return None
    while isinstance(value, list) and len(value) == 1 and isinstance(value[0], list):
        if not value[0] or not isinstance(value[0][0], list):
            break
        value = value[0]
    if not isinstance(value, list) or not value:
        return None
    pairs = [v for v in value if isinstance(v, list) and len(v) == 2]
    if len(pairs) != len(value):
        return None
    points = [_point("", str(a), str(b)) for a, b in pairs]
    return [p for p in points if p is not None] if None not in points else None


def _flat_pairs(lines: Sequence[str]) -> list[Point] | None:
    """Return the pairs of one line of four and more numbers, ``x,y,x,y``."""
    if len(lines) != 1:
        return None
    cells = _cells(lines[0].translate(_BRACKETS).strip())
    if len(cells) < 4 or len(cells) % 2 or not all(map(_is_whole_coordinate, cells)):
        return None
    pairs = [_point("", a, b) for a, b in zip(cells[::2], cells[1::2], strict=True)]
    points = [p for p in pairs if p is not None]
    return points if len(points) == len(pairs) else None


def _is_whole_coordinate(cell: str) -> bool:
    """Tell whether a number cannot be degrees, minutes or seconds of an angle by itself."""
    number = parse_number(cell)
    return number is not None and ("." in cell or abs(number) > 360)


def parse_pair(line: str) -> Point | None:
    """Return the pair that a line is, a label or running number in front; ``None`` if it is none.

    Three numbers are a running number and a pair only if the first is a small whole number; what
    could be a pair with a height is not guessed at.
    """
    if len(line) > LONGEST:
        return None
    bare = narrow(line).strip(" ,;\t")
    match = _LABEL.match(bare)
    label = match["label"] if match else ""
    rest = (bare[match.end() :] if match else bare).translate(_BRACKETS).strip()
    cells = [_AXIS_NAME.sub("", cell, count=1) for cell in _cells(rest)]
    point = _from_cells(label, cells)
    if point is None:
        sided = _SIDED.fullmatch(rest)
        point = _point(label, sided["a"].strip(), sided["b"].strip()) if sided else None
    return point


def _cells(text: str) -> list[str]:
    cells = [cell for cell in _COMMAS.split(text) if cell]
    return cells if len(cells) > 1 else [cell for cell in _BLANKS.split(text) if cell]


def _from_cells(label: str, cells: Sequence[str]) -> Point | None:
    if len(cells) == 2:
        return _point(label, cells[0], cells[1])
    if len(cells) == 3 and not label and _is_running_number(cells):
        return _point(cells[0], cells[1], cells[2])
    if len(cells) in (6, 7) and not (label and len(cells) == 7):
        # Degrees, minutes and seconds parted by blanks, twice.
        tail = cells[-6:]
        return _point(label or "".join(cells[:-6]), " ".join(tail[:3]), " ".join(tail[3:]))
    return None


def _is_running_number(cells: Sequence[str]) -> bool:
    """Tell whether the first of three is a number or name of the pair that follows.

    Not if the three may be a pair and a height.
    """
    if _could_be_lonlat(cells):
        return False
    first = parse_number(cells[0])
    return parse_coordinate(cells[0]) is None or (
        first is not None and "." not in cells[0] and 0 <= first < 100_000
    )


def _could_be_lonlat(cells: Sequence[str]) -> bool:
    """Tell whether three numbers may be a pair and a height rather than a number and a pair."""
    values = [parse_coordinate(cell) for cell in cells]
    if values[0] is None or values[1] is None:
        return False
    first, second = abs(values[0][0]), abs(values[1][0])
    return (73 <= first <= 136 and 17 <= second <= 54) or (
        17 <= first <= 54 and 73 <= second <= 136
    )


def _point(label: str, first: str, second: str) -> Point | None:
    one, two = parse_coordinate(first), parse_coordinate(second)
    if one is None or two is None:
        return None
    return Point(label, one[0], two[0], min(one[1], two[1]), one[2] or two[2])


def _layer_of_points(points: Sequence[Point], shape: Shape, text: str) -> RawLayer:
    xy = [(p.first, p.second) for p in points]
    labels = [p.label or str(i + 1) for i, p in enumerate(points)]
    if shape == "points":
        geometry = np.asarray(shapely.points(xy), dtype=object)
    else:
        distinct = len(dict.fromkeys(xy))
        least = 2 if shape == "line" else 3
        if distinct < least:
            raise IntakeError("ETK864", file=NAME, found=distinct, least=least)
        made = shapely.LineString(xy) if shape == "line" else shapely.Polygon(xy)
        geometry = np.asarray([made], dtype=object)
        labels = ["1"]
    attributes = pd.DataFrame({"name": [p.label for p in points] if shape == "points" else [""]})
    return RawLayer(
        _origin(text),
        attributes,
        geometry,
        tuple(labels),
        from_words(text[:WORDS_LENGTH]),
        resolution=min(p.half_digit for p in points),
        angles_marked=any(p.marked for p in points),
    )


def _wkt_layer(text: str) -> RawLayer:
    try:
        geometry = shapely.from_wkt(text.strip())
    except shapely.GEOSException as error:
        raise IntakeError("ETK828", file=NAME, where="WKT", text=str(error)[:80]) from None
    if geometry.is_empty:
        raise IntakeError("ETK829", file=NAME)
    return RawLayer(
        _origin(text),
        pd.DataFrame({"name": [""]}),
        np.asarray([geometry], dtype=object),
        ("1",),
        from_words(""),
    )


def _exchange_text(text: str) -> RawLayer:
    parsed = parse_boundary_text(text)
    if not parsed.plots:
        raise IntakeError("ETK826", file=NAME)
    table, read = layer_of(parsed)
    wkb = table.column(WKB_COLUMN).to_numpy(zero_copy_only=False)
    return RawLayer(
        _origin(text),
        table.drop_columns([WKB_COLUMN]).to_pandas(),
        shapely.from_wkb(wkb),
        tuple(str(i + 1) for i in range(table.num_rows)),
        declaration_of("", implied=False, words=read.words, header=read.header),
        resolution=read.resolution,
        issues=tuple(Issue(NAME, f.where, f.code, f.detail) for f in parsed.findings),
    )


def _origin(text: str) -> Origin:
    digest = hashlib.sha256(text.encode("utf-8", errors="surrogatepass")).hexdigest()
    return Origin(NAME, NAME, NAME, FileFormat.PASTED, digest)
