"""The map page with two widgets that do not concern it."""

import streamlit as st

from etk_geo.ui import cached, map_page


def count(name: str) -> None:
    """Draw a button that counts how often it was pressed."""
    st.session_state.setdefault(name, 0)
    if st.button(name, key=f"{name}_button"):
        st.session_state[name] += 1
    st.text(f"{name}: {st.session_state[name]}")


count("whole page")
st.fragment(count)("fragment")
map_page.show(cached.workspace(), "zh")
