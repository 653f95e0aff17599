"""What can be said of a project and a zone, as stable codes; their wording is not here."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What is certain of a project and a zone (docs/screening.md)."""

    INSIDE = "INSIDE"
    OVERLAPS = "OVERLAPS"
    WITHIN = "WITHIN"
    CLEAR = "CLEAR"
    INDETERMINATE = "INDETERMINATE"
    NOT_CHECKED = "NOT_CHECKED"


class Reason(StrEnum):
    """Why a verdict is what it is: one stable code for each way to reach one."""

    EGG_IN_YOLK = "egg_in_yolk"
    """INSIDE: wherever the project is, the zone surely covers it."""
    YOLKS_SHARE = "yolks_share"
    """OVERLAPS: both surely cover a common place, or one surely reaches into the other."""
    ZONE_IN_PROJECT = "zone_in_project"
    """OVERLAPS: wherever the zone's thing is, the project surely covers it."""
    NEARER_THAN_REACH = "nearer_than_reach"
    """WITHIN: surely apart, and surely nearer than the rule's distance."""
    FARTHER_THAN_REACH = "farther_than_reach"
    """CLEAR: surely farther than the rule's distance."""
    TOUCHES = "touches"
    """CLEAR: both known without error; they share a boundary and no interior."""
    OVERLAP_UNDECIDED = "overlap_undecided"
    """INDETERMINATE: whether they overlap depends on where in the stated accuracy they are."""
    REACH_UNDECIDED = "reach_undecided"
    """INDETERMINATE: surely apart; which side of the rule's distance depends on the accuracy."""
    NEAR_OVERLAP_UNDECIDED = "near_overlap_undecided"
    """INDETERMINATE: surely nearer than the rule's distance; whether they overlap is open."""
    ACCURACY_UNKNOWN = "accuracy_unknown"
    """INDETERMINATE: no accuracy is stated for a geometry that needs one."""
    EXTENT_UNKNOWN = "extent_unknown"
    """INDETERMINATE: how far the real thing reaches from its reference is not known."""
    BEYOND_INNER = "beyond_inner"
    """INDETERMINATE: a geometry is only the least that the real thing covers."""
    WITHIN_OUTER = "within_outer"
    """INDETERMINATE: a geometry only says in which area the real thing lies."""
    PROJECT_WITHOUT_POSITION = "project_without_position"
    """INDETERMINATE: the project has no geometry."""
    PROJECT_GEOMETRY_REFUSED = "project_geometry_refused"
    """INDETERMINATE: the project's geometry cannot be used; the issues say why."""
    PROJECT_FOR_ORIENTATION = "project_for_orientation"
    """NOT_CHECKED: the project's geometry is for orientation only."""
    ZONE_WITHOUT_GEOMETRY = "zone_without_geometry"
    """NOT_CHECKED: the zone has no geometry."""
    ZONE_GEOMETRY_REFUSED = "zone_geometry_refused"
    """NOT_CHECKED: the zone's geometry cannot be used; the issues say why."""
    ZONE_FOR_ORIENTATION = "zone_for_orientation"
    """NOT_CHECKED: the zone's geometry is for orientation only."""


VERDICT_OF: dict[Reason, Verdict] = {
    Reason.EGG_IN_YOLK: Verdict.INSIDE,
    Reason.YOLKS_SHARE: Verdict.OVERLAPS,
    Reason.ZONE_IN_PROJECT: Verdict.OVERLAPS,
    Reason.NEARER_THAN_REACH: Verdict.WITHIN,
    Reason.FARTHER_THAN_REACH: Verdict.CLEAR,
    Reason.TOUCHES: Verdict.CLEAR,
    Reason.OVERLAP_UNDECIDED: Verdict.INDETERMINATE,
    Reason.REACH_UNDECIDED: Verdict.INDETERMINATE,
    Reason.NEAR_OVERLAP_UNDECIDED: Verdict.INDETERMINATE,
    Reason.ACCURACY_UNKNOWN: Verdict.INDETERMINATE,
    Reason.EXTENT_UNKNOWN: Verdict.INDETERMINATE,
    Reason.BEYOND_INNER: Verdict.INDETERMINATE,
    Reason.WITHIN_OUTER: Verdict.INDETERMINATE,
    Reason.PROJECT_WITHOUT_POSITION: Verdict.INDETERMINATE,
    Reason.PROJECT_GEOMETRY_REFUSED: Verdict.INDETERMINATE,
    Reason.PROJECT_FOR_ORIENTATION: Verdict.NOT_CHECKED,
    Reason.ZONE_WITHOUT_GEOMETRY: Verdict.NOT_CHECKED,
    Reason.ZONE_GEOMETRY_REFUSED: Verdict.NOT_CHECKED,
    Reason.ZONE_FOR_ORIENTATION: Verdict.NOT_CHECKED,
}
"""The verdict that each reason stands for."""
