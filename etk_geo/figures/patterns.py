"""What is drawn of lines and areas: the counterpart of ``pathOptions`` in ``static/etk``."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import shapely
from shapely import affinity
from shapely.geometry.base import BaseGeometry

from etk_geo.figures.canvas import Canvas

HATCH_STEP, HATCH_WIDTH = 9.0, 1.6
DOT_STEP, DOT_WIDTH, DOT_TURN = 8.0, 2.2, 30.0
LINE_OPACITY = 0.9


def dash_of(text: str) -> tuple[float, ...]:
    """Return a dash of symbols.toml as numbers."""
    return tuple(float(part) for part in text.split())


def draw_path(canvas: Canvas, geometry: BaseGeometry, style: Mapping[str, Any], z: float) -> None:
    """Draw a line or an area in a style of the map document; ``geometry`` is in pixels."""
    dash = dash_of(style["dash"])
    if style["shape"] == "line":
        canvas.line(
            geometry, style["colour"], style["weight"], dash=dash, opacity=LINE_OPACITY, z=z
        )
    elif style["pattern"] == "hatch":
        draw_hatch(canvas, geometry, style["colour"], opacity=style["fill"], z=z)
    elif style["pattern"] == "dots":
        draw_dots(canvas, geometry, style["colour"], opacity=style["fill"], z=z)
    else:
        colour = style["fill_colour"] or style["colour"]
        canvas.area(geometry, fill=colour, opacity=style["fill"], z=z)
        draw_outline(canvas, shapely.boundary(geometry), style, z)


def draw_outline(canvas: Canvas, lines: BaseGeometry, style: Mapping[str, Any], z: float) -> None:
    """Draw the outline of an area, or what several outlines have in common."""
    canvas.line(
        lines,
        style["colour"],
        style["weight"],
        dash=dash_of(style["dash"]),
        opacity=LINE_OPACITY,
        z=z,
    )


def draw_hatch(
    canvas: Canvas, area: BaseGeometry, colour: str, *, opacity: float, z: float
) -> None:
    """Draw slanting lines inside an area; there is no outline, for there is no boundary."""
    if area.is_empty:
        return
    west, south, east, north = shapely.bounds(area)
    height = north - south
    # Lines start at multiples of the step, so that neighbouring areas are hatched alike.
    first = math.floor((west - north) / HATCH_STEP)
    last = math.ceil((east - south) / HATCH_STEP)
    starts = np.arange(first, last + 1) * HATCH_STEP
    ends = np.stack(
        [
            np.column_stack([starts + south, np.full(len(starts), south)]),
            np.column_stack([starts + south + height, np.full(len(starts), north)]),
        ],
        axis=1,
    )
    lines = shapely.MultiLineString([list(map(tuple, end)) for end in ends])
    inside = shapely.get_parts(shapely.intersection(lines, area))
    parts = [part for part in inside if part.geom_type == "LineString"]
    canvas.line(shapely.MultiLineString(parts), colour, HATCH_WIDTH, opacity=opacity, z=z)


def draw_dots(canvas: Canvas, area: BaseGeometry, colour: str, *, opacity: float, z: float) -> None:
    """Draw dots inside an area that shows no more than the rough whereabouts."""
    if area.is_empty:
        return
    turned = affinity.rotate(area, -DOT_TURN, origin=(0, 0))
    west, south, east, north = shapely.bounds(turned)
    xs = np.arange(math.floor(west / DOT_STEP), math.ceil(east / DOT_STEP) + 1) * DOT_STEP
    ys = np.arange(math.floor(south / DOT_STEP), math.ceil(north / DOT_STEP) + 1) * DOT_STEP
    across, up = (axis.ravel() for axis in np.meshgrid(xs, ys))
    inside = shapely.contains_xy(turned, across, up)
    dots = np.column_stack([across[inside], up[inside]])
    radians = math.radians(DOT_TURN)
    turn = np.array(
        [[math.cos(radians), math.sin(radians)], [-math.sin(radians), math.cos(radians)]]
    )
    canvas.dots(dots @ turn, colour, DOT_WIDTH, opacity=opacity, z=z)
