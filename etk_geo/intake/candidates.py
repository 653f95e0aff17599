"""The readings of a layer's coordinates that land in or near the banner, each with its reasons.

Ranks them; chooses nothing (``understanding.py`` says what is open).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum

import numpy as np
import numpy.typing as npt
import shapely

from etk_geo.crs import GEOD
from etk_geo.intake.datums import DatumShift, datum_shift
from etk_geo.intake.declarations import Declaration
from etk_geo.intake.declared_crs import DeclaredCrs
from etk_geo.intake.raw_layer import RawLayer
from etk_geo.intake.readings import Reading, Unit, plausible_readings, unpack_dms
from etk_geo.model import BANNER_BOUNDS, REGION_BOUNDS, LonLat, LonLatBounds

SAMPLE_FEATURES = 2000
NEAR_DEGREES = 0.5
NEAR_BOUNDS = LonLatBounds(
    BANNER_BOUNDS.west - NEAR_DEGREES,
    BANNER_BOUNDS.south - NEAR_DEGREES,
    BANNER_BOUNDS.east + NEAR_DEGREES,
    BANNER_BOUNDS.north + NEAR_DEGREES,
)
"""In or near the banner: about 50 km around its extent."""
PACKED_HALF_DIGIT = 0.00005
"""Degrees, minutes and seconds in one number need four decimals at least."""

Floats = npt.NDArray[np.float64]
AnyReading = Reading | DeclaredCrs


class Fit(StrEnum):
    """Where a candidate lands."""

    INSIDE = "inside"
    OVERLAPS = "overlaps"
    NEAR = "near"


@dataclass(frozen=True)
class Note:
    """A text of ``locale/intake.toml`` with its values."""

    key: str
    values: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """One reading that lands in or near the banner.

    Parameters
    ----------
    reading
        The reading, or the CRS that the file declares where it is none of the usual.
    fit
        Where it lands.
    landed, sampled
        How many of the features looked at lie in or near the banner, and how many were looked at.
    bounds, position
        In WGS 84 degrees: the box of what landed, and one place for a small map.
    shift
        The datum transformation and the bound of its error.
    declared
        Whether the file says so.
    offset_m
        Metres between this candidate's position and the first one's.
    reasons
        Why it is here.
    """

    reading: AnyReading
    fit: Fit
    landed: int
    sampled: int
    bounds: LonLatBounds
    position: LonLat
    shift: DatumShift
    declared: bool = False
    offset_m: float = 0.0
    reasons: tuple[Note, ...] = ()

    @property
    def id(self) -> str:
        """The reading's stable name."""
        return self.reading.id


@dataclass(frozen=True)
class Sample:
    """What of a layer is looked at: boxes of features as read, and their coordinates."""

    boxes: Floats
    coordinates: Floats


def find_candidates(raw: RawLayer, sample: Sample) -> list[Candidate]:
    """Return the readings of which enough of the sample lands in or near the banner, ranked."""
    found: dict[str, Candidate] = {}
    for reading in readings_of(raw, sample):
        candidate = _candidate(reading, sample.boxes, raw.declaration)
        if candidate is not None:
            found.setdefault(candidate.id, candidate)
    return _with_offsets(_ranked(list(found.values()), raw.declaration))


def readings_of(raw: RawLayer, sample: Sample) -> list[AnyReading]:
    """Return the readings that the sizes of the numbers allow, wherever they land."""
    readings: list[AnyReading] = []
    if raw.declaration.crs is not None:
        readings.append(DeclaredCrs(raw.declaration.crs))
    plausible = (r for pair in typical_pairs(sample.boxes) for r in plausible_readings(*pair))
    readings.extend(_without_packed(raw, sample, plausible))
    return readings


def _without_packed(
    raw: RawLayer, sample: Sample, readings: Iterator[Reading]
) -> Iterator[Reading]:
    """Leave out degrees-minutes-seconds in one number where a number written cannot be that."""
    written = raw.resolution is not None and raw.resolution <= PACKED_HALF_DIGIT
    packed: bool | None = None if written and not raw.angles_marked else False
    for reading in dict.fromkeys(readings):
        if reading.unit is Unit.PACKED_DMS:
            if packed is None:
                packed = bool(np.isfinite(unpack_dms(sample.coordinates)).all())
            if not packed:
                continue
        yield reading


def take_sample(raw: RawLayer) -> Sample:
    """Return up to ``SAMPLE_FEATURES`` features, evenly taken; those with finite boxes only."""
    if raw.geometry is None:
        return Sample(np.empty((0, 4)), np.empty((0, 2)))
    held = np.flatnonzero(~shapely.is_missing(raw.geometry) & ~shapely.is_empty(raw.geometry))
    step = max(1, len(held) // SAMPLE_FEATURES)
    taken = raw.geometry[held[::step]]
    boxes: Floats = shapely.bounds(taken)
    finite = np.isfinite(boxes).all(axis=1)
    return Sample(boxes[finite], shapely.get_coordinates(taken[finite]))


def typical_pairs(boxes: Floats) -> list[tuple[float, float]]:
    """Return typical pairs of numbers: of the features in the middle and at the quarters."""
    middles = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, (boxes[:, 1] + boxes[:, 3]) / 2])
    order = np.argsort(middles[:, 0], kind="stable")
    picks = {0, len(order) // 4, len(order) // 2, 3 * len(order) // 4, len(order) - 1}
    return [(float(middles[order[i], 0]), float(middles[order[i], 1])) for i in sorted(picks)]


def _candidate(reading: AnyReading, boxes: Floats, declaration: Declaration) -> Candidate | None:
    """Return the candidate of a reading if enough of the sample lands in or near the banner."""
    lonlat = _transformed(reading, boxes)
    finite = np.isfinite(lonlat).all(axis=1)
    near = finite & meets(lonlat, NEAR_BOUNDS)
    region = finite & meets(lonlat, REGION_BOUNDS)
    declared = _is_declared(reading, declaration)
    enough = near.sum() * 2 >= len(boxes) or (near.any() and region.sum() * 2 >= len(boxes))
    if not enough and not (declared and near.any()):
        return None
    landed = lonlat[near]
    bounds = LonLatBounds(
        float(landed[:, 0].min()), float(landed[:, 1].min()),
        float(landed[:, 2].max()), float(landed[:, 3].max()),
    )  # fmt: skip
    middle = landed[len(landed) // 2]
    position = LonLat(float(middle[0] + middle[2]) / 2, float(middle[1] + middle[3]) / 2)
    fit = _fit(lonlat[finite], len(boxes))
    counts = {"landed": str(int(near.sum())), "sampled": str(len(boxes))}
    lon, lat = landed[:, ::2].ravel(), landed[:, 1::2].ravel()
    shift = (
        reading.shift if isinstance(reading, DeclaredCrs) else datum_shift(reading.datum, lon, lat)
    )
    return Candidate(
        reading, fit, int(near.sum()), len(boxes), bounds, position, shift, declared,
        reasons=_reasons(declaration, fit, counts, declared=declared),
    )  # fmt: skip


def _transformed(reading: AnyReading, boxes: Floats) -> Floats:
    """Return boxes west, south, east, north in WGS 84 degrees, from all four corners."""
    corners = [reading.to_lonlat(boxes[:, i], boxes[:, j]) for i in (0, 2) for j in (1, 3)]
    lon = np.column_stack([c[0] for c in corners])
    lat = np.column_stack([c[1] for c in corners])
    return np.column_stack([lon.min(axis=1), lat.min(axis=1), lon.max(axis=1), lat.max(axis=1)])


def meets(lonlat: Floats, box: LonLatBounds) -> npt.NDArray[np.bool_]:
    """Tell which boxes (west, south, east, north) meet a box; those that are NaN do not."""
    with np.errstate(invalid="ignore"):
        meets: npt.NDArray[np.bool_] = (
            (lonlat[:, 2] >= box.west) & (lonlat[:, 0] <= box.east)
            & (lonlat[:, 3] >= box.south) & (lonlat[:, 1] <= box.north)
        )  # fmt: skip
    return meets


def _fit(lonlat: Floats, total: int) -> Fit:
    box = BANNER_BOUNDS
    inside = (
        (lonlat[:, 0] >= box.west) & (lonlat[:, 2] <= box.east)
        & (lonlat[:, 1] >= box.south) & (lonlat[:, 3] <= box.north)
    )  # fmt: skip
    if inside.sum() == total:
        return Fit.INSIDE
    return Fit.OVERLAPS if meets(lonlat, box).any() else Fit.NEAR


def _is_declared(reading: AnyReading, declaration: Declaration) -> bool:
    return isinstance(reading, DeclaredCrs) or declaration.agrees_with(reading)


def _reasons(
    declaration: Declaration, fit: Fit, counts: dict[str, str], *, declared: bool
) -> tuple[Note, ...]:
    notes = []
    if declared:
        key = "implied" if declaration.implied else "declared"
        notes.append(Note(f"intake.reason.{key}", {"said": declaration.said}))
    elif declaration.says_anything:
        notes.append(Note("intake.reason.not_declared", {"said": declaration.said}))
    notes.append(Note(f"intake.reason.{fit.value}", counts))
    return tuple(notes)


_FIT_ORDER = (Fit.INSIDE, Fit.OVERLAPS, Fit.NEAR)


def _ranked(candidates: Sequence[Candidate], declaration: Declaration) -> list[Candidate]:
    """Order candidates: declared, then by where and how many land, then by axis order declared."""

    def rank(candidate: Candidate) -> tuple[bool, bool, int, int, bool]:
        reading, said = candidate.reading, declaration.north_first
        packed = turned = False
        if isinstance(reading, Reading):
            packed = reading.unit is Unit.PACKED_DMS
            turned = said is not None and reading.north_first != said
        fit = _FIT_ORDER.index(candidate.fit)
        return (not candidate.declared, packed, -candidate.landed, fit, turned)

    return sorted(candidates, key=rank)


def _with_offsets(candidates: Sequence[Candidate]) -> list[Candidate]:
    if not candidates:
        return []
    origin = candidates[0].position
    return [replace(c, offset_m=float(GEOD.inv(*origin, *c.position)[2])) for c in candidates]
