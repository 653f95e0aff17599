"""Charts of the pages: few colours, told apart by shape too, with their figures as words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd
import streamlit as st

from etk_geo.model import is_known
from etk_geo.wording import Words

BASELINE_YEAR, TARGET_YEAR = 2020, 2025
COURSE_PX = 260
DARK = "#1f2a30"
INK = {"baseline": "#5B6A72", "actual": "#0B5D7A", "target": "#B5530B"}
SHAPES = {"baseline": "square", "actual": "circle", "target": "triangle-up"}


def show_course(row: Mapping[str, Any], values: Mapping[int, float], words: Words) -> None:
    """Draw a target's baseline, the values reached by year, and the target.

    Nothing is drawn between what is not known: actual values alone are joined by a line.

    Parameters
    ----------
    row
        A row of the plan's targets.
    values
        Actual values by year, in the unit of the target.
    words
        Language and names.
    """
    points = [("actual", year, value) for year, value in values.items()]
    if is_known(row["baseline_2020"]):
        points.append(("baseline", BASELINE_YEAR, row["baseline_2020"]))
    if is_known(row["target_2025"]):
        points.append(("target", TARGET_YEAR, row["target_2025"]))
    if not values or len(points) < 2:
        st.info(words.say("progress.none") if not values else words.say("target.one_figure"))
        return
    names = {kind: words.say(f"target.{kind}") for kind in INK}
    frame = pd.DataFrame(points, columns=["kind", "year", "value"])
    frame["kind"] = frame["kind"].map(names)
    frame["said"] = [words.quantity(words.amount(value), row["unit"]) for value in frame["value"]]
    base = alt.Chart(frame).encode(
        x=alt.X("year:O", title=words.say("progress.column.year"), axis=alt.Axis(labelAngle=0)),
        y=alt.Y("value:Q", title=words.code("unit", row["unit"]), scale=alt.Scale(zero=False)),
    )
    scale = list(names.values())
    marks = base.mark_point(size=110, filled=True, opacity=1).encode(
        color=alt.Color(
            "kind:N",
            scale=alt.Scale(domain=scale, range=list(INK.values())),
            legend=alt.Legend(title=None, orient="top"),
        ),
        shape=alt.Shape(
            "kind:N", scale=alt.Scale(domain=scale, range=list(SHAPES.values())), legend=None
        ),
        tooltip=[
            alt.Tooltip("kind:N", title=words.say("column.kind")),
            alt.Tooltip("year:O", title=words.say("progress.column.year")),
            alt.Tooltip("said:N", title=words.say("column.value")),
        ],
    )
    line = (
        base.transform_filter(alt.datum.kind == names["actual"])
        .mark_line(color=INK["actual"], strokeWidth=2)
        .encode()
    )
    numbers = base.mark_text(dy=-14, color=DARK).encode(text="said:N")
    spoken = words.join(
        f"{kind} {year} {said}"
        for kind, year, said in zip(frame["kind"], frame["year"], frame["said"], strict=True)
    )
    _draw((line + marks + numbers).properties(height=COURSE_PX), spoken)


LIGHTS = {"green": "#86C5A0", "amber": "#F2C14E", "red": "#E58B80", "grey": "#D9E0E4"}
STATUSES = {
    "not_started": "#EBCF9B",
    "under_way": "#9CC7E0",
    "done": "#86C5A0",
    "stopped": "#D2A3B8",
    "": "#D9E0E4",
}
"""Light enough for dark figures on them; each part also carries its number and mark."""

STATUS_MARKS = {"not_started": "○", "under_way": "◐", "done": "●", "stopped": "✕", "": ""}

BAR_PX = 30


def show_counts(
    counts: Sequence[tuple[str, str, int]],
    names: Mapping[str, str],
    colours: Mapping[str, str],
    marks: Mapping[str, str],
) -> None:
    """Draw counts by group as stacked bars, each part with its mark and number.

    Parameters
    ----------
    counts
        Group in words, code of the part, number; parts of zero are left out.
    names
        What the codes are called, in the order of the parts.
    colours, marks
        By code; the marks tell the parts apart where colours do not.
    """
    order = list(names)
    parts = {code: f"{marks[code]} {name}".strip() for code, name in names.items()}
    frame = pd.DataFrame(
        [(g, parts[c], order.index(c), n, f"{marks[c]}{n}") for g, c, n in counts if n],
        columns=["group", "part", "order", "n", "marked"],
    )
    groups = list(dict.fromkeys(frame["group"]))
    frame["said"] = [f"{part} {n}" for part, n in zip(frame["part"], frame["n"], strict=True)]
    base = alt.Chart(frame).encode(
        y=alt.Y("group:N", sort=groups, title=None, axis=alt.Axis(labelLimit=240, labelColor=DARK)),
        x=alt.X("n:Q", stack="zero", title=None, axis=alt.Axis(tickMinStep=1)),
        order=alt.Order("order:Q"),
        tooltip=[alt.Tooltip("group:N", title=" "), alt.Tooltip("said:N", title="  ")],
    )
    bars = base.mark_bar(stroke="#ffffff", height={"band": 0.8}).encode(
        color=alt.Color(
            "part:N",
            scale=alt.Scale(domain=list(parts.values()), range=[colours[code] for code in order]),
            legend=alt.Legend(
                title=None, orient="top", labelLimit=200, labelColor=DARK, symbolType="square"
            ),
        )
    )
    numbers = (
        alt.Chart(frame)
        .transform_stack(
            stack="n", groupby=["group"], sort=[alt.SortField("order")], as_=["from", "to"]
        )
        .transform_calculate(middle="(datum.from + datum.to) / 2")
        .mark_text(color=DARK, fontWeight="bold")
        .encode(y=alt.Y("group:N", sort=groups), x=alt.X("middle:Q"), text="marked:N")
    )
    spoken = "; ".join(
        f"{g}: {said}" for g, said in zip(frame["group"], frame["said"], strict=True)
    )
    height = BAR_PX * len(groups) + 20
    _draw((bars + numbers).properties(height=height, padding={"right": 14}), spoken)


def _draw(chart: alt.LayerChart, spoken: str) -> None:
    """Draw a chart with its figures as words; what Vega would say of its parts is English only."""
    st.altair_chart(chart.configure(aria=False), width="stretch", alt=spoken)
