"""Least and most overlap, length inside and share of pairs: arrays, projects by zones.

Bounds hold for every admissible position (docs/screening.md, "Figures"). NaN stands for a figure
that does not exist (the length of a polygon) or that nothing bounds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from etk_geo.model import Bound
from etk_geo.screening.arrays import Bools, Floats, Geometries, Ints
from etk_geo.screening.certainty import Certainty, Distances, Pairs
from etk_geo.screening.ellipsoid import line_lengths, polygon_areas, scale_range
from etk_geo.screening.features import Features
from etk_geo.screening.margins import outside_strips, strip_areas, tube_areas, zone_strips
from etk_geo.screening.overlay import Common, Contact, check_agreement, common_parts, find_contacts
from etk_geo.screening.reaches import has_length, stretches_near

QUAD_SEGS = 16
CIRCUMSCRIBED = 1 / np.cos(np.pi / (4 * QUAD_SEGS))
"""A buffer's polygon with this radius holds the true circle."""

FIGURES = (
    "overlap_planar_m2",
    "overlap_least_m2",
    "overlap_most_m2",
    "length_least_m",
    "length_most_m",
    "share_least",
    "share_most",
)


@dataclass(frozen=True)
class Geometric:
    """What was found of pairs so far, for the figures to build on."""

    pairs: Pairs
    contact: Contact
    common: Common
    certainty: Certainty
    distances: Distances

    @property
    def apart(self) -> Bools:
        """Pairs that surely share no interior."""
        pairs = self.pairs
        reach = pairs.projects.egg_m[:, None] + pairs.zones.features.egg_m[None, :]
        surely: Bools = (self.distances.least_m > reach) | self.certainty.touching
        return surely


def measure_figures(found: Geometric) -> dict[str, Floats]:
    """Measure overlap, length and share of every pair that is live.

    Parameters
    ----------
    found
        Contacts, certainties and distances of the pairs.

    Returns
    -------
    figures
        By the names of ``FIGURES``; square metres and metres on the ellipsoid, shares 0 to 1;
        ``overlap_planar_m2`` is the overlap of the geometries as given, on the plane.
    """
    shape = found.pairs.live.shape
    figures = {name: np.full(shape, np.nan) for name in FIGURES}
    projects = found.pairs.projects
    exact = (projects.bound == Bound.EXACT) | (projects.bound == Bound.INNER)
    usable = projects.barred == ""
    _figures_of_polygons(found, figures, usable & exact & (projects.dimension == 2))
    _figures_of_footprints(found, figures, usable & ~exact)
    _figures_of_lines(found, figures, usable & (projects.dimension == 1))
    _figures_of_points(found, figures, usable & exact & (projects.dimension == 0))
    for values in figures.values():
        values[~found.pairs.live] = np.nan
    return figures


@dataclass(frozen=True)
class Strips:
    """How much boundaries can add to and take from areas (m2), pairs as projects by zones.

    Infinite where nothing bounds it.
    """

    project_out: Floats
    project_in: Floats
    zone_out: Floats
    zone_in: Floats
    zone_total: Floats


def _figures_of_polygons(found: Geometric, figures: dict[str, Floats], rows: Bools) -> None:
    """Fill in overlap and share of projects whose polygon is the real one, or the least of it."""
    if not rows.any():
        return
    pairs, contact = found.pairs, found.contact
    open_ = rows[:, None] & pairs.live & ~found.apart
    own_planar, own = polygon_areas(_only(pairs.projects.geoms, np.asarray(open_.any(axis=1))))
    planar, area = found.common.total(contact.meets.shape)
    planar = np.where(contact.within, own_planar[:, None], planar)
    area = np.maximum(np.where(contact.within, own[:, None], area), 0.0)
    _check_areas(pairs, planar, area, rows)
    strips = _strips(pairs, open_)
    most_own = own[:, None] + strips.project_out
    most = np.minimum(area + strips.project_out + strips.zone_out, most_own)
    most = np.minimum(most, strips.zone_total)
    least = np.maximum(area - strips.project_in - strips.zone_in, 0.0)
    outside = np.maximum(own[:, None] - area, 0.0)
    most_outside = outside + strips.project_out + strips.zone_in
    least_outside = np.maximum(outside - strips.project_in - strips.zone_out, 0.0)
    share_least, share_most = _ratio(least, most_outside), 1 - _ratio(least_outside, most)
    inside = found.certainty.inside
    least = np.where(inside, np.maximum(own[:, None] - strips.project_in, 0.0), least)
    most = np.where(inside, most_own, most)
    share_least, share_most = (np.where(inside, 1.0, share) for share in (share_least, share_most))
    _fill(figures, rows, "overlap", "m2", np.where(open_, least, 0), np.where(open_, most, 0))
    _fill(
        figures, rows, "share", "", np.where(open_, share_least, 0), np.where(open_, share_most, 0)
    )
    figures["overlap_planar_m2"][rows] = planar[rows]


def _only(geoms: Geometries, rows: Bools) -> Geometries:
    """Return the geometries of some rows, and nothing for the others."""
    kept = geoms.copy()
    kept[~rows] = None
    return kept


def _ratio(part: Floats, rest: Floats) -> Floats:
    """Return part / (part + rest), 0 where there is no part or the rest is unbounded."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = np.where(part > 0, part / (part + rest), 0.0)
    return np.where(np.isinf(part) & np.isfinite(rest), 1.0, np.nan_to_num(ratio, nan=0.0))


def _fill(
    figures: dict[str, Floats], rows: Bools, name: str, unit: str, least: Floats, most: Floats
) -> None:
    suffix = f"_{unit}" if unit else ""
    figures[f"{name}_least{suffix}"][rows] = least[rows]
    figures[f"{name}_most{suffix}"][rows] = np.where(np.isinf(most), np.nan, most)[rows]


def _strips(pairs: Pairs, open_: Bools) -> Strips:
    """Bound what the accuracy can add to and take from the overlap of open pairs."""
    shape = open_.shape
    projects, zones = pairs.projects, pairs.zones
    width_out = np.where(open_, pairs.reach_project, 0).max(axis=1, initial=0)
    width_in = np.where(open_, pairs.stray_project, 0).max(axis=1, initial=0)
    areal = projects.dimension == 2
    out, inward = np.zeros(shape[0]), np.zeros(shape[0])
    used = areal & ((width_out > 0) | (width_in > 0))
    out[used], inward[used] = strip_areas(projects.geoms[used], width_out[used], width_in[used])
    zone_out, zone_in = np.zeros(shape), np.zeros(shape)
    widths = pairs.reach_zone, pairs.stray_zone
    zone_out[open_ & np.isinf(widths[0])] = np.inf
    zone_in[open_ & np.isinf(widths[1])] = np.inf
    finite = [np.where(np.isfinite(width) & open_, width, 0.0) for width in widths]
    rows, columns = np.nonzero((finite[0] > 0) | (finite[1] > 0))
    boxes = _grown_boxes(projects, np.where(np.isfinite(width_out), width_out, 0.0))
    chosen = (finite[0][rows, columns], finite[1][rows, columns])
    found = zone_strips(boxes, zones, rows, columns, chosen)
    zone_out[rows, columns] += found[0]
    zone_in[rows, columns] += found[1]
    return Strips(
        np.broadcast_to(out[:, None], shape),
        np.broadcast_to(inward[:, None], shape),
        zone_out,
        zone_in,
        _zone_totals(pairs, open_),
    )


def _grown_boxes(projects: Features, margin: Floats) -> Floats:
    outward = margin[:, None] * np.array([-1.0, -1.0, 1.0, 1.0])
    boxes: Floats = shapely.bounds(projects.geoms) + outward
    return boxes


def _zone_totals(pairs: Pairs, open_: Bools) -> Floats:
    """Bound the area (m2) of each zone, wherever it is."""
    zones = pairs.zones.features
    width = np.where(open_, pairs.reach_zone, 0.0).max(axis=0, initial=0)
    total = pairs.zones.area_m2.copy()
    finite = np.isfinite(width) & (zones.barred == "")
    total[~finite] = np.inf
    around = outside_strips(pairs.zones.outline, width)
    thin = finite & (zones.dimension < 2)
    total[finite] += around[finite]
    total[thin] = tube_areas(pairs.zones.outline, width)[thin]
    return np.broadcast_to(total[None, :], open_.shape)


def _check_areas(pairs: Pairs, planar: Floats, area: Floats, rows: Bools) -> None:
    """Raise unless areas agree; the edges of a thin overlap may each stand for a geodesic."""
    asked = rows[:, None] & (planar > 0)
    row = np.nonzero(asked)[0]
    boxes = shapely.bounds(pairs.projects.geoms)[row]
    width, height = boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1]
    _, scale = scale_range(boxes[:, 0], boxes[:, 2])
    slivers = (scale - 1) * (width**2 + height**2)
    check_agreement(planar[asked], area[asked], boxes, power=2, floor=slivers + 1e-3)


def _figures_of_footprints(found: Geometric, figures: dict[str, Floats], rows: Bools) -> None:
    """Fill in overlap and share of projects of which only the place is known."""
    if not rows.any():
        return
    pairs = found.pairs
    open_ = rows[:, None] & pairs.live & ~found.apart
    most = np.where(open_, np.inf, 0.0)
    width = np.where(pairs.live, pairs.reach_project, 0).max(axis=1, initial=0)
    drawn = np.flatnonzero(open_.any(axis=1) & np.isfinite(width))
    if len(drawn):
        most[drawn] = _most_overlap(pairs, open_, width, drawn)
    most = np.minimum(most, np.where(open_, _zone_totals(pairs, open_), 0.0))
    inside = found.certainty.inside
    _fill(figures, rows, "overlap", "m2", np.zeros(open_.shape), most)
    share = np.where(inside, 1.0, 0.0), np.where(open_, 1.0, 0.0)
    _fill(figures, rows, "share", "", *share)


def _most_overlap(pairs: Pairs, open_: Bools, width: Floats, drawn: Ints) -> Floats:
    """Bound the overlap (m2) of some projects by that of all places where they may be."""
    eggs = pairs.projects.geoms.copy()
    grown = drawn[width[drawn] > 0]
    eggs[grown] = shapely.buffer(eggs[grown], width[grown] * CIRCUMSCRIBED, quad_segs=QUAD_SEGS)
    wanted = np.zeros(open_.shape, dtype=bool)
    wanted[drawn] = open_[drawn]
    contact = find_contacts(eggs, pairs.copies, wanted, pairs.zones.features.dimension == 2)
    common = common_parts(eggs, pairs.zones, contact.meets & ~contact.within)
    _, area = common.total(open_.shape)
    _, own = polygon_areas(eggs)
    area = np.where(contact.within, own[:, None], area)
    strips = _strips(pairs, wanted)
    held = np.minimum(area + strips.zone_out, own[:, None])
    most: Floats = np.where(open_, held, 0.0)[drawn]
    return most


def _figures_of_lines(found: Geometric, figures: dict[str, Floats], rows: Bools) -> None:
    """Fill in the length inside and its share of lines that follow the real one."""
    pairs, projects = found.pairs, found.pairs.projects
    rows = rows & (projects.bound != Bound.OUTER)
    if not rows.any():
        return
    near = (pairs.live & ~found.apart).any(axis=1)
    total_planar, total = line_lengths(_only(projects.geoms, rows & near))
    planar, length = found.common.total(pairs.live.shape)
    within = found.contact.within
    planar = np.where(within, total_planar[:, None], planar)
    length = np.where(within, total[:, None], length)
    asked = rows[:, None] & (planar > 0)
    boxes = shapely.bounds(projects.geoms)[np.nonzero(asked)[0]]
    check_agreement(planar[asked], length[asked], boxes, power=1)
    length[found.certainty.touching] = 0.0
    least, most = _length_bounds(found, rows, length)
    least, most = np.maximum(least, 0.0), np.minimum(most, total[:, None])
    inside = found.certainty.inside
    least, most = (np.where(inside, total[:, None], value) for value in (least, most))
    areal = pairs.areal_zone
    _fill(figures, rows, "length", "m", _unless(areal, least), _unless(areal, most))
    exact = rows & ((projects.bound == Bound.EXACT) | (projects.bound == Bound.POSITION))
    whole = np.where(total > 0, total, 1.0)[:, None]
    _fill(
        figures, exact, "share", "", _unless(areal, least / whole), _unless(areal, most / whole)
    )  # fmt: skip
    more = rows & ~exact
    _fill(figures, more, "share", "", np.zeros(least.shape), np.ones(least.shape))
    figures["length_most_m"][more] = np.nan


def _unless(areal: Bools, values: Floats) -> Floats:
    return np.where(areal, values, np.nan)


def _length_bounds(found: Geometric, rows: Bools, length: Floats) -> tuple[Floats, Floats]:
    """Bound the length (m) of the part of lines that lies in zones when both are displaced."""
    pairs = found.pairs
    open_ = rows[:, None] & pairs.live & pairs.areal_zone & ~found.apart & ~found.certainty.inside
    stray = pairs.stray_project
    lose, gain = stray + pairs.stray_zone, stray + pairs.reach_zone
    least = np.where(np.isinf(lose) & open_, 0.0, length)
    most = np.where(np.isinf(gain) & open_, np.inf, length)
    both = open_ & np.isfinite(lose) & (lose == gain)
    _move(found, both & (lose > 0), lose, length, least, most)
    _move(found, open_ & np.isfinite(lose) & (lose > 0) & ~both, lose, length, least, None)
    _move(found, open_ & np.isfinite(gain) & (gain > 0) & ~both, gain, length, None, most)
    return least, most


def _move(
    found: Geometric,
    asked: Bools,
    within_m: Floats,
    length: Floats,
    least: Floats | None,
    most: Floats | None,
) -> None:
    """Take from ``least`` and add to ``most`` what runs within a distance of the boundary."""
    pairs = found.pairs
    for column in np.flatnonzero(asked.any(axis=0)):
        rows = np.flatnonzero(asked[:, column])
        lines = stretches_near(
            pairs.projects.geoms[rows], pairs.zones, int(column), within_m[rows, column]
        )
        lines, rows = lines[has_length(lines)], rows[has_length(lines)]
        _, near = line_lengths(lines)
        wanted = np.zeros((len(rows), asked.shape[1]), dtype=bool)
        wanted[:, column] = found.contact.meets[rows, column]
        _, inner = common_parts(lines, pairs.zones, wanted).total(wanted.shape)
        held = np.minimum(inner[:, column], near)
        if least is not None:
            least[rows, column] = length[rows, column] - held
        if most is not None:
            most[rows, column] = length[rows, column] + (near - held)


def _figures_of_points(found: Geometric, figures: dict[str, Floats], rows: Bools) -> None:
    """Fill in the share of projects that are points, all of which are known."""
    inside, open_ = found.certainty.inside, found.pairs.live & ~found.apart
    least, most = np.where(inside, 1.0, 0.0), np.where(open_, 1.0, 0.0)
    known = rows & (found.pairs.projects.egg_m == 0)
    zones = found.pairs.zones.features
    asked = known[:, None] & (zones.egg_m == 0) & open_ & found.contact.meets & ~inside
    for row, column in zip(*np.nonzero(asked), strict=True):
        points = shapely.get_parts(found.pairs.projects.geoms[row])
        held = float(np.mean(shapely.intersects(points, zones.geoms[column])))
        least[row, column] = most[row, column] = held
    _fill(figures, rows, "share", "", least, most)
