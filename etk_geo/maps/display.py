"""The display copy of the layers: what the browser draws, and not a byte more.

Per layer and language two documents: the shapes (GeoJSON) and the cards (HTML ready to show),
which the browser asks for when they are first needed. A third one, the map document, lists the
layers with their symbols and texts. They are either written below ``static/display``, where
Streamlit serves them to anyone who reaches the port, or kept inside the map document. A layer
marked as restricted is in neither.
"""

from __future__ import annotations

import json
import os
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from etk_geo.catalog import Catalog, Layer
from etk_geo.i18n import texts
from etk_geo.maps.cards import Properties, card, tip
from etk_geo.maps.shapes import Drawn, draw_layer, shared_courses
from etk_geo.maps.symbols import Style, Symbols, read_symbols
from etk_geo.model import BANNER_BOUNDS, Lang, LayerGroup, is_known
from etk_geo.plan import Plan, records
from etk_geo.store import sha256, write_atomic
from etk_geo.wording import Words

STATIC_URL = "../../app/static/"
"""Streamlit's static files as seen from the frame of a component."""

DISPLAY_FOLDER = "static/display"
KEEP_DAYS = 30
MOST_DRAWN = 20_000
"""Layers of more features would stop a browser; they are screened and listed, not drawn."""
LEGEND_ORDER = (LayerGroup.PLAN, LayerGroup.REFERENCE, LayerGroup.BASE)


@dataclass(frozen=True)
class LayerDocument:
    """A layer as the browser gets it: its entry in the map document, its shapes and its cards.

    ``drawn`` are the things drawn, in the order of the cards.
    """

    entry: Mapping[str, Any]
    shapes: Mapping[str, Any]
    cards: Sequence[Mapping[str, str]]
    drawn: Sequence[Drawn]


def layer_documents(catalog: Catalog, plan: Plan, lang: Lang) -> list[LayerDocument]:
    """Return the documents of every layer that may be shown, in legend order.

    The same catalog and plan give the same documents.
    """
    symbols, words = read_symbols(), Words(plan, lang)
    shown = [
        layer
        for layer in catalog.layers.values()
        if not layer.provenance.restricted and len(layer.gdf) <= MOST_DRAWN
    ]
    shown.sort(key=lambda layer: LEGEND_ORDER.index(layer.provenance.group))
    return [_layer_document(layer, symbols, words) for layer in shown]


def _layer_document(layer: Layer, symbols: Symbols, words: Words) -> LayerDocument:
    record = layer.provenance
    title = words.layer(layer)
    located = layer.located
    properties = [_properties(row) for row in records(located.drop(columns="geometry"))]
    drawn = draw_layer(layer.id, list(located.geometry), properties, symbols)
    styles = list(dict.fromkeys(item.style for item in drawn))
    cards = [
        {"tip": tip(item.features, words), "card": card(item.features, title, words)}
        for item in drawn
    ]
    courses = shared_courses(drawn)
    features = [
        _course(drawn, style, styles.index(style), geometry) for style, geometry in courses.items()
    ]
    for number, item in enumerate(drawn):
        feature = _shape(item, number, styles.index(item.style), words)
        if item.style in courses:
            feature["properties"]["grip"] = True
        features.append(feature)
    shapes = {"type": "FeatureCollection", "features": features}
    entry = {
        "id": layer.id,
        "title": title,
        "group": str(record.group),
        "on": record.default_on,
        "count": len(layer.gdf),
        "unlocated": len(layer.unlocated),
        "orientation": bool(properties) and all(p["orientation_only"] for p in properties),
        "credit": record.attribution_zh if words.lang == "zh" else record.attribution_en,
        "styles": [_style(style, drawn, words) for style in styles],
    }
    return LayerDocument(entry, shapes, cards, drawn)


def _properties(row: Mapping[str, Any]) -> Properties:
    """Return a feature's properties; pandas' marks for "unknown" become ``None``."""
    return {
        name: None if isinstance(value, float) and not is_known(value) else value
        for name, value in row.items()
    }


def _shape(item: Drawn, number: int, style: int, words: Words) -> dict[str, Any]:
    first = item.features[0]
    name = words.of(first, "name")
    if len(item.features) > 1:
        name = words.say("maps.and_more", name=name, n=len(item.features))
    values: dict[str, Any] = {"id": first["id"], "name": name, "card": number, "style": style}
    if len(item.features) > 1:
        values["count"] = len(item.features)
        values["ids"] = [feature["id"] for feature in item.features]
    accuracies = [f["accuracy_m"] for f in item.features if is_known(f["accuracy_m"])]
    if accuracies:
        values["accuracy_m"] = max(accuracies)
    reaches = [
        f["accuracy_m"] + f["extent_m"]
        for f in item.features
        if is_known(f["accuracy_m"]) and is_known(f["extent_m"])
    ]
    if reaches:
        values["reach_m"] = max(reaches)
    return {"type": "Feature", "properties": values, "geometry": item.geometry}


def _course(
    drawn: Iterable[Drawn], style: Style, number: int, geometry: Mapping[str, Any]
) -> dict[str, Any]:
    values: dict[str, Any] = {"style": number}
    known = [
        feature["accuracy_m"]
        for item in drawn
        for feature in item.features
        if item.style == style and is_known(feature["accuracy_m"])
    ]
    if known:
        values["accuracy_m"] = max(known)
    return {"type": "Feature", "properties": values, "geometry": geometry}


def _style(style: Style, drawn: Iterable[Drawn], words: Words) -> dict[str, Any]:
    """Return a style with what the legend says of it."""
    members = [item for item in drawn if item.style == style]
    identifiers = {feature["id"] for item in members for feature in item.features}
    kinds = dict.fromkeys(feature["kind"] for item in members for feature in item.features)
    label = words.say("card.list").join(words.code("kind", kind) for kind in kinds)
    others = {f["kind"] for item in drawn if item.style != style for f in item.features}
    if others.intersection(kinds):
        shape = style.pattern or ("schematic" if style.schematic else style.shape)
        label = words.say("maps.style_label", kind=label, shape=words.say(f"maps.shape.{shape}"))
    return {**style.document(), "label": label, "count": len(identifiers)}


def map_document(
    layers: Iterable[Mapping[str, Any]], catalog: Catalog, lang: Lang
) -> dict[str, Any]:
    """Return the document that the browser starts from.

    Parameters
    ----------
    layers
        Entries of the layers, each with ``shapes`` and ``cards``: a URL or the document itself.
    catalog
        Names the layers that are not shown.
    lang
        Language of the texts.
    """
    west, south, east, north = BANNER_BOUNDS
    opened = {layer.provenance.file for layer in catalog.layers.values()}
    broken = {issue.file for issue in catalog.issues if issue.file.endswith("json")} - opened
    return {
        "lang": lang,
        "bounds": [[south, west], [north, east]],
        "groups": [
            {"id": str(group), "title": texts()[f"maps.group.{group}"][lang]}
            for group in LEGEND_ORDER
        ],
        "layers": list(layers),
        "withheld": sorted(broken),
        "restricted": sorted(
            layer.provenance.file
            for layer in catalog.layers.values()
            if layer.provenance.restricted
        ),
        "texts": {
            key.removeprefix("maps."): by_lang[lang]
            for key, by_lang in sorted(texts().items())
            if key.startswith("maps.") and key.count(".") == 1
        },
    }


def inline_display(catalog: Catalog, plan: Plan, lang: Lang) -> dict[str, Any]:
    """Return the map document with all shapes and cards inside, for a map in a single file."""
    documents = layer_documents(catalog, plan, lang)
    entries = [{**doc.entry, "shapes": doc.shapes, "cards": doc.cards} for doc in documents]
    return map_document(entries, catalog, lang)


@dataclass(frozen=True)
class Display:
    """A display copy on disk: its ``url`` as seen from the map's frame, and all its files."""

    url: str
    files: tuple[Path, ...]

    @property
    def complete(self) -> bool:
        """Whether all its files are still there."""
        return all(path.is_file() for path in self.files)


def write_display(site: Path, catalog: Catalog, plan: Plan, lang: Lang) -> Display:
    """Write the display copy of the layers below ``site``.

    File names carry the checksum of their content: a changed layer gets a new address, and a file
    that is there already is left as it is. Files unused for ``KEEP_DAYS`` days are removed.

    Parameters
    ----------
    site
        The folder of the app, whose ``static`` folder is served.
    catalog, plan, lang
        What to show, in which language.

    Raises
    ------
    OSError
        If the folder cannot be written.
    """
    files: list[Path] = []

    def put(name: str, suffix: str, value: Any) -> str:
        content = _dump(value)
        safe = re.sub(r"[^a-z0-9_-]", "_", name.lower())
        path = site / DISPLAY_FOLDER / f"{safe}-{sha256(content)[:8]}{suffix}"
        if path.is_file() and path.stat().st_size == len(content):
            os.utime(path)
        else:
            write_atomic(path, content)
        files.append(path)
        return f"{STATIC_URL}display/{path.name}"

    entries = [
        {
            **doc.entry,
            "shapes": put(f"{doc.entry['id']}-{lang}", ".geojson", doc.shapes),
            "cards": put(f"{doc.entry['id']}-{lang}-cards", ".json", doc.cards),
        }
        for doc in layer_documents(catalog, plan, lang)
    ]
    url = put(f"map-{lang}", ".json", map_document(entries, catalog, lang))
    remove_old(site / DISPLAY_FOLDER)
    return Display(url, tuple(files))


def _dump(value: Any) -> bytes:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode(errors="replace")  # a lone surrogate has no UTF-8


def remove_old(folder: Path) -> None:
    """Remove files of the display folder that were not used for ``KEEP_DAYS`` days."""
    oldest = time.time() - KEEP_DAYS * 86_400
    for path in folder.iterdir():
        try:
            if path.is_file() and path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:  # another session was first
            continue
