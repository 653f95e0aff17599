"""The part of the world that a map shows, and the way from degrees to its pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.crs import to_lonlat, to_metric
from etk_geo.figures.model import PX_PER_INCH
from etk_geo.model import LonLatBounds

EQUATOR_PX_M = 40_075_016.686 / 256
"""Metres per pixel of web maps at zoom 0."""

LEAST_WIDTH_M = 400.0
"""A map of less would show the rounding of the display copy (a metre)."""

MARGIN = 0.04
SMALLEST_PX = 0.2
"""Detail finer than this is left out of what is drawn."""


class Box(NamedTuple):
    """A box on the picture, in design pixels."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Its width."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Its height."""
        return self.top - self.bottom

    def overlaps(self, other: Box) -> bool:
        """Whether both share a place."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.bottom < other.top
            and other.bottom < self.top
        )

    def holds(self, other: Box) -> bool:
        """Whether the other one lies within."""
        return (
            self.left <= other.left
            and other.right <= self.right
            and self.bottom <= other.bottom
            and other.top <= self.top
        )


@dataclass(frozen=True)
class View:
    """A map frame, the place (EPSG:4545) of its lower left corner and its scale."""

    frame: Box
    west_m: float
    south_m: float
    metres_per_px: float

    @property
    def zoom(self) -> float:
        """The zoom of a web map of the same scale, by which symbols.toml says what has a name."""
        middle = self.lonlat(self.frame).centroid
        return math.log2(EQUATOR_PX_M * math.cos(math.radians(middle.y)) / self.metres_per_px)

    @property
    def scale(self) -> float:
        """The scale number on paper."""
        return self.metres_per_px * PX_PER_INCH / 0.0254

    def pixels(self, geometry: BaseGeometry) -> BaseGeometry:
        """Return a geometry in degrees as pixels, cut off a little outside the frame."""
        return self.cut(self.place(to_metric(geometry)))

    def place(self, metric: BaseGeometry) -> BaseGeometry:
        """Return a geometry in metres (EPSG:4545) as pixels."""
        scale = 1 / self.metres_per_px
        east = self.frame.left - self.west_m * scale
        north = self.frame.bottom - self.south_m * scale
        return shapely.transform(metric, lambda xy: xy * scale + (east, north))

    def may_see(self, metric: npt.NDArray[np.object_]) -> npt.NDArray[np.bool_]:
        """Tell of which geometries in metres (EPSG:4545) the box reaches into the frame."""
        west, south, east, north = shapely.bounds(metric).reshape(-1, 4).T
        right = self.west_m + self.frame.width * self.metres_per_px
        top = self.south_m + self.frame.height * self.metres_per_px
        within = (west <= right) & (east >= self.west_m)
        return within & (south <= top) & (north >= self.south_m)

    def cut(self, pixels: BaseGeometry) -> BaseGeometry:
        """Cut off what lies well outside the frame, and detail that cannot be seen."""
        if shapely.get_dimensions(pixels) == 0:
            return pixels
        if shapely.get_dimensions(pixels) == 2 and not pixels.is_valid:
            pixels = shapely.make_valid(pixels)
        inside = shapely.clip_by_rect(pixels, *self._kept())
        return shapely.simplify(inside, SMALLEST_PX, preserve_topology=True)

    def outline(self, pixels: BaseGeometry) -> BaseGeometry:
        """Return the outline of polygons without the edges along which :meth:`cut` cut them."""
        left, bottom, right, top = self._kept()
        return shapely.clip_by_rect(
            shapely.boundary(pixels), left + 1, bottom + 1, right - 1, top - 1
        )

    def _kept(self) -> Box:
        left, bottom, right, top = self.frame
        margin = 0.15 * max(self.frame.width, self.frame.height)
        return Box(left - margin, bottom - margin, right + margin, top + margin)

    def lonlat(self, box: Box) -> BaseGeometry:
        """Return a box of pixels as a polygon in degrees."""
        corners = shapely.segmentize(shapely.box(*box), max(box.width, box.height) / 16)
        return to_lonlat(
            shapely.transform(
                corners,
                lambda xy: (xy - self.frame[:2]) * self.metres_per_px + (self.west_m, self.south_m),
            )
        )

    def sees(self, pixels: BaseGeometry) -> bool:
        """Whether any of a geometry in pixels lies in the frame."""
        return bool(shapely.intersects(pixels, shapely.box(*self.frame)))


def fit(extent: LonLatBounds, frame: Box) -> View:
    """Return the view in which an extent fills a frame, with a small margin."""
    box = to_metric(shapely.segmentize(shapely.box(*extent), 0.05))
    west, south, east, north = shapely.bounds(box)
    width = max(east - west, LEAST_WIDTH_M) * (1 + 2 * MARGIN)
    height = max(north - south, LEAST_WIDTH_M) * (1 + 2 * MARGIN)
    metres = max(width / frame.width, height / frame.height)
    return View(
        frame,
        (west + east - metres * frame.width) / 2,
        (south + north - metres * frame.height) / 2,
        metres,
    )
