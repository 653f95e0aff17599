"""RFC 7946 checks and deterministic writing."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.geojson import check_document, dump_document, feature_label, round_coordinates
from etk_geo.model import REGION_BOUNDS

SQUARE = [[107.0, 39.0], [107.1, 39.0], [107.1, 39.1], [107.0, 39.1], [107.0, 39.0]]
HOLE = [[107.02, 39.02], [107.02, 39.04], [107.04, 39.04], [107.04, 39.02], [107.02, 39.02]]


def collection(geometry, **members):
    feature = {"type": "Feature", "properties": {"id": "a"}, "geometry": geometry}
    return {"type": "FeatureCollection", "features": [feature], **members}


def codes(document):
    return [issue.code for issue in check_document(document, "x.geojson")]


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {"type": "Point", "coordinates": [107.0, 39.0]},
        {"type": "Point", "coordinates": [107.0, 39.0, 1200.0]},
        {"type": "MultiPoint", "coordinates": [[107.0, 39.0]]},
        {"type": "LineString", "coordinates": [[107.0, 39.0], [107.1, 39.0]]},
        {"type": "MultiLineString", "coordinates": [[[107.0, 39.0], [107.1, 39.0]]]},
        {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
        {"type": "MultiPolygon", "coordinates": [[SQUARE, HOLE]]},
    ],
    ids=lambda g: g["type"] if g else "unlocated",
)
def test_check_document_sound_geometry_has_no_issue(geometry):
    assert codes(collection(geometry)) == []


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        ({"type": "Circle", "coordinates": [1, 2]}, "ETK106"),
        ({"type": "GeometryCollection", "geometries": []}, "ETK106"),
        ([107.0, 39.0], "ETK106"),
        ({"type": "Point", "coordinates": [107.0]}, "ETK106"),
        ({"type": "Point", "coordinates": ["107", "39"]}, "ETK106"),
        ({"type": "Point", "coordinates": [True, 39.0]}, "ETK106"),
        ({"type": "Polygon", "coordinates": []}, "ETK106"),
        ({"type": "Point", "coordinates": [float("nan"), 39.0]}, "ETK107"),
        ({"type": "Point", "coordinates": [0.0, 0.0]}, "ETK108"),
        ({"type": "Point", "coordinates": [39.0, 107.0]}, "ETK113"),
        ({"type": "LineString", "coordinates": [[107.0, 39.0]]}, "ETK109"),
        ({"type": "Polygon", "coordinates": [SQUARE[:-1]]}, "ETK109"),
        ({"type": "Polygon", "coordinates": [SQUARE[::-1]]}, "ETK110"),
        ({"type": "Polygon", "coordinates": [SQUARE, HOLE[::-1]]}, "ETK110"),
    ],
)
def test_check_document_bad_geometry_is_named(geometry, code):
    assert codes(collection(geometry)) == [code]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ([], "ETK103"),
        ({"type": "Feature"}, "ETK103"),
        ({"type": "FeatureCollection", "features": {}}, "ETK103"),
        ({"type": "FeatureCollection", "features": [3]}, "ETK105"),
        ({"type": "FeatureCollection", "features": [{"type": "Feature"}]}, "ETK105"),
    ],
)
def test_check_document_not_a_collection_is_named(document, code):
    assert code in codes(document)


def test_check_document_foreign_crs_is_refused_and_crs84_is_not():
    name = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4545"}}
    assert codes(collection(None, crs=name)) == ["ETK104"]
    name["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    assert codes(collection(None, crs=name)) == []


def test_check_document_lists_every_bad_feature():
    bad = {"type": "Point", "coordinates": [0.0, 0.0]}
    document = collection(bad)
    document["features"].append({"type": "Feature", "properties": {"id": "b"}, "geometry": bad})
    issues = check_document(document, "x.geojson")
    assert [(issue.where, issue.code) for issue in issues] == [("a", "ETK108"), ("b", "ETK108")]


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.sampled_from(
                ["type", "features", "properties", "geometry", "coordinates", "id", "crs"]
            )
            | st.text(),
            inner | st.sampled_from(["FeatureCollection", "Feature", "Point", "Polygon"]),
        )
    ),
    max_leaves=20,
)


@given(JSON_VALUES)
def test_check_document_never_raises(document):
    assert isinstance(check_document(document, "x"), list)


@given(st.lists(JSON_VALUES, max_size=4))
def test_check_document_never_raises_on_odd_features(features):
    assert isinstance(
        check_document({"type": "FeatureCollection", "features": features}, "x"), list
    )


LONLAT = st.tuples(
    st.floats(REGION_BOUNDS.west, REGION_BOUNDS.east),
    st.floats(REGION_BOUNDS.south, REGION_BOUNDS.north),
)


@given(LONLAT)
def test_check_document_swapped_axes_are_always_reported(lonlat):
    lon, lat = lonlat
    assert codes(collection({"type": "Point", "coordinates": [lat, lon]})) == ["ETK113"]


@given(st.lists(LONLAT, min_size=1, max_size=8))
def test_dump_document_reads_back_to_seven_decimals(points):
    coordinates = round_coordinates(points, 9)
    written = dump_document([{"type": "Feature", "properties": {}, "geometry": coordinates}])
    read = json.loads(written)["features"][0]["geometry"]
    assert read == [[round(lon, 7), round(lat, 7)] for lon, lat in points]


def test_dump_document_puts_one_feature_on_a_line():
    features = [{"id": "甲"}, {"id": "b"}]
    expected = '{"type":"FeatureCollection","features":[\n{"id":"甲"},\n{"id":"b"}\n]}\n'
    assert dump_document(features).decode() == expected


def test_feature_label_falls_back_to_the_place():
    assert feature_label({"properties": {"id": "a"}}, 0) == "a"
    assert feature_label({"properties": None, "id": "b"}, 0) == "b"
    assert feature_label(7, 3) == "$.features[3]"
