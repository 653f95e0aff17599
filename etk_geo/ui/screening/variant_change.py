"""The numbers of a what-if: how far a project is moved, and what is stated of it otherwise."""

from __future__ import annotations

import math
from datetime import date
from typing import Any, NamedTuple

import geopandas as gpd
import streamlit as st

from etk_geo.screening.selection import Terms
from etk_geo.screening.whatif import Change
from etk_geo.ui.screening.inputs import EARLIEST, LATEST, STATED
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.wording import Words

MOST_M = 100_000.0


class Span(NamedTuple):
    """The numbers that a field takes, and the one to begin with."""

    default: float
    low: float
    high: float
    step: float


SHIFT = Span(0.0, -MOST_M, MOST_M, 100.0)
SCALE = Span(100.0, 1.0, 1000.0, 5.0)


def ask_change(
    inquiry: Inquiry, one: gpd.GeoDataFrame, key: str, words: Words
) -> tuple[Change, Terms]:
    """Ask for all of a change but the place drawn, and for the day whose law applies."""
    columns = st.columns(3)
    with columns[0]:
        east = _number("east", key, SHIFT, words)
    with columns[1]:
        north = _number("north", key, SHIFT, words)
    with columns[2]:
        scale = _number("scale", key, SCALE, words)
    columns = st.columns(3)
    accuracy = _known("accuracy", key, one["accuracy_m"].iloc[0], words, columns[0])
    extent = _known("extent", key, one["extent_m"].iloc[0], words, columns[1])
    with columns[2]:
        category = _category(key, words)
    day = _day(inquiry, key, words)
    stated = one["decided_on"].iloc[0]
    change = Change(
        east_m=east,
        north_m=north,
        scale=scale / 100.0,
        accuracy_m=accuracy,
        extent_m=extent,
        category=category,
        dated=stated is not None and day != inquiry.terms.as_of,
        decided_on=None,
    )
    return change, Terms(day)


def _number(name: str, key: str, span: Span, words: Words) -> float:
    return float(
        st.number_input(
            words.say(f"variant.{name}"),
            min_value=span.low,
            max_value=span.high,
            value=span.default,
            step=span.step,
            format="%.0f",
            key=f"variant_{name}_{key}",
        )
    )


def _known(name: str, key: str, stated: float, words: Words, place: Any) -> float | None:
    """Ask for metres; left as stated it returns ``None``."""
    default = None if math.isnan(stated) else float(stated)
    value = place.number_input(
        words.say(f"variant.{name}"),
        min_value=0.0,
        max_value=MOST_M,
        value=default,
        format="%.1f",
        placeholder=words.say("mark.unknown"),
        key=f"variant_{name}_{key}",
    )
    return None if value is None or value == default else float(value)


def _category(key: str, words: Words) -> str | None:
    chosen = st.selectbox(
        words.say("screen.as_category"),
        [STATED, *words.plan.categories["id"]],
        format_func=lambda code: (
            words.say("screen.category_stated")
            if code == STATED
            else words.name("categories", code)
        ),
        key=f"variant_category_{key}",
    )
    return None if chosen == STATED else str(chosen)


def _day(inquiry: Inquiry, key: str, words: Words) -> date:
    chosen = st.date_input(
        words.say("screen.as_of"),
        value=inquiry.terms.as_of,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        key=f"variant_as_of_{key}",
        help=words.say("variant.as_of_help"),
    )
    return chosen if isinstance(chosen, date) else inquiry.terms.as_of
