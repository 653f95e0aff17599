"""Files that leave the program, read back by other means."""

from __future__ import annotations

import csv
import io
import json

import numpy as np
import pandas as pd
import pyogrio
import pytest
from shapely.geometry import LineString, Point

from etk_geo.exports import layer_geojson, layer_geopackage, layer_record, table_csv
from etk_geo.model import FEATURE_PROPERTIES
from tests.targets.conftest import make_layer

FACT = {
    "attribute": "area",
    "value": "463.66",
    "unit": "km2",
    "date": "",
    "source": "press",
    "confidence": "low",
    "note_zh": "与另一来源不同",
    "note_en": "",
}


@pytest.fixture
def layer():
    return make_layer(
        "works",
        [
            ("bridge", Point(108.1, 39.2), {"targets": ["a", "b"], "accuracy_m": 500.0}),
            ("depot", None, {"facts": [FACT], "orientation_only": False}),
            ("road", LineString([(108, 39), (108.2, 39.1)]), {"orientation_only": True}),
        ],
        title_zh="工程",
        licence="CC BY 4.0",
        attribution_en="Global Energy Monitor",
    )


def read(layer, tmp_path):
    path = tmp_path / "layer.gpkg"
    path.write_bytes(layer_geopackage(layer))
    return path, pyogrio.read_dataframe(path)


def test_geopackage_holds_every_feature_and_property(layer, tmp_path):
    _, gdf = read(layer, tmp_path)
    assert list(gdf["id"]) == ["bridge", "depot", "road"]
    assert set(FEATURE_PROPERTIES) <= set(gdf.columns)
    assert gdf.crs.to_epsg() == 4326
    assert gdf["name_zh"].tolist() == ["名bridge", "名depot", "名road"]


def test_geopackage_keeps_a_feature_without_position(layer, tmp_path):
    _, gdf = read(layer, tmp_path)
    assert gdf.geometry.isna().tolist() == [False, True, False]
    assert gdf.geometry[0].equals(Point(108.1, 39.2))


def test_geopackage_joins_lists_and_writes_facts_as_json(layer, tmp_path):
    _, gdf = read(layer, tmp_path)
    assert gdf["targets"].tolist() == ["a;b", "", ""]
    assert json.loads(gdf["facts"][1]) == [FACT]


def test_geopackage_keeps_unknown_numbers_unknown(layer, tmp_path):
    _, gdf = read(layer, tmp_path)
    assert gdf["accuracy_m"][0] == 500.0
    assert np.isnan(gdf["accuracy_m"][1])


def test_geopackage_carries_licence_and_attribution(layer, tmp_path):
    path, _ = read(layer, tmp_path)
    contents = pyogrio.read_dataframe(
        path, sql="select identifier, description from gpkg_contents", read_geometry=False
    )
    assert contents["identifier"][0] == "工程"
    assert "CC BY 4.0" in contents["description"][0]
    assert "Global Energy Monitor" in contents["description"][0]


def test_geopackage_is_the_same_every_time(layer):
    assert layer_geopackage(layer) == layer_geopackage(layer)


def test_geopackage_of_a_layer_without_any_position(tmp_path):
    _, gdf = read(make_layer("lost", [("a", None, {}), ("b", None, {})]), tmp_path)
    assert list(gdf["id"]) == ["a", "b"]


def test_geopackage_leaves_the_layer_alone(layer):
    before = layer.gdf.copy(deep=True)
    layer_geopackage(layer)
    assert layer.gdf.equals(before)


def test_geojson_and_record_are_the_stored_files(tmp_path, layer):
    (tmp_path / "layers").mkdir()
    (tmp_path / "layers/works.geojson").write_bytes(b"as stored")
    (tmp_path / "layers/works.provenance.json").write_bytes(b"record")
    assert layer_geojson(tmp_path, layer) == b"as stored"
    assert layer_record(tmp_path, layer) == b"record"


def rows_of(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_csv_opens_in_excel():
    content = table_csv(pd.DataFrame({"名称": ["鄂托克旗"], "n": [1.5]}))
    assert content.startswith("\ufeff".encode())
    assert content.endswith(b"\r\n")
    assert rows_of(content) == [["名称", "n"], ["鄂托克旗", "1.5"]]


def test_csv_headers_replace_column_names():
    assert rows_of(table_csv(pd.DataFrame({"a": [1]}), ["甲"])) == [["甲"], ["1"]]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "  =1", "-", "=HYPERLINK(1)"]
)
def test_csv_text_that_a_spreadsheet_would_run_is_guarded(text):
    assert rows_of(table_csv(pd.DataFrame({"a": [text]})))[1] == [f"'{text}"]


def test_csv_guards_headings_and_lists_too():
    assert rows_of(table_csv(pd.DataFrame({"=a": [["=1", "b"]]}))) == [["'=a"], ["'=1;b"]]


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (-3.5, "-3.5"),
        (1000, "1000"),
        (1625.7, "1625.7"),
        (float("nan"), ""),
        (None, ""),
        (True, "true"),
        (["a", "b"], "a;b"),
        ('逗号,与"引号"', '逗号,与"引号"'),
    ],
)
def test_csv_cell(value, cell):
    frame = pd.DataFrame({"a": pd.Series([value], dtype="object"), "b": ["x"]})
    assert rows_of(table_csv(frame))[1] == [cell, "x"]
