"""The tables of the plan: targets, projects, places, citations and the words for their codes.

Reads and types them; joins between them and the layers are in :mod:`etk_geo.targets`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from etk_geo.errors import DataError
from etk_geo.model import Issue, Lang
from etk_geo.store import read_rows

PLAN_URL_SOURCE = "plan"
"""Id of the published plan in ``data/facts/sources.csv``."""


@dataclass(frozen=True)
class Table:
    """A table of the project folder: its path, columns, key, and which cells are not plain text."""

    file: str
    columns: tuple[str, ...]
    key: tuple[str, ...] = ("id",)
    numbers: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()


def _columns(names: str) -> tuple[str, ...]:
    return tuple(names.split(","))


TABLES: dict[str, Table] = {
    "outline": Table(
        "data/plan_outline.csv", _columns("citation,level,title_zh,title_en"), ("citation",)
    ),
    "targets": Table(
        "data/targets.csv",
        _columns(
            "id,sector,name_zh,name_en,baseline_2020,target_2025,unit,comparator,measure,"
            "citation,places,layers,note_zh,note_en"
        ),
        numbers=("baseline_2020", "target_2025"),
        lists=("citation", "places", "layers"),
    ),
    "projects": Table(
        "data/projects.csv",
        _columns(
            "id,name_zh,name_en,category,layer,geometry,places,targets,citation,"
            "status,status_date,status_source"
        ),
        lists=("places", "targets", "citation"),
    ),
    "siting": Table(
        "data/siting.csv",
        _columns(
            "project_id,siting,anchors,route,reach_m,known_zh,known_en,reason_zh,reason_en,source"
        ),
        ("project_id",),
        numbers=("reach_m",),
        lists=("anchors", "source"),
    ),
    "places": Table(
        "data/places.csv",
        _columns(
            "id,name_zh,name_en,kind,lon,lat,accuracy_m,method,confidence,sources,feature,"
            "known_zh,known_en"
        ),
        numbers=("lon", "lat", "accuracy_m"),
        lists=("sources",),
    ),
    "categories": Table(
        "data/categories.csv",
        _columns("id,name_zh,name_en,extent_m,reason_zh,reason_en"),
        numbers=("extent_m",),
    ),
    "zones": Table(
        "data/zones.csv",
        _columns(
            "id,layer,name_zh,name_en,category,bound,west,south,east,north,accuracy_m,"
            "orientation_only,places,citations,sources,as_of,known_zh,known_en"
        ),
        numbers=("west", "south", "east", "north", "accuracy_m"),
        lists=("places", "citations", "sources"),
    ),
    "vocabulary": Table("data/vocabulary.csv", _columns("domain,code,zh,en"), ("domain", "code")),
    "sources": Table(
        "data/facts/sources.csv",
        _columns(
            "id,title_zh,title_en,publisher,url,licence,licence_url,attribution,"
            "date_published,date_accessed,note_zh,note_en"
        ),
    ),
    "published": Table(
        "data/facts/published.csv",
        _columns("subject,attribute,value,unit,date,source,confidence,note_zh,note_en"),
        (),
    ),
    "gaps": Table(
        "data/facts/gaps.csv", _columns("subject,what_zh,what_en,holder_zh,holder_en"), ()
    ),
    "patterns": Table(
        "data/patterns.csv",
        _columns("id,pattern,name_zh,name_en,citation,features,shows,zone_types,note_zh,note_en"),
        lists=("citation", "features", "zone_types"),
    ),
    "progress_status": Table(
        "data/progress/status.csv",
        _columns("id,project,status,date,source,entered_on,remark_zh,remark_en"),
    ),
    "progress_actuals": Table(
        "data/progress/actuals.csv",
        _columns("id,target,year,value,date,source,entered_on,remark_zh,remark_en"),
        numbers=("year", "value"),
    ),
}
"""Every table of the plan, by name. An empty number is NaN, an empty list ``[]``, an empty text
``""``; all three mean unknown."""

ZONE_NAMES = Table("rules/zone_types.csv", _columns("code,name_zh,name_en"), ("code",))
"""What types of zones are called; the rest of that table, and what is wrong with it, is told by
:mod:`etk_geo.rules`."""


@dataclass(frozen=True)
class Plan:
    """The tables of the plan. Frames are shared between sessions: treat as read-only."""

    outline: pd.DataFrame
    targets: pd.DataFrame
    projects: pd.DataFrame
    siting: pd.DataFrame
    places: pd.DataFrame
    categories: pd.DataFrame
    zones: pd.DataFrame
    vocabulary: pd.DataFrame
    sources: pd.DataFrame
    published: pd.DataFrame
    gaps: pd.DataFrame
    patterns: pd.DataFrame
    progress_status: pd.DataFrame
    progress_actuals: pd.DataFrame
    issues: tuple[Issue, ...]
    zone_names: pd.DataFrame = field(
        default_factory=lambda: pd.DataFrame(columns=list(ZONE_NAMES.columns), dtype="object")
    )

    def word(self, domain: str, code: str, lang: Lang) -> str:
        """Return the word for a code, or the code itself where the vocabulary lacks it."""
        rows = self.vocabulary
        hit = rows[(rows["domain"] == domain) & (rows["code"] == code)]
        return str(hit[lang].iloc[0]) if len(hit) else code

    def citation_title(self, citation: str, lang: Lang) -> str:
        """Return the heading of a part, chapter or section, or an empty text."""
        hit = self.outline[self.outline["citation"] == citation]
        return str(hit[f"title_{lang}"].iloc[0]) if len(hit) else ""


def open_plan(root: Path) -> Plan:
    """Read every table of the plan.

    A table that cannot be read is empty (with its columns) and named in ``issues``; a row with an
    unreadable number keeps its other cells, a row that repeats a key is left out: both are named.
    """
    issues: list[Issue] = []
    frames = {name: _open_table(root, table, issues) for name, table in TABLES.items()}
    return Plan(**frames, issues=tuple(issues), zone_names=_open_table(root, ZONE_NAMES, []))


def _open_table(root: Path, table: Table, issues: list[Issue]) -> pd.DataFrame:
    try:
        rows = read_rows(root, table.file, table.columns)
    except DataError as error:
        issues.extend(Issue.all_of(error))
        rows = []
    rows = list(_unique(rows, table, issues))
    frame = pd.DataFrame(rows, columns=list(table.columns), dtype="object")
    for name in table.numbers:
        frame[name] = _cells(frame, name, table, _number, issues)
        frame[name] = frame[name].astype("float64")
    for name in table.lists:
        frame[name] = pd.Series([split_ids(cell) for cell in frame[name]], dtype="object")
    return frame


def _unique(
    rows: Iterable[dict[str, str]], table: Table, issues: list[Issue]
) -> Iterable[dict[str, str]]:
    seen: set[tuple[str, ...]] = set()
    for number, row in enumerate(rows, start=2):
        key = tuple(row[name] for name in table.key)
        if table.key and not all(key[:1]):
            issues.append(Issue(table.file, f"row {number}", "ETK404", {"column": table.key[0]}))
        elif table.key and key in seen:
            issues.append(Issue(table.file, "/".join(key), "ETK405", {"row": str(number)}))
        else:
            seen.add(key)
            yield row


def _cells(
    frame: pd.DataFrame,
    name: str,
    table: Table,
    parse: Callable[[str], float],
    issues: list[Issue],
) -> list[float]:
    values = []
    for index, cell in enumerate(frame[name]):
        try:
            values.append(parse(cell))
        except ValueError:
            key = frame[table.key[0]].iloc[index] if table.key else f"row {index + 2}"
            issues.append(
                Issue(table.file, str(key), "ETK403", {"column": name, "found": str(cell)[:40]})
            )
            values.append(math.nan)
    return values


def _number(cell: str) -> float:
    if cell == "":
        return math.nan
    value = float(cell)
    if not math.isfinite(value):
        raise ValueError(cell)
    return value


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a frame as dictionaries by column name, in order."""
    names = [str(name) for name in frame.columns]
    # A column at a time: pandas' own to_dict costs milliseconds even for a single row.
    columns = [column.tolist() for _, column in frame.items()]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def split_ids(cell: str) -> list[str]:
    """Return the ids of a cell, in order, without blanks."""
    return [part.strip() for part in cell.split(";") if part.strip()]
