"""The boundary-point exchange text ([属性描述], [地块坐标]): its lines, plots and rings.

Coordinates stay in the order and numbers of the file: which is north, and which zone they are in,
is understood later. Layout as in the Ministry's reporting software: a plot begins with a line that
ends in ``@`` (point count, hectares, number, name, point/line/area, map sheet, use, land class),
then one line a point: label, ring number, X, Y.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.errors import IntakeError
from etk_geo.intake.encodings import decode_document
from etk_geo.intake.formats import Source
from etk_geo.intake.limits import Limits
from etk_geo.intake.numerals import half_last_digit, parse_number
from etk_geo.intake.readers.answer import WKB_COLUMN, Finding, LayerSummary, ReadLayer
from etk_geo.intake.readers.arrow_file import ArrowFile
from etk_geo.intake.readers.rings import assemble_polygons

ATTRIBUTE_SECTION = "属性描述"
POINT_SECTION = "地块坐标"
PLOT_FIELDS = (
    "点数", "面积(公顷)", "地块编号", "地块名称", "图形属性", "图幅号", "地块用途", "地类编码",
)  # fmt: skip
_SEPARATOR = re.compile(r"[,，\t]")
_SECTION = re.compile(r"\s*[\[［【](.{1,40})[\]］】]\s*")
_BLANKS = re.compile(r"\s+")

XY = tuple[float, float]


@dataclass
class Plot:
    """One plot as written: ``values`` by :data:`PLOT_FIELDS`, rings in order of the file."""

    line: int
    values: dict[str, str] = field(default_factory=dict)
    rings: list[list[XY]] = field(default_factory=list)
    ring_numbers: list[str] = field(default_factory=list)
    rows: int = 0


@dataclass
class BoundaryText:
    """A whole exchange text.

    ``half_digit`` is half of the last digit of the number written finest: programs drop trailing
    zeros.
    """

    header: dict[str, str] = field(default_factory=dict)
    plots: list[Plot] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    half_digit: float | None = None


def parse_boundary_text(text: str) -> BoundaryText:
    """Read the lines of an exchange text; never raises, what cannot be read is a finding."""
    result = BoundaryText()
    section = ""
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip().lstrip("\ufeff")
        heading = _SECTION.fullmatch(stripped)
        if heading:
            section = heading.group(1).strip()
        elif not stripped:
            continue
        elif section == POINT_SECTION:
            _point_line(stripped, number, result)
        elif "=" in stripped or "＝" in stripped:
            key, _, value = stripped.replace("＝", "=", 1).partition("=")
            result.header[key.strip()[:40]] = value.strip()[:200]
    return result


def _point_line(line: str, number: int, result: BoundaryText) -> None:
    if line.rstrip(",， ").endswith("@"):
        cells = [cell.strip() for cell in _SEPARATOR.split(line)]
        values = {name: cell for name, cell in zip(PLOT_FIELDS, cells, strict=False) if cell != "@"}
        result.plots.append(Plot(number, values))
        return
    point = _parse_point(line)
    if point is None:
        result.findings.append(Finding("ETK827", f"line {number}", {"text": line[:60]}))
        return
    ring, xy, half_digit = point
    if not result.plots:
        result.plots.append(Plot(number))
    plot = result.plots[-1]
    plot.rows += 1
    if not plot.rings or plot.ring_numbers[-1] != ring:
        plot.rings.append([])
        plot.ring_numbers.append(ring)
    plot.rings[-1].append(xy)
    result.half_digit = min(half_digit, result.half_digit or half_digit)


def _parse_point(line: str) -> tuple[str, XY, float] | None:
    """Return ring number, the two coordinates, and half of the last digit written."""
    cells = [cell.strip() for cell in _SEPARATOR.split(line)]
    if len(cells) == 1:
        cells = _BLANKS.split(line)
    while cells and not cells[-1]:
        cells.pop()
    if len(cells) not in (2, 3, 4):
        return None
    first, second = parse_number(cells[-2]), parse_number(cells[-1])
    if first is None or second is None:
        return None
    ring = cells[1] if len(cells) == 4 else "1"
    if len(cells) == 4 and parse_number(ring) is None:
        return None
    return ring, (first, second), min(half_last_digit(cells[-2]), half_last_digit(cells[-1]))


def plot_geometry(plot: Plot) -> tuple[BaseGeometry | None, list[Finding]]:
    """Return the geometry of a plot, x the first number of each point, and what was noticed."""
    where = plot.values.get("地块编号") or plot.values.get("地块名称") or f"line {plot.line}"
    kind = plot.values.get("图形属性", "")
    findings = _count_finding(plot, where)
    if not plot.rings:
        return None, [*findings, Finding("ETK837", where)]
    if "点" in kind:
        points = [xy for ring in plot.rings for xy in ring]
        return (shapely.Point(points[0]) if len(points) == 1 else shapely.MultiPoint(points)), []
    if "线" in kind:
        lines = [ring for ring in plot.rings if len(ring) > 1]
        if len(lines) != len(plot.rings):
            return None, [*findings, Finding("ETK848", where)]
        if len(lines) == 1:
            return shapely.LineString(lines[0]), findings
        return shapely.MultiLineString(lines), findings
    return _area(plot, where, findings)


def _area(
    plot: Plot, where: str, findings: list[Finding]
) -> tuple[BaseGeometry | None, list[Finding]]:
    rings = []
    for ring in plot.rings:
        if ring[0] != ring[-1]:
            findings.append(Finding("ETK841", where))
            ring = [*ring, ring[0]]  # noqa: PLW2901 - the closed one takes its place
        if len(ring) < 4:
            return None, [*findings, Finding("ETK848", where)]
        rings.append(np.asarray(ring))
    geometry, extra_parts = assemble_polygons(rings)
    if extra_parts:
        findings.append(Finding("ETK854", where, {"count": str(extra_parts)}))
    return geometry, findings


def _count_finding(plot: Plot, where: str) -> list[Finding]:
    said = parse_number(plot.values.get("点数", ""))
    if said is None or int(said) in (plot.rows, plot.rows - len(plot.rings)):
        return []
    return [Finding("ETK853", where, {"said": f"{said:g}", "found": str(plot.rows)})]


def survey(source: Source, encoding: str) -> list[LayerSummary]:
    """List the one layer of an exchange text."""
    text, _ = decode_document(source.path.read_bytes(), encoding or None)
    parsed = _parsed(text, source.name)
    fields = _fields(parsed.plots)
    name = Path(source.name).stem
    return [LayerSummary(source.name, 0, name, source.format, len(parsed.plots), "Unknown", fields)]


def _parsed(text: str, name: str) -> BoundaryText:
    parsed = parse_boundary_text(text)
    if not parsed.plots:
        raise IntakeError("ETK826", file=name)
    return parsed


def _fields(plots: Sequence[Plot]) -> tuple[str, ...]:
    """Return the plot fields that say anything, without the counts."""
    return tuple(f for f in PLOT_FIELDS[1:] if any(plot.values.get(f) for plot in plots))


def read(
    source: Source, out: Path, limits: Limits, encoding: str
) -> tuple[ReadLayer, list[Finding]]:
    """Read an exchange text into the Arrow file, one row a plot.

    Raises
    ------
    IntakeError
        ETK815 or ETK816 too much, ETK826 no plots.
    """
    raw = source.path.read_bytes()
    text, finding = decode_document(raw, encoding or None)
    parsed = _parsed(text, source.name)
    table, read_layer = layer_of(parsed)
    with ArrowFile(out, source.name, limits, table.num_rows) as sink:
        sink.append(table)
    chosen = encoding or finding.best
    return (
        ReadLayer(**{**vars(read_layer), "encoding": chosen, "encodings": finding}),
        parsed.findings,
    )


def layer_of(parsed: BoundaryText) -> tuple[pa.Table, ReadLayer]:
    """Return the plots as a table with WKB, adding what was noticed to ``parsed.findings``."""
    wkb = []
    for plot in parsed.plots:
        geometry, findings = plot_geometry(plot)
        parsed.findings.extend(findings)
        wkb.append(None if geometry is None else shapely.to_wkb(geometry))
    fields = _fields(parsed.plots)
    columns = [
        pa.array([plot.values.get(name) or None for plot in parsed.plots], pa.string())
        for name in fields
    ]
    table = pa.table([*columns, pa.array(wkb, pa.binary())], names=[*fields, WKB_COLUMN])
    header: Mapping[str, str] = parsed.header
    return table, ReadLayer(
        words=tuple(f"{key}={value}" for key, value in header.items()),
        header=header,
        north_first=True,
        resolution=parsed.half_digit,
    )
