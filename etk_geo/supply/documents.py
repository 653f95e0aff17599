"""A layer taken in as the features and the provenance record of an official layer."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import repeat
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

from etk_geo.build.feature import Feature
from etk_geo.catalog import CRS_NAME, features_frame
from etk_geo.geojson import dump_lines
from etk_geo.i18n import text
from etk_geo.intake.confirm import Taken
from etk_geo.model import (
    COVERAGE,
    FEATURE_PROPERTIES,
    LANGS,
    Bound,
    Completeness,
    Kind,
    Lang,
    LayerGroup,
    Provenance,
    Supplied,
)
from etk_geo.rules import ZoneType
from etk_geo.supply.assessment import Assessment
from etk_geo.supply.statement import Statement

DECIMALS = 7
GRID_DEGREES = 10.0**-DECIMALS
ROUNDING_M = 0.01
"""Seven decimals of a degree are a centimetre; it is added to the accuracy."""
ZONES_AT_ONCE = 5000
"""Zones between two tellings of how far writing is."""
COVERAGE_SUFFIX = "_coverage"
LEGEND_ORDER = 900
MOST_SHOWN_AT_START = 2000
"""Layers of more features are not drawn until they are switched on."""
LONGEST_NOTE = 2000
OWN_COLUMNS = frozenset({"name", "category", "decided_on", "accuracy_m", "geometry"})


@dataclass(frozen=True)
class ZoneTable:
    """The zones of an official layer, property by property, as they are written.

    ``shared`` are the properties that all have alike, ``own`` the others, one value per zone;
    ``geometry`` is in WGS 84 degrees on the grid that is written, rings by the right-hand rule.
    ``coverage`` is the feature that says where the layer is complete, if one does.
    """

    shared: Mapping[str, Any]
    own: Mapping[str, Sequence[Any]]
    geometry: npt.NDArray[Any]
    coverage: Mapping[str, Any] | None

    @property
    def count(self) -> int:
        """Features in all."""
        return len(self.geometry) + (self.coverage is not None)

    def dump(self, tell: Callable[[int, int], None] | None = None) -> bytes:
        """Return the layer as a GeoJSON document, one feature a line.

        ``tell`` is called with zones done and zones in all; what it raises ends the work.
        """
        cells = [self._cells(name) for name in FEATURE_PROPERTIES]
        lines: list[str] = []
        for begin in range(0, len(self.geometry), ZONES_AT_ONCE):
            part = slice(begin, begin + ZONES_AT_ONCE)
            shapes = shapely.to_geojson(self.geometry[part])
            rows = zip(*(column if isinstance(column, repeat) else column[part]
                         for column in cells), shapes, strict=False)  # fmt: skip
            lines.extend(
                f'{{"type":"Feature","properties":{{{",".join(row[:-1])}}},"geometry":{row[-1]}}}'
                for row in rows
            )
            if tell is not None:
                tell(len(lines), len(self.geometry))
        return dump_lines(lines, [] if self.coverage is None else [self.coverage])

    def _cells(self, name: str) -> list[str] | repeat[str]:
        """Return one property of all zones as JSON members."""
        key = _json(name)
        if name in self.shared:
            return repeat(f"{key}:{_json(self.shared[name])}")
        return [f"{key}:{_json(value)}" for value in self.own[name]]

    def frame(self) -> gpd.GeoDataFrame:
        """Return the same features as the frame that the catalog opens."""
        count = len(self.geometry)
        columns = {
            name: [self.shared[name]] * count if name in self.shared else self.own[name]
            for name in FEATURE_PROPERTIES
        }
        return features_frame(columns, self.geometry, self.coverage)


_json = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode


def zone_table(taken: Taken, statement: Statement, kind: ZoneType, layer_id: str) -> ZoneTable:
    """Return the zones of a layer, and the area where it is complete.

    A zone is ``exact`` to within its ``accuracy_m``: what was stated or the intake worked out,
    with the rounding of the coordinates. Columns of the file that are no field of the project
    are kept as text.
    """
    frame = taken.frame
    accuracy = (frame["accuracy_m"].astype(float) + ROUNDING_M).round(2)
    said = {
        lang: accuracy.map(
            {m: text("supply.accuracy", lang, metres=f"{m:g}") for m in accuracy.unique()}
        ).tolist()
        for lang in LANGS
    }
    names = ["" if name is None else str(name).strip() for name in frame["name"]]
    numbers = range(1, len(frame) + 1)
    notes = _notes(frame)
    own: dict[str, Sequence[Any]] = {
        "id": [f"{layer_id}_{number}" for number in numbers],
        "name_zh": [
            name or f"{kind.name_zh} {number}" for name, number in zip(names, numbers, strict=True)
        ],
        "name_en": [
            name or f"{kind.name_en} {number}" for name, number in zip(names, numbers, strict=True)
        ],
        "accuracy_m": [int(m) if m.is_integer() else m for m in accuracy.tolist()],
        "accuracy_zh": said["zh"],
        "accuracy_en": said["en"],
        "known_zh": notes,
        "known_en": notes,
    }
    model = Feature(
        id="", name_zh="", name_en="", kind=Kind.ZONE, category=statement.zone_type,
        bound=Bound.EXACT, as_of=statement.valid_from.isoformat(),
    ).document()["properties"]  # fmt: skip
    return ZoneTable(
        {name: value for name, value in model.items() if name not in own},
        own,
        shapely.orient_polygons(on_grid(frame.geometry.to_numpy())),
        _coverage(statement, layer_id),
    )


def _coverage(statement: Statement, layer_id: str) -> Mapping[str, Any] | None:
    if statement.complete is not Completeness.AREA:
        return None
    return Feature(
        id=f"{layer_id}{COVERAGE_SUFFIX}",
        name_zh=text("supply.coverage", "zh"),
        name_en=text("supply.coverage", "en"),
        kind=Kind.EXTENT,
        geometry=on_grid([statement.area])[0],
        category=COVERAGE,
        bound=Bound.EXACT,
        accuracy_m=ROUNDING_M,
        orientation_only=False,
        as_of=statement.valid_from.isoformat(),
    ).document(DECIMALS)


def on_grid(geometries: Any) -> Any:
    """Return geometries with coordinates on the grid that is written, valid as before."""
    flat = np.asarray(shapely.force_2d(geometries), dtype=object)
    rounded = shapely.transform(flat, _to_grid)
    broken = ~shapely.is_valid(rounded)
    mended = shapely.set_precision(flat[broken], GRID_DEGREES)
    # What is smaller than the grid would vanish.
    mended = np.where(shapely.is_empty(mended), flat[broken], mended)
    rounded[broken] = shapely.transform(mended, _to_grid)
    return rounded


def _to_grid(xy: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    return np.round(xy, DECIMALS)


def _notes(frame: gpd.GeoDataFrame) -> list[str]:
    """Return the file's other columns as one text a row."""
    columns = [[str(value or "").strip() for value in frame["category"]]]
    for name in frame.columns:
        if str(name) not in OWN_COLUMNS:
            held = frame[name].notna()
            columns.append([
                f"{name}={value}" if known and str(value) else ""
                for value, known in zip(frame[name].tolist(), held, strict=True)
            ])  # fmt: skip
    return ["; ".join(filter(None, cells))[:LONGEST_NOTE] for cells in zip(*columns, strict=True)]


@dataclass(frozen=True)
class Written:
    """The layer file that a record belongs to: its path, number of features and SHA-256."""

    file: str
    count: int
    sha256: str


def provenance_of(
    taken: Taken, statement: Statement, kind: ZoneType, assessment: Assessment, written: Written,
    today: date,
) -> Provenance:  # fmt: skip
    """Return the record of an official layer."""
    said = {lang: _texts(taken, statement, kind, lang) for lang in LANGS}
    title_en = statement.title_en.strip() or statement.title_zh
    return Provenance(
        id=assessment.layer_id,
        group=LayerGroup.REFERENCE,
        order=LEGEND_ORDER,
        file=written.file,
        title_zh=statement.title_zh.strip(),
        title_en=title_en.strip(),
        description_zh=said["zh"]["description"],
        description_en=said["en"]["description"],
        method_zh=said["zh"]["method"],
        method_en=said["en"]["method"],
        accuracy_zh=said["zh"]["accuracy"],
        accuracy_en=said["en"]["accuracy"],
        licence=statement.licence.strip(),
        licence_url="",
        attribution_zh=statement.holder.strip(),
        attribution_en=statement.holder.strip(),
        sources=(),
        as_of=statement.valid_from.isoformat(),
        known_gaps_zh=(said["zh"]["gap"],),
        known_gaps_en=(said["en"]["gap"],),
        default_on=written.count <= MOST_SHOWN_AT_START,
        restricted=statement.restricted,
        crs=CRS_NAME,
        feature_count=written.count,
        unlocated_count=0,
        sha256=written.sha256,
        built_from={},
        supplied=_supplied(taken, statement, assessment, today),
    )


def _texts(taken: Taken, statement: Statement, kind: ZoneType, lang: Lang) -> dict[str, str]:
    read = taken.provenance
    accuracy = taken.frame["accuracy_m"] + ROUNDING_M
    least, most = f"{accuracy.min():.4g}", f"{accuracy.max():.4g}"
    name = kind.name_zh if lang == "zh" else kind.name_en
    complete = statement.complete or Completeness.NOWHERE
    return {
        "description": text(
            "supply.description", lang, type=name, holder=statement.holder,
            version=statement.version, day=statement.valid_from.isoformat(),
        ),
        "method": text(
            "supply.method", lang, upload=read.origin.upload, reading=read.reading,
            metres=f"{read.transformation_accuracy_m:g}",
        ),
        "accuracy": text("supply.accuracy", lang, metres=least)
        if least == most
        else text("supply.accuracies", lang, least=least, most=most),
        "gap": text(f"supply.complete.{complete.value}", lang),
    }  # fmt: skip


def _supplied(taken: Taken, statement: Statement, assessment: Assessment, today: date) -> Supplied:
    read = taken.provenance
    area = assessment.area
    texts = {
        "upload": read.origin.upload,
        "source": read.origin.source,
        "layer": read.origin.layer,
        "format": read.origin.format.value,
        "sha256": read.origin.sha256,
        "reading": read.reading,
        "declared": read.declared,
        "suggested": str(read.suggested).lower(),
        "transformation": read.transformation,
        "transformation_accuracy_m": f"{read.transformation_accuracy_m:g}",
        "resolution_m": _figure(read.resolution_m),
        "stated_accuracy_m": _figure(read.stated_accuracy_m),
        "encoding": read.encoding,
        **{f"column.{field}": column for field, column in read.columns.items()},
    }
    return Supplied(
        zone_type=statement.zone_type,
        version=statement.version.strip(),
        holder=statement.holder.strip(),
        valid_from=statement.valid_from.isoformat(),
        valid_to="" if statement.valid_to is None else statement.valid_to.isoformat(),
        complete=statement.complete or Completeness.NOWHERE,
        stands_for=tuple(sorted(statement.stands_for)),
        digitised_ha=round(assessment.digitised_ha, 4),
        gazetted_ha=None if area is None else round(area.gazetted_ha, 4),
        tolerance_percent=None if area is None else round(area.tolerance_percent, 4),
        accepted=statement.accepted.strip() if assessment.doubts else "",
        supplied_on=today.isoformat(),
        intake=texts,
    )


def _figure(value: float | None) -> str:
    return "" if value is None else f"{value:g}"
