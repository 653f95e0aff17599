"""图层: every layer with its features, where it comes from, and its files to take away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.exports import flat_features, layer_geojson, layer_record
from etk_geo.i18n import text
from etk_geo.model import Issue, Lang, LayerGroup
from etk_geo.ui import cached, kiosk, state
from etk_geo.ui.export import offer_export
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_figures, show_grid
from etk_geo.ui.links import link
from etk_geo.ui.origin import show_origin
from etk_geo.ui.rows import fact_rows, feature_rows
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    layers = workspace.catalog.layers
    _show_withheld(workspace.catalog.issues, lang)
    if not layers:
        st.info(text("layers.none", lang))
        return
    layer = layers[_choose(layers, words)]
    _show_summary(layer, words)
    features, facts, origin = st.tabs(
        [text(f"layers.{name}", lang) for name in ("features", "facts", "origin")]
    )
    with features:
        show_grid(feature_rows(layer, words), words.layer(layer))
    with facts:
        _show_facts(layer, words)
    with origin:
        show_origin(layer.provenance, words)
    _show_downloads(workspace, layer, words)


def _choose(layers: Mapping[str, Layer], words: Words) -> str:
    order = (LayerGroup.PLAN, LayerGroup.REFERENCE, LayerGroup.BASE)
    grouped = sorted(layers.values(), key=lambda layer: order.index(layer.provenance.group))
    titles = {
        layer.id: f"{words.code('group', layer.provenance.group)} · {words.layer(layer)}"
        for layer in grouped
    }
    ids = list(titles)
    chosen = st.selectbox(
        words.say("layers.choose"),
        ids,
        index=state.address_index(state.LAYER, ids),
        format_func=lambda layer_id: titles[layer_id],
        key=state.LAYERS_LAYER,
        filter_mode=None,
    )
    state.write_address(state.LAYER, chosen)
    return chosen


def _show_withheld(issues: Sequence[Issue], lang: Lang) -> None:
    """Name each layer file that was not opened, with its mend."""
    named: set[str] = set()
    for issue in issues:
        if issue.file.endswith("json") and issue.file not in named:
            named.add(issue.file)
            st.warning(describe(issue, lang))


def _show_summary(layer: Layer, words: Words) -> None:
    record = layer.provenance
    st.subheader(plain(words.layer(layer)), anchor=False)
    st.markdown(plain(getattr(record, f"description_{words.lang}")))
    figures = {
        "column.features": str(len(layer.gdf)),
        "column.located": str(len(layer.located)),
        "column.unlocated": str(len(layer.unlocated)),
        "column.as_of": record.as_of or words.say("mark.unknown"),
        "column.licence": words.own("licence", record.licence),
    }
    show_figures({words.say(key): value for key, value in figures.items()})
    if layer.provenance.supplied is None and not kiosk.is_kiosk():
        link(
            "edit",
            words.say("edit.open_layer"),
            icon=":material/edit_location_alt:",
            layer=layer.id,
        )


def _show_facts(layer: Layer, words: Words) -> None:
    facts = fact_rows(layer, words)
    if facts.empty:
        st.info(words.say("layers.no_facts"))
    else:
        st.caption(words.say("layers.facts_about"))
        show_grid(facts, words.say("layers.facts"))


def _show_downloads(workspace: Workspace, layer: Layer, words: Words) -> None:
    st.markdown(f"**{words.say('layers.download')}**")
    if layer.provenance.restricted:
        st.info(words.say("layers.restricted"))
        return
    root, record = workspace.root, words.say("layers.record")
    files = (
        ("GeoJSON", "geojson", layer_geojson(root, layer), "application/geo+json"),
        ("GeoPackage", "gpkg", cached.geopackage(layer), "application/geopackage+sqlite3"),
        (record, "provenance.json", layer_record(root, layer), "application/json"),
    )
    for column, (label, suffix, content, mime) in zip(st.columns(3), files, strict=True):
        name = f"{layer.id}.{suffix}"
        column.download_button(
            label,
            content,
            name,
            mime,
            key=f"layers_download_{name}",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
    st.caption(words.say("layers.download_about"))
    with st.expander(words.say("export.title")):
        _offer_export(layer, words)


def _offer_export(layer: Layer, words: Words) -> None:
    """Offer all features or some of them, in any format and coordinate system."""
    names = dict(zip(layer.gdf["id"], layer.gdf[f"name_{words.lang}"], strict=True))
    chosen = st.multiselect(
        words.say("export.which"),
        list(names),
        format_func=lambda one: names[one],
        placeholder=words.say("export.all"),
        key=f"layers_export_{layer.id}",
    )
    frame = layer.gdf[layer.gdf["id"].isin(chosen)] if chosen else layer.gdf
    offer_export(flat_features(frame), layer.id, f"layer_{layer.id}_{len(chosen)}", words.lang)
