"""位置待补: the features of which no position is known, with what is known and what is missing."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from etk_geo.catalog import Layer
from etk_geo.plan import Plan

TOWNSHIP_KINDS = frozenset({"town", "sumu"})
"""``places.kind`` of what a township is in this banner."""

UNPLACED_COLUMNS = (
    "layer_id",
    "id",
    "name_zh",
    "name_en",
    "kind",
    "category",
    "siting",
    "places",
    "townships",
    "known_zh",
    "known_en",
    "citations",
    "sources",
    "gaps",
)
GAP_COLUMNS = ("what_zh", "what_en", "holder_zh", "holder_en")


def list_unplaced(plan: Plan, layers: Mapping[str, Layer]) -> pd.DataFrame:
    """List every feature without a known position, in legend order.

    Returns
    -------
    unplaced
        One row per feature, columns ``UNPLACED_COLUMNS``: ``townships`` are those of its places
        that are a town or sumu; ``gaps`` lists what no public source gives about the feature or
        one of its places, each a mapping of ``GAP_COLUMNS`` (``data/facts/gaps.csv``). Inputs are
        not changed.
    """
    kinds = dict(zip(plan.places["id"], plan.places["kind"], strict=True))
    rows = []
    for layer in layers.values():
        for feature in layer.unlocated.to_dict("records"):
            places = feature["places"]
            subjects = {feature["id"], *places}
            gaps = plan.gaps[plan.gaps["subject"].isin(subjects)]
            rows.append(
                {
                    **feature,
                    "layer_id": layer.id,
                    "townships": [name for name in places if kinds.get(name) in TOWNSHIP_KINDS],
                    "gaps": gaps[list(GAP_COLUMNS)].to_dict("records"),
                }
            )
    return pd.DataFrame(rows, columns=list(UNPLACED_COLUMNS))
