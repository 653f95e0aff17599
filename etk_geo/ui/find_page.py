"""查找: one box and filters over everything; table and map are two views of one selection."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from etk_geo.maps.direction import Pick, read_pick
from etk_geo.model import Lang
from etk_geo.search import Item, ItemKind
from etk_geo.targets import TargetJoins
from etk_geo.ui import cached, records, state
from etk_geo.ui.days import ask_day
from etk_geo.ui.export import offer_export
from etk_geo.ui.find_filters import ask_query, ask_selection, found_items, selected
from etk_geo.ui.find_index import index_of
from etk_geo.ui.find_map import MAP_KEY, direction_of
from etk_geo.ui.find_selection import frame_of, item_of, status_of
from etk_geo.ui.find_table import clicked_row, draw_anew, show_table
from etk_geo.ui.grid import plain
from etk_geo.ui.links import link
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.ui.plan_map_view import new_pick, show_plan_map
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

MAP_PX = 600
PICK = "pick"
CHOSEN = "find_chosen"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    tell_missing(workspace, words, Need.PROJECTS, Need.TARGETS, Need.LAYERS)
    left, right = st.columns([5, 1])
    with left:
        typed = ask_query(words)
    with right, st.popover(words.say("find.date"), width="stretch"):
        day = ask_day(
            words,
            records.today(),
            key="find_day",
            label=words.say("find.day"),
            help_=words.say("find.day_help"),
        )
    book = records.book(workspace, lang)
    tell_no_entries(book, words)
    index = index_of(workspace, book, day)
    items = found_items(index, typed)
    selection = ask_selection(items, workspace, words)
    chosen_items = selected(items, selection)
    st.markdown(words.say("find.count", n=len(chosen_items), all=len(index.items)))
    if index.items and not chosen_items:
        st.info(words.say("find.nothing"))
    joins = cached.joins(workspace)
    narrowed = bool(typed or selection.chosen)
    chosen = _follow(chosen_items, joins)
    table, picture = st.columns([5, 6], gap="medium")
    with table:
        show_table(chosen_items, chosen, workspace, words)
    with picture:
        direction = direction_of(chosen_items, chosen, joins, narrowed=narrowed)
        show_plan_map(workspace, lang, direction, key=MAP_KEY, height_px=MAP_PX)
    if chosen is not None:
        _show_chosen(chosen, words)
    with st.expander(words.say("find.export", n=len(chosen_items)), icon=":material/download:"):
        frame = frame_of(chosen_items, workspace.catalog.layers, joins)
        offer_export(frame, "selection", "find", lang)


def _follow(items: Sequence[Item], joins: TargetJoins) -> Item | None:
    """Return the chosen item: what was last clicked in the table or on the map, or linked to."""
    by_key = {item.key: item for item in items}
    kept = st.session_state
    key = kept.setdefault(CHOSEN, st.query_params.get(PICK, ""))
    pick = new_pick(read_pick(kept.get(MAP_KEY)), f"{MAP_KEY}_turn")
    clicked = clicked_row(items)
    if pick is not None:
        item = _picked(pick, items, joins)
        key = item.key if item else ""
        draw_anew()
        kept[f"{MAP_KEY}_led"] = True
    elif clicked is not None:
        key = clicked
        kept[f"{MAP_KEY}_led"] = False
    if key not in by_key:
        key = ""
    kept[CHOSEN] = key
    state.write_address(PICK, key or None)
    return by_key.get(key)


def _picked(pick: Pick, items: Sequence[Item], joins: TargetJoins) -> Item | None:
    return item_of(pick.features, items, joins) if pick.features else None


def _show_chosen(item: Item, words: Words) -> None:
    """Draw the chosen item in a line, with the way to its page."""
    name = plain(item.name_zh if words.lang == "zh" else item.name_en)
    kind = words.say(f"search.kind.{item.kind}")
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{name}**  \n{plain(words.join([kind, status_of(item, words)]))}")
        page = {ItemKind.PROJECT: "project", ItemKind.TARGET: "target", ItemKind.LAYER: "layers"}
        if item.kind in page:
            parameter = {"layers": "layer"}.get(page[item.kind], page[item.kind])
            label = words.say(f"find.open_{page[item.kind]}")
            link(page[item.kind], label, icon=":material/open_in_new:", **{parameter: item.id})
        elif item.bounds is None:
            st.caption(words.say("position.none"))
