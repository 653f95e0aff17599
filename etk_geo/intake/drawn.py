"""What a user draws on the map: GeoJSON from the browser, in the map's own WGS 84."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape

from etk_geo.errors import IntakeError
from etk_geo.intake.datums import Datum
from etk_geo.intake.declarations import Declaration
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.limits import DEFAULT_LIMITS, Limits
from etk_geo.intake.raw_layer import Origin, RawLayer
from etk_geo.intake.readings import GEOGRAPHIC

NAME = "drawn"


def read_drawing(
    features: Sequence[Mapping[str, Any]], limits: Limits = DEFAULT_LIMITS
) -> RawLayer:
    """Read drawn features, so that they go the same way as those of a file.

    Parameters
    ----------
    features
        GeoJSON features, degrees, longitude first; properties with ``name`` and ``category`` where
        the user gave them.
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
    records = [dict(feature.get("properties") or {}) for feature in features]
    digest = hashlib.sha256(json.dumps(list(features), sort_keys=True).encode()).hexdigest()
    return RawLayer(
        Origin(NAME, NAME, NAME, FileFormat.DRAWN, digest),
        pd.DataFrame(records, index=range(len(records))),
        geometry,
        tuple(str(row + 1) for row in range(len(features))),
        Declaration(Datum.CGCS2000, GEOGRAPHIC, said="WGS 84"),
    )
