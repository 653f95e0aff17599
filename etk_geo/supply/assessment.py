"""Whether a layer taken in can stand as an official one: everything wrong with it, all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from etk_geo.catalog import Catalog
from etk_geo.i18n import severity
from etk_geo.intake.confirm import Taken
from etk_geo.intake.problems import MOST_LISTED, list_problems
from etk_geo.measure import areas_and_outlines
from etk_geo.model import Completeness, Issue, Severity
from etk_geo.register import Entry, Register, State
from etk_geo.rules import RuleBook, Scope
from etk_geo.supply.area_check import M2_PER_HA, AreaCheck, check_area
from etk_geo.supply.statement import Statement, check_statement, field_issue

BANNER_LAYER, BANNER_FEATURE = "banner", "otog_banner"
DOUBTS = frozenset({"ETK889", "ETK893"})
"""Findings that a reason can settle; it goes into the provenance."""
POLYGONS, LINES = (3, 6), (1, 5)


@dataclass(frozen=True)
class Assessment:
    """What was found before anything is written.

    ``layer_id`` is the id that the layer would get; ``area`` is ``None`` where no area was
    gazetted; ``current`` are the layers in force of the same zone type.
    """

    layer_id: str
    features: int
    digitised_ha: float
    area: AreaCheck | None
    current: tuple[Entry, ...]
    issues: tuple[Issue, ...]

    @property
    def errors(self) -> tuple[Issue, ...]:
        """What must be mended first."""
        return tuple(issue for issue in self.issues if severity(issue) is Severity.ERROR)

    @property
    def doubts(self) -> tuple[Issue, ...]:
        """What needs a reason before the layer is written."""
        return tuple(issue for issue in self.issues if issue.code in DOUBTS)


@dataclass(frozen=True)
class Survey:
    """What a layer is by itself, whatever is stated of it; slow for very many polygons.

    ``problems`` are those of its geometries, accuracies and place; ``types`` GEOS's numbers of the
    types of geometry, one a feature. ``digitised_ha`` (ellipsoidal) and ``strip_m2`` (length of
    every outline times its accuracy) are 0 where a problem is an error.
    """

    problems: tuple[Issue, ...]
    types: npt.NDArray[np.int32]
    digitised_ha: float
    strip_m2: float


def survey_layer(
    taken: Taken, catalog: Catalog, tell: Callable[[int, int], None] | None = None
) -> Survey:
    """Look at the geometries of a layer: faults, accuracy, place, area.

    Parameters
    ----------
    taken
        A confirmed intake: EPSG:4326, with ``accuracy_m``.
    catalog
        The project's layers; the banner's outline is one.
    tell
        Called with rings measured and rings in all; what it raises ends the work.
    """
    file = taken.provenance.origin.upload
    geometry = taken.frame.geometry.to_numpy()
    problems = list_problems(taken.frame, taken.labels, file)
    problems += _without_accuracy(taken, file)
    problems += _place(taken, catalog, file)
    area_m2 = strip_m2 = 0.0
    if not any(severity(issue) is Severity.ERROR for issue in problems):
        areas, outlines = areas_and_outlines(geometry, tell)
        area_m2 = float(areas.sum())
        strip_m2 = float((outlines * taken.frame["accuracy_m"].to_numpy(float)).sum())
    return Survey(tuple(problems), shapely.get_type_id(geometry), area_m2 / M2_PER_HA, strip_m2)


def assess_supply(
    taken: Taken,
    statement: Statement,
    catalog: Catalog,
    book: RuleBook,
    register: Register,
    survey: Survey | None = None,
) -> Assessment:
    """Check a layer and what is stated of it. Nothing is changed or written.

    Parameters
    ----------
    taken
        A confirmed intake: EPSG:4326, with ``accuracy_m``.
    statement
        What the supplier states.
    catalog, book, register
        The project's layers, rules and supplied layers.
    survey
        Of this layer (:func:`survey_layer`), where it was made before.

    Returns
    -------
    assessment
        ETK885, ETK888, ETK896 what is stated; the intake's codes for geometry (invalid, without
        position, ...); ETK887 a geometry type that does not fit; ETK890 no accuracy; ETK891,
        ETK892 where it lies; ETK889, ETK893 doubts; ETK894 other versions.
    """
    file = taken.provenance.origin.upload
    survey = survey or survey_layer(taken, catalog)
    issues = [*check_statement(statement, book, file), *survey.problems]
    if statement.zone_type in book.zone_types:
        issues += _unfitting(taken, survey, book.zone_types[statement.zone_type].scope)
    current = tuple(
        entry for entry in register.of(State.IN_FORCE) if entry.zone_type == statement.zone_type
    )
    issues += _versions(statement, current, file)
    issues += _incomplete(taken, statement, book, file)
    area = None
    sound = not any(severity(issue) is Severity.ERROR for issue in issues)
    if sound and statement.gazetted is not None:
        area = check_area(survey.digitised_ha, survey.strip_m2, statement.gazetted)
        issues += _difference(area, file)
    return Assessment(
        _layer_id(statement, catalog, register),
        len(taken.frame),
        survey.digitised_ha if sound else 0.0,
        area,
        current,
        tuple(issues),
    )


def _unfitting(taken: Taken, survey: Survey, scope: Scope) -> Iterator[Issue]:
    file = taken.provenance.origin.upload
    fitting = (*POLYGONS, *LINES) if scope is Scope.LINE else POLYGONS
    rows = np.flatnonzero(~np.isin(survey.types, fitting))
    for row in rows[:MOST_LISTED]:
        yield Issue(file, taken.labels[row], "ETK887")
    if len(rows) > MOST_LISTED:
        detail = {"code": "ETK887", "count": str(len(rows) - MOST_LISTED)}
        yield Issue(file, "", "ETK863", detail)


def _without_accuracy(taken: Taken, file: str) -> Iterator[Issue]:
    missing = int(taken.frame["accuracy_m"].isna().sum())
    if missing:
        yield Issue(file, "", "ETK890", {"count": str(missing), "of": str(len(taken.frame))})


def banner_outline(catalog: Catalog) -> tuple[Any, float] | None:
    """Return the outline of the banner, degrees, and its accuracy in metres; ``None`` if gone."""
    layer = catalog.layers.get(BANNER_LAYER)
    rows = [] if layer is None else layer.gdf[layer.gdf["id"] == BANNER_FEATURE].to_dict("records")
    if not rows or rows[0]["geometry"] is None:
        return None
    return rows[0]["geometry"], float(rows[0]["accuracy_m"])


def _place(taken: Taken, catalog: Catalog, file: str) -> Iterator[Issue]:
    banner = banner_outline(catalog)
    if banner is None:
        return
    outline = banner[0]
    shapely.prepare(outline)
    geometry = taken.frame.geometry.to_numpy()
    held = ~shapely.is_missing(geometry) & ~shapely.is_empty(geometry)
    meets = shapely.intersects(outline, geometry[held])
    if held.any() and not meets.any():
        yield Issue(file, "", "ETK891")
    elif not meets.all():
        yield Issue(file, "", "ETK892", {"count": str(int((~meets).sum())), "of": str(len(meets))})


def _versions(statement: Statement, current: tuple[Entry, ...], file: str) -> Iterator[Issue]:
    held = {entry.id: entry for entry in current}
    if statement.supersedes is None:
        if current:
            names = ", ".join(f"{entry.id} ({entry.version})" for entry in current)
            yield Issue(file, "", "ETK894", {"held": names})
        return
    for older in statement.supersedes:
        entry = held.get(older)
        if entry is None:
            yield Issue(file, older, "ETK899", {"found": older})
        elif entry.valid_from >= statement.valid_from.isoformat():
            # A version begins after the one whose place it takes.
            found = f"{statement.valid_from.isoformat()} ({older}: {entry.valid_from})"
            yield field_issue("valid_from", found, file)


def _incomplete(taken: Taken, statement: Statement, book: RuleBook, file: str) -> Iterator[Issue]:
    """Doubt a layer said to be complete that has fewer zones than the plan names."""
    named = [
        source.feature
        for source in book.zone_sources
        if source.zone_type == statement.zone_type and not source.bound
    ]
    if statement.complete is Completeness.BANNER and len(taken.frame) < len(named):
        detail = {
            "named": str(len(named)),
            "names": ", ".join(named),
            "held": str(len(taken.frame)),
        }
        yield Issue(file, "", "ETK889", detail)


def _difference(area: AreaCheck, file: str) -> Iterator[Issue]:
    if not area.holds:
        detail = {
            "digitised": f"{area.digitised_ha:,.2f}",
            "gazetted": f"{area.gazetted_ha:,.2f}",
            "difference": f"{area.difference_percent:+.2f}",
            "tolerance": f"{area.tolerance_percent:.2f}",
        }
        yield Issue(file, "", "ETK893", detail)


def _layer_id(statement: Statement, catalog: Catalog, register: Register) -> str:
    taken = {*catalog.layers, *catalog.former, *(entry.id for entry in register.entries)}
    stem = f"{statement.zone_type}_{statement.valid_from:%Y%m%d}"
    number, name = 1, stem
    while name in taken:
        number += 1
        name = f"{stem}_{number}"
    return name
