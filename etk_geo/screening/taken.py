"""Projects that a user brought by the intake, in the form in which screening takes them.

The one way from a layer taken in to a list of projects: nothing is added that the layer or the
user did not say.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from etk_geo.intake.confirm import IntakeProvenance, Taken
from etk_geo.model import Bound, Issue
from etk_geo.screening.projects import frame_of_columns

KEY_LENGTH = 12
POINT_TYPES = (0, 4)
"""GEOS's numbers of points and of several."""


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
    frame = taken.frame
    geometry = frame.geometry.to_numpy()
    names = [str(name).strip() for name in frame["name"]]
    ids = _identifiers(names, taken.labels)
    called = [name or identifier for name, identifier in zip(names, ids, strict=True)]
    category = frame["category"].astype(str).map(lambda said: categories.get(said, ""))
    bounds = _bounds(geometry, bound)
    extent_m = category.map(extents).to_numpy(dtype=float)
    by_default = (bounds == Bound.POSITION) & ~np.isnan(extent_m)
    nothing = np.full(len(frame), "", dtype=object)
    columns: dict[str, Any] = {
        "project_id": ids,
        "name_zh": called,
        "name_en": called,
        "category": category.to_numpy(dtype=object),
        "decided_on": _days(frame["decided_on"]),
        "bound": bounds,
        "accuracy_m": frame["accuracy_m"].to_numpy(dtype=float),
        "extent_m": np.where(by_default, extent_m, np.nan),
        "extent_basis": np.where(by_default, "default", nothing),
        "known_zh": nothing,
        "known_en": nothing,
    }
    projects = frame_of_columns(columns, geometry)
    return TakenProjects(name, projects, (taken.provenance,), taken.issues)


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


def _days(column: pd.Series[Any]) -> list[date | None]:
    """Return days of ISO texts; each text is read once."""
    days = {said: date.fromisoformat(said) for said in column.unique() if said}
    return [days.get(said) for said in column]


def _bounds(geometry: npt.NDArray[Any], asked: Bound | None) -> npt.NDArray[Any]:
    """Return how each geometry bounds its project, empty where there is none."""
    types = shapely.get_type_id(geometry)
    nowhere = shapely.is_missing(geometry) | shapely.is_empty(geometry)
    bounds = np.full(len(geometry), str(asked or Bound.EXACT), dtype=object)
    if asked is not None:
        # A line holds nothing within it: where along it is not known.
        bounds[shapely.area(geometry) == 0] = str(Bound.POSITION)
    bounds[np.isin(types, POINT_TYPES)] = str(Bound.POSITION)
    bounds[nowhere] = ""
    return bounds
