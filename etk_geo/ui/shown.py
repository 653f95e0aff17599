"""Layers that this session looks at on the plan map: in the session only, never on disk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy.typing as npt
import streamlit as st

from etk_geo.i18n import text
from etk_geo.maps.direction import FeatureGroup
from etk_geo.maps.overlay import Shown, overlay_document, overlay_group
from etk_geo.model import Lang

SHOWN = "shown_layers"
DOCUMENT = "shown_document"


@dataclass(frozen=True)
class ShownLayer:
    """A layer to look at: WGS 84 degrees, and what to call each feature."""

    name: str
    geometry: npt.NDArray[Any]
    names: Sequence[str]


def shown_layers() -> tuple[ShownLayer, ...]:
    """Return the layers of this session."""
    return tuple(st.session_state.get(SHOWN, ()))


def show_layer(layer: ShownLayer) -> None:
    """Put a layer on the plan map; one of the same name takes the place of the older one."""
    others = [kept for kept in shown_layers() if kept.name != layer.name]
    st.session_state[SHOWN] = (*others, layer)


def remove_shown(name: str) -> None:
    """Take a layer off the plan map."""
    st.session_state[SHOWN] = tuple(kept for kept in shown_layers() if kept.name != name)


def shown_group(lang: Lang) -> FeatureGroup | None:
    """Return this session's layers as a group for the plan map, or ``None`` if there are none."""
    layers = shown_layers()
    if not layers:
        return None
    key = (lang, *map(id, layers))
    if st.session_state.get(DOCUMENT, (None,))[0] != key:
        shown = [Shown(layer.name, layer.geometry, layer.names) for layer in layers]
        document = overlay_document(shown, lang, text("intake.brought", lang))
        st.session_state[DOCUMENT] = (key, document)
    return overlay_group(st.session_state[DOCUMENT][1])
