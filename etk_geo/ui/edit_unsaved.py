"""Changes that are not saved: named on the page, and asked about before the window closes."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.ui.edit_draft import EditDraft, forget, go_to, unsaved
from etk_geo.ui.grid import plain
from etk_geo.wording import Words

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


def show_unsaved(layers: Mapping[str, Layer], words: Words, current: EditDraft | None) -> None:
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


def warn_on_leaving() -> None:
    """Tell the window whether it is to ask before it closes."""
    script = LEAVING.format(unsaved="true" if unsaved() else "false")
    st.iframe(script, height=1)
