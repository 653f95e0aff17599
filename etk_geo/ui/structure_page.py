"""空间格局: the spatial patterns that the plan names, and what of them is mapped or missing."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from etk_geo.catalog import Layer
from etk_geo.maps.direction import Camera, Direction, FeatureRef
from etk_geo.model import Lang
from etk_geo.patterns import Part, Pattern, Shown, official_layers, resolve_patterns
from etk_geo.ui import state
from etk_geo.ui.grid import plain
from etk_geo.ui.missing import Need, tell_missing
from etk_geo.ui.plan_map_view import show_plan_map
from etk_geo.ui.rows import layer_titles
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

PATTERN = "pattern"
CHOICE = "structure_pattern"
MAP_PX = 560
MOST_SHOWN = 500
"""Features of an official layer that are marked one by one."""
MARKS = {Shown.MAPPED: "●", Shown.LISTED: "◐", Shown.MISSING: "○"}


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    tell_missing(workspace, words, Need.PATTERNS, Need.LAYERS)
    layers = workspace.catalog.layers
    found = resolve_patterns(workspace.plan, layers, held=official_layers(layers))
    patterns = {p.id: p for p in found}
    if not patterns:
        return
    left, right = st.columns([5, 6], gap="large")
    with left:
        pattern = patterns[_choose(patterns, words)]
        _show_pattern(pattern, layers, words)
    with right:
        direction = _direction(pattern, layers)
        show_plan_map(workspace, lang, direction, key="structure_map", height_px=MAP_PX)


def _choose(patterns: dict[str, Pattern], words: Words) -> str:
    ids = list(patterns)

    def say(name: str) -> str:
        counts = patterns[name].counts()
        marks = " ".join(f"{MARKS[shown]}{n}" for shown, n in counts.items() if n)
        return f"{name_of(patterns[name], words)}  {marks}"

    chosen = st.radio(
        words.say("structure.choose"),
        ids,
        index=state.address_index(PATTERN, ids),
        format_func=say,
        key=CHOICE,
    )
    state.write_address(PATTERN, chosen)
    return chosen


def name_of(row: Pattern | Part, words: Words) -> str:
    """Return the name of a pattern or a part."""
    return row.name_zh if words.lang == "zh" else row.name_en


def _show_pattern(pattern: Pattern, layers: Mapping[str, Layer], words: Words) -> None:
    """Draw the parts as a legend: how each is shown, by which features, and what is noted."""
    st.caption(
        words.say("mark.gap").join(
            f"{mark} {words.say(f'patterns.shown.{shown}')}" for shown, mark in MARKS.items()
        )
    )
    st.markdown(plain(pattern.note_zh if words.lang == "zh" else pattern.note_en))
    for part in pattern.parts:
        partly = part.shown is Shown.MAPPED and not part.is_whole
        shown = words.say(f"patterns.shown.{part.shown}")
        said = shown
        if partly:
            said = words.say("record.dated", what=shown, date=words.say("patterns.partly"))
        lines = [f"{MARKS[part.shown]} **{plain(name_of(part, words))}** · {plain(said)}"]
        for key, features in (("mapped", part.located), ("listed", part.unlocated)):
            if features:
                names = words.join(f.name_zh if words.lang == "zh" else f.name_en for f in features)
                lines.append(plain(words.say(f"structure.{key}", names=names)))
        if part.held_by:
            titles = layer_titles(part.held_by, layers, words)
            lines.append(plain(words.say("structure.official", names=titles)))
        note = part.note_zh if words.lang == "zh" else part.note_en
        lines += [plain(note)] if note else []
        st.markdown("  \n".join(lines))
    st.caption(plain(words.say("structure.cited", sections=words.citations(pattern.citations))))


def _direction(pattern: Pattern, layers: Mapping[str, Layer]) -> Direction:
    official = [layers[name] for part in pattern.parts for name in part.held_by]
    refs = (
        *(
            FeatureRef(feature.layer_id, feature.feature_id)
            for part in pattern.parts
            for feature in part.located
        ),
        *(
            FeatureRef(layer.id, str(name))
            for layer in official
            if len(layer.gdf) <= MOST_SHOWN
            for name in layer.gdf["id"]
        ),
    )
    switched = {ref.layer: True for ref in refs} | {layer.id: True for layer in official}
    camera = Camera(features=refs) if refs else None
    # A layer too big to name its features one by one fades nothing beside it.
    whole = any(len(layer.gdf) > MOST_SHOWN for layer in official)
    return Direction(
        shown=None if whole else refs, marked=refs, layers=switched, camera=camera, memory=None
    )
