"""What is written is what is read back: every format, every CRS; nothing that a sheet would run."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from openpyxl import load_workbook

from etk_geo.errors import CrsError, IntakeError
from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.export.target import ExportCrs, ExportFormat
from etk_geo.intake.export.write import export_frame
from etk_geo.intake.raw_layer import choose_columns
from etk_geo.intake.understanding import understand
from etk_geo.intake.upload import open_upload
from tests.intake import corpus

pytestmark = pytest.mark.usefixtures("here")

FORMULAS = [
    "=1+1",
    "+A1",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "=cmd|'/C calc'!A0",
    "正常",
    "＝1+1",
    "＠A1",
    "\n=1",
    "-3",
    "a=b",
]


def sample(shapes) -> gpd.GeoDataFrame:
    n = len(shapes)
    return gpd.GeoDataFrame(
        {
            "name": corpus.NAMES[:n],
            "category": [corpus.CATEGORIES[i % 4] for i in range(n)],
            "decided_on": ["2021-03-05", None] * (n // 2),
            "accuracy_m": [5.0, np.nan] * (n // 2),
            "投资": np.arange(n) * 1.5,
            "序号": np.arange(n),
            "编码": [f"00{i}" for i in range(n)],
        },
        geometry=list(shapes),
        crs=4326,
    )


def read_back(exported) -> tuple[pd.DataFrame, object]:
    with open_upload([(exported.name, exported.content)]) as upload:
        raw = upload.read()
    raw = choose_columns(raw) if raw.is_table else raw
    understanding = understand(raw)
    assert understanding.suggested is not None
    taken = confirm(raw, understanding, Choice(understanding.suggested.id))
    return taken, understanding


def metres(one, other) -> float:
    assert shapely.get_num_coordinates(one) == shapely.get_num_coordinates(other)
    return shapely.hausdorff_distance(one, other) * 111_320


TRIPS = [
    (fmt, crs)
    for fmt in ExportFormat
    for crs in ExportCrs
    if fmt is not ExportFormat.KML or crs is ExportCrs.WGS84
]


@pytest.mark.parametrize("shapes", ["points", "areas"])
@pytest.mark.parametrize(("fmt", "crs"), TRIPS, ids=lambda v: v.value)
def test_round_trip(fmt, crs, shapes):
    frame = sample(getattr(corpus, shapes)())
    before = frame.copy(deep=True)
    exported = export_frame(frame, fmt, crs, "规划项目")
    pd.testing.assert_frame_equal(frame, before)
    taken, _ = read_back(exported)
    assert len(taken.frame) == len(frame)
    for old, new in zip(frame.geometry, taken.frame.geometry, strict=True):
        assert new.geom_type.removeprefix("Multi") == old.geom_type.removeprefix("Multi")
        assert metres(old, new) < 0.001
    assert list(taken.frame["name"]) == list(frame["name"])
    assert list(taken.frame["category"]) == list(frame["category"])
    if fmt is not ExportFormat.BOUNDARY_TXT:
        assert list(taken.frame["decided_on"]) == ["2021-03-05", None] * 10
        np.testing.assert_allclose(taken.frame["accuracy_m"], frame["accuracy_m"], atol=1e-3)
        assert list(taken.frame["投资"].astype(float)) == list(frame["投资"])
        assert list(taken.frame["序号"].astype(int)) == list(frame["序号"])
        assert list(taken.frame["编码"]) == list(frame["编码"])


@pytest.mark.parametrize(("fmt", "crs"), TRIPS, ids=lambda v: v.value)
def test_gdal_reads_the_crs_that_was_written(fmt, crs, tmp_path):
    if fmt in (ExportFormat.CSV, ExportFormat.XLSX, ExportFormat.BOUNDARY_TXT):
        pytest.skip("has no place for a CRS that GDAL reads")
    exported = export_frame(sample(corpus.areas()), fmt, crs, "a")
    path = tmp_path / exported.name
    path.write_bytes(exported.content)
    if path.suffix == ".zip":
        zipfile.ZipFile(path).extractall(tmp_path)
        path = tmp_path / "a.shp"
    info = pyogrio.read_info(path)
    assert info["crs"] == crs.value or crs.value.removeprefix("EPSG:") in str(info["crs"])
    assert info["features"] == 20


@pytest.mark.parametrize("crs", [c for c in ExportCrs if c is not ExportCrs.WGS84])
def test_kml_is_wgs84_only(crs):
    with pytest.raises(IntakeError) as caught:
        export_frame(sample(corpus.points()), ExportFormat.KML, crs, "a")
    assert caught.value.code == "ETK850"


def formulas() -> gpd.GeoDataFrame:
    n = len(FORMULAS)
    return gpd.GeoDataFrame(
        {"name": FORMULAS, "=标题": range(n)}, geometry=list(corpus.points()[:n]), crs=4326
    )


def test_csv_runs_nothing():
    exported = export_frame(formulas(), ExportFormat.CSV, ExportCrs.WGS84, "a")
    rows = list(csv.reader(io.StringIO(exported.content.decode("utf-8-sig"))))
    for row in rows:
        for cell in row[:2]:
            assert cell.lstrip(" ")[:1] not in ("=", "+", "-", "@", "\t", "\r")
    taken, _ = read_back(exported)
    assert list(taken.frame["name"]) == [f.strip() for f in FORMULAS]


def test_xlsx_runs_nothing():
    exported = export_frame(formulas(), ExportFormat.XLSX, ExportCrs.WGS84, "a")
    book = load_workbook(io.BytesIO(exported.content))
    for row in book.active.iter_rows():
        for cell in row:
            assert cell.data_type in ("s", "n", "inlineStr")
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    taken, _ = read_back(exported)
    assert list(taken.frame["name"]) == [f.strip() for f in FORMULAS]


def test_xlsx_refuses_an_outline_too_long_for_a_cell():
    ring = shapely.Point(107.5, 39.2).buffer(0.1, quad_segs=1000)
    with pytest.raises(IntakeError) as caught:
        export_frame(sample([ring, ring]), ExportFormat.XLSX, ExportCrs.WGS84, "a")
    assert caught.value.code == "ETK866"


def test_shapefile_says_what_it_cannot_carry():
    frame = sample(corpus.points()[:2])
    frame["很长的字段名称"] = ["鄂" * 100, "短"]
    exported = export_frame(frame, ExportFormat.SHAPEFILE, ExportCrs.WGS84, "a")
    assert {i.code for i in exported.issues} == {"ETK851", "ETK852"}
    with zipfile.ZipFile(io.BytesIO(exported.content)) as archive:
        assert archive.read("a.cpg") == b"UTF-8"
    taken, _ = read_back(exported)
    assert taken.frame["很长的"][0] == "鄂" * 84


def test_shapefile_of_mixed_geometry_is_several_files():
    frame = sample([*corpus.points()[:2], *corpus.areas()[:2]])
    exported = export_frame(frame, ExportFormat.SHAPEFILE, ExportCrs.CM108, "a")
    with open_upload([(exported.name, exported.content)]) as upload:
        layers = upload.survey()
        assert [layer.layer for layer in layers] == ["a_areas", "a_points"]
        assert [len(upload.read(layer).attributes) for layer in layers] == [2, 2]
    assert "ETK857" in {i.code for i in exported.issues}


@pytest.mark.parametrize("fmt", list(ExportFormat))
def test_feature_without_position_stays_or_is_named(fmt):
    frame = sample(corpus.points()[:4])
    frame.loc[1, "geometry"] = None
    exported = export_frame(frame, fmt, ExportCrs.WGS84, "a")
    taken, _ = read_back(exported)
    if fmt is ExportFormat.BOUNDARY_TXT:
        assert "ETK837" in {i.code for i in exported.issues}
        assert len(taken.frame) == 3
    else:
        assert list(taken.frame.geometry.isna()) == [False, True, False, False]


def test_geojson_is_rfc_7946():
    exported = export_frame(sample(corpus.areas()), ExportFormat.GEOJSON, ExportCrs.WGS84, "a")
    document = json.loads(exported.content)
    assert "crs" not in document
    for feature in document["features"]:
        shape = shapely.geometry.shape(feature["geometry"])
        for part in shapely.get_parts(shape):
            assert shapely.is_ccw(part.exterior)


def test_export_needs_wgs84():
    with pytest.raises(CrsError):
        export_frame(sample(corpus.points()).to_crs(4545), ExportFormat.CSV, ExportCrs.WGS84, "a")


@pytest.mark.parametrize("stem", ["../../x", "a/b", "C:\\x", "\x00", "", "规划 <1>"])
def test_file_name_is_only_a_name(stem):
    exported = export_frame(sample(corpus.points()), ExportFormat.GEOPACKAGE, ExportCrs.WGS84, stem)
    assert not set(exported.name) & set('/\\<>:"|?*\x00')


def test_column_names_that_formats_use_themselves():
    frame = sample(corpus.points()[:2]).rename(columns={"序号": "fid", "编码": "geom"})
    frame["id"] = ["x", "y"]
    for fmt in (ExportFormat.GEOPACKAGE, ExportFormat.KML, ExportFormat.GEOJSON):
        taken, _ = read_back(export_frame(frame, fmt, ExportCrs.WGS84, "a"))
        name = "id_" if fmt is ExportFormat.KML else "id"
        assert list(taken.frame[name]) == ["x", "y"]
        assert list(taken.frame["geom"]) == ["000", "001"]
