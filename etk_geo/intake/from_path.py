"""From a file on disk to a layer taken in, in the steps that command lines share.

Nothing is chosen in silence: what is open must be named by the caller.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from etk_geo.errors import IntakeError
from etk_geo.intake.columns import CoordinateColumns
from etk_geo.intake.formats import SHAPEFILE_PARTS
from etk_geo.intake.limits import DEFAULT_LIMITS, Limits
from etk_geo.intake.raw_layer import RawLayer, choose_columns
from etk_geo.intake.readers.answer import LayerSummary
from etk_geo.intake.understanding import Question, Understanding
from etk_geo.intake.upload import Upload, open_upload
from etk_geo.intake.vertices import find_groupings, join_vertices, parse_grouping
from etk_geo.intake.wording import question_titles
from etk_geo.model import Lang


def open_path(path: Path, limits: Limits = DEFAULT_LIMITS) -> Upload:
    """Open a file; of a Shapefile all parts that lie beside it."""
    if not path.is_file():
        raise IntakeError("ETK101", file=path.name)
    parts = [path]
    if path.suffix.lower() == ".shp":
        beside = (p for p in path.parent.iterdir() if p.stem == path.stem)
        parts += [p for p in beside if p != path and p.suffix.lower() in SHAPEFILE_PARTS]
    return open_upload([(part.name, part) for part in parts], limits)


def layer_names(layer: LayerSummary) -> tuple[str, str]:
    """Return the names by which a layer may be asked for."""
    return layer.layer, f"{layer.source}:{layer.layer}"


def read_layer(
    upload: Upload,
    layer: LayerSummary,
    encoding: str,
    columns: str,
    vertices: tuple[str, str] = ("", ""),
) -> RawLayer:
    """Read a layer; of a table by the columns named (comma-separated), else by the likeliest.

    ``vertices`` says how its rows are corners (:func:`etk_geo.intake.vertices.parse_grouping`) and
    what they make; empty where that is left open.
    """
    raw = upload.read(layer, encoding=encoding)
    if not raw.is_table:
        return raw
    named = [name.strip() for name in columns.split(",") if name.strip()]
    if len(named) == 1:
        raw = choose_columns(raw, CoordinateColumns(wkt=named[0], named=True))
    elif len(named) == 2:
        raw = choose_columns(raw, CoordinateColumns(named[0], named[1], named=True))
    else:
        raw = choose_columns(raw)
    raw = replace(raw, vertices=find_groupings(raw))
    return join_vertices(raw, parse_grouping(*vertices)) if vertices[0] else raw


def choose_layer(upload: Upload, name: str) -> LayerSummary:
    """Return the layer of a name; the only one where none is named.

    Raises
    ------
    IntakeError
        ETK817 no such layer, ETK818 several and none named.
    """
    layers = upload.survey()
    if not name and len(layers) == 1:
        return layers[0]
    names = ", ".join(":".join((found.source, found.layer)) for found in layers)
    if not name:
        raise IntakeError("ETK818", file=upload.name, layers=names)
    chosen = [layer for layer in layers if name in layer_names(layer)]
    if len(chosen) != 1:
        raise IntakeError("ETK817", file=upload.name, layer=name, available=names)
    return chosen[0]


def choose_candidate(
    raw: RawLayer, understanding: Understanding, named: str, lang: Lang, *, accept: bool
) -> str:
    """Return the id of the candidate named, or of the suggested one where clear or accepted.

    Raises
    ------
    IntakeError
        ETK822 questions are open (whether rows are corners is never taken as accepted), or the
        first finding where nothing lands near the banner.
    """
    if named and Question.VERTICES not in understanding.questions:
        return named
    suggested = understanding.suggested
    settled = accept and Question.VERTICES not in understanding.questions
    if suggested is not None and (settled or understanding.is_decided):
        return suggested.id
    if understanding.issues and not understanding.candidates:
        issue = understanding.issues[0]
        raise IntakeError(issue.code, file=issue.file, where=issue.where, **issue.detail)
    raise IntakeError(
        "ETK822",
        file=raw.origin.upload,
        questions=question_titles(understanding, lang),
        offered=", ".join(c.id for c in understanding.candidates),
    )
