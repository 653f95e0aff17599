"""The spatial patterns that the plan names: what of them is mapped, listed or missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from etk_geo.catalog import Layer
from etk_geo.plan import Plan, records

ITSELF = "itself"


class Shown(StrEnum):
    """How a part of a pattern is shown: on the map, by name only, or not at all."""

    MAPPED = "mapped"
    LISTED = "listed"
    MISSING = "missing"


@dataclass(frozen=True)
class ShownBy:
    """A feature of a layer that shows a part of a pattern."""

    layer_id: str
    feature_id: str
    name_zh: str
    name_en: str


@dataclass(frozen=True)
class Part:
    """A part of a pattern, such as one kind of functional space.

    Parameters
    ----------
    id, name_zh, name_en, note_zh, note_en, citations
        As in ``data/patterns.csv``.
    shown
        Mapped where a feature has a position that is more than orientation, or a layer of its zone
        types is held; listed where features or places are known by name only; else missing.
    is_whole
        Whether what is mapped is the part itself; otherwise it stands for some of it.
    located, unlocated
        Its features, with a position of their own and without.
    zone_types, held_by
        Zone types whose layers would show it, and the layers of those that are held.
    """

    id: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    citations: tuple[str, ...]
    shown: Shown
    is_whole: bool
    located: tuple[ShownBy, ...]
    unlocated: tuple[ShownBy, ...]
    zone_types: tuple[str, ...]
    held_by: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """A spatial pattern with its parts, in the order of the table."""

    id: str
    name_zh: str
    name_en: str
    note_zh: str
    note_en: str
    citations: tuple[str, ...]
    parts: tuple[Part, ...]

    def counts(self) -> dict[Shown, int]:
        """Count the parts by how they are shown."""
        return {shown: sum(part.shown is shown for part in self.parts) for shown in Shown}


def resolve_patterns(
    plan: Plan, layers: Mapping[str, Layer], held: Mapping[str, Sequence[str]] | None = None
) -> list[Pattern]:
    """Say of every pattern of the plan what is mapped, listed and missing.

    Parameters
    ----------
    plan, layers
        Of the project folder.
    held
        Layers with official boundaries by zone type, as users have supplied them; only these show
        a part as a whole.
    """
    features = {
        row["id"]: (layer.id, row) for layer in layers.values() for row in records(layer.gdf)
    }
    rows = records(plan.patterns)
    return [
        Pattern(
            row["id"],
            row["name_zh"],
            row["name_en"],
            row["note_zh"],
            row["note_en"],
            tuple(row["citation"]),
            tuple(
                _part(part, features, held or {}) for part in rows if part["pattern"] == row["id"]
            ),
        )
        for row in rows
        if not row["pattern"]
    ]


def official_layers(layers: Mapping[str, Layer]) -> dict[str, list[str]]:
    """Return the ids of the layers with official boundaries by zone type, for ``held``.

    Parameters
    ----------
    layers
        Those in force, as of the project folder.
    """
    held: dict[str, list[str]] = {}
    for layer in layers.values():
        if layer.provenance.supplied is not None:
            held.setdefault(layer.provenance.supplied.zone_type, []).append(layer.id)
    return held


def _part(
    row: Mapping[str, Any],
    features: Mapping[str, tuple[str, Mapping[str, Any]]],
    held: Mapping[str, Sequence[str]],
) -> Part:
    known = [features[name] for name in row["features"] if name in features]
    located = tuple(_shown_by(*one) for one in known if _is_located(one[1]))
    unlocated = tuple(_shown_by(*one) for one in known if not _is_located(one[1]))
    held_by = tuple(layer for kind in row["zone_types"] for layer in held.get(kind, ()))
    named = Shown.LISTED if unlocated else Shown.MISSING
    shown = Shown.MAPPED if held_by or located else named
    # One of several zone types held does not make the whole.
    every = bool(row["zone_types"]) and all(held.get(kind) for kind in row["zone_types"])
    whole = every or (row["shows"] == ITSELF and bool(located) and not unlocated)
    return Part(
        row["id"],
        row["name_zh"],
        row["name_en"],
        row["note_zh"],
        row["note_en"],
        tuple(row["citation"]),
        shown,
        whole,
        located,
        unlocated,
        tuple(row["zone_types"]),
        held_by,
    )


def _is_located(feature: Mapping[str, Any]) -> bool:
    return feature["geometry"] is not None and not feature["orientation_only"]


def _shown_by(layer: str, feature: Mapping[str, Any]) -> ShownBy:
    return ShownBy(layer, feature["id"], feature["name_zh"], feature["name_en"])
