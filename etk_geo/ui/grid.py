"""Tables and sentences on a page, so that nothing in the data is taken for markup."""

from __future__ import annotations

import re

import pandas as pd
import streamlit as st

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_ROW_HEIGHT = 35
_TALL_ROW_HEIGHT = 56
_MOST_HEIGHT = 560


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is: any ASCII punctuation may be escaped."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def show_grid(frame: pd.DataFrame, name: str, *, tall: bool = False) -> None:
    """Show a table that scrolls and sorts by its headings.

    Parameters
    ----------
    frame
        Cells and column names as they are to be read.
    name
        What the table is, for screen readers.
    tall
        Whether rows have room for two lines of text.
    """
    row_height = _TALL_ROW_HEIGHT if tall else _ROW_HEIGHT
    height = min(_ROW_HEIGHT + row_height * len(frame) + 2, _MOST_HEIGHT)
    st.dataframe(
        frame,
        hide_index=True,
        row_height=row_height,
        height=height,
        placeholder="",
        alt=name,
    )


def show_list(frame: pd.DataFrame, name: str) -> None:
    """Show a short table with every cell in full, its lines wrapped."""
    st.table(frame.map(plain).rename(columns=plain), hide_index=True, alt=name, border="horizontal")
