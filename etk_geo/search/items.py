"""What can be found, with everything that filters and results need of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from etk_geo.catalog import Layer
from etk_geo.model import LonLatBounds, is_known
from etk_geo.plan import Plan, records

TOWNSHIP_KINDS = ("town", "sumu")
"""``places.kind`` of a township. Which township another place lies in is in no table."""


class ItemKind(StrEnum):
    """What an item is; also the order of results that are equally good."""

    PROJECT = "project"
    TARGET = "target"
    PLACE = "place"
    LAYER = "layer"
    FEATURE = "feature"


@dataclass(frozen=True)
class Item:
    """Something that can be found.

    Parameters
    ----------
    kind, id
        Together unique: a place can have the id of a project.
    name_zh, name_en
        As shown.
    layers
        Ids of the layers that it is in or, for a target, that the plan ties it to.
    feature_id
        Of the feature that shows it on the map; empty where none does.
    sectors
        Of a target; for others those of the targets that they serve or that name them.
    category
        Of a project or zone; empty for others.
    townships
        Ids of the townships that it is, or is said to be in.
    status
        Code of the vocabulary's ``progress`` for a project, empty where there is no progress data;
        of ``status`` for a feature that is no project.
    citations
        Sections of the plan.
    measure
        Of a target.
    places
        Ids of places that it names.
    bounds
        Extent of what is known of its position, WGS 84 degrees; ``None`` where nothing is.
    """

    kind: ItemKind
    id: str
    name_zh: str
    name_en: str
    layers: tuple[str, ...] = ()
    feature_id: str = ""
    sectors: tuple[str, ...] = ()
    category: str = ""
    townships: tuple[str, ...] = ()
    status: str = ""
    citations: tuple[str, ...] = ()
    measure: str = ""
    places: tuple[str, ...] = ()
    bounds: LonLatBounds | None = None

    @property
    def key(self) -> str:
        """Kind and id in one word, for addresses."""
        return f"{self.kind}:{self.id}"


def list_items(
    plan: Plan, layers: Mapping[str, Layer], statuses: Mapping[str, str] | None = None
) -> list[Item]:
    """List everything that can be found, in the order of the tables.

    A feature that stands for a project or a place is found as that.

    Parameters
    ----------
    plan, layers
        Of the project folder.
    statuses
        The status of projects by id as it is entered; a project that is not there has no progress
        data.
    """
    found = _Lists(plan, layers, statuses or {})
    return [
        *found.projects(),
        *found.targets(),
        *found.places(),
        *found.layers(),
        *found.features(),
    ]


class _Lists:
    def __init__(
        self, plan: Plan, layers: Mapping[str, Layer], statuses: Mapping[str, str]
    ) -> None:
        self._plan = plan
        self._layers = layers
        self._statuses = statuses
        self._features: dict[str, tuple[str, Mapping[str, Any]]] = {}
        for layer in layers.values():
            for row in records(layer.gdf):
                self._features.setdefault(row["id"], (layer.id, row))
        self._townships = {
            row["id"] for row in records(plan.places) if row["kind"] in TOWNSHIP_KINDS
        }
        self._places = {row["id"]: row for row in records(plan.places)}
        self._sectors = dict(zip(plan.targets["id"], plan.targets["sector"], strict=True))

    def projects(self) -> Iterator[Item]:
        for row in records(self._plan.projects):
            held = self._features.get(row["id"])
            yield Item(
                ItemKind.PROJECT,
                row["id"],
                row["name_zh"],
                row["name_en"],
                layers=(row["layer"],) if row["layer"] else (),
                feature_id=row["id"] if held else "",
                sectors=_once(self._sectors.get(t, "") for t in row["targets"]),
                category=row["category"],
                townships=self._townships_of(row["places"]),
                status=self._statuses.get(row["id"], ""),
                citations=tuple(row["citation"]),
                places=tuple(row["places"]),
                bounds=_bounds([held[1]["geometry"]] if held else []),
            )

    def targets(self) -> Iterator[Item]:
        for row in records(self._plan.targets):
            yield Item(
                ItemKind.TARGET,
                row["id"],
                row["name_zh"],
                row["name_en"],
                layers=tuple(row["layers"]),
                sectors=(row["sector"],) if row["sector"] else (),
                townships=self._townships_of(row["places"]),
                citations=tuple(row["citation"]),
                measure=row["measure"],
                places=tuple(row["places"]),
                bounds=_bounds(self._place_geometry(place)[1] for place in row["places"]),
            )

    def places(self) -> Iterator[Item]:
        sectors: dict[str, list[str]] = {}
        citations: dict[str, list[str]] = {}
        for row in records(self._plan.targets):
            for place in row["places"]:
                sectors.setdefault(place, []).append(row["sector"])
        for row in [*records(self._plan.targets), *records(self._plan.projects)]:
            for place in row["places"]:
                citations.setdefault(place, []).extend(row["citation"])
        for row in records(self._plan.places):
            feature, geometry = self._place_geometry(row["id"])
            held = self._features.get(feature)
            yield Item(
                ItemKind.PLACE,
                row["id"],
                row["name_zh"],
                row["name_en"],
                layers=(held[0],) if held else (),
                feature_id=feature,
                sectors=_once(sectors.get(row["id"], [])),
                townships=self._townships_of([row["id"]]),
                citations=tuple(sorted(_once(citations.get(row["id"], [])), key=citation_order)),
                places=(row["id"],),
                bounds=_bounds([geometry]),
            )

    def layers(self) -> Iterator[Item]:
        for layer in self._layers.values():
            record = layer.provenance
            yield Item(
                ItemKind.LAYER,
                layer.id,
                record.title_zh,
                record.title_en,
                layers=(layer.id,),
                bounds=_bounds(layer.located.geometry),
            )

    def features(self) -> Iterator[Item]:
        known = {*self._plan.projects["id"], *self._plan.places["id"]}
        known |= set(self._plan.places["feature"])
        for identifier, (layer, row) in self._features.items():
            if identifier in known:
                continue
            yield Item(
                ItemKind.FEATURE,
                identifier,
                row["name_zh"],
                row["name_en"],
                layers=(layer,),
                feature_id=identifier,
                sectors=_once(self._sectors.get(t, "") for t in row["targets"]),
                category=_text(row["category"]),
                townships=self._townships_of(row["places"]),
                status=_text(row["status"]),
                citations=tuple(row["citations"]),
                places=tuple(row["places"]),
                bounds=_bounds([row["geometry"]]),
            )

    def _place_geometry(self, place: str) -> tuple[str, BaseGeometry | None]:
        """Return the feature that shows a place, and what is known of its position."""
        row = self._places.get(place)
        if row is None:
            return "", None
        for identifier in (place, row["feature"]):
            held = self._features.get(identifier)
            if held is not None and held[1]["geometry"] is not None:
                return identifier, held[1]["geometry"]
        if is_known(row["lon"]) and is_known(row["lat"]):
            return "", Point(row["lon"], row["lat"])
        return next((i for i in (place, row["feature"]) if i in self._features), ""), None

    def _townships_of(self, places: Iterable[str]) -> tuple[str, ...]:
        return tuple(place for place in places if place in self._townships)


def _once(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def citation_order(citation: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts sections of the plan as they follow each other: 3.2 before 3.10."""
    return tuple((int(p), "") if p.isdecimal() else (0, p) for p in citation.split("."))


def _bounds(geometries: Iterable[BaseGeometry | None]) -> LonLatBounds | None:
    boxes: Sequence[tuple[float, ...]] = [
        g.bounds for g in geometries if g is not None and not g.is_empty
    ]
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return LonLatBounds(min(west), min(south), max(east), max(north))
