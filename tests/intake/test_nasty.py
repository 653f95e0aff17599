"""Hostile and broken files: each loads, or is answered by one message in words."""

from __future__ import annotations

import io
import json
import sqlite3
import struct
import zipfile

import numpy as np
import pyogrio
import pytest
import shapely
from openpyxl import Workbook

from etk_geo.errors import IntakeError
from etk_geo.intake.limits import MIB, Limits
from etk_geo.intake.upload import open_upload
from tests.intake import corpus
from tests.intake.refusals import SMALL, frame, load, refusal, square, written

pytestmark = pytest.mark.usefixtures("here")


def test_zero_bytes():
    assert refusal([("a.gpkg", b"")]) == "ETK801"


def test_too_large():
    assert refusal([("a.csv", b"x" * (5 * MIB))]) == "ETK802"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.bin", bytes(range(256))),
        ("a.shp", b"\x89PNG\r\n\x1a\n"),
        ("a.gpkg", b"%PDF-1.7"),
        ("a", b"?"),
    ],
)
def test_not_recognised(name, content):
    assert refusal([(name, content)]) == "ETK803"


@pytest.mark.parametrize("name", ["a.dwg", "a.tab", "a.rar", "a.xls", "a.gpx"])
def test_known_but_not_read(name):
    assert refusal([(name, b"anything")]) == "ETK804"


def test_vrt_named_geojson_is_not_followed(tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text("x,y\n107.5,39.2\n")
    vrt = (
        f"<OGRVRTDataSource><OGRVRTLayer name='secret'><SrcDataSource>{secret}</SrcDataSource>"
        "</OGRVRTLayer></OGRVRTDataSource>"
    )
    for name in ("a.geojson", "a.kml", "a.shp", "a.gpkg"):
        assert refusal([(name, vrt.encode())]) == "ETK803"


@pytest.mark.parametrize("suffix", [".gpkg", ".fgb", ".geojson", ".parquet", ".dxf"])
@pytest.mark.parametrize("share", [0.02, 0.5, 0.97])
def test_truncated_file(tmp_path, suffix, share):
    shapes = [square(107 + i / 100, 39.2) for i in range(50)]
    content = corpus.vector(frame(*shapes), tmp_path, suffix)[0][1]
    cut = [(f"a{suffix}", content[: int(len(content) * share)])]
    try:
        raw = load(cut)
    except IntakeError as error:
        assert error.code in ("ETK803", "ETK812", "ETK814", "ETK820")
    else:
        assert len(raw.attributes) <= 50


@pytest.mark.parametrize("name", [".shp", ".shx", ".dbf"])
@pytest.mark.parametrize("length", [0, 40, 99, 150])
def test_truncated_shapefile_part(tmp_path, name, length):
    parts = dict(corpus.shapefile(frame(square(), square(107.7)), tmp_path, zipped=False))
    parts[f"a{name}"] = parts[f"a{name}"][:length]
    try:
        raw = load(list(parts.items()))
    except IntakeError as error:
        assert error.code in ("ETK801", "ETK803", "ETK812", "ETK820")
    else:
        assert raw.issues or name == ".shx"


def test_shapefile_with_wrong_record_counts(tmp_path):
    parts = dict(corpus.shapefile(frame(square(), square(107.7)), tmp_path, zipped=False))
    dbf = bytearray(parts["a.dbf"])
    dbf[4:8] = struct.pack("<I", 7)
    parts["a.dbf"] = bytes(dbf)
    raw = load(list(parts.items()))
    assert "ETK831" in {i.code for i in raw.issues}


def test_shapefile_without_index_or_attributes(tmp_path):
    parts = dict(corpus.shapefile(frame(), tmp_path, zipped=False))
    raw = load([(n, c) for n, c in parts.items() if n.endswith((".shp", ".prj"))])
    assert {i.code for i in raw.issues} >= {"ETK832", "ETK833"}
    assert raw.geometry[0].equals(square())


def test_shapefile_parts_without_shp(tmp_path):
    parts = corpus.shapefile(frame(), tmp_path, zipped=False)
    only = [(n, c) for n, c in parts if n.endswith((".prj", ".shx"))]
    assert refusal(only) == "ETK811"


def test_shapefile_upper_case_names(tmp_path):
    parts = corpus.shapefile(frame(), tmp_path, zipped=False)
    raw = load([(name.upper(), content) for name, content in parts])
    assert list(raw.attributes["名称"]) == ["甲"]


def test_wrong_extension_is_read_and_said(tmp_path):
    content = written(frame(), tmp_path, "a.gpkg")
    raw = load([("a.geojson", content)])
    assert "ETK830" in {i.code for i in raw.issues}


def curved_gpkg(tmp_path) -> bytes:
    """A GeoPackage with a CURVEPOLYGON in a layer that says POLYGON."""
    path = tmp_path / "c.gpkg"
    pyogrio.write_dataframe(frame(square(), square(107.7)), path, layer="c", spatial_index=False)
    ring = [(107, 39), (107.1, 39.1), (107.2, 39), (107.1, 38.9), (107, 39)]
    curve = struct.pack("<BII", 1, 10, 1) + struct.pack("<BII", 1, 8, 5)
    curve += b"".join(struct.pack("<dd", *p) for p in ring)
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type='trigger'"):
            connection.execute(f'drop trigger "{name}"')
        header = connection.execute("select geom from c where fid=1").fetchone()[0][:40]
        connection.execute("update c set geom=? where fid=1", (header + curve,))
    connection.close()
    return path.read_bytes()


def test_curved_geometry_is_straightened_and_said(tmp_path):
    raw = load([("c.gpkg", curved_gpkg(tmp_path))])
    assert [g.geom_type for g in raw.geometry] == ["Polygon", "Polygon"]
    assert shapely.get_num_coordinates(raw.geometry[0]) > 50
    assert raw.geometry[0].area == pytest.approx(np.pi * 0.01, rel=1e-3)
    assert "ETK835" in {i.code for i in raw.issues}


def test_gpkg_with_broken_header(tmp_path):
    content = bytearray(written(frame(), tmp_path, "a.gpkg"))
    content[16:24] = b"\xff" * 8
    assert refusal([("a.gpkg", bytes(content))]) == "ETK812"


def test_gpkg_with_broken_geometry_blob(tmp_path):
    path = tmp_path / "b.gpkg"
    pyogrio.write_dataframe(frame(square(), square(107.7)), path, layer="b", spatial_index=False)
    with sqlite3.connect(path) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type='trigger'"):
            connection.execute(f'drop trigger "{name}"')
        connection.execute("update b set geom=? where fid=1", (b"GP\x00\x01garbage",))
    connection.close()
    raw = load([("b.gpkg", path.read_bytes())])
    assert shapely.is_missing(raw.geometry).sum() == 1


def test_gpkg_without_features(tmp_path):
    content = written(frame().iloc[:0], tmp_path, "a.gpkg")
    assert refusal([("a.gpkg", content)]) == "ETK820"


BOMB = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa">
<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&b;</name></Document></kml>"""
EXTERNAL = """<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]>
<kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>&x;</name></Document></kml>"""


@pytest.mark.parametrize("text", [BOMB, EXTERNAL])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_kml_with_entities(text, encoding):
    content = text.replace('"1.0"', f'"1.0" encoding="{encoding}"').encode(encoding)
    assert refusal([("a.kml", content)]) == "ETK819"
    assert refusal([("a.kmz", corpus.zipped_bytes({"doc.kml": content}))]) == "ETK819"


def test_kml_that_is_not_xml():
    assert refusal([("a.kml", b"<kml><Document>")]) == "ETK812"


def xlsx_with(member: str, text: str) -> bytes:
    book = Workbook()
    book.active.append(["经度", "纬度"])
    book.active.append([107.5, 39.2])
    buffer = io.BytesIO()
    book.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        parts = {n: archive.read(n) for n in archive.namelist()}
    parts[member] = text.encode()
    return corpus.zipped_bytes(parts)


@pytest.mark.parametrize(
    "member", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "[Content_Types].xml"]
)
def test_xlsx_with_entities(member):
    assert refusal([("a.xlsx", xlsx_with(member, BOMB))]) == "ETK819"


def test_xlsx_bomb():
    content = xlsx_with("xl/worksheets/sheet1.xml", "<a>" + "0" * (30 * MIB))
    assert refusal([("a.xlsx", content)], Limits()) == "ETK869"


@pytest.mark.parametrize("share", [0.3, 0.9])
def test_truncated_xlsx(share):
    content = xlsx_with("xl/x.xml", "")
    assert refusal([("a.xlsx", content[: int(len(content) * share)])]) == "ETK805"


def test_zip_that_is_no_workbook():
    content = corpus.zipped_bytes({"a.txt": b"hello"})
    assert refusal([("a.xlsx", content)]) == "ETK812"


@pytest.mark.parametrize(
    "text",
    [
        "{",
        "[1,2",
        '{"type":"Feature"',
        "{}",
        '{"type":"FeatureCollection","features":[]}',
        '{"a":' * 100_000,
    ],
)
def test_broken_geojson(text):
    assert refusal([("a.geojson", text.encode())]) in ("ETK812", "ETK820", "ETK803")


def test_geojson_with_odd_numbers():
    features = [
        {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": c}}
        for c in ([107.5, 39.2], [1e400, 39.2], [107.5], [107.5, 39.2, 1200])
    ]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    raw = load([("a.geojson", text.encode())])
    assert len(raw.attributes) == 4


def test_too_many_features():
    rows = "\n".join(["经度,纬度", *["107.5,39.2"] * 1001])
    assert refusal([("a.csv", rows.encode())]) == "ETK815"


def test_too_many_vertices(tmp_path):
    ring = shapely.Point(107.5, 39.2).buffer(0.1, quad_segs=3000)
    assert refusal([("a.gpkg", written(frame(ring), tmp_path, "a.gpkg"))]) == "ETK816"


def test_table_without_coordinates():
    assert refusal([("a.csv", "名称,电话\n甲,123\n".encode())]) == "ETK821"


def test_table_of_too_many_columns():
    head = ",".join(f"c{i}" for i in range(1001))
    assert refusal([("a.csv", f"{head}\n{head}\n".encode())]) == "ETK870"


def test_table_rows_that_cannot_be_read_are_named():
    raw = load([("a.csv", "名称,经度,纬度\n甲,107.5,39.2\n乙,一百零七,39\n丙,,\n".encode())])
    assert [(i.where, i.code) for i in raw.issues] == [("row 3", "ETK848"), ("row 4", "ETK848")]


def test_csv_without_headings():
    raw = load([("a.csv", "甲,107.5,39.2\n乙,107.6,39.3\n".encode())])
    assert raw.geometry[1].equals(shapely.Point(107.6, 39.3))
    assert raw.labels == ("row 1", "row 2")


def test_boundary_text_without_plots():
    assert refusal([("a.txt", "[属性描述]\n坐标系=x\n[地块坐标]\n".encode())]) == "ETK826"


def test_unknown_encoding(tmp_path):
    with (
        open_upload(corpus.shapefile(frame(), tmp_path), SMALL) as upload,
        pytest.raises(IntakeError) as caught,
    ):
        upload.read(encoding="klingon")
    assert caught.value.code == "ETK825"


def test_file_name_with_a_path_is_only_a_name(tmp_path):
    content = written(frame(), tmp_path, "x.gpkg")
    for name in ("../../a.gpkg", "C:\\Users\\x\\a.gpkg", "/etc/a.gpkg"):
        assert load([(name, content)]).origin.source == "a.gpkg"


def test_dbf_alone_is_a_table(tmp_path):
    gdf = frame(shapely.Point(107.5, 39.2))
    gdf["X"], gdf["Y"] = 36456789.125, 4338000.5
    parts = dict(corpus.shapefile(gdf, tmp_path, "GBK", cpg=False, zipped=False))
    raw = load([("a.dbf", parts["a.dbf"])])
    assert raw.columns[0].names == ("X", "Y")
    assert raw.attributes["名称"].tolist() == ["甲"]
    assert raw.geometry[0].equals(shapely.Point(36456789.125, 4338000.5))


def test_very_long_upload_name(tmp_path):
    content = written(frame(), tmp_path, "x.gpkg")
    raw = load([("规" * 200 + ".gpkg", content)])
    assert raw.origin.upload == "规" * 200 + ".gpkg"
