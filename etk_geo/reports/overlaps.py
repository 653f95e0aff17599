"""What projects and zones have in common, as GeoJSON for a GIS."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import shapely
from shapely.geometry import mapping

from etk_geo.crs import to_lonlat, to_metric
from etk_geo.errors import ScreeningError
from etk_geo.geojson import MAX_DECIMALS, dump_document, round_coordinates
from etk_geo.plan import records
from etk_geo.reports.source import ReportSource
from etk_geo.screening.record import fixed

MEETING = ("INSIDE", "OVERLAPS", "INDETERMINATE")
FIGURES = ("overlap_least_m2", "overlap_most_m2", "length_least_m", "length_most_m")


def overlaps_geojson(source: ReportSource) -> bytes:
    """Return one feature per pair whose geometries, as stated, have places in common.

    The geometry is the common part as stated; how much is certain is in the figures (least and
    most, as in the record) and the verdict.

    Raises
    ------
    ScreeningError
        If the layers are no longer those of the record.
    """
    if source.zones is None:
        raise ScreeningError("ETK935")
    return dump_document(list(_features(source)))


def _features(source: ReportSource) -> Iterator[dict[str, Any]]:
    zones = source.zones
    if zones is None:
        return
    zone_of = dict(zip(zones.gdf["zone_id"], zones.gdf.geometry, strict=True))
    own = dict(zip(source.projects["project_id"], source.projects.geometry, strict=True))
    found = source.screening.findings
    for row in records(found[found["verdict"].isin(MEETING)]):
        project, zone = own[row["project_id"]], zone_of.get(row["zone_id"])
        if project is None or zone is None or not shapely.intersects(project, zone):
            continue
        common = to_lonlat(shapely.intersection(to_metric(project), to_metric(zone)))
        if common.is_empty:
            continue
        parsed = mapping(common)
        if "coordinates" not in parsed:  # parts of several kinds: the figures tell of them
            continue
        coordinates = round_coordinates(parsed["coordinates"], MAX_DECIMALS)
        yield {
            "type": "Feature",
            "properties": {
                **{name: row[name] for name in ("project_id", "zone_id", "verdict", "consequence")},
                **{name: fixed(name, row[name]) for name in FIGURES},
                "record": source.hash,
            },
            "geometry": {"type": parsed["type"], "coordinates": coordinates},
        }
