"""The legend of a still map: what it shows, and nothing else, each in the look it is drawn in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from etk_geo.figures.canvas import INK, Canvas, Lettering
from etk_geo.figures.labels import fold
from etk_geo.figures.layers import Shown
from etk_geo.figures.marks import draw_marker
from etk_geo.figures.model import Overlay
from etk_geo.figures.overlays import LOOKS, draw_area, draw_point
from etk_geo.figures.patterns import draw_path
from etk_geo.figures.view import Box
from etk_geo.i18n import text
from etk_geo.maps.display import LayerDocument
from etk_geo.model import Lang

LEGEND_Z = 950.0
SWATCH = 34.0
SWATCH_HEIGHT = 14.0
SIZE, NOTE_SIZE, TITLE_SIZE = 12.0, 10.5, 13.0
LINE = 1.3
GAP = 5.0
COLUMN_GAP = 18.0
SOFT = "#5b6a72"

Draw = Callable[[Canvas, Box], None]
"""Draws a sample into a box."""


@dataclass(frozen=True)
class Entry:
    """A line of the legend: a sample and its words, or a note without a sample."""

    words: str
    sample: Draw | None = None
    indent: float = 0.0
    strong: bool = False


def legend_entries(
    documents: Sequence[LayerDocument], shown: Shown, overlays: Sequence[Overlay], lang: Lang
) -> list[Entry]:
    """Return the entries for what a map shows: overlays, layers, and what the looks mean."""
    entries = _overlay_entries(overlays, lang)
    seen: list[Mapping[str, Any]] = []
    for document in documents:
        entry = document.entry
        numbers = sorted(shown.styles.get(entry["id"], ()))
        styles = [entry["styles"][number] for number in numbers]
        seen += styles
        if len(styles) == 1:
            entries.append(Entry(entry["title"], _sample(styles[0])))
        elif styles:
            entries.append(Entry(entry["title"], strong=True))
            entries += [Entry(style["label"], _sample(style), indent=8) for style in styles]
        if styles and entry["orientation"]:
            entries.append(Entry(text("maps.orientation", lang), indent=8))
    return [*entries, *_notes(seen, shown, overlays, lang)]


def _overlay_entries(overlays: Sequence[Overlay], lang: Lang) -> list[Entry]:
    entries: dict[str, Entry] = {}
    for overlay in overlays:
        words = overlay.legend or text(f"figures.role.{overlay.role}", lang)
        entries.setdefault(f"{overlay.role} {words}", Entry(words, _overlay_sample(overlay)))
    return list(entries.values())


def _notes(
    styles: Sequence[Mapping[str, Any]], shown: Shown, overlays: Sequence[Overlay], lang: Lang
) -> list[Entry]:
    outer = any(overlay.role == "zone_outer" for overlay in overlays)
    said = (
        (shown.halos, "figures.halo_about"),
        (any(style["schematic"] for style in styles), "maps.schematic_about"),
        (outer or any(style["pattern"] == "hatch" for style in styles), "maps.outer_about"),
        (any(style["pattern"] == "dots" for style in styles), "maps.dots_about"),
        (shown.moved, "maps.moved_about"),
    )
    return [Entry(text(key, lang)) for needed, key in said if needed]


def _sample(style: Mapping[str, Any]) -> Draw:
    def draw(canvas: Canvas, box: Box) -> None:
        middle = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
        if style["shape"] == "marker":
            draw_marker(canvas, {**style, "size": min(style["size"], 16)}, *middle, LEGEND_Z)
            return
        line = shapely.LineString([(box.left + 1, middle[1]), (box.right - 1, middle[1])])
        area = shapely.box(box.left + 2, box.bottom, box.right - 2, box.top)
        draw_path(canvas, line if style["shape"] == "line" else area, style, LEGEND_Z)

    return draw


def _overlay_sample(overlay: Overlay) -> Draw:
    look = LOOKS[overlay.role]
    dimension = shapely.get_dimensions(overlay.geometry)

    def draw(canvas: Canvas, box: Box) -> None:
        middle = ((box.left + box.right) / 2, (box.bottom + box.top) / 2)
        if dimension == 2:
            area = shapely.box(box.left + 2, box.bottom, box.right - 2, box.top)
            draw_area(canvas, area, look, LEGEND_Z)
        elif dimension == 1:
            line = shapely.LineString([(box.left + 1, middle[1]), (box.right - 1, middle[1])])
            canvas.line(line, look.colour, look.width or 2.0, dash=look.dash, z=LEGEND_Z)
        else:
            draw_point(canvas, *middle, look, LEGEND_Z)

    return draw


@dataclass(frozen=True)
class Legend:
    """Entries set in columns of a width, and the height that they take."""

    rows: tuple[tuple[tuple[Entry, tuple[str, ...]], ...], ...]
    column_width: float
    height: float
    scale: float


def set_legend(
    canvas: Canvas, entries: Sequence[Entry], width: float, columns: int, scale: float = 1.0
) -> Legend:
    """Return entries folded into columns of about equal height."""
    column_width = (width - COLUMN_GAP * (columns - 1)) / columns
    folded = [(entry, _folded(canvas, entry, column_width, scale)) for entry in entries]
    heights = [_height(entry, lines, scale) for entry, lines in folded]
    limit = max([sum(heights) / columns, *heights, 1.0])
    while len(_split(folded, heights, limit)) > columns:
        limit *= 1.03
    rows = _split(folded, heights, limit)
    tallest = max(sum(_height(e, lines, scale) for e, lines in column) for column in rows)
    title = TITLE_SIZE * scale * LINE + GAP
    return Legend(tuple(tuple(column) for column in rows), column_width, tallest + title, scale)


Folded = tuple[Entry, tuple[str, ...]]


def _split(folded: Sequence[Folded], heights: Sequence[float], limit: float) -> list[list[Folded]]:
    columns: list[list[Folded]] = [[]]
    used = 0.0
    for number, (item, height) in enumerate(zip(folded, heights, strict=True)):
        # A heading never stands alone at the foot of a column, a remark never at its head.
        needed = height + (
            heights[number + 1] if _leads(item[0]) and number + 1 < len(heights) else 0
        )
        if used + needed > limit + 0.01 and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append(item)
        used += height
    return columns


def _leads(entry: Entry) -> bool:
    return entry.sample is None and entry.strong


def _is_note(entry: Entry) -> bool:
    return entry.sample is None and not entry.strong


def _folded(canvas: Canvas, entry: Entry, width: float, scale: float) -> tuple[str, ...]:
    size = (NOTE_SIZE if _is_note(entry) else SIZE) * scale
    room = width - entry.indent - (SWATCH * scale + 6 if entry.sample else 0)

    def width_of(part: str) -> float:
        return canvas.text_width(part, size, bold=entry.strong)

    return tuple(fold(canvas.words(entry.words), width_of, room * 0.97))


def _height(entry: Entry, lines: Sequence[str], scale: float) -> float:
    size = (NOTE_SIZE if _is_note(entry) else SIZE) * scale
    needed = len(lines) * size * LINE
    if entry.sample:
        needed = max(needed, (SWATCH_HEIGHT + 3) * scale)
    return needed + GAP * scale * (0.6 if _is_note(entry) else 1.0)


def draw_legend(canvas: Canvas, legend: Legend, left: float, top: float, lang: Lang) -> None:
    """Draw a legend with its heading, from its upper left corner downward."""
    scale = legend.scale
    title = TITLE_SIZE * scale
    heading = text("maps.legend", lang)
    canvas.text(heading, left, top - title * LINE / 2, Lettering(title, bold=True), z=LEGEND_Z)
    for number, column in enumerate(legend.rows):
        x = left + number * (legend.column_width + COLUMN_GAP)
        y = top - title * LINE - GAP
        for entry, lines in column:
            height = _height(entry, lines, scale)
            _draw_entry(canvas, entry, lines, x + entry.indent, y, scale)
            y -= height


def _draw_entry(
    canvas: Canvas, entry: Entry, lines: Sequence[str], x: float, y: float, scale: float
) -> None:
    note = _is_note(entry)
    size = (NOTE_SIZE if note else SIZE) * scale
    block = len(lines) * size * LINE
    if entry.sample is not None:
        tall = SWATCH_HEIGHT * scale
        block = max(block, tall + 3 * scale)
        middle = y - block / 2
        entry.sample(canvas, Box(x, middle - tall / 2, x + SWATCH * scale, middle + tall / 2))
        x += SWATCH * scale + 6
    first = y - (block - len(lines) * size * LINE) / 2 - size * LINE / 2
    for number, line in enumerate(lines):
        canvas.text(
            line,
            x,
            first - number * size * LINE,
            Lettering(size, SOFT if note else INK, bold=entry.strong),
            z=LEGEND_Z,
        )
