"""规划指标: the plan's figures by sector, what each joins to, and what joins nothing."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from etk_geo.exports import table_csv
from etk_geo.model import Lang
from etk_geo.ui import cached, state
from etk_geo.ui.grid import plain, show_figures, show_grid, show_list
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.ui.rows import (
    filled,
    joined_rows,
    lone_feature_rows,
    lone_project_rows,
    target_rows,
    target_text,
)
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if Need.TARGETS in tell_missing(workspace, words, Need.TARGETS, Need.PROJECTS, Need.LAYERS):
        return
    summary = cached.joins(workspace).summary
    chosen = _choose(summary, words)
    st.markdown(words.say("targets.count", n=len(chosen), all=len(summary)))
    table = target_rows(chosen, workspace.catalog.layers, words)
    show_grid(table, words.say("targets.title"))
    st.download_button(
        words.say("mark.csv"),
        table_csv(table),
        "targets.csv",
        "text/csv",
        key="targets_csv",
        on_click="ignore",
        icon=":material/download:",
    )
    if len(chosen):
        _show_one(workspace, chosen, words)
    _show_unmatched(workspace, words)


def _choose(summary: pd.DataFrame, words: Words) -> pd.DataFrame:
    """Draw the filters and return the figures that pass them."""
    sectors = _pills("sector", list(summary["sector"].unique()), state.TARGETS_SECTOR, words)
    measures = _pills("measure", list(summary["measure"].unique()), state.TARGETS_MEASURE, words)
    chosen = summary
    for column, picked in (("sector", sectors), ("measure", measures)):
        if picked:
            chosen = chosen[chosen[column].isin(picked)]
    return chosen


def _pills(column: str, codes: list[str], key: str, words: Words) -> list[str]:
    picked = st.pills(
        words.say(f"column.{column}"),
        codes,
        selection_mode="multi",
        format_func=lambda code: plain(words.code(column, code)),
        key=key,
        help=words.say("targets.filter_help"),
    )
    return list(picked)


def _show_one(workspace: Workspace, chosen: pd.DataFrame, words: Words) -> None:
    """Draw everything about one figure."""
    st.subheader(words.say("targets.one"), anchor=False)
    names = dict(zip(chosen["id"], chosen[f"name_{words.lang}"], strict=True))
    ids = list(names)
    target = st.selectbox(
        words.say("targets.choose"),
        ids,
        index=state.address_index(state.TARGET, ids),
        format_func=lambda target_id: names[target_id],
        key=state.TARGETS_ONE,
        filter_mode=None,
    )
    state.write_address(state.TARGET, target)
    row = chosen[chosen["id"] == target].to_dict("records")[0]
    figures = {
        "column.baseline_2020": words.amount(row["baseline_2020"]),
        "column.target_2025": target_text(row, words),
    }
    show_figures(
        {
            words.say(key): words.quantity(value, row["unit"])
            if value
            else words.say("targets.no_value")
            for key, value in figures.items()
        }
    )
    st.markdown(f"**{words.say('column.citations')}**  \n{plain(words.citations(row['citation']))}")
    joined = joined_rows(cached.joins(workspace), target, workspace.catalog.layers, words)
    show_list(joined, words.say("targets.one"))


def _show_unmatched(workspace: Workspace, words: Words) -> None:
    """Draw what joins nothing, on either side."""
    lone = cached.unmatched(workspace)
    layers = workspace.catalog.layers
    tables = {
        "without_position": target_rows(lone.targets_without_position, layers, words),
        "without_layer": target_rows(lone.targets_without_layer, layers, words),
        "without_project": target_rows(lone.targets_without_project, layers, words),
        "projects_alone": lone_project_rows(lone.projects_without_target, layers, words),
        "features_alone": lone_feature_rows(lone.features_without_target, layers, words),
    }
    st.subheader(words.say("targets.unmatched"), anchor=False)
    st.markdown(words.say("targets.unmatched_about"))
    labels = [words.say(f"targets.{name}", n=len(table)) for name, table in tables.items()]
    for tab, (name, table) in zip(st.tabs(labels), tables.items(), strict=True):
        with tab:
            st.caption(words.say(f"targets.{name}_about"))
            if len(table):
                show_grid(filled(table), words.say(f"targets.{name}", n=len(table)))
            else:
                st.info(words.say("mark.none"))
