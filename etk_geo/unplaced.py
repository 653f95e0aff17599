"""位置待补: the features of which no position is known, with what is known and what is missing."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence

import pandas as pd

from etk_geo.catalog import Layer
from etk_geo.plan import Plan

TOWNSHIP_KINDS = frozenset({"town", "sumu"})
"""``places.kind`` of what a township is in this banner."""

WHOLE_BANNER = "banner"
"""``places.kind`` of the banner itself."""

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
        that are a town or sumu; ``gaps`` lists what no public source gives about the feature, or
        else about its places (what a township or the banner lacks says nothing about a project in
        it), each a mapping of ``GAP_COLUMNS`` (``data/facts/gaps.csv``). Inputs are not changed.
    """
    kinds = dict(zip(plan.places["id"], plan.places["kind"], strict=True))
    townships = {name for name, kind in kinds.items() if kind in TOWNSHIP_KINDS}
    whole = {name for name, kind in kinds.items() if kind == WHOLE_BANNER}
    rows = []
    for layer in layers.values():
        for feature in layer.unlocated.to_dict("records"):
            places = feature["places"]
            gaps = _gaps(plan, [feature["id"]])
            if not gaps:
                gaps = _gaps(plan, [name for name in places if name not in townships | whole])
            rows.append(
                {
                    **feature,
                    "layer_id": layer.id,
                    "townships": [name for name in places if name in townships],
                    "gaps": gaps,
                }
            )
    return pd.DataFrame(rows, columns=list(UNPLACED_COLUMNS))


def _gaps(plan: Plan, subjects: Sequence[str]) -> list[dict[Hashable, str]]:
    rows = plan.gaps[plan.gaps["subject"].isin(subjects)]
    return rows[list(GAP_COLUMNS)].to_dict("records")
