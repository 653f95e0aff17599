"""Corners on the intake page: whether rows of a table are places or corners of plots and lines."""

from __future__ import annotations

import streamlit as st

from etk_geo.i18n import text
from etk_geo.intake.columns import CoordinateColumns
from etk_geo.intake.raw_layer import RawLayer, VertexGrouping, choose_columns
from etk_geo.intake.vertices import find_groupings
from etk_geo.model import Lang
from etk_geo.ui.grid import plain
from etk_geo.ui.intake_state import await_result

POINTS = "points"
Answer = VertexGrouping | str
"""How rows are joined, or ``POINTS``."""


def choose_vertices(
    raw: RawLayer, columns: CoordinateColumns, key: tuple[object, ...], lang: Lang
) -> Answer | None:
    """Ask how rows are to be read where they may be corners; ``None`` until that is said."""
    ways = await_result(
        "vertices", key, lambda _: find_groupings(choose_columns(raw, columns)), lang
    )
    if not ways:
        return POINTS
    st.subheader(text("intake.vertices.title", lang), anchor=False)
    options: list[Answer] = [*ways, POINTS]
    return st.radio(
        text("intake.vertices.choose", lang),
        options,
        index=None,
        format_func=lambda way: plain(way_title(way, lang)),
        key=f"intake_vertices_{hash(key)}",
    )


def way_title(way: Answer, lang: Lang) -> str:
    """Say how rows are read."""
    if isinstance(way, str):
        return text("intake.vertices.points", lang)
    scope = "group" if way.group else "all"
    said = text(f"intake.vertices.{way.shape}_{scope}", lang, column=way.group)
    if way.order:
        said += text("intake.vertices.order", lang, column=way.order)
    return said
