"""A page that directs the plan map by buttons and says what was picked on it."""

import streamlit as st
from shapely.geometry import LineString, Point, box

from etk_geo.maps.direction import Camera, Direction, FeatureRef, OverlayFeature
from etk_geo.model import LonLat
from etk_geo.ui import cached
from etk_geo.ui.plan_map_view import show_plan_map

st.set_page_config(layout="wide")

PARK = FeatureRef("industrial_parks", "qipanjing_park")
HOSTILE = '<img src=x onerror="window.top.hurt=1">'

DIRECTIONS = {
    "nothing": Direction(report=True, memory="test"),
    "park": Direction(
        report=True,
        memory="test",
        shown=(PARK,),
        marked=(PARK,),
        card=PARK,
        camera=Camera(features=(PARK,)),
    ),
    "plants on": Direction(report=True, memory="test", layers={"power_plants": True}),
    "far": Direction(report=True, memory="test", camera=Camera(centre=LonLat(108.5, 39), zoom=11)),
    "far again": Direction(
        report=True, memory="test", camera=Camera(centre=LonLat(108.5, 39), zoom=11, turn=1)
    ),
    "overlay": Direction(
        report=True,
        memory="test",
        overlay=(
            OverlayFeature(Point(107.6, 39.2), "subject", id="s", name=HOSTILE, tip=HOSTILE),
            OverlayFeature(box(107.2, 39.0, 107.9, 39.4), "conflict", tip="重叠"),
            OverlayFeature(LineString([(107.6, 39.2), (108.2, 39.5)]), "nearest"),
        ),
        overlay_title="筛查",
    ),
}

choice = st.segmented_control("direction", list(DIRECTIONS), default="nothing", key="choice")
pick = show_plan_map(
    cached.workspace(), "zh", DIRECTIONS[choice or "nothing"], key="directed", height_px=500
)
st.session_state.runs = st.session_state.get("runs", 0) + 1
st.text(f"runs: {st.session_state.runs}")
st.text("picked: " + ("" if pick is None else " ".join("/".join(ref) for ref in pick.features)))
