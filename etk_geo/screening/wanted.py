"""Which data would let how much of a screening be compared, the most useful first.

Only pairs whose project has a position are counted for a layer: without one, no layer helps. That a
pair can be compared does not say that it will be decided: that depends on the accuracy of both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from etk_geo.rules import Effect, RuleBook, ZoneType
from etk_geo.screening.findings import Screening
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.zones import Barrier, Zone

GONE = (Barrier.NONE, Barrier.SUPERSEDED, Barrier.NOT_SELECTED)
"""Zones that no data is missing of: held ones, and those that the law or the user leaves out."""


@dataclass(frozen=True)
class Wanted:
    """Pairs of a screening that wait for the data of one zone type.

    ``pairs`` counts those that a rule may apply to; ``prohibited`` and ``needs_approval`` are the
    ones among them where that is the worst that may follow. ``projects`` counts the projects.
    """

    kind: ZoneType
    pairs: int
    prohibited: int
    needs_approval: int
    projects: int


@dataclass(frozen=True)
class Wants:
    """All that a screening waits for.

    ``layers`` are in order of use: prohibitions that may be hidden, approvals, then all pairs; each
    pair counts for every type that its zone stands for. ``open`` is how many pairs wait for a
    layer, ``unplaced`` are the projects without a position, and ``imprecise`` counts the pairs
    that data is held for, but not precisely enough.
    """

    layers: tuple[Wanted, ...]
    open: int
    unplaced: tuple[str, ...]
    imprecise: int


@dataclass
class _Count:
    prohibited: int = 0
    needs_approval: int = 0
    pairs: int = 0
    projects: set[str] = field(default_factory=set)


def wanted_data(screening: Screening, book: RuleBook, unplaced: Collection[str]) -> Wants:
    """Return what a screening waits for.

    Parameters
    ----------
    screening
        As from :func:`etk_geo.screening.findings.screen_projects`.
    book
        The rules it was made with.
    unplaced
        Ids of its projects that have no position.
    """
    found = screening.findings
    placed = ~found["project_id"].isin(list(unplaced)).to_numpy()
    missing = {zone.id: zone for zone in screening.zones if zone.barrier not in GONE}
    waits = (
        placed
        & (found["verdict"] == str(Verdict.NOT_CHECKED)).to_numpy()
        & (found["possible"] != "").to_numpy()
        & found["zone_id"].isin(list(missing)).to_numpy()
    )
    imprecise = placed & (found["verdict"] == str(Verdict.INDETERMINATE)).to_numpy()
    layers = sorted(_layers(found[waits], missing, book), key=_use)
    gone = set(unplaced)
    named = tuple(str(name) for name in screening.projects["project_id"] if name in gone)
    return Wants(tuple(layers), _number(waits), named, _number(imprecise))


def _number(rows: npt.NDArray[np.bool_]) -> int:
    return int(rows.sum())


def _layers(waiting: pd.DataFrame, missing: dict[str, Zone], book: RuleBook) -> Iterable[Wanted]:
    counts: dict[str, _Count] = {}
    columns = (waiting[name] for name in ("project_id", "zone_id", "possible"))
    for project_id, zone_id, possible in zip(*columns, strict=True):
        for code in missing[zone_id].zone_types:
            count = counts.setdefault(code, _Count())
            count.pairs += 1
            count.prohibited += possible == str(Effect.PROHIBITED)
            count.needs_approval += possible == str(Effect.NEEDS_APPROVAL)
            count.projects.add(project_id)
    for code, count in counts.items():
        yield Wanted(
            book.zone_types[code],
            count.pairs,
            count.prohibited,
            count.needs_approval,
            len(count.projects),
        )


def _use(wanted: Wanted) -> tuple[int, int, int, str]:
    return -wanted.prohibited, -wanted.needs_approval, -wanted.pairs, wanted.kind.code
