"""Projects that a user brought by the intake, in the form in which screening takes them.

The one way from a layer taken in to a list of projects: nothing is added that the layer or the
user did not say.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.intake.confirm import IntakeProvenance, Taken
from etk_geo.model import Bound, Issue
from etk_geo.screening.projects import project_frame

KEY_LENGTH = 12
POINTS = ("Point", "MultiPoint")


@dataclass(frozen=True)
class TakenProjects:
    """A list of projects from outside the plan, ready to be screened.

    Parameters
    ----------
    name
        What the list is called: the file it came from, or what the user named it.
    frame
        As :func:`etk_geo.screening.projects.project_frame` returns it: WGS 84 degrees, columns
        ``PROJECT_COLUMNS`` and ``geometry``. Not to be changed.
    provenance
        How each layer in it was taken in.
    issues
        What was found on the way: features without a position, dates that cannot be read.
    """

    name: str
    frame: gpd.GeoDataFrame
    provenance: tuple[IntakeProvenance, ...]
    issues: tuple[Issue, ...] = ()

    @cached_property
    def key(self) -> str:
        """Mark of the content: the same list taken twice has the same."""
        digest = hashlib.sha256(self.name.encode(errors="replace"))
        for one in self.provenance:
            digest.update(f"{one.origin.sha256} {one.origin.layer} {one.reading}".encode())
        cells = self.frame.drop(columns="geometry").to_csv(index=False)
        digest.update(cells.encode(errors="replace"))
        for wkb in shapely.to_wkb(self.frame.geometry.to_numpy()):
            digest.update(wkb or b"-")
        return digest.hexdigest()[:KEY_LENGTH]


def taken_projects(
    taken: Taken,
    *,
    name: str,
    categories: Mapping[str, str],
    extents: Mapping[str, float],
    bound: Bound | None = None,
) -> TakenProjects:
    """Make projects of the features of a layer.

    Parameters
    ----------
    taken
        The layer; its ``name``, ``category``, ``decided_on`` and ``accuracy_m`` are used.
    name
        What to call the list.
    categories
        Project category by what stands in the layer's ``category``. What is not in it gets no
        category, and so is compared with every rule.
    extents
        Default extent in metres by project category, for points; they say so in the findings.
    bound
        How the geometries bound the projects; ``None`` for points as reference positions and
        lines and areas as the projects themselves.

    Returns
    -------
    projects
        One per feature, those without a position included. A project is called by its name, with
        its place in the file where a name is missing or not the only one.
    """
    rows = taken.frame.to_dict("records")
    ids = _identifiers([str(row["name"]).strip() for row in rows], taken.labels)
    projects = [
        _project(row, identifier, categories.get(str(row["category"]), ""), extents, bound)
        for row, identifier in zip(rows, ids, strict=True)
    ]
    return TakenProjects(name, project_frame(projects), (taken.provenance,), taken.issues)


def _identifiers(names: Sequence[str], labels: Sequence[str]) -> list[str]:
    """Return a distinct id for each row: its name where that is enough."""
    counts = Counter(names)
    unique = {name for name, count in counts.items() if name and count == 1}
    ids: list[str] = []
    used = set(unique)
    for name, label in zip(names, labels, strict=True):
        if name in unique:
            ids.append(name)
            continue
        number = label.removeprefix("row ")
        identifier = f"{name} #{number}" if name else f"#{number}"
        while identifier in used:
            identifier += "'"
        used.add(identifier)
        ids.append(identifier)
    return ids


def _project(
    row: Mapping[Any, Any],
    identifier: str,
    category: str,
    extents: Mapping[str, float],
    bound: Bound | None,
) -> dict[str, Any]:
    geometry = row["geometry"]
    bounded = _bound(geometry, bound)
    by_default = bounded == Bound.POSITION and category in extents
    name = str(row["name"]).strip() or identifier
    return {
        "project_id": identifier,
        "name_zh": name,
        "name_en": name,
        "category": category,
        "decided_on": date.fromisoformat(row["decided_on"]) if row["decided_on"] else None,
        "bound": str(bounded),
        "accuracy_m": row["accuracy_m"],
        "extent_m": extents[category] if by_default else math.nan,
        "extent_basis": "default" if by_default else "",
        "known_zh": "",
        "known_en": "",
        "geometry": geometry,
    }


def _bound(geometry: BaseGeometry | None, asked: Bound | None) -> str:
    if geometry is None or geometry.is_empty:
        return ""
    if geometry.geom_type in POINTS:
        return Bound.POSITION
    if asked is not None and shapely.area(geometry) == 0:
        return Bound.POSITION  # a line holds nothing within it: where along it is not known
    return Bound.EXACT if asked is None else asked
