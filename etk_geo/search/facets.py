"""Filters over items: what is selected, what it leaves, and how many each choice would leave."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from etk_geo.search.items import Item

UNKNOWN = "-"
"""The choice of what has no value in a facet: no township is named, no progress data."""


class Facet(StrEnum):
    """What items can be filtered by; also the name in the address of a page."""

    KIND = "kind"
    SECTOR = "sector"
    CATEGORY = "category"
    LAYER = "layer"
    TOWNSHIP = "township"
    STATUS = "status"
    CITATION = "citation"
    MEASURE = "measure"


FACETS: Mapping[Facet, Callable[[Item], tuple[str, ...]]] = {
    Facet.KIND: lambda item: (item.kind,),
    Facet.SECTOR: lambda item: item.sectors,
    Facet.CATEGORY: lambda item: (item.category,) if item.category else (),
    Facet.LAYER: lambda item: item.layers,
    Facet.TOWNSHIP: lambda item: item.townships,
    Facet.STATUS: lambda item: (item.status,) if item.status else (),
    Facet.CITATION: lambda item: _sections(item.citations),
    Facet.MEASURE: lambda item: (item.measure,) if item.measure else (),
}
"""The values of an item in each facet. A section of the plan counts for its chapter and part."""


@dataclass(frozen=True)
class Selection:
    """What is chosen: values by facet. Several values of one facet widen, facets narrow."""

    chosen: tuple[tuple[Facet, tuple[str, ...]], ...] = ()

    @classmethod
    def of(cls, chosen: Mapping[Facet, Iterable[str]]) -> Selection:
        """Make a selection; the same choice in another order is the same selection."""
        pairs = ((facet, tuple(sorted(set(chosen.get(facet, ()))))) for facet in Facet)
        return cls(tuple((facet, values) for facet, values in pairs if values))

    @classmethod
    def from_parameters(cls, parameters: Mapping[str, str]) -> Selection:
        """Read the parameters of an address; what is no filter is left alone."""
        return cls.of(
            {
                facet: [part for part in parameters.get(facet, "").split(",") if part]
                for facet in Facet
            }
        )

    def parameters(self) -> dict[str, str]:
        """Return the selection as parameters of an address, empty where nothing is chosen."""
        return {str(facet): ",".join(values) for facet, values in self.chosen}

    def without(self, facet: Facet) -> Selection:
        """Return the selection without one of its filters."""
        return replace(self, chosen=tuple(pair for pair in self.chosen if pair[0] != facet))

    def matches(self, item: Item) -> bool:
        """Return whether an item passes every filter."""
        for facet, wanted in self.chosen:
            values = FACETS[facet](item) or (UNKNOWN,)
            if not set(values).intersection(wanted):
                return False
        return True


def select(items: Iterable[Item], selection: Selection) -> list[Item]:
    """Return the items that a selection leaves, in their order."""
    return [item for item in items if selection.matches(item)]


def facet_counts(items: Iterable[Item], selection: Selection) -> dict[Facet, dict[str, int]]:
    """Count, per facet and value, the items that would be left if that value alone were chosen.

    The other facets' choices apply. :data:`UNKNOWN` counts those without a value.
    """
    everything = list(items)
    counts = {}
    for facet, values_of in FACETS.items():
        left = select(everything, selection.without(facet))
        counter = Counter(value for item in left for value in values_of(item) or (UNKNOWN,))
        counts[facet] = dict(counter)
    return counts


def _sections(citations: Iterable[str]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for citation in citations:
        parts = citation.split(".")
        for length in range(1, len(parts) + 1):
            found[".".join(parts[:length])] = None
    return tuple(found)
