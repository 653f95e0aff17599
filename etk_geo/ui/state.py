"""Everything that is remembered between two views: session keys and the page's address.

The address holds what makes a view: language and, on a page that has one, the chosen item. So a
view can be linked, and survives a reload.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from etk_geo.model import LANGS, Lang

LANG = "lang"
LAYER = "layer"
TARGET = "target"

LANG_SWITCH = "lang_switch"
LAYERS_LAYER = "layers_layer"
TARGETS_SECTOR = "targets_sector"
TARGETS_MEASURE = "targets_measure"
TARGETS_SEARCH = "targets_search"
TARGETS_ONE = "targets_one"
UNPLACED_LAYER = "unplaced_layer"
UNPLACED_TOWNSHIP = "unplaced_township"


def language() -> Lang:
    """Return the language of this session, or else the one in the address, or else Chinese.

    It is kept apart from the switch: a page change that interrupts the first view would lose the
    state of a widget that the browser has not drawn yet.
    """
    asked = st.session_state.get(LANG) or st.query_params.get(LANG)
    lang: Lang = next((lang for lang in LANGS if lang == asked), "zh")
    st.session_state[LANG] = lang
    return lang


def take_language() -> None:
    """Make the choice in the switch the language of this session."""
    st.session_state[LANG] = st.session_state[LANG_SWITCH]


def write_address(name: str, value: str | None) -> None:
    """Put a value into the page's address, or take it out."""
    if value is None:
        st.query_params.pop(name, None)
    elif st.query_params.get(name) != value:
        st.query_params[name] = value


def address_index(name: str, options: Sequence[str]) -> int:
    """Return where the value in the address stands among the options, 0 if nowhere."""
    asked = st.query_params.get(name)
    return options.index(asked) if asked in options else 0
