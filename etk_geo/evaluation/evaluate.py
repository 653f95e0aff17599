"""A whole evaluation: every target judged, projects by status, and what data is missing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from etk_geo.evaluation.arithmetic import RUNNING, Result, judge
from etk_geo.evaluation.rules import Light, Rules
from etk_geo.model import is_known
from etk_geo.plan import Plan, records
from etk_geo.progress import Entry, ProgressBook, Status

FAR_OFF_TIMES = 10
"""An actual so many times the baseline or target is doubted: a slipped unit is a factor of ten
(公顷/亩, 万/十万), of ten thousand (元/万元) and the like."""

DOUBTS = ("falling_total", "impossible_share", "far_off")
"""Kinds of gap that doubt a value which is there."""


class GapKind(StrEnum):
    """What data an evaluation lacks, or doubts."""

    NO_ACTUAL = "no_actual"
    OLD_ACTUAL = "old_actual"
    NO_BASELINE = "no_baseline"
    NO_COMPARATOR = "no_comparator"
    FALLING_TOTAL = "falling_total"
    IMPOSSIBLE_SHARE = "impossible_share"
    FAR_OFF = "far_off"
    NO_STATUS = "no_status"


@dataclass(frozen=True)
class Gap:
    """A thing that is missing or contradicts itself; ``subject`` is a target or a project."""

    kind: GapKind
    subject: str
    detail: str = ""


@dataclass(frozen=True)
class ProjectStatus:
    """A project with the entry that gives its status, ``None`` where there is no progress data."""

    project: Mapping[str, Any]
    entry: Entry | None

    @property
    def status(self) -> Status | None:
        """The status, ``None`` where there is no progress data."""
        return self.entry.said.status if self.entry else None


@dataclass(frozen=True)
class Evaluation:
    """An evaluation of one year.

    Parameters
    ----------
    year
        That is evaluated.
    as_of
        Statuses are those of this day.
    rules
        By which it was judged.
    results
        Of every target that the plan sets for the end year, in the plan's order.
    stated
        Of the figures for which the plan sets no target.
    projects
        Every project with its status, in the plan's order.
    gaps
        What data is missing.
    """

    year: int
    as_of: date
    rules: Rules
    results: tuple[Result, ...]
    stated: tuple[Result, ...]
    projects: tuple[ProjectStatus, ...]
    gaps: tuple[Gap, ...]

    def by_sector(self) -> dict[str, list[Result]]:
        """Return the results of targets by sector, sectors in the plan's order."""
        sectors: dict[str, list[Result]] = {}
        for result in self.results:
            sectors.setdefault(result.target["sector"], []).append(result)
        return sectors

    def lights(self) -> dict[Light, int]:
        """Count the targets by light; every light is there."""
        return {light: sum(r.light is light for r in self.results) for light in Light}

    def statuses(self) -> dict[Status | None, int]:
        """Count the projects by status; every status is there, and ``None`` for no data."""
        found = [project.status for project in self.projects]
        return {status: found.count(status) for status in (*Status, None)}

    def result(self, target: str) -> Result | None:
        """Return the result of one target."""
        return next((r for r in (*self.results, *self.stated) if r.target["id"] == target), None)


def evaluate(
    plan: Plan, book: ProgressBook, rules: Rules, year: int, as_of: date | None = None
) -> Evaluation:
    """Evaluate the plan for one year.

    Parameters
    ----------
    plan
        Targets and projects.
    book
        What is known of them.
    rules
        How targets are judged.
    year
        Actual values to this year count.
    as_of
        Day of the statuses; the last day of the year by default.
    """
    day = as_of or date(year, 12, 31)
    judged = [judge(row, book.actuals(row["id"], year), year, rules) for row in targets_of(plan)]
    results = tuple(r for r in judged if is_known(r.target["target_2025"]))
    projects = tuple(
        ProjectStatus(row, book.status(row["id"], day)) for row in records(plan.projects)
    )
    gaps = (*(gap for result in results for gap in gaps_of(result)), *_without_status(projects))
    stated = tuple(r for r in judged if not is_known(r.target["target_2025"]))
    return Evaluation(year, day, rules, results, stated, projects, gaps)


def targets_of(plan: Plan) -> list[dict[str, Any]]:
    """Return the figures of the plan as rows."""
    return records(plan.targets)


def gaps_of(result: Result) -> list[Gap]:
    """Return what data of a target is missing, and which of its values are to be doubted."""
    target = result.target
    identifier = str(target["id"])
    gaps = []
    if not target["comparator"]:
        gaps.append(Gap(GapKind.NO_COMPARATOR, identifier))
    if result.actual_year is None:
        gaps.append(Gap(GapKind.NO_ACTUAL, identifier))
    elif result.actual_year < result.year:
        gaps.append(Gap(GapKind.OLD_ACTUAL, identifier, str(result.actual_year)))
    if target["measure"] in ("level", "share") and not is_known(target["baseline_2020"]):
        gaps.append(Gap(GapKind.NO_BASELINE, identifier))
    if target["measure"] in RUNNING:
        totals = [entry.said.value or 0.0 for entry in result.actuals.values()]
        if totals != sorted(totals):
            gaps.append(Gap(GapKind.FALLING_TOTAL, identifier))
    return [*gaps, *_doubts(result)]


def _doubts(result: Result) -> Iterator[Gap]:
    """Doubt values that cannot be or hardly can; the detail names the years. None is left out."""
    target, identifier = result.target, str(result.target["id"])
    values = {year: entry.said.value or 0.0 for year, entry in result.actuals.items()}
    if target["measure"] == "share" and target["unit"] == "%":
        wrong = [str(year) for year, value in values.items() if not 0 <= value <= 100]
        if wrong:
            yield Gap(GapKind.IMPOSSIBLE_SHARE, identifier, ", ".join(wrong))
    known = [abs(v) for v in (target["baseline_2020"], target["target_2025"]) if is_known(v) and v]
    if target["measure"] != "level" or not known:
        return
    least = abs(target["baseline_2020"]) if is_known(target["baseline_2020"]) else 0.0
    far = [
        str(year)
        for year, value in values.items()
        if abs(value) >= FAR_OFF_TIMES * max(known)
        or (least > 0 and abs(value) * FAR_OFF_TIMES <= least)
    ]
    if far:
        yield Gap(GapKind.FAR_OFF, identifier, ", ".join(far))


def _without_status(projects: tuple[ProjectStatus, ...]) -> list[Gap]:
    return [Gap(GapKind.NO_STATUS, str(p.project["id"])) for p in projects if p.entry is None]
