"""Projects by families or types of zone: in each cell how many zones have which standing.

Counts only; how a cell looks is the page's business. Every zone of a project is in the counts of
each column that it belongs to, so a zone that is of two families counts in both; the row's own
totals count it once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from etk_geo.rules import RuleBook
from etk_geo.screening.findings import Screening
from etk_geo.screening.overview import Overview
from etk_geo.screening.standing import STANDINGS, standings
from etk_geo.screening.zones import Zone

RANK_STEP = 1_000_000
"""What one standing weighs in :meth:`Matrix.severity` against the number of zones."""
UNTYPED = "untyped"
"""Column of zones that stand for no zone type."""

Counts = npt.NDArray[np.int32]
"""Numbers of zones."""


@dataclass(frozen=True)
class Matrix:
    """Counts of zones by project, column and standing.

    ``counts`` has the shape projects x ``columns`` x ``STANDINGS``; ``totals`` the same without
    columns, every zone once. ``projects`` is that of the screening, in the same order.
    """

    projects: pd.DataFrame
    columns: tuple[str, ...]
    counts: Counts
    totals: Counts

    def severity(self, rows: Any = slice(None)) -> npt.NDArray[np.int64]:
        """Return a number for each cell of some rows by which cells sort: standing, then how many.

        -1 where the cell has no zone.
        """
        counts = self.counts[rows].astype(np.int64)
        present = counts > 0
        rank = np.where(
            present.any(axis=2), present.shape[2] - 1 - np.argmax(present[:, :, ::-1], axis=2), -1
        )
        worst = np.take_along_axis(counts, np.maximum(rank, 0)[:, :, None], axis=2)[:, :, 0]
        return np.where(rank < 0, -1, rank * RANK_STEP + np.minimum(worst, RANK_STEP - 1))


def families_of(book: RuleBook) -> tuple[str, ...]:
    """Return the families of zone types, in the order of ``rules/zone_types.csv``."""
    return tuple(dict.fromkeys(kind.family for kind in book.zone_types.values()))


def by_family(screening: Screening | Overview, book: RuleBook) -> Matrix:
    """Count the zones of each project by family of zone types; those of no type come last."""
    belongs = {
        zone.id: {book.zone_types[code].family for code in zone.zone_types} or {UNTYPED}
        for zone in screening.zones
    }
    untyped = any(UNTYPED in names for names in belongs.values())
    columns = families_of(book)
    return _matrix(screening, (*columns, UNTYPED) if untyped else columns, belongs)


def by_type(screening: Screening | Overview, book: RuleBook, family: str) -> Matrix:
    """Count the zones of each project by the types of one family.

    A zone of a type counts in the wider types of the family as well.
    """
    columns = tuple(kind.code for kind in book.zone_types.values() if kind.family == family)
    belongs = {zone.id: _types(zone, book) for zone in screening.zones}
    return _matrix(screening, columns, belongs)


def _types(zone: Zone, book: RuleBook) -> set[str]:
    return {wider for code in zone.zone_types for wider in book.ancestors(code)}


def _matrix(
    screening: Screening | Overview, columns: tuple[str, ...], belongs: Mapping[str, set[str]]
) -> Matrix:
    shape = (len(screening.projects), len(screening.zones))
    if isinstance(screening, Overview):
        standing = screening.standing
    else:
        standing = standings(screening.findings).reshape(shape)
    each = standing[:, :, None] == np.arange(len(STANDINGS))
    counts = np.zeros((shape[0], len(columns), len(STANDINGS)), dtype=np.int32)
    for number, column in enumerate(columns):
        member = [column in belongs[zone.id] for zone in screening.zones]
        counts[:, number] = each[:, np.array(member, dtype=bool)].sum(axis=1)
    return Matrix(screening.projects, columns, counts, each.sum(axis=1, dtype=np.int32))
