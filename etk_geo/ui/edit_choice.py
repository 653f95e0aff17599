"""Which layer and which feature is edited: from the choosers, the map, a button or the address."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etk_geo.catalog import Layer, registered_ids
from etk_geo.maps.direction import Direction
from etk_geo.model import LayerGroup
from etk_geo.ui import state
from etk_geo.ui.edit_draft import GO_TO, NEW, go_to, unsaved
from etk_geo.ui.plan_map_view import new_pick, show_plan_map
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

FEATURE = "feature"
LAYER_CHOICE = "edit_layer"
CHOSEN = "edit_chosen"
PICK = "edit_pick"
MAP_PX = 480
GROUPS = (LayerGroup.PLAN, LayerGroup.REFERENCE, LayerGroup.BASE)


def editable(workspace: Workspace) -> Mapping[str, Layer]:
    """Return the layers that are built from the tables, plan layers first."""
    built = registered_ids(workspace.root)
    layers = [layer for layer in workspace.catalog.layers.values() if layer.id in built]
    layers.sort(key=lambda layer: GROUPS.index(layer.provenance.group))
    return {layer.id: layer for layer in layers}


def follow(layers: Mapping[str, Layer]) -> None:
    """Choose what was asked for: by a click on the map, a button, or the address."""
    asked = st.session_state.pop(GO_TO, None)
    if asked is None and LAYER_CHOICE not in st.session_state:
        asked = (st.query_params.get(state.LAYER), st.query_params.get(FEATURE))
    if asked is None or asked[0] not in layers:
        return
    layer, feature = asked
    st.session_state[LAYER_CHOICE] = layer
    lost = {one.feature for one in unsaved() if one.layer == layer}
    _chosen()[layer] = feature if feature in {NEW, *layers[layer].gdf["id"], *lost} else None
    st.session_state.pop(_feature_key(layers[layer]), None)


def _chosen() -> dict[str, str | None]:
    """Return the feature that is open, by layer."""
    held: dict[str, str | None] = st.session_state.setdefault(CHOSEN, {})
    return held


def _feature_key(layer: Layer) -> str:
    """Return the key of the choice: another one when names may have changed.

    Streamlit tells options apart by what they are called; one that is called otherwise is gone.
    """
    return f"edit_feature_{layer.id}_{layer.provenance.sha256[:12]}"


def choose_layer(layers: Mapping[str, Layer], words: Words) -> Layer:
    """Draw the choice of a layer, and return it."""
    titles = {
        layer.id: f"{words.code('group', layer.provenance.group)} · {words.layer(layer)}"
        for layer in layers.values()
    }
    left, _ = st.columns(2)
    chosen = left.selectbox(
        words.say("layers.choose"),
        list(titles),
        format_func=lambda layer: titles[layer],
        key=LAYER_CHOICE,
        filter_mode=None,
    )
    state.write_address(state.LAYER, chosen)
    return layers[chosen]


def choose_feature(layer: Layer, words: Words) -> str | None:
    """Draw the choice of a feature, or of a new one, and return its id."""
    names = _names(layer, words)
    left, right = st.columns([3, 1], vertical_alignment="bottom")
    key = _feature_key(layer)
    if key not in st.session_state:
        held = _chosen().get(layer.id)
        st.session_state[key] = held if held in names or held == NEW else None
    chosen: str | None = left.selectbox(
        words.say("edit.choose"),
        [*names, NEW],
        index=None,
        format_func=lambda one: words.say("edit.new") if one == NEW else names[one],
        placeholder=words.say("edit.choose_hint"),
        key=key,
        filter_mode="contains",
    )
    _chosen()[layer.id] = chosen
    right.button(
        words.say("edit.new"),
        key="edit_new",
        icon=":material/add_location_alt:",
        on_click=go_to,
        args=(layer.id, NEW),
        disabled=chosen == NEW,
        width="stretch",
    )
    state.write_address(FEATURE, chosen)
    return chosen


def _names(layer: Layer, words: Words) -> dict[str, str]:
    """Return what the features are called by id, and those that are gone but hold changes."""
    names = dict(zip(layer.gdf["id"], layer.gdf[f"name_{words.lang}"], strict=True))
    lost = [one for one in unsaved() if one.layer == layer.id and one.feature not in {NEW, *names}]
    return names | {
        one.feature: words.say("edit.choose_gone", name=one.values[f"name_{words.lang}"])
        for one in lost
    }


def pick_on_map(
    workspace: Workspace, layers: Mapping[str, Layer], layer: Layer, words: Words
) -> None:
    """Draw the map, on which a click opens a feature."""
    st.caption(words.say("edit.pick"))
    direction = Direction(layers={layer.id: True}, report=True, memory=None)
    pick = new_pick(
        show_plan_map(workspace, words.lang, direction, key="edit_map", height_px=MAP_PX), PICK
    )
    if pick is None:
        return
    found = [ref for ref in pick.features if ref.layer in layers]
    if found:
        go_to(found[0].layer, found[0].id)
        st.rerun()
