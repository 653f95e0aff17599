"""Map furniture: frame, graticule with degrees, scale bar, north arrow."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import to_metric
from etk_geo.figures.canvas import INK, Canvas, Lettering
from etk_geo.figures.labels import Obstacle
from etk_geo.figures.view import Box, View
from etk_geo.i18n import text
from etk_geo.model import Lang

STEPS = (1 / 60, 1 / 12, 1 / 6, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0)
"""Distances between lines of the graticule, in minutes of arc."""

WIDEST_GAP = 190.0
GRATICULE_Z = 8.0
FRAME_Z = 900.0
DEGREE_SIZE = 10.5
GREY = "#60747e"
NICE = (1, 2, 5)
BAR_SHARE = 0.24
EDGE = 16.0
"""Room outside the frame that the degrees take."""


def draw_graticule(canvas: Canvas, view: View, lang: Lang) -> None:
    """Draw lines of longitude and latitude; their degrees stand left of and above the frame."""
    west, south, east, north = shapely.bounds(view.lonlat(view.frame))
    step = _step((east - west) * 60 * WIDEST_GAP / view.frame.width)
    frame = view.frame
    taken: list[Box] = []
    for minutes in _multiples(west * 60, east * 60, step):
        line = _seen(view, [(minutes / 60, lat) for lat in np.linspace(south, north, 17)])
        canvas.line(line, "#8fa3ad", 0.6, opacity=0.65, z=GRATICULE_Z)
        top = shapely.get_coordinates(line)
        top = top[np.abs(top[:, 1] - frame.top) < 0.5] if len(top) else top
        if len(top):
            _degrees(canvas, angle(minutes, text("maps.east", lang)), top[0][0], None, frame, taken)
    for minutes in _multiples(south * 60, north * 60, step):
        line = _seen(view, [(lon, minutes / 60) for lon in np.linspace(west, east, 17)])
        canvas.line(line, "#8fa3ad", 0.6, opacity=0.65, z=GRATICULE_Z)
        left = shapely.get_coordinates(line)
        left = left[np.abs(left[:, 0] - frame.left) < 0.5] if len(left) else left
        if len(left):
            suffix = text("maps.north_suffix", lang)
            _degrees(canvas, angle(minutes, suffix), None, left[0][1], frame, taken)


def _step(wanted: float) -> float:
    return next((step for step in reversed(STEPS) if step <= wanted), STEPS[0])


def _multiples(first: float, last: float, step: float) -> Iterator[float]:
    for number in range(math.ceil(first / step - 1e-9), math.floor(last / step + 1e-9) + 1):
        yield number * step


def _seen(view: View, lonlat: list[tuple[float, float]]) -> BaseGeometry:
    line = view.place(to_metric(shapely.LineString(lonlat)))
    return shapely.intersection(line, shapely.box(*view.frame))


def _degrees(
    canvas: Canvas, words: str, x: float | None, y: float | None, frame: Box, taken: list[Box]
) -> None:
    half = canvas.text_width(words, DEGREE_SIZE) / 2
    if x is not None:
        box = Box(x - half, frame.top, x + half, frame.top + EDGE)
        fits = frame.left <= box.left and box.right <= frame.right
        at, turn = (x, frame.top + EDGE / 2), 0.0
    else:
        y = y or 0.0
        box = Box(frame.left - EDGE, y - half, frame.left, y + half)
        fits = frame.bottom <= box.bottom and box.top <= frame.top
        at, turn = (frame.left - EDGE / 2, y), 90.0
    if fits and not any(box.overlaps(other) for other in taken):
        taken.append(box)
        lettering = Lettering(DEGREE_SIZE, GREY, anchor="center")
        canvas.text(words, *at, lettering, turn=turn, z=FRAME_Z)


def angle(minutes: float, side: str) -> str:
    """Return an angle in degrees and minutes, in seconds too where they are not whole."""
    seconds = round(abs(minutes) * 60)
    degrees, rest = divmod(seconds, 3600)
    whole, seconds = divmod(rest, 60)
    shown = f"{degrees}°"
    if whole or seconds:
        shown += f"{whole:02d}′"
    if seconds:
        shown += f"{seconds:02d}″"
    return shown + side


def draw_frame(canvas: Canvas, frame: Box) -> None:
    """Draw the line around the map."""
    canvas.area(shapely.box(*frame), edge="#5b6a72", width=1.2, z=FRAME_Z)


def draw_scale_bar(canvas: Canvas, view: View, lang: Lang) -> Obstacle:
    """Draw a scale bar of round length in the lower left corner."""
    length_m = nice_length(view.metres_per_px * view.frame.width * BAR_SHARE)
    width = length_m / view.metres_per_px
    left, bottom = view.frame.left + 14, view.frame.bottom + 12
    if length_m >= 1000:
        words = text("maps.kilometres", lang, n=f"{length_m / 1000:g}")
    else:
        words = text("maps.metres", lang, n=f"{length_m:g}")
    half_words = canvas.text_width(words, 11) / 2
    ground = Box(left - 7, bottom - 6, left + width + half_words + 7, bottom + 24)
    canvas.area(shapely.box(*ground), fill="#ffffff", opacity=0.8, z=FRAME_Z)
    for number in range(4):
        part = shapely.box(
            left + width * number / 4, bottom, left + width * (number + 1) / 4, bottom + 5
        )
        canvas.area(
            part, fill=INK if number % 2 == 0 else "#ffffff", edge=INK, width=0.8, z=FRAME_Z
        )
    for share, shown in ((0.0, "0"), (1.0, words)):
        lettering = Lettering(11, anchor="center")
        canvas.text(shown, left + width * share, bottom + 15, lettering, z=FRAME_Z)
    return Obstacle(ground)


def nice_length(most: float) -> float:
    """Return the greatest length of 1, 2 or 5 times a power of ten that is not beyond ``most``."""
    power = 10.0 ** math.floor(math.log10(most))
    return max(step * power for step in NICE if step * power <= most * (1 + 1e-9))


def draw_north(canvas: Canvas, frame: Box, lang: Lang) -> Obstacle:
    """Draw the north arrow in the upper left corner (grid north of EPSG:4545)."""
    x, top = frame.left + 24, frame.top - 10
    ground = Box(x - 14, top - 48, x + 14, top + 4)
    canvas.area(shapely.box(*ground), fill="#ffffff", opacity=0.7, z=FRAME_Z)
    words = text("maps.north", lang)
    canvas.text(words, x, top - 6, Lettering(12, bold=True, anchor="center"), z=FRAME_Z)
    tip, foot, waist = top - 15, top - 44, top - 38
    left = shapely.Polygon([(x, tip), (x - 7, foot), (x, waist)])
    right = shapely.Polygon([(x, tip), (x + 7, foot), (x, waist)])
    canvas.area(left, fill=INK, edge=INK, width=0.8, z=FRAME_Z)
    canvas.area(right, fill="#ffffff", edge=INK, width=0.8, z=FRAME_Z)
    return Obstacle(ground)
