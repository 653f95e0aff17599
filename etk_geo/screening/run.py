"""A screening that goes on in the background: it tells how far it is and can be stopped."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import geopandas as gpd
import pandas as pd

from etk_geo.model import BANNER_BOUNDS, LonLatBounds
from etk_geo.rules import RuleBook
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.zones import ZoneSet

PART = 200
"""Projects between two looks at whether to go on; changes no result."""


class ScreeningStoppedError(Exception):
    """The screening was stopped before its end; nothing of it is kept."""


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


class ScreeningRun:
    """One screening in a thread of its own.

    Parameters
    ----------
    projects, zones, book, as_of
        As :func:`screen_in_parts` takes them.
    """

    def __init__(
        self, projects: gpd.GeoDataFrame, zones: ZoneSet, book: RuleBook, as_of: date
    ) -> None:
        self._work = (projects, zones, book, as_of)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="screening", daemon=True)
        self._result: Screening | None = None
        self._error: Exception | None = None
        self.done = 0
        self.total = len(projects)

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Ask it to end after the part at hand."""
        self._stop.set()

    def finished(self, within_s: float = 0.0) -> bool:
        """Tell whether it has ended, waiting for so long at most."""
        self._thread.join(within_s)
        return not self._thread.is_alive()

    def result(self) -> Screening:
        """Return what was found, once it has ended.

        Raises
        ------
        ScreeningStoppedError
            If it was stopped.
        EtkGeoError
            What the screening raised.
        """
        self._thread.join()
        if self._error is not None:
            raise self._error
        if self._result is None:
            raise ScreeningStoppedError
        return self._result

    def _run(self) -> None:
        try:
            self._result = screen_in_parts(*self._work, tell=self._tell)
        except Exception as error:  # noqa: BLE001 - handed to the thread that asks for the result
            self._error = error

    def _tell(self, done: int, total: int) -> None:
        self.done, self.total = done, total
        if self._stop.is_set() and done < total:
            raise ScreeningStoppedError
