"""Finding: one index over projects, targets, places, layers and features, and its filters.

``list_items`` collects what can be found, ``SearchIndex.find`` ranks it for what is typed,
``Selection`` filters it, ``facet_counts`` says how many each filter would leave.
"""

from etk_geo.search.facets import FACETS, Facet, Selection, facet_counts, select
from etk_geo.search.index import Field, Hit, SearchIndex
from etk_geo.search.items import Item, ItemKind, list_items

__all__ = [
    "FACETS",
    "Facet",
    "Field",
    "Hit",
    "Item",
    "ItemKind",
    "SearchIndex",
    "Selection",
    "facet_counts",
    "list_items",
    "select",
]
