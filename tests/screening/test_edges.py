"""What an edge between far corners means is said where its readings differ by more than a metre."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etk_geo.crs import CRS_METRIC, CRS_STORE, to_lonlat, to_metric
from etk_geo.i18n import issue_message
from etk_geo.model import BANNER_BOUNDS
from etk_geo.screening.relation import prepare_projects, prepare_zones
from tests.screening.test_relations_known import frame

places = st.tuples(
    st.floats(BANNER_BOUNDS.west, BANNER_BOUNDS.east),
    st.floats(BANNER_BOUNDS.south, BANNER_BOUNDS.north),
)


def told(geometry, accuracy_m=0.0, crs=CRS_STORE):
    listed = frame(geometry, "p", crs)
    listed["accuracy_m"] = accuracy_m
    return [issue for issue in prepare_projects(listed).issues if issue.code == "ETK280"]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(places, places)
def test_readings_of_an_edge_are_no_farther_apart_than_is_said(start, end):
    edge = shapely.LineString([start, end])
    if edge.length < 1e-6:
        return
    in_degrees = to_metric(shapely.segmentize(edge, edge.length / 64))
    apart = shapely.hausdorff_distance(in_degrees, to_metric(edge), densify=1 / 64)
    issues = told(edge)
    if issues:
        assert apart <= float(issues[0].detail["apart"]) + 0.05
    else:
        assert apart <= 1.0


def test_bound_is_not_far_from_what_an_eastward_edge_does():
    edge = shapely.LineString([(107.0, 39.5), (107.5, 39.5)])
    in_degrees = to_metric(shapely.segmentize(edge, 0.01))
    apart = shapely.hausdorff_distance(in_degrees, to_metric(edge), densify=1 / 64)
    (issue,) = told(edge)
    assert apart <= float(issue.detail["apart"]) <= 1.5 * apart
    assert issue.detail["length_km"] == "43.0"
    assert "43.0 公里" in issue_message(issue, "zh")


def test_edge_between_a_hole_and_its_shell_is_none():
    """Rings and parts are not joined: only real edges count."""
    rings = [to_metric(shapely.Point(107 + x, 39)).buffer(500, quad_segs=4) for x in (0, 0.6)]
    assert told(to_lonlat(shapely.MultiPolygon(rings))) == []


@pytest.mark.parametrize(
    ("accuracy_m", "crs", "count"),
    [(0.0, CRS_STORE, 1), (1000.0, CRS_STORE, 0), (np.nan, CRS_STORE, 0), (0.0, CRS_METRIC, 0)],
)
def test_it_is_said_only_where_it_matters(accuracy_m, crs, count):
    zone = shapely.box(107, 39, 107.4, 39.2)
    assert len(told(zone if crs == CRS_STORE else to_metric(zone), accuracy_m, crs)) == count
    if crs == CRS_STORE and accuracy_m == 0:
        assert [issue.where for issue in prepare_zones(frame(zone, "z", crs)).issues] == ["z"]
