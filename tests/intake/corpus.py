"""The corpus: the same 20 features written in every format, encoding, CRS, axis order and prefix.

Coordinates are made by pyproj from EPSG definitions, so that the truth does not come from the code
under test; only GCJ-02 and BD-09, which no library knows, use the package's forward formulas.
"""

from __future__ import annotations

import io
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely
from openpyxl import Workbook
from pyproj import Transformer

from etk_geo.intake.web_map_shift import gcj02_to_bd09, wgs84_to_gcj02

NAMES = [
    "棋盘井工业园", "乌兰镇供水工程", "蒙西开发区", "阿尔巴斯苏木", "苏米图光伏", "木凯淖尔镇",
    "公其日嘎水源地", "查布嘎查风电", "都斯图河治理", "桌子山矿区", "碱柜风光项目", "草原站",
    "联通", "新召牧场", "巴音乌素", "敖伦其日嘎", "早稍嘎查", "赛乌素", "哈马太", "布隆嘎查",
]  # fmt: skip
CATEGORIES = ["工业园区", "水利", "能源", "生态修复"]


@dataclass(frozen=True)
class Crs:
    """A coordinate system of the corpus: ``epsg`` declares it, ``forward`` makes its numbers."""

    id: str
    epsg: int | None
    forward: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]
    geographic: bool = False
    words: str = ""
    exact: bool = True


@cache
def points() -> np.ndarray:
    """Twenty places of the banner, none on a round number."""
    rng = np.random.default_rng(20)
    lon = rng.uniform(106.95, 108.75, 20)
    lat = rng.uniform(38.45, 40.05, 20)
    return np.asarray(shapely.points(np.round(np.column_stack([lon, lat]), 7)), dtype=object)


@cache
def areas() -> np.ndarray:
    """Twenty areas at the same places: one with a hole, one of two parts."""
    shapes = []
    for index, point in enumerate(points()):
        x, y, r = point.x, point.y, 0.004 + index * 0.0002
        angles = np.linspace(0, 2 * np.pi, 6 + index % 5, endpoint=False)
        ring = [(round(x + r * np.cos(a), 7), round(y + r * np.sin(a), 7)) for a in angles]
        hole = [(x - r / 4, y - r / 4), (x, y + r / 4), (x + r / 4, y - r / 4)]
        shape = shapely.Polygon(ring, [hole] if index == 3 else None)
        if index == 7:
            other = shapely.affinity.translate(shapely.Polygon(ring), 3 * r, 0)
            shape = shapely.MultiPolygon([shape, other])
        shapes.append(shape)
    return np.asarray(shapes, dtype=object)


def _epsg(code: int) -> Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]:
    # From CGCS2000 on: the same numbers as WGS 84 (etk_geo.crs).
    transformer = Transformer.from_crs(4490, code, always_xy=True)
    return transformer.transform


def _on_ellipsoid(code: int, base: int) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    """Project numbers that are degrees of the old datum already."""
    transformer = Transformer.from_crs(base, code, always_xy=True)
    return transformer.transform


_TO_BEIJING = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 +step +inv +proj=helmert +x=11.911 +y=-154.833 +z=-80.079 "
    "+step +inv +proj=cart +ellps=krass +step +proj=pop +v_3 "
    "+step +proj=unitconvert +xy_in=rad +xy_out=deg"
)


def _beijing(code: int) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
    shift = Transformer.from_pipeline(_TO_BEIJING)
    onward = _on_ellipsoid(code, 4214) if code != 4214 else (lambda lon, lat: (lon, lat))
    return lambda lon, lat: onward(*shift.transform(lon, lat))


def _gcj(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return wgs84_to_gcj02(np.asarray(lon), np.asarray(lat))


def _mercator_gcj(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    return Transformer.from_crs(4326, 3857, always_xy=True).transform(*_gcj(lon, lat))


def _systems() -> Iterator[Crs]:
    def same(lon: np.ndarray, lat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        return lon, lat

    yield Crs("wgs84", 4326, same, True, "WGS84")
    yield Crs("cgcs2000", 4490, same, True, "2000国家大地坐标系")
    yield Crs("xian80", 4610, same, True, "1980西安坐标系")
    yield Crs("beijing54", 4214, _beijing(4214), True, "1954北京坐标系")
    yield Crs("gcj02", None, _gcj, True, "GCJ-02")
    yield Crs("bd09", None, lambda lon, lat: gcj02_to_bd09(*_gcj(lon, lat)), True, "BD-09")
    for label, new, xian, beijing in (
        ("gk105", 4544, 2380, 2432),
        ("gk108", 4545, 2381, 2433),
        ("gk111", 4546, 2382, 2434),
        ("gk105-35", 4523, 2359, 2411),
        ("gk108-36", 4524, 2360, 2412),
        ("gk111-37", 4525, 2361, 2413),
        ("gk6-18", 4496, 2332, 21418),
        ("gk6-19", 4497, 2333, 21419),
    ):
        yield Crs(f"cgcs2000-{label}", new, _epsg(new), False, f"EPSG:{new}")
        yield Crs(f"xian80-{label}", xian, _on_ellipsoid(xian, 4610), False, f"EPSG:{xian}")
        yield Crs(f"beijing54-{label}", beijing, _beijing(beijing), False, f"EPSG:{beijing}")
    yield Crs("utm48", 32648, _on_ellipsoid(32648, 4326), False, "EPSG:32648")
    yield Crs("utm49", 32649, _on_ellipsoid(32649, 4326), False, "EPSG:32649")
    yield Crs("mercator", 3857, _on_ellipsoid(3857, 4326), False, "EPSG:3857")
    yield Crs("mercator-gcj02", None, _mercator_gcj, False)


SYSTEMS = {crs.id: crs for crs in _systems()}


def encoded(crs: Crs, shapes: np.ndarray, *, north_first: bool = False) -> np.ndarray:
    """Return shapes with the numbers of a CRS, swapped where the north comes first."""

    def move(xy: np.ndarray) -> np.ndarray:
        x, y = crs.forward(xy[:, 0], xy[:, 1])
        return np.column_stack([y, x] if north_first else [x, y])

    return shapely.transform(shapes, move)


def frame(shapes: np.ndarray, epsg: int | None) -> gpd.GeoDataFrame:
    """Return a frame of already encoded shapes."""
    data = {"名称": NAMES, "类型": [CATEGORIES[i % 4] for i in range(20)], "序号": range(1, 21)}
    return gpd.GeoDataFrame(data, geometry=shapes, crs=epsg)


Files = list[tuple[str, bytes]]


def shapefile(
    gdf: gpd.GeoDataFrame, folder: Path, encoding: str = "UTF-8", *, cpg: bool = True,
    ldid: int = 0, zipped: bool = True,
) -> Files:  # fmt: skip
    _write(gdf, folder / "a.shp", encoding=encoding)
    parts = {p.name: p.read_bytes() for p in sorted(folder.glob("a.*"))}
    if not cpg:
        parts.pop("a.cpg", None)
    dbf = bytearray(parts["a.dbf"])
    dbf[29] = ldid
    parts["a.dbf"] = bytes(dbf)
    return [("a.zip", zipped_bytes(parts))] if zipped else list(parts.items())


def kml(gdf: gpd.GeoDataFrame) -> bytes:
    """Return KML written by hand: GDAL refuses to write what phones do (swapped axes)."""
    marks = "".join(
        f"<Placemark><name>{row.名称}</name><ExtendedData><SchemaData schemaUrl='#s'>"
        f"<SimpleData name='名称'>{row.名称}</SimpleData><SimpleData name='序号'>{row.序号}"
        f"</SimpleData></SchemaData></ExtendedData>{_kml_geometry(row.geometry)}</Placemark>"
        for row in gdf.itertuples()
    )
    schema = "<Schema id='s'><SimpleField name='名称' type='string'/>"
    schema += "<SimpleField name='序号' type='int'/></Schema>"
    head = "<?xml version='1.0' encoding='UTF-8'?><kml xmlns='http://www.opengis.net/kml/2.2'>"
    body = f"<Document>{schema}<Folder><name>项目</name>{marks}</Folder></Document></kml>"
    return (head + body).encode()


def _kml_geometry(shape: shapely.Geometry) -> str:
    parts = shapely.get_parts(shape)
    polygons = "".join(
        "<Polygon>"
        + "".join(
            f"<{side}BoundaryIs><LinearRing><coordinates>"
            + " ".join(f"{x!r},{y!r}" for x, y in shapely.get_coordinates(ring).tolist())
            + f"</coordinates></LinearRing></{side}BoundaryIs>"
            for side, ring in zip(["outer"] + ["inner"] * 9, shapely.get_rings(part), strict=False)
        )
        + "</Polygon>"
        for part in parts
    )
    return f"<MultiGeometry>{polygons}</MultiGeometry>" if len(parts) > 1 else polygons


def _write(gdf: gpd.GeoDataFrame, path: Path, **options: str) -> None:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'crs' was not provided")
        pyogrio.write_dataframe(gdf, path, **options)


def zipped_bytes(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def vector(gdf: gpd.GeoDataFrame, folder: Path, suffix: str) -> Files:
    path = folder / f"a{suffix}"
    if suffix == ".parquet":
        gdf.to_parquet(path)
    elif suffix == ".dxf":
        _write(gdf[["geometry"]], path)
    elif suffix in (".kml", ".kmz"):
        content = kml(gdf)
        return [(path.name, content if suffix == ".kml" else zipped_bytes({"doc.kml": content}))]
    else:
        _write(gdf, path)
    return [(path.name, path.read_bytes())]


def table(
    shapes: np.ndarray, headings: tuple[str, str], style: str, words: str = ""
) -> pd.DataFrame:
    """Return a table of points as text, or of WKT."""
    data: dict[str, object] = {"名称": NAMES, "类型": [CATEGORIES[i % 4] for i in range(20)]}
    if style == "wkt":
        data["WKT"] = [shapely.to_wkt(s, rounding_precision=10) for s in shapes]
    else:
        write = STYLES[style]
        data[headings[0]] = [write(s.x) for s in shapes]
        data[headings[1]] = [write(s.y) for s in shapes]
    if words:
        data["坐标系"] = words
    return pd.DataFrame(data)


def _dms(value: float, marks: tuple[str, str, str]) -> str:
    total = round(value * 3600 * 10**4)
    degrees, rest = divmod(total, 3600 * 10**4)
    minutes, seconds = divmod(rest, 60 * 10**4)
    return f"{degrees}{marks[0]}{minutes:02d}{marks[1]}{seconds / 10**4:07.4f}{marks[2]}"


def _packed_text(value: float) -> str:
    total = round(value * 3600 * 10**4)
    degrees, rest = divmod(total, 3600 * 10**4)
    minutes, seconds = divmod(rest, 60 * 10**4)
    return f"{degrees}.{minutes:02d}{seconds:06d}"


def _full_width(value: float) -> str:
    return f"{value:.8f}".translate({ord(c): ord(c) + 0xFEE0 for c in "0123456789.-"})


STYLES: dict[str, Callable[[float], str]] = {
    "decimal": lambda v: f"{v:.9f}" if abs(v) < 1000 else f"{v:.4f}",
    "dms": lambda v: _dms(v, ("°", "′", "″")),
    "dms_zh": lambda v: _dms(v, ("度", "分", "秒")),
    "dms_ascii": lambda v: _dms(v, ("d", "'", '"')),
    "dms_colon": lambda v: _dms(v, (":", ":", "")),
    "packed": _packed_text,
    "full_width": _full_width,
}


def csv_file(data: pd.DataFrame, encoding: str) -> Files:
    return [("a.csv", data.to_csv(index=False).encode(encoding))]


def xlsx_file(data: pd.DataFrame, *, numbers: bool) -> Files:
    book = Workbook()
    sheet = book.active
    sheet.append(["鄂托克旗项目清单"])
    sheet.append(list(data.columns))
    for row in data.itertuples(index=False):
        sheet.append([_number(v) if numbers else v for v in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return [("a.xlsx", buffer.getvalue())]


def _number(value: str) -> float | str:
    try:
        return float(value)
    except ValueError:
        return value


def boundary_text(
    shapes: np.ndarray, header: dict[str, str], encoding: str, *, prefix_j: bool = True
) -> Files:
    """Write the exchange text by hand, first number first, rings as they are."""
    lines = ["[属性描述]", *(f"{k}={v}" for k, v in header.items()), "[地块坐标]"]
    for number, shape in enumerate(shapes, start=1):
        rows = []
        ring_number = 0
        for part in shapely.get_parts(shape):
            rings = shapely.get_rings(part) if part.geom_type == "Polygon" else [part]
            for ring in rings:
                ring_number += 1
                coordinates = shapely.get_coordinates(ring)
                count = max(len(coordinates) - 1, 1)
                for i, (a, b) in enumerate(coordinates):
                    label = f"{'J' if prefix_j else ''}{i % count + 1}"
                    rows.append(f"{label},{ring_number},{_txt(a)},{_txt(b)}")
        kind = "点" if shape.geom_type == "Point" else "面"
        lines.append(f"{len(rows)},1.0,{number},{NAMES[number - 1]},{kind},,{CATEGORIES[0]},,@")
        lines.extend(rows)
    return [("a.txt", "\r\n".join(lines).encode(encoding))]


def _txt(value: float) -> str:
    return f"{value:.10f}" if abs(value) < 1000 else f"{value:.4f}"
