"""Synthetic zones and projects of the size of real ones; the same every time."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import shapely

from etk_geo.crs import CRS_METRIC

ZONE_VERTICES = (
    60_000,
    75_000,
    90_000,
    105_000,
    120_000,
    130_000,
    150_000,
    170_000,
    190_000,
    210_000,
)
LEFT, BOTTOM, RIGHT, TOP = 392_000.0, 4_250_000.0, 574_000.0, 4_440_000.0
POINTS, LINES = 0.4062, 0.2432
"""Shares of projects that are points and lines; the rest are polygons."""


def _outline(rng, centre, radius, vertices, roughness):
    """Return a ring around a centre: long waves, short waves, and a jitter of each vertex."""
    angle = np.linspace(0, 2 * np.pi, vertices, endpoint=False)
    factor = np.ones(vertices)
    for wave in (2, 3, 5, 7, 11, 17, 29, 61, 131, 311, 997):
        if wave < vertices / 4:
            factor += roughness / wave * np.cos(wave * angle + rng.uniform(0, 2 * np.pi))
    step = 2 * np.pi / vertices
    factor = np.maximum(factor, 0.35) * (1 + rng.uniform(-0.3, 0.3, vertices) * step)
    return np.column_stack(
        [centre[0] + radius * factor * np.cos(angle), centre[1] + radius * factor * np.sin(angle)]
    )


def zones(seed: int = 1) -> gpd.GeoDataFrame:
    """Return ten heavy polygons with holes, EPSG:4545, exact to within 5 m."""
    rng = np.random.default_rng(seed)
    geoms = []
    for number, vertices in enumerate(ZONE_VERTICES):
        column, row = number % 4, number // 4
        centre = (
            LEFT + (RIGHT - LEFT) * (column + 0.5 + rng.uniform(-0.2, 0.2)) / 4,
            BOTTOM + (TOP - BOTTOM) * (row + 0.5 + rng.uniform(-0.2, 0.2)) / 3,
        )
        radius = rng.uniform(14_000, 23_000)
        shell = _outline(rng, centre, radius, int(vertices * 0.9), 0.5)
        hole = _outline(rng, centre, radius * 0.15, int(vertices * 0.1), 0.3)
        polygon = shapely.Polygon(shell, [hole])
        geoms.append(polygon if polygon.is_valid else shapely.make_valid(polygon))
    return _frame("zone", geoms, 5.0)


def projects(count: int, seed: int = 2, accuracy_m: float = 0.0) -> gpd.GeoDataFrame:
    """Return points, lines and polygons, EPSG:4545; 76 vertices each on the average."""
    rng = np.random.default_rng(seed)
    centres = np.column_stack([rng.uniform(LEFT, RIGHT, count), rng.uniform(BOTTOM, TOP, count)])
    kind = rng.random(count)
    geoms = []
    for centre, share in zip(centres, kind, strict=True):
        if share < POINTS:
            geoms.append(shapely.Point(centre))
        elif share < POINTS + LINES:
            geoms.append(shapely.LineString(_course(rng, centre)))
        else:
            ring = _outline(rng, centre, rng.uniform(150, 1500), int(rng.integers(60, 220)), 0.4)
            geoms.append(shapely.Polygon(ring).buffer(0))
    return _frame("project", geoms, accuracy_m)


def _course(rng, start):
    """Return a road of 5 to 12 km."""
    steps = int(rng.integers(60, 180))
    heading = rng.uniform(0, 2 * np.pi) + np.cumsum(rng.normal(0, 0.08, steps))
    way = rng.uniform(40, 90) * np.column_stack([np.cos(heading), np.sin(heading)])
    return np.vstack([start, start + np.cumsum(way, axis=0)])


def _frame(prefix, geoms, accuracy_m):
    count = len(geoms)
    return gpd.GeoDataFrame(
        {
            "id": [f"{prefix}_{number:06d}" for number in range(count)],
            "bound": "exact",
            "accuracy_m": accuracy_m,
            "extent_m": np.nan,
        },
        geometry=geoms,
        crs=CRS_METRIC,
    )
