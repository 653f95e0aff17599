"""Map figures of a report: a project and the zones about it, as they were screened."""

from __future__ import annotations

from datetime import date

import shapely

from etk_geo.errors import EtkGeoError
from etk_geo.figures.draw import MapSource, draw_map
from etk_geo.figures.model import FigureSize, MapFigure, Overlay
from etk_geo.figures.model import Role as Drawn
from etk_geo.i18n import text
from etk_geo.model import Lang, LonLatBounds
from etk_geo.reports.source import ReportSource
from etk_geo.rules import Scope
from etk_geo.screening.scene import Role, SceneShape, scene

SIZE = FigureSize.millimetres(190, 96)
GROUND_LAYERS = frozenset({"neighbours", "banner", "rivers", "townships"})
MOST_APPROACHES = 3
LEAST_SPAN = 0.03
"""Degrees that a figure shows at least, about 3 km, so that a place can be recognised."""

ROLES: dict[Role, Drawn] = {
    Role.ZONE: "zone",
    Role.OVERLAP: "overlap",
    Role.EGG: "egg",
    Role.YOLK: "yolk",
    Role.PROJECT: "project",
    Role.NEAREST: "approach",
    Role.CHAINAGE: "mark",
}


def project_map(
    source: ReportSource, project_id: str, ground: MapSource, dated: date
) -> bytes | None:
    """Return the figure of a project as PNG, or ``None`` where its position is not known.

    ``None`` too where the layers are no longer those of the record: the picture would show other
    lines than were screened.
    """
    zones = source.zones
    row = source.projects[source.projects["project_id"] == project_id]
    geometry = row.geometry.iloc[0]
    if zones is None or geometry is None or geometry.is_empty:
        return None
    lang = ground.lang
    try:
        shapes = scene(source.screening, row, zones, source.book, lang).shapes
    except EtkGeoError:  # a geometry that screening refused cannot be drawn either
        return None
    shapes = tuple(shape for shape in shapes if not _everywhere(shape, source))
    overlays = _overlays(shapes, lang)
    if not overlays:
        return None
    figure = MapFigure(
        title=str(row[f"name_{lang}"].iloc[0]),
        lang=lang,
        dated=dated,
        size=SIZE,
        extent=_extent(shapes),
        layers=GROUND_LAYERS,
        overlays=overlays,
    )
    return draw_map(figure, ground).bytes("png8")


def _overlays(shapes: tuple[SceneShape, ...], lang: Lang) -> tuple[Overlay, ...]:
    near = sorted(
        (shape for shape in shapes if shape.role is Role.NEAREST),
        key=lambda shape: shape.geometry.length,
    )[:MOST_APPROACHES]
    drawn = []
    for shape in shapes:
        if shape.role not in ROLES or (shape.role is Role.NEAREST and shape not in near):
            continue
        role = ROLES[shape.role]
        if shape.role is Role.ZONE:
            role = _zone_role(shape)
        legend = text("reports.egg", lang, m=shape.label) if shape.role is Role.EGG else ""
        label = "" if shape.role in (Role.EGG, Role.YOLK) else shape.label
        drawn.append(Overlay(shape.geometry, role, label, legend))
    return tuple(drawn)


def _everywhere(shape: SceneShape, source: ReportSource) -> bool:
    """Whether a shape belongs to a zone that is the whole banner: it would only tint the map."""
    types = [zone.zone_types for zone in source.screening.zones if zone.id == shape.zone]
    scopes = {source.book.zone_types[code].scope for codes in types for code in codes}
    return scopes == {Scope.TERRITORY}


def _zone_role(shape: SceneShape) -> Drawn:
    if shapely.get_dimensions(shape.geometry) < 2:
        return "zone_line"
    return "zone_outer" if shape.bound == "outer" else "zone"


def _extent(shapes: tuple[SceneShape, ...]) -> LonLatBounds:
    """Return the box of the project, where it may be, and the nearest zones."""
    near = sorted(
        (shape.geometry for shape in shapes if shape.role is Role.NEAREST),
        key=lambda line: line.length,
    )[:1]
    own = [s.geometry for s in shapes if s.role in (Role.PROJECT, Role.EGG, Role.OVERLAP)]
    west, south, east, north = shapely.total_bounds([*own, *near])
    span = max((east - west), (north - south), LEAST_SPAN)
    margin = 0.15 * span + max(0.0, LEAST_SPAN - span) / 2
    return LonLatBounds(west - margin, south - margin, east + margin, north + margin)
