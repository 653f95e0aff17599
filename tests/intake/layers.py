"""Small raw layers for the tests."""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely

from etk_geo.intake.declarations import Declaration
from etk_geo.intake.formats import FileFormat
from etk_geo.intake.raw_layer import Origin, RawLayer

ORIGIN = Origin("a.csv", "a.csv", "a", FileFormat.CSV, "")


def layer(*pairs, declaration=None, resolution=0.0005, attributes=None, **more) -> RawLayer:
    points = np.asarray(shapely.points(pairs), dtype=object)
    table = pd.DataFrame(attributes or {"n": range(len(pairs))})
    labels = tuple(str(i + 1) for i in range(len(pairs)))
    return RawLayer(
        ORIGIN, table, points, labels, declaration or Declaration(), resolution=resolution, **more
    )


def codes(issues):
    return [i.code for i in issues]
