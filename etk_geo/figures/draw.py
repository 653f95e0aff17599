"""A still map from what is asked for: layout, layers, overlays, names, furniture, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import matplotlib as mpl
import shapely

from etk_geo.catalog import Catalog
from etk_geo.figures.canvas import Canvas, Format, Lettering, drawing
from etk_geo.figures.furniture import (
    EDGE,
    FRAME_Z,
    draw_frame,
    draw_graticule,
    draw_north,
    draw_scale_bar,
)
from etk_geo.figures.labels import fold, place_names
from etk_geo.figures.layers import (
    Ground,
    LayerDrawing,
    Seen,
    Shown,
    ground_of,
    look_at,
    styles_seen,
)
from etk_geo.figures.legend import Entry, Legend, draw_legend, legend_entries, set_legend
from etk_geo.figures.model import MapFigure
from etk_geo.figures.overlays import OVERLAY_Z, draw_overlays, in_sight
from etk_geo.figures.view import Box, View, fit
from etk_geo.i18n import text
from etk_geo.maps.display import LayerDocument, layer_documents
from etk_geo.model import BANNER_BOUNDS, Lang
from etk_geo.plan import Plan

MARGIN = 12.0
TITLE_SIZE, SUBTITLE_SIZE = 20.0, 13.0
CREDIT_SIZE, REVIEW_SIZE = 10.0, 11.0
LINE = 1.35
PANEL = {"zh": 210.0, "en": 236.0}
LEAST_MAP = 320.0
"""A map narrower than this gets its legend below instead of beside it."""

GROUND = "#eef2f3"
SCALES = (1.0, 0.93, 0.86, 0.8, 0.74, 0.68, 0.62)
"""A legend is made smaller to fit; in a picture too small for the smallest it is left out."""

CLOSER_SHARE = 0.42
"""Part of the width that a map gives to a part of it shown larger."""

MARKED = "#7A4B9A"
"""Edge of that part where the map marks it."""

MOST_LEGEND = 0.5
"""Part of the height that a legend below the map may take."""


@dataclass(frozen=True)
class Drawing:
    """A map that has been drawn; :meth:`bytes` gives it as a file.

    ``scale`` is its scale number on paper.
    """

    canvas: Canvas
    dated: date
    scale: float

    def bytes(self, form: Format = "png") -> bytes:
        """Return it as PNG (twice the design size), PDF or SVG."""
        return self.canvas.bytes(form, self.dated)


@dataclass(frozen=True)
class MapSource:
    """The layers as they are displayed in one language, kept for many figures."""

    documents: tuple[LayerDocument, ...]
    lang: Lang
    _grounds: dict[str, Ground] = field(default_factory=dict, init=False, repr=False, compare=False)

    def ground(self, document: LayerDocument) -> Ground:
        """Return a layer ready to be drawn, made ready when first asked for."""
        name = document.entry["id"]
        if name not in self._grounds:
            self._grounds[name] = ground_of(document)
        return self._grounds[name]


def map_source(catalog: Catalog, plan: Plan, lang: Lang) -> MapSource:
    """Return the layers that may be shown, as the browser gets them."""
    return MapSource(tuple(layer_documents(catalog, plan, lang)), lang)


def draw_map(figure: MapFigure, source: MapSource) -> Drawing:
    """Draw a map.

    Parameters
    ----------
    figure
        What to show.
    source
        The layers, in the language of the figure.

    Raises
    ------
    AssetError
        If there is no Chinese font.
    """
    with drawing(), mpl.rc_context({"path.simplify": False}):
        return _Sheet(figure, source).draw()


class _Sheet:
    """One picture: its canvas and the room that is still free on it."""

    def __init__(self, figure: MapFigure, source: MapSource) -> None:
        self._figure = figure
        self._canvas = Canvas(figure.size)
        self._documents = [d for d in source.documents if self._wanted(d)]
        self._grounds = [source.ground(document) for document in self._documents]
        self._free = Box(MARGIN, MARGIN, figure.size.width - MARGIN, figure.size.height - MARGIN)

    def _wanted(self, document: LayerDocument) -> bool:
        asked = self._figure.layers
        on: bool = document.entry["on"]
        return on if asked is None else document.entry["id"] in asked

    def draw(self) -> Drawing:
        figure, canvas = self._figure, self._canvas
        self._title()
        # What a first guess of the frame shows decides how much room legend and sources need.
        guess = look_at(self._view(self._free), self._grounds)
        if figure.credits:
            self._credits(guess)
        frame, room = self._frame(guess)
        if figure.closer is None:
            view = self._view(frame)
            shown = self._map(view)
        else:
            first, second = _side_by_side(frame)
            view, closer = self._view(first), fit(figure.closer, second)
            shown = self._map(view, marked=closer).also(self._map(closer))
        if room is not None:
            self._legend(shown, room)
        return Drawing(canvas, figure.dated, view.scale)

    def _view(self, frame: Box) -> View:
        return fit(self._figure.extent or BANNER_BOUNDS, frame)

    def _map(self, view: View, marked: View | None = None) -> Shown:
        figure, canvas, frame = self._figure, self._canvas, view.frame
        canvas.clip_to(frame)
        canvas.area(shapely.box(*frame), fill=GROUND, z=-1)
        drawing = LayerDrawing(canvas, view, figure.lang, figure.highlight, halos=figure.halos)
        shown = drawing.draw(look_at(view, self._grounds))
        names, obstacles, shown.overlays = draw_overlays(canvas, view, figure.overlays)
        if marked is not None:
            part = view.pixels(marked.lonlat(marked.frame))
            canvas.area(part, edge=MARKED, width=1.4, z=OVERLAY_Z + 90)
        furniture = [
            draw_north(canvas, frame, figure.lang),
            draw_scale_bar(canvas, view, figure.lang),
        ]
        place_names(
            canvas, [*names, *shown.names], [*furniture, *obstacles, *shown.obstacles], frame
        )
        canvas.clip_to(None)
        draw_graticule(canvas, view, figure.lang)
        draw_frame(canvas, frame)
        return shown

    def _frame(self, guess: Sequence[Seen]) -> tuple[Box, Box | None]:
        """Return the map's frame, and the room for the legend: beside the map, or below it."""
        left, bottom, right, top = self._free
        frame = Box(left + EDGE, bottom, right, top - EDGE)
        if not self._figure.legend:
            return frame, None
        panel = PANEL[self._figure.lang]
        if frame.width - panel >= LEAST_MAP and frame.width > frame.height:
            divide = right - panel
            return frame._replace(right=divide - MARGIN), Box(divide, bottom, right, top)
        overlays = list(self._figure.overlays)
        entries = self._entries(
            Shown(styles_seen(guess), overlays=overlays, moved=True, halos=True)
        )
        legend = self._fitted(entries, right - left, MOST_LEGEND * (top - bottom))
        if legend is None:
            return frame, None
        divide = bottom + legend.height + MARGIN
        return frame._replace(bottom=divide), Box(left, bottom, right, divide - MARGIN)

    def _entries(self, shown: Shown) -> list[Entry]:
        figure = self._figure
        entries = legend_entries(self._documents, shown, shown.overlays, figure.lang)
        if figure.closer is not None:
            entries.insert(0, Entry(text("figures.closer", figure.lang), _closer_sample))
        return entries

    def _legend(self, shown: Shown, room: Box) -> None:
        legend = self._fitted(self._entries(shown), room.width, room.height)
        if legend is not None:
            draw_legend(self._canvas, legend, room.left, room.top, self._figure.lang)

    def _fitted(self, entries: Sequence[Entry], width: float, most: float) -> Legend | None:
        """Return a legend that is small enough, or none where it could not be read."""
        columns = max(1, round(width / PANEL[self._figure.lang]))
        for scale in SCALES:
            legend = set_legend(self._canvas, entries, width, columns, scale)
            if legend.height <= most:
                return legend
        return None

    def _credits(self, guess: Sequence[Seen]) -> None:
        """Write date, note on map review and sources along the lower edge."""
        figure, canvas = self._figure, self._canvas
        left, bottom, right, _ = self._free
        lines = [
            (line, CREDIT_SIZE, "#5b6a72")
            for line in self._fold(self._sources(guess), CREDIT_SIZE, right - left)
        ]
        review = text("figures.review", figure.lang, day=figure.dated.isoformat())
        shown = self._fold(review, REVIEW_SIZE, right - left)
        lines = [*((line, REVIEW_SIZE, "#8a3b00") for line in shown), *lines]
        for line, size, colour in reversed(lines):
            canvas.text(line, left, bottom + size * LINE / 2, Lettering(size, colour))
            bottom += size * LINE
        self._free = self._free._replace(bottom=bottom + 6)

    def _sources(self, guess: Sequence[Seen]) -> str:
        seen = styles_seen(guess)
        credits = [d.entry["credit"] for d in self._documents if d.entry["id"] in seen]
        gap = text("figures.gap", self._figure.lang)
        credited = [
            part.strip()
            for credit in (*self._overlay_credits(), *credits)
            for part in credit.split(gap.strip())
        ]
        sources = gap.join(dict.fromkeys(part for part in credited if part))
        return text("figures.sources", self._figure.lang, sources=sources)

    def _overlay_credits(self) -> list[str]:
        view = self._view(self._free)
        credited = (overlay for overlay in self._figure.overlays if overlay.credit)
        return [overlay.credit for overlay in credited if in_sight(view, overlay) is not None]

    def _title(self) -> None:
        figure, canvas = self._figure, self._canvas
        left, _, right, top = self._free
        for words, size, bold in (
            (figure.title, TITLE_SIZE, True),
            (figure.subtitle, SUBTITLE_SIZE, False),
        ):
            if not words:
                continue
            lines = self._fold(words, size, right - left, most_lines=2, bold=bold)
            for line in lines:
                canvas.text(line, left, top - size * LINE / 2, Lettering(size, bold=bold))
                top -= size * LINE
        self._free = self._free._replace(top=top - (4 if figure.title else 0))

    def _fold(
        self, words: str, size: float, width: float, *, most_lines: int = 99, bold: bool = False
    ) -> list[str]:
        def width_of(part: str) -> float:
            return self._canvas.text_width(part, size, bold=bold)

        return fold(self._canvas.words(words), width_of, width / 1.02, most_lines)


def _side_by_side(frame: Box) -> tuple[Box, Box]:
    """Return the frames of a map and of its part shown larger, with room for degrees between."""
    divide = frame.left + frame.width * (1 - CLOSER_SHARE)
    return frame._replace(right=divide - MARGIN), frame._replace(left=divide + EDGE)


def _closer_sample(canvas: Canvas, box: Box) -> None:
    side = shapely.box(box.left + 9, box.bottom, box.right - 9, box.top)
    canvas.area(side, edge=MARKED, width=1.4, z=FRAME_Z)
