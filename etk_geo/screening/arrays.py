"""Arrays of numbers and geometries, with the types that this package means by them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]
Strings = NDArray[np.object_]
Geometries = NDArray[np.object_]
Ranks = NDArray[np.int8]
Scalar = TypeVar("Scalar", bound=np.generic)

TEXT = pd.array([""], dtype="str").dtype


def text_column(values: Iterable[object]) -> pd.api.extensions.ExtensionArray:
    """Return texts as a column that pandas need not look through again."""
    array = values if isinstance(values, np.ndarray) else np.array(list(values), dtype=object)
    # The public way looks at every value first to find out what it is.
    kind: Any = TEXT.construct_array_type()
    column: pd.api.extensions.ExtensionArray = kind._from_sequence(array, dtype=TEXT)  # noqa: SLF001
    return column


def fixed(values: NDArray[Scalar]) -> NDArray[Scalar]:
    """Make an array read-only, so that it can be shared, and return it."""
    values.flags.writeable = False
    return values


def as_geometries(geoms: Iterable[BaseGeometry | None]) -> Geometries:
    """Return geometries as an array, each as one entry."""
    listed = list(geoms)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array


def points_at(xy: Floats) -> Geometries:
    """Return one point for each position."""
    points: Geometries = np.asarray(shapely.points(xy), dtype=object)
    return points


def lines_through(xy: Floats, line: Ints) -> Geometries:
    """Return lines through positions; ``line`` numbers the line of each, ascending."""
    if not len(xy):
        return np.empty(0, dtype=object)
    lines: Geometries = np.asarray(shapely.linestrings(xy, indices=line), dtype=object)
    return lines


def summed(group: Ints, values: Floats, count: int) -> Floats:
    """Return the sum of values by group, for groups 0 to ``count``."""
    return np.bincount(group, values, count).astype(np.float64)


def starts_of(group: Ints) -> Bools:
    """Tell where a new group begins in ascending group numbers."""
    begins = np.ones(len(group), dtype=bool)
    begins[1:] = group[1:] != group[:-1]
    return begins


def simple_parts(geoms: Geometries) -> tuple[Geometries, Ints]:
    """Return the points, lines and polygons that geometries consist of, and whose each is."""
    parts, owner = shapely.get_parts(geoms, return_index=True)
    while np.any(shapely.get_type_id(parts) > 3):
        parts, inner = shapely.get_parts(parts, return_index=True)
        owner = owner[inner]
    return parts, owner
