"""How much of projects lies in zones, measured on the geometry as given, piece by piece.

All in EPSG:4545 metres. What is properly inside costs nothing: a project inside a zone is its own
overlap, a piece inside a project counts with its stored area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.errors import GEOSException

from etk_geo.errors import ScreeningError
from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints, fixed
from etk_geo.screening.ellipsoid import line_lengths, polygon_areas, scale_range
from etk_geo.screening.pieces import Pieces
from etk_geo.screening.prepared import PreparedZones

PLANAR_AGREEMENT = 1e-6
"""Relative difference of planar and ellipsoidal measures beyond what the scale explains."""


@dataclass(frozen=True)
class Contact:
    """How the geometry of projects meets that of zones: projects by zones.

    ``meets``: they share a point. ``within``: the project lies in the zone's interior.
    """

    meets: Bools
    within: Bools


def find_contacts(geoms: Geometries, zones: Geometries, near: Bools, areal: Bools) -> Contact:
    """Classify pairs by whole prepared zones.

    Parameters
    ----------
    geoms
        Projects.
    zones
        Zones, prepared, in the hands of this thread alone.
    near
        Pairs whose boxes meet, projects by zones; no other pair is looked at.
    areal
        Which zones are polygons.
    """
    meets = np.zeros(near.shape, dtype=bool)
    within = np.zeros(near.shape, dtype=bool)
    for column in np.flatnonzero(near.any(axis=0)):
        rows = np.flatnonzero(near[:, column])
        hit = shapely.intersects(zones[column], geoms[rows])
        meets[rows, column] = hit
        if areal[column]:
            rows = rows[hit]
            within[rows, column] = shapely.contains_properly(zones[column], geoms[rows])
    return Contact(meets, within)


@dataclass(frozen=True)
class Common:
    """The common parts of projects and pieces of zones: one entry for each pair that has one.

    ``row`` and ``column`` name project and zone. ``planar`` and ``measured`` are areas (m2) of
    polygons or lengths (m) of lines, on the plane and on the ellipsoid; ``edge_m`` is the planar
    length of boundaries (of lines: of the lines).
    """

    row: Ints
    column: Ints
    geoms: Geometries
    planar: Floats
    measured: Floats
    edge_m: Floats

    def total(self, shape: tuple[int, ...]) -> tuple[Floats, Floats]:
        """Return the planar and the ellipsoidal measure of pairs, projects by zones."""
        planar, measured = np.zeros(shape), np.zeros(shape)
        if not len(self.row):
            return planar, measured
        np.add.at(planar, (self.row, self.column), self.planar)
        np.add.at(measured, (self.row, self.column), self.measured)
        return planar, measured

    def roomiest(self, shape: tuple[int, ...]) -> Floats:
        """Return a radius (planar m) of a disc that surely fits into the common part of pairs.

        A polygon holds a disc whose radius is its area over the length of its boundary.
        """
        radius = np.zeros(shape)
        if not len(self.row):
            return radius
        with np.errstate(invalid="ignore", divide="ignore"):
            fits = np.where(self.edge_m > 0, self.planar / self.edge_m, 0.0)
        areal = shapely.area(self.geoms) > 0
        np.maximum.at(radius, (self.row[areal], self.column[areal]), fits[areal])
        return radius


def _nothing_common() -> Common:
    numbers, metres = np.empty(0, dtype=np.intp), np.empty(0)
    values = numbers, numbers, np.empty(0, dtype=object), metres, metres, metres
    return Common(*(fixed(value) for value in values))


NOTHING_COMMON = _nothing_common()


def common_parts(geoms: Geometries, zones: PreparedZones, wanted: Bools) -> Common:
    """Cut lines and polygons with the pieces of the zones wanted for them.

    Parameters
    ----------
    geoms
        Projects, EPSG:4545: lines and polygons; points have no common part here.
    wanted
        Projects by zones.

    Raises
    ------
    ScreeningError
        If an overlay cannot be computed.
    """
    rows = np.flatnonzero(wanted.any(axis=1))
    if not len(rows):
        return NOTHING_COMMON
    rows = rows[shapely.get_dimensions(geoms[rows]) > 0]
    query, piece = zones.piece_tree.query(geoms[rows], predicate="intersects")
    row = rows[query]
    keep = wanted[row, zones.pieces.zone[piece]]
    row, piece = row[keep], piece[keep]
    pieces = zones.pieces
    common = pieces.geoms[piece]
    planar, measured = pieces.planar_m2[piece].copy(), pieces.area_m2[piece].copy()
    cut = ~_pieces_inside(geoms, pieces, row, piece)
    common[cut] = intersections(geoms[row[cut]], common[cut])
    areal = cut & (shapely.get_dimensions(geoms[row]) == 2)
    planar[areal], measured[areal] = polygon_areas(common[areal])
    lineal = cut & ~areal
    planar[lineal], measured[lineal] = line_lengths(common[lineal])
    return Common(row, pieces.zone[piece], common, planar, measured, shapely.length(common))


def _pieces_inside(geoms: Geometries, pieces: Pieces, row: Ints, piece: Ints) -> Bools:
    outer, inner = shapely.bounds(geoms)[row], pieces.bounds[piece]
    boxed = (outer[:, :2] <= inner[:, :2]) & (outer[:, 2:] >= inner[:, 2:])
    inside = np.asarray(boxed.all(axis=1) & (shapely.get_dimensions(geoms[row]) == 2))
    asked = np.flatnonzero(inside)
    if len(asked):
        # Prepared copies of our own: the projects may be in other threads' hands too.
        rows, copy = np.unique(row[asked], return_inverse=True)
        copies = shapely.transform(geoms[rows], lambda xy: xy)
        shapely.prepare(copies)
        inside[asked] = shapely.contains_properly(copies[copy], pieces.geoms[piece[asked]])
    return inside


def intersections(first: Geometries, second: Geometries) -> Geometries:
    """Intersect pairs of valid geometries.

    Raises
    ------
    ScreeningError
        If GEOS cannot, even with coordinates rounded to a micrometre.
    """
    try:
        common: Geometries = shapely.intersection(first, second)
    except GEOSException:
        try:
            common = shapely.intersection(first, second, grid_size=1e-6)
        except GEOSException as error:
            raise ScreeningError("ETK656", reason=str(error)[:80]) from error
    return common


def check_agreement(
    planar: Floats, measured: Floats, boxes: Floats, *, power: int, floor: Floats | float = 1e-3
) -> None:
    """Raise unless planar and ellipsoidal measures differ as the scale of the projection explains.

    Parameters
    ----------
    planar, measured
        One row for each box; square metres for ``power`` 2, metres for 1.
    boxes
        Boxes around what was measured, EPSG:4545: left, bottom, right, top.
    floor
        Differences below this are rounding.

    Raises
    ------
    ScreeningError
        Naming the first two values that disagree.
    """
    least, most = scale_range(boxes[:, 0], boxes[:, 2])
    # Edges stand for geodesics: that is at most the sixth part of the scale's deviation again.
    slack = PLANAR_AGREEMENT + (most - 1)
    low, high = planar / most**power * (1 - slack), planar / least**power * (1 + slack)
    bad = (measured < low - floor) | (measured > high + floor) | ~np.isfinite(measured)
    if bad.any():
        row = int(np.flatnonzero(bad)[0])
        raise ScreeningError("ETK655", planar=f"{planar[row]:.6g}", geodesic=f"{measured[row]:.6g}")
