"""数据与说明: the state of the data, sources and licences, the map-review note, versions."""

from __future__ import annotations

import platform
from importlib.metadata import version

import pyogrio
import pyproj
import streamlit as st

from etk_geo import __version__
from etk_geo.exports import table_csv
from etk_geo.i18n import severity, text
from etk_geo.model import Lang, Severity
from etk_geo.ui import cached
from etk_geo.ui.frame import causes_first
from etk_geo.ui.grid import show_figures, show_grid, show_list
from etk_geo.ui.rows import issue_rows, layer_rows, licence_rows, source_rows
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

PACKAGES = ("streamlit", "folium", "streamlit-folium", "geopandas", "shapely", "pandas")


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    _show_state(workspace, words)
    _show_sources(workspace, words)
    for name in ("review", "limits"):
        st.subheader(text(f"about.{name}", lang), anchor=False)
        st.markdown(text(f"about.{name}_text", lang))
    _show_versions(words)


def _show_state(workspace: Workspace, words: Words) -> None:
    """Draw what the data holds and what is wrong with it."""
    layers = workspace.catalog.layers.values()
    st.subheader(words.say("about.state"), anchor=False)
    figures = {
        "about.layers": len(layers),
        "column.features": sum(len(layer.gdf) for layer in layers),
        "column.located": sum(len(layer.located) for layer in layers),
        "column.unlocated": len(cached.unplaced(workspace)),
        "about.targets": len(workspace.plan.targets),
        "about.projects": len(workspace.plan.projects),
    }
    show_figures({words.say(key): str(value) for key, value in figures.items()})
    issues = causes_first(workspace)
    if issues:
        errors = sum(severity(issue) is Severity.ERROR for issue in issues)
        st.warning(words.say("about.issues", errors=errors, warnings=len(issues) - errors))
        table = issue_rows(issues, words.lang)
        show_grid(table, words.say("about.state"))
        st.download_button(
            words.say("mark.csv"), table_csv(table), "issues.csv", "text/csv", key="about_issues"
        )
    else:
        st.success(words.say("about.sound"))
    show_grid(layer_rows(layers, words), words.say("about.layers"))


def _show_sources(workspace: Workspace, words: Words) -> None:
    """Draw licences by layer, then every source."""
    st.subheader(words.say("about.licences"), anchor=False)
    show_list(licence_rows(workspace.catalog.layers.values(), words), words.say("about.licences"))
    st.subheader(words.say("about.sources"), anchor=False)
    show_grid(source_rows(workspace.plan.sources, words), words.say("about.sources"))


def _show_versions(words: Words) -> None:
    """Draw the versions of the program and of what it stands on."""
    st.subheader(words.say("about.versions"), anchor=False)
    versions = {
        words.say("app.title"): __version__,
        "Python": platform.python_version(),
        **{name: version(name) for name in PACKAGES},
        "GDAL": ".".join(map(str, pyogrio.__gdal_version__)),
        "PROJ": pyproj.proj_version_str,
    }
    st.markdown("  \n".join(f"{name} {number}" for name, number in versions.items()))
