"""Links from one page of the app to another, with what it is to open there."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from etk_geo.ui import state

PAGES = "app_pages"
ARROW = ":material/arrow_forward:"


def keep_pages(pages: Mapping[str, StreamlitPage]) -> None:
    """Remember the pages of this view by their address, so that others can link to them."""
    st.session_state[PAGES] = dict(pages)


def link(key: str, label: str, *, icon: str | None = None, **parameters: str) -> None:
    """Draw a link to a page of the app; where the app has no such page, its label alone.

    Parameters
    ----------
    key
        Address of the page.
    label
        Markdown of the link.
    icon
        Material icon in front of it.
    parameters
        What the page is to open, as parameters of its address.
    """
    page = st.session_state.get(PAGES, {}).get(key)
    if page is None:
        st.markdown(label)
        return
    lang = state.language()
    if lang != "zh":
        parameters[state.LANG] = lang
    st.page_link(page, label=label, icon=icon, query_params=parameters)
