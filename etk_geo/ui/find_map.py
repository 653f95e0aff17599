"""What the map of the finding page shows: the selection, the chosen item, and where to look."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from etk_geo.maps.direction import Camera, Direction, FeatureRef
from etk_geo.search import Item, ItemKind
from etk_geo.targets import TargetJoins
from etk_geo.ui.find_selection import extent_of, refs_of

MAP_KEY = "find_map"


def direction_of(
    items: Sequence[Item], chosen: Item | None, joins: TargetJoins, *, narrowed: bool
) -> Direction:
    """Return what the map shows: the selection, the chosen one, and where to look."""
    shown = None
    if narrowed:
        shown = tuple(dict.fromkeys(ref for item in items for ref in refs_of(item, joins)))
    marked: tuple[FeatureRef, ...] = refs_of(chosen, joins) if chosen else ()
    layers = {}
    if chosen is not None and chosen.kind is ItemKind.LAYER:
        layers[chosen.id] = True
    led_by_map = st.session_state.get(f"{MAP_KEY}_led", False)
    return Direction(
        shown=shown,
        marked=marked,
        card=marked[0] if len(marked) == 1 else None,
        layers=layers,
        camera=None if led_by_map else _camera(items, chosen, narrowed=narrowed),
        report=True,
        address=True,
        memory="find",
    )


def _camera(items: Sequence[Item], chosen: Item | None, *, narrowed: bool) -> Camera | None:
    wanted = [chosen] if chosen is not None else (items if narrowed else [])
    box = extent_of(wanted)
    return Camera(bounds=box) if box else None
