"""What a user draws on the map: GeoJSON from the browser, in the map's own WGS 84."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from etk_geo.errors import IntakeError
from etk_geo.intake.confirm import Choice, Taken, confirm
from etk_geo.intake.datums import Datum
from etk_geo.intake.declarations import Declaration
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.limits import DEFAULT_LIMITS, Limits
from etk_geo.intake.raw_layer import Origin, RawLayer
from etk_geo.intake.readings import GEOGRAPHIC
from etk_geo.intake.understanding import understand

NAME = "drawn"
KEPT = ("name", "category", "decided_on", "accuracy_m")
"""Properties that are the user's; what the drawing tool notes for itself is left behind."""


def read_drawing(
    features: Sequence[Mapping[str, Any]], limits: Limits = DEFAULT_LIMITS
) -> RawLayer:
    """Read drawn features, so that they go the same way as those of a file.

    Parameters
    ----------
    features
        GeoJSON features, degrees, longitude first; of the properties those in ``KEPT`` are taken.
    limits
        ``features`` and ``vertices``.

    Returns
    -------
    layer
        Declared as WGS 84 degrees: nothing is left to ask.

    Raises
    ------
    IntakeError
        ETK815 or ETK816 too much, ETK829 nothing drawn, ETK836 a geometry that is none.
    """
    if not features:
        raise IntakeError("ETK829", file=NAME)
    if len(features) > limits.features:
        raise IntakeError("ETK815", file=NAME, limit=limits.features)
    geometry = np.full(len(features), None, dtype=object)
    for row, feature in enumerate(features):
        try:
            geometry[row] = shape(feature["geometry"])
        except (KeyError, TypeError, ValueError, AttributeError, ShapelyError):
            raise IntakeError("ETK836", file=NAME, where=str(row + 1)) from None
    if int(shapely.get_num_coordinates(geometry).sum()) > limits.vertices:
        raise IntakeError("ETK816", file=NAME, limit=limits.vertices)
    records = [
        {name: value for name, value in (feature.get("properties") or {}).items() if name in KEPT}
        for feature in features
    ]
    digest = hashlib.sha256(json.dumps(list(features), sort_keys=True).encode()).hexdigest()
    return RawLayer(
        Origin(NAME, NAME, NAME, FileFormat.DRAWN, digest),
        pd.DataFrame(records, index=range(len(records))),
        geometry,
        tuple(str(row + 1) for row in range(len(features))),
        Declaration(Datum.CGCS2000, GEOGRAPHIC, said="WGS 84"),
    )


def take_drawing(features: Sequence[Mapping[str, Any]], accuracy_m: float | None) -> Taken:
    """Take drawn features in, as :func:`etk_geo.intake.confirm.confirm` does those of a file.

    Parameters
    ----------
    features
        As for :func:`read_drawing`.
    accuracy_m
        How far a drawn place may be from the real one, metres, as the user says; ``None`` where
        that is not known.

    Raises
    ------
    IntakeError
        As :func:`read_drawing`; ETK824 if all of it lies far from the banner.
    """
    raw = read_drawing(features)
    understanding = understand(raw)
    suggested = understanding.suggested
    if suggested is None:
        issue = understanding.issues[0]
        raise IntakeError(issue.code, file=issue.file, where=issue.where, **issue.detail)
    return confirm(raw, understanding, Choice(suggested.id, accuracy_m=accuracy_m))


BASE_MAP_M = 500.0
"""Metres by which the base map may be off: the banner's outline (facts/banner_outline.csv)."""
POINTER_PX = 5.0
"""Pixels within which a place is pointed at."""


def default_accuracy_m(features: Sequence[Mapping[str, Any]]) -> float:
    """Return what can be claimed for drawn places: the base map's accuracy and the pointer's.

    Parameters
    ----------
    features
        As drawn; ``metres_per_pixel`` in their properties tells how coarse the view was.

    Returns
    -------
    accuracy_m
        Metres, rounded up to tens.
    """
    return math.ceil((BASE_MAP_M + POINTER_PX * coarsest_pixel_m(features)) / 10) * 10.0


def coarsest_pixel_m(features: Sequence[Mapping[str, Any]]) -> float:
    """Return the metres of a pixel in the coarsest view in which something was drawn."""
    noted = [(feature.get("properties") or {}).get("metres_per_pixel") for feature in features]
    sizes = [float(size) for size in noted if isinstance(size, int | float) and size > 0]
    return max(sizes, default=0.0)
