"""Which columns of a table hold coordinates, by their names and by what stands in them.

Every choice that fits is returned; which number is north is not decided here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, permutations

import pandas as pd

from etk_geo.intake.angles import parse_angle
from etk_geo.intake.numerals import narrow, parse_number

SAMPLE_ROWS = 200
MOST_CHOICES = 12
MOST_PAIRED = 12
"""Nameless numeric columns are paired only among the first so many."""

_LON = r"lon(g(itude)?)?|lng|long|经度|东经|大地经度|lon_?\w*|\w*_lon|\w*经度\w*|l"
_LAT = r"lat(itude)?|纬度|北纬|大地纬度|lat_?\w*|\w*_lat|\w*纬度\w*|b"
_X = r"x|坐标x|x_?\w*坐标|横坐标x|纵坐标x?|x\(?m\)?|\w*_x|x_\w*|北坐标|northing|north"
_Y = r"y|坐标y|y_?\w*坐标|纵坐标y|横坐标y?|y\(?m\)?|\w*_y|y_\w*|东坐标|easting|east"
_PAIRS = ((re.compile(_LON), re.compile(_LAT)), (re.compile(_X), re.compile(_Y)))
_WKT_NAME = re.compile(r"wkt|geom(etry)?|the_geom|shape|几何|图形|空间数据|\w*wkt\w*")
_WKT_VALUE = re.compile(
    r"\s*(srid=\d+;)?\s*(multi)?(point|linestring|polygon)\s*(z|m|zm)?\s*(\(|empty)|"
    r"\s*(srid=\d+;)?\s*geometrycollection",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class CoordinateColumns:
    """Two columns of coordinates, or one of WKT; ``named`` where their names say so."""

    first: str = ""
    second: str = ""
    wkt: str = ""
    named: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The columns concerned."""
        return (self.wkt,) if self.wkt else (self.first, self.second)


def find_columns(table: pd.DataFrame) -> tuple[CoordinateColumns, ...]:
    """Return the choices of coordinate columns, likeliest first; empty where none fits.

    Parameters
    ----------
    table
        Columns of text or numbers. Not changed. The first rows are looked at.
    """
    sample = table.head(SAMPLE_ROWS)
    texts = {str(name): _texts(sample.iloc[:, i]) for i, name in enumerate(table.columns)}
    choices = list(_wkt_columns(texts))
    numeric = {name: column for name, column in texts.items() if _is_coordinates(column)}
    choices.extend(_named_pairs(numeric))
    choices.extend(_pairs_by_value(numeric))
    unique = list(dict.fromkeys((c.names, c) for c in choices))
    seen: set[frozenset[str]] = set()
    result = []
    for names, choice in unique:
        if frozenset(names) not in seen:
            seen.add(frozenset(names))
            result.append(choice)
    return tuple(result[:MOST_CHOICES])


def _texts(column: pd.Series[str]) -> list[str]:
    return [str(v) for v in column if not pd.isna(v) and str(v).strip()]


def _wkt_columns(texts: dict[str, list[str]]) -> Iterator[CoordinateColumns]:
    for name, column in texts.items():
        fitting = sum(bool(_WKT_VALUE.match(text[:60])) for text in column)
        if column and fitting >= len(column) / 2:
            named = bool(_WKT_NAME.fullmatch(narrow(name).lower()))
            yield CoordinateColumns(wkt=name, named=named)


def _is_coordinates(column: list[str]) -> bool:
    """Tell whether at least half of the values are numbers or angles."""
    fitting = sum(parse_number(t) is not None or parse_angle(t) is not None for t in column)
    return bool(column) and fitting >= len(column) / 2


def _named_pairs(numeric: dict[str, list[str]]) -> Iterator[CoordinateColumns]:
    for first_name, second_name in _PAIRS:
        firsts = [n for n in numeric if first_name.fullmatch(_key(n))]
        seconds = [n for n in numeric if second_name.fullmatch(_key(n))]
        # A table may hold several pairs (WGS 84 and GCJ-02): matched by what their names share.
        for first in firsts:
            partners = [n for n in seconds if n != first]
            if partners:
                shared = [(_shared(first, n), -abs(len(n) - len(first))) for n in partners]
                best = partners[shared.index(max(shared))]
                yield CoordinateColumns(first, best, named=True)


def _key(name: str) -> str:
    return re.sub(r"[\s（）()：:]+", "", narrow(name).lower().replace("（", "(")) or "-"


def _shared(one: str, other: str) -> int:
    """Return how many characters two names share at their ends."""
    front = next((i for i, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), 0)
    back = next(
        (i for i, (a, b) in enumerate(zip(one[::-1], other[::-1], strict=False)) if a != b), 0
    )
    return front + back


def _pairs_by_value(numeric: dict[str, list[str]]) -> Iterator[CoordinateColumns]:
    """Pair columns whose values can be an east and a north of this part of the world."""
    kinds: dict[str, set[str]] = {}
    for name, column in islice(numeric.items(), MOST_PAIRED):
        values = [v for text in column if (v := _value(text)) is not None]
        middle = sorted(values)[len(values) // 2]
        kinds[name] = _kinds(middle)
    for first, second in permutations(kinds, 2):
        for group in ("degree", "metre"):
            if f"{group} east" in kinds[first] and f"{group} north" in kinds[second]:
                yield CoordinateColumns(first, second)


def _value(text: str) -> float | None:
    number = parse_number(text)
    if number is not None:
        return number
    angle = parse_angle(text)
    return None if angle is None else angle.degrees


def _kinds(value: float) -> set[str]:
    found = set()
    if 100 <= value <= 115:
        found.add("degree east")
    if 34 <= value <= 44:
        found.add("degree north")
    if 200_000 <= value < 800_000 or 13_000_000 <= value < 46_000_000:
        found.add("metre east")
    if 3_700_000 <= value <= 4_900_000:
        found.add("metre north")
    return found
