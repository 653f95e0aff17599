"""The map of one project's screening: egg and yolk, zones, overlap, nearest ways, the move."""

from __future__ import annotations

from collections.abc import Iterable

import shapely
import streamlit as st

from etk_geo.maps.direction import Camera, Direction, OverlayFeature, Pick
from etk_geo.model import Bound, LayerGroup, LonLatBounds
from etk_geo.screening.findings import Screening
from etk_geo.screening.outputs import words as say
from etk_geo.screening.scene import Role, Scene, SceneShape
from etk_geo.ui.plan_map_view import new_pick, show_plan_map
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

HEIGHT_PX = 660
MAP_KEY = "screening_map"
PICK_KEY = "screening_map_pick"
OVERLAY_LAYER = ""

ROLES = {
    Role.EGG: "possible",
    Role.YOLK: "certain",
    Role.PROJECT: "subject",
    Role.OVERLAP: "overlap",
    Role.NEAREST: "nearest",
    Role.CHAINAGE: "chainage",
    Role.MOVE: "move",
    Role.ZONE_EGG: "zone_egg",
}
ZONE_ROLES = {
    "prohibited": "zone_prohibited",
    "needs_approval": "zone_approval",
    "attention": "zone_attention",
    "cannot_judge": "zone_open",
    "none": "zone_none",
}
LABELLED = (Role.CHAINAGE, Role.MOVE, Role.PROJECT)
"""Roles whose label stands on the map at all times; others say theirs when chosen or pointed at."""


def show_scene(
    workspace: Workspace,
    inquiry: Inquiry,
    screening: Screening,
    project_id: str,
    marked: str,
    words: Words,
) -> Pick | None:
    """Draw the map of one project and return a new pick on it, if there is one."""
    found = kept.scene_of(workspace, inquiry, screening, project_id, words.lang)
    direction = Direction(
        layers=ground_only(workspace),
        camera=camera(found, project_id),
        overlay=tuple(overlay(found, marked, words)),
        overlay_title=words.say("screen.legend"),
        report=True,
        memory="screening",
    )
    pick = show_plan_map(workspace, words.lang, direction, key=MAP_KEY, height_px=HEIGHT_PX)
    for line in notes(found, words):
        st.caption(line)
    return new_pick(pick, PICK_KEY)


def picked_zone(pick: Pick) -> str:
    """Return the zone that was picked, empty for none."""
    return next((ref.id for ref in pick.features if ref.layer == OVERLAY_LAYER), "")


def ground_only(workspace: Workspace) -> dict[str, bool]:
    """Return the switches that leave nothing but the base map; the reader may switch on more."""
    return {
        layer.id: False
        for layer in workspace.catalog.layers.values()
        if layer.provenance.group is not LayerGroup.BASE
    }


def camera(found: Scene, turn: str) -> Camera | None:
    """Return a view of the project, its egg and the nearest ways; of the zones without one."""
    own = [s.geometry for s in found.shapes if s.role in (Role.PROJECT, Role.EGG, Role.MOVE)]
    if not own:
        return None
    box = LonLatBounds(*shapely.total_bounds(own))
    wide = max(box.east - box.west, box.north - box.south, 0.02) * 0.35
    room = LonLatBounds(box.west - wide, box.south - wide, box.east + wide, box.north + wide)
    return Camera(bounds=room, turn=hash(turn) % 1_000_000)


def overlay(found: Scene, marked: str, words: Words) -> Iterable[OverlayFeature]:
    """Yield what is drawn; what belongs to the marked zone stands out, with its figures."""
    for shape in found.shapes:
        chosen = bool(marked) and shape.zone == marked
        if shape.role is Role.NEAREST and marked and not chosen:
            continue
        yield OverlayFeature(
            geometry=shape.geometry,
            role=_role(shape, chosen=chosen),
            id=shape.zone,
            name=shape.label if shape.role in LABELLED or chosen else "",
            tip=_tip(shape, words),
            bound=Bound.OUTER if shape.bound == Bound.OUTER else Bound.EXACT,
        )


def _role(shape: SceneShape, *, chosen: bool) -> str:
    if shape.role is not Role.ZONE:
        return ROLES[shape.role]
    return "zone_marked" if chosen else ZONE_ROLES[shape.consequence]


def _tip(shape: SceneShape, words: Words) -> str:
    if shape.role is Role.ZONE:
        verdict = say("verdict", shape.verdict, words.lang)
        consequence = say("consequence", shape.consequence, words.lang)
        return words.say("screen.tip_zone", name=shape.label, a=verdict, b=consequence)
    key = f"screen.tip_{shape.role}"
    return words.say(key, label=shape.label)


def notes(found: Scene, words: Words) -> list[str]:
    """Say what the map leaves out, and which move would be enough."""
    said = []
    if not any(shape.role is Role.PROJECT for shape in found.shapes):
        said.append(words.say("screen.no_position"))
    if found.left_off:
        said.append(words.say("screen.left_off", n=found.left_off))
    if found.move is not None and found.clearable:
        metres, bearing = found.move.distance_m, found.move.bearing_deg
        counts = {"clearable": found.clearable, "unbounded": found.unbounded}
        if metres is None:
            said.append(words.say("screen.move_none", **counts))
        elif metres == 0:
            said.append(words.say("screen.move_needless", **counts))
        else:
            far = words.metres(round(metres, 1))
            said.append(words.say("screen.move", far=far, bearing=f"{bearing or 0:.0f}", **counts))
    elif found.move is not None:
        said.append(words.say("screen.move_unbounded", unbounded=found.unbounded))
    return said
