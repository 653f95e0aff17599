"""Plan projects as features: placed as far as their siting allows, and not a metre further."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from shapely.geometry import LineString, MultiPoint, Point

from etk_geo.build.feature import Feature, known_number, known_text, unique
from etk_geo.build.places import method_text, place_point, waypoints_text
from etk_geo.build.tables import BuildTables, Place
from etk_geo.crs import GEOD
from etk_geo.errors import TableError
from etk_geo.i18n import text
from etk_geo.model import Bound, Kind, Siting
from etk_geo.plan import PLAN_URL_SOURCE, TABLES, records

SITING_FILE = TABLES["siting"].file


def projects(tables: BuildTables, layer: str) -> Iterator[Feature]:
    """Yield the projects of a layer in table order, those without a position included.

    Raises
    ------
    TableError
        If a project has no siting row, or its siting asks for what the tables do not hold.
    """
    sitings = {row["project_id"]: row for row in records(tables.plan.siting)}
    for row in records(tables.plan.projects):
        if row["layer"] != layer:
            continue
        if row["id"] not in sitings:
            raise TableError("ETK406", file=SITING_FILE, where=row["id"])
        yield _place(_unplaced(tables, row, sitings[row["id"]]), tables, sitings[row["id"]])


def _unplaced(tables: BuildTables, row: dict[str, Any], siting: dict[str, Any]) -> Feature:
    return Feature(
        id=row["id"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        kind=Kind.PROJECT,
        category=row["category"],
        status=row["status"],
        status_date=known_text(row["status_date"]),
        siting=_siting(siting),
        places=tuple(row["places"]),
        targets=tuple(row["targets"]),
        citations=tuple(row["citation"]),
        sources=unique([PLAN_URL_SOURCE, row["status_source"], *siting["source"]]),
        as_of=_plan_date(tables),
        known_zh=siting["known_zh"],
        known_en=siting["known_en"],
        facts=tables.facts(row["id"]),
    )


def _siting(siting: dict[str, Any]) -> Siting:
    try:
        return Siting(siting["siting"])
    except ValueError:
        raise TableError(
            "ETK407", file=SITING_FILE, where=siting["project_id"], found=siting["siting"]
        ) from None


def _plan_date(tables: BuildTables) -> str | None:
    sources = tables.plan.sources
    dates = sources.loc[sources["id"] == PLAN_URL_SOURCE, "date_published"]
    return known_text(dates.iloc[0]) if len(dates) else None


def _place(feature: Feature, tables: BuildTables, siting: dict[str, Any]) -> Feature:
    match feature.siting:
        case Siting.AT_PLACE:
            return _at_points(feature, tables, siting, reach_m=0.0)
        case Siting.NEAR_PLACE:
            reach_m = known_number(siting["reach_m"])
            if reach_m is None:
                raise TableError("ETK408", file=SITING_FILE, where=feature.id, column="reach_m")
            return _at_points(feature, tables, siting, reach_m=reach_m)
        case Siting.ALONG_ROUTE:
            return _along_route(feature, tables, siting)
        case Siting.BETWEEN_PLACES:
            return _between_places(feature, tables, siting)
        case _:
            return feature


def _anchors(tables: BuildTables, siting: dict[str, Any], least: int) -> list[tuple[Place, Point]]:
    """Return the anchors of a siting with their points, each of them located."""
    places = [tables.places[name] for name in siting["anchors"] if name in tables.places]
    located = [(place, point) for place in places if (point := place_point(place)) is not None]
    if len(located) < least or len(located) != len(siting["anchors"]):
        raise TableError("ETK408", file=SITING_FILE, where=siting["project_id"], column="anchors")
    return located


def _at_points(
    feature: Feature, tables: BuildTables, siting: dict[str, Any], *, reach_m: float
) -> Feature:
    anchors = _anchors(tables, siting, 1)
    points = [point for _, point in anchors]
    extent_m = tables.extents.get(feature.category or "")
    accuracy_m = _accuracy(anchors, reach_m)
    how = {
        lang: text("build.sentence_gap", lang).join(
            part
            for part in (
                *(method_text(tables, place, lang) for place, _ in anchors),
                siting[f"reason_{lang}"],
            )
            if part
        )
        for lang in ("zh", "en")
    }
    return replace(
        feature,
        geometry=points[0] if len(points) == 1 else MultiPoint(points),
        bound=Bound.POSITION,
        accuracy_m=accuracy_m,
        accuracy_zh=how["zh"],
        accuracy_en=how["en"],
        extent_m=extent_m,
        extent_basis=None if extent_m is None else "default",
    )


def _along_route(feature: Feature, tables: BuildTables, siting: dict[str, Any]) -> Feature:
    """Join the waypoints of a route between the two anchors; without anchors, all of it."""
    rows = tables.vertices["routes"]
    rows = rows[rows["route"] == siting["route"]]
    if len(rows) < 2:
        raise TableError("ETK408", file=SITING_FILE, where=feature.id, column="route")
    if siting["anchors"]:
        ends = [_nearest_row(rows, point) for _, point in _anchors(tables, siting, 2)]
        rows = rows.iloc[min(ends) : max(ends) + 1]
    if len(rows) < 2:
        raise TableError("ETK408", file=SITING_FILE, where=feature.id, column="anchors")
    line = LineString(list(zip(rows["lon"], rows["lat"], strict=True)))
    return replace(
        feature,
        geometry=line,
        bound=Bound.POSITION,
        accuracy_zh=waypoints_text(rows, "zh") + siting["reason_zh"],
        accuracy_en=waypoints_text(rows, "en") + " " + siting["reason_en"],
        sources=unique([*feature.sources, *rows["source"]]),
    )


def _accuracy(anchors: list[tuple[Place, Point]], reach_m: float) -> float | None:
    known = [place.accuracy_m for place, _ in anchors]
    if None in known:
        return None
    return max(accuracy for accuracy in known if accuracy is not None) + reach_m


def _nearest_row(rows: pd.DataFrame, point: Point) -> int:
    count = len(rows)
    lon, lat = np.full(count, point.x), np.full(count, point.y)
    _, _, distance = GEOD.inv(lon, lat, rows["lon"].to_numpy(), rows["lat"].to_numpy())
    return int(np.argmin(distance))


def _between_places(feature: Feature, tables: BuildTables, siting: dict[str, Any]) -> Feature:
    points = [point for _, point in _anchors(tables, siting, 2)]
    return replace(
        feature,
        geometry=LineString(points),
        bound=Bound.POSITION,
        accuracy_zh=text("build.straight", "zh") + siting["reason_zh"],
        accuracy_en=text("build.straight", "en") + " " + siting["reason_en"],
    )
