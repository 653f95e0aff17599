"""What a report lays over the map: a project's egg and yolk, zones, overlap, approach."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from etk_geo.figures.canvas import Canvas
from etk_geo.figures.labels import Name, Obstacle
from etk_geo.figures.marks import around, marker_outline
from etk_geo.figures.model import Overlay, Role
from etk_geo.figures.patterns import draw_hatch
from etk_geo.figures.view import View

OVERLAY_Z = 400.0
BEAD = 6.0
"""Width of the boxes that keep names off the line of the nearest approach."""

RANK = -1.0
"""Names of overlays come before all others."""

RANK_STEP = 1e-6


@dataclass(frozen=True)
class Look:
    """How an overlay looks: fill, outline and dash, hatching, size of its marker in pixels."""

    colour: str
    fill: float = 0.0
    width: float = 0.0
    dash: tuple[float, ...] = ()
    hatch: float = 0.0
    size: float = 12.0
    marker: str = "circle"


LOOKS: dict[Role, Look] = {
    "zone": Look("#00795A", fill=0.16, width=1.8),
    "zone_outer": Look("#00795A", hatch=0.55),
    "zone_line": Look("#00795A", width=2.6),
    "egg": Look("#0B3C5D", fill=0.07, width=1.3, dash=(5, 4)),
    "yolk": Look("#0B3C5D", fill=0.3),
    "project": Look("#0B3C5D", fill=0.12, width=2.2, size=13, marker="diamond"),
    "variant": Look("#7A4B9A", fill=0.1, width=2.0, dash=(8, 3), size=12, marker="diamond"),
    "overlap": Look("#C0392B", fill=0.3, width=1.6, hatch=0.9),
    "approach": Look("#1F2A30", width=1.5),
    "mark": Look("#1F2A30", size=8),
}


def draw_overlays(
    canvas: Canvas, view: View, overlays: Sequence[Overlay]
) -> tuple[list[Name], list[Obstacle], list[Overlay]]:
    """Draw overlays in their order; return names, what these must not cover, and what is seen."""
    names: list[Name] = []
    obstacles: list[Obstacle] = []
    seen: list[Overlay] = []
    for number, overlay in enumerate(overlays):
        pixels = in_sight(view, overlay)
        if pixels is None:
            continue
        seen.append(overlay)
        look = LOOKS[overlay.role]
        z = OVERLAY_Z + number / 100
        dimension = int(shapely.get_dimensions(pixels))
        if dimension == 2:
            draw_area(canvas, pixels, look, z)
        elif dimension == 1:
            _draw_line(canvas, pixels, overlay.role, look, z)
            if overlay.role == "approach":
                beads = shapely.get_coordinates(shapely.segmentize(pixels, 2 * BEAD))
                obstacles += [Obstacle(around((x, y), BEAD / 2)) for x, y in beads]
        else:
            for x, y in shapely.get_coordinates(pixels):
                draw_point(canvas, x, y, look, z)
                obstacles.append(Obstacle(around((x, y), look.size / 2)))
        if overlay.label:
            names.append(_name(overlay, number, pixels, look))
    return names, obstacles, seen


def in_sight(view: View, overlay: Overlay) -> BaseGeometry | None:
    """Return what a frame shows of an overlay, in pixels; ``None`` for nothing."""
    if not view.may_see(np.array([overlay.metric], dtype=object)).any():
        return None
    pixels = view.cut(view.place(overlay.metric))
    return None if pixels.is_empty or not view.sees(pixels) else pixels


def draw_area(canvas: Canvas, pixels: BaseGeometry, look: Look, z: float) -> None:
    """Draw an overlay that is an area."""
    if look.fill:
        canvas.area(pixels, fill=look.colour, opacity=look.fill, z=z)
    if look.hatch:
        draw_hatch(canvas, pixels, look.colour, opacity=look.hatch, z=z)
    if look.width:
        canvas.line(shapely.boundary(pixels), look.colour, look.width, dash=look.dash, z=z)


def _draw_line(canvas: Canvas, pixels: BaseGeometry, role: Role, look: Look, z: float) -> None:
    width = look.width or 2.0
    canvas.line(pixels, "#ffffff", width + 2.4, opacity=0.85, z=z)
    canvas.line(pixels, look.colour, width, dash=look.dash, z=z)
    if role == "approach":
        for x, y in shapely.get_coordinates(pixels)[[0, -1]]:
            draw_point(canvas, x, y, Look(look.colour, size=6), z)


def draw_point(canvas: Canvas, x: float, y: float, look: Look, z: float) -> None:
    """Draw an overlay that is a place."""
    outline = affinity.translate(marker_outline(look.marker, look.size), x, y)
    canvas.area(outline, fill=look.colour, edge="#ffffff", width=1.5, z=z)


def _name(overlay: Overlay, number: int, pixels: BaseGeometry, look: Look) -> Name:
    """Return the name of an overlay; of zones, the one drawn last, on top, is named first."""
    dimension = int(shapely.get_dimensions(pixels))
    zone = overlay.role in ("zone", "zone_outer", "zone_line")
    rank = RANK - number * RANK_STEP if zone else RANK
    shapes: tuple[Literal["marker", "line", "area"], ...] = ("marker", "line", "area")
    shape, geometry = shapes[dimension], pixels
    kind = "area" if dimension == 2 else "small"
    reach = look.size / 2
    if overlay.role in ("approach", "project", "overlap", "egg") and dimension > 0:
        # A short line, a small area: the name stands beside the middle.
        shape, kind = "marker", "small"
        geometry = (
            pixels.interpolate(0.5, normalized=True)
            if pixels.geom_type == "LineString"
            else shapely.point_on_surface(pixels)
        )
        reach = 4.0
    return Name(overlay.label, kind, look.colour, rank, shape, geometry, reach=reach, outside=zone)
