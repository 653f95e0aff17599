"""Where a project comes nearest to a zone: both places, the distance and the direction."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etk_geo.crs import GEOD
from etk_geo.screening.distance import lonlat_of, nearest_places
from etk_geo.screening.features import PROJECT, Features, read_features
from etk_geo.screening.overlay import find_contacts
from etk_geo.screening.prepared import PreparedZones

COLUMNS = (
    "project_id",
    "zone_id",
    "distance_m",
    "bearing_deg",
    "project_lon",
    "project_lat",
    "zone_lon",
    "zone_lat",
)


def nearest_approach(projects: gpd.GeoDataFrame | Features, zones: PreparedZones) -> pd.DataFrame:
    """Find the nearest places of each project and zone, as their geometries are stated.

    Parameters
    ----------
    projects
        Columns and CRS as :func:`etk_geo.screening.relation.relate` takes them.
    zones
        Prepared zones.

    Returns
    -------
    approaches
        One row per (project, zone) that both have geometry, sorted by both: ``distance_m``
        (geodesic), ``bearing_deg`` (true, clockwise from north, from project to zone), and both
        places in WGS 84 degrees. Where the geometries meet the distance is 0 and the rest NaN.
        The accuracy is not in these figures: ``relate`` bounds the distance.
    """
    known = projects if isinstance(projects, Features) else read_features(projects, PROJECT)
    features = zones.features
    live = (known.barred == "")[:, None] & (features.barred == "")[None, :]
    with zones.borrow() as copies:
        contact = find_contacts(known.geoms, copies, live, features.dimension == 2)
        anywhere = np.full(live.shape, np.inf)
        found = nearest_places(known.geoms, zones, copies, live & ~contact.meets, anywhere)
    rows, columns = np.nonzero(live)
    figures = np.full((len(rows), 6), np.nan)
    meets = contact.meets[rows, columns]
    figures[meets, 0] = 0.0
    apart = np.flatnonzero(~meets)
    start, end = lonlat_of(found.start).T, lonlat_of(found.end).T
    bearing, _, _ = GEOD.inv(*start, *end)
    ends = (found.geodesic_m, np.asarray(bearing) % 360.0, *start, *end)
    figures[apart] = np.column_stack(ends) if len(apart) else figures[apart]
    table = pd.DataFrame(figures, columns=list(COLUMNS[2:]))
    table.insert(0, "project_id", known.ids[rows])
    table.insert(1, "zone_id", features.ids[columns])
    return table


def centre_of(features: Features) -> tuple[float, float]:
    """Return the middle of the box around features, EPSG:4545 metres."""
    left, bottom, right, top = shapely.total_bounds(features.geoms)
    return (left + right) / 2, (bottom + top) / 2
