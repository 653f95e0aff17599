"""Nearest places by runs of both outlines against the distance that GEOS finds by itself."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pytest
import shapely

from etk_geo.crs import CRS_METRIC
from etk_geo.screening.distance import nearest_places
from etk_geo.screening.relation import prepare_zones
from tests.screening.admissible import star

CENTRE = np.array([500_000.0, 4_350_000.0])
COUNT = 12


def zone():
    rng = np.random.default_rng(5)
    shell = star(CENTRE, rng.uniform(8_000, 10_000, 2_500))
    hole = star(CENTRE, rng.uniform(5_000, 6_000, 400))
    return shell.difference(hole)


def road(rng, at):
    return shapely.LineString(at + np.cumsum(rng.uniform(-60, 90, (70, 2)), axis=0))


def block(rng, at):
    return star(at, rng.uniform(100, 300, 50))


KINDS = {
    "point": lambda rng, at: shapely.Point(at),
    "points": lambda rng, at: shapely.MultiPoint(at + rng.uniform(-400, 400, (3, 2))),
    "road": road,
    "roads": lambda rng, at: shapely.MultiLineString([road(rng, at), road(rng, at + 2_000)]),
    "block": block,
    "blocks": lambda rng, at: shapely.MultiPolygon([block(rng, at), block(rng, at + 1_500)]),
}


@pytest.mark.parametrize("away_m", [0.0, 600.0, 8_000.0, 90_000.0], ids=str)
@pytest.mark.parametrize("kind", sorted(KINDS))
def test_nearest_places_are_as_near_as_geos_says(kind, away_m):
    rng = np.random.default_rng(len(kind))
    polygon = zone()
    frame = gpd.GeoDataFrame(
        {"id": ["z"], "bound": "exact", "accuracy_m": 0.0, "extent_m": np.nan},
        geometry=[polygon],
        crs=CRS_METRIC,
    )
    zones = prepare_zones(frame)
    angle = rng.uniform(0, 2 * np.pi, COUNT)
    # None away: in the hole of the zone.
    off = away_m + 10_500 if away_m else 0.0
    places = CENTRE + off * np.column_stack([np.cos(angle), np.sin(angle)])
    geoms = np.array([KINDS[kind](rng, at) for at in places], dtype=object)
    asked = ~shapely.intersects(geoms, polygon)[:, None]
    expected = shapely.distance(geoms, polygon)[asked[:, 0]]
    assert len(expected)
    with zones.borrow() as copies:
        found = nearest_places(geoms, zones, copies, asked, np.full(asked.shape, np.inf))
        limit = float(np.median(expected))
        some = nearest_places(geoms, zones, copies, asked, np.full(asked.shape, limit))
    np.testing.assert_allclose(found.planar_m, expected, rtol=1e-12, atol=1e-9)
    on_both = shapely.points(found.start), shapely.points(found.end)
    assert shapely.distance(on_both[0], geoms[asked[:, 0]]).max() < 1e-6
    assert shapely.distance(on_both[1], polygon).max() < 1e-6
    near = expected <= limit
    np.testing.assert_allclose(some.planar_m[near], expected[near], rtol=1e-12, atol=1e-9)
    assert (some.planar_m[~near] >= expected[~near] * (1 - 1e-12)).all()
