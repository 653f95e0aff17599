"""Which data would let how much of a screening be compared, the most useful first.

Only pairs whose project has a position are counted for a layer: without one, no layer helps. That a
pair can be compared does not say that it will be decided: that depends on the accuracy of both.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

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
    # One row per project and zone, sorted by both: the columns are tables of projects by zones.
    shape = len(screening.projects), len(screening.zones)
    ids = screening.projects["project_id"]
    gone = ids.isin(list(unplaced)).to_numpy()
    placed = np.broadcast_to(~gone[:, None], shape)
    missing = np.array([zone.barrier not in GONE for zone in screening.zones], dtype=bool)
    verdict, possible = (
        found[name].to_numpy(dtype=object).reshape(shape) for name in ("verdict", "possible")
    )
    waits = placed & (verdict == str(Verdict.NOT_CHECKED)) & (possible != "") & missing
    imprecise = placed & (verdict == str(Verdict.INDETERMINATE))
    layers = sorted(_layers(waits, possible, screening.zones, book), key=_use)
    named = tuple(str(name) for name in ids[gone])
    return Wants(tuple(layers), int(waits.sum()), named, int(imprecise.sum()))


def _layers(
    waits: npt.NDArray[np.bool_],
    possible: npt.NDArray[np.object_],
    zones: Sequence[Zone],
    book: RuleBook,
) -> Iterator[Wanted]:
    """Yield what is wanted of each zone type that a pair waits for."""
    worst = {
        code: waits & (possible == str(code)) for code in (Effect.PROHIBITED, Effect.NEEDS_APPROVAL)
    }
    for code in dict.fromkeys(code for zone in zones for code in zone.zone_types):
        of_type = np.array([code in zone.zone_types for zone in zones], dtype=bool)
        waiting = waits[:, of_type]
        if waiting.any():
            yield Wanted(
                book.zone_types[code],
                int(waiting.sum()),
                prohibited=int(worst[Effect.PROHIBITED][:, of_type].sum()),
                needs_approval=int(worst[Effect.NEEDS_APPROVAL][:, of_type].sum()),
                projects=int(waiting.any(axis=1).sum()),
            )


def joined_wants(parts: Sequence[Wants]) -> Wants:
    """Return what screenings of different projects wait for together."""
    counts: dict[str, Wanted] = {}
    for wanted in (layer for part in parts for layer in part.layers):
        code = wanted.kind.code
        former = counts.get(code)
        counts[code] = wanted if former is None else _sum(former, wanted)
    return Wants(
        tuple(sorted(counts.values(), key=_use)),
        sum(part.open for part in parts),
        tuple(name for part in parts for name in part.unplaced),
        sum(part.imprecise for part in parts),
    )


def _sum(one: Wanted, other: Wanted) -> Wanted:
    return Wanted(
        one.kind,
        one.pairs + other.pairs,
        one.prohibited + other.prohibited,
        one.needs_approval + other.needs_approval,
        one.projects + other.projects,
    )


def _use(wanted: Wanted) -> tuple[int, int, int, str]:
    return -wanted.prohibited, -wanted.needs_approval, -wanted.pairs, wanted.kind.code
