"""The geometry of a feature on the map, and what the user says of how good it is."""

from __future__ import annotations

from typing import Any

import streamlit as st
from shapely.errors import ShapelyError
from shapely.geometry import mapping

from etk_geo.build.edits import GEOMETRY
from etk_geo.editing.meeting import POSITION
from etk_geo.editing.schema import POSITION_FIELDS
from etk_geo.maps.direction import Camera, Direction, FeatureRef
from etk_geo.ui.drawing import ask_accuracy, draw_on_map
from etk_geo.ui.edit_draft import NEW, EditDraft, single_parts
from etk_geo.ui.edit_fields import ask_field
from etk_geo.ui.edit_words import member_label, value_text
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

ASKED = "asked"
"""Names the note that a new position was asked about, so that what is entered stays."""

DRAWN = "new_"
"""Marks the widgets that ask how good a new position is."""


def show_position(workspace: Workspace, draft: EditDraft, words: Words) -> bool:
    """Draw the map and the questions about the position; return whether the drawing can be used."""
    drawn = draw_on_map(
        workspace,
        words.lang,
        f"edit_{draft.token}",
        start=_start(draft),
        direction=_direction(draft),
    )
    try:
        draft.take_drawn(drawn)
    except (ValueError, KeyError, TypeError, ShapelyError):
        return False
    st.markdown(
        f"**{member_label(GEOMETRY, words)}**  \n"
        f"{value_text(GEOMETRY, draft.document[GEOMETRY], words)}"
    )
    if draft.document[GEOMETRY] is None:
        _leave_unlocated(draft, words)
    elif draft.moved:
        _ask_new(draft, drawn, words)
    else:
        _ask_same(draft, words)
    return True


def _start(draft: EditDraft) -> list[dict[str, Any]]:
    """Return the parts that the drawing begins with."""
    return [
        {"type": "Feature", "properties": {}, "geometry": mapping(part)}
        for part in single_parts(draft.start)
    ]


def _direction(draft: EditDraft) -> Direction:
    """Return where the map is to look: at the feature, where it is on the map already."""
    ref = FeatureRef(draft.layer, draft.feature)
    placed = draft.feature != NEW and draft.base[GEOMETRY] is not None
    return Direction(
        marked=(ref,) if placed else (),
        layers={draft.layer: True},
        camera=Camera(features=(ref,)) if placed else None,
        memory=None,
    )


def _leave_unlocated(draft: EditDraft, words: Words) -> None:
    """Say that no position is known, and that nothing is stated of how good it is."""
    st.info(words.say("edit.unlocated"))
    before = draft.base["properties"]
    gone = draft.base[GEOMETRY] is not None
    for name in POSITION[1:]:
        draft.values[name] = before[name]
        if gone and name != "siting":
            draft.values[name] = (
                "" if name.startswith("accuracy_") and name != "accuracy_m" else None
            )
    (siting,) = (field for field in POSITION_FIELDS if field.name == "siting")
    ask_field(siting, draft, words)


def _ask_new(draft: EditDraft, drawn: Any, words: Words) -> None:
    """Ask how good a new position is: what was said of the former one is not carried over."""
    st.warning(words.say("edit.say_accuracy"))
    accuracy = draft.key("drawn_accuracy")
    if draft.key(ASKED) not in st.session_state:
        st.session_state[draft.key(ASKED)] = True
        draft.values["bound"] = draft.values["siting"] = None
        for lang in ("zh", "en"):
            draft.values[f"accuracy_{lang}"] = ""
    elif accuracy not in st.session_state and draft.values["accuracy_m"] is not None:
        st.session_state[accuracy] = float(draft.values["accuracy_m"])
    for field in POSITION_FIELDS:
        if field.name == "accuracy_m":
            metres = ask_accuracy(drawn, words.lang, accuracy)
            draft.values["accuracy_m"] = metres if metres % 1 else int(metres)
        else:
            ask_field(field, draft, words, key=DRAWN)


def _ask_same(draft: EditDraft, words: Words) -> None:
    """Ask what is known of the position as it was."""
    if st.session_state.pop(draft.key(ASKED), None):
        # The former position is back, and with it what was said of it.
        for name in POSITION[1:]:
            draft.values[name] = draft.base["properties"][name]
    for field in POSITION_FIELDS:
        ask_field(field, draft, words)
