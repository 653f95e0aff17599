"""Tables and sentences on a page, so that nothing in the data is taken for markup."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from etk_geo import i18n
from etk_geo.ui import state

_MARKUP = re.compile(r"([!-/:-@\[-`{-~])")
_ADDRESS = re.compile(r"(https?://|www\.)[^\s`]+")
_WIDE_CHARACTER_PX = 14
_NARROW_CHARACTER_PX = 7.5
_MOST_COLUMN_PX = 440
_LINE_PX = 21
_ROW_PX = 36
WRAPPING_PX = 65
"""Lowest row in which the grid breaks a text into lines: it must be higher than four rem."""

_MOST_LINES, _MOST_LINES_OF_SHORT = 4, 6
_WRAPPED = 1.45
"""Room that wrapping loses: the grid breaks a line at blanks, and Chinese has few."""

PADDING_PX = 22
_ROOM_PX = 880
_LEAST_FIGURE_PX = 80
_MOST_GRID_PX = 640
_SHORT_TABLE = 12


def plain(text: str) -> str:
    """Return a text that Markdown shows as it is: any ASCII punctuation may be escaped."""
    return _MARKUP.sub(r"\\\1", " ".join(str(text).split()))


def as_code(address: str) -> str:
    """Return an address as text to read and copy, no link out of the building."""
    return f"`{address}`" if _ADDRESS.fullmatch(address) else plain(address)


def show_grid(frame: pd.DataFrame, name: str) -> None:
    """Show a table that scrolls and sorts by its headings.

    Long texts wrap, to four lines at most and six in a short table; a cell opens in full when it
    is double-clicked.

    Parameters
    ----------
    frame
        Cells and column names as they are to be read.
    name
        What the table is, for screen readers.
    """
    if frame.empty:
        _say_no_rows()
        return
    sizes = frame.map(text_px)
    lines = _lines(sizes)
    row_px = max(_ROW_PX + (lines - 1) * _LINE_PX, WRAPPING_PX) if lines > 1 else _ROW_PX
    st.dataframe(
        frame,
        hide_index=True,
        row_height=row_px,
        height=min(_ROW_PX + row_px * len(frame) + 4, _MOST_GRID_PX),
        column_config=_columns(frame, sizes),
        placeholder="",
        alt=name,
    )


def _columns(frame: pd.DataFrame, sizes: pd.DataFrame) -> dict[str, Any]:
    """Return how each column is shown: numbers with separators, words as wide as they are."""
    widths = _widths(sizes)
    columns: dict[str, Any] = {}
    for name, cells in frame.items():
        width = widths.get(str(name))
        if pd.api.types.is_numeric_dtype(cells):
            columns[str(name)] = st.column_config.NumberColumn(width=width, format="localized")
        else:
            columns[str(name)] = st.column_config.Column(width=width)
    return columns


def _widths(sizes: pd.DataFrame) -> dict[str, int]:
    """Return how wide columns must be, or nothing where all fit and may be stretched.

    Left to itself the grid looks at the first rows only, and cuts longer words further down.
    """
    widths = {
        str(name): min(int(max(sizes[name].max(), text_px(name))) + PADDING_PX, _MOST_COLUMN_PX)
        for name in sizes
    }
    return widths if sum(widths.values()) > _ROOM_PX else {}


def _lines(sizes: pd.DataFrame) -> int:
    """Return how many lines most rows need, or every row of a short table."""
    if sizes.empty:
        return 1
    is_short = len(sizes) <= _SHORT_TABLE
    needed = (sizes.max(axis=1) / _MOST_COLUMN_PX * _WRAPPED).quantile(1 if is_short else 0.6)
    return min(max(math.ceil(needed), 1), _MOST_LINES_OF_SHORT if is_short else _MOST_LINES)


def text_px(value: object) -> float:
    """Estimate how wide a text is in the grid's font."""
    text = str(value)
    wide = sum(character > "\u2e7f" for character in text)
    return wide * _WIDE_CHARACTER_PX + (len(text) - wide) * _NARROW_CHARACTER_PX


def show_figures(figures: Mapping[str, str]) -> None:
    """Show a few figures in a row, each under its label, which has room for one line."""
    widths = [
        max(text_px(label), text_px(value), _LEAST_FIGURE_PX) for label, value in figures.items()
    ]
    for column, (label, value) in zip(st.columns(widths), figures.items(), strict=True):
        column.markdown(f"{plain(label)}  \n**{plain(value)}**")


def show_list(frame: pd.DataFrame, name: str) -> None:
    """Show a short table with every cell in full, its lines wrapped."""
    if frame.empty:
        _say_no_rows()
        return
    st.table(
        frame.map(lambda value: as_code(str(value))).rename(columns=plain),
        hide_index=True,
        alt=name,
        border="horizontal",
    )


def _say_no_rows() -> None:
    """Say that a table has no rows, where Streamlit would write "empty"."""
    st.caption(i18n.text("frame.no_rows", state.language()))
