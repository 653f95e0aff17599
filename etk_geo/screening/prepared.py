"""Zones made ready for many projects: cut, indexed, and lent to one thread at a time.

A prepared geometry builds its index while it is used and must not be shared between threads: that
ends the process (GEOS issue 825). Pieces, runs and trees here are never prepared and are shared;
copies of the whole zones are prepared and lent out, so that no two threads hold the same one.
"""

from __future__ import annotations

import os
import queue
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from shapely import STRtree

from etk_geo.model import Issue
from etk_geo.screening.arrays import Floats, Geometries, Ints, summed
from etk_geo.screening.features import ZONE, Features, read_features
from etk_geo.screening.pieces import (
    Outlines,
    Pieces,
    Runs,
    boundary_edges,
    cut_boundaries,
    cut_polygons,
    outlines,
)

LENT_AT_ONCE = 4
"""At most so many threads work on zones at a time, or one for each processor if they are fewer;
the others wait. More would cost memory and gain nothing."""


@dataclass(frozen=True)
class PreparedZones:
    """Zones in EPSG:4545, cut into pieces: safe to share between threads, and to pickle.

    Made by :func:`prepare_zones`; what is inside is for this package only.
    """

    features: Features
    active: Ints
    pieces: Pieces
    runs: Runs
    outline: Outlines
    area_m2: Floats
    _shared: _Shared = field(repr=False, compare=False)

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the zones, sorted."""
        return tuple(self.features.ids)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What was wrong with the geometry of the zones, and what was repaired."""
        return self.features.issues

    @property
    def piece_tree(self) -> STRtree:
        """Index of the pieces."""
        return self._shared.piece_tree

    def run_tree(self, zone: int) -> tuple[STRtree, int]:
        """Return the index of a zone's runs and the number of its first run."""
        return self._shared.run_trees[zone]

    @contextmanager
    def borrow(self) -> Iterator[Geometries]:
        """Lend prepared copies of the zones to the calling thread, waiting for a free set."""
        copies = self._shared.copies.get()
        try:
            if copies is None:
                copies = _prepared_copies(self.features.geoms)
            yield copies
        finally:
            self._shared.copies.put(copies)

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what was cut; trees and prepared copies are made anew."""
        kept = self.features, self.active, self.pieces, self.runs, self.outline, self.area_m2
        return _restore, kept


class _Shared:
    """The indexes of a set of zones, and the queue of prepared copies."""

    def __init__(self, features: Features, pieces: Pieces, runs: Runs) -> None:
        self.piece_tree = _built_tree(pieces.geoms)
        order = np.searchsorted(runs.zone, np.arange(len(features) + 1))
        self.run_trees = [
            (_built_tree(runs.geoms[low:high]), int(low)) for low, high in pairwise(order)
        ]
        self.copies: queue.LifoQueue[Geometries | None] = queue.LifoQueue()
        for _ in range(max(1, min(LENT_AT_ONCE, os.cpu_count() or 1))):
            self.copies.put(None)


def _built_tree(geoms: Geometries) -> STRtree:
    tree = STRtree(geoms)
    tree.query(shapely.Point(0, 0))  # GEOS builds the tree at the first query: before sharing it
    return tree


def _prepared_copies(geoms: Geometries) -> Geometries:
    copies = shapely.transform(geoms, lambda xy: xy)
    shapely.prepare(copies)
    return copies


def prepare_zones(zones: gpd.GeoDataFrame) -> PreparedZones:
    """Check zones, project them to EPSG:4545 and cut them into pieces, once for many projects.

    Parameters
    ----------
    zones
        Any geometry types. Columns as :func:`etk_geo.screening.features.read_features` takes them:
        ``zone_id`` or ``id``, ``bound``, ``accuracy_m``, ``extent_m``; optional
        ``orientation_only``, ``extent_basis``. WGS 84 degrees, or EPSG:4545 metres. Not changed;
        may be empty.

    Returns
    -------
    prepared
        Safe for any number of threads. ``issues`` says what was refused or repaired.

    Raises
    ------
    CrsError
        If the CRS is missing or another one.
    ScreeningError
        If a column is missing, an id is repeated, or a bound, accuracy or extent makes no sense.
    """
    features = read_features(zones, ZONE)
    active = np.flatnonzero(features.barred == "")
    pieces = cut_polygons(features.geoms[active], active)
    edges = boundary_edges(features.geoms[active], active)
    area = summed(pieces.zone, pieces.area_m2, len(features))
    outline = outlines(edges, len(features))
    return _restore(features, active, pieces, cut_boundaries(edges), outline, area)


def _restore(
    features: Features,
    active: Ints,
    pieces: Pieces,
    runs: Runs,
    outline: Outlines,
    area_m2: Floats,
) -> PreparedZones:
    shared = _Shared(features, pieces, runs)
    return PreparedZones(features, active, pieces, runs, outline, area_m2, shared)
