"""The app that ``map_rerun.py`` measures: a map of one kind, and a button that does not concern it.

Started by ``map_rerun.py`` from a copy of the project, with the kind and the size as words.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import folium
import streamlit as st
from shapely.geometry import mapping
from streamlit_folium import st_folium

from etk_geo.catalog import Catalog, Layer, open_catalog
from etk_geo.maps.display import write_display
from etk_geo.maps.plan_map import build_map
from etk_geo.plan import Plan, open_plan
from etk_geo.ui.map_page import HEIGHT_PX

SITE = Path(__file__).resolve().parent
KIND, SIZE = sys.argv[1:3]


@st.cache_resource
def open_data() -> tuple[Catalog, Plan]:
    """Return the repository's layers, or one synthetic layer of the wanted size."""
    catalog, plan = open_catalog(SITE), open_plan(SITE)
    if SIZE == "real":
        return catalog, plan
    from benchmark_layers import synthetic_layer  # noqa: PLC0415

    layer = synthetic_layer(catalog, int(SIZE))
    return Catalog({"banner": catalog.layers["banner"], layer.id: layer}, ()), plan


@st.cache_resource
def display_url() -> str:
    """Write the display copy once."""
    return write_display(SITE, *open_data(), "zh").url


@st.cache_data
def plain_document(layer_id: str) -> dict:
    """Return a layer as GeoJSON with what its tooltip and popup show."""
    layer = open_data()[0].layers[layer_id]
    return {"type": "FeatureCollection", "features": [*_features(layer)]}


FIELDS = ("name_zh", "category", "status", "accuracy_zh", "known_zh", "as_of")


def _features(layer: Layer):
    for row, geometry in zip(
        layer.located[list(FIELDS)].to_dict("records"), layer.located.geometry, strict=True
    ):
        values = {name: str(value) for name, value in row.items()}
        yield {"type": "Feature", "properties": values, "geometry": mapping(geometry)}


def plan_map() -> folium.Map:
    """Build the map of this project."""
    return build_map(SITE, display_url())


def plain_map() -> folium.Map:
    """Build the map that one writes first; only its browser files are made local."""
    plain = folium.Map(location=(39.24, 107.79), zoom_start=8, tiles=None)
    local = build_map(SITE, "")
    plain.default_js, plain.default_css = local.default_js, local.default_css
    for layer_id in open_data()[0].layers:
        folium.GeoJson(
            plain_document(layer_id),
            name=layer_id,
            marker=folium.CircleMarker(radius=5),
            tooltip=folium.GeoJsonTooltip(["name_zh", "status"]),
            popup=folium.GeoJsonPopup(list(FIELDS)),
        ).add_to(plain)
    folium.LayerControl().add_to(plain)
    return plain


def mark() -> folium.Marker:
    """Return the marker that the button ``change`` adds."""
    return folium.Marker((39.2, 107.8), icon=folium.DivIcon(class_name="benchmark-mark"))


if st.button("rerun"):
    st.session_state["reruns"] = st.session_state.get("reruns", 0) + 1
changed = st.button("change")
open_data()
if KIND == "plan":
    display_url()
started = time.perf_counter()
shown = plan_map() if KIND == "plan" else plain_map()
added = None
if changed and KIND == "plan":
    added = folium.FeatureGroup(name="added").add_child(mark())
elif changed:
    mark().add_to(shown)
st_folium(
    shown,
    key="map",
    height=HEIGHT_PX,
    use_container_width=True,
    returned_objects=[],
    feature_group_to_add=added,
)
milliseconds = (time.perf_counter() - started) * 1000
st.text(f"python ms: {milliseconds:.2f}")
st.text(f"reruns: {st.session_state.get('reruns', 0)}")
