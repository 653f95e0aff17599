"""What is sure of projects and zones whatever the rule's distance: arrays, projects by zones.

Only statements that hold for every admissible position are set true (docs/screening.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.model import Bound
from etk_geo.screening.arrays import (
    Bools,
    Floats,
    Geometries,
    as_geometries,
    points_at,
    starts_of,
)
from etk_geo.screening.depth import (
    Depths,
    find_deepest,
    project_depth,
    sample_places,
    surplus,
)
from etk_geo.screening.distance import (
    boundary_distance,
    box_distances,
    near_boundary,
    nearest_places,
)
from etk_geo.screening.ellipsoid import scale_range
from etk_geo.screening.features import Features
from etk_geo.screening.overlay import Common, Contact
from etk_geo.screening.prepared import PreparedZones
from etk_geo.screening.reaches import stretches_near

ROUNDING_M = 1e-6
"""Rounding of distances in EPSG:4545 is about a nanometre."""
THIN_VERTICES = 2_000
CONTACT_M = 1e-3
"""What is shallower than this touches: a tenth of what seven decimals of a degree can tell."""


@dataclass(frozen=True)
class Pairs:
    """Errors of pairs on the plane: projects by zones, metres of EPSG:4545.

    ``stray_project`` and ``stray_zone`` bound the displacement of what follows the geometry,
    ``reach_project`` and ``reach_zone`` how far the real things extend; infinite where unknown.
    ``copies`` are prepared zones in the hands of this thread alone.
    """

    projects: Features
    zones: PreparedZones
    copies: Geometries
    live: Bools
    stray_project: Floats
    stray_zone: Floats
    reach_project: Floats
    reach_zone: Floats
    scale_most: Floats

    @property
    def areal_zone(self) -> Bools:
        """Which pairs have a polygon as zone."""
        return np.broadcast_to(self.zones.features.dimension == 2, self.live.shape)

    @property
    def areal_project(self) -> Bools:
        """Which pairs have a polygon as project."""
        return np.broadcast_to((self.projects.dimension == 2)[:, None], self.live.shape)


@dataclass(frozen=True)
class Distances:
    """Distance between the geometries of pairs, metres on the ground, and on the plane.

    ``exact`` tells whether the two bounds differ by the projection's scale only; otherwise they
    come from boxes.
    """

    least_m: Floats
    most_m: Floats
    planar_m: Floats
    exact: Bools


@dataclass(frozen=True)
class Certainty:
    """What is sure of pairs, and how deep they lie in each other.

    ``inside``, ``shared``, ``zone_inside``: the grounds of INSIDE and OVERLAPS. ``touching``: both
    known without error, apart from a common boundary. Depths are planar metres, NaN where not
    looked for: ``depth_all`` of the whole project in the zone, ``depth_most`` of the deepest place.
    """

    inside: Bools
    shared: Bools
    zone_inside: Bools
    touching: Bools
    depth_all: Floats
    depth_most: Floats


def measure_distances(
    projects: Features, zones: PreparedZones, copies: Geometries, asked: Bools, within_m: Floats
) -> Distances:
    """Measure the distance of pairs, exactly up to ``within_m`` (planar), roughly beyond.

    Pairs not ``asked`` for meet: their distance is 0.
    """
    boxes = shapely.bounds(projects.geoms)
    planar, most = box_distances(boxes, shapely.bounds(zones.features.geoms))
    wanted = asked & (planar <= within_m)
    rows, columns = np.nonzero(wanted)
    found = nearest_places(projects.geoms, zones, copies, wanted, within_m)
    exact = np.isfinite(found.geodesic_m)
    farther = np.maximum(planar[rows, columns], within_m[rows, columns])
    planar[rows, columns] = np.where(exact, found.planar_m, farther)
    nearest = np.minimum(found.planar_m, most[rows, columns])
    most[rows, columns] = np.where(exact, found.geodesic_m, nearest)
    planar[~asked], most[~asked] = 0.0, 0.0
    wanted[rows, columns] = exact
    _, scale = scale_range(boxes[:, [0]] - most, boxes[:, [2]] + most)
    least = np.maximum(planar / scale - ROUNDING_M, 0.0)
    return Distances(least, most, planar, wanted | ~asked)


def find_certainty(pairs: Pairs, contact: Contact, common: Common, apart_m: Floats) -> Certainty:
    """Decide what is sure of pairs that meet.

    Parameters
    ----------
    pairs
        Features with their errors.
    contact
        How the geometries meet.
    common
        The common parts of all pairs that meet and are not ``within``.
    apart_m
        Planar distance between the geometries.
    """
    no_error = pairs.reach_project + pairs.reach_zone == 0
    inside, depth_all = _find_inside(pairs, contact)
    # Without error the geometries bound the real things, whether or not these follow them.
    pairs = _without_stray(pairs, no_error)
    meeting = inside & np.isfinite(pairs.stray_project)
    depth_most = np.full(meeting.shape, np.nan)
    followed = _followed(pairs)
    areal = pairs.areal_zone | pairs.areal_project
    open_ = contact.meets & ~inside & (followed | no_error) & areal
    radius = common.roomiest(meeting.shape)
    stray = np.maximum(pairs.stray_project, pairs.stray_zone)
    meeting |= open_ & (radius > stray + CONTACT_M)
    _share_by_sample(pairs, common, open_ & ~meeting, meeting)
    _share_by_depth(pairs, contact, common, open_ & ~meeting, meeting, depth_most)
    meeting |= _share_without_area(pairs, contact) & no_error
    shared = meeting & followed
    no_margin = pairs.reach_project + pairs.stray_zone == 0
    filled = no_margin & meeting & ~inside & _zone_follows(pairs)
    inside |= _fills(pairs, contact, common, filled)
    touching = no_error & ~meeting & ~inside & (apart_m <= CONTACT_M) & pairs.live
    return Certainty(
        inside=inside,
        shared=shared,
        zone_inside=_zone_inside(pairs, contact),
        touching=touching,
        depth_all=depth_all,
        depth_most=depth_most,
    )


def _followed(pairs: Pairs) -> Bools:
    """Tell of which pairs a part of each real thing is known to follow its geometry."""
    projects, zones = pairs.projects, pairs.zones.features
    return projects.follows[:, None] & zones.follows[None, :]


def _zone_follows(pairs: Pairs) -> Bools:
    return np.broadcast_to(pairs.zones.features.follows[None, :], pairs.live.shape)


def _without_stray(pairs: Pairs, no_error: Bools) -> Pairs:
    """Return the pairs, with no displacement where the geometries bound the real things."""
    return replace(
        pairs,
        stray_project=np.where(no_error, 0.0, pairs.stray_project),
        stray_zone=np.where(no_error, 0.0, pairs.stray_zone),
    )


def _find_inside(pairs: Pairs, contact: Contact) -> tuple[Bools, Floats]:
    """Find the projects that surely lie in a zone, and how deep those lie of which it is not."""
    margin = pairs.reach_project + pairs.stray_zone
    inside = contact.within & (margin == 0)
    depth = np.full(inside.shape, np.nan)
    asked = contact.within & (margin > 0)
    for column in np.flatnonzero(asked.any(axis=0)):
        rows = np.flatnonzero(asked[:, column])
        geoms = pairs.projects.geoms[rows]
        limit = margin[rows, column] + CONTACT_M
        near = ~np.isfinite(limit)
        near[~near] = near_boundary(geoms[~near], pairs.zones, int(column), limit[~near])
        inside[rows[~near], column] = True
        apart = boundary_distance(geoms[near], pairs.zones, int(column))
        depth[rows[near], column] = apart
        inside[rows[near], column] = apart > limit[near]
    return inside, depth


def _share_by_sample(pairs: Pairs, common: Common, asked: Bools, shared: Bools) -> None:
    """Accept pairs where a place in the middle of the common part is deep enough."""
    kept = asked[common.row, common.column]
    if not kept.any():
        return
    width = asked.shape[1]
    pair = common.row[kept] * width + common.column[kept]
    pair, places = sample_places(common.geoms[kept], pair, common.planar[kept])
    rows, columns = np.divmod(pair, width)
    in_zone = np.zeros(len(pair))
    for column in np.unique(columns):
        at = columns == column
        in_zone[at] = boundary_distance(places[at], pairs.zones, int(column))
    stray = pairs.stray_project[rows, columns], pairs.stray_zone[rows, columns]
    extra, _ = surplus(None, in_zone, *stray)
    areal = pairs.projects.dimension[rows] == 2
    borders = shapely.boundary(pairs.projects.geoms[rows[areal]])
    in_project = shapely.distance(borders, places[areal])
    extra[areal], _ = surplus(in_project, in_zone[areal], stray[0][areal], stray[1][areal])
    found = extra > CONTACT_M
    shared[rows[found], columns[found]] = True


def _share_by_depth(
    pairs: Pairs,
    contact: Contact,
    common: Common,
    asked: Bools,
    shared: Bools,
    depth_most: Floats,
) -> None:
    """Search the common part of each pair that is still open, one by one."""
    if not asked.any():
        return
    order = np.lexsort((common.column, common.row))
    key = (common.row * asked.shape[1] + common.column)[order]
    for row, column in zip(*np.nonzero(asked), strict=True):
        geom = pairs.projects.geoms[row]
        if contact.within[row, column]:
            part = geom
        elif pairs.areal_zone[row, column] and shapely.get_dimensions(geom) > 0:
            low, high = np.searchsorted(key, row * asked.shape[1] + column + np.array([0, 1]))
            part = shapely.geometrycollections(common.geoms[order[low:high]])
        else:
            part = shapely.intersection(geom, pairs.zones.features.geoms[column])
        part = _clone(part)
        if part.is_empty:
            continue
        found = find_deepest(part, _depths(pairs, int(row), int(column)))
        shared[row, column] = found.shared
        depth_most[row, column] = found.depth_m


def _clone(geom: BaseGeometry) -> BaseGeometry:
    """Return a copy that may be prepared, whoever else holds the original."""
    copy: BaseGeometry = shapely.transform(geom, lambda xy: xy)
    return copy


def _depths(pairs: Pairs, row: int, column: int) -> Depths:
    """Return how deep places of a common part lie, with what strays (and touches) taken off."""
    stray_project = pairs.stray_project[row, column] + CONTACT_M
    stray_zone = pairs.stray_zone[row, column] + CONTACT_M
    zone = pairs.zones.features.geoms[column]
    geom = pairs.projects.geoms[row]

    def zone_depth(xy: Floats) -> Floats:
        return boundary_distance(points_at(xy), pairs.zones, column)

    in_project = None if _is_thin(geom, stray_project) else project_depth(geom)
    in_zone = None if _is_thin(zone, stray_zone) and in_project is not None else zone_depth
    return Depths(in_project, in_zone, stray_project, stray_zone)


def _is_thin(geom: BaseGeometry, stray_m: float) -> bool:
    """Tell whether a geometry is a line, a point, or a polygon of which nothing is sure.

    A heavy polygon is not looked at: it counts as wide.
    """
    if shapely.get_dimensions(geom) < 2:
        return True
    light = shapely.get_num_coordinates(geom) <= THIN_VERTICES and np.isfinite(stray_m)
    return bool(light and stray_m > CONTACT_M and shapely.buffer(geom, -stray_m).is_empty)


def _share_without_area(pairs: Pairs, contact: Contact) -> Bools:
    """Find pairs of lines and points whose interiors meet."""
    shared = np.zeros(contact.meets.shape, dtype=bool)
    asked = contact.meets & ~pairs.areal_zone & ~pairs.areal_project
    rows, columns = np.nonzero(asked)
    if not len(rows):
        return shared
    zones = pairs.zones.features.geoms[columns]
    shared[rows, columns] = ~shapely.touches(pairs.projects.geoms[rows], zones)
    return shared


def _fills(pairs: Pairs, contact: Contact, common: Common, asked: Bools) -> Bools:
    """Find projects that lie in the closed zone, none of them farther outside than contact."""
    fills = np.zeros(asked.shape, dtype=bool)
    asked = asked & contact.meets & ~contact.within & pairs.areal_zone
    if not asked.any():
        return fills
    planar, _ = common.total(asked.shape)
    projects = pairs.projects
    missing = shapely.area(projects.geoms)[:, None] - planar
    slivers = missing <= CONTACT_M * shapely.length(projects.geoms)[:, None]
    asked = asked & (slivers | (projects.dimension == 1)[:, None])
    for column in np.flatnonzero(asked.any(axis=0)):
        rows = np.flatnonzero(asked[:, column])
        for row in rows[~_sticks_out(projects.geoms[rows], pairs, int(column))]:
            rest = shapely.difference(projects.geoms[row], pairs.zones.features.geoms[column])
            fills[row, column] = _in_contact(rest, pairs.zones, int(column))
    return fills


def _sticks_out(geoms: Geometries, pairs: Pairs, column: int) -> Bools:
    """Tell which geometries have a vertex farther outside a zone than contact.

    Either end settles nearly all lines; the vertices of the rest are looked at one by one.
    """
    far = np.zeros(len(geoms), dtype=bool)
    xy, owner = shapely.get_coordinates(geoms, return_index=True)
    first = np.flatnonzero(starts_of(owner))
    last = np.append(first[1:], len(owner)) - 1
    for chosen in (first, last, np.arange(len(owner))):
        asked = chosen[~far[owner[chosen]]]
        outside = asked[~shapely.intersects(pairs.copies[column], points_at(xy[asked]))]
        limit = np.full(len(outside), CONTACT_M)
        near = near_boundary(points_at(xy[outside]), pairs.zones, column, limit)
        far[owner[outside[~near]]] = True
    return far


def _in_contact(rest: BaseGeometry, zones: PreparedZones, column: int) -> bool:
    """Tell whether what lies outside a zone is within contact of its boundary."""
    corners = points_at(shapely.get_coordinates(rest))
    if np.any(boundary_distance(corners, zones, column) > CONTACT_M):
        return False
    if shapely.get_dimensions(rest) != 1:
        return True
    limit = np.array([CONTACT_M])
    along = stretches_near(as_geometries([rest]), zones, column, limit)
    return bool(shapely.length(along[0]) >= rest.length - CONTACT_M)


def _zone_inside(pairs: Pairs, contact: Contact) -> Bools:
    """Find zones known by position that lie in the project wherever they are."""
    zones = pairs.zones.features
    inside = np.zeros(contact.meets.shape, dtype=bool)
    asked = contact.meets & pairs.areal_project
    if not asked.any():
        return inside
    margin = pairs.stray_project + pairs.reach_zone
    asked = asked & (zones.bound == Bound.POSITION)[None, :]
    rows, columns = np.nonzero(asked & np.isfinite(margin))
    geoms = pairs.projects.geoms[rows]
    covered = shapely.contains_properly(geoms, zones.geoms[columns])
    apart = shapely.distance(shapely.boundary(geoms), zones.geoms[columns])
    inside[rows, columns] = covered & (apart > margin[rows, columns] + CONTACT_M)
    return inside
