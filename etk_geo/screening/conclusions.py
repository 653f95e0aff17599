"""A screening project by project: one row each, and the list itself for the command line."""

from __future__ import annotations

from datetime import date
from typing import Any

import geopandas as gpd
import pandas as pd

from etk_geo.exports import geopackage, table_csv
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.plan import Plan
from etk_geo.rules import RuleBook
from etk_geo.screening.findings import Screening
from etk_geo.screening.outputs import category_names, cite, in_words, of_rules, words, zone_name
from etk_geo.screening.overview import Overview
from etk_geo.screening.pairs import VERDICTS
from etk_geo.screening.projects import PROJECT_COLUMNS


def conclusions_csv(found: Screening | Overview, book: RuleBook, plan: Plan, lang: Lang) -> bytes:
    """Return one row per project in words, as CSV for a spreadsheet.

    Its conclusion and what at worst may follow, the zone and the rules behind it, the day of the
    law, and how many zones have which verdict.
    """
    table = found.projects
    zones = {zone.id: zone_name(zone, lang) for zone in found.zones}
    names = category_names(plan, lang)
    columns: dict[str, Any] = {
        "project_id": table["project_id"],
        "project": table[f"name_{lang}"],
        "category": table["category"].map(lambda code: names.get(code, code)),
        "consequence": in_words(table["consequence"], "consequence", lang),
        "possible": in_words(table["possible"], "consequence", lang),
        "zone": table["zone_id"].map(zones),
        "basis": in_words(table["basis"], "basis", lang),
        "rules": table["rule"].map(of_rules(table["rule"], cite, book, lang)),
        "law_date": table["law_date"].map(date.isoformat),
    }
    headings = [text(f"screening.column.{name}", lang) for name in columns]
    counts = {verdict: table[verdict] for verdict in VERDICTS}
    headings += [words("verdict", verdict, lang) for verdict in VERDICTS]
    # Plain Python text is read many times faster, cell by cell, than pandas' own.
    return table_csv(pd.DataFrame({**columns, **counts}).astype(object), headings)


def projects_geopackage(projects: gpd.GeoDataFrame) -> bytes:
    """Return projects as a list that :func:`etk_geo.screening.projects.read_projects` reads.

    An extent that only a category gives is left out: the reader gives it again, as a default.
    """
    table = projects[[*PROJECT_COLUMNS, "geometry"]].rename(columns={"project_id": "id"})
    table["decided_on"] = [None if day is None else day.isoformat() for day in table["decided_on"]]
    table["extent_m"] = table["extent_m"].where(table["extent_basis"] == "stated")
    return geopackage(table.drop(columns="extent_basis"), "projects")
