"""The nouns of the plan map as plain values: no files, no geometry library, no language."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal, NamedTuple

from etk_geo.errors import EtkGeoError

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")


class LonLat(NamedTuple):
    """A position in degrees, WGS 84, longitude first."""

    lon: float
    lat: float


class LonLatBounds(NamedTuple):
    """A box in degrees, WGS 84."""

    west: float
    south: float
    east: float
    north: float


class MetricBounds(NamedTuple):
    """A box in metres, EPSG:4545."""

    left: float
    bottom: float
    right: float
    top: float


BANNER_BOUNDS = LonLatBounds(106.683333, 38.3, 108.9, 40.183333)
"""Published extent of the banner, arc-minute rounding (data/facts/published.csv, ``etk``)."""

REGION_BOUNDS = LonLatBounds(100.0, 34.0, 115.0, 44.0)
"""Where a feature of this project can lie at all: the banner, its neighbours and the river's
course with a wide margin. A coordinate outside is a swapped axis, a wrong zone or a slip."""


class Bound(StrEnum):
    """How a geometry bounds the real thing (egg-yolk model, Cohn & Gotts 1996)."""

    EXACT = "exact"
    OUTER = "outer"
    INNER = "inner"
    POSITION = "position"


class Siting(StrEnum):
    """How the position of a project is known (docs/data_tables.md)."""

    AT_PLACE = "at_place"
    NEAR_PLACE = "near_place"
    ALONG_ROUTE = "along_route"
    BETWEEN_PLACES = "between_places"
    IN_AREA = "in_area"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a feature is."""

    BOUNDARY = "boundary"
    RIVER = "river"
    SETTLEMENT = "settlement"
    TOWNSHIP = "township"
    PROJECT = "project"
    ZONE = "zone"
    ROUTE = "route"
    MINE = "mine"
    PLANT = "plant"
    EXTENT = "extent"
    STATION = "station"
    CONTEXT = "context"


class LayerGroup(StrEnum):
    """Which part of the legend a layer belongs to."""

    BASE = "base"
    PLAN = "plan"
    REFERENCE = "reference"


class Severity(StrEnum):
    """How much an issue matters: an ``error`` fails the linter, the others do not."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, order=True)
class Issue:
    """One finding about data: a code of ``locale/issues.toml`` and where it was found.

    ``file`` is relative to the project folder; ``where`` is a feature id, a row or a JSON path.
    """

    file: str
    where: str
    code: str
    detail: Mapping[str, str] = field(default_factory=dict, compare=False)

    @classmethod
    def all_of(cls, error: EtkGeoError) -> list[Issue]:
        """Return the issues that an error reports."""
        return [cls(e.file, e.where, e.code, e.detail) for e in (error, *error.more)]


COVERAGE = "coverage"
"""Category of the feature (kind ``extent``) by which a layer says where it is complete."""

FEATURE_PROPERTIES: tuple[str, ...] = (
    "id",
    "name_zh",
    "name_en",
    "kind",
    "category",
    "status",
    "status_date",
    "bound",
    "accuracy_m",
    "accuracy_zh",
    "accuracy_en",
    "extent_m",
    "extent_basis",
    "siting",
    "orientation_only",
    "places",
    "targets",
    "citations",
    "sources",
    "as_of",
    "known_zh",
    "known_en",
    "facts",
)
"""The properties that every feature of every layer carries, in the order they are written.
``places``, ``targets``, ``citations`` and ``sources`` are lists of ids; ``facts`` is a list of
published figures (attribute, value, unit, date, source, confidence, note_zh, note_en). An unknown
number or date is ``null``, an unknown text is empty."""

LIST_PROPERTIES: tuple[str, ...] = ("places", "targets", "citations", "sources")
FACT_PROPERTIES: tuple[str, ...] = (
    "attribute",
    "value",
    "unit",
    "date",
    "source",
    "confidence",
    "note_zh",
    "note_en",
)


def is_known(value: float | None) -> bool:
    """Return whether a number is known: neither ``None`` nor NaN, its mark in a frame."""
    return value is not None and not math.isnan(value)


class Completeness(StrEnum):
    """Where an official layer holds every zone of its type, as its supplier states."""

    BANNER = "banner"
    AREA = "area"
    NOWHERE = "nowhere"
    """The layer shows its own zones and says nothing of others."""


@dataclass(frozen=True)
class Supplied:
    """What is stated of an official layer that a user supplied, and how it was taken in.

    Parameters
    ----------
    zone_type
        Code of ``rules/zone_types.csv``.
    version, holder
        As stated.
    valid_from, valid_to
        First and last day in force, ISO; the last is empty while the layer is in force.
    complete
        Where the layer is complete; the area itself is its feature of category ``coverage``.
    stands_for
        Ids of the features of ``rules/zone_sources.csv`` whose official line this is.
    digitised_ha, gazetted_ha, tolerance_percent
        The layer's own ellipsoidal area, the published one, and how far they may differ; the
        last two ``None`` where no figure was given.
    accepted
        Why a doubt was accepted; empty where there was none.
    supplied_on
        ISO date.
    intake
        How the file was read: upload, its sha256, reading, transformation and the rest, as texts.
    """

    zone_type: str
    version: str
    holder: str
    valid_from: str
    valid_to: str
    complete: Completeness
    stands_for: tuple[str, ...]
    digitised_ha: float
    gazetted_ha: float | None
    tolerance_percent: float | None
    accepted: str
    supplied_on: str
    intake: Mapping[str, str]


@dataclass(frozen=True)
class Provenance:
    """Where a layer comes from, how good it is and under which licence: its record, as read.

    ``built_from`` maps table paths to their sha256; ``known_gaps_zh`` and ``known_gaps_en`` run in
    parallel. ``accuracy_*``, ``method_*`` and ``attribution_*`` are texts for people. ``supplied``
    is set for an official layer that a user supplied.
    """

    id: str
    group: LayerGroup
    order: int
    file: str
    title_zh: str
    title_en: str
    description_zh: str
    description_en: str
    method_zh: str
    method_en: str
    accuracy_zh: str
    accuracy_en: str
    licence: str
    licence_url: str
    attribution_zh: str
    attribution_en: str
    sources: tuple[str, ...]
    as_of: str
    known_gaps_zh: tuple[str, ...]
    known_gaps_en: tuple[str, ...]
    default_on: bool
    restricted: bool
    crs: str
    feature_count: int
    unlocated_count: int
    sha256: str
    built_from: Mapping[str, str]
    supplied: Supplied | None = None
