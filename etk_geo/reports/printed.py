"""A map on paper or as a picture, with all that belongs on it: docs/meeting.md."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal

import shapely

from etk_geo.figures.draw import draw_map, map_source
from etk_geo.figures.model import FigureSize, MapFigure, Paper
from etk_geo.model import Lang, LonLatBounds
from etk_geo.stories.material import Material
from etk_geo.stories.model import Camera, Scene

Form = Literal["pdf", "png"]
FORMS: tuple[Form, ...] = ("pdf", "png")
PAPERS: tuple[Paper, ...] = ("a4", "a3")
AROUND_DEG = 0.06
"""Room around features that a camera looks at: some 6 km."""


@dataclass(frozen=True)
class Sheet:
    """A printed map.

    ``layers`` are ids, ``None`` those that are on when the map opens; ``extent`` is WGS 84
    degrees, ``None`` the whole banner; ``highlight`` are ids of features.
    """

    title: str
    subtitle: str = ""
    paper: Paper = "a4"
    landscape: bool = True
    layers: frozenset[str] | None = None
    extent: LonLatBounds | None = None
    highlight: frozenset[str] = frozenset()


def print_map(sheet: Sheet, material: Material, lang: Lang, form: Form, dated: date) -> bytes:
    """Return a sheet as PDF, or as PNG at twice the resolution of its design.

    Raises
    ------
    AssetError
        If there is no Chinese font.
    """
    figure = MapFigure(
        title=sheet.title,
        subtitle=sheet.subtitle,
        lang=lang,
        dated=dated,
        size=FigureSize.page(sheet.paper, landscape=sheet.landscape),
        extent=sheet.extent,
        layers=sheet.layers,
        highlight=sheet.highlight,
    )
    workspace = material.workspace
    return draw_map(figure, map_source(workspace.catalog, workspace.plan, lang)).bytes(form)


def layers_of(scene: Scene, material: Material) -> frozenset[str]:
    """Return the layers that are on in a scene."""
    return frozenset({*material.ground, *scene.layers} - set(scene.without))


def extent_of(camera: Camera, material: Material) -> LonLatBounds | None:
    """Return what a camera shows as a box in degrees; ``None`` for the whole banner."""
    if camera.bounds:
        return camera.bounds
    if camera.features:
        shapes = [material.features[name]["geometry"] for name in camera.features]
        west, south, east, north = map(float, shapely.total_bounds(shapes))
        around = AROUND_DEG
        return LonLatBounds(west - around, south - around, east + around, north + around)
    if camera.centre:
        # At zoom 8 a picture of 800 px is some 4.4 degrees wide; each level halves it.
        half = 2.2 / 2 ** ((camera.zoom or 11.0) - 8.0)
        lon, lat = camera.centre
        return LonLatBounds(lon - half, lat - half * 0.75, lon + half, lat + half * 0.75)
    return None
