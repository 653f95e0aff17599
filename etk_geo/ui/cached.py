"""What is worked out once and kept until a data file changes; thin, and read-only for everyone."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.exports import layer_geopackage
from etk_geo.maps.display import Display, write_display
from etk_geo.model import Lang
from etk_geo.rules import read_rules
from etk_geo.screening.zones import collect_zones
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


def open_ahead(day: date) -> None:
    """Open the folder and its zones of a day after a change, beside the page that made it.

    The pages then find both made; a layer of very many polygons would hold them up.
    """
    collect_zones(workspace().catalog, read_rules(project_root()), on=day)


def joins(workspace: Workspace) -> TargetJoins:
    """Return what the plan's figures join to."""
    return _joins(str(workspace.root), workspace.state, workspace)


@st.cache_resource(max_entries=2, show_spinner=False)
def _joins(root: str, state: str, _workspace: Workspace) -> TargetJoins:  # noqa: ARG001
    return join_targets(_workspace.plan, _workspace.catalog.layers)


def unmatched(workspace: Workspace) -> Unmatched:
    """Return the figures, projects and features that join nothing."""
    return find_unmatched(joins(workspace), workspace.plan, workspace.catalog.layers)


def unplaced(workspace: Workspace) -> pd.DataFrame:
    """Return the features without a known position."""
    return _unplaced(str(workspace.root), workspace.state, workspace)


@st.cache_resource(max_entries=2, show_spinner=False)
def _unplaced(root: str, state: str, _workspace: Workspace) -> pd.DataFrame:  # noqa: ARG001
    return list_unplaced(_workspace.plan, _workspace.catalog.layers)


def geopackage(layer: Layer) -> bytes:
    """Return a layer as a GeoPackage."""
    return _geopackage(layer.id, layer.provenance.sha256, layer)


@st.cache_data(max_entries=64, show_spinner=False)
def _geopackage(layer_id: str, sha256: str, _layer: Layer) -> bytes:  # noqa: ARG001
    return layer_geopackage(_layer)


def display(workspace: Workspace, lang: Lang) -> Display:
    """Return the display copy of the layers; written again when someone removed a file."""
    found = _display(str(workspace.root), workspace.state, lang, workspace)
    if not found.complete:
        _display.clear(str(workspace.root), workspace.state, lang, workspace)
        found = _display(str(workspace.root), workspace.state, lang, workspace)
    return found


@st.cache_resource(max_entries=8, show_spinner=False)
def _display(root: str, state: str, lang: Lang, _workspace: Workspace) -> Display:  # noqa: ARG001
    return write_display(SITE, _workspace.catalog, _workspace.plan, lang)
