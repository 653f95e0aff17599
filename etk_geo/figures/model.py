"""What a still map shows and how large it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from shapely.geometry.base import BaseGeometry

from etk_geo.crs import to_metric
from etk_geo.model import Lang, LonLatBounds

PX_PER_INCH = 120
"""Pixels of a design inch: symbols.toml gives sizes for screens, on paper they are a little
smaller (a marker of 16 px is 3.4 mm wide)."""

MM_PER_INCH = 25.4
Paper = Literal["a4", "a3"]
PAPER_MM: dict[Paper, tuple[float, float]] = {"a4": (210.0, 297.0), "a3": (297.0, 420.0)}

Role = Literal[
    "project",
    "egg",
    "yolk",
    "zone",
    "zone_outer",
    "zone_line",
    "overlap",
    "approach",
    "mark",
    "variant",
]
"""What an overlay is: the project as stated, where it may be, where it surely is, a zone, the outer
extent of one, a zone that is a line, what both share, the nearest approach, a place with a name,
another siting of the project."""


@dataclass(frozen=True)
class FigureSize:
    """Width and height in design pixels, 120 to the inch."""

    width: float
    height: float

    @classmethod
    def millimetres(cls, width: float, height: float) -> FigureSize:
        """Return a size given on paper."""
        return cls(width / MM_PER_INCH * PX_PER_INCH, height / MM_PER_INCH * PX_PER_INCH)

    @classmethod
    def page(cls, paper: Paper = "a4", *, landscape: bool = False) -> FigureSize:
        """Return the size of a sheet."""
        width, height = PAPER_MM[paper]
        return cls.millimetres(*((height, width) if landscape else (width, height)))

    @property
    def width_mm(self) -> float:
        """Width on paper."""
        return self.width / PX_PER_INCH * MM_PER_INCH

    @property
    def height_mm(self) -> float:
        """Height on paper."""
        return self.height / PX_PER_INCH * MM_PER_INCH


@dataclass(frozen=True)
class Overlay:
    """A geometry that is drawn over the layers.

    Parameters
    ----------
    geometry
        WGS 84 degrees, longitude first.
    role
        What it is; its look and its entry in the legend follow.
    label
        Its name on the map.
    legend
        Its words in the legend, instead of those of its role.
    credit
        Whom to name as its source where it is in sight.
    """

    geometry: BaseGeometry
    role: Role
    label: str = ""
    legend: str = ""
    credit: str = ""

    @cached_property
    def metric(self) -> BaseGeometry:
        """The geometry in metres (EPSG:4545), kept for every frame that it is drawn in."""
        return to_metric(self.geometry)


@dataclass(frozen=True)
class MapFigure:
    """A still map.

    Parameters
    ----------
    title
        Above the map; empty for none.
    lang
        Language of every word.
    dated
        Day on which it is made.
    size
        Of the whole picture.
    extent
        What must be seen, WGS 84 degrees; ``None`` is the whole banner. The map shows more where
        the shape of the picture leaves room.
    closer
        A part of it, WGS 84 degrees, that a second frame beside the first shows larger; the first
        frame marks it.
    layers
        Ids of the layers to draw; ``None`` draws those that are on when the map is opened.
    overlays
        Geometries over the layers, in the order they are drawn.
    highlight
        Ids of features to set off.
    halos
        Whether bands and circles show how well positions are known.
    legend, credits
        Whether to draw the legend; whether to name the sources.
    """

    title: str
    lang: Lang
    dated: date
    size: FigureSize
    subtitle: str = ""
    extent: LonLatBounds | None = None
    closer: LonLatBounds | None = None
    layers: frozenset[str] | None = None
    overlays: tuple[Overlay, ...] = ()
    highlight: frozenset[str] = frozenset()
    halos: bool = True
    legend: bool = True
    credits: bool = True
