"""Reported areas and distances against ``pyproj.Geod`` on the ellipsoid, anywhere in the banner."""

from __future__ import annotations

from operator import itemgetter

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from etk_geo.crs import CRS_STORE, GEOD, to_lonlat, to_metric
from etk_geo.model import BANNER_BOUNDS
from etk_geo.screening.relation import Verdict, prepare_zones, relate
from tests.screening.admissible import frame as stated
from tests.screening.admissible import things
from tests.screening.test_relations_known import frame

AREA_PPM = 1e-6
GEOD_ROUNDING_M2 = 1e-4
"""What Geod itself gives away: it sums areas down to the equator, so small ones lose digits."""
DISTANCE_SHARE = 1e-3
EVERYWHERE = prepare_zones(frame(shapely.box(104.5, 36.5, 111, 43), "z", CRS_STORE))

CORNERS = np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
AROUND = np.stack(np.meshgrid(np.arange(-3, 4), np.arange(-3, 4)), axis=-1).reshape(-1, 2)

anywhere = st.tuples(
    st.floats(BANNER_BOUNDS.west, BANNER_BOUNDS.east),
    st.floats(BANNER_BOUNDS.south, BANNER_BOUNDS.north),
)
many = settings(max_examples=200, deadline=None, derandomize=True)


def geodesic_area(polygon):
    area, _ = GEOD.geometry_area_perimeter(shapely.orient_polygons(polygon))
    return abs(area)


def blob(place, radius_m, radii, hole):
    """Return a polygon around a place, some metres to some tens of kilometres wide, in degrees."""
    lon, lat = place
    angles = np.linspace(0, 360, len(radii), endpoint=False)
    size = radius_m * np.asarray(radii)

    def ring(scale):
        count = np.ones(len(angles))
        return np.column_stack(GEOD.fwd(lon * count, lat * count, angles, size * scale)[:2])

    # The hole is wound like its shell: what Geod takes for granted must not be.
    return shapely.Polygon(ring(1.0), [ring(0.4)] if hole else [])


def related(project, zones):
    return relate(frame(project, "p", CRS_STORE), zones).iloc[0]


@many
@given(
    anywhere,
    st.floats(3, 25_000),
    st.lists(st.floats(0.3, 1), min_size=3, max_size=12),
    st.booleans(),
)
def test_area_of_a_project_inside_is_its_area_on_the_ellipsoid(place, radius_m, radii, hole):
    project = blob(place, radius_m, radii, hole)
    row = related(project, EVERYWHERE)
    assert row["verdict"] == Verdict.INSIDE
    truth = pytest.approx(geodesic_area(project), rel=AREA_PPM, abs=GEOD_ROUNDING_M2)
    assert row["overlap_least_m2"] == truth
    assert row["overlap_most_m2"] == truth


@many
@given(
    anywhere,
    st.floats(50, 8_000),
    st.lists(st.floats(0.4, 1), min_size=4, max_size=9),
    st.floats(0, 359),
)
def test_area_of_an_overlap_is_that_on_the_ellipsoid(place, radius_m, radii, bearing):
    lon, lat, _ = GEOD.fwd(*place, bearing, radius_m * 0.6)
    zone, project = (
        blob(place, radius_m, radii, hole=False),
        blob((lon, lat), radius_m, radii, True),
    )
    common = to_lonlat(to_metric(project).intersection(to_metric(zone)))
    row = related(project, prepare_zones(frame(zone, "z", CRS_STORE)))
    assert row["overlap_least_m2"] == row["overlap_most_m2"]
    truth = geodesic_area(common) if common.area else 0.0
    assert row["overlap_least_m2"] == pytest.approx(truth, rel=AREA_PPM, abs=GEOD_ROUNDING_M2)


@pytest.mark.parametrize("corner", [(106.7, 38.2), (108.0, 39.1), (108.9, 40.4)])
def test_area_of_a_cell_of_the_graticule(corner):
    """Between two parallels the ellipsoid has an area in closed form (GRS80)."""
    west, south = corner
    step = 0.01
    square_m2 = np.radians(step) * (zone_area(south + step) - zone_area(south))
    cell = shapely.box(west, south, west + step, south + step)
    # Parallels are no geodesics: densified, so that the polygon's sides follow them.
    row = related(shapely.segmentize(cell, step / 50), EVERYWHERE)
    assert row["overlap_least_m2"] == pytest.approx(square_m2, rel=AREA_PPM)


def zone_area(latitude):
    """Return the area of the ellipsoid between equator and a parallel, per radian of longitude."""
    e = np.sqrt(GEOD.es)
    sine = np.sin(np.radians(latitude))
    ratio = sine / (1 - (e * sine) ** 2) + np.arctanh(e * sine) / e
    return GEOD.b**2 / 2 * ratio


@many
@given(anywhere, st.floats(1, 80_000), st.floats(0, 360))
def test_distance_of_two_places_is_the_geodesic(place, distance_m, bearing):
    lon, lat, _ = GEOD.fwd(*place, bearing, distance_m)
    zone = prepare_zones(frame(shapely.Point(lon, lat), "z", CRS_STORE))
    row = related(shapely.Point(place), zone)
    truth = GEOD.inv(*place, lon, lat)[2]
    assert row["distance_least_m"] <= truth + 1e-6
    assert row["distance_most_m"] >= truth - 1e-6
    for name in ("distance_least_m", "distance_most_m"):
        assert row[name] == pytest.approx(truth, rel=DISTANCE_SHARE, abs=1e-5)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    anywhere,
    st.floats(100, 5_000),
    st.lists(st.floats(0.4, 1), min_size=4, max_size=8),
    st.floats(1.2, 6),
    st.floats(0, 359),
)
@example((107.0, 38.5), 100.0, [1.0] * 5, 1.5, 0.0)
def test_distance_of_areas_is_the_shortest_geodesic(place, radius_m, radii, apart, bearing):
    other = GEOD.fwd(*place, bearing, radius_m * 2 * apart)[:2]
    project, zone = (blob(centre, radius_m, radii, hole=False) for centre in (place, other))
    row = related(project, prepare_zones(frame(zone, "z", CRS_STORE)))
    # Edges are straight on the plane (docs/screening.md): along them the truth is looked for.
    least, most = shortest_geodesic(to_metric(project).exterior, to_metric(zone).exterior, radius_m)
    assert row["distance_least_m"] <= most + 1e-6
    assert row["distance_most_m"] >= least - 1e-6
    for name in ("distance_least_m", "distance_most_m"):
        assert row[name] == pytest.approx(most, rel=DISTANCE_SHARE)


def shortest_geodesic(first, second, radius_m):
    """Bound the shortest geodesic (m) between two lines of EPSG:4545.

    Stretches of both are halved again and again; a pair of stretches is given up only when its
    middles are farther apart than the best pair, by more than both halves together: lengths on the
    ground are no longer than on the plane. What is left bounds the length from below; around the
    best pair the search goes on to a micrometre, for a length that two places on the lines have.
    """
    half = radius_m / 10
    start, end = (np.arange(half, line.length + half, 2 * half) for line in (first, second))
    pairs = np.stack(np.meshgrid(start, end), axis=-1).reshape(-1, 2)
    best, most = pairs[0], np.inf
    while len(pairs) < 6_000 and half > 1e-3:
        apart = lengths_between(first, second, pairs)
        best, most = min(((best, most), (pairs[apart.argmin()], apart.min())), key=itemgetter(1))
        kept, least = pairs[apart - 2 * half <= most], most - 2 * half
        half /= 2
        pairs = (kept[:, None, :] + half * CORNERS).reshape(-1, 2)
    step = 4 * half
    while step > 1e-6:
        pairs = best + step * AROUND
        apart = lengths_between(first, second, pairs)
        best, most = min(((best, most), (pairs[apart.argmin()], apart.min())), key=itemgetter(1))
        step /= 2
    return least, most


def lengths_between(first, second, pairs):
    """Return the geodesic lengths (m) between places at metres along two lines of EPSG:4545."""
    sides = [
        shapely.get_coordinates(to_lonlat(shapely.line_interpolate_point(line, along)))
        for line, along in zip((first, second), pairs.T, strict=True)
    ]
    return GEOD.inv(*sides[0].T, *sides[1].T)[2]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    st.lists(things((500_000.0, 4_350_000.0)), min_size=1, max_size=4),
    st.lists(things((500_000.0, 4_350_000.0)), min_size=1, max_size=4),
    st.sampled_from([0.0, 40.0, 300.0]),
    st.sampled_from([0.0, 50.0, 500.0]),
)
def test_distances_not_measured_exactly_are_bounded(projects, zones, reach_m, within_m):
    """From boxes only, bounds are wider, never wrong, and change no verdict."""
    prepared = prepare_zones(stated(zones, "z"))
    asked = stated(projects, "p")
    exact = relate(asked, prepared, reach_m=reach_m)
    rough = relate(asked, prepared, reach_m=reach_m, exact_within_m=within_m)
    assert list(exact["verdict"]) == list(rough["verdict"])
    known = exact["distance_most_m"].notna()
    assert (rough["distance_least_m"] <= exact["distance_least_m"] + 1e-4)[known].all()
    assert not (rough["distance_most_m"] < exact["distance_most_m"] - 1e-4)[known].any()


def test_distance_from_boxes_knows_nothing_of_what_a_box_hides():
    """A place in the bay of an L is 600 m from either arm, and in the box of both."""
    arms = [(0, 0), (1000, 0), (1000, 1000), (900, 1000), (900, 100), (0, 100)]
    zone = shapely.Polygon([(500_000 + x, 4_350_000 + y) for x, y in arms])
    place = frame(shapely.Point(500_100, 4_350_700), "p", "EPSG:4545")
    row = relate(place, prepare_zones(frame(zone, "z", "EPSG:4545")), exact_within_m=0.0).iloc[0]
    assert row["verdict"] == Verdict.CLEAR
    assert row["distance_least_m"] <= 600 <= row["distance_most_m"]
