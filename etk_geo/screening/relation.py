"""Any set of projects against any set of zones: one sound verdict with bounds for every pair.

Geometry alone: which rules apply and what follows from a verdict is decided elsewhere. The
definitions and the proofs are in docs/screening.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints, text_column
from etk_geo.screening.certainty import Pairs, find_certainty, measure_distances
from etk_geo.screening.distance import box_distances
from etk_geo.screening.ellipsoid import scale_range
from etk_geo.screening.features import PROJECT, Features, reach_of, read_features
from etk_geo.screening.figures import FIGURES, Geometric, measure_figures
from etk_geo.screening.judgement import REASONS, VERDICTS, Judgement, Measured, judge
from etk_geo.screening.overlay import common_parts, find_contacts
from etk_geo.screening.prepared import PreparedZones, prepare_zones
from etk_geo.screening.verdict import Reason, Verdict

__all__ = [
    "COLUMNS",
    "PreparedZones",
    "Reach",
    "Reason",
    "Relations",
    "Verdict",
    "measure_relations",
    "prepare_projects",
    "prepare_zones",
    "relate",
]

Reach = Mapping[tuple[str, str], float] | Callable[[str, str], float] | Floats | float
"""A rule's distance (m): of pairs by (project id, zone id), by a function, as an array of projects
by zones (both sorted by id), or one for all."""

CHUNK = 4_096
"""Projects measured at a time; changes no result."""
MARGIN = 1.01
"""Planar lengths are at most this times those on the ground, anywhere in the region."""

COLUMNS = (
    "project_id",
    "zone_id",
    "verdict",
    "reason",
    *FIGURES,
    "distance_least_m",
    "distance_most_m",
    "needs_m",
    "surely_near",
    "rests_on_default",
)


@dataclass(frozen=True)
class Relations:
    """What geometry says of projects and zones, to be judged for any rule's distances.

    Made by :func:`measure_relations`.
    """

    projects: Features
    zones: PreparedZones
    _parts: tuple[tuple[Measured, dict[str, Floats]], ...]

    def verdicts(self, reach_m: Reach = 0.0) -> pd.DataFrame:
        """Return one row per (project, zone), sorted by both; see :func:`relate`.

        Raises
        ------
        ScreeningError
            If a distance is negative, or greater than those measured exactly and needed.
        """
        return _frame(self.projects, self.zones.features, self.judgement(reach_m), self.figures())

    def judgement(self, reach_m: Reach = 0.0) -> Judgement:
        """Return what :meth:`verdicts` does without its table: arrays, projects by zones.

        Raises what :meth:`verdicts` raises.
        """
        reach = reach_of(reach_m, self.projects.ids, self.zones.features.ids)
        begin, judged = 0, []
        for measured, _ in self._parts:
            end = begin + len(measured.projects)
            judged.append(judge(measured, reach[begin:end]))
            begin = end
        names = [field.name for field in fields(Judgement)]
        return Judgement(*(_stacked([getattr(part, name) for part in judged]) for name in names))

    def figures(self) -> dict[str, Floats]:
        """Return the figures by the names of ``FIGURES``: arrays, projects by zones."""
        return {name: _stacked([part[name] for _, part in self._parts]) for name in FIGURES}


def prepare_projects(projects: gpd.GeoDataFrame) -> Features:
    """Check projects and project them to EPSG:4545, once for several calls.

    Takes and raises what :func:`etk_geo.screening.features.read_features` does; ``issues`` says
    what was refused or repaired.
    """
    return read_features(projects, PROJECT)


def relate(
    projects: gpd.GeoDataFrame | Features,
    zones: PreparedZones,
    *,
    reach_m: Reach = 0.0,
    exact_within_m: float = np.inf,
    threads: int = 1,
    chunk: int = CHUNK,
) -> pd.DataFrame:
    """Say of every project and zone what is sure, with bounds of overlap, length and distance.

    Parameters
    ----------
    projects
        Any geometry types. Columns: ``project_id`` or ``id`` (unique), ``bound``, ``accuracy_m``,
        ``extent_m`` (NaN: unknown); optional ``orientation_only``, ``extent_basis``. WGS 84
        degrees, or EPSG:4545 metres. Not changed. Or what :func:`prepare_projects` made of it.
    zones
        Prepared zones; any number of threads may use the same.
    reach_m
        The rule's distance of each pair, metres on the ground; 0 where the law gives none.
    exact_within_m
        Distances of pairs farther apart than this, and than the rule's distance and the stated
        accuracies ask for, are bounded by boxes only. Changes no verdict.
    threads, chunk
        Threads to work in, and projects measured at a time. Change no result.

    Returns
    -------
    relations
        One row per (project, zone), sorted by both, all pairs. ``COLUMNS``: ``verdict`` and
        ``reason`` (values of :class:`Verdict` and :class:`Reason`); ``overlap_*_m2`` (ellipsoidal;
        ``overlap_planar_m2`` in EPSG:4545, as given), ``length_*_m`` (of the stated line),
        ``share_*`` (0 to 1 of the project), ``distance_*_m`` (geodesic): least and most over every
        admissible position; NaN where a figure does not exist or nothing bounds it. ``needs_m``:
        the sum of both accuracies that would decide an INDETERMINATE pair, NaN if none could.
        ``surely_near``: nearer than the rule's distance or sharing interior, wherever they are.
        ``rests_on_default``: a category's default extent takes part in the answer.

    Raises
    ------
    CrsError
        If the CRS of the projects is missing or another one.
    ScreeningError
        If a column or value makes no sense, an overlay cannot be computed, or planar and
        ellipsoidal measures disagree.
    """
    known = projects if isinstance(projects, Features) else prepare_projects(projects)
    relations = measure_relations(
        known,
        zones,
        reach_m=reach_m,
        exact_within_m=exact_within_m,
        threads=threads,
        chunk=chunk,
    )
    return relations.verdicts(reach_m)


def measure_relations(
    projects: gpd.GeoDataFrame | Features,
    zones: PreparedZones,
    *,
    reach_m: Reach = 0.0,
    exact_within_m: float = np.inf,
    threads: int = 1,
    chunk: int = CHUNK,
) -> Relations:
    """Measure every project against every zone once, to be judged for several sets of rules.

    Parameters as in :func:`relate`; ``reach_m`` is the farthest distance that will be asked for.
    """
    known = projects if isinstance(projects, Features) else prepare_projects(projects)
    reach = reach_of(reach_m, known.ids, zones.features.ids)

    def measure(rows: slice) -> tuple[Measured, dict[str, Floats]]:
        return _measure_part(known.take(rows), zones, reach[rows], exact_within_m)

    slices = list(_slices(len(known), chunk, threads))
    if threads == 1 or len(slices) == 1:
        parts = [measure(rows) for rows in slices]
    else:
        with ThreadPoolExecutor(threads) as pool:
            parts = list(pool.map(measure, slices))
    return Relations(known, zones, tuple(parts))


def _slices(count: int, chunk: int, threads: int) -> Iterator[slice]:
    size = max(1, min(chunk, -(-count // max(1, threads))))
    for begin in range(0, max(count, 1), size):
        yield slice(begin, begin + size)


def _measure_part(
    projects: Features, zones: PreparedZones, reach: Floats, exact_within_m: float
) -> tuple[Measured, dict[str, Floats]]:
    live = (projects.barred == "")[:, None] & (zones.features.barred == "")[None, :]
    apart, _ = box_distances(shapely.bounds(projects.geoms), shapely.bounds(zones.features.geoms))
    eggs = projects.egg_m[:, None] + zones.features.egg_m[None, :]
    needed = (reach + np.where(np.isfinite(eggs), eggs, 0.0)) * MARGIN + 1.0
    with zones.borrow() as copies:
        contact = find_contacts(
            projects.geoms, copies, live & (apart == 0), zones.features.dimension == 2
        )
        distances = measure_distances(
            projects, zones, copies, live & ~contact.meets, np.maximum(needed, exact_within_m)
        )
        pairs = _pairs(projects, zones, copies, live, distances.planar_m + needed)
        common = common_parts(
            projects.geoms, zones, contact.meets & ~contact.within & pairs.areal_zone
        )
        certainty = find_certainty(pairs, contact, common, distances.planar_m)
        found = Geometric(pairs, contact, common, certainty, distances)
        figures = measure_figures(found)
    measured = Measured(
        projects, zones.features, live, distances, certainty, pairs.scale_most, exact_within_m
    )
    return measured, figures


def _pairs(
    projects: Features, zones: PreparedZones, copies: Geometries, live: Bools, around: Floats
) -> Pairs:
    """Bring errors on the ground onto the plane, with the greatest scale around each project."""
    boxes = shapely.bounds(projects.geoms)
    _, scale = scale_range(boxes[:, [0]] - around, boxes[:, [2]] + around)
    features = zones.features
    return Pairs(
        projects,
        zones,
        copies,
        live,
        stray_project=projects.core_m[:, None] * scale,
        stray_zone=features.core_m[None, :] * scale,
        reach_project=projects.egg_m[:, None] * scale,
        reach_zone=features.egg_m[None, :] * scale,
        scale_most=scale,
    )


def _stacked(arrays: list[Any]) -> Any:
    return arrays[0] if len(arrays) == 1 else np.concatenate(arrays)


def _frame(
    projects: Features, zones: Features, judged: Judgement, figures: dict[str, Floats]
) -> pd.DataFrame:
    row: Ints = np.repeat(np.arange(len(projects)), len(zones))
    column: Ints = np.tile(np.arange(len(zones)), len(projects))
    most = judged.distance_most_m.ravel()
    columns = {
        "project_id": text_column(projects.ids.take(row)),
        "zone_id": text_column(zones.ids.take(column)),
        "verdict": VERDICT_TEXTS.take(judged.verdict.ravel().astype(np.intp)),
        "reason": REASON_TEXTS.take(judged.reason.ravel().astype(np.intp)),
        **{name: values.flatten() for name, values in figures.items()},
        "distance_least_m": judged.distance_least_m.ravel(),
        "distance_most_m": np.where(np.isinf(most), np.nan, most),
        "needs_m": judged.needs_m.ravel(),
        "surely_near": judged.surely_near.ravel(),
        "rests_on_default": judged.rests_on_default.ravel(),
    }
    # Without ``columns=``: with it pandas goes over every column twice.
    return pd.DataFrame(columns, copy=False)


VERDICT_TEXTS = text_column(VERDICTS)
REASON_TEXTS = text_column(REASONS)
