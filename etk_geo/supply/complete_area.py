"""Where an official layer is complete: an area from a file that leaves nothing open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely

from etk_geo.errors import IntakeError
from etk_geo.intake.confirm import Choice, confirm
from etk_geo.intake.from_path import choose_layer
from etk_geo.intake.understanding import understand
from etk_geo.intake.upload import open_upload
from etk_geo.own_process import Stop

POLYGONS = (3, 6)


def read_complete_area(
    files: Sequence[tuple[str, bytes]],
    progress: Callable[[int, int], None] | None = None,
    stop: Stop | None = None,
) -> Any:
    """Return the polygons of a file as one geometry, WGS 84 degrees.

    Parameters
    ----------
    files
        Names and contents, as :func:`etk_geo.intake.upload.open_upload` takes them.
    progress, stop
        As for :meth:`etk_geo.intake.upload.Upload.read`.

    Raises
    ------
    IntakeError
        What the intake raises; ETK818 several layers; ETK160 the coordinates can be understood in
        more than one way; ETK161 something else than sound polygons.
    """
    with open_upload(files) as upload:
        upload.survey(stop)
        raw = upload.read(choose_layer(upload, ""), progress=progress, stop=stop)
    name = raw.origin.upload
    if raw.is_table:
        raise IntakeError("ETK161", file=name)
    understanding = understand(raw)
    if understanding.suggested is None or not understanding.is_decided:
        raise IntakeError("ETK160", file=name)
    taken = confirm(raw, understanding, Choice(understanding.suggested.id))
    geometry = taken.frame.geometry.to_numpy()
    sound = np.isin(shapely.get_type_id(geometry), POLYGONS) & shapely.is_valid(geometry)
    if not len(geometry) or not sound.all():
        raise IntakeError("ETK161", file=name)
    return shapely.union_all(geometry)
