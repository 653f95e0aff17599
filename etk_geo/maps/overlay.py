"""What a user brought, drawn over the plan map of that user alone.

It goes to the browser inside the message of the page, never through a file that others could
fetch. So it is bounded: of many features some are drawn, evenly taken, and the map says so; what
is drawn is simplified. Nothing here is measured.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import folium
import numpy as np
import numpy.typing as npt
import shapely
from branca.element import MacroElement
from folium.template import Template
from shapely.geometry import mapping

from etk_geo.i18n import text
from etk_geo.maps.display import Display
from etk_geo.model import Lang, LonLat, LonLatBounds

MOST_FEATURES = 4000
MOST_VERTICES = 60_000
DECIMALS = 5
"""Of degrees: a metre."""
FIRST_TOLERANCE = 1e-5
WIDEST_TOLERANCE = 0.02
"""Degrees; simplification stops there."""
MARGIN_SHARE = 0.05
LEAST_MARGIN = 0.002
"""Degrees around what is shown."""

COLOURS = (
    "#0072b2", "#d55e00", "#009e73", "#b5478f", "#8a6d00", "#4b3fa7", "#000000", "#7a4a1e",
)  # fmt: skip
"""Told apart by colour-blind readers (after Okabe and Ito), each dark enough for thin lines."""
DASHES = ("", "8 5", "2 5")
"""Of the first, the second and the third round of colours."""


@dataclass(frozen=True)
class Shown:
    """One entry of an overlay.

    Parameters
    ----------
    title
        Its name in the legend.
    geometry
        WGS 84 degrees, ``None`` where there is none.
    names
        What to call each geometry, or empty.
    number
        Shown at ``position`` and in the legend; 0 for none.
    position
        One place of it.
    note
        Further words in the legend.
    """

    title: str
    geometry: npt.NDArray[Any]
    names: Sequence[str] = ()
    number: int = 0
    position: LonLat | None = None
    note: str = ""


@dataclass(frozen=True)
class DisplayCopy:
    """Features to draw, of how many; ``coarse_m`` is what simplifying may move, in metres."""

    features: tuple[dict[str, Any], ...]
    of: int
    coarse_m: float


def display_copy(
    geometry: npt.NDArray[Any],
    names: Sequence[str],
    most_features: int = MOST_FEATURES,
    most_vertices: int = MOST_VERTICES,
) -> DisplayCopy:
    """Return features for the map: some of many, evenly taken, and simplified as far as needed.

    Parameters
    ----------
    geometry
        WGS 84 degrees, any type, ``None`` among them. Not changed.
    names
        One for each geometry, or none at all.
    most_features, most_vertices
        What the map may hold of it.
    """
    held = np.flatnonzero(~shapely.is_missing(geometry) & ~shapely.is_empty(geometry))
    rows = held
    if len(held) > most_features:
        rows = held[np.linspace(0, len(held) - 1, most_features).round().astype(int)]
    shapes = shapely.force_2d(geometry[rows])
    tolerance = 0.0
    while (
        int(shapely.get_num_coordinates(shapes).sum()) > most_vertices
        and tolerance < WIDEST_TOLERANCE
    ):
        tolerance = max(2 * tolerance, FIRST_TOLERANCE)
        shapes = _simplified(geometry[rows], tolerance)
    features = tuple(
        {"name": names[int(row)] if len(names) else "", "geometry": _rounded(shape)}
        for row, shape in zip(rows, shapes, strict=True)
    )
    return DisplayCopy(features, len(held), tolerance * 111_320)


def _simplified(geometry: npt.NDArray[Any], tolerance: float) -> npt.NDArray[Any]:
    """Return simplified shapes; what would vanish becomes a point."""
    simple = shapely.simplify(shapely.force_2d(geometry), tolerance, preserve_topology=False)
    gone = shapely.is_empty(simple) | shapely.is_missing(simple)
    simple[gone] = shapely.point_on_surface(geometry[gone])
    return np.asarray(simple, dtype=object)


def _rounded(shape: Any) -> Any:
    rounded = shapely.transform(shape, lambda xy: np.round(xy, DECIMALS))
    return json.loads(json.dumps(mapping(rounded)))


def overlay_document(
    shown: Sequence[Shown], lang: Lang, title: str, *, fit: bool = False
) -> dict[str, Any]:
    """Return what the browser draws: entries with their features, words and colours.

    Parameters
    ----------
    shown
        The entries; each gets a colour of its own, after eight of them a dash as well.
    lang
        Language of the words.
    title
        Of the legend.
    fit
        Whether the map shows just these, rather than the banner.
    """
    share = max(1, len(shown))
    entries = [
        {
            "number": item.number,
            "title": item.title,
            "colour": COLOURS[i % len(COLOURS)],
            "dash": DASHES[i // len(COLOURS) % len(DASHES)],
            "position": None if item.position is None else list(item.position),
            **_drawn(item, MOST_FEATURES // share, MOST_VERTICES // share, lang),
        }
        for i, item in enumerate(shown)
    ]
    bounds = _bounds(shown) if fit else None
    return {
        "title": title,
        "note": text("overlay.display_only", lang),
        "fit": None
        if bounds is None
        else [[bounds.south, bounds.west], [bounds.north, bounds.east]],
        "entries": entries,
    }


def _drawn(item: Shown, most_features: int, most_vertices: int, lang: Lang) -> dict[str, Any]:
    copy = display_copy(item.geometry, item.names, max(1, most_features), most_vertices)
    notes = [item.note] if item.note else []
    if len(copy.features) < copy.of:
        notes.append(text("overlay.sample", lang, n=len(copy.features), of=copy.of))
    if copy.coarse_m:
        notes.append(text("overlay.simplified", lang, metres=math.ceil(copy.coarse_m)))
    return {"features": list(copy.features), "note": text("mark.gap", lang).join(notes)}


def _bounds(shown: Sequence[Shown]) -> LonLatBounds | None:
    """Return the box of everything shown with some margin."""
    boxes = np.vstack([shapely.bounds(item.geometry) for item in shown if len(item.geometry)])
    boxes = boxes[np.isfinite(boxes).all(axis=1)]
    if not len(boxes):
        return None
    west, south = float(boxes[:, 0].min()), float(boxes[:, 1].min())
    east, north = float(boxes[:, 2].max()), float(boxes[:, 3].max())
    wide = max((east - west) * MARGIN_SHARE, LEAST_MARGIN)
    high = max((north - south) * MARGIN_SHARE, LEAST_MARGIN)
    return LonLatBounds(west - wide, south - high, east + wide, north + high)


class Overlay(MacroElement):
    """Draws an overlay document into the group that it is added to."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        etk.showOverlay({{ this._parent._parent.get_name() }}, {{ this._parent.get_name() }},
                        {{ this.document|tojson }});
        {% endmacro %}
        """
    )

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "Overlay"
        self.document = document


def overlay_group(document: Mapping[str, Any]) -> folium.FeatureGroup:
    """Return an overlay as a group that is added to a map already shown."""
    group = folium.FeatureGroup(name="overlay", control=False)
    Overlay(document).add_to(group)
    return group


def ground_document(display: Display) -> dict[str, Any]:
    """Return the map document with the base layers alone and no legend, for a small map."""
    path = next(path for path in display.files if path.name == Path(display.url).name)
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    layers = [entry for entry in document["layers"] if entry["group"] == "base"]
    return {**document, "layers": layers, "bare": True}
