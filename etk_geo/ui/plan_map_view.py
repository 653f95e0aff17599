"""The plan map on a page: shown, directed, and asked what the reader picked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit_folium import st_folium

from etk_geo.maps.direction import Direction, FeatureGroup, Pick, read_pick
from etk_geo.maps.plan_map import build_map
from etk_geo.model import Lang
from etk_geo.ui import cached
from etk_geo.workspace import Workspace


def show_plan_map(
    workspace: Workspace,
    lang: Lang,
    direction: Direction,
    *,
    key: str,
    height_px: int,
    groups: Sequence[FeatureGroup] = (),
) -> Pick | None:
    """Show the plan map and return what the reader picked on it.

    The script of the map is the same on every rerun, so the frame and the reader's view stay.

    Parameters
    ----------
    workspace, lang
        The layers to show, and the language.
    direction
        What is asked of the map.
    key
        Session key of the map; one page, one key.
    height_px
        Height of the map in pixels.
    groups
        Feature groups to add below the direction, such as an online base map.

    Returns
    -------
    pick
        The last pick, given again on later runs with the same ``turn``: see :func:`new_pick`.
        ``None`` before the first, and always where ``direction.report`` is off.
    """
    answer = st_folium(
        build_map(cached.SITE, cached.display(workspace, lang).url),
        key=key,
        height=height_px,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=[*groups, direction.group(lang)],
    )
    return read_pick(answer)


def new_pick(pick: Pick | None, key: str) -> Pick | None:
    """Return a pick the first time it is seen under a session key, ``None`` afterwards."""
    if pick is None or st.session_state.get(key) == pick.turn:
        return None
    st.session_state[key] = pick.turn
    return pick
