"""A page with nothing but a drawing: an area to begin with, and what comes back."""

import json

import streamlit as st

from etk_geo.ui import cached, drawing

SQUARE = [[107.5, 39.0], [107.8, 39.0], [107.8, 39.2], [107.5, 39.2], [107.5, 39.0]]
START = {
    "type": "Feature",
    "properties": {"name": "<img src=x onerror=alert(1)>"},
    "geometry": {"type": "MultiPolygon", "coordinates": [[SQUARE]]},
}

st.set_page_config(layout="wide")
lang = "en" if st.query_params.get("lang") == "en" else "zh"
drawn = drawing.draw_on_map(cached.workspace(), lang, "test", start=[START])
drawing.ask_accuracy(drawn, lang, "test_accuracy")
st.code(json.dumps(list(drawn)))
