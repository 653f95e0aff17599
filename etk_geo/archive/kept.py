"""What is said of a kept screening without opening its record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Kept:
    """One kept screening.

    ``number`` is the year and a running number, ``2026-0001``; ``kept_at`` UTC,
    ``2026-01-31T08:00:00Z``; ``as_of`` the day whose law was applied. ``totals`` counts pairs by
    verdict, ``consequences`` projects by consequence. ``again_of`` is the number of the screening
    that this one computes anew, else empty; ``opinions`` how many opinions were given on it.
    """

    number: str
    kept_at: str
    title: str
    author: str
    remark: str
    as_of: str
    projects: int
    record_hash: str
    totals: Mapping[str, int]
    consequences: Mapping[str, int]
    again_of: str
    opinions: int = 0

    @property
    def pairs(self) -> int:
        """Projects times zones."""
        return sum(self.totals.values())


def consequences_of(content: Mapping[str, Any]) -> dict[str, int]:
    """Count the projects of a record's content by consequence."""
    return dict(sorted(Counter(row["consequence"] for row in content["findings"]).items()))


def search_text(content: Mapping[str, Any], *words: str) -> str:
    """Return what a kept screening can be found by: some words, its projects, its layers."""
    features = content["inputs"]["projects"]["features"]
    names = (str(row[name] or "") for row in features for name in NAMES)
    layers = (str(row[name]) for row in content["inputs"]["layers"] for name in ("id", "sha256"))
    return "\n".join(dict.fromkeys((*words, *names, *layers))).casefold()


NAMES = ("project_id", "name_zh", "name_en")
