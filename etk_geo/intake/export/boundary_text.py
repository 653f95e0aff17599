"""The boundary-point exchange text written: one plot a feature, outer rings clockwise, GB18030.

Carries name, category and area; what else a frame holds is named as left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.errors import IntakeError
from etk_geo.intake.export.target import ExportCrs, Exported, projected
from etk_geo.measure import area_m2
from etk_geo.model import Issue

CARRIED = ("name", "category")
METRE_DECIMALS, DEGREE_DECIMALS = 4, 10
ENCODING = "gb18030"
KINDS = {0: "点", 4: "点", 1: "线", 2: "线", 5: "线", 3: "面", 6: "面"}
"""图形属性 by shapely's type id."""

Coordinates = npt.NDArray[np.float64]


def boundary_text(frame: gpd.GeoDataFrame, crs: ExportCrs, stem: str) -> Exported:
    """Write the exchange text.

    Parameters
    ----------
    frame
        EPSG:4326; ``name`` and ``category`` where they exist. Not changed.
    crs
        Degrees are written latitude first, metres north first; EPSG:4524 with the zone in front.

    Returns
    -------
    exported
        ETK837 for features without position, which are left out, ETK865 for columns left out.

    Raises
    ------
    IntakeError
        ETK867 for a geometry collection.
    """
    name = f"{stem}.txt"
    moved = projected(frame, crs).geometry.to_numpy()
    lines = list(_header(crs))
    issues = []
    left_out = [str(c) for c in frame.columns if c not in (*CARRIED, frame.geometry.name)]
    if left_out:
        issues.append(Issue(name, "", "ETK865", {"columns": ", ".join(left_out)[:300]}))
    names, categories = (_texts(frame, column) for column in CARRIED)
    for row, (geometry, original) in enumerate(zip(moved, frame.geometry, strict=True)):
        if geometry is None or geometry.is_empty:
            issues.append(Issue(name, str(row + 1), "ETK837"))
            continue
        kind = KINDS.get(int(shapely.get_type_id(geometry)))
        if kind is None:
            raise IntakeError("ETK867", file=name, where=str(row + 1))
        points = list(_point_lines(geometry, crs))
        area_ha = area_m2(original) / 10_000
        plot = [len(points), f"{area_ha:.4f}", row + 1, names[row], kind, "", categories[row], ""]
        lines.append(",".join(map(str, plot)) + ",@")
        lines.extend(points)
    content = "\r\n".join(lines) + "\r\n"
    return Exported(name, content.encode(ENCODING, errors="replace"), tuple(issues))


def _texts(frame: gpd.GeoDataFrame, column: str) -> list[str]:
    if column not in frame:
        return [""] * len(frame)
    return ["" if pd.isna(v) else _bare(str(v)) for v in frame[column]]


def _bare(text: str) -> str:
    """Return a text without what parts the fields and lines of the format."""
    for mark in (",", "，", "\t"):
        text = text.replace(mark, "、")
    return " ".join(text.replace("@", "＠").split())


def _header(crs: ExportCrs) -> Iterator[str]:
    geographic = crs.is_geographic
    decimals = DEGREE_DECIMALS if geographic else METRE_DECIMALS
    yield "[属性描述]"
    yield "格式版本号=1.01"
    yield "数据产生单位="
    yield "数据产生日期="
    yield f"坐标系={'WGS84' if crs is ExportCrs.WGS84 else '2000国家大地坐标系'}"
    yield f"几度分带={'' if geographic else '3'}"
    yield f"投影类型={'经纬度' if geographic else '高斯克吕格'}"
    yield f"计量单位={'度' if geographic else '米'}"
    yield f"带号={'' if geographic else '36'}"
    yield f"精度={10.0**-decimals:.{decimals}f}"
    yield "转换参数=,,,,,,"
    yield "[地块坐标]"


def _point_lines(geometry: BaseGeometry, crs: ExportCrs) -> Iterator[str]:
    decimals = DEGREE_DECIMALS if crs.is_geographic else METRE_DECIMALS
    for number, ring in enumerate(_rings(geometry), start=1):
        closed = len(ring) > 1 and bool((ring[0] == ring[-1]).all())
        for index, (east, north) in enumerate(ring):
            label = 1 if closed and index == len(ring) - 1 else index + 1
            yield f"J{label},{number},{north:.{decimals}f},{east:.{decimals}f}"


def _rings(geometry: BaseGeometry) -> Sequence[Coordinates]:
    """Return the rings of areas, shells clockwise and holes not; the parts of lines and points."""
    rings: list[Coordinates] = []
    if shapely.get_type_id(geometry) in (0, 4):
        return [shapely.get_coordinates(geometry)]
    for part in shapely.get_parts(geometry):
        if shapely.get_type_id(part) == 3:
            shell, *holes = shapely.get_rings(part)
            turned = [_turned(shell, clockwise=True), *(_turned(h, clockwise=False) for h in holes)]
            rings.extend(shapely.get_coordinates(ring) for ring in turned)
        else:
            rings.append(shapely.get_coordinates(part))
    return rings


def _turned(ring: BaseGeometry, *, clockwise: bool) -> BaseGeometry:
    return ring if bool(shapely.is_ccw(ring)) is not clockwise else shapely.reverse(ring)
