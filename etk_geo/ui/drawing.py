"""Drawing on the plan map inside a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from etk_geo.i18n import text
from etk_geo.intake.drawn import (
    BASE_MAP_M,
    POINTER_PX,
    coarsest_pixel_m,
    default_accuracy_m,
)
from etk_geo.maps.direction import Direction
from etk_geo.maps.drawing import SHAPES, DrawingSetting, Shape, build_drawing_map
from etk_geo.model import Lang
from etk_geo.ui import cached
from etk_geo.workspace import Workspace

HEIGHT_PX = 560
MOST_ACCURACY_M = 100_000.0

Feature = Mapping[str, Any]
"""A GeoJSON feature, WGS 84 degrees, longitude first."""


def draw_on_map(
    workspace: Workspace,
    lang: Lang,
    key: str,
    *,
    start: Sequence[Feature] = (),
    shapes: Sequence[Shape] = SHAPES,
    direction: Direction | None = None,
) -> tuple[Feature, ...]:
    """Show the plan map with drawing tools and return what is drawn on it.

    Parameters
    ----------
    key
        Names the drawing. With another key, drawing starts anew from ``start``; what was drawn
        under the same key comes back while the browser's tab is open.
    start
        What is there at the beginning, to be moved or changed. Features come back with their
        properties; ``redrawn`` in these marks the ones that the user drew or changed.
    shapes
        What may be drawn.
    direction
        What else is asked of the map, such as features to draw below. With one, each dragging of
        a shape or a corner is told at once, and not only when it is saved.

    Returns
    -------
    features
        In the order in which they were drawn. Coordinates have six decimals (0.1 m).
    """
    st.caption(text("drawing.how", lang))
    setting = DrawingSetting(key, lang, shapes, start, live=direction is not None)
    answer = st_folium(
        build_drawing_map(cached.SITE, cached.display(workspace, lang).url, setting),
        key=f"drawing_{key}",
        height=HEIGHT_PX,
        use_container_width=True,
        returned_objects=["all_drawings"],
        feature_group_to_add=None if direction is None else direction.group(lang),
    )
    return _keep_told(answer, key, start)


def drawn_so_far(key: str, start: Sequence[Feature] = ()) -> tuple[Feature, ...]:
    """Return what is drawn under a key, before the map is shown on this run.

    Parameters
    ----------
    key, start
        As for :func:`draw_on_map`.
    """
    return _keep_told(st.session_state.get(f"drawing_{key}"), key, start)


def _keep_told(answer: Any, key: str, start: Sequence[Feature]) -> tuple[Feature, ...]:
    told = (answer or {}).get("all_drawings")
    memory = f"drawing_kept_{key}"
    if told is not None:  # nothing is told until the browser has drawn the map
        st.session_state[memory] = tuple(told)
    return tuple(st.session_state.get(memory, start))


def ask_accuracy(features: Sequence[Feature], lang: Lang, key: str) -> float:
    """Ask how accurate drawn features are; what is filled in says where it comes from.

    Parameters
    ----------
    key
        Names the question; the answer is kept under it.

    Returns
    -------
    accuracy_m
        Metres.
    """
    default = default_accuracy_m(features)
    filled = f"{key}_filled"
    # A coarser view makes a greater number, unless the user has said one.
    if key not in st.session_state or st.session_state[key] == st.session_state.get(filled):
        st.session_state[key] = default
    st.session_state[filled] = default
    return float(
        st.number_input(
            text("drawing.accuracy", lang),
            min_value=0.0,
            max_value=MOST_ACCURACY_M,
            step=10.0,
            format="%.0f",
            key=key,
            help=text(
                "drawing.accuracy_help",
                lang,
                base=f"{BASE_MAP_M:.0f}",
                pixels=f"{POINTER_PX:.0f}",
                metres=f"{coarsest_pixel_m(features):.0f}",
            ),
        )
    )
