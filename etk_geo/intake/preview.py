"""Where a reading would put a layer: some of its features, for a look before anything is taken."""

from __future__ import annotations

import numpy as np
import shapely

from etk_geo.intake.candidates import AnyReading
from etk_geo.intake.raw_layer import Geometries, RawLayer

MOST_FEATURES = 300
MOST_VERTICES = 20_000


def preview(raw: RawLayer, reading: AnyReading) -> Geometries:
    """Return some features of a layer where a reading puts them, evenly taken.

    Parameters
    ----------
    raw
        A layer with geometry. Not changed.
    reading
        Of one of its candidates.

    Returns
    -------
    geometry
        WGS 84 degrees; features whose coordinates have no answer are left out.
    """
    if raw.geometry is None:
        return np.empty(0, dtype=object)
    held = np.flatnonzero(~shapely.is_missing(raw.geometry) & ~shapely.is_empty(raw.geometry))
    rows = held[np.linspace(0, len(held) - 1, min(len(held), MOST_FEATURES)).astype(int)]
    sizes = shapely.get_num_coordinates(raw.geometry[rows])
    rows = rows[np.cumsum(sizes) <= max(MOST_VERTICES, sizes[0])]
    with np.errstate(invalid="ignore"):
        moved = shapely.transform(
            raw.geometry[rows],
            lambda xy: np.column_stack(reading.to_lonlat(xy[:, 0], xy[:, 1])),
        )
    coordinates, owners = shapely.get_coordinates(moved, return_index=True)
    broken = owners[~np.isfinite(coordinates).all(axis=1)]
    kept: Geometries = np.delete(moved, np.unique(broken))
    return kept
