"""Tables of corners: several rows are one plot or one line, as boundary-point sheets are written.

Whether rows are places of their own or corners of something is asked, never assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

import numpy as np
import pandas as pd
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.numerals import narrow
from etk_geo.intake.raw_layer import RawLayer, VertexGrouping
from etk_geo.intake.readers.boundary_points import Plot, plot_geometry
from etk_geo.model import Issue

Shape = Literal["polygon", "line"]
KIND_WORDS: Mapping[Shape, str] = {"polygon": "面", "line": "线"}
LEAST_ROWS = 3
MOST_OFFERED = 6

_GROUP = re.compile(
    r"(地块|图斑|宗地|区块|块|项目|井田|矿区|线路|用地)?(编号|编码|号|名称|名)|地块|图斑|宗地|块号|区块|"
    r"(plot|parcel|polygon|feature|line|group|block|site)_?(id|no|name|number)?|dkbh|dkmc|tbbh|zdh"
)
_CORNER = re.compile(
    r"(拐|界址|边界|坐标|顶|折|角|桩)点(编号|序号|号|名)?|拐点|点号|点序|点编号|点名|界址点号|顶点号|"
    r"(vertex|point|corner|node)_?(id|no|index|number)?|jzdh"
)
_RING = re.compile(r"(圈|环|部件|线)号|圈|环|ring(_?(id|no))?|part(_?(id|no))?")
_NUMBER = re.compile(r"(?:[A-Za-z]{0,3}|点|拐点|界址点|折点|角点)[-_ ]?(\d{1,9})")


def find_groupings(raw: RawLayer) -> tuple[VertexGrouping, ...]:
    """Return the ways in which rows of a table of points may be corners of plots or lines.

    Parameters
    ----------
    raw
        After ``choose_columns``. Not changed.

    Returns
    -------
    groupings
        Likeliest first, areas before lines. Empty where nothing suggests corners: neither a column
        of point numbers that count up nor one of plots that have several rows each.
    """
    geometry = raw.geometry
    if geometry is None or len(geometry) < LEAST_ROWS:
        return ()
    types = set(shapely.get_type_id(geometry).tolist())
    if not types <= {0, -1}:
        return ()
    taken = set(raw.columns[0].names) if raw.columns else set()
    names = [str(n) for n in raw.attributes.columns if str(n) not in taken]
    order = next((n for n in names if _CORNER.fullmatch(_key(n))), "")
    ring = next((n for n in names if n != order and _RING.fullmatch(_key(n))), "")
    groups = [
        n for n in names
        if n not in (order, ring) and _GROUP.fullmatch(_key(n)) and _repeats(raw.attributes[n])
    ]  # fmt: skip
    if not groups and not (order and _counts_up(raw.attributes[order])):
        return ()
    ways = [VertexGrouping(g, order, ring, s) for g in groups or [""] for s in KIND_WORDS]
    return tuple(ways[:MOST_OFFERED])


def _key(name: str) -> str:
    return re.sub(r"[\s（）()：:]+", "", narrow(name).lower()) or "-"


def _repeats(column: pd.Series[Any]) -> bool:
    """Tell whether a column names things of at least three rows each."""
    sizes = _filled(column).value_counts()
    return len(sizes) > 0 and int(sizes.median()) >= LEAST_ROWS


def _filled(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column with the blanks that merged cells leave filled from above."""
    texts = column.map(lambda v: "" if pd.isna(v) else str(v).strip())
    filled: pd.Series[Any] = texts.replace("", np.nan).ffill().fillna("")
    return filled


def _counts_up(column: pd.Series[Any]) -> bool:
    """Tell whether point numbers count up by one from the first, the last perhaps the first."""
    numbers = [_number(v) for v in column if not pd.isna(v)]
    if len(numbers) < LEAST_ROWS or None in numbers:
        return False
    if numbers[-1] == numbers[0]:
        numbers = numbers[:-1]
    known = [n for n in numbers if n is not None]
    return known == list(range(known[0], known[0] + len(known))) and known[0] in (0, 1)


def _number(value: object) -> int | None:
    match = _NUMBER.fullmatch(narrow(str(value)))
    return None if match is None else int(match.group(1))


def join_vertices(raw: RawLayer, grouping: VertexGrouping | None) -> RawLayer:
    """Return the layer with its rows joined, or left as places of their own.

    Parameters
    ----------
    raw
        A table of points, as from ``choose_columns``. Not changed.
    grouping
        One of ``raw.vertices`` or any other; ``None`` where every row is a place of its own.

    Returns
    -------
    layer
        One row per plot, in order of first mention; the first value of each column; labels are the
        names of the plots. Blank cells below a plot's name belong to it (merged cells). Where a
        ring closes and more rows follow, they are another ring. A plot with a corner that cannot
        be read, or with too few, has no geometry and an ETK848 issue; ETK854 and ETK895
        (order taken from the point numbers) as they arise.

    Raises
    ------
    IntakeError
        ETK821 a column is not there, or the layer is no table of points.
    """
    if grouping is None:
        return replace(raw, vertices=())
    names = {str(name) for name in raw.attributes.columns}
    wanted = [n for n in (grouping.group, grouping.order, grouping.ring) if n]
    missing = [n for n in wanted if n not in names]
    if missing or raw.geometry is None or grouping.shape not in KIND_WORDS:
        raise IntakeError("ETK821", file=raw.origin.upload, columns=", ".join(missing) or "—")
    labels, members = _members(raw, grouping.group)
    geometry = np.full(len(members), None, dtype=object)
    issues = [issue for issue in raw.issues if issue.code != "ETK848"]
    for place, (label, rows) in enumerate(zip(labels, members, strict=True)):
        geometry[place], found = _joined(raw, grouping, label, rows)
        issues.extend(found)
    return replace(
        raw,
        geometry=geometry,
        attributes=_first_values(raw.attributes, members, drop=(grouping.order, grouping.ring)),
        labels=tuple(labels),
        vertices=(),
        issues=tuple(issues),
    )


def _members(raw: RawLayer, group: str) -> tuple[list[str], list[list[int]]]:
    if not group:
        return [raw.origin.layer], [list(range(len(raw.attributes)))]
    members: dict[str, list[int]] = {}
    for row, name in enumerate(_filled(raw.attributes[group])):
        members.setdefault(name, []).append(row)
    return list(members), list(members.values())


def _joined(
    raw: RawLayer, grouping: VertexGrouping, label: str, rows: list[int]
) -> tuple[Any, list[Issue]]:
    file = raw.origin.upload
    issues = []
    if grouping.order:
        ordered = _ordered(raw.attributes[grouping.order], rows)
        if ordered != rows:
            issues.append(Issue(file, label, "ETK895", {"column": grouping.order}))
            rows = ordered
    points = None if raw.geometry is None else raw.geometry[rows]
    if points is None or shapely.is_missing(points).any():
        unread = [raw.labels[r] for r in rows if raw.geometry is None or raw.geometry[r] is None]
        where = f"{label} ({', '.join(unread[:5])})"
        return None, [*issues, Issue(file, where, "ETK848")]
    plot = Plot(rows[0] + 1, {"地块编号": label, "图形属性": KIND_WORDS[grouping.shape]})
    plot.rows = len(rows)
    rings = list(_ring_names(raw.attributes, grouping.ring, rows))
    for ring, x, y in zip(rings, shapely.get_x(points), shapely.get_y(points), strict=True):
        closed = grouping.shape == "polygon" and _is_closed(plot)
        if not plot.rings or plot.ring_numbers[-1] != ring or closed:
            plot.rings.append([])
            plot.ring_numbers.append(ring)
        plot.rings[-1].append((float(x), float(y)))
    geometry, findings = plot_geometry(plot)
    # Unlike the exchange text, a table need not repeat the first corner at the end.
    told = [f for f in findings if f.code != "ETK841"]
    issues.extend(Issue(file, f.where, f.code, dict(f.detail)) for f in told)
    return geometry, issues


def _is_closed(plot: Plot) -> bool:
    return bool(plot.rings) and len(plot.rings[-1]) > 3 and plot.rings[-1][0] == plot.rings[-1][-1]


def _ring_names(table: pd.DataFrame, ring: str, rows: Sequence[int]) -> Iterator[str]:
    if not ring:
        yield from ("1" for _ in rows)
        return
    yield from (str(v) for v in _filled(table[ring].iloc[list(rows)]))


def _ordered(column: pd.Series[Any], rows: list[int]) -> list[int]:
    """Return rows by their point numbers, where these do not already run up as the rows stand.

    Numbers that repeat belong to several rings, or to a last row that repeats the first: there the
    rows stay as they stand.
    """
    numbers = [_number(column.iloc[row]) for row in rows]
    if None in numbers:
        return rows
    known = [n for n in numbers if n is not None]
    rising = all(b > a for a, b in pairwise(known))
    if rising or len(set(known)) < len(known):
        return rows
    return [row for _, row in sorted(zip(known, rows, strict=True))]


def _first_values(
    table: pd.DataFrame, members: Sequence[Sequence[int]], drop: Sequence[str]
) -> pd.DataFrame:
    kept = [n for n in table.columns if str(n) not in drop]
    values = {name: _firsts(table[name], members) for name in kept}
    return pd.DataFrame(values, columns=kept, index=range(len(members)))


def _firsts(column: pd.Series[Any], members: Sequence[Sequence[int]]) -> list[Any]:
    """Return for each plot the first value that is there."""
    cells = column.tolist()
    there = (column.notna() & (column.astype(str) != "")).tolist()
    return [next((cells[row] for row in rows if there[row]), None) for rows in members]


def parse_grouping(text: str, shape: str) -> VertexGrouping | None:
    """Return a grouping of column names ``plot,order,ring``, the last two optional.

    ``points`` says that rows are places of their own: ``None``; ``-`` that all rows are one plot.
    """
    if text == "points":
        return None
    parts = [part.strip() for part in text.split(",")]
    group, order, ring = [*parts, "", ""][:3]
    kind: Shape = "line" if shape == "line" else "polygon"
    return VertexGrouping("" if group == "-" else group, order, ring, kind)
