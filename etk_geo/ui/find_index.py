"""The search index of the finding page, with the statuses of a day; shared by all sessions."""

from __future__ import annotations

from datetime import date

import streamlit as st

from etk_geo.progress import ProgressBook
from etk_geo.search import SearchIndex, list_items
from etk_geo.ui.cached import BY_STATE
from etk_geo.workspace import Workspace


def index_of(workspace: Workspace, book: ProgressBook, day: date) -> SearchIndex:
    """Return the index with the statuses as they were on a day."""
    entered = {name: book.status(name, day) for name in workspace.plan.projects["id"]}
    statuses = {name: str(e.said.status) for name, e in entered.items() if e is not None}
    return _indexed(workspace, tuple(sorted(statuses.items())))


@st.cache_resource(max_entries=4, show_spinner=False, hash_funcs=BY_STATE)
def _indexed(workspace: Workspace, statuses: tuple[tuple[str, str], ...]) -> SearchIndex:
    plan = workspace.plan
    return SearchIndex(list_items(plan, workspace.catalog.layers, dict(statuses)), plan)
