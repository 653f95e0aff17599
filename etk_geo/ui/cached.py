"""What is worked out once and kept until a data file changes; thin, and read-only for everyone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.exports import layer_geopackage
from etk_geo.maps.display import Display, write_display
from etk_geo.model import Lang
from etk_geo.store import project_root
from etk_geo.targets import TargetJoins, Unmatched, find_unmatched, join_targets
from etk_geo.unplaced import list_unplaced
from etk_geo.workspace import Workspace, folder_state, open_workspace

SITE = Path(__file__).resolve().parents[2]
"""The folder of ``app.py``: Streamlit serves the ``static`` folder beside the entry script."""


def workspace() -> Workspace:
    """Return the opened project folder; an edit of its files is seen on the next view."""
    root = project_root()
    return _opened(str(root), folder_state(root))


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(root: str, state: str) -> Workspace:  # noqa: ARG001
    return open_workspace(Path(root))


def _state_of(workspace: Workspace) -> tuple[str, str]:
    return str(workspace.root), workspace.state


BY_STATE: dict[str | type[Any], Callable[[Any], Any]] = {Workspace: _state_of}
"""For what is kept by the state of a folder: two workspaces of one state are the same."""


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs=BY_STATE)
def joins(workspace: Workspace) -> TargetJoins:
    """Return what the plan's figures join to."""
    return join_targets(workspace.plan, workspace.catalog.layers)


def unmatched(workspace: Workspace) -> Unmatched:
    """Return the figures, projects and features that join nothing."""
    return find_unmatched(joins(workspace), workspace.plan, workspace.catalog.layers)


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs=BY_STATE)
def unplaced(workspace: Workspace) -> pd.DataFrame:
    """Return the features without a known position."""
    return list_unplaced(workspace.plan, workspace.catalog.layers)


@st.cache_data(
    max_entries=64,
    show_spinner=False,
    hash_funcs={Layer: lambda layer: (layer.id, layer.provenance.sha256)},
)
def geopackage(layer: Layer) -> bytes:
    """Return a layer as a GeoPackage."""
    return layer_geopackage(layer)


def display(workspace: Workspace, lang: Lang) -> Display:
    """Return the display copy of the layers; written again when someone removed a file."""
    found = _display(workspace, lang)
    if not found.complete:
        _display.clear(workspace, lang)
        found = _display(workspace, lang)
    return found


@st.cache_resource(max_entries=8, show_spinner=False, hash_funcs=BY_STATE)
def _display(workspace: Workspace, lang: Lang) -> Display:
    return write_display(SITE, workspace.catalog, workspace.plan, lang)
