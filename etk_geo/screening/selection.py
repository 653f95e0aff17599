"""Which projects of a list are screened, and on what terms."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd

MARK_LENGTH = 16


@dataclass(frozen=True)
class Pick:
    """Some projects of a list: all, those of a category, or the ones named.

    ``category`` and ``ids`` are both empty for all.
    """

    category: str = ""
    ids: tuple[str, ...] = ()

    def mark(self) -> str:
        """Return the pick as one word for an address: ``all``, ``category:x``, ``ids:a,b``."""
        if self.ids:
            return "ids:" + ",".join(self.ids)
        return f"category:{self.category}" if self.category else "all"

    @classmethod
    def of_mark(cls, mark: str) -> Pick:
        """Return the pick of an address; a word that means nothing picks all."""
        kind, _, rest = mark.partition(":")
        if kind == "ids" and rest:
            return cls(ids=tuple(part for part in rest.split(",") if part))
        return cls(category=rest) if kind == "category" and rest else cls()


@dataclass(frozen=True)
class Terms:
    """On what terms projects are screened: ``None`` keeps what each of them states.

    ``as_of`` is the day whose law applies to projects without a day of decision.
    """

    as_of: date
    category: str | None = None
    decided_on: date | None = None


def chosen(projects: gpd.GeoDataFrame, pick: Pick) -> gpd.GeoDataFrame:
    """Return the projects of a pick, sorted by id; names that the list lacks are left out."""
    keep = pd.Series(data=True, index=projects.index)
    if pick.ids:
        keep = projects["project_id"].isin(pick.ids)
    elif pick.category:
        keep = projects["category"] == pick.category
    return projects[keep].sort_values("project_id", kind="stable").reset_index(drop=True)


def on_terms(projects: gpd.GeoDataFrame, terms: Terms) -> gpd.GeoDataFrame:
    """Return a copy of projects with category and day of decision as the terms state them."""
    table = projects.copy()
    if terms.category is not None:
        table["category"] = terms.category
    if terms.decided_on is not None:
        table["decided_on"] = pd.Series(
            [terms.decided_on] * len(table), index=table.index, dtype="object"
        )
    return table


def categories_of(projects: gpd.GeoDataFrame, known: Collection[str]) -> list[str]:
    """Return the categories that occur, in the order of those known, unknown ones last."""
    found = {str(code) for code in projects["category"] if code}
    return [code for code in known if code in found] + sorted(found - set(known))


def asked_mark(source: str, pick: Pick, terms: Terms, state: str) -> str:
    """Return a mark that is the same only for the same projects, terms and data files.

    Parameters
    ----------
    source
        Stands for the content of the list, as ``TakenProjects.key`` does; for the plan's own
        projects, which are among the data files, any word.
    pick, terms
        Which of its projects, and on what terms.
    state
        Stands for the data files.
    """
    decided = "" if terms.decided_on is None else terms.decided_on.isoformat()
    category = "\0" if terms.category is None else terms.category
    said = (source, pick.category, *pick.ids, "", terms.as_of.isoformat(), category, decided, state)
    digest = hashlib.sha256("\n".join(said).encode(errors="replace"))
    return digest.hexdigest()[:MARK_LENGTH]
