"""A day that the reader types and the address keeps."""

from __future__ import annotations

from datetime import date

import streamlit as st

from etk_geo.ui import state
from etk_geo.wording import Words

DATE = "date"


def ask_day(
    words: Words, usual: date, *, key: str, label: str, help_: str, parameter: str = DATE
) -> date:
    """Ask for a day and return it; the usual one where none is typed, or what is typed is none.

    Parameters
    ----------
    words
        Language.
    usual
        The day that holds unless said otherwise.
    key
        Session key of the box.
    label, help_
        Its words.
    parameter
        Of the address.
    """
    if key not in st.session_state:
        st.session_state[key] = st.query_params.get(parameter, "")
    typed = st.text_input(label, key=key, placeholder=usual.isoformat(), help=help_).strip()
    try:
        day = date.fromisoformat(typed) if typed else usual
    except ValueError:
        st.warning(words.say("day.wrong", day=usual.isoformat()))
        return usual
    state.write_address(parameter, typed or None)
    return day
