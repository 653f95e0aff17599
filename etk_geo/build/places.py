"""Base layers: boundaries, rivers, townships, named places, and the routes that roads follow."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from shapely.geometry import LineString, MultiLineString, MultiPolygon, Point, Polygon

from etk_geo.build.feature import Feature, unique
from etk_geo.build.tables import BuildTables, Place
from etk_geo.i18n import text
from etk_geo.model import Bound, Kind, Lang

TOWNSHIP_KINDS = ("town", "sumu")
NAMED_PLACE_KINDS = (
    "gacha",
    "settlement",
    "station",
    "peak",
    "heritage",
    "lake",
    "field",
    "airport",
    "site",
    "outside",
)
NEIGHBOUR_ACCURACY_M = 1500.0
BANNER_ACCURACY_M = 500.0
"""Accuracy of the compiled outlines, stated with them (data/layers.toml)."""


def banner(tables: BuildTables) -> Iterator[Feature]:
    """Yield the banner: one polygon, exact to within 500 m, not an authoritative boundary."""
    place = tables.places["etk"]
    yield Feature(
        id="otog_banner",
        name_zh=place.name_zh,
        name_en=place.name_en,
        kind=Kind.BOUNDARY,
        geometry=Polygon(_lonlat(tables.vertices["banner_outline"])),
        bound=Bound.EXACT,
        accuracy_m=BANNER_ACCURACY_M,
        accuracy_zh=text("build.compiled_outline", "zh"),
        accuracy_en=text("build.compiled_outline", "en"),
        places=("etk",),
        sources=place.sources,
        known_zh=place.known_zh,
        known_en=place.known_en,
        facts=tables.facts("etk"),
    )


def neighbours(tables: BuildTables) -> Iterator[Feature]:
    """Yield the neighbouring counties: polygons for orientation, good to 1.5 km."""
    for adcode, rows in tables.vertices["neighbour_outlines"].groupby("adcode", sort=True):
        rings = [Polygon(_lonlat(part)) for _, part in rows.groupby("part", sort=True)]
        yield Feature(
            id=f"county_{adcode}",
            name_zh=rows["name_zh"].iloc[0],
            name_en=rows["name_en"].iloc[0],
            kind=Kind.CONTEXT,
            geometry=rings[0] if len(rings) == 1 else MultiPolygon(rings),
            bound=Bound.EXACT,
            accuracy_m=NEIGHBOUR_ACCURACY_M,
            accuracy_zh=text("build.compiled_outline", "zh"),
            accuracy_en=text("build.compiled_outline", "en"),
            orientation_only=True,
        )


def townships(tables: BuildTables) -> Iterator[Feature]:
    """Yield the townships: reference points where one is known; no boundary is public."""
    for place in tables.places.values():
        if place.kind in TOWNSHIP_KINDS:
            yield _place_feature(tables, place, Kind.TOWNSHIP)


def settlements(tables: BuildTables) -> Iterator[Feature]:
    """Yield named places other than townships, those without a position included."""
    for place in tables.places.values():
        if place.kind in NAMED_PLACE_KINDS and not place.feature:
            yield _place_feature(tables, place, Kind.SETTLEMENT)


def rivers(tables: BuildTables) -> Iterator[Feature]:
    """Yield the Yellow River (banner reach, context) and the Dusitu River (schematic)."""
    frame = tables.vertices["yellow_river"]
    river = tables.places["yellow_river"]
    for part, identifier in (
        ("banner_reach", "yellow_river_banner_reach"),
        ("context", "yellow_river_context"),
    ):
        rows = frame[frame["part"] == part]
        lines = [LineString(_lonlat(line)) for _, line in rows.groupby("line", sort=True)]
        yield Feature(
            id=identifier,
            name_zh=river.name_zh,
            name_en=river.name_en,
            kind=Kind.RIVER,
            geometry=MultiLineString(lines),
            bound=Bound.POSITION,
            accuracy_m=float(rows["accuracy_m"].max()),
            accuracy_zh=text("build.river_line", "zh"),
            accuracy_en=text("build.river_line", "en"),
            orientation_only=part == "context",
            places=("yellow_river",),
            sources=unique(rows["source"]),
            known_zh=river.known_zh if part == "banner_reach" else "",
            known_en=river.known_en if part == "banner_reach" else "",
            facts=tables.facts(identifier),
        )
    yield route_feature(tables, "dusitu_river", Kind.RIVER)


def corridor_reach(tables: BuildTables) -> Feature:
    """Return the reach that the corridor follows: a reference line, no width is published."""
    rows = tables.vertices["yellow_river"]
    rows = rows[rows["part"] == "banner_reach"]
    lines = [LineString(_lonlat(line)) for _, line in rows.groupby("line", sort=True)]
    return Feature(
        id="yellow_river_corridor_reach",
        name_zh=text("build.corridor", "zh"),
        name_en=text("build.corridor", "en"),
        kind=Kind.ROUTE,
        geometry=MultiLineString(lines),
        bound=Bound.POSITION,
        accuracy_m=float(rows["accuracy_m"].max()),
        accuracy_zh=text("build.corridor_line", "zh"),
        accuracy_en=text("build.corridor_line", "en"),
        orientation_only=True,
        places=("yellow_river",),
        citations=("2.1.1",),
        sources=unique(rows["source"]),
    )


def route_feature(tables: BuildTables, route: str, kind: Kind = Kind.ROUTE) -> Feature:
    """Return a route as its waypoints joined straight: schematic, deviation unknown."""
    place = tables.places[route]
    rows = tables.vertices["routes"]
    rows = rows[rows["route"] == route]
    return Feature(
        id=route,
        name_zh=place.name_zh,
        name_en=place.name_en,
        kind=kind,
        geometry=LineString(_lonlat(rows)),
        bound=Bound.POSITION,
        accuracy_zh=waypoints_text(rows, "zh"),
        accuracy_en=waypoints_text(rows, "en"),
        places=(route,),
        sources=unique([*place.sources, *rows["source"]]),
        known_zh=place.known_zh,
        known_en=place.known_en,
        facts=tables.facts(route),
    )


def waypoints_text(rows: pd.DataFrame, lang: Lang) -> str:
    """Say how well the waypoints of a route are known, and that nothing is known in between."""
    return text(
        "build.waypoints",
        lang,
        n=len(rows),
        least=f"{rows['accuracy_m'].min():,.0f}",
        most=f"{rows['accuracy_m'].max():,.0f}",
    )


def _place_feature(tables: BuildTables, place: Place, kind: Kind) -> Feature:
    point = place_point(place)
    return Feature(
        id=place.id,
        name_zh=place.name_zh,
        name_en=place.name_en,
        kind=kind,
        geometry=point,
        bound=None if point is None else Bound.POSITION,
        accuracy_m=place.accuracy_m,
        accuracy_zh="" if point is None else method_text(tables, place, "zh"),
        accuracy_en="" if point is None else method_text(tables, place, "en"),
        places=(place.id,),
        sources=place.sources,
        known_zh=place.known_zh,
        known_en=place.known_en,
        facts=tables.facts(place.id),
    )


def place_point(place: Place) -> Point | None:
    """Return the reference point of a place in degrees, or ``None`` where it is not known."""
    if place.lon is None or place.lat is None:
        return None
    return Point(place.lon, place.lat)


def method_text(tables: BuildTables, place: Place, lang: Lang) -> str:
    """Say how the reference point of a place was found and how far it is to be trusted."""
    return text(
        "build.reference_point",
        lang,
        place=place.name_zh if lang == "zh" else place.name_en,
        method=tables.plan.word("method", place.method, lang),
        confidence=tables.plan.word("confidence", place.confidence, lang),
    )


def _lonlat(rows: pd.DataFrame) -> list[tuple[float, float]]:
    return list(zip(rows["lon"], rows["lat"], strict=True))
