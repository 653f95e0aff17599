"""What the environmental desk works out once: for everyone, or for the session at hand.

What a user brought is kept in the session only; what the shipped data gives is shared, by the
state of the data files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import pandas as pd
import streamlit as st

from etk_geo.model import Lang
from etk_geo.rules import RuleBook, read_rules
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.ledger import LedgerRow, coverage_ledger
from etk_geo.screening.measures import passages
from etk_geo.screening.opinion import Opinion
from etk_geo.screening.overview import Overview
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.run import ScreeningRun
from etk_geo.screening.scene import Clearable, Scene, clearable_zones, scene
from etk_geo.screening.selection import Terms
from etk_geo.screening.wanted import Wants, wanted_data
from etk_geo.screening.zones import ZoneSet, collect_zones
from etk_geo.ui.cached import BY_STATE
from etk_geo.workspace import Workspace

RESULTS = "screen_results"
RUNNING = "screen_running"
OPINIONS = "screen_opinions"
MOST_RESULTS = 6
MOST_SCENES = 30

Found = Screening | Overview
"""What a screening found: of a long list without the findings of each pair."""


@dataclass(frozen=True)
class Inquiry:
    """What is asked of a screening: projects as they are to be screened, and the day.

    ``mark`` is the same only for the same projects, terms and data files.
    """

    mark: str
    title: str
    projects: gpd.GeoDataFrame
    terms: Terms


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs=BY_STATE)
def rule_book(workspace: Workspace) -> RuleBook:
    """Return the rules."""
    return read_rules(workspace.root)


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs=BY_STATE)
def zone_set(workspace: Workspace, as_of: date) -> ZoneSet:
    """Return the zones of a day, ready for any number of sessions."""
    zones = collect_zones(workspace.catalog, rule_book(workspace), on=as_of)
    _ = zones.prepared  # here once, not in the first visitor's thread
    return zones


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs=BY_STATE)
def ledger(workspace: Workspace, as_of: date) -> tuple[LedgerRow, ...]:
    """Return the coverage ledger of a day."""
    return coverage_ledger(zone_set(workspace, as_of), rule_book(workspace), as_of)


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs=BY_STATE)
def planned(workspace: Workspace) -> gpd.GeoDataFrame:
    """Return the plan's own projects; not to be changed."""
    return plan_projects(workspace.catalog, workspace.plan)


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=BY_STATE)
def plan_screening(workspace: Workspace, as_of: date) -> Screening:
    """Return what screening finds of the plan's own projects on a day, for everyone."""
    zones, book = zone_set(workspace, as_of), rule_book(workspace)
    return screen_projects(planned(workspace), zones, book, as_of)


@st.cache_resource(max_entries=6, show_spinner=False, hash_funcs=BY_STATE)
def clearable(workspace: Workspace, as_of: date) -> Clearable:
    """Return the zones that a project can get clear of by moving."""
    return clearable_zones(zone_set(workspace, as_of), rule_book(workspace))


def titles(workspace: Workspace, lang: Lang) -> Mapping[str, str]:
    """Return the titles of the layers by id."""
    return {
        layer.id: str(getattr(layer.provenance, f"title_{lang}"))
        for layer in workspace.catalog.layers.values()
    }


def result_of(inquiry: Inquiry) -> Found | None:
    """Return what this session found for an inquiry, or ``None``."""
    found: Found | None = st.session_state.get(RESULTS, {}).get(inquiry.mark)
    return found


def keep_result(inquiry: Inquiry, found: Found) -> None:
    """Keep a result for this session; the oldest goes, and of long lists all but the last."""
    results = dict(st.session_state.get(RESULTS, {}))
    if isinstance(found, Overview):
        results = {key: one for key, one in results.items() if not isinstance(one, Overview)}
    results[inquiry.mark] = found
    for mark in list(results)[:-MOST_RESULTS]:
        del results[mark]
    st.session_state[RESULTS] = results


def running(inquiry: Inquiry) -> ScreeningRun | None:
    """Return the run of this session for an inquiry, if one goes on; any other is stopped."""
    mark, run = st.session_state.get(RUNNING, ("", None))
    if run is not None and mark != inquiry.mark:
        run.stop()
        st.session_state.pop(RUNNING)
        return None
    return run  # type: ignore[no-any-return]


def keep_run(inquiry: Inquiry, run: ScreeningRun | None) -> None:
    """Remember the run of an inquiry, or that none goes on."""
    if run is None:
        st.session_state.pop(RUNNING, None)
    else:
        st.session_state[RUNNING] = (inquiry.mark, run)


def opinions(mark: str) -> tuple[Opinion, ...]:
    """Return the officers' opinions given in this session on a screening."""
    return tuple(st.session_state.get(OPINIONS, {}).get(mark, ()))


def add_opinion(mark: str, opinion: Opinion) -> None:
    """Keep an opinion beside earlier ones; none is overwritten."""
    kept = st.session_state.get(OPINIONS, {})
    st.session_state[OPINIONS] = {**kept, mark: (*kept.get(mark, ()), opinion)}


def in_full(workspace: Workspace, inquiry: Inquiry, found: Found, project_id: str) -> Screening:
    """Return a screening that has the findings of a project.

    Of a long list it is of that project alone: no finding depends on another project.
    """
    if not isinstance(found, Overview):
        return found
    key = (inquiry.mark, project_id)
    memory: dict[tuple[str, str], Screening] = st.session_state.setdefault("screen_in_full", {})
    if key not in memory:
        if len(memory) > MOST_SCENES:
            memory.clear()
        one = inquiry.projects[inquiry.projects["project_id"] == project_id]
        as_of = inquiry.terms.as_of
        memory[key] = screen_projects(one, zone_set(workspace, as_of), rule_book(workspace), as_of)
    return memory[key]


def wants_of(workspace: Workspace, inquiry: Inquiry, found: Found) -> Wants:
    """Return what a screening waits for; worked out once per session."""
    if isinstance(found, Overview):
        return found.wants
    memory: dict[str, Wants] = st.session_state.setdefault("screen_wants", {})
    if inquiry.mark not in memory:
        if len(memory) > MOST_RESULTS:
            memory.clear()
        projects = inquiry.projects
        gone = projects.geometry.isna() | projects.geometry.is_empty
        unplaced = [str(name) for name in projects.loc[gone, "project_id"]]
        memory[inquiry.mark] = wanted_data(found, rule_book(workspace), unplaced)
    return memory[inquiry.mark]


def passages_of(
    workspace: Workspace, inquiry: Inquiry, screening: Screening, project_id: str
) -> pd.DataFrame:
    """Return where the line of one project enters and leaves zones; once per session."""
    key = (inquiry.mark, project_id)
    memory: dict[tuple[str, str], pd.DataFrame]
    memory = st.session_state.setdefault("screen_passages", {})
    if key not in memory:
        if len(memory) > MOST_SCENES:
            memory.clear()
        one = inquiry.projects[inquiry.projects["project_id"] == project_id]
        memory[key] = passages(screening, one, zone_set(workspace, inquiry.terms.as_of))
    return memory[key]


def scene_of(
    workspace: Workspace, inquiry: Inquiry, screening: Screening, project_id: str, lang: Lang
) -> Scene:
    """Return the map's shapes of one project; worked out once per session."""
    key = (inquiry.mark, project_id, lang)
    memory: dict[tuple[str, str, str], Scene] = st.session_state.setdefault("screen_scenes", {})
    if key not in memory:
        if len(memory) > MOST_SCENES:
            memory.clear()
        as_of = inquiry.terms.as_of
        one = inquiry.projects[inquiry.projects["project_id"] == project_id]
        memory[key] = scene(
            screening,
            one,
            zone_set(workspace, as_of),
            rule_book(workspace),
            lang,
            clearable=clearable(workspace, as_of),
        )
    return memory[key]
