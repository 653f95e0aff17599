"""两期对照: two dates or two years on one map with a divider, and exactly what differs."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from etk_geo.evaluation import Comparison, compare
from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.ui import cached, records
from etk_geo.ui.compare_choice import ALL, DAYS, YEARS, ask_kind, ask_target, two_days, two_years
from etk_geo.ui.compare_map import Thing, direction_of, project_things, target_things
from etk_geo.ui.compared import Titles, differing, layer_rows, project_rows, target_rows
from etk_geo.ui.grid import show_grid, show_list
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.ui.plan_map_view import show_plan_map
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

MAP_PX = 600
LISTED = 15
"""Rows up to which a table is shown in full."""


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    missing = tell_missing(workspace, words, Need.PROJECTS, Need.TARGETS, Need.LAYERS)
    if {Need.PROJECTS, Need.TARGETS} <= missing:
        return
    book = records.book(workspace, lang)
    tell_no_entries(book, words)
    by = ask_kind(words)
    first, second, titles = (two_days if by == DAYS else two_years)(workspace, book, words)
    layers = {**workspace.catalog.former, **workspace.catalog.layers}
    comparison = compare(first, second, layers.values())
    things, left_out = _things(workspace, comparison, by, words)
    projects, targets, official = differing(comparison)
    st.markdown(
        words.say("compare.count", projects=len(projects), targets=len(targets), n=len(official))
    )
    show_plan_map(
        workspace,
        lang,
        direction_of(things, comparison, workspace.catalog.layers, titles, words),
        key="compare_map",
        height_px=MAP_PX,
    )
    st.caption(words.say("compare.how") + words.say("compare.left_out", n=left_out))
    tables = {
        "projects": project_rows(projects, titles, words),
        "targets": target_rows(targets, titles, words),
        "layers": layer_rows(official, titles, words),
    }
    for name in ("targets", "projects", "layers") if by == YEARS else tables:
        _show_table(name, tables[name], words)
    _show_all(comparison, titles, words)


def _things(
    workspace: Workspace, comparison: Comparison, by: str, words: Words
) -> tuple[list[Thing], int]:
    """Return what the map shows, and how many projects or targets have no known position."""
    layers = workspace.catalog.layers
    if by == DAYS:
        things = project_things(comparison, layers, words)
        return things, len(comparison.projects) - len(things)
    chosen = ask_target(comparison, words)
    pairs = [pair for pair in comparison.targets if chosen in (ALL, pair.id)]
    joins = cached.joins(workspace)
    things = target_things(pairs, layers, joins, words)
    return things, sum(not target_things([p], layers, joins, words) for p in pairs)


def _show_table(name: str, table: pd.DataFrame, words: Words) -> None:
    title = words.say(f"compare.{name}_differ", n=len(table))
    st.markdown(f"**{title}**")
    if len(table):
        (show_list if len(table) <= LISTED else show_grid)(table, title)
    else:
        st.markdown(words.say(f"compare.no_{name}"))


def _show_all(comparison: Comparison, titles: Titles, words: Words) -> None:
    """Draw everything side by side, with a file of it."""
    tables: Sequence[tuple[str, pd.DataFrame]] = (
        ("projects", project_rows(comparison.projects, titles, words)),
        ("targets", target_rows(comparison.targets, titles, words)),
    )
    for name, table in tables:
        label = words.say(f"compare.all_{name}_beside", n=len(table))
        with st.expander(label):
            show_grid(table, label)
            st.download_button(
                words.say("mark.csv"),
                table_csv(table),
                f"compare_{name}.csv",
                "text/csv",
                key=f"compare_csv_{name}",
                on_click="ignore",
                icon=":material/download:",
            )
