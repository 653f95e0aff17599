"""A layer taken in as the features and the provenance record of an official layer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import shapely

from etk_geo.build.feature import Feature
from etk_geo.catalog import CRS_NAME
from etk_geo.i18n import text
from etk_geo.intake.confirm import Taken
from etk_geo.model import (
    COVERAGE,
    LANGS,
    Bound,
    Completeness,
    Kind,
    Lang,
    LayerGroup,
    Provenance,
    Supplied,
)
from etk_geo.plan import records
from etk_geo.rules import ZoneType
from etk_geo.supply.assessment import Assessment
from etk_geo.supply.statement import Statement

DECIMALS = 7
GRID_DEGREES = 10.0**-DECIMALS
ROUNDING_M = 0.01
"""Seven decimals of a degree are a centimetre; it is added to the accuracy."""
COVERAGE_SUFFIX = "_coverage"
LEGEND_ORDER = 900
MOST_SHOWN_AT_START = 2000
"""Layers of more features are not drawn until they are switched on."""
LONGEST_NOTE = 2000
OWN_COLUMNS = frozenset({"name", "category", "decided_on", "accuracy_m", "geometry"})


def zone_features(
    taken: Taken, statement: Statement, kind: ZoneType, layer_id: str
) -> Iterator[dict[str, Any]]:
    """Yield the zones of a layer as GeoJSON features, then the area where it is complete.

    A zone is ``exact`` to within its ``accuracy_m``: what was stated or the intake worked out,
    with the rounding of the coordinates. Columns of the file that are no field of the project
    are kept as text.
    """
    on = statement.valid_from.isoformat()
    geometries = on_grid(taken.frame.geometry.to_numpy())
    for number, (row, geometry) in enumerate(
        zip(records(taken.frame.drop(columns="geometry")), geometries, strict=True), start=1
    ):
        accuracy_m = round(float(row["accuracy_m"]) + ROUNDING_M, 2)
        name = str(row["name"] or "").strip()
        note = _note(row)
        yield Feature(
            id=f"{layer_id}_{number}",
            name_zh=name or f"{kind.name_zh} {number}",
            name_en=name or f"{kind.name_en} {number}",
            kind=Kind.ZONE,
            geometry=geometry,
            category=statement.zone_type,
            bound=Bound.EXACT,
            accuracy_m=accuracy_m,
            accuracy_zh=text("supply.accuracy", "zh", metres=f"{accuracy_m:g}"),
            accuracy_en=text("supply.accuracy", "en", metres=f"{accuracy_m:g}"),
            as_of=on,
            known_zh=note,
            known_en=note,
        ).document(DECIMALS)
    if statement.complete is Completeness.AREA:
        yield Feature(
            id=f"{layer_id}{COVERAGE_SUFFIX}",
            name_zh=text("supply.coverage", "zh"),
            name_en=text("supply.coverage", "en"),
            kind=Kind.EXTENT,
            geometry=on_grid([statement.area])[0],
            category=COVERAGE,
            bound=Bound.EXACT,
            accuracy_m=ROUNDING_M,
            orientation_only=False,
            as_of=on,
        ).document(DECIMALS)


def on_grid(geometries: Any) -> Any:
    """Return geometries with coordinates on the grid that is written, valid as before."""
    flat = np.asarray(shapely.force_2d(geometries), dtype=object)
    rounded = shapely.set_precision(flat, GRID_DEGREES)
    # What is smaller than the grid would vanish.
    return np.where(shapely.is_empty(rounded), flat, rounded)


def _note(row: Any) -> str:
    """Return the file's other columns as one text."""
    parts = [
        f"{name}={value}"
        for name, value in row.items()
        if name not in OWN_COLUMNS and value is not None and not pd.isna(value) and str(value)
    ]
    category = str(row["category"] or "").strip()
    return "; ".join([*([category] if category else []), *parts])[:LONGEST_NOTE]


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
