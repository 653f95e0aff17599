"""Drawing in design pixels on a matplotlib figure, and its bytes as PNG, PDF and SVG.

Names of the data are never taken for mathematics or markup, and what the font lacks is spelled out.
matplotlib keeps settings in one place for all threads: drawing is done under a lock.
"""

from __future__ import annotations

import builtins
import io
import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from typing import Any, Literal

import matplotlib as mpl
import numpy as np
import shapely
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.lines import Line2D
from matplotlib.patches import PathPatch
from matplotlib.path import Path as Outline
from matplotlib.patheffects import withStroke
from matplotlib.text import Text
from matplotlib.textpath import text_to_path
from matplotlib.transforms import Affine2D, Bbox, TransformedBbox
from PIL import Image
from shapely.geometry.base import BaseGeometry

from etk_geo.documents.characters import printable, spelled_out
from etk_geo.documents.fonts import Fonts, chinese_fonts
from etk_geo.figures.model import PX_PER_INCH, FigureSize

PT_PER_PX = 72 / PX_PER_INCH
PNG_SCALE = 2
INK = "#1f2a30"
EDGE_EM = 0.28
"""Width of the soft edge of text as a multiple of its size."""

COLOURS = 256
Format = Literal["png", "png8", "pdf", "svg"]
Anchor = Literal["left", "center", "right"]

_LOCK = threading.RLock()
_SETTINGS: Any = {
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "etk",
    "path.simplify": False,
    "text.hinting": "none",
}


@dataclass(frozen=True)
class Lettering:
    """How text is set: size in pixels, colour, weight, which end stands at its place.

    ``ground`` is the colour of the soft edge that sets it off from what lies below.
    """

    size: float
    colour: str = INK
    bold: bool = False
    anchor: Anchor = "left"
    ground: str = ""


class Canvas:
    """A picture of a given size; the origin is its lower left corner, lengths are design pixels."""

    def __init__(self, size: FigureSize, fonts: Fonts | None = None) -> None:
        self.size = size
        self.fonts = fonts or chinese_fonts()
        self._figure = Figure(
            figsize=(size.width / PX_PER_INCH, size.height / PX_PER_INCH),
            dpi=PX_PER_INCH * PNG_SCALE,
            facecolor="white",
        )
        self._agg: Any = FigureCanvasAgg(self._figure)
        # Artists lie on the figure itself: axes would cost as much as half of what they hold.
        self._pixels = Affine2D().scale(1 / size.width, 1 / size.height) + self._figure.transFigure
        self._clip: TransformedBbox | None = None

    def clip_to(self, box: tuple[float, float, float, float] | None) -> None:
        """Cut off what is drawn from now on at a box (left, bottom, right, top), or no longer."""
        self._clip = None if box is None else TransformedBbox(Bbox.from_extents(*box), self._pixels)

    def area(
        self,
        polygons: BaseGeometry,
        *,
        fill: str = "",
        opacity: float = 1.0,
        edge: str = "",
        width: float = 0.0,
        z: float = 0.0,
    ) -> None:
        """Draw polygons."""
        if polygons.is_empty:
            return
        outline = _outline(polygons)
        if fill and opacity:
            self._add(PathPatch(outline, facecolor=fill, alpha=opacity, linewidth=0, zorder=z))
        if edge and width:
            border = PathPatch(
                outline,
                facecolor="none",
                edgecolor=edge,
                linewidth=width * PT_PER_PX,
                joinstyle="round",
                zorder=z,
            )
            self._add(border)

    def line(
        self,
        lines: BaseGeometry,
        colour: str,
        width: float,
        *,
        dash: Sequence[float] = (),
        opacity: float = 1.0,
        z: float = 0.0,
    ) -> None:
        """Draw lines; the parts of a multi-line are one path."""
        if lines.is_empty:
            return
        self._add(
            PathPatch(
                _outline(lines),
                facecolor="none",
                edgecolor=colour,
                linewidth=width * PT_PER_PX,
                linestyle=_dashes(dash, width),
                capstyle="butt" if dash else "round",
                joinstyle="round",
                alpha=opacity,
                zorder=z,
            )
        )

    def dots(
        self,
        points: Any,
        colour: str,
        width: float,
        *,
        opacity: float,
        z: float,
    ) -> None:
        """Draw many small dots of one kind."""
        if len(points):
            xs, ys = np.asarray(points).T
            dots = Line2D(
                xs,
                ys,
                linestyle="none",
                marker="o",
                markersize=width * PT_PER_PX,
                markerfacecolor=colour,
                markeredgewidth=0,
                alpha=opacity,
                zorder=z,
            )
            self._add(dots)

    def text(
        self, text: str, x: float, y: float, lettering: Lettering, *, turn: float = 0, z: float = 0
    ) -> None:
        """Draw one line of text with its middle at the height ``y``, turned by degrees."""
        if not text:
            return
        drawn = Text(
            x,
            y,
            self.words(text),
            fontproperties=self._font(bold=lettering.bold),
            fontsize=lettering.size * PT_PER_PX,
            color=lettering.colour,
            horizontalalignment=lettering.anchor,
            verticalalignment="center" if turn else "center_baseline",
            rotation=turn,
            parse_math=False,
            zorder=z,
        )
        if lettering.ground:
            edge = lettering.size * EDGE_EM * PT_PER_PX
            drawn.set_path_effects([withStroke(linewidth=edge, foreground=lettering.ground)])
        self._add(drawn)

    def words(self, text: str) -> str:
        """Return text as it can be printed on one line."""
        return _words(text, self.fonts)

    def text_width(self, text: str, size: float, *, bold: bool = False) -> float:
        """Return how wide a line of text is."""
        return _em_width(self.words(text), self._font_file(bold=bold), self.fonts.face) * size

    def bytes(self, form: Format, dated: date) -> bytes:
        """Return the picture as a file, the same for the same drawing.

        ``png8`` is a PNG of 256 colours: a map has few, and the file is a quarter as large.
        """
        if form == "png8":
            return self._few_colours()
        stream = io.BytesIO()
        metadata: dict[str, Any] = {"png": {"Software": None}, "svg": {"Date": None}}.get(form, {})
        if form == "pdf":
            moment = datetime.combine(dated, time(), tzinfo=UTC)
            metadata = {"CreationDate": moment, "Producer": None, "Creator": None}
        with drawing(), mpl.rc_context(_SETTINGS):
            self._figure.savefig(stream, format=form, metadata=metadata)
        return stream.getvalue()

    def _few_colours(self) -> builtins.bytes:
        with drawing(), mpl.rc_context(_SETTINGS):
            self._agg.draw()
            picture = Image.fromarray(np.asarray(self._agg.buffer_rgba())[..., :3])
        few = picture.quantize(COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        stream = io.BytesIO()
        few.save(stream, "PNG", dpi=(PX_PER_INCH * PNG_SCALE,) * 2)
        return stream.getvalue()

    def _font(self, *, bold: bool) -> FontProperties:
        return FontProperties(fname=str(self._font_file(bold=bold)))

    def _font_file(self, *, bold: bool) -> str:
        return str(self.fonts.bold if bold else self.fonts.regular)

    def _add(self, artist: Artist) -> None:
        artist.set_transform(self._pixels)
        artist.set_clip_box(self._clip)
        artist.set_clip_on(self._clip is not None)
        self._figure.add_artist(artist)


def drawing() -> AbstractContextManager[Any]:
    """Return the lock under which matplotlib is used."""
    return _LOCK


@cache
def _charmap(fonts: Fonts) -> frozenset[int]:
    return frozenset(FT2Font(str(fonts.regular), face_index=fonts.face).get_charmap())


@lru_cache(maxsize=8192)
def _words(text: str, fonts: Fonts) -> str:
    charmap = _charmap(fonts)
    line = spelled_out(" ".join(printable(text).split()), charmap)
    # Marks without a picture of their own would be drawn as empty boxes.
    return "".join(char for char in line if ord(char) in charmap)


@lru_cache(maxsize=8192)
def _em_width(text: str, file: str, face: int) -> float:
    if face:
        return sum(1.0 if ord(char) > 0x2E80 else 0.56 for char in text)
    properties = FontProperties(fname=file, size=100)
    width, _, _ = text_to_path.get_text_width_height_descent(text, properties, ismath=False)
    return float(width) / 100


def _dashes(dash: Sequence[float], width: float) -> Any:
    """Return a dash in multiples of the width of its line, as matplotlib takes it."""
    return (0, tuple(part / width for part in dash)) if dash else "solid"


def _outline(geometry: BaseGeometry) -> Outline:
    """Return the lines, or the rings, of a geometry as one path."""
    vertices: list[Any] = []
    codes: list[int] = []
    for part in shapely.get_parts(shapely.get_parts(geometry)):
        closed = part.geom_type == "Polygon"
        for ring in shapely.get_rings(part) if closed else [part]:
            xy = shapely.get_coordinates(ring)
            if len(xy) > 1:
                vertices.append(xy)
                steps = np.full(len(xy), Outline.LINETO)
                steps[0] = Outline.MOVETO
                steps[-1] = Outline.CLOSEPOLY if closed else Outline.LINETO
                codes += steps.tolist()
    return Outline(np.concatenate(vertices) if vertices else np.empty((0, 2)), codes)
