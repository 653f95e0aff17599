"""Two evaluations side by side: of every project, target and official layer, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from etk_geo.catalog import Layer
from etk_geo.evaluation.arithmetic import Result
from etk_geo.evaluation.evaluate import Evaluation, ProjectStatus
from etk_geo.evaluation.rules import Light

WORST_FIRST = (Light.RED, Light.AMBER, Light.GREEN, Light.GREY)


@dataclass(frozen=True)
class ProjectPair:
    """A project with its status on either day."""

    before: ProjectStatus
    after: ProjectStatus

    @property
    def id(self) -> str:
        """Id of the project."""
        return str(self.before.project["id"])

    @property
    def differs(self) -> bool:
        """Whether the status is another one; one that is known to one side only counts."""
        return self.before.status != self.after.status


@dataclass(frozen=True)
class TargetPair:
    """A target with its result on either side."""

    before: Result
    after: Result

    @property
    def target(self) -> Mapping[str, Any]:
        """Its row of ``data/targets.csv``."""
        return self.before.target

    @property
    def id(self) -> str:
        """Id of the target."""
        return str(self.target["id"])

    @property
    def differs(self) -> bool:
        """Whether the newest actual value or the light is another one."""
        return _reading(self.before) != _reading(self.after)

    @property
    def change(self) -> float | None:
        """The newest actual value of the later side less that of the earlier, in the target's unit.

        ``None`` where either has none, or both have the one of the same year.
        """
        before, after = self.before, self.after
        if before.actual is None or after.actual is None or before.actual_year == after.actual_year:
            return None
        return after.actual - before.actual


@dataclass(frozen=True)
class LayerPair:
    """An official layer, and on which of the two days it was in force."""

    layer: Layer
    before: bool
    after: bool

    @property
    def differs(self) -> bool:
        """Whether it was in force on one of the days only."""
        return self.before != self.after


@dataclass(frozen=True)
class Comparison:
    """Two evaluations, the earlier one first.

    Parameters
    ----------
    before, after
        The evaluations.
    projects, targets
        Every project and every target for the end year, in the plan's order.
    layers
        The official layers in force on at least one of the days.
    """

    before: Evaluation
    after: Evaluation
    projects: tuple[ProjectPair, ...]
    targets: tuple[TargetPair, ...]
    layers: tuple[LayerPair, ...]


def compare(one: Evaluation, other: Evaluation, layers: Iterable[Layer] = ()) -> Comparison:
    """Set two evaluations of one plan side by side, whichever is given first.

    Parameters
    ----------
    one, other
        Evaluations of the same plan.
    layers
        Layers in force now and those that were; others than official ones are left out.
    """
    before, after = sorted((one, other), key=lambda e: (e.year, e.as_of))
    statuses = {p.project["id"]: p for p in after.projects}
    results = {r.target["id"]: r for r in after.results}
    official = (
        LayerPair(layer, in_force(layer, before.as_of), in_force(layer, after.as_of))
        for layer in layers
    )
    return Comparison(
        before,
        after,
        tuple(ProjectPair(p, statuses[p.project["id"]]) for p in before.projects),
        tuple(TargetPair(r, results[r.target["id"]]) for r in before.results),
        tuple(pair for pair in official if pair.before or pair.after),
    )


def in_force(layer: Layer, day: date) -> bool:
    """Return whether an official layer was in force on a day; a layer of other kind never is."""
    supplied = layer.provenance.supplied
    if supplied is None or day.isoformat() < supplied.valid_from:
        return False
    return not supplied.valid_to or day.isoformat() <= supplied.valid_to


def worst_light(results: Iterable[Result]) -> Light:
    """Return the worst of the lights that were given; grey where none was judged."""
    given = {result.light for result in results}
    return next((light for light in WORST_FIRST if light in given), Light.GREY)


def _reading(result: Result) -> tuple[float | None, int | None, Light]:
    return result.actual, result.actual_year, result.light
