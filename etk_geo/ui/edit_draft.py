"""What a user has changed of a feature and not saved yet: kept in the session until it is.

It outlasts a change of page, layer or language. The feature as it was when the user began is kept
with it, so that the two can be compared, and another's edit in between is noticed.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import shapely
import streamlit as st
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from etk_geo.build.edits import GEOMETRY
from etk_geo.editing import HOW_GOOD, Change, FeatureVersion, blank_document, join_parts
from etk_geo.editing.change import EDITABLE
from etk_geo.model import Kind

DRAFTS = "edit_drafts"
GO_TO = "edit_go_to"
UNNAMED = "added"
"""Id of a feature until it is saved."""

NEW = "+"
"""Stands for the feature that is being added, where an id is asked for."""

SAME_PLACE_DEG = 1.5e-6
"""What the map gives back has six decimals: a part that differs by less was not touched."""


@dataclass
class EditDraft:
    """Changes of one feature.

    Parameters
    ----------
    layer, feature
        Ids; ``NEW`` for a feature that is added.
    base
        The feature as the user began with it.
    seen
        Number of its newest edit then.
    document
        The feature with the changes.
    token
        Names the widgets and the drawing; a new one shows the document afresh.
    start
        The geometry that the drawing began with.
    """

    layer: str
    feature: str
    base: Mapping[str, Any]
    seen: int
    document: dict[str, Any]
    token: str = field(default_factory=lambda: uuid.uuid4().hex[:12])
    start: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        self.start = self.document[GEOMETRY]

    @property
    def values(self) -> dict[str, Any]:
        """The properties with the changes."""
        values: dict[str, Any] = self.document["properties"]
        return values

    @property
    def kind(self) -> Kind:
        """What the feature is."""
        return Kind(self.values["kind"])

    @property
    def moved(self) -> bool:
        """Whether the geometry is another one."""
        return bool(self.document[GEOMETRY] != self.base[GEOMETRY])

    @property
    def changed(self) -> bool:
        """Whether there is anything to save."""
        return bool(self.document != self.base)

    def key(self, name: str) -> str:
        """Return the session key of a widget."""
        return f"edit_{self.token}_{name}"

    def change(self) -> Change:
        """Return the changes as the editor takes them.

        With another position goes how good it is, as the user stated it; what is not stated is not
        in the change, and the editor refuses it.
        """
        before = self.base["properties"]
        names = [name for name in EDITABLE if self.values[name] != before[name]]
        if not self.moved:
            return Change(properties={name: self.values[name] for name in names})
        stated = [name for name in HOW_GOOD if name in names or self.states(name)]
        properties = {name: self.values[name] for name in dict.fromkeys((*names, *stated))}
        geometry = self.document[GEOMETRY]
        return Change(
            None if geometry is None else shape(geometry), has_geometry=True, properties=properties
        )

    def states(self, name: str) -> bool:
        """Return whether the user said anew how good the position is."""
        return self.values[name] is not None or name == "accuracy_m"

    def take_drawn(self, drawn: Sequence[Mapping[str, Any]]) -> None:
        """Take what is on the map as the geometry; parts that were not touched stay as they were.

        Raises
        ------
        ValueError
            If points, lines and areas are mixed.
        """
        before = single_parts(self.start)
        parts = [_untouched(shape(feature["geometry"]), before) for feature in drawn]
        if len(parts) == len(before) and all(a is b for a, b in zip(parts, before, strict=True)):
            self.document[GEOMETRY] = copy.deepcopy(self.start)
            return
        joined = join_parts(parts)
        self.document[GEOMETRY] = None if joined is None else _plain(joined)

    def begin_again(self, theirs: FeatureVersion, document: Mapping[str, Any]) -> None:
        """Make a newer version what the changes are compared with."""
        self.base, self.seen = theirs.document, theirs.seen
        self.document = copy.deepcopy(dict(document))
        self.start = self.document[GEOMETRY]
        self.token = uuid.uuid4().hex[:12]


def single_parts(geometry: Mapping[str, Any] | None) -> list[BaseGeometry]:
    """Return the parts of a GeoJSON geometry one by one, none where there is none."""
    return [] if geometry is None else list(shapely.get_parts(shape(dict(geometry))))


def _plain(geometry: BaseGeometry) -> dict[str, Any]:
    """Return a geometry as JSON values, rings by the right-hand rule."""
    parsed = mapping(shapely.orient_polygons(geometry))
    return {"type": parsed["type"], "coordinates": _listed(parsed["coordinates"])}


def _listed(node: Any) -> Any:
    return [_listed(child) for child in node] if isinstance(node, tuple | list) else node


def _untouched(part: BaseGeometry, before: Sequence[BaseGeometry]) -> BaseGeometry:
    """Return the part that a drawn one was before, if it was not touched."""
    same = (old for old in before if shapely.equals_exact(part, old, SAME_PLACE_DEG))
    return next(same, part)


def drafts() -> dict[tuple[str, str], EditDraft]:
    """Return the drafts of this session by layer and feature."""
    held: dict[tuple[str, str], EditDraft] = st.session_state.setdefault(DRAFTS, {})
    return held


def unsaved() -> list[EditDraft]:
    """Return the drafts that hold changes."""
    return [draft for draft in drafts().values() if draft.changed]


def open_draft(layer: str, feature: str, version: FeatureVersion) -> EditDraft:
    """Return the draft of a feature; one without changes begins with the newest version."""
    held = drafts().get((layer, feature))
    if held is not None and (held.changed or held.seen == version.seen):
        return held
    document = copy.deepcopy(dict(version.document))
    draft = EditDraft(layer, feature, version.document, version.seen, document)
    drafts()[layer, feature] = draft
    return draft


def new_draft(layer: str, kind: Kind) -> EditDraft:
    """Begin a feature that is to be added, in the place of an earlier one."""
    blank = blank_document(UNNAMED, kind)
    draft = EditDraft(layer, NEW, blank, 0, copy.deepcopy(blank))
    drafts()[layer, NEW] = draft
    return draft


def go_to(layer: str, feature: str) -> None:
    """Open another feature with the next view of the page."""
    st.session_state[GO_TO] = (layer, feature)


def forget(draft: EditDraft) -> None:
    """Drop a draft."""
    drafts().pop((draft.layer, draft.feature), None)
