"""The table of the finding page, and which of its rows was clicked."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from etk_geo.search import Item
from etk_geo.store import sha256
from etk_geo.ui.find_selection import table_of
from etk_geo.ui.grid import PADDING_PX, WRAPPING_PX, text_px
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

TABLE_PX = 600
NAME_PX = 190
"""Beside the map of a small window kind and status stay in sight; longer names take two lines."""

TURN, SEEN = "find_turn", "find_seen"


def draw_anew() -> None:
    """Have the table drawn anew on this view, with the row marked that was chosen elsewhere."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _table_key(items: Sequence[Item]) -> str:
    """Return a key that changes with the rows, so that a mark never falls on another row."""
    rows = sha256("\n".join(item.key for item in items).encode())[:8]
    return f"find_table_{rows}_{st.session_state.get(TURN, 0)}"


def clicked_row(items: Sequence[Item]) -> str | None:
    """Return the item that was clicked in the table since the last view, "" for none any more."""
    key = _table_key(items)
    table = st.session_state.get(key)
    if table is None:
        return None
    rows = tuple(table["selection"]["rows"])
    before = st.session_state.get(SEEN)
    st.session_state[SEEN] = (key, rows)
    if before is None or before[0] != key or before[1] == rows:
        return None
    return items[rows[0]].key if rows and rows[0] < len(items) else ""


def show_table(
    items: Sequence[Item], chosen: Item | None, workspace: Workspace, words: Words
) -> None:
    """Draw the items as rows, the chosen one marked."""
    if not items:
        return
    key = _table_key(items)
    rows = [items.index(chosen)] if chosen is not None else []
    table = table_of(items, words, workspace.catalog.layers)
    names = table[table.columns[0]]
    st.dataframe(
        table,
        key=key,
        column_config={table.columns[0]: st.column_config.Column(width=NAME_PX)},
        row_height=WRAPPING_PX if names.map(text_px).max() > NAME_PX - PADDING_PX else None,
        hide_index=True,
        height=TABLE_PX,
        on_select="rerun",
        selection_mode="single-row",
        selection_default={"selection": {"rows": rows}},
        alt=words.say("find.title"),
        placeholder="",
    )
    if st.session_state.get(SEEN, ("",))[0] != key:
        st.session_state[SEEN] = (key, tuple(rows))
