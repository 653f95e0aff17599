"""One target: gap, needed yearly pace, share reached, and the rule that gives its light.

With direction d (1: more is better, -1: less is), baseline b, target t, actual a of year y, start
year s and end year e::

    gap             = d · (t − a), where positive; for "about" beyond its tolerance only
    needed pace     = gap ÷ (e − y), a year
    share reached   = (a − b) ÷ (t − b)      level and share with a baseline
                    = a ÷ t                  increment and cumulative, which begin at 0
                    = a ÷ t                  the others, as a part of the target only
    share of time   = (y − s) ÷ (e − s)

An actual of an increment or a cumulative figure is the running total since the start year.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from etk_geo.evaluation.rules import Light, Rule, Rules
from etk_geo.model import is_known
from etk_geo.progress import Entry

ROUNDING = 1e-9
"""By what part of a target an actual may miss it through the rounding of floating point."""

RUNNING = ("increment", "cumulative")
"""Measures whose actual is a running total from zero."""


class Share(StrEnum):
    """From where a share reached is counted."""

    FROM_BASELINE = "from_baseline"
    FROM_ZERO = "from_zero"
    OF_TARGET = "of_target"


@dataclass(frozen=True)
class Result:
    """How far one target is; ``None`` where something cannot be said.

    Parameters
    ----------
    target
        Its row of ``data/targets.csv``.
    year
        That is evaluated.
    actuals
        Every actual value to that year, by year.
    actual, actual_year
        The latest of them.
    direction
        1 where more is better, -1 where less is.
    start
        What the path to the target begins at: the baseline, or 0 for a running total.
    gap
        What is missing, in the target's unit, never negative; 0 where it is reached.
    beyond
        By how much the target is exceeded, in its unit.
    years_left
        From the actual's year to the end year.
    needed_pace
        What is missing, per year that is left.
    years_passed, pace
        From the start year to the actual's year, and what was gained per year so far.
    share, share_kind
        Share reached: 0.5 is half; below 0 where it went the wrong way.
    expected_share
        Share of the time that had passed at the actual's year.
    rule, light
        Why, and which.
    """

    target: Mapping[str, Any]
    year: int
    actuals: Mapping[int, Entry]
    direction: int
    rule: Rule
    light: Light
    actual: float | None = None
    actual_year: int | None = None
    start: float | None = None
    gap: float | None = None
    beyond: float | None = None
    years_left: int | None = None
    needed_pace: float | None = None
    years_passed: int | None = None
    pace: float | None = None
    share: float | None = None
    share_kind: Share | None = None
    expected_share: float | None = None

    @property
    def is_reached(self) -> bool | None:
        """Whether the target is reached, ``None`` where that is not known."""
        return None if self.gap is None else self.gap == 0


def judge(
    target: Mapping[str, Any], actuals: Mapping[int, Entry], year: int, rules: Rules
) -> Result:
    """Work out how far a target is.

    Parameters
    ----------
    target
        A row of ``Plan.targets``.
    actuals
        Actual values by year; those after ``year`` are left out.
    year
        That is evaluated.
    rules
        Thresholds and lights.
    """
    known = {y: entry for y, entry in sorted(actuals.items()) if y <= year}
    direction = direction_of(target, rules)
    values: dict[str, Any] = {}
    if known:
        actual_year, entry = max(known.items())
        values = _measured(target, float(entry.said.value or 0), actual_year, direction, rules)
    rule = _rule(target, values, year, rules)
    return Result(target, year, known, direction, rule, rules.lights[rule], **values)


def direction_of(target: Mapping[str, Any], rules: Rules) -> int:
    """Return 1 where more is better, -1 where less is.

    The rules' own list decides, then the comparator, then the way from the baseline to the target.
    """
    if target["id"] in rules.directions:
        return rules.directions[target["id"]]
    if target["comparator"] in (">=", "<="):
        return 1 if target["comparator"] == ">=" else -1
    wanted, baseline = target["target_2025"], target["baseline_2020"]
    if target["measure"] in RUNNING or not is_known(wanted) or not is_known(baseline):
        return rules.default_direction
    if wanted == baseline:
        return rules.default_direction
    return 1 if wanted > baseline else -1


def _measured(
    target: Mapping[str, Any], actual: float, actual_year: int, direction: int, rules: Rules
) -> dict[str, Any]:
    """Return the numbers that an actual gives; only those that can be said."""
    values: dict[str, Any] = {"actual": actual, "actual_year": actual_year}
    wanted = target["target_2025"]
    if not is_known(wanted):
        return values
    missing = direction * (wanted - actual)
    tolerance = rules.about_tolerance if target["comparator"] == "~" else ROUNDING
    reached = missing <= tolerance * abs(wanted)
    values["gap"] = 0.0 if reached else missing
    values["beyond"] = max(0.0, -missing)
    values["years_left"] = max(0, rules.end_year - actual_year)
    if target["measure"] != "rate":
        if not reached and values["years_left"]:
            values["needed_pace"] = missing / values["years_left"]
        values["start"] = _start(target)
        passed = actual_year - rules.start_year
        values["expected_share"] = min(1.0, max(0, passed) / (rules.end_year - rules.start_year))
        if values["start"] is not None and passed > 0:
            values["years_passed"] = passed
            values["pace"] = (actual - values["start"]) / passed
    values["share"], values["share_kind"] = _share(target, actual, direction)
    return values


def _start(target: Mapping[str, Any]) -> float | None:
    if target["measure"] in RUNNING:
        return 0.0
    baseline = target["baseline_2020"]
    return float(baseline) if is_known(baseline) else None


def _share(
    target: Mapping[str, Any], actual: float, direction: int
) -> tuple[float | None, Share | None]:
    wanted, start = target["target_2025"], _start(target)
    if target["measure"] in RUNNING:
        return (actual / wanted, Share.FROM_ZERO) if wanted > 0 else (None, None)
    # A rate has no path: every year has its own.
    if target["measure"] != "rate" and start is not None and direction * (wanted - start) > 0:
        return (actual - start) / (wanted - start), Share.FROM_BASELINE
    if direction > 0 and wanted > 0 and actual >= 0:
        return actual / wanted, Share.OF_TARGET
    return None, None


def _rule(target: Mapping[str, Any], values: Mapping[str, Any], year: int, rules: Rules) -> Rule:
    """Return the first rule that applies."""
    if not is_known(target["target_2025"]):
        return Rule.NO_TARGET
    if not values:
        return Rule.NO_DATA
    if not target["comparator"]:
        return Rule.NO_COMPARATOR
    reached = values["gap"] == 0
    # A running total that has reached its target does not fall below it again.
    lasting = reached and target["measure"] in RUNNING
    if values["actual_year"] < year - rules.oldest_actual_years and not lasting:
        return Rule.OLD_DATA
    return Rule.REACHED if reached else _rule_of_a_gap(target, values, rules)


def _rule_of_a_gap(target: Mapping[str, Any], values: Mapping[str, Any], rules: Rules) -> Rule:
    share = values["share"]
    on_the_way = values["actual_year"] < rules.end_year and target["measure"] != "rate"
    if on_the_way and _start(target) is None:
        return Rule.NO_BASELINE
    if share is None:
        return Rule.NO_SHARE
    if on_the_way and values["share_kind"] is not Share.OF_TARGET:
        return _on_path(share, values["expected_share"], rules)
    return Rule.NEARLY if share >= rules.nearly else Rule.MISSED


def _on_path(share: float, expected: float, rules: Rules) -> Rule:
    if share >= rules.on_path * expected - ROUNDING:
        return Rule.ON_PATH
    return Rule.BEHIND if share >= rules.behind * expected - ROUNDING else Rule.FAR_BEHIND
