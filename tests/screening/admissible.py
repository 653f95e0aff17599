"""Random features and real things that they admit, by the definitions of docs/screening.md.

Everything is in EPSG:4545 metres. What is drawn here never asks the engine.
"""

from __future__ import annotations

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from hypothesis import strategies as st

CENTRES = ((500_000.0, 4_350_000.0), (388_000.0, 4_250_000.0), (572_000.0, 4_445_000.0))
"""On the central meridian, and at the corners of the banner where the scale is greatest."""
SPREAD_M = 900.0
NAN = float("nan")


@dataclass(frozen=True)
class Thing:
    """A feature as it is stated."""

    geom: shapely.Geometry
    bound: str
    accuracy_m: float
    extent_m: float

    @property
    def dimension(self) -> int:
        return int(shapely.get_dimensions(self.geom))


def star(centre, radii, turn=0.0):
    """Return a star-shaped polygon, always valid."""
    angles = turn + np.linspace(0, 2 * np.pi, len(radii), endpoint=False)
    radii = np.asarray(radii)
    return shapely.Polygon(
        np.column_stack([centre[0] + radii * np.cos(angles), centre[1] + radii * np.sin(angles)])
    )


@st.composite
def geometries(draw, centre):  # noqa: PLR0911
    """Draw a point, line or polygon, single or multi, with or without a hole."""
    place = st.tuples(*(st.floats(c - SPREAD_M, c + SPREAD_M) for c in centre))
    kind = draw(
        st.sampled_from(["point", "points", "line", "lines", "area", "areas", "ring", "strip"])
    )
    if kind == "point":
        return shapely.Point(draw(place))
    if kind == "points":
        return shapely.MultiPoint(draw(st.lists(place, min_size=2, max_size=3, unique=True)))
    if kind == "line":
        return shapely.LineString(draw(st.lists(place, min_size=2, max_size=5, unique=True)))
    if kind == "lines":
        pair = st.lists(place, min_size=2, max_size=3, unique=True)
        return shapely.MultiLineString([draw(pair), draw(pair)])
    if kind == "strip":
        start, end = draw(st.lists(place, min_size=2, max_size=2, unique=True))
        strip = shapely.LineString([start, end]).buffer(draw(st.floats(5, 60)), cap_style="flat")
        return strip if strip.area > 1 else shapely.Point(start)
    radii = st.lists(st.floats(30, 700), min_size=3, max_size=9)
    area = star(draw(place), draw(radii), draw(st.floats(0, 6)))
    if kind == "areas":
        other = star(draw(place), draw(radii))
        both = shapely.union_all([area, other])
        return both if shapely.get_dimensions(both) == 2 else area
    if kind == "ring":
        inner = shapely.affinity.scale(area, 0.5, 0.5, origin=area.representative_point())
        rest = area.difference(inner.buffer(0.0))
        return rest if rest.area > 1 and rest.geom_type.endswith("Polygon") else area
    return area


@st.composite
def things(draw, centre):
    """Draw a feature with its bound and accuracy."""
    geom = draw(geometries(centre))
    areal = shapely.get_dimensions(geom) == 2
    bounds = ["exact", "exact", "exact", "inner", "position"] + (
        ["outer", "outer"] if areal else []
    )
    bound = draw(st.sampled_from(bounds))
    accuracy = draw(st.sampled_from([0.0, 0.0, 1.0, 10.0, 30.0, 100.0, 250.0]))
    if bound in ("outer", "inner"):
        accuracy = draw(st.sampled_from([NAN, 0.0, accuracy]))
    extent = draw(st.sampled_from([NAN, 0.0, 20.0, 150.0])) if bound == "position" else NAN
    return Thing(geom, bound, accuracy, extent)


def frame(listed, prefix):
    """Return things as the engine takes them."""
    return gpd.GeoDataFrame(
        {
            "id": [f"{prefix}{number:03d}" for number in range(len(listed))],
            "bound": [thing.bound for thing in listed],
            "accuracy_m": [thing.accuracy_m for thing in listed],
            "extent_m": [thing.extent_m for thing in listed],
        },
        geometry=gpd.GeoSeries([thing.geom for thing in listed], crs="EPSG:4545"),
        crs="EPSG:4545",
    )


def within_disc(rng, radius, count):
    """Return displacements of at most ``radius``, half of them as long as allowed."""
    angle = rng.uniform(0, 2 * np.pi, count)
    length = radius * np.where(rng.random(count) < 0.5, 1.0, np.sqrt(rng.random(count)))
    return np.column_stack([length * np.cos(angle), length * np.sin(angle)])


@dataclass(frozen=True)
class Real:
    """A real thing, and what of it follows the stated geometry.

    ``follower`` has the vertices of the stated geometry, displaced; ``None`` where nothing follows
    it vertex by vertex. ``swollen``: its boundary moved, but not every place by so little.
    """

    geom: shapely.Geometry
    follower: shapely.Geometry | None = None
    swollen: bool = False


def displaced(rng, geom, radius):
    """Return a geometry with every place displaced by at most ``radius`` planar metres."""
    if radius == 0:
        return Real(geom, geom)
    shift = within_disc(rng, radius, 1)
    rigid = shapely.transform(geom, lambda xy: xy + shift)
    how = rng.random()
    if how < 0.2 and shapely.get_dimensions(geom) == 2 and not geom.buffer(-radius).is_empty:
        share = rng.choice([-1.0, 1.0]) * rng.choice([1.0, rng.random()]) * 0.999
        return Real(geom.buffer(radius * share), swollen=True)
    if how < 0.6:
        moved = _jittered(rng, geom, radius)
        if moved.is_valid and not moved.is_empty:
            return Real(moved, moved)
    return Real(rigid, rigid)


def _jittered(rng, geom, radius):
    """Displace each vertex by itself; vertices at one place (a ring's ends) move together."""

    def move(xy):
        places, number = np.unique(xy, axis=0, return_inverse=True)
        return xy + within_disc(rng, radius, len(places))[number.ravel()]

    return shapely.transform(geom, move)


def place_in(rng, geom):
    """Return a place of a geometry."""
    if shapely.get_dimensions(geom) == 2:
        left, bottom, right, top = geom.bounds
        for _ in range(60):
            point = shapely.Point(rng.uniform(left, right), rng.uniform(bottom, top))
            if geom.intersects(point):
                return point
        return geom.representative_point()
    xy = shapely.get_coordinates(geom)
    if shapely.get_dimensions(geom) == 1:
        return (
            geom.interpolate(rng.random(), normalized=True)
            if geom.geom_type == "LineString"
            else shapely.Point(xy[rng.integers(len(xy))])
        )
    return shapely.Point(xy[rng.integers(len(xy))])


def something_within(rng, geom):
    """Return a place, a blob or a part of a geometry: any non-empty thing inside of it."""
    place = place_in(rng, geom)
    how = rng.random()
    if how < 0.3:
        return place
    part = geom.intersection(place.buffer(rng.uniform(1, 800), quad_segs=4))
    if how < 0.5 or part.is_empty:
        return geom if how < 0.5 else place
    return part


def something_around(rng, geom):
    """Return a thing that covers a geometry and reaches anywhere beyond."""
    left, bottom, _, _ = geom.bounds
    far = shapely.Point(left + rng.normal(0, 900), bottom + rng.normal(0, 900))
    extra = far.buffer(rng.uniform(5, 700), quad_segs=4)
    grown = geom.buffer(rng.uniform(0, 300)) if rng.random() < 0.3 else geom
    return shapely.union_all([*list(shapely.get_parts(grown)), extra])


def real_thing(rng, thing, stretch):
    """Return one real thing that a feature admits.

    ``stretch`` turns metres on the ground into planar metres, never too long.
    """
    accuracy = 0.0 if np.isnan(thing.accuracy_m) else thing.accuracy_m * stretch
    if thing.bound == "exact":
        return displaced(rng, thing.geom, accuracy)
    if thing.bound == "inner":
        core = displaced(rng, thing.geom, accuracy)
        around = core.geom if rng.random() < 0.2 else something_around(rng, core.geom)
        return Real(around, core.follower, core.swollen)
    if thing.bound == "outer":
        return Real(something_within(rng, thing.geom.buffer(accuracy * 0.999, quad_segs=8)))
    reference = displaced(rng, thing.geom, accuracy)
    extent = rng.uniform(0, 3000) if np.isnan(thing.extent_m) else thing.extent_m * stretch
    if not extent:
        return reference
    reach = reference.geom.buffer(extent * 0.999, quad_segs=8)
    if thing.dimension == 1:
        around = reach if rng.random() < 0.3 else something_within(rng, reach)
        return Real(shapely.union_all([reference.geom, around]), reference.follower)
    return Real(something_within(rng, reach))
