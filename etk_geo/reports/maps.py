"""Map figures of a report: a project and the zones about it, as they were screened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from etk_geo.documents.model import Figure
from etk_geo.errors import EtkGeoError
from etk_geo.figures.draw import MapSource, draw_map
from etk_geo.figures.model import FigureSize, MapFigure, Overlay
from etk_geo.figures.model import Role as Drawn
from etk_geo.i18n import text
from etk_geo.model import Lang, LonLatBounds, Provenance
from etk_geo.reports.source import ReportFacts, ReportSource
from etk_geo.rules import Scope
from etk_geo.screening.scene import Role, SceneShape, scene

SIZE = FigureSize.millimetres(190, 92)
WIDE = FigureSize.millimetres(256, 92)
"""With a second frame in which the project is shown larger."""

TOO_SMALL = 0.3
"""A project that takes less of the width of its map is shown larger beside it."""

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
    source: ReportSource, project_id: str, ground: MapSource, facts: ReportFacts, caption: str
) -> Figure | None:
    """Return the figure of a project, or ``None`` where its position is not known.

    ``None`` too where the layers are no longer those of the record: the picture would show other
    lines than were screened. Where the map shows the project too small to be read, a second frame
    shows it larger.
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
    overlays = _overlays(shapes, _credits(source, lang), lang)
    if not overlays:
        return None
    extent, closer = _extents(shapes)
    figure = MapFigure(
        title=str(row[f"name_{lang}"].iloc[0]),
        lang=lang,
        dated=facts.dated,
        size=SIZE if closer is None else WIDE,
        extent=extent,
        closer=closer,
        layers=GROUND_LAYERS,
        overlays=overlays,
    )
    drawn = draw_map(figure, ground).bytes("png8")
    return Figure(drawn, figure.size.width_mm, figure.size.height_mm, caption)


def _overlays(
    shapes: tuple[SceneShape, ...], credits: Mapping[str, str], lang: Lang
) -> tuple[Overlay, ...]:
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
        credit = credits.get(shape.zone, "") if shape.role is Role.ZONE else ""
        drawn.append(Overlay(shape.geometry, role, label, legend, credit))
    return tuple(drawn)


def _credits(source: ReportSource, lang: Lang) -> dict[str, str]:
    """Return whom to name as the source of each zone.

    Of an official layer that is its holder, with title and version of the layer: who holds a line
    is not enough to find it.
    """
    said = {layer.id: _credit(layer.provenance, lang) for layer in source.catalog.layers.values()}
    return {zone.id: said.get(zone.layer, "") for zone in source.screening.zones}


def _credit(record: Provenance, lang: Lang) -> str:
    if record.supplied is None:
        return record.attribution_zh if lang == "zh" else record.attribution_en
    title = record.title_zh if lang == "zh" else record.title_en
    given = record.supplied
    values = {"holder": given.holder, "title": title, "version": given.version}
    return text("reports.official_source", lang, **values)


def _everywhere(shape: SceneShape, source: ReportSource) -> bool:
    """Whether a shape belongs to a zone that is the whole banner: it would only tint the map."""
    types = [zone.zone_types for zone in source.screening.zones if zone.id == shape.zone]
    scopes = {source.book.zone_types[code].scope for codes in types for code in codes}
    return scopes == {Scope.TERRITORY}


def _zone_role(shape: SceneShape) -> Drawn:
    if shapely.get_dimensions(shape.geometry) < 2:
        return "zone_line"
    return "zone_outer" if shape.bound == "outer" else "zone"


def _extents(shapes: tuple[SceneShape, ...]) -> tuple[LonLatBounds, LonLatBounds | None]:
    """Return the box of the project with the nearest zone, and its own box if it is too small."""
    near = sorted(
        (shape.geometry for shape in shapes if shape.role is Role.NEAREST),
        key=lambda line: line.length,
    )[:1]
    own = [s.geometry for s in shapes if s.role in (Role.PROJECT, Role.EGG, Role.OVERLAP)]
    whole = _around([*own, *near], LEAST_SPAN)
    closer = _around(own, 0.0)
    wide = (whole.east - whole.west, whole.north - whole.south)
    narrow = (closer.east - closer.west, closer.north - closer.south)
    return whole, closer if 0 < max(narrow) < TOO_SMALL * max(wide) else None


def _around(geometries: Sequence[BaseGeometry], least: float) -> LonLatBounds:
    west, south, east, north = shapely.total_bounds(geometries)
    span = max((east - west), (north - south), least)
    margin = 0.15 * span + max(0.0, least - span) / 2
    return LonLatBounds(west - margin, south - margin, east + margin, north + margin)
