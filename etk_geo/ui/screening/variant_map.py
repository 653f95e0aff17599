"""The map of a what-if: the project to be dragged, and what follows where it is now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

import shapely
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from etk_geo.maps.direction import Camera, Direction
from etk_geo.screening.scene import Role, Scene
from etk_geo.ui.drawing import draw_on_map, drawn_so_far
from etk_geo.ui.screening.scene_map import ground_only, overlay
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

HANDLED = (Role.PROJECT, Role.YOLK)
"""What stands under the reader's hand is drawn by the drawing tools."""


def drawn_place(stated: BaseGeometry | None, key: str) -> BaseGeometry | None:
    """Return the place or course that the reader has drawn, ``None`` while it is as stated.

    Parameters
    ----------
    stated
        The project's own geometry, WGS 84 degrees, ``None`` if it has none.
    key
        Names the drawing.
    """
    drawn = drawn_geometry(drawn_so_far(drawing_key(key), _start(stated)))
    if drawn is None or (stated is not None and same_place(drawn, stated)):
        return None
    return drawn


def show_variant_map(
    workspace: Workspace,
    stated: BaseGeometry | None,
    found: Scene,
    camera: Camera | None,
    key: str,
    words: Words,
) -> None:
    """Draw the project with the tools to change it, over what was found where it is now."""
    under = replace(found, shapes=tuple(s for s in found.shapes if s.role not in HANDLED))
    draw_on_map(
        workspace,
        words.lang,
        drawing_key(key),
        start=_start(stated),
        direction=Direction(
            layers=ground_only(workspace),
            camera=camera,
            overlay=tuple(overlay(under, "", words)),
            overlay_title=words.say("screen.legend"),
            memory="variants",
        ),
    )


def drawing_key(key: str) -> str:
    """Return the name of the drawing that belongs to a desk."""
    return f"variant_{key}"


def _start(stated: BaseGeometry | None) -> tuple[Mapping[str, Any], ...]:
    if stated is None:
        return ()
    return ({"type": "Feature", "properties": {}, "geometry": mapping(stated)},)


def drawn_geometry(features: Sequence[Mapping[str, Any]]) -> BaseGeometry | None:
    """Return what is drawn as one geometry: the shapes of the highest dimension together."""
    shapes = [shape(feature["geometry"]) for feature in features if feature.get("geometry")]
    if not shapes:
        return None
    most = max(shapely.get_dimensions(shapes))
    parts = [part for part in shapes if shapely.get_dimensions(part) == most]
    if len(parts) == 1:
        return parts[0]
    gather = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[int(most)]
    return cast("BaseGeometry", gather(parts))


def same_place(first: BaseGeometry, second: BaseGeometry) -> bool:
    """Tell whether two geometries are the same to what the browser tells (six decimals)."""
    return bool(
        shapely.equals_exact(shapely.normalize(first), shapely.normalize(second), tolerance=2e-6)
    )
