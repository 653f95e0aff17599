"""The record of a screening: one file from which every figure can be recomputed and checked.

Canonical JSON: keys sorted, figures at fixed decimals, the same bytes for the same screening. The
``content`` (parameters, inputs with their hashes, findings) gives the record's hash, which is the
same on another machine; the ``environment`` (versions of code and libraries) is hashed apart.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from pyproj.database import get_database_metadata
from shapely.geometry import mapping

import etk_geo
from etk_geo.catalog import Catalog
from etk_geo.errors import DataError
from etk_geo.model import LonLatBounds
from etk_geo.plan import records
from etk_geo.rules import RuleBook
from etk_geo.screening.findings import Screening
from etk_geo.screening.ledger import LedgerRow
from etk_geo.screening.official import Official
from etk_geo.screening.pairs import FIGURES, VERDICTS
from etk_geo.screening.projects import PROJECT_COLUMNS
from etk_geo.screening.verdict import Verdict
from etk_geo.screening.zones import Zone
from etk_geo.store import sha256

SCHEMA = "etk-screening-record/1"
MEMBERS = frozenset({"schema", "content", "environment", "hashes", "signature"})
DECIMALS: Mapping[str, int] = {"m": 2, "m2": 1, "share": 6}
"""Decimal places by unit: centimetres, tenths of a square metre, millionths of a share."""


@dataclass(frozen=True)
class Parameters:
    """What a screening was asked to do, besides its projects.

    ``layers`` are the ids used as zones, ``None`` for all; ``coverage`` the box in degrees.
    """

    as_of: str
    layers: tuple[str, ...] | None
    coverage: LonLatBounds | None


def build_record(
    screening: Screening,
    projects: gpd.GeoDataFrame,
    catalog: Catalog,
    book: RuleBook,
    parameters: Parameters,
    passages: pd.DataFrame,
) -> dict[str, Any]:
    """Return the record of a screening, unsigned.

    Parameters
    ----------
    screening
        What was found.
    projects
        The projects as screened; they are kept in the record, so that it can be recomputed.
    catalog, book
        What it was screened with; the record holds the sha256 of every file of them.
    parameters
        The rest of what was asked.
    passages
        Chainage of lines in zones, as from :func:`etk_geo.screening.measures.passages`.
    """
    content = {
        "parameters": {
            "as_of": parameters.as_of,
            "layers": None if parameters.layers is None else sorted(parameters.layers),
            "coverage": None if parameters.coverage is None else list(parameters.coverage),
        },
        "inputs": {
            "layers": _layers(catalog, screening.zones),
            "rules": dict(sorted(book.files.items())),
            "projects": _projects(projects),
        },
        "zones": [_zone(zone) for zone in screening.zones],
        "ledger": [_ledger_row(row) for row in screening.ledger],
        "issues": [
            {"where": issue.where, "code": issue.code, "detail": dict(sorted(issue.detail.items()))}
            for issue in screening.issues
        ],
        "findings": _findings(screening),
        "passages": [
            {str(name): _passage_cell(str(name), value) for name, value in row.items()}
            for row in records(passages)
        ],
        "totals": dict(screening.totals),
    }
    return seal({"schema": SCHEMA, "content": content, "environment": environment()})


def seal(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return a record with the hashes of its parts."""
    hashes = {name: sha256(canonical(record[name])) for name in ("content", "environment")}
    return {**record, "hashes": hashes}


def canonical(value: Any) -> bytes:
    """Return JSON values as the one sequence of bytes that stands for them."""
    text = json.dumps(
        value, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
    )
    return (text + "\n").encode()


def parse_record(content: bytes) -> dict[str, Any]:
    """Parse the bytes of a record.

    Raises
    ------
    DataError
        If they are not a record at all: not UTF-8, not JSON, or without its members.
    """
    try:
        record = json.loads(content.decode("utf-8"), parse_constant=_refuse)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise DataError("ETK720", reason=str(error)[:120]) from None
    if not isinstance(record, dict) or not {"schema", "content", "environment", "hashes"} <= set(
        record
    ):
        raise DataError("ETK720", reason="schema, content, environment, hashes")
    return record


def _refuse(constant: str) -> float:
    raise ValueError(constant)


def environment() -> dict[str, str]:
    """Return the versions of the program and of what its figures depend on."""
    return {
        "etk_geo": etk_geo.__version__,
        "python": platform.python_version(),
        "shapely": shapely.__version__,
        "geos": shapely.geos_version_string,
        "geopandas": gpd.__version__,
        "pandas": pd.__version__,
        "pyproj": pyproj.__version__,
        "proj": pyproj.proj_version_str,
        "epsg": str(get_database_metadata("EPSG.VERSION")),
    }


def _layers(catalog: Catalog, zones: Sequence[Zone]) -> list[dict[str, Any]]:
    """Return the layers that zones come from; one that did not open has no checksum here."""
    used = {zone.layer for zone in zones if zone.layer}
    return [
        {
            "id": layer.id,
            "file": layer.provenance.file,
            "sha256": layer.provenance.sha256,
            "as_of": layer.provenance.as_of,
        }
        for layer in sorted(catalog.layers.values(), key=lambda layer: layer.id)
        if layer.id in used
    ]


def _projects(projects: gpd.GeoDataFrame) -> dict[str, Any]:
    rows = records(projects.sort_values("project_id"))
    features = [
        {
            **{name: _plain(row[name]) for name in PROJECT_COLUMNS},
            "geometry": _geometry(row["geometry"]),
        }
        for row in rows
    ]
    return {"sha256": sha256(canonical(features)), "features": features}


def _geometry(geometry: Any) -> Any:
    return None if geometry is None else json.loads(json.dumps(mapping(geometry)))


def _plain(value: Any) -> Any:
    if value is None or value is pd.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, float):
        return value + 0.0
    return value.isoformat() if hasattr(value, "isoformat") else value


def _zone(zone: Zone) -> dict[str, Any]:
    return {
        **zone.__dict__,
        "zone_types": list(zone.zone_types),
        "barrier": str(zone.barrier),
    }


def _ledger_row(row: LedgerRow) -> dict[str, Any]:
    values = {name: value for name, value in row.__dict__.items() if name not in _ADDED}
    if row.official:
        values["official"] = [_official(layer) for layer in row.official]
    if row.replaced:
        values["replaced"] = list(row.replaced)
    return {
        **values,
        "holding": str(row.holding),
        "layers": [{"id": layer, "sha256": digest} for layer, digest in row.layers],
        "as_of": list(row.as_of),
        "accuracy_m": list(row.accuracy_m),
        "barriers": [str(barrier) for barrier in row.barriers],
        "named_by_plan": list(row.named_by_plan),
        "named_by_rules": list(row.named_by_rules),
    }


_ADDED = ("official", "replaced")
"""Members of a row that are written only where an official layer was supplied."""


def _official(layer: Official) -> dict[str, Any]:
    stated = layer.supplied
    return {
        "id": layer.layer,
        "sha256": layer.sha256,
        "version": stated.version,
        "holder": stated.holder,
        "valid_from": stated.valid_from,
        "valid_to": stated.valid_to,
        "complete": str(stated.complete),
    }


def _findings(screening: Screening) -> list[dict[str, Any]]:
    """Return the findings by project: pairs in full, and those not checked by their reason."""
    frame = screening.findings
    columns = {str(name): frame[name].to_numpy() for name in frame.columns}
    barred = columns["verdict"] == str(Verdict.NOT_CHECKED)
    count = len(screening.zones)
    # Findings are sorted by project and zone, so those of a project are one run of rows.
    return [
        {
            **{name: _plain(row[name]) for name in _SUMMARY},
            "counts": {verdict: int(row[verdict]) for verdict in VERDICTS},
            "pairs": [
                _pair(columns, at)
                for at in range(number * count, (number + 1) * count)
                if not barred[at]
            ],
            "not_checked": {
                columns["zone_id"][at]: [columns["reason"][at], columns["possible"][at]]
                for at in range(number * count, (number + 1) * count)
                if barred[at]
            },
        }
        for number, row in enumerate(records(screening.projects))
    ]


_SUMMARY = (
    "project_id",
    "consequence",
    "found",
    "possible",
    "zone_id",
    "rule",
    "basis",
    "law_date",
)
_PAIR = ("zone_id", "verdict", "reason", "consequence", "possible", "basis", "deciding_rule")
_LISTS = ("rules", "rules_open", "flags")


def _pair(columns: Mapping[str, Any], at: int) -> dict[str, Any]:
    return {
        **{name: columns[name][at] for name in _PAIR},
        **{name: split_codes(columns[name][at]) for name in _LISTS},
        **{name: fixed(name, columns[name][at]) for name in FIGURES},
        "rests_on_default": bool(columns["rests_on_default"][at]),
    }


def _passage_cell(name: str, value: Any) -> Any:
    if name.endswith("_m"):
        return fixed(name, value)
    return value.item() if isinstance(value, np.generic) else value


def split_codes(text: str) -> Sequence[str]:
    """Return the codes of a cell that joins them by ``;``."""
    return text.split(";") if text else []


def fixed(name: str, value: float) -> float | None:
    """Return a figure at the decimals of its unit, or ``None`` where it is not known."""
    if not math.isfinite(value):
        return None
    return round(float(value), decimals(name)) + 0.0


def decimals(name: str) -> int:
    """Return the decimal places of a figure, by the unit in its name."""
    unit = "share" if name.startswith("share") else name.rsplit("_", 1)[-1]
    return DECIMALS[unit]
