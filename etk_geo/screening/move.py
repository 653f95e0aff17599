"""The shortest move of a project that makes it CLEAR of every zone.

The project is shifted as a whole. How far a shift is from being enough changes by at most one
metre a metre, so squares of shifts are ruled out or halved until the best shift is known to within
the resolution; then it is checked by screening the project where it would be.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import geopandas as gpd
import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD
from etk_geo.errors import ScreeningError
from etk_geo.screening.approach import centre_of
from etk_geo.screening.arrays import Floats, Geometries, as_geometries, points_at
from etk_geo.screening.distance import boundary_distance, lonlat_of
from etk_geo.screening.ellipsoid import scale_range
from etk_geo.screening.features import PROJECT, Features, reach_of, read_features
from etk_geo.screening.prepared import PreparedZones
from etk_geo.screening.relation import Reach, Verdict, relate

FIRST_CELLS = 12
MOST_SHIFTS = 60_000
RESOLUTION_SHARE = 0.01
RESOLUTION_LEAST_M = 1.0
SAMPLES = 24


@dataclass(frozen=True)
class Move:
    """A shift that makes a project CLEAR, or that there is none.

    ``distance_m`` (geodesic) and ``bearing_deg`` (true, clockwise from north) are ``None`` where no
    shift within the limit was found. No shift shorter than ``least_m`` is enough.
    """

    distance_m: float | None
    bearing_deg: float | None
    least_m: float


def minimum_move(
    project: gpd.GeoDataFrame | Features,
    zones: PreparedZones,
    *,
    reach_m: Reach = 0.0,
    limit_m: float = 10_000.0,
) -> Move:
    """Find the shortest shift of a project that makes it CLEAR of all zones that can be checked.

    Parameters
    ----------
    project
        One project; columns and CRS as :func:`etk_geo.screening.relation.relate` takes them.
    zones
        Prepared zones; those without usable geometry take no part.
    reach_m
        The rule's distance of each pair, metres.
    limit_m
        The longest shift looked at, metres.

    Returns
    -------
    move
        Screened where it would be, the project is CLEAR. ``distance_m`` is 0 if it is already; it
        exceeds the shortest possible by at most 1 % and 1 m wherever ``least_m`` says so.

    Raises
    ------
    ScreeningError
        If there is not exactly one project.
    """
    known = project if isinstance(project, Features) else read_features(project, PROJECT)
    if len(known) != 1:
        raise ScreeningError("ETK654", column="project", found=str(len(known)))
    if known.barred[0]:
        return Move(None, None, 0.0)
    if _is_clear(known, zones, reach_m, np.zeros(2)):
        return Move(0.0, None, 0.0)
    features = zones.features
    needed = known.egg_m[0] + features.egg_m[zones.active]
    needed = needed + reach_of(reach_m, known.ids, features.ids)[0, zones.active]
    if not np.all(np.isfinite(needed)):
        return Move(None, None, limit_m)
    search = _Search(known, zones, needed, limit_m)
    shift, least = search.run()
    if shift is None or not _is_clear(known, zones, reach_m, shift):
        return Move(None, None, least)
    distance, bearing = _on_ground(known, shift)
    return Move(distance, bearing, min(least, distance))


def _is_clear(project: Features, zones: PreparedZones, reach_m: Reach, shift: Floats) -> bool:
    moved = replace(project, geoms=_shifted(project.geoms[0], shift[None, :]))
    verdicts = relate(moved, zones, reach_m=reach_m)["verdict"]
    return bool(verdicts.isin([str(Verdict.CLEAR), str(Verdict.NOT_CHECKED)]).all())


def _shifted(geom: BaseGeometry, shifts: Floats) -> Geometries:
    """Return one copy of a geometry for each shift."""
    copies = as_geometries([geom] * len(shifts))
    count = shapely.get_num_coordinates(geom)
    return np.asarray(shapely.transform(copies, lambda xy: xy + np.repeat(shifts, count, axis=0)))


def _on_ground(project: Features, shift: Floats) -> tuple[float, float]:
    """Return the length (m) and true bearing (degrees) of a planar shift."""
    x, y = centre_of(project)
    start, end = lonlat_of(np.array([[x, y], [x + shift[0], y + shift[1]]]))
    bearing, _, distance = GEOD.inv(*start, *end)
    return float(distance), float(bearing % 360.0)


class _Search:
    """Squares of shifts that may still hold the shortest one that is enough."""

    def __init__(
        self, project: Features, zones: PreparedZones, needed: Floats, limit_m: float
    ) -> None:
        self.geom = project.geoms[0]
        self.zones = zones
        left, _, right, _ = self.geom.bounds
        wide = limit_m + needed.max(initial=0.0)
        _, scale = scale_range(np.array([left - wide]), np.array([right + wide]))
        self.needed = needed * scale[0] + 2e-3
        self.limit = limit_m / float(scale[0])
        corners = shapely.get_coordinates(self.geom)
        chosen = np.unique(np.linspace(0, len(corners) - 1, SAMPLES).astype(int))
        inner = shapely.get_coordinates(shapely.point_on_surface(self.geom))
        self.samples = np.vstack([corners[chosen], inner])

    def run(self) -> tuple[Floats | None, float]:
        """Return the best shift (planar m), and below which length none is enough."""
        side = 2 * self.limit / FIRST_CELLS
        grid = -self.limit + side * (np.arange(FIRST_CELLS) + 0.5)
        centre = np.column_stack([np.repeat(grid, FIRST_CELLS), np.tile(grid, FIRST_CELLS)])
        half, best, seen = side / 2, None, 0
        bound, ruled_out = self.limit, self.limit
        while len(centre):
            radius = half * np.sqrt(2.0)
            spare = self._spare(centre)
            length = np.hypot(*centre.T)
            enough = np.flatnonzero((spare > 0) & (length < bound))
            if len(enough):
                chosen = enough[np.argmin(length[enough])]
                best, bound = self._pulled_back(centre[chosen]), float(length[chosen])
                bound = float(np.hypot(*best))
            seen += len(centre)
            tolerance = RESOLUTION_LEAST_M + RESOLUTION_SHARE * bound
            open_ = (spare + radius > 0) & (length - radius < bound - tolerance)
            ruled_out = float((length - radius)[open_].min(initial=bound - tolerance))
            if seen > MOST_SHIFTS or not open_.any():
                break
            quarter = half / 2
            offsets = quarter * np.array([[-1, -1], [-1, 1], [1, -1], [1, 1]])
            centre, half = (centre[open_][:, None, :] + offsets).reshape(-1, 2), quarter
        return best, max(ruled_out, 0.0)

    def _pulled_back(self, shift: Floats) -> Floats:
        """Return the shortest shift of the same direction that is enough, without a gap."""
        parts = np.linspace(1.0, 0.0, 65)[:, None] * shift
        spare = self._spare(parts)
        short = np.flatnonzero(spare <= 0)
        last = (short[0] if len(short) else len(parts)) - 1
        chosen: Floats = parts[max(last, 0)]
        return chosen

    def _spare(self, shifts: Floats) -> Floats:
        """Return by how many metres shifts are enough; negative: how much farther at least."""
        spare = np.full(len(shifts), np.inf)
        moved = _shifted(self.geom, shifts)
        with self.zones.borrow() as copies:
            for needed, zone in zip(self.needed, self.zones.active, strict=True):
                meets = shapely.intersects(copies[zone], moved)
                apart = np.zeros(len(shifts))
                apart[~meets] = boundary_distance(moved[~meets], self.zones, int(zone))
                rows = np.flatnonzero(meets)
                apart[rows] = -self._depth(shifts[rows], copies[zone], int(zone))
                spare = np.minimum(spare, apart - needed)
        return spare

    def _depth(self, shifts: Floats, copy: BaseGeometry, zone: int) -> Floats:
        """Return how deep the deepest sample of a shifted project lies in a zone."""
        if self.zones.features.dimension[zone] != 2 or not len(shifts):
            return np.zeros(len(shifts))
        places = points_at((shifts[:, None, :] + self.samples).reshape(-1, 2))
        inside = np.flatnonzero(shapely.intersects(copy, places))
        depth = np.zeros(len(places))
        depth[inside] = boundary_distance(places[inside], self.zones, zone)
        deepest: Floats = depth.reshape(len(shifts), -1).max(axis=1)
        return deepest
