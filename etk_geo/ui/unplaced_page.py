"""位置待补: everything without a known position: what is known, what is missing, who holds it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.ui import cached, state
from etk_geo.ui.grid import plain, show_list
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.ui.rows import filled, layer_titles, unplaced_rows
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

NO_TOWNSHIP = "none"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    layers = workspace.catalog.layers
    unplaced = cached.unplaced(workspace)
    missing = tell_missing(workspace, words, Need.LAYERS)
    if unplaced.empty:
        if not missing:
            st.info(words.say("unplaced.none"))
        return
    chosen = _choose(workspace, unplaced, words)
    st.markdown(words.say("unplaced.count", n=len(chosen), all=len(unplaced)))
    for layer_id, rows in chosen.groupby("layer_id", sort=False):
        title = layer_titles([str(layer_id)], layers, words)
        st.subheader(plain(words.say("unplaced.layer", layer=title, n=len(rows))), anchor=False)
        table = unplaced_rows(rows, layers, words)
        show_list(filled(table.drop(columns=words.say("column.layer"))), title)
    st.download_button(
        words.say("mark.csv"),
        table_csv(unplaced_rows(chosen, layers, words)),
        "unplaced.csv",
        "text/csv",
        key="unplaced_csv",
        on_click="ignore",
        icon=":material/download:",
    )


def _choose(workspace: Workspace, unplaced: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Draw the filters and return the features that pass them."""
    layers = workspace.catalog.layers
    picked_layers = st.pills(
        words.say("column.layer"),
        list(unplaced["layer_id"].unique()),
        selection_mode="multi",
        format_func=lambda name: plain(layer_titles([name], layers, words)),
        key=state.UNPLACED_LAYER,
    )
    named = list(dict.fromkeys(name for names in unplaced["townships"] for name in names))
    picked = st.pills(
        words.say("unplaced.township"),
        [*named, NO_TOWNSHIP],
        selection_mode="multi",
        format_func=lambda name: plain(
            words.say("unplaced.no_township") if name == NO_TOWNSHIP else words.name("places", name)
        ),
        key=state.UNPLACED_TOWNSHIP,
    )
    chosen = unplaced
    if picked_layers:
        chosen = chosen[chosen["layer_id"].isin(picked_layers)]
    if picked:
        wanted = [
            bool({*names, *([] if names else [NO_TOWNSHIP])}.intersection(picked))
            for names in chosen["townships"]
        ]
        chosen = chosen[wanted]
    return chosen
