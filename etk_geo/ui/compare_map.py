"""Two states of the plan on one map, left and right of a divider: what is drawn on either side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from etk_geo.catalog import Layer
from etk_geo.evaluation import Comparison, ProjectStatus, Result, TargetPair, worst_light
from etk_geo.maps.direction import Direction, FeatureRef, OverlayFeature, Side, Swipe
from etk_geo.maps.overlay import display_copy
from etk_geo.model import Bound, LayerGroup, is_known
from etk_geo.plan import records
from etk_geo.targets import WHOLE_BANNER, TargetJoins
from etk_geo.ui.evaluated import actual_words, light_words
from etk_geo.ui.find_selection import target_refs
from etk_geo.ui.missing import KEPT
from etk_geo.wording import Words

SIDES: tuple[Side, Side] = ("before", "after")
MOST_NAMED = 8
"""Names in a tip; further ones are counted."""
MOST_FEATURES, MOST_VERTICES = 600, 12_000
"""Of the official layers, all of them together."""


@dataclass(frozen=True)
class Reading:
    """What one side says of one feature: how it is drawn, and in words."""

    role: str
    words: str


@dataclass(frozen=True)
class Thing:
    """A feature with a position, and what either side says of it."""

    row: Mapping[str, Any]
    readings: tuple[Reading, Reading]
    differs: bool


def project_things(
    comparison: Comparison, layers: Mapping[str, Layer], words: Words
) -> list[Thing]:
    """Return the projects that have a position, with their status on either day."""
    features = _features(layers)
    things = []
    for pair in comparison.projects:
        row = features.get(FeatureRef(pair.before.project["layer"], pair.id))
        if row is not None:
            readings = (_status(pair.before, words), _status(pair.after, words))
            things.append(Thing(row, readings, pair.differs))
    return things


def target_things(
    pairs: Sequence[TargetPair], layers: Mapping[str, Layer], joins: TargetJoins, words: Words
) -> list[Thing]:
    """Return what carries some targets and has a position, by the worst of their lights.

    Of several targets the banner as a whole carries some and would cover everything: it is shown
    for a single one only.
    """
    carried: dict[FeatureRef, list[TargetPair]] = {}
    for pair in pairs:
        for ref in target_refs(pair.id, joins):
            if ref.layer == WHOLE_BANNER and len(pairs) > 1:
                continue
            carried.setdefault(ref, []).append(pair)
    features = _features(layers)
    return [
        Thing(
            features[ref],
            (
                _lights([pair.before for pair in own], words),
                _lights([pair.after for pair in own], words),
            ),
            any(pair.differs for pair in own),
        )
        for ref, own in carried.items()
        if ref in features
    ]


def direction_of(
    things: Sequence[Thing],
    comparison: Comparison,
    layers: Mapping[str, Layer],
    titles: tuple[str, str],
    words: Words,
) -> Direction:
    """Return what the map shows on either side of its divider.

    Parameters
    ----------
    things
        From :func:`project_things` or :func:`target_things`.
    comparison
        Its official layers are drawn on the side on which they were in force.
    layers
        The layers of the map. Those of the plan are off, the things stand for them; so are
        official ones, which the map would show on both sides, whatever day they are in force.
    titles
        What is left and what is right, in words.
    words
        Language and names.
    """
    return Direction(
        layers={layer.id: False for layer in layers.values() if _stood_for(layer)},
        overlay=(*_official(comparison, words), *_drawn(things, words)),
        overlay_title=words.say("compare.legend"),
        swipe=Swipe(*titles, words.say("compare.divider")),
        address=True,
        memory="compare",
    )


def _stood_for(layer: Layer) -> bool:
    if layer.provenance.supplied is not None:
        return True
    return layer.provenance.group is LayerGroup.PLAN and layer.id not in KEPT


def _features(layers: Mapping[str, Layer]) -> dict[FeatureRef, Mapping[str, Any]]:
    """Return the features that have a position, by reference."""
    return {
        FeatureRef(layer.id, str(row["id"])): row
        for layer in layers.values()
        if layer.provenance.supplied is None
        for row in records(layer.located)
    }


def _status(status: ProjectStatus, words: Words) -> Reading:
    code = str(status.status or "none")
    said = words.code("progress", status.status) or words.say("progress.none")
    if status.entry is not None and status.entry.said.date:
        said = words.say("record.dated", what=said, date=status.entry.said.date)
    return Reading(f"status_{code}", said)


def _lights(results: Sequence[Result], words: Words) -> Reading:
    said = "\n".join(
        words.join(
            (words.of(r.target, "name"), actual_words(r, words), light_words(r.light, words))
        )
        for r in results[:MOST_NAMED]
    )
    return Reading(f"light_{worst_light(results)}", said)


def _drawn(things: Iterable[Thing], words: Words) -> list[OverlayFeature]:
    """Return markers, one for each state at one place, and lines and areas one by one."""
    drawn: list[OverlayFeature] = []
    at: dict[tuple[Side, str, bytes], list[Thing]] = {}
    points: dict[bytes, BaseGeometry] = {}
    for thing in things:
        for part in _anchors(thing.row["geometry"]):
            for side, reading in zip(SIDES, thing.readings, strict=True):
                if part.geom_type == "Point":
                    place = shapely.to_wkb(part)
                    points[place] = part
                    at.setdefault((side, reading.role, place), []).append(thing)
                else:
                    drawn.append(_overlay([thing], part, side, words))
    # Places sorted, so that the same state gives the same document.
    drawn += [_overlay(at[key], points[key[2]], key[0], words) for key in sorted(at)]
    return drawn


def _anchors(geometry: BaseGeometry) -> list[BaseGeometry]:
    if geometry.geom_type in ("MultiPoint", "GeometryCollection"):
        return [each for part in shapely.get_parts(geometry) for each in _anchors(part)]
    return [geometry]


def _overlay(
    things: Sequence[Thing], geometry: BaseGeometry, side: Side, words: Words
) -> OverlayFeature:
    index = SIDES.index(side)
    changed = [words.of(thing.row, "name") for thing in things if thing.differs]
    accuracies = [t.row["accuracy_m"] for t in things if is_known(t.row["accuracy_m"])]
    is_point = geometry.geom_type == "Point"
    return OverlayFeature(
        geometry,
        things[0].readings[index].role,
        name=_several(changed, words) if side == "after" else "",
        tip=_tip(things, index, words),
        accuracy_m=max(accuracies) if accuracies and is_point else None,
        bound=Bound(things[0].row["bound"]) if not is_point else Bound.EXACT,
        side=side,
        count=len(things),
        ringed=bool(changed),
    )


def _several(names: Sequence[str], words: Words) -> str:
    if len(names) < 2:
        return names[0] if names else ""
    return words.say("maps.and_more", name=names[0], n=len(names))


def _tip(things: Sequence[Thing], index: int, words: Words) -> str:
    """Return what the things at one place are and how they stand, a line each."""
    lines = [
        words.say("compare.tip", name=words.of(thing.row, "name"), said=thing.readings[index].words)
        for thing in things[:MOST_NAMED]
    ]
    if len(things) > MOST_NAMED:
        lines.append(words.say("compare.tip_more", n=len(things) - MOST_NAMED))
    return "\n".join(lines)


def _official(comparison: Comparison, words: Words) -> list[OverlayFeature]:
    """Return the official layers, simplified, on the sides on which they were in force."""
    share = max(1, len(comparison.layers))
    drawn = []
    for pair in comparison.layers:
        located = pair.layer.located
        geometry = np.asarray(located.geometry.array, dtype=object)
        copy = display_copy(geometry, (), MOST_FEATURES // share, MOST_VERTICES // share)
        for side, holds in zip(SIDES, (pair.before, pair.after), strict=True):
            drawn += [
                OverlayFeature(
                    shape(feature["geometry"]), side, tip=words.layer(pair.layer), side=side
                )
                for feature in copy.features
                if holds
            ]
    return drawn
