"""A screening that goes on in the background: it tells how far it is and can be stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd

from etk_geo.background import Background, Tell
from etk_geo.model import BANNER_BOUNDS, LonLatBounds
from etk_geo.rules import RuleBook
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.overview import Overview, is_long, overview_in_parts
from etk_geo.screening.zones import ZoneSet

PART = 200
"""Projects between two looks at whether to go on; changes no result."""


def screen_in_parts(
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    book: RuleBook,
    as_of: date,
    *,
    coverage: LonLatBounds | None = BANNER_BOUNDS,
    tell: Callable[[int, int], None] | None = None,
) -> Screening:
    """Screen projects part by part, so that the caller hears of it often and may raise to stop.

    Parameters
    ----------
    projects, zones, book, as_of, coverage
        As :func:`etk_geo.screening.findings.screen_projects` takes them.
    tell
        Called after each part with how many of how many projects are done. What it raises ends
        the screening.

    Returns
    -------
    screening
        The same as of all projects at once: no finding depends on another project.
    """
    ordered = projects.sort_values("project_id", kind="stable").reset_index(drop=True)
    parts: list[Screening] = []
    for begin, end in _bounds(len(ordered)):
        part = ordered.iloc[begin:end]
        parts.append(screen_projects(part, zones, book, as_of, coverage=coverage))
        if tell is not None:
            tell(end, len(ordered))
    return _joined(parts, zones)


def _bounds(count: int) -> Iterator[tuple[int, int]]:
    for begin in range(0, max(count, 1), PART):
        yield begin, min(begin + PART, count)


def _joined(parts: list[Screening], zones: ZoneSet) -> Screening:
    first = parts[0]
    if len(parts) == 1:
        return first
    of_zones = zones.prepared.issues
    own = [issue for part in parts for issue in part.issues[: len(part.issues) - len(of_zones)]]
    return replace(
        first,
        findings=pd.concat([part.findings for part in parts], ignore_index=True),
        projects=pd.concat([part.projects for part in parts], ignore_index=True),
        totals={name: sum(part.totals[name] for part in parts) for name in first.totals},
        issues=(*own, *of_zones),
    )


class ScreeningRun(Background[Screening | Overview]):
    """One screening in a thread of its own; of a long list the result is an overview.

    Parameters
    ----------
    projects, zones, book, as_of
        As :func:`screen_in_parts` takes them.
    """

    def __init__(
        self, projects: gpd.GeoDataFrame, zones: ZoneSet, book: RuleBook, as_of: date
    ) -> None:
        def work(tell: Tell) -> Screening | Overview:
            screen = overview_in_parts if is_long(projects, zones) else screen_in_parts
            return screen(
                projects, zones, book, as_of, tell=lambda done, total: tell(done, total, "")
            )

        super().__init__(work, total=len(projects))
