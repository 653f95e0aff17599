"""What coordinates can mean: every reading that lands in or near the banner, with its reasons.

Nothing is chosen here. A reading is *suggested* where the file itself declares it and it lands;
whatever the file leaves open is a question to the user.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from etk_geo.crs import GEOD
from etk_geo.intake.candidates import (
    AnyReading,
    Candidate,
    Floats,
    Sample,
    find_candidates,
    readings_of,
    take_sample,
    typical_pairs,
)
from etk_geo.intake.columns import CoordinateColumns
from etk_geo.intake.declarations import Declaration
from etk_geo.intake.raw_layer import RawLayer
from etk_geo.intake.readings import Reading, is_web_map
from etk_geo.model import BANNER_BOUNDS, Issue, LonLat


class Question(StrEnum):
    """What only the user can answer."""

    CRS = "crs"
    DATUM = "datum"
    PROJECTION = "projection"
    AXIS = "axis"
    UNIT = "unit"
    WEB_MAP = "web_map"
    DECLARATION = "declaration"
    COLUMNS = "columns"
    ENCODING = "encoding"
    PART = "part"
    VERTICES = "vertices"


@dataclass(frozen=True)
class Understanding:
    """What a layer can mean.

    ``candidates`` are likeliest first; ``suggested`` is one of them or ``None``; ``questions`` are
    open. Only where there are none, the suggestion is beyond doubt.
    """

    candidates: tuple[Candidate, ...]
    suggested: Candidate | None
    questions: tuple[Question, ...]
    issues: tuple[Issue, ...] = ()
    columns: tuple[CoordinateColumns, ...] = ()

    @property
    def is_decided(self) -> bool:
        """Whether nothing is left to ask."""
        return self.suggested is not None and not self.questions

    def candidate(self, candidate_id: str) -> Candidate | None:
        """Return a candidate by its id."""
        return next((c for c in self.candidates if c.id == candidate_id), None)


def understand(raw: RawLayer) -> Understanding:
    """List the readings of a layer that land in or near the banner.

    Parameters
    ----------
    raw
        A layer with geometry (for a table: after ``choose_columns``). Not changed.

    Returns
    -------
    understanding
        No candidates where nothing lands (an ETK824 issue says how far away what is declared or
        prefixed lies) or where no row has a position (ETK820).
    """
    sample = take_sample(raw)
    if not len(sample.boxes):
        return Understanding((), None, (), (Issue(raw.origin.upload, "", "ETK820"),), raw.columns)
    candidates = find_candidates(raw, sample)
    suggested = _suggested(candidates, raw.declaration)
    questions = _questions(raw, candidates, suggested)
    issues = _issues(raw, candidates, sample)
    return Understanding(tuple(candidates), suggested, questions, tuple(issues), raw.columns)


def _suggested(candidates: Sequence[Candidate], declaration: Declaration) -> Candidate | None:
    """Return the one candidate that the file declares, if it is one and everything lands."""
    declared = [c for c in candidates if c.declared]
    if len(declared) > 1 and declaration.north_first is not None:
        declared = [
            c for c in declared
            if isinstance(c.reading, Reading) and c.reading.north_first == declaration.north_first
        ]  # fmt: skip
    return declared[0] if len(declared) == 1 else None


def _questions(
    raw: RawLayer, candidates: Sequence[Candidate], suggested: Candidate | None
) -> tuple[Question, ...]:
    questions = []
    if raw.encodings is not None and not raw.encodings.decided:
        questions.append(Question.ENCODING)
    if len(raw.columns) > 1 and not _columns_are_clear(raw.columns):
        questions.append(Question.COLUMNS)
    if raw.vertices:
        questions.append(Question.VERTICES)
    if candidates and suggested is None:
        if raw.declaration.says_anything and not any(c.declared for c in candidates):
            questions.append(Question.DECLARATION)
        questions.extend(_differences([c.reading for c in candidates], raw.declaration))
    elif suggested is not None:
        web_map = any(isinstance(c.reading, Reading) and is_web_map(c.reading) for c in candidates)
        if raw.declaration.wgs84 and web_map:
            questions.append(Question.WEB_MAP)
        if suggested.landed < suggested.sampled and any(
            c.landed > suggested.landed for c in candidates
        ):
            questions.append(Question.PART)
    return tuple(questions)


def _columns_are_clear(columns: Sequence[CoordinateColumns]) -> bool:
    return columns[0].named and not any(c.named for c in columns[1:])


def _differences(readings: Sequence[AnyReading], declaration: Declaration) -> list[Question]:
    """Return in what the readings that agree best with the declaration differ."""
    plain = [r for r in readings if isinstance(r, Reading)]
    agreeing = [r for r in plain if declaration.agrees_with(r)] or plain
    questions = []
    for question, values in (
        (Question.DATUM, {r.datum for r in agreeing}),
        (Question.PROJECTION, {r.projection for r in agreeing}),
        (Question.AXIS, {r.north_first for r in agreeing}),
        (Question.UNIT, {r.unit for r in agreeing}),
    ):
        if len(values) > 1:
            questions.append(question)
    return questions or [Question.CRS]


def _issues(raw: RawLayer, candidates: Sequence[Candidate], sample: Sample) -> list[Issue]:
    file = raw.origin.upload
    if candidates:
        best = candidates[0]
        if best.landed == best.sampled:
            return []
        detail = {"landed": str(best.landed), "sampled": str(best.sampled)}
        return [Issue(file, "", "ETK858", detail)]
    for reading in readings_of(raw, sample):
        place = _first_place(reading, sample.boxes)
        if place is None:
            continue
        prefix = reading.projection.prefix if isinstance(reading, Reading) else 0
        detail = {
            "reading": reading.id,
            "lon": f"{place.lon:.3f}",
            "lat": f"{place.lat:.3f}",
            "km": f"{_distance_km(place):.0f}",
            "zone": str(prefix),
        }
        return [Issue(file, "", "ETK845" if prefix else "ETK824", detail)]
    first, second = typical_pairs(sample.boxes)[0]
    return [Issue(file, "", "ETK860", {"first": f"{first:g}", "second": f"{second:g}"})]


def _first_place(reading: AnyReading, boxes: Floats) -> LonLat | None:
    lon, lat = reading.to_lonlat(boxes[:1, 0], boxes[:1, 1])
    if not np.isfinite(lon[0]) or not -180 <= lon[0] <= 180 or not -90 <= lat[0] <= 90:
        return None
    return LonLat(float(lon[0]), float(lat[0]))


def _distance_km(place: LonLat) -> float:
    box = BANNER_BOUNDS
    lon = min(max(place.lon, box.west), box.east)
    lat = min(max(place.lat, box.south), box.north)
    return float(GEOD.inv(place.lon, place.lat, lon, lat)[2]) / 1000
