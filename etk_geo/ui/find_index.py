"""The search index of the finding page, with the statuses of a day; shared by all sessions."""

from __future__ import annotations

from datetime import date

import streamlit as st

from etk_geo.progress import ProgressBook
from etk_geo.search import SearchIndex, list_items
from etk_geo.workspace import Workspace


def index_of(workspace: Workspace, book: ProgressBook, day: date) -> SearchIndex:
    """Return the index with the statuses as they were on a day."""
    entered = {name: book.status(name, day) for name in workspace.plan.projects["id"]}
    statuses = {name: str(e.said.status) for name, e in entered.items() if e is not None}
    return _indexed(
        str(workspace.root), workspace.state, tuple(sorted(statuses.items())), workspace
    )


@st.cache_resource(max_entries=4, show_spinner=False)
def _indexed(
    root: str,  # noqa: ARG001
    state: str,  # noqa: ARG001
    statuses: tuple[tuple[str, str], ...],
    _workspace: Workspace,
) -> SearchIndex:
    plan = _workspace.plan
    return SearchIndex(list_items(plan, _workspace.catalog.layers, dict(statuses)), plan)
