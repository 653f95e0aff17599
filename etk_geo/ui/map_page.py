"""The map of the plan: the page the app opens on."""

from __future__ import annotations

import streamlit as st

from etk_geo.i18n import text
from etk_geo.maps.direction import Direction, FeatureGroup
from etk_geo.maps.online_tiles import PROVIDERS, Provider, is_tianditu_key, tile_group
from etk_geo.model import Kind, Lang
from etk_geo.ui import kiosk
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.ui.plan_map_view import show_plan_map
from etk_geo.ui.shown import shown_group
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

HEIGHT_PX = 620
FILL_WINDOW = """<style>
iframe[title="streamlit_folium.st_folium"] { height: max(30rem, calc(100vh - 12.5rem)) !important; }
[data-testid="stMainBlockContainer"] { padding-top: 2.75rem; }
</style>"""
"""The map takes what the window has left; without this rule it is HEIGHT_PX high."""

MAP_KEY = "plan_map"
ONLINE = "map_online"
TIANDITU_KEY = "map_tianditu_key"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page: how much is located, the map, and what to know about it."""
    st.html(FILL_WINDOW)
    tell_missing(workspace, Words(workspace.plan, lang), Need.LAYERS)
    _show_counts(workspace, lang)
    _show_map(workspace, lang)
    st.caption(text("map_page.how", lang) + "  \n" + text("map_page.review", lang))


def _show_counts(workspace: Workspace, lang: Lang) -> None:
    located = waiting = 0
    for layer in workspace.catalog.layers.values():
        located += int((layer.located["kind"] == Kind.PROJECT).sum())
        waiting += int((layer.unlocated["kind"] == Kind.PROJECT).sum())
    counts = text(
        "map_page.located", lang, located=located, waiting=waiting, all=len(workspace.plan.projects)
    )
    st.markdown(f"#### {text('app.title', lang)}\n{counts}")


@st.fragment
def _show_map(workspace: Workspace, lang: Lang) -> None:
    """Draw the map and its one option; the script stays the same, so the reader's view stays."""
    place = st.container()
    online = None
    if not kiosk.is_kiosk():
        with st.expander(text("map_page.options", lang)):
            online = _choose_online(lang)
    with place:
        show_plan_map(
            workspace,
            lang,
            Direction(address=True),
            key=MAP_KEY,
            height_px=HEIGHT_PX,
            groups=_groups(online, lang),
        )


def _groups(online: tuple[Provider, str] | None, lang: Lang) -> list[FeatureGroup]:
    """Return what is added to the map that is shown: an online base map, the user's own layers."""
    groups = [tile_group(*online)] if online else []
    brought = shown_group(lang)
    return [*groups, brought] if brought else groups


def _choose_online(lang: Lang) -> tuple[Provider, str] | None:
    """Return the online base map that the reader switched on, with its key, or ``None``."""
    st.markdown(text("map_page.online_about", lang))
    choice = st.radio(
        text("map_page.online", lang),
        ("off", *PROVIDERS),
        format_func=lambda code: text(f"map_page.online_{code}", lang),
        horizontal=True,
        key=ONLINE,
    )
    provider = next((name for name in PROVIDERS if name == choice), None)
    if provider is None:
        return None
    if provider != "tianditu":
        return provider, ""
    key = st.text_input(
        text("map_page.key", lang),
        type="password",
        help=text("map_page.key_help", lang),
        key=TIANDITU_KEY,
    ).strip()
    if is_tianditu_key(key):
        return provider, key
    st.info(text("map_page.key_missing", lang))
    return None
