"""Names on the map, placed one after the other by rank; one that finds no free place is left out.

The rules are those of ``static/etk/labels.js``; the same features get the same places each time.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.figures.canvas import Canvas, Lettering
from etk_geo.figures.view import Box

GAP = 2.0
MOST_TRIED = 400
LONGEST_NAME = 60
"""Characters of a name that a map can hold; of a longer one the beginning is written."""

STEPS = 14
LINE_HEIGHT = 1.2
LABEL_Z = 700.0
INK = (0x10, 0x18, 0x1C)
SHARES = (0.5, 0.35, 0.65, 0.2, 0.8)
"""Parts of a line's length at which its name is tried."""


@dataclass(frozen=True)
class Face:
    """How a kind of name is set: size, weight, how much of the layer's colour, width in em."""

    size: float
    bold: bool
    own: float
    most_em: float


FACES = {
    "place": Face(14, bold=True, own=0.0, most_em=13),
    "water": Face(13, bold=False, own=0.85, most_em=99),
    "area": Face(13, bold=False, own=0.8, most_em=14),
    "small": Face(12, bold=False, own=0.6, most_em=13),
}


@dataclass(frozen=True)
class Name:
    """A name and what it belongs to, in pixels; ``reach`` is half the size of a marker.

    ``note`` is a second line in smaller type. Of equal ``rank``, the first given is placed first.
    ``outside`` lets the name of an area that cannot hold it stand beside the area.
    """

    text: str
    kind: str
    colour: str
    rank: float
    shape: Literal["marker", "line", "area"]
    geometry: BaseGeometry
    reach: float = 0.0
    note: str = ""
    outside: bool = False


@dataclass(frozen=True)
class Spot:
    """A place for a name: its middle, the box that it takes, its turn in degrees."""

    x: float
    y: float
    box: Box
    turn: float = 0.0


@dataclass(frozen=True)
class Obstacle:
    """A box that names must not cover; over a ``minor`` one the name of a town may lie."""

    box: Box
    minor: bool = False


def place_names(
    canvas: Canvas, names: Sequence[Name], obstacles: Sequence[Obstacle], frame: Box
) -> None:
    """Write the names for which there is room inside a frame."""
    taken = list(obstacles)
    said: set[tuple[str, str]] = set()
    tried = 0
    for name in sorted(names, key=lambda name: name.rank):
        if (name.kind, name.text) in said or tried > MOST_TRIED:
            continue
        lines = wrapped(canvas, name.text, FACES[name.kind])
        if not lines:
            continue
        spots = list(_spots(canvas, name, lines, frame))
        tried += bool(spots)
        free = (spot for spot in spots if _is_free(spot.box, name.kind, taken, frame))
        spot = next(free, None)
        if spot is not None:
            said.add((name.kind, name.text))
            taken.append(Obstacle(spot.box))
            _write(canvas, name, lines, spot)


def _is_free(box: Box, kind: str, taken: Sequence[Obstacle], frame: Box) -> bool:
    return frame.holds(box) and not any(
        box.overlaps(other.box) for other in taken if not (other.minor and kind == "place")
    )


def wrapped(canvas: Canvas, text: str, face: Face) -> list[str]:
    """Return a name in lines of about the same length, at most three."""
    text = canvas.words(text)
    if len(text) > LONGEST_NAME:
        text = text[:LONGEST_NAME] + "…"
    width = canvas.text_width(text, 1.0, bold=face.bold)
    if not width:
        return []
    count = min(3, math.ceil(width / face.most_em))
    return fold(text, lambda part: canvas.text_width(part, 1.0, bold=face.bold), width / count, 3)


WORD = re.compile("[^\\s\u2e80-\u9fff\uff00-\uffef]+\\s*|.\\s*")
"""What a line is not broken inside of: a word, or a Chinese character."""

NOT_FIRST = "，。；：、！？）》”’·%,.;:)"
"""Marks that no line begins with."""


def fold(
    text: str, width_of: Callable[[str], float], width: float, most_lines: int = 99
) -> list[str]:
    """Break a text into lines of about a width; an ellipsis says what is beyond the last line."""
    lines = [""]
    used = 0.0
    for word in WORD.findall(text):
        wide = width_of(word)
        bare = used + width_of(word.rstrip())
        if bare > width * 1.02 and lines[-1] and word[0] not in NOT_FIRST:
            lines.append(word)
            used = wide
        else:
            lines[-1] += word
            used += wide
    lines = [line.rstrip() for line in lines]
    if len(lines) > most_lines:
        lines = [*lines[: most_lines - 1], lines[most_lines - 1] + "…"]
    return [_cut(line, width_of, width * 1.6) for line in lines]


def _cut(line: str, width_of: Callable[[str], float], most: float) -> str:
    """Return a line that is not wider than ``most``, with an ellipsis where it was."""
    if width_of(line) <= most:
        return line
    low, high = 1, len(line)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if width_of(line[:middle] + "…") <= most else (low, middle - 1)
    return line[:low] + "…"


def _size(canvas: Canvas, name: Name, lines: Sequence[str]) -> tuple[float, float]:
    face = FACES[name.kind]
    widths = [canvas.text_width(line, face.size, bold=face.bold) for line in lines]
    height = len(lines) * face.size * LINE_HEIGHT
    if name.note:
        widths.append(canvas.text_width(name.note, face.size - 2))
        height += (face.size - 2) * LINE_HEIGHT
    return max(widths), height


def _write(canvas: Canvas, name: Name, lines: Sequence[str], spot: Spot) -> None:
    face = FACES[name.kind]
    colour = _mixed(name.colour, face.own)
    _, height = _size(canvas, name, lines)
    rows = [(line, face.size, face.bold) for line in lines]
    if name.note:
        rows.append((name.note, face.size - 2, False))
    radians = math.radians(spot.turn)
    down = height / 2
    for text, size, bold in rows:
        offset = down - size * LINE_HEIGHT / 2
        canvas.text(
            text,
            spot.x - math.sin(radians) * offset,
            spot.y + math.cos(radians) * offset,
            Lettering(size, colour, bold=bold, anchor="center", ground="#ffffff"),
            turn=spot.turn,
            z=LABEL_Z,
        )
        down -= size * LINE_HEIGHT


def _mixed(colour: str, share: float) -> str:
    """Return a share of a colour mixed with the ink of the names."""
    own = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    parts = (round(a * share + b * (1 - share)) for a, b in zip(own, INK, strict=True))
    return "#" + "".join(f"{part:02x}" for part in parts)


def _spots(canvas: Canvas, name: Name, lines: Sequence[str], frame: Box) -> Iterator[Spot]:
    width, height = _size(canvas, name, lines)
    if name.shape == "marker":
        return _point_spots(name, width, height, frame)
    if name.shape == "line":
        return _line_spots(name, width, height, frame)
    within = _area_spots(name, width, height, frame)
    return chain(within, _edge_spots(name, width, height, frame)) if name.outside else within


def _around(x: float, y: float, width: float, height: float) -> Box:
    half, tall = width / 2 + GAP, height / 2 + GAP
    return Box(x - half, y - tall, x + half, y + tall)


def _point_spots(name: Name, width: float, height: float, frame: Box) -> Iterator[Spot]:
    """Beside a marker: right, left, above, below, then the corners."""
    (point,) = shapely.get_coordinates(name.geometry)[:1]
    if not frame.holds(Box(point[0], point[1], point[0], point[1])):
        return
    reach = name.reach + 3
    dx, dy = reach + width / 2, reach + height / 2
    sides = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 0.7), (1, -0.7), (-1, 0.7), (-1, -0.7))
    for across, up in sides:
        x, y = point[0] + across * dx, point[1] + up * dy
        yield Spot(x, y, _around(x, y, width, height))


def _line_spots(name: Name, width: float, height: float, frame: Box) -> Iterator[Spot]:
    """Along a line, where it is straight enough and seen."""
    seen = shapely.intersection(name.geometry, shapely.box(*frame))
    for line in sorted(shapely.get_parts(seen), key=lambda part: -part.length):
        if line.geom_type != "LineString" or line.length < width * 1.2:
            continue
        for share in SHARES:
            middle = line.length * share
            a, b = (
                line.interpolate(min(max(middle + side * width / 2, 0), line.length))
                for side in (-1, 1)
            )
            if math.hypot(b.x - a.x, b.y - a.y) < width * 0.85:
                continue
            turn = math.degrees(math.atan2(b.y - a.y, b.x - a.x))
            turn = turn - 180 if turn > 90 else turn + 180 if turn < -90 else turn
            yield from _beside(((a.x + b.x) / 2, (a.y + b.y) / 2), turn, width, height)


def _beside(
    middle: tuple[float, float], turn: float, width: float, height: float
) -> Iterator[Spot]:
    radians = math.radians(turn)
    cos, sin = abs(math.cos(radians)), abs(math.sin(radians))
    for side in (1, -1):
        lift = side * (height / 2 + 3)
        x = middle[0] - math.sin(radians) * lift
        y = middle[1] + math.cos(radians) * lift
        box = _around(x, y, cos * width + sin * height, sin * width + cos * height)
        yield Spot(x, y, box, turn)


def _area_spots(name: Name, width: float, height: float, frame: Box) -> Iterator[Spot]:
    """In the part of an area that is seen, where there is most room."""
    found: list[tuple[float, Spot]] = []
    for area in shapely.get_parts(name.geometry):
        if area.geom_type != "Polygon":
            continue
        west, south, east, north = shapely.bounds(area)
        left, right = max(west, frame.left), min(east, frame.right)
        bottom, top = max(south, frame.bottom), min(north, frame.top)
        if right - left < width or top - bottom < height:
            continue
        xs, ys = np.meshgrid(
            left + (right - left) * np.arange(1, STEPS) / STEPS,
            bottom + (top - bottom) * np.arange(1, STEPS) / STEPS,
        )
        points = shapely.points(xs.ravel(), ys.ravel())
        # Names are wide: a step up or down counts double.
        stretched = shapely.transform(area, lambda xy: xy * (1, 2)).boundary
        tall = shapely.points(xs.ravel(), ys.ravel() * 2)
        rooms = shapely.distance(tall, stretched)
        for point, room in zip(
            points[shapely.contains(area, points)],
            rooms[shapely.contains(area, points)],
            strict=True,
        ):
            edge = min(
                point.x - frame.left,
                frame.right - point.x,
                (point.y - frame.bottom) * 2,
                (frame.top - point.y) * 2,
            )
            spot = Spot(point.x, point.y, _around(point.x, point.y, width, height))
            found.append((min(edge, float(room)), spot))
    found.sort(key=lambda item: -item[0])
    yield from (spot for _, spot in found)


def _edge_spots(name: Name, width: float, height: float, frame: Box) -> Iterator[Spot]:
    """Above, below, right and left of the part of an area that is seen."""
    seen = shapely.intersection(name.geometry, shapely.box(*frame))
    if seen.is_empty:
        return
    west, south, east, north = seen.bounds
    across, up = (west + east) / 2, (south + north) / 2
    dx, dy = width / 2 + GAP + 1, height / 2 + GAP + 1
    for x, y in ((across, north + dy), (across, south - dy), (east + dx, up), (west - dx, up)):
        yield Spot(x, y, _around(x, y, width, height))
