"""图层编辑: the geometry and the properties of a layer's features, with their history."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etk_geo.catalog import Layer, registered_ids
from etk_geo.editing import LayerEditor
from etk_geo.errors import RecordError
from etk_geo.maps.direction import Direction
from etk_geo.model import Kind, Lang, LayerGroup
from etk_geo.ui import records, state
from etk_geo.ui.edit_draft import (
    GO_TO,
    NEW,
    EditDraft,
    drafts,
    forget,
    go_to,
    new_draft,
    open_draft,
    unsaved,
)
from etk_geo.ui.edit_fields import show_fields
from etk_geo.ui.edit_history import show_deleted, show_history
from etk_geo.ui.edit_position import show_position
from etk_geo.ui.edit_review import (
    forget_elsewhere,
    forget_press,
    show_lost,
    show_meeting,
    show_outcome,
    show_review,
)
from etk_geo.ui.grid import plain
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.ui.plan_map_view import new_pick, show_plan_map
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

FEATURE = "feature"
LAYER_CHOICE = "edit_layer"
CHOSEN = "edit_chosen"
PICK = "edit_pick"
MAP_PX = 480
GROUPS = (LayerGroup.PLAN, LayerGroup.REFERENCE, LayerGroup.BASE)
LEAVING = """<script>
(function () {{
  const page = window.parent;
  page.etkUnsaved = {unsaved};
  if (page.etkUnsavedWatch) return;
  page.etkUnsavedWatch = true;
  const script = page.document.createElement("script");
  script.textContent = `window.addEventListener("beforeunload", (event) => {{
    if (window.etkUnsaved) event.preventDefault();
  }});`;
  page.document.head.append(script);
}})();
</script>"""
"""Lets the browser ask before it closes or reloads a window with changes that are not saved."""


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    layers = _editable(workspace)
    missing = tell_missing(workspace, words, Need.LAYERS)
    if not layers:
        if not missing:
            st.info(words.say("edit.none"))
        return
    _go(layers)
    layer = _choose_layer(layers, words)
    feature = _choose_feature(layer, words)
    forget_elsewhere((layer.id, feature))
    editor = LayerEditor(workspace.root, layer.id, records.now)
    if feature is None:
        show_outcome()
        _show_unsaved(layers, words, None)
        _pick_on_map(workspace, layers, layer, words)
        show_deleted(editor, layer.id, words)
    elif feature == NEW:
        draft = _new(layer, words)
        _show_unsaved(layers, words, draft)
        _edit(workspace, editor, draft, words)
    else:
        _open(workspace, layers, editor, (layer.id, feature), words)
    forget_press()
    _warn_on_leaving()


def _editable(workspace: Workspace) -> Mapping[str, Layer]:
    """Return the layers that are built from the tables, plan layers first."""
    built = registered_ids(workspace.root)
    layers = [layer for layer in workspace.catalog.layers.values() if layer.id in built]
    layers.sort(key=lambda layer: GROUPS.index(layer.provenance.group))
    return {layer.id: layer for layer in layers}


def _go(layers: Mapping[str, Layer]) -> None:
    """Choose what was asked for: by a click on the map, a button, or the address."""
    asked = st.session_state.pop(GO_TO, None)
    if asked is None and LAYER_CHOICE not in st.session_state:
        asked = (st.query_params.get(state.LAYER), st.query_params.get(FEATURE))
    if asked is None or asked[0] not in layers:
        return
    layer, feature = asked
    st.session_state[LAYER_CHOICE] = layer
    known = feature == NEW or feature in set(layers[layer].gdf["id"])
    _chosen()[layer] = feature if known else None
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


def _choose_layer(layers: Mapping[str, Layer], words: Words) -> Layer:
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


def _choose_feature(layer: Layer, words: Words) -> str | None:
    """Draw the choice of a feature, or of a new one, and return its id."""
    names = dict(zip(layer.gdf["id"], layer.gdf[f"name_{words.lang}"], strict=True))
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


def _pick_on_map(
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


def _new(layer: Layer, words: Words) -> EditDraft:
    """Ask what is to be added, and return its draft."""
    kinds = list(dict.fromkeys(map(Kind, layer.gdf["kind"]))) or list(Kind)
    st.subheader(words.say("edit.new_title"), anchor=False)
    kind = st.selectbox(
        words.say("edit.member.kind"),
        kinds,
        format_func=lambda one: words.code("kind", one),
        key=f"edit_kind_{layer.id}",
        filter_mode=None,
    )
    draft = drafts().get((layer.id, NEW)) or new_draft(layer.id, kind)
    draft.base = {**draft.base, "properties": {**draft.base["properties"], "kind": kind.value}}
    draft.values["kind"] = kind.value
    if kind in (Kind.PROJECT, Kind.ZONE):
        st.info(words.say(f"edit.new_{kind}"))
    return draft


def _open(
    workspace: Workspace,
    layers: Mapping[str, Layer],
    editor: LayerEditor,
    chosen: tuple[str, str],
    words: Words,
) -> None:
    """Open a feature for editing, or say who else has saved it meanwhile."""
    layer, feature = chosen
    try:
        version = editor.feature(feature)
    except RecordError as error:
        _show_gone(editor, layers, chosen, error, words)
        return
    draft = open_draft(layer, feature, version)
    _show_unsaved(layers, words, draft)
    st.subheader(plain(version.document["properties"][f"name_{words.lang}"]), anchor=False)
    if draft.seen != version.seen:
        show_outcome()
        since = tuple(e for e in editor.history(feature) if e.number > draft.seen)
        show_meeting(workspace, draft, version, since, words)
        return
    _edit(workspace, editor, draft, words)
    show_history(editor, draft, words)


def _show_gone(
    editor: LayerEditor,
    layers: Mapping[str, Layer],
    chosen: tuple[str, str],
    error: RecordError,
    words: Words,
) -> None:
    """Say that a feature was deleted meanwhile; what was changed of it stays at hand."""
    draft = drafts().get(chosen)
    _show_unsaved(layers, words, draft)
    show_lost(draft, error, words)
    show_deleted(editor, chosen[0], words)


def _edit(workspace: Workspace, editor: LayerEditor, draft: EditDraft, words: Words) -> None:
    """Draw map, form, and what will change."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown(f"**{words.say('edit.section.position')}**")
        usable = show_position(workspace, draft, words)
    with right:
        st.markdown(f"**{words.say('edit.section.properties')}**")
        show_fields(draft, words)
    show_review(workspace, editor, draft, words, usable=usable)


def _show_unsaved(layers: Mapping[str, Layer], words: Words, current: EditDraft | None) -> None:
    """Name the features whose changes are not saved, but for the one before the user."""
    for draft in unsaved():
        if draft is current:
            continue
        layer = layers.get(draft.layer)
        name = draft.values[f"name_{words.lang}"] or words.say("edit.new")
        said, open_, drop = st.columns([4, 1, 1], vertical_alignment="center")
        title = words.layer(layer) if layer else draft.layer
        said.warning(plain(words.say("edit.unsaved", name=name, layer=title)))
        open_.button(
            words.say("edit.unsaved_open"),
            key=draft.key("open"),
            on_click=go_to,
            args=(draft.layer, draft.feature),
            width="stretch",
        )
        drop.button(
            words.say("edit.drop"),
            key=draft.key("forget"),
            on_click=forget,
            args=(draft,),
            width="stretch",
        )


def _warn_on_leaving() -> None:
    script = LEAVING.format(unsaved="true" if unsaved() else "false")
    st.iframe(script, height=1)
