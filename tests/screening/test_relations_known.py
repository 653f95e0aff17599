"""Pairs whose relation is known (tests/screening/data/README.md): the engine says the same."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely

from etk_geo.crs import to_lonlat
from etk_geo.screening.relation import Verdict, prepare_zones, relate

DATA = Path(__file__).with_name("data") / "relations.jsonl"
PAIRS = [json.loads(line) for line in DATA.read_text(encoding="utf-8").splitlines()]
NAMES = ("project_4545", "zone_4545")
ALONG_A_HOLE = "036e5984f87f"
"""Called a robust overlap of 6,285 m, but the line runs along the boundary of a hole to 0.1 mm:
plain overlay of the same coordinates finds no common length, and touching is not overlap."""

ROBUST = [pair for pair in PAIRS if pair["robust"] and pair["id"] != ALONG_A_HOLE]
EXPECTED = {
    "overlap": {Verdict.OVERLAPS},
    "inside": {Verdict.INSIDE},
    "disjoint": {Verdict.CLEAR},
    "touch": {Verdict.CLEAR, Verdict.INDETERMINATE},
}


def frame(geom, name, crs):
    """Return one feature known without error."""
    columns = {
        "id": [name],
        "bound": ["exact"],
        "accuracy_m": [0.0],
        "extent_m": [np.nan],
        "extent_basis": [None],
        "orientation_only": [False],
    }
    return gpd.GeoDataFrame(columns, geometry=[geom], crs=crs)


def related(pair, *, lonlat):
    geoms = [shapely.from_wkt(pair[name]) for name in NAMES]
    crs = "EPSG:4545"
    if lonlat:
        crs = "EPSG:4326"
        written = [
            shapely.to_geojson(shapely.transform(to_lonlat(geom), lambda xy: np.round(xy, 9)))
            for geom in geoms
        ]
        geoms = [shapely.from_geojson(text) for text in written]
    project, zone = geoms
    rows = relate(frame(project, "p", crs), prepare_zones(frame(zone, "z", crs)))
    assert len(rows) == 1
    return rows.iloc[0]


@pytest.mark.parametrize("lonlat", [False, True], ids=["metres", "geojson"])
@pytest.mark.parametrize("pair", ROBUST, ids=lambda pair: f"{pair['id']}-{pair['outcome']}")
def test_relate_known_pair(pair, lonlat):
    row = related(pair, lonlat=lonlat)
    assert row["verdict"] in EXPECTED[pair["outcome"]]
    if pair["outcome"] in ("overlap", "inside") and pair["overlap_m2"] > 0:
        project, zone = (shapely.make_valid(shapely.from_wkt(pair[name])) for name in NAMES)
        overlap = project.intersection(zone)
        # The pair's own figure was taken before its coordinates were rounded to 0.1 mm.
        rounding = 1e-4 * (project.length + zone.length) + 0.01
        assert row["overlap_planar_m2"] == pytest.approx(pair["overlap_m2"], abs=rounding)
        # Nine decimals of a degree are 0.1 mm as well.
        written = 1e-4 * overlap.length if lonlat else 0
        exact = max(1e-6 * overlap.area, written)
        assert row["overlap_planar_m2"] == pytest.approx(overlap.area, abs=exact)
    if pair["outcome"] == "disjoint":
        # Reported on the ground: the projection stretches by less than 0.1 %.
        assert row["distance_least_m"] <= pair["distance_m"] * 1.001
        assert row["distance_most_m"] >= pair["distance_m"] * 0.999
        spread = row["distance_most_m"] - row["distance_least_m"]
        assert spread <= 0.001 * pair["distance_m"] + 1e-3


def test_relations_are_all_carried():
    assert len(PAIRS) == 266
    assert {pair["outcome"] for pair in PAIRS} == set(EXPECTED)
    assert len(ROBUST) == 173


def test_relate_line_along_a_hole_touches():
    pair = next(pair for pair in PAIRS if pair["id"] == ALONG_A_HOLE)
    line, zone = (shapely.from_wkt(pair[name]) for name in NAMES)
    assert line.intersection(zone).length == 0
    assert related(pair, lonlat=False)["verdict"] == Verdict.CLEAR


@pytest.mark.parametrize(
    "pair", [pair for pair in PAIRS if not pair["robust"]], ids=lambda pair: pair["id"]
)
def test_relate_pair_within_rounding_of_a_boundary_is_answered(pair):
    row = related(pair, lonlat=False)
    assert row["verdict"] in set(Verdict) - {Verdict.NOT_CHECKED, Verdict.WITHIN}
    if pair["outcome"] == "touch":
        # Rounded coordinates may overlap by a sliver, never by more than their rounding.
        project, zone = (shapely.from_wkt(pair[name]) for name in NAMES)
        rounding = 1e-4 * (project.length + zone.length)
        assert not row["overlap_least_m2"] > rounding
