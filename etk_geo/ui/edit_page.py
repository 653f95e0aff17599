"""图层编辑: the geometry and the properties of a layer's features, with their history."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.editing import LayerEditor
from etk_geo.errors import RecordError
from etk_geo.model import Kind, Lang
from etk_geo.ui import records
from etk_geo.ui.edit_choice import choose_feature, choose_layer, editable, follow, pick_on_map
from etk_geo.ui.edit_draft import NEW, EditDraft, drafts, new_draft, open_draft
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
from etk_geo.ui.edit_unsaved import show_unsaved, warn_on_leaving
from etk_geo.ui.grid import plain
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    layers = editable(workspace)
    missing = tell_missing(workspace, words, Need.LAYERS)
    if not layers:
        if not missing:
            st.info(words.say("edit.none"))
        return
    follow(layers)
    layer = choose_layer(layers, words)
    feature = choose_feature(layer, words)
    forget_elsewhere((layer.id, feature))
    editor = LayerEditor(workspace.root, layer.id, records.now)
    if feature is None:
        show_outcome()
        show_unsaved(layers, words, None)
        pick_on_map(workspace, layers, layer, words)
        show_deleted(editor, layer.id, words)
    elif feature == NEW:
        draft = _new(layer, words)
        show_unsaved(layers, words, draft)
        _edit(workspace, editor, draft, words)
    else:
        _open(workspace, layers, editor, (layer.id, feature), words)
    forget_press()
    warn_on_leaving()


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
    show_unsaved(layers, words, draft)
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
    show_unsaved(layers, words, draft)
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
