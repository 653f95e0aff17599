"""The file format of a list of projects changes no finding: from the file to the figures."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import pytest

from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.from_path import choose_layer, open_path, read_layer
from etk_geo.intake.understanding import understand
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.projects import read_projects
from etk_geo.screening.taken import taken_projects
from tests.screening_findings.builders import AFTER, line, square, zone, zones

CATEGORY = {"公路": "road_rail", "煤矿": "mining"}
SHAPES = {
    "areas": [square(-50, 100, 100), square(900, 0, 100), square(300, 300, 50)],
    "lines": [line((-500, 50), (900, 77)), line((0, -300), (400, -300)), line((0, 0), (500, 0))],
}
DRIVERS = {"p.geojson": "GeoJSON", "p.gpkg": "GPKG", "p.shp": "ESRI Shapefile"}
AREAS = zones(
    zone("redline", square(0, 0, 500), "eco_redline"),
    zone("reserve", square(600, -400, 350), "nature_reserve", accuracy_m=20.0),
)


def written(folder, name, kind):
    values = {
        "name": ["甲", "乙", "丙"],
        "category": ["公路", "煤矿", "公路"],
        "accuracy_m": [0.5, 30.0, 5.0],
        "decided_on": ["2024-05-01", "2026-04-01", "2025-06-30"],
    }
    gdf = gpd.GeoDataFrame(values, geometry=SHAPES[kind], crs="EPSG:4326")
    options = {"encoding": "UTF-8"} if name.endswith(".shp") else {}
    if name.endswith(".geojson"):
        options["COORDINATE_PRECISION"] = 15
    gdf.to_file(folder / name, driver=DRIVERS[name], engine="pyogrio", **options)
    return folder / name


def taken_in(path):
    with open_path(path) as upload:
        raw = read_layer(upload, choose_layer(upload, ""), "", "")
    understood = understand(raw)
    taken = confirm(raw, understood, Choice(understood.suggested.id))
    return taken_projects(taken, name="清单", categories=CATEGORY, extents={}).frame


@pytest.mark.parametrize("kind", sorted(SHAPES))
def test_format_changes_no_finding(tmp_path, book, kind):
    """Taken in from three formats, and read by the reader of the command line."""
    paths = {name: written(tmp_path, name, kind) for name in DRIVERS}
    read = read_projects(paths["p.gpkg"], categories={*CATEGORY, *book.categories}, extents={})
    read["category"] = read["category"].map(CATEGORY)
    frames = [*map(taken_in, paths.values()), read]
    first, *others = (screen_projects(frame, AREAS, book, AFTER).findings for frame in frames)
    assert len(first) == 3 * len(AREAS.zones)
    assert first["verdict"].nunique() > 1
    for other in others:
        pd.testing.assert_frame_equal(other, first, check_exact=False, rtol=1e-9, atol=1e-6)
