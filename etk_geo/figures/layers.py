"""The layers of the plan on a still map, from the display copy that the browser gets too."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import to_metric
from etk_geo.figures.canvas import INK, Canvas
from etk_geo.figures.labels import Name, Obstacle
from etk_geo.figures.marks import (
    Marker,
    around,
    draw_badge,
    draw_marker,
    set_apart,
)
from etk_geo.figures.model import Overlay
from etk_geo.figures.patterns import draw_outline, draw_path
from etk_geo.figures.view import View
from etk_geo.i18n import text
from etk_geo.maps.display import LayerDocument
from etk_geo.maps.shapes import MANY
from etk_geo.model import Lang

HALO_Z = 110.0
LIT_Z = 150.0
MARKER_Z = 200.0
MANY_Z = 12.0
LEAST_BAND_PX = 1.5
"""Half the width from which a band is worth drawing: a thinner one is hidden by its line."""

BAND_OPACITY, OUTLINE_BAND_OPACITY = 0.13, 0.08
LIT = "#0b5d7a"
"""Colour in which chosen features are set off, as in the browser."""


@dataclass
class Shown:
    """What a frame shows of the layers, for its names and its legend.

    ``styles`` are, by layer id, the numbers of the styles that are seen; ``overlays`` those that
    are.
    """

    styles: dict[str, set[int]] = field(default_factory=dict)
    names: list[Name] = field(default_factory=list)
    obstacles: list[Obstacle] = field(default_factory=list)
    overlays: list[Overlay] = field(default_factory=list)
    moved: bool = False
    halos: bool = False

    def also(self, other: Shown) -> Shown:
        """Return what this frame and another show, for the legend of both."""
        ids = {*self.styles, *other.styles}
        both = {n: self.styles.get(n, set()) | other.styles.get(n, set()) for n in ids}
        overlays = [*self.overlays, *(o for o in other.overlays if o not in self.overlays)]
        return Shown(
            both,
            overlays=overlays,
            moved=self.moved or other.moved,
            halos=self.halos or other.halos,
        )


@dataclass(frozen=True)
class Seen:
    """A feature of the display copy that lies in the frame, with its geometry in pixels."""

    document: LayerDocument
    number: int
    properties: Mapping[str, Any]
    pixels: BaseGeometry
    many: bool

    @property
    def style(self) -> Mapping[str, Any]:
        """How it is drawn."""
        style: Mapping[str, Any] = self.document.entry["styles"][self.number]
        return style

    @property
    def ids(self) -> frozenset[str]:
        """Ids of the features that are drawn as one."""
        if "card" not in self.properties:
            return frozenset()
        drawn = self.document.drawn[self.properties["card"]]
        return frozenset(feature["id"] for feature in drawn.features)


@dataclass(frozen=True)
class Ground:
    """A layer of the display copy with its geometries in metres (EPSG:4545), for many figures."""

    document: LayerDocument
    metric: npt.NDArray[np.object_]


def ground_of(document: LayerDocument) -> Ground:
    """Return a layer with its geometries ready to be drawn."""
    shapes = [to_metric(shape(dict(f["geometry"]))) for f in document.shapes["features"]]
    metric = np.empty(len(shapes), dtype=object)
    metric[:] = shapes
    return Ground(document, metric)


def look_at(view: View, grounds: Sequence[Ground]) -> list[Seen]:
    """Return the features that a view shows, in the order of the layers."""
    seen = []
    for ground in grounds:
        document = ground.document
        features = document.shapes["features"]
        many = len(features) > MANY
        for number in np.flatnonzero(view.may_see(ground.metric)):
            pixels = view.cut(view.place(ground.metric[number]))
            if not pixels.is_empty and view.sees(pixels):
                properties = features[number]["properties"]
                seen.append(Seen(document, properties["style"], properties, pixels, many))
    return seen


def styles_seen(seen: Sequence[Seen]) -> dict[str, set[int]]:
    """Return the numbers of the styles in use, by layer id."""
    styles: dict[str, set[int]] = {}
    for item in seen:
        styles.setdefault(item.document.entry["id"], set()).add(item.number)
    return styles


class LayerDrawing:
    """Draws layers on a canvas and keeps what is to be named and explained.

    Parameters
    ----------
    canvas, view
        Where to draw.
    lang
        Language of the notes beside names.
    highlight
        Ids of features to set off.
    halos
        Whether to show how well positions are known.
    """

    def __init__(
        self, canvas: Canvas, view: View, lang: Lang, highlight: frozenset[str], *, halos: bool
    ) -> None:
        self._canvas = canvas
        self._view = view
        self._lang: Lang = lang
        self._highlight = highlight
        self._halos = halos
        self._markers: list[Marker] = []
        self.shown = Shown()

    def draw(self, seen: Sequence[Seen]) -> Shown:
        """Draw the features that the frame shows, and return what is to be said of them."""
        self.shown.styles = styles_seen(seen)
        for item in seen:
            if item.style["shape"] == "marker":
                self._marker(item)
            elif "card" not in item.properties:
                self._course(item)
            else:
                self._path(item)
        self._draw_markers()
        return self.shown

    def _marker(self, item: Seen) -> None:
        ((x, y),) = shapely.get_coordinates(item.pixels)
        style, properties = item.style, item.properties
        if item.many:
            self._canvas.dots([(x, y)], style["colour"], 7, opacity=0.95, z=MANY_Z)
            return
        scale = self._view.metres_per_px
        self._markers.append(
            Marker(
                style,
                x,
                y,
                count=properties.get("count", 1),
                name=properties["name"],
                ids=item.ids,
                accuracy_px=properties.get("accuracy_m", 0.0) / scale,
                reach_px=properties.get("reach_m", 0.0) / scale,
            )
        )

    def _course(self, item: Seen) -> None:
        """Draw what several features have in common."""
        self._band(item.pixels, item)
        draw_outline(self._canvas, item.pixels, item.style, item.style["z"])

    def _path(self, item: Seen) -> None:
        style, pixels = item.style, item.pixels
        lines = pixels if style["shape"] == "line" else self._view.outline(pixels)
        if item.ids & self._highlight:
            self._canvas.line(lines, LIT, style["weight"] + 7, opacity=0.28, z=LIT_Z)
        if not item.properties.get("grip", False):
            if not style["pattern"]:
                self._band(lines, item)
            draw_path(self._canvas, pixels, style, style["z"])
        elif style["shape"] == "area" and style["fill"]:
            colour = style["fill_colour"] or style["colour"]
            self._canvas.area(pixels, fill=colour, opacity=style["fill"], z=style["z"])
        if not item.many:
            self._name(item.properties["name"], style, pixels)

    def _name(
        self, name: str, style: Mapping[str, Any], pixels: BaseGeometry, reach: float = 0.0
    ) -> None:
        kind = style["label_style"]
        if kind == "none" or self._view.zoom < style["label_zoom"]:
            return
        outer = style["pattern"] == "hatch"
        self.shown.names.append(
            Name(
                name,
                kind,
                INK if kind == "place" else style["colour"],
                style["label_rank"],
                style["shape"],
                pixels,
                reach=reach,
                note=text("maps.outer_only", self._lang) if outer else "",
            )
        )

    def _band(self, lines: BaseGeometry, item: Seen) -> None:
        """Draw a band as wide as the accuracy, both ways, around a line or an outline."""
        half = item.properties.get("accuracy_m", 0.0) / self._view.metres_per_px
        if not self._halos or half < LEAST_BAND_PX:
            return
        style = item.style
        opacity = OUTLINE_BAND_OPACITY if style["edge_only"] else BAND_OPACITY
        self.shown.halos = True
        self._canvas.line(lines, style["colour"], 2 * half, opacity=opacity, z=HALO_Z)

    def _draw_markers(self) -> None:
        spots = set_apart(self._markers)
        for marker, (x, y) in sorted(
            zip(self._markers, spots, strict=True), key=lambda item: item[0].style["z"]
        ):
            style = marker.style
            z = MARKER_Z + style["z"]
            self._halo(marker)
            if (x, y) != (marker.x, marker.y):
                self.shown.moved = True
                leader = shapely.LineString([(marker.x, marker.y), (x, y)])
                self._canvas.line(leader, style["colour"], 1, opacity=0.75, z=z)
            half = style["size"] / 2
            if marker.ids & self._highlight:
                ring = shapely.buffer(shapely.Point(x, y), half + 5)
                self._canvas.area(ring, edge=LIT, width=2, z=z)
            draw_marker(self._canvas, style, x, y, z)
            self.shown.obstacles.append(Obstacle(around((x, y), half), minor=half <= 5))
            if marker.count > 1:
                at = (x + half - 1, y + half - 1)
                draw_badge(self._canvas, marker.count, *at, z=z + 0.5)
                self.shown.obstacles.append(Obstacle(around(at, 8)))
            self._name(marker.name, style, shapely.Point(x, y), reach=half)

    def _halo(self, marker: Marker) -> None:
        """Draw within which distance the real position lies, where that can be seen."""
        place = shapely.Point(marker.x, marker.y)
        lit = bool(marker.ids & self._highlight)
        colour = marker.style["colour"]
        if self._halos and marker.accuracy_px > marker.style["size"] / 2:
            self.shown.halos = True
            circle = shapely.buffer(place, marker.accuracy_px, quad_segs=32).exterior
            width, opacity = (1.8, 0.9) if lit else (1, 0.5)
            self._canvas.line(circle, colour, width, dash=(4, 4), opacity=opacity, z=HALO_Z)
        if lit and marker.reach_px > marker.style["size"] / 2:
            circle = shapely.buffer(place, marker.reach_px, quad_segs=32).exterior
            self._canvas.line(circle, colour, 1.8, dash=(1, 6), opacity=0.9, z=HALO_Z)
