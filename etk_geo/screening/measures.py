"""What a screening measures besides verdicts: chainage, nearest approach, shortest move.

Tables for people and for the record; the measuring itself is in :mod:`etk_geo.screening.chainage`,
:mod:`etk_geo.screening.approach` and :mod:`etk_geo.screening.move`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from etk_geo.exports import table_csv
from etk_geo.i18n import text
from etk_geo.model import Lang, is_known
from etk_geo.plan import records
from etk_geo.rules import RuleBook
from etk_geo.screening.approach import nearest_approach
from etk_geo.screening.chainage import chainage, station
from etk_geo.screening.consequence import zone_law
from etk_geo.screening.findings import Screening
from etk_geo.screening.move import minimum_move
from etk_geo.screening.relation import prepare_projects
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.zones import Zone, ZoneSet

METRES = ("enter_m", "leave_m", "length_m")
STATIONS = ("enter_m", "leave_m", "enter_least_m", "leave_most_m")
MOST_STRETCHES = 6
"""Stretches of one line in one zone that a card tells one by one."""
MAY_MEET = (str(Verdict.INSIDE), str(Verdict.OVERLAPS), str(Verdict.INDETERMINATE))


def passages(screening: Screening, projects: gpd.GeoDataFrame, zones: ZoneSet) -> pd.DataFrame:
    """List where roads and railways enter and leave zones that they meet or may meet.

    Returns
    -------
    passages
        As from :func:`etk_geo.screening.chainage.chainage`, for the lines that a finding says are
        not certainly apart from some zone, and without the zones of which they are.
    """
    found = screening.findings
    meets = found.loc[found["verdict"].isin(MAY_MEET), ["project_id", "zone_id"]]
    table = chainage(projects[projects["project_id"].isin(meets["project_id"])], zones.prepared)
    return table.merge(meets, on=["project_id", "zone_id"]).reset_index(drop=True)


def passage_words(table: pd.DataFrame, project_id: str, lang: Lang) -> dict[str, str]:
    """Say where the line of a project enters and leaves zones, by id of the zone.

    Parameters
    ----------
    table
        As from :func:`passages`, or the passages of a record; ``None`` in it is NaN.
    project_id
        The project; one that is no line has nothing to tell.
    lang
        Language of the words.
    """
    said: dict[str, list[str]] = {}
    for row in records(table[table["project_id"] == project_id]):
        said.setdefault(str(row["zone_id"]), []).append(_stretch(row, lang))
    gap = text("screening.gap", lang)
    return {
        zone: gap.join(stretches)
        if len(stretches) <= MOST_STRETCHES
        else text(
            "environment.stretches_more",
            lang,
            stretches=gap.join(stretches[:MOST_STRETCHES]),
            n=len(stretches),
        )
        for zone, stretches in said.items()
    }


def _stretch(row: Mapping[str, Any], lang: Lang) -> str:
    """Say between which chainages one stretch lies, and between which it may."""
    places = {
        name.removesuffix("_m"): station(row[name]) for name in STATIONS if is_known(row[name])
    }
    kind = "possible" if "enter" not in places else "sure" if row["sure"] else "open"
    return text(f"environment.stretch_{kind}", lang, **places)


def passages_csv(
    table: pd.DataFrame, projects: gpd.GeoDataFrame, zones: Sequence[Zone], lang: Lang
) -> bytes:
    """Return passages with chainage as on drawings (K12+345) and the class of each zone."""
    names = dict(zip(projects["project_id"], projects[f"name_{lang}"], strict=True))
    by_id = {zone.id: zone for zone in zones}
    columns = {
        "project_id": table["project_id"],
        "project": table["project_id"].map(names),
        "zone_id": table["zone_id"],
        "zone": table["zone_id"].map(lambda name: str(getattr(by_id[name], f"name_{lang}"))),
        "zone_types": table["zone_id"].map(lambda name: list(by_id[name].zone_types)),
        **{f"{name}_station": table[name].map(_station) for name in STATIONS},
        "length_m": table["length_m"].round(2),
        "sure": table["sure"],
    }
    frame = pd.DataFrame(columns)
    return table_csv(frame, [text(f"screening.column.{name}", lang) for name in frame.columns])


def _station(chainage_m: float) -> str:
    return station(chainage_m) if np.isfinite(chainage_m) else ""


def approaches_csv(projects: gpd.GeoDataFrame, zones: ZoneSet, lang: Lang) -> bytes:
    """Return the nearest places of each project and zone, as their geometries are stated."""
    table = nearest_approach(projects, zones.prepared)
    table["distance_m"] = table["distance_m"].round(2)
    table["bearing_deg"] = table["bearing_deg"].round(1)
    for name in ("project_lon", "project_lat", "zone_lon", "zone_lat"):
        table[name] = table[name].round(7)
    return table_csv(table, [text(f"screening.column.{name}", lang) for name in table.columns])


def moves_csv(
    screening: Screening,
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    book: RuleBook,
    limit_m: float,
    lang: Lang,
) -> bytes:
    """Return the shortest move by which each project would be clear of every zone held.

    Only zones that can be checked take part: a project moved so is clear of them, and of nothing
    that is not held.
    """
    by_id = {zone.id: zone for zone in screening.zones}
    days = dict(zip(screening.projects["project_id"], screening.projects["law_date"], strict=True))
    rows = []
    located = projects[projects.geometry.notna()]
    for number in range(len(located)):
        one = located.iloc[[number]]
        project_id, category = one["project_id"].iloc[0], one["category"].iloc[0]
        known = prepare_projects(one)
        day = days[project_id]

        def reach(_: str, zone_id: str, category: str = category, day: object = day) -> float:
            return zone_law(book, by_id[zone_id], category, day).reach_m  # type: ignore[arg-type]

        move = minimum_move(known, zones.prepared, reach_m=reach, limit_m=limit_m)
        rows.append((project_id, move.distance_m, move.bearing_deg, move.least_m, limit_m))
    frame = pd.DataFrame(
        rows, columns=["project_id", "move_m", "move_bearing_deg", "move_least_m", "move_limit_m"]
    )
    return table_csv(
        frame.round(2), [text(f"screening.column.{name}", lang) for name in frame.columns]
    )
