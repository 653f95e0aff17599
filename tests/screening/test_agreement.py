"""Planar and geodesic figures that disagree beyond the projection are an error, not a choice."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from pyproj import Geod

from etk_geo.crs import CRS_METRIC
from etk_geo.errors import ScreeningError
from etk_geo.screening import distance, ellipsoid, overlay
from etk_geo.screening.relation import prepare_zones, relate
from tests.screening.test_relations_known import frame

ZONE = shapely.box(500_000, 4_350_000, 501_000, 4_351_000)
ACROSS = shapely.box(500_500, 4_350_500, 501_500, 4_350_700)
LINE = shapely.LineString([(499_000, 4_350_500), (502_000, 4_350_600)])
APART = shapely.box(505_000, 4_350_000, 505_100, 4_350_100)
LARGER = Geod(a=distance.GEOD.a * 1.001, f=distance.GEOD.f)


def screen(project):
    prepared = prepare_zones(frame(ZONE, "z", CRS_METRIC))
    return relate(frame(project, "p", CRS_METRIC), prepared).iloc[0]


def raised_by(project):
    with pytest.raises(ScreeningError) as raised:
        screen(project)
    return raised.value


def test_distance_on_another_ellipsoid_is_an_error(monkeypatch):
    assert screen(APART)["distance_most_m"] == pytest.approx(4_000, rel=1e-3)
    monkeypatch.setattr(distance, "GEOD", LARGER)
    error = raised_by(APART)
    assert error.code == "ETK655"
    assert float(error.detail["planar"]) == pytest.approx(4_000)
    assert float(error.detail["geodesic"]) == pytest.approx(4_004, rel=1e-4)


@pytest.mark.parametrize(("project", "name"), [(ACROSS, "polygon_areas"), (LINE, "line_lengths")])
def test_overlap_measured_wrongly_is_an_error(monkeypatch, project, name):
    screen(project)
    measure = getattr(ellipsoid, name)

    def wrong(geoms):
        planar, measured = measure(geoms)
        return planar, measured * 1.001

    monkeypatch.setattr(overlay, name, wrong)
    assert raised_by(project).code == "ETK655"


BOXES = np.array([[388_000.0, 4_250_000.0, 389_000.0, 4_251_000.0]])
"""At the corner of the banner where the projection stretches most, by 1.5e-4."""


@pytest.mark.parametrize("share", [0.999, 1.001, np.nan, np.inf])
def test_area_beyond_the_scale_of_the_projection_is_an_error(share):
    planar, measured = ellipsoid.polygon_areas(shapely.box(*BOXES.T))
    assert planar[0] != measured[0]
    overlay.check_agreement(planar, measured, BOXES, power=2)
    with pytest.raises(ScreeningError):
        overlay.check_agreement(planar, measured * share, BOXES, power=2)
