"""What stories are made from: the workspace, indexed, and the screening of its projects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any

from etk_geo.catalog import Layer
from etk_geo.database import open_database
from etk_geo.model import Kind, LayerGroup
from etk_geo.plan import PLAN_URL_SOURCE, records
from etk_geo.progress import Entry, Journal, Line, ProgressBook, Topic, shipped_entries
from etk_geo.progress.book import merged
from etk_geo.rules import read_rules
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.zones import collect_zones
from etk_geo.workspace import Workspace

BASELINE_YEAR, TARGET_YEAR = 2020, 2025
"""Years of ``baseline_2020`` and ``target_2025`` in ``data/targets.csv``."""

BUILT = ("built", "done")
"""Statuses of what is finished."""

BEGAN = (
    "opened",
    "licensed",
    "designated",
    "established",
    "established_regional",
    "established_national",
)
"""Attributes of ``data/facts/published.csv`` that say when something began to be what it is."""


@dataclass(frozen=True)
class Material:
    """A workspace as stories see it. Nothing here changes it.

    Parameters
    ----------
    workspace
        The opened project folder.
    as_of
        The day whose law a screening applies.
    own_book
        What the users recorded; ``None``: only what comes with the program.
    """

    workspace: Workspace
    as_of: date
    own_book: ProgressBook | None = None

    @cached_property
    def mark(self) -> str:
        """A mark that changes when anything does that stories are made from."""
        entries = self.book.entries  # they are only ever added to
        newest = entries[-1].id if entries else ""
        return f"{self.workspace.root} {self.workspace.state} {self.as_of} {len(entries)} {newest}"

    @cached_property
    def book(self) -> ProgressBook:
        """What became of the plan, as far as it is recorded."""
        return self.own_book or merged(shipped_entries(self.workspace.plan), ())

    def actuals(self, target: str) -> list[Entry]:
        """Return the recorded values of a figure, in the order of their years."""
        entries = self.book.actuals(target, self.as_of.year).values()
        return [entry for entry in entries if entry.said.value is not None]

    def built_year(self, project: Mapping[str, Any]) -> int | None:
        """Return the year in which a project was finished, as stated or recorded, if any."""
        years = [
            year_of(entry.said.date)
            for entry in self.book.holding(Line(Topic.STATUS, str(project["id"]), 0))
            if entry.said.status in BUILT and entry.known_by <= self.as_of
        ]
        if project["status"] in BUILT:
            years.append(year_of(project["status_date"]))
        return min((year for year in years if year), default=None)

    @cached_property
    def layers(self) -> Mapping[str, Layer]:
        """The layers that may be shown: opened, and not restricted."""
        opened = self.workspace.catalog.layers
        return {name: layer for name, layer in opened.items() if not layer.provenance.restricted}

    @cached_property
    def restricted(self) -> frozenset[str]:
        """Ids of the layers that are never given away."""
        return frozenset(set(self.workspace.catalog.layers) - set(self.layers))

    @cached_property
    def ground(self) -> tuple[str, ...]:
        """Ids of the layers that are on in every scene unless it says otherwise."""
        return tuple(
            layer.id
            for layer in self.layers.values()
            if layer.provenance.group == LayerGroup.BASE and layer.provenance.default_on
        )

    @cached_property
    def features(self) -> Mapping[str, dict[str, Any]]:
        """Properties of every feature that may be shown, with ``layer`` and ``geometry``."""
        return {
            str(row["id"]): {**row, "layer": layer.id}
            for layer in self.layers.values()
            for row in records(layer.gdf)
        }

    @cached_property
    def targets(self) -> Mapping[str, dict[str, Any]]:
        """Rows of ``data/targets.csv`` by id."""
        return {str(row["id"]): row for row in records(self.workspace.plan.targets)}

    @cached_property
    def published(self) -> Mapping[str, list[dict[str, Any]]]:
        """Rows of ``data/facts/published.csv`` by subject."""
        rows: dict[str, list[dict[str, Any]]] = {}
        for row in records(self.workspace.plan.published):
            rows.setdefault(str(row["subject"]), []).append(row)
        return rows

    @cached_property
    def citations(self) -> frozenset[str]:
        """Numbers of the parts, chapters and sections of the plan."""
        return frozenset(self.workspace.plan.outline["citation"])

    @cached_property
    def sources(self) -> frozenset[str]:
        """Ids of ``data/facts/sources.csv``."""
        return frozenset(self.workspace.plan.sources["id"])

    @cached_property
    def projects(self) -> list[dict[str, Any]]:
        """The plan's projects as features of their layers, with ``layer`` and ``geometry``."""
        return [row for row in self.features.values() if row["kind"] == Kind.PROJECT]

    @cached_property
    def statuses(self) -> tuple[str, ...]:
        """Codes of a project's status, in the order of the vocabulary."""
        rows = self.workspace.plan.vocabulary
        return tuple(rows.loc[rows["domain"] == "status", "code"])

    @cached_property
    def plan_year(self) -> int | None:
        """Year in which the plan was published, or ``None``."""
        plan = self.workspace.plan.sources
        published = plan.loc[plan["id"] == PLAN_URL_SOURCE, "date_published"]
        return year_of(published.iloc[0]) if len(published) else None

    @cached_property
    def screening(self) -> Screening:
        """The plan's projects against every zone under the law of ``as_of``."""
        book = read_rules(self.workspace.root)
        catalog = self.workspace.catalog
        zones = collect_zones(catalog, book, on=self.as_of)
        return screen_projects(plan_projects(catalog, self.workspace.plan), zones, book, self.as_of)


def year_of(day: object) -> int | None:
    """Return the year of an ISO date, or ``None`` where there is none."""
    text = day if isinstance(day, str) else ""
    return int(text[:4]) if text[:4].isdigit() else None


def began_year(feature: Mapping[str, Any]) -> int | None:
    """Return the earliest year in which something began by its published facts, if any says so."""
    years = [year_of(fact["value"]) for fact in feature["facts"] if fact["attribute"] in BEGAN]
    return min((year for year in years if year), default=None)


def open_material(workspace: Workspace, as_of: date) -> Material:
    """Return the material of a workspace with what its users recorded.

    Raises
    ------
    DatabaseError
        If there are records that cannot be read.
    """
    journal = Journal(open_database(workspace.root), workspace.plan, lambda: datetime.now(UTC))
    return Material(workspace, as_of, journal.book())
