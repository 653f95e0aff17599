"""What follows if a project is elsewhere, smaller, of another course, accuracy, day or category.

A change makes one project from another; the changed one is screened like any. Nothing of it is
stored or taken for the project itself.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD, to_lonlat, to_metric
from etk_geo.geojson import MAX_DECIMALS
from etk_geo.model import Bound
from etk_geo.plan import records
from etk_geo.screening.findings import Screening
from etk_geo.screening.outputs import words
from etk_geo.screening.projects import project_frame
from etk_geo.screening.verdict import Verdict

COMPARED = ("verdict", "reason", "consequence", "possible", "needs_m", "distance_least_m",
            "distance_most_m", "overlap_least_m2", "overlap_most_m2", "length_least_m",
            "length_most_m", "rules", "rules_open")  # fmt: skip
"""Columns of findings in which two variants of a project can differ."""


@dataclass(frozen=True)
class Change:
    """How a variant differs from the project; ``None`` keeps what the project states.

    ``geometry`` (WGS 84 degrees) is another place or course as drawn; ``scale`` is then applied to
    it about its centroid (0.5 halves every length), and it is shifted by ``east_m`` and
    ``north_m``, metres on the plane of EPSG:4545. ``decided_on`` is taken if ``dated``.
    """

    geometry: BaseGeometry | None = None
    east_m: float = 0.0
    north_m: float = 0.0
    scale: float = 1.0
    accuracy_m: float | None = None
    extent_m: float | None = None
    category: str | None = None
    dated: bool = False
    decided_on: date | None = None


def changed_project(project: gpd.GeoDataFrame, change: Change) -> gpd.GeoDataFrame:
    """Return the one project of a frame as it would be after a change.

    Parameters
    ----------
    project
        One row as from :func:`etk_geo.screening.projects.project_frame`. Not changed.
    change
        What is different.

    Returns
    -------
    changed
        One row of the same form and id, coordinates to seven decimals.
    """
    (row,) = records(project)
    values = dict(row)
    geometry = change.geometry if change.geometry is not None else row["geometry"]
    if geometry is not None:
        values["geometry"] = _placed(geometry, change)
        values["bound"] = row["bound"] or default_bound(geometry)
    for name in ("accuracy_m", "extent_m", "category"):
        if getattr(change, name) is not None:
            values[name] = getattr(change, name)
    if change.extent_m is not None:
        values["extent_basis"] = "stated"
    if change.dated:
        values["decided_on"] = change.decided_on
    return project_frame([values])


def default_bound(geometry: BaseGeometry) -> str:
    """Return how a drawn geometry is taken: a point as a position, all else as what it is."""
    return str(Bound.POSITION if shapely.get_dimensions(geometry) == 0 else Bound.EXACT)


def _placed(geometry: BaseGeometry, change: Change) -> BaseGeometry:
    if change.scale == 1.0 and change.east_m == 0.0 and change.north_m == 0.0:
        return geometry
    plane = to_metric(geometry)
    centre = np.array(plane.centroid.coords[0])
    shift = np.array([change.east_m, change.north_m])
    moved = shapely.transform(plane, lambda xy: (xy - centre) * change.scale + centre + shift)
    back = to_lonlat(moved)
    return shapely.transform(back, lambda xy: np.round(xy, MAX_DECIMALS))


def displacement(before: BaseGeometry | None, after: BaseGeometry | None) -> tuple[float, float]:
    """Return how far (geodesic m) and where to (degrees from north) the centroid has moved."""
    if before is None or after is None:
        return math.nan, math.nan
    start, end = before.centroid, after.centroid
    bearing, _, metres = GEOD.inv(start.x, start.y, end.x, end.y)
    return float(metres), float(bearing % 360.0)


@dataclass(frozen=True)
class Variant:
    """A change that was screened and kept under a name, to be compared with others."""

    label: str
    change: Change
    as_of: date
    project: gpd.GeoDataFrame
    screening: Screening


def compare_variants(variants: Sequence[Variant]) -> pd.DataFrame:
    """Put the findings of variants of one project side by side.

    Returns
    -------
    compared
        One row per zone that was checked in any variant, in order of zone id: ``zone_id``, for each
        variant (numbered from 0) the columns ``COMPARED`` with the number appended (``verdict_0``),
        and ``differs``, whether verdict, consequence or worst possible consequence differ.
    """
    if not variants:
        return pd.DataFrame(columns=["zone_id", "differs"])
    frames = [
        variant.screening.findings[["zone_id", *COMPARED]]
        .set_index("zone_id")
        .add_suffix(f"_{number}")
        for number, variant in enumerate(variants)
    ]
    merged = pd.concat(frames, axis=1)
    checked = np.zeros(len(merged), dtype=bool)
    differs = np.zeros(len(merged), dtype=bool)
    for number in range(len(variants)):
        checked |= (merged[f"verdict_{number}"] != str(Verdict.NOT_CHECKED)).to_numpy()
        for name in ("verdict", "consequence", "possible"):
            differs |= (merged[f"{name}_{number}"] != merged[f"{name}_0"]).to_numpy()
    merged["differs"] = differs
    return merged[checked | differs].sort_index().reset_index()


def standing_words(row: Mapping[str, Any], number: int, lang: Any) -> str:
    """Say verdict and consequence of one variant in a row of :func:`compare_variants`."""
    verdict = words("verdict", str(row[f"verdict_{number}"]), lang)
    consequence = words("consequence", str(row[f"consequence_{number}"]), lang)
    return f"{verdict} → {consequence}"
