"""Markers as in ``static/etk/symbols.js``: the same outlines around 0,0, and setting them apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from etk_geo.figures.canvas import INK, Canvas, Lettering
from etk_geo.figures.view import Box

Style = Mapping[str, Any]
"""A style of the map document: what :meth:`etk_geo.maps.symbols.Style.document` returns."""

RINGS = (1.15, 2.1, 3.1, 4.2)
DIRECTIONS = 12
SMALL = 10
FIXED = 13
"""Markers up to this size stay where they are and are avoided."""


@dataclass(frozen=True)
class Marker:
    """A marker: its style, its place in pixels, how many features it stands for, and their ids."""

    style: Style
    x: float
    y: float
    count: int = 1
    name: str = ""
    ids: frozenset[str] = frozenset()
    accuracy_px: float = 0.0
    reach_px: float = 0.0


def marker_outline(marker: str, size: float) -> BaseGeometry:
    """Return the outline of a marker around 0,0."""
    radius = size / 2
    if marker == "cross":
        a, b = radius, radius * 0.36
        arms = [shapely.box(-b, -a, b, a), shapely.box(-a, -b, a, b)]
        return shapely.union_all(arms)
    corners = {
        "square": (4, 45, 1.18, 1.0),
        "diamond": (4, 0, 1.15, 1.0),
        "triangle": (3, 0, 1.2, 1.0),
        "triangle_down": (3, 180, 1.2, 1.0),
        "pentagon": (5, 0, 1.08, 1.0),
        "hexagon": (6, 30, 1.05, 1.0),
        "star": (5, 0, 1.25, 0.48),
    }.get(marker)
    if corners is None:
        return shapely.buffer(shapely.Point(0, 0), radius, quad_segs=16)
    count, start, factor, inner = corners
    return shapely.Polygon(_corners(count, start, radius * factor, inner))


def _corners(count: int, start: float, radius: float, inner: float) -> list[tuple[float, float]]:
    steps = count * 2 if inner < 1 else count
    points = []
    for step in range(steps):
        angle = math.radians(start + 360 / steps * step)
        reach = radius * inner if inner < 1 and step % 2 else radius
        points.append((math.sin(angle) * reach, math.cos(angle) * reach))
    return points


def draw_marker(canvas: Canvas, style: Style, x: float, y: float, z: float) -> None:
    """Draw a marker with its white edge."""
    size, colour = style["size"], style["colour"]
    if style["marker"] == "ring":
        outer = affinity.translate(marker_outline("circle", size), x, y)
        inner = affinity.translate(marker_outline("circle", max(3.0, size - 9)), x, y)
        canvas.area(outer, fill="#ffffff", edge=colour, width=2, z=z)
        canvas.area(inner, fill=colour, z=z)
        return
    outline = affinity.translate(marker_outline(style["marker"], size), x, y)
    canvas.area(outline, edge="#2a2a2a", width=2.4, z=z)
    canvas.area(outline, fill=colour, edge="#ffffff", width=1.5, z=z)


def draw_badge(canvas: Canvas, count: int, x: float, y: float, z: float) -> None:
    """Draw how many features a marker stands for."""
    text = str(count)
    half = max(7.0, canvas.text_width(text, 10, bold=True) / 2 + 3.5)
    pill = shapely.buffer(shapely.LineString([(x - half + 7, y), (x + half - 7, y)]), 7)
    if half <= 7:
        pill = shapely.buffer(shapely.Point(x, y), 7)
    canvas.area(pill, fill=INK, edge="#ffffff", width=1, z=z)
    canvas.text(text, x, y, Lettering(10, "#ffffff", bold=True, anchor="center"), z=z)


def set_apart(markers: Sequence[Marker]) -> list[tuple[float, float]]:
    """Return where each marker is drawn, so that none hides another.

    As ``static/etk/placing.js``: small ones stay and may be touched, larger ones take the first
    free place on rings around their position.
    """
    placed: list[Box] = []
    found: dict[int, tuple[float, float]] = {}
    order = sorted(
        range(len(markers)),
        key=lambda n: (markers[n].style["size"] > FIXED, -markers[n].style["z"], n),
    )
    for number in order:
        marker = markers[number]
        size = marker.style["size"]
        half = size / 4 if size <= SMALL else size / 2 + 1
        choice = (marker.x, marker.y)
        if size > FIXED:
            tries = ((marker.x + dx, marker.y + dy) for dx, dy in _offsets(size))
            choice = next(
                (spot for spot in tries if not _hit(spot, half, placed)), (marker.x, marker.y)
            )
        placed.append(around(choice, half))
        found[number] = choice
    return [found[number] for number in range(len(markers))]


def around(spot: tuple[float, float], half: float) -> Box:
    """Return the box around a place."""
    x, y = spot
    return Box(x - half, y - half, x + half, y + half)


def _hit(spot: tuple[float, float], half: float, placed: Sequence[Box]) -> bool:
    own = around(spot, half)
    return any(own.overlaps(other) for other in placed)


def _offsets(size: float) -> list[tuple[float, float]]:
    tries = [(0.0, 0.0)]
    for number, ring in enumerate(RINGS):
        for step in range(DIRECTIONS):
            angle = (step + number % 2 / 2) * 2 * math.pi / DIRECTIONS
            tries.append((math.sin(angle) * size * ring, math.cos(angle) * size * ring))
    return tries
