"""The shapes by which a map explains the screening of one project, in WGS 84 degrees.

For the eye only: buffers stand for egg and yolk, heavy zones are simplified, and no verdict is
drawn from any of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from shapely.geometry import LineString, Point
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import GEOD, to_lonlat
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.rules import RuleBook, Scope, law_date
from etk_geo.screening.approach import nearest_approach
from etk_geo.screening.arrays import as_geometries
from etk_geo.screening.cards import KILOMETRE_FROM_M, SEVERITY, findings_of
from etk_geo.screening.chainage import station
from etk_geo.screening.consequence import zone_law
from etk_geo.screening.ellipsoid import segment_lengths
from etk_geo.screening.features import Features
from etk_geo.screening.findings import Screening
from etk_geo.screening.measures import passages
from etk_geo.screening.move import Move, minimum_move
from etk_geo.screening.outputs import zone_name
from etk_geo.screening.prepared import PreparedZones
from etk_geo.screening.reaches import segments_of
from etk_geo.screening.relation import prepare_projects, prepare_zones
from etk_geo.screening.zones import Zone, ZoneSet

MOST_ZONES = 40
"""Zones drawn at most, the strictest findings first and then the nearest; the rest is counted."""
MOST_VERTICES = 3_000
"""Corners of a zone beyond which it is simplified for the eye."""
MOST_EGG_M = 60_000.0
"""An egg wider than this fills the map and tells no more than that the position is hardly known."""
FIRST_TOLERANCE_M = 5.0
QUAD_SEGS = 24
MOVE_LIMIT_M = 20_000.0


class Role(StrEnum):
    """What a shape stands for."""

    ZONE = "zone"
    ZONE_EGG = "zone_egg"
    OVERLAP = "overlap"
    EGG = "egg"
    YOLK = "yolk"
    PROJECT = "project"
    NEAREST = "nearest"
    CHAINAGE = "chainage"
    MOVE = "move"


@dataclass(frozen=True)
class SceneShape:
    """One shape: ``geometry`` in WGS 84 degrees, any type.

    ``zone`` is the id of the zone that it belongs to, ``label`` what is written beside it.
    ``consequence`` and ``verdict`` are those of the zone, ``bound`` that of its geometry.
    """

    role: Role
    geometry: BaseGeometry
    zone: str = ""
    label: str = ""
    verdict: str = ""
    consequence: str = ""
    bound: str = ""


@dataclass(frozen=True)
class Scene:
    """The shapes from the ground up, and the shortest move if it was asked for.

    ``left_off`` counts the zones that are not drawn. ``move`` is clear of the ``clearable`` zones;
    ``unbounded`` zones take no part in it, since nothing is certainly clear of them.
    """

    shapes: tuple[SceneShape, ...]
    left_off: int
    move: Move | None = None
    clearable: int = 0
    unbounded: int = 0


@dataclass(frozen=True)
class Clearable:
    """The zones that a project can be certainly clear of, prepared for the search for a move."""

    zones: PreparedZones
    unbounded: int


def clearable_zones(zones: ZoneSet, book: RuleBook) -> Clearable:
    """Prepare the zones that a project can get clear of by moving.

    Left out are zones that are everywhere (``territory``), and those whose real extent nothing
    bounds: of these no place is certainly clear.
    """
    known = zones.prepared.features
    bounded = dict(zip(known.ids, np.isfinite(known.egg_m) & (known.barred == ""), strict=True))
    by_id = {zone.id: zone for zone in zones.zones}
    kept = [
        bool(bounded[name]) and not _everywhere(by_id[name], book) for name in zones.gdf["zone_id"]
    ]
    usable = int((known.barred == "").sum())
    return Clearable(prepare_zones(zones.gdf[kept]), usable - sum(kept))


def _everywhere(zone: Zone, book: RuleBook) -> bool:
    scopes = {book.zone_types[code].scope for code in zone.zone_types}
    return scopes == {Scope.TERRITORY}


def scene(
    screening: Screening,
    project: gpd.GeoDataFrame,
    zones: ZoneSet,
    book: RuleBook,
    lang: Lang,
    *,
    clearable: Clearable | None = None,
) -> Scene:
    """Return what the map shows of one project.

    Parameters
    ----------
    screening
        Knows the project.
    project
        Its one row, WGS 84 degrees, as it was screened.
    zones, book
        What it was screened with.
    lang
        Language of the labels.
    clearable
        Zones to find the shortest move for; ``None`` looks for none, which is much faster.
    """
    known = prepare_projects(project)
    found = findings_of(screening, str(project["project_id"].iloc[0]))
    by_zone = {str(row["zone_id"]): row for row in records(found)}
    near = nearest_approach(known, zones.prepared)
    chosen, left_off = _chosen(by_zone, near, zones.prepared.features)
    names = {zone.id: zone_name(zone, lang) for zone in screening.zones}
    features = zones.prepared.features
    place = {name: number for number, name in enumerate(features.ids)}
    shapes: list[SceneShape] = []
    for zone_id in reversed(chosen):
        shapes += _zone(features, place[zone_id], names[zone_id], by_zone[zone_id])
    if known.barred[0] != "":
        return Scene(tuple(shapes), left_off)
    name = str(project[f"name_{lang}"].iloc[0])
    shapes += _project(known, project.geometry.iloc[0], name, lang)
    by_id = {zone.id: zone for zone in zones.zones}
    for zone_id in chosen:
        if _everywhere(by_id[zone_id], book):
            continue  # all of it lies in what is everywhere; that is no conflict to draw
        shapes += _overlap(zone_id, known.geoms[0], features.geoms[place[zone_id]])
    shapes += _nearest(near[near["zone_id"].isin(chosen)], lang)
    if known.dimension[0] == 1:
        shapes += _chainage(passages(screening, project, zones), known, chosen)
    if clearable is None:
        return Scene(tuple(shapes), left_off)
    move = _move(screening, project, known, clearable.zones, book)
    if move.distance_m:
        shapes.append(_arrow(project.geometry.iloc[0], move, lang))
    count = len(clearable.zones.ids)
    return Scene(tuple(shapes), left_off, move, count, clearable.unbounded)


def _chosen(
    by_zone: Mapping[str, Mapping[str, Any]], near: pd.DataFrame, features: Features
) -> tuple[list[str], int]:
    """Return the zones to draw, the most important first, and how many are left off."""
    usable = [str(name) for name in features.ids[features.barred == ""] if name in by_zone]
    distance = dict(zip(near["zone_id"], near["distance_m"], strict=True))

    def key(zone_id: str) -> tuple[int, float]:
        consequence = str(by_zone[zone_id]["consequence"])
        return -SEVERITY.get(consequence, 0), distance.get(zone_id, math.inf)

    usable.sort(key=key)
    return usable[:MOST_ZONES], max(len(usable) - MOST_ZONES, 0)


def _zone(
    features: Features, number: int, name: str, row: Mapping[str, Any]
) -> Iterator[SceneShape]:
    light = _light(features.geoms[number])
    egg = float(features.egg_m[number])
    values = {
        "zone": str(row["zone_id"]),
        "verdict": str(row["verdict"]),
        "consequence": str(row["consequence"]),
        "bound": str(features.bound[number]),
    }
    if 0 < egg <= MOST_EGG_M:
        wide = shapely.buffer(light, egg, quad_segs=8)
        yield SceneShape(Role.ZONE_EGG, to_lonlat(wide), **values)
    yield SceneShape(Role.ZONE, to_lonlat(light), label=name, **values)


def _light(geometry: BaseGeometry) -> BaseGeometry:
    """Simplify a heavy geometry for the eye."""
    light, tolerance = geometry, FIRST_TOLERANCE_M
    while shapely.get_num_coordinates(light) > MOST_VERTICES and tolerance < 1_000:
        light, tolerance = shapely.simplify(geometry, tolerance), tolerance * 3
    return light


def _project(known: Features, stated: BaseGeometry, name: str, lang: Lang) -> Iterator[SceneShape]:
    geometry = known.geoms[0]
    egg, core = float(known.egg_m[0]), float(known.core_m[0])
    bound = str(known.bound[0])
    if 0 < egg <= MOST_EGG_M:
        wide = shapely.buffer(geometry, egg, quad_segs=QUAD_SEGS)
        yield SceneShape(Role.EGG, to_lonlat(wide), label=metres_label(egg, lang))
    yield SceneShape(Role.PROJECT, stated, label=name, bound=bound)
    if shapely.get_dimensions(geometry) == 2 and 0 < core < MOST_EGG_M:
        yolk = shapely.buffer(geometry, -core)
        if not yolk.is_empty:
            yield SceneShape(Role.YOLK, to_lonlat(yolk), label=metres_label(core, lang))


def _overlap(zone_id: str, own: BaseGeometry, zone: BaseGeometry) -> Iterator[SceneShape]:
    if shapely.get_dimensions(own) == 0 or shapely.get_dimensions(zone) < 2:
        return
    common = shapely.intersection(own, _light(zone))
    parts = shapely.get_parts(common)
    parts = parts[shapely.get_dimensions(parts) == shapely.get_dimensions(own)]
    if len(parts):
        yield SceneShape(Role.OVERLAP, to_lonlat(shapely.union_all(parts)), zone=zone_id)


def _nearest(near: pd.DataFrame, lang: Lang) -> Iterator[SceneShape]:
    for row in records(near[near["distance_m"] > 0]):
        way = LineString(
            [(row["project_lon"], row["project_lat"]), (row["zone_lon"], row["zone_lat"])]
        )
        label = metres_label(row["distance_m"], lang)
        yield SceneShape(Role.NEAREST, way, zone=str(row["zone_id"]), label=label)


def metres_label(metres: float, lang: Lang) -> str:
    """Return a length as a map labels it: metres, or kilometres from 10 km."""
    if metres >= KILOMETRE_FROM_M:
        return text("environment.kilometres", lang, n=f"{metres / 1000:,.2f}")
    return text("environment.metres", lang, n=f"{metres:,.1f}")


def _chainage(table: pd.DataFrame, known: Features, chosen: list[str]) -> Iterator[SceneShape]:
    for row in records(table[table["zone_id"].isin(chosen)]):
        for name in ("enter_m", "leave_m"):
            if math.isfinite(row[name]):
                place = to_lonlat(place_at(known.geoms[0], row[name]))
                label = station(row[name])
                yield SceneShape(Role.CHAINAGE, place, zone=str(row["zone_id"]), label=label)


def place_at(line: BaseGeometry, chainage_m: float) -> Point:
    """Return the place of a chainage on a line, both in EPSG:4545.

    Parameters
    ----------
    line
        Line or multi-line, EPSG:4545 metres.
    chainage_m
        Geodesic metres from its first point, as :mod:`etk_geo.screening.chainage` counts them.
    """
    segments = segments_of(as_geometries([line]))
    _, length = segment_lengths(segments.start, segments.end)
    ends = np.cumsum(length)
    number = min(int(np.searchsorted(ends, chainage_m)), len(ends) - 1)
    begin = ends[number] - length[number]
    share = 0.0 if length[number] == 0 else (chainage_m - begin) / length[number]
    way = segments.end[number] - segments.start[number]
    return Point(segments.start[number] + np.clip(share, 0.0, 1.0) * way)


def _move(
    screening: Screening,
    project: gpd.GeoDataFrame,
    known: Features,
    zones: PreparedZones,
    book: RuleBook,
) -> Move:
    by_id = {zone.id: zone for zone in screening.zones}
    category = str(project["category"].iloc[0])
    day = law_date(project["decided_on"].iloc[0], screening.as_of)

    def reach(_: str, zone_id: str) -> float:
        return zone_law(book, by_id[zone_id], category, day).reach_m

    return minimum_move(known, zones, reach_m=reach, limit_m=MOVE_LIMIT_M)


def _arrow(geometry: BaseGeometry, move: Move, lang: Lang) -> SceneShape:
    start, metres = geometry.centroid, move.distance_m or 0.0
    lon, lat, _ = GEOD.fwd(start.x, start.y, move.bearing_deg or 0.0, metres)
    way = LineString([(start.x, start.y), (lon, lat)])
    return SceneShape(Role.MOVE, way, label=metres_label(metres, lang))
