"""What a screening of a long list found, without all its findings at once.

Two hundred thousand projects against eighty zones are sixteen million findings, some 8 GB. No
finding depends on another project, so a page holds what is asked of all of them: the conclusion of
each project and one small number for each pair; and screens a project again when it is looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from etk_geo.model import BANNER_BOUNDS, Issue, LonLatBounds
from etk_geo.rules import RuleBook
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.ledger import LedgerRow
from etk_geo.screening.standing import standings
from etk_geo.screening.wanted import Wants, joined_wants, wanted_data
from etk_geo.screening.zones import Zone, ZoneSet

MOST_HELD = 1_000_000
"""Pairs of which a page holds every finding, at some 500 bytes each; of more, an overview."""
PART = 500
"""Projects screened at once: their findings are held for that long only. Changes no result."""


@dataclass(frozen=True)
class Overview:
    """What a screening found, project by project and as a small number for each pair.

    ``standing`` has the shape projects by zones, numbers in
    :data:`etk_geo.screening.standing.STANDINGS`; ``wants`` is what it waits for. All else is as in
    :class:`etk_geo.screening.findings.Screening`.
    """

    as_of: date
    projects: pd.DataFrame
    zones: tuple[Zone, ...]
    ledger: tuple[LedgerRow, ...]
    totals: Mapping[str, int]
    issues: tuple[Issue, ...]
    standing: npt.NDArray[np.int8]
    wants: Wants


def is_long(projects: gpd.GeoDataFrame, zones: ZoneSet) -> bool:
    """Tell whether a screening has more findings than a page holds."""
    return len(projects) * len(zones.zones) > MOST_HELD


def overview_in_parts(
    projects: gpd.GeoDataFrame,
    zones: ZoneSet,
    book: RuleBook,
    as_of: date,
    *,
    coverage: LonLatBounds | None = BANNER_BOUNDS,
    tell: Callable[[int, int], None] | None = None,
) -> Overview:
    """Screen projects part by part, and keep of each part what an overview holds.

    Parameters
    ----------
    projects, zones, book, as_of, coverage
        As :func:`etk_geo.screening.findings.screen_projects` takes them; at least one project.
    tell
        Called after each part with how many of how many projects are done. What it raises ends
        the screening.

    Returns
    -------
    overview
        Its conclusions, counts and standings are those of a screening of all projects at once.
    """
    ordered = projects.sort_values("project_id", kind="stable").reset_index(drop=True)
    parts: list[Overview] = []
    for begin in range(0, len(ordered), PART):
        part = ordered.iloc[begin : begin + PART]
        found = screen_projects(part, zones, book, as_of, coverage=coverage)
        parts.append(overview_of(found, part, zones, book))
        if tell is not None:
            tell(begin + len(part), len(ordered))
    return joined_overviews(parts, zones)


def overview_of(
    found: Screening, part: gpd.GeoDataFrame, zones: ZoneSet, book: RuleBook
) -> Overview:
    """Return the overview of one part of a list, sorted by id, without the issues of the zones."""
    without = len(zones.prepared.issues)  # they are the last
    gone = part.geometry.isna() | part.geometry.is_empty
    unplaced = [str(name) for name in part.loc[gone, "project_id"]]
    return Overview(
        as_of=found.as_of,
        projects=found.projects,
        zones=found.zones,
        ledger=found.ledger,
        totals=found.totals,
        issues=found.issues[: len(found.issues) - without],
        standing=standings(found.findings).reshape(len(part), len(found.zones)),
        wants=wanted_data(found, book, unplaced),
    )


def joined_overviews(parts: Sequence[Overview], zones: ZoneSet) -> Overview:
    """Return the overview of a list whose parts are given in order."""
    first = parts[0]
    return Overview(
        as_of=first.as_of,
        projects=pd.concat([part.projects for part in parts], ignore_index=True),
        zones=first.zones,
        ledger=first.ledger,
        totals={name: sum(part.totals[name] for part in parts) for name in first.totals},
        issues=(*(issue for part in parts for issue in part.issues), *zones.prepared.issues),
        standing=np.concatenate([part.standing for part in parts]),
        wants=joined_wants([part.wants for part in parts]),
    )
