"""From what is sure of pairs to one verdict each, for a rule's distance.

Works on arrays, projects by zones; the geometry has been measured before, so another date's
distances can be judged without measuring again.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from etk_geo.errors import ScreeningError
from etk_geo.model import Bound
from etk_geo.screening.arrays import Bools, Floats
from etk_geo.screening.certainty import CONTACT_M, Certainty, Distances
from etk_geo.screening.depth import RESOLUTION_M
from etk_geo.screening.features import Features
from etk_geo.screening.verdict import VERDICT_OF, Reason, Verdict

REASONS = tuple(Reason)
VERDICTS = tuple(Verdict)
CODE = {reason: np.int8(number) for number, reason in enumerate(REASONS)}
VERDICT_CODE = np.array([VERDICTS.index(VERDICT_OF[reason]) for reason in REASONS], dtype=np.int8)
NEEDS_KEPT = 1 - 2e-3
"""Needed accuracies are told a little finer than found, so that they surely suffice."""

Codes = NDArray[np.int8]


@dataclass(frozen=True)
class Measured:
    """All that geometry says of pairs, before any rule's distance: projects by zones."""

    projects: Features
    zones: Features
    live: Bools
    distances: Distances
    certainty: Certainty
    scale_most: Floats
    exact_within_m: float


@dataclass(frozen=True)
class Judgement:
    """Reasons (and by them verdicts) of pairs, bounds of distance, and the accuracy needed.

    ``surely_near``: nearer than the rule's distance or sharing interior, wherever they are.
    """

    reason: Codes
    distance_least_m: Floats
    distance_most_m: Floats
    needs_m: Floats
    surely_near: Bools
    rests_on_default: Bools

    @property
    def verdict(self) -> Codes:
        """Numbers of the verdicts in ``VERDICTS``."""
        codes: Codes = VERDICT_CODE[self.reason]
        return codes


def judge(measured: Measured, reach_m: Floats) -> Judgement:
    """Give each pair its verdict for a rule's distance.

    Parameters
    ----------
    measured
        What geometry says of the pairs.
    reach_m
        The rule's distance of each pair, metres on the ground, 0 where the law gives none.

    Raises
    ------
    ScreeningError
        If a distance is greater than those measured exactly and the answer hangs on it.
    """
    least, most = _distance_bounds(measured)
    sure = measured.certainty
    _require_exact(measured, reach_m, least)
    apart = (least > 0) | sure.touching
    clear = (least > reach_m) | (sure.touching & (reach_m == 0))
    overlaps = sure.shared | sure.zone_inside
    surely_near = (most < reach_m) | overlaps | sure.inside
    reason = np.full(least.shape, CODE[Reason.OVERLAP_UNDECIDED])
    reason[apart] = CODE[Reason.REACH_UNDECIDED]
    _explain_unknown(measured, reason, apart)
    reason[surely_near] = CODE[Reason.NEAR_OVERLAP_UNDECIDED]
    reason[apart & (most < reach_m)] = CODE[Reason.NEARER_THAN_REACH]
    reason[clear] = CODE[Reason.FARTHER_THAN_REACH]
    reason[clear & sure.touching] = CODE[Reason.TOUCHES]
    reason[sure.zone_inside] = CODE[Reason.ZONE_IN_PROJECT]
    reason[sure.shared] = CODE[Reason.YOLKS_SHARE]
    reason[sure.inside] = CODE[Reason.EGG_IN_YOLK]
    undecided = VERDICT_CODE[reason] == VERDICTS.index(Verdict.INDETERMINATE)
    needs = np.full(least.shape, np.nan)
    if undecided.any():
        needs = np.where(undecided, _needs(measured, reach_m), np.nan)
    _bar(measured, reason)
    for values in (least, most, needs):
        values[~measured.live] = np.nan
    zero = overlaps | sure.inside
    least, most = np.where(zero, 0.0, least), np.where(zero, 0.0, most)
    rests = _rests_on_default(measured, reason)
    return Judgement(reason, least, most, needs, surely_near & measured.live, rests)


def _distance_bounds(measured: Measured) -> tuple[Floats, Floats]:
    """Bound the distance (m) of the real things: infinite where nothing bounds it."""
    projects, zones, distances = measured.projects, measured.zones, measured.distances
    reach = projects.egg_m[:, None] + zones.egg_m[None, :]
    least = np.maximum(distances.least_m - np.where(np.isinf(reach), 0, reach), 0.0)
    least[np.isinf(reach)] = 0.0
    slack = _slack(projects)[:, None] + _slack(zones)[None, :]
    return least, distances.most_m + slack


def _slack(features: Features) -> Floats:
    """Return how much farther (m) a thing may be than the nearest place of its geometry."""
    slack: Floats = np.where(
        np.isfinite(features.core_m), features.core_m, _span(features) + features.egg_m
    )
    return slack


def _span(features: Features) -> Floats:
    left, bottom, right, top = shapely.bounds(features.geoms).T
    span: Floats = np.hypot(right - left, top - bottom)
    return span


def _require_exact(measured: Measured, reach_m: Floats, least: Floats) -> None:
    rough = measured.live & ~measured.distances.exact & (least <= reach_m)
    reach = measured.projects.egg_m[:, None] + measured.zones.egg_m[None, :]
    rough &= np.isfinite(reach)
    if rough.any():
        known, asked = f"{measured.exact_within_m:g}", f"{reach_m[rough].max():g}"
        raise ScreeningError("ETK657", known=known, reach=asked)


def _explain_unknown(measured: Measured, reason: Codes, apart: Bools) -> None:
    """Say of undecided pairs what is not known of one of the two, the project first."""
    zones, projects = measured.zones, measured.projects
    either = {
        Reason.WITHIN_OUTER: Bound.OUTER,
        Reason.EXTENT_UNKNOWN: Reason.EXTENT_UNKNOWN,
        Reason.BEYOND_INNER: Reason.BEYOND_INNER,
        Reason.ACCURACY_UNKNOWN: Reason.ACCURACY_UNKNOWN,
    }
    for code, value in either.items():
        column = "bound" if code is Reason.WITHIN_OUTER else "unknown"
        said = (getattr(projects, column) == value)[:, None] | (getattr(zones, column) == value)
        reason[said & ~apart] = CODE[code]


def _needs(measured: Measured, reach_m: Floats) -> Floats:
    """Return the sum of both accuracies (m) that would decide, all else unchanged; NaN if none."""
    projects, zones, sure = measured.projects, measured.zones, measured.certainty
    fixed_egg = _fixed(projects)[:, None] + _fixed(zones)[None, :]
    fixed_slack = _fixed_slack(projects)[:, None] + _fixed_slack(zones)[None, :]
    near, far = measured.distances.least_m, measured.distances.most_m
    inside = sure.depth_all / measured.scale_most - CONTACT_M - _fixed(projects)[:, None]
    inside[:, ~zones.follows] = np.nan
    shared = sure.depth_most / measured.scale_most - RESOLUTION_M - 2 * CONTACT_M
    shared[~(projects.follows[:, None] & zones.follows[None, :])] = np.nan
    with np.errstate(invalid="ignore"):
        clear = near - fixed_egg - reach_m
        within = np.minimum(near - fixed_egg, reach_m - far - fixed_slack)
        found = np.stack([clear, within, inside, shared])
        found[~np.isfinite(found)] = -1.0
        needs = found.max(axis=0) * NEEDS_KEPT - RESOLUTION_M
    stated = projects.accuracy_m[:, None] + zones.accuracy_m[None, :]
    needs = np.where(np.isnan(stated), needs, np.minimum(needs, stated))
    return np.where(needs > 0, needs, np.nan)


def _fixed(features: Features) -> Floats:
    """Return the part of the egg (m) that no better accuracy takes away."""
    fixed = np.where(features.bound == Bound.POSITION, features.extent_m, 0.0)
    return np.where(np.isnan(fixed) | (features.bound == Bound.INNER), np.inf, fixed)


def _fixed_slack(features: Features) -> Floats:
    return np.where(features.follows, 0.0, _span(features) + _fixed(features))


def _bar(measured: Measured, reason: Codes) -> None:
    """Write in why features take no part; what bars a zone or orientation goes first."""
    for role, axis in ((measured.projects, 0), (measured.zones, 1)):
        for code in np.unique(role.barred[role.barred != ""]):
            rows = role.barred == code
            at = (rows, slice(None)) if axis == 0 else (slice(None), rows)
            reason[at] = CODE[Reason(code)]
    for_orientation = measured.projects.barred == Reason.PROJECT_FOR_ORIENTATION
    free = measured.zones.barred == ""
    reason[np.ix_(for_orientation, free)] = CODE[Reason.PROJECT_FOR_ORIENTATION]


def _rests_on_default(measured: Measured, reason: Codes) -> Bools:
    either = measured.projects.on_default[:, None] | measured.zones.on_default[None, :]
    free: Bools = reason == CODE[Reason.YOLKS_SHARE]
    return either & ~free & measured.live
