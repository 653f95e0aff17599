"""The tables a build reads: the plan's, and those of vertices, waypoints, mines and plants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from etk_geo.build.feature import known_number
from etk_geo.errors import DataError, TableError
from etk_geo.model import FACT_PROPERTIES
from etk_geo.plan import TABLES, Plan, open_plan, records
from etk_geo.store import read_bytes, read_rows, sha256

VERTEX_TABLES: dict[str, tuple[str, ...]] = {
    "banner_outline": ("seq", "lon", "lat"),
    "neighbour_outlines": ("adcode", "name_zh", "name_en", "part", "seq", "lon", "lat"),
    "yellow_river": ("part", "line", "seq", "lon", "lat", "accuracy_m", "source"),
    "routes": ("route", "seq", "lon", "lat", "accuracy_m", "source", "note_zh", "note_en"),
    "coal_mines": (
        "id",
        "gem_id",
        "name_zh",
        "name_en",
        "status",
        "mine_type",
        "capacity_mtpa",
        "lon",
        "lat",
        "accuracy_m",
    ),
    "power_plants": (
        "id",
        "name_zh",
        "name_en",
        "fuel",
        "operating_mw",
        "lon",
        "lat",
        "accuracy_m",
    ),
}
NUMBER_COLUMNS = ("seq", "lon", "lat", "accuracy_m")


@dataclass(frozen=True)
class Place:
    """A row of ``data/places.csv``: position in degrees and its accuracy, ``None`` if unknown."""

    id: str
    name_zh: str
    name_en: str
    kind: str
    lon: float | None
    lat: float | None
    accuracy_m: float | None
    method: str
    confidence: str
    sources: tuple[str, ...]
    feature: str
    known_zh: str
    known_en: str


@dataclass(frozen=True)
class BuildTables:
    """Everything a build reads, and the checksum of each file."""

    root: Path
    plan: Plan
    vertices: Mapping[str, pd.DataFrame]

    @cached_property
    def places(self) -> dict[str, Place]:
        """The places by id."""
        return {
            row["id"]: Place(
                **{
                    **{name: row[name] for name in TABLES["places"].columns},
                    **{name: known_number(row[name]) for name in TABLES["places"].numbers},
                    "sources": tuple(row["sources"]),
                }
            )
            for row in records(self.plan.places)
        }

    @cached_property
    def extents(self) -> dict[str, float | None]:
        """The default extent of each category in metres, ``None`` where unknown."""
        return {row["id"]: known_number(row["extent_m"]) for row in records(self.plan.categories)}

    @cached_property
    def _facts(self) -> dict[str, list[dict[str, str]]]:
        facts: dict[str, list[dict[str, str]]] = {}
        for row in records(self.plan.published):
            fact = {name: row[name] for name in FACT_PROPERTIES}
            facts.setdefault(row["subject"], []).append(fact)
        return facts

    def facts(self, subject: str) -> tuple[dict[str, str], ...]:
        """Return the published figures about a feature, in table order."""
        return tuple(self._facts.get(subject, ()))

    def checksum(self, file: str) -> str:
        """Return the sha256 of a table."""
        return sha256(read_bytes(self.root, file))


def read_tables(root: Path) -> BuildTables:
    """Read every table, or raise with all that is wrong with them.

    Raises
    ------
    DataError
        The first problem; the rest in ``more``.
    """
    plan = open_plan(root)
    problems: list[DataError] = [
        TableError(issue.code, file=issue.file, where=issue.where, **issue.detail)
        for issue in plan.issues
    ]
    vertices = {}
    for name, columns in VERTEX_TABLES.items():
        try:
            vertices[name] = _read_vertices(root, f"data/facts/{name}.csv", columns)
        except DataError as error:
            problems.append(error)
    if problems:
        problems[0].more = tuple(problems[1:])
        raise problems[0]
    return BuildTables(root, plan, vertices)


def _read_vertices(root: Path, file: str, columns: tuple[str, ...]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for number, row in enumerate(read_rows(root, file, columns), start=2):
        values: dict[str, Any] = dict(row)
        for name in NUMBER_COLUMNS:
            if name in columns:
                values[name] = _required_number(row[name], file, number, name)
        rows.append(values)
    frame = pd.DataFrame(rows, columns=list(columns))
    groups = [name for name in ("route", "adcode", "part", "line") if name in columns]
    if "seq" in columns:
        frame = frame.sort_values([*groups, "seq"], kind="stable")
    return frame


def _required_number(cell: str, file: str, row: int, column: str) -> float:
    try:
        return float(cell)
    except ValueError:
        raise TableError(
            "ETK403", file=file, where=f"row {row}", column=column, found=cell[:40]
        ) from None
