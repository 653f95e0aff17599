"""What if: one project moved, shrunk, re-routed or restated; variants kept and compared."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple, cast

import geopandas as gpd
import shapely
import streamlit as st
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from etk_geo.maps.direction import Direction
from etk_geo.maps.escape import element, html_text
from etk_geo.screening.cards import project_result
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.scene import Role, Scene, scene
from etk_geo.screening.selection import Terms
from etk_geo.screening.whatif import Change, Variant, changed_project, displacement
from etk_geo.ui.drawing import draw_on_map
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.card_html import zone_card
from etk_geo.ui.screening.inputs import EARLIEST, LATEST, STATED
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.ui.screening.marks import CONSEQUENCE
from etk_geo.ui.screening.scene_map import camera, ground_only, overlay
from etk_geo.ui.screening.variant_table import show_variant_table
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

VARIANTS = "screen_variants"
MOST_VARIANTS = 6
MOST_M = 100_000.0


class Span(NamedTuple):
    """The numbers that a field takes, and the one to begin with."""

    default: float
    low: float
    high: float
    step: float


SHIFT = Span(0.0, -MOST_M, MOST_M, 100.0)
SCALE = Span(100.0, 1.0, 1000.0, 5.0)


def show_variants(workspace: Workspace, inquiry: Inquiry, project_id: str, words: Words) -> None:
    """Draw the what-if desk of one project."""
    one = inquiry.projects[inquiry.projects["project_id"] == project_id]
    st.caption(words.say("variant.about"))
    _desk(workspace, inquiry, one, words)


@st.fragment
def _desk(workspace: Workspace, inquiry: Inquiry, one: gpd.GeoDataFrame, words: Words) -> None:
    """Take a change, screen the project as it would be, and say what follows; quick by itself."""
    project_id = str(one["project_id"].iloc[0])
    key = f"{inquiry.mark}_{project_id}"
    controls, result_side = st.columns([6, 5], gap="medium")
    with controls:
        place = st.container()
        change, terms = _ask_change(inquiry, one, key, words)
    before, found = _stated(workspace, inquiry, one, key, words)
    with place:
        drawn = _draw(workspace, before, found, key, words)
    if drawn is not None:
        change = replace(change, geometry=drawn)
    after = _variant(workspace, "", change, terms, one)
    with result_side:
        _show_outcome(workspace, before, after, key, words)
    show_variant_table(before, _kept(key), words)


def _stated(
    workspace: Workspace, inquiry: Inquiry, one: gpd.GeoDataFrame, key: str, words: Words
) -> tuple[Variant, Scene]:
    """Return the project as stated and what the map shows of it; worked out once per project."""
    memory: dict[str, tuple[Variant, Scene]] = st.session_state.setdefault("screen_stated", {})
    name = f"{key}_{words.lang}"
    if name not in memory:
        if len(memory) > 8:
            memory.clear()
        before = _variant(workspace, words.say("variant.stated"), Change(), inquiry.terms, one)
        zones, book = kept.zone_set(workspace, before.as_of), kept.rule_book(workspace)
        memory[name] = before, scene(before.screening, before.project, zones, book, words.lang)
    return memory[name]


def _variant(
    workspace: Workspace, label: str, change: Change, terms: Terms, one: gpd.GeoDataFrame
) -> Variant:
    changed = changed_project(one, change)
    zones, book = kept.zone_set(workspace, terms.as_of), kept.rule_book(workspace)
    found = screen_projects(changed, zones, book, terms.as_of)
    return Variant(label, change, terms.as_of, changed, found)


def _draw(
    workspace: Workspace, before: Variant, found: Scene, key: str, words: Words
) -> BaseGeometry | None:
    """Draw the map with the project to be dragged; return its geometry if it was changed."""
    geometry = before.project.geometry.iloc[0]
    shown = replace(
        found,
        shapes=tuple(s for s in found.shapes if s.role in (Role.ZONE, Role.ZONE_EGG, Role.EGG)),
    )
    start = (
        ()
        if geometry is None
        else ({"type": "Feature", "properties": {}, "geometry": mapping(geometry)},)
    )
    features = draw_on_map(
        workspace,
        words.lang,
        f"variant_{key}",
        start=start,
        direction=Direction(
            layers=ground_only(workspace),
            camera=camera(found, key),
            overlay=tuple(overlay(shown, "", words)),
            overlay_title=words.say("screen.legend"),
            memory="variants",
        ),
    )
    drawn = drawn_geometry(features)
    if drawn is None or (geometry is not None and same_place(drawn, geometry)):
        return None
    return drawn


def drawn_geometry(features: Sequence[Mapping[str, Any]]) -> BaseGeometry | None:
    """Return what is drawn as one geometry: the shapes of the highest dimension together."""
    shapes = [shape(feature["geometry"]) for feature in features if feature.get("geometry")]
    if not shapes:
        return None
    most = max(shapely.get_dimensions(shapes))
    parts = [part for part in shapes if shapely.get_dimensions(part) == most]
    if len(parts) == 1:
        return parts[0]
    gather = (shapely.multipoints, shapely.multilinestrings, shapely.multipolygons)[int(most)]
    return cast("BaseGeometry", gather(parts))


def same_place(first: BaseGeometry, second: BaseGeometry) -> bool:
    """Tell whether two geometries are the same to what the browser tells (six decimals)."""
    return bool(
        shapely.equals_exact(shapely.normalize(first), shapely.normalize(second), tolerance=2e-6)
    )


def _ask_change(
    inquiry: Inquiry, one: gpd.GeoDataFrame, key: str, words: Words
) -> tuple[Change, Terms]:
    columns = st.columns(3)
    with columns[0]:
        east = _number("east", key, SHIFT, words)
    with columns[1]:
        north = _number("north", key, SHIFT, words)
    with columns[2]:
        scale = _number("scale", key, SCALE, words)
    columns = st.columns(3)
    accuracy = _known("accuracy", key, one["accuracy_m"].iloc[0], words, columns[0])
    extent = _known("extent", key, one["extent_m"].iloc[0], words, columns[1])
    codes = [STATED, *words.plan.categories["id"]]
    category = columns[2].selectbox(
        words.say("screen.as_category"),
        codes,
        format_func=lambda code: (
            words.say("screen.category_stated")
            if code == STATED
            else words.name("categories", code)
        ),
        key=f"variant_category_{key}",
    )
    as_of = st.date_input(
        words.say("screen.as_of"),
        value=inquiry.terms.as_of,
        min_value=EARLIEST,
        max_value=LATEST,
        format="YYYY-MM-DD",
        key=f"variant_as_of_{key}",
        help=words.say("variant.as_of_help"),
    )
    stated = one["decided_on"].iloc[0]
    day = as_of if isinstance(as_of, date) else inquiry.terms.as_of
    change = Change(
        east_m=east,
        north_m=north,
        scale=scale / 100.0,
        accuracy_m=accuracy,
        extent_m=extent,
        category=None if category == STATED else category,
        dated=stated is not None and day != inquiry.terms.as_of,
        decided_on=None,
    )
    return change, Terms(day)


def _number(name: str, key: str, span: Span, words: Words) -> float:
    return float(
        st.number_input(
            words.say(f"variant.{name}"),
            min_value=span.low,
            max_value=span.high,
            value=span.default,
            step=span.step,
            format="%.0f",
            key=f"variant_{name}_{key}",
        )
    )


def _known(name: str, key: str, stated: float, words: Words, place: Any) -> float | None:
    """Ask for metres; left as stated it returns ``None``."""
    default = None if math.isnan(stated) else float(stated)
    value = place.number_input(
        words.say(f"variant.{name}"),
        min_value=0.0,
        max_value=MOST_M,
        value=default,
        format="%.1f",
        placeholder=words.say("mark.unknown"),
        key=f"variant_{name}_{key}",
    )
    return None if value is None or value == default else float(value)


def _show_outcome(
    workspace: Workspace, before: Variant, after: Variant, key: str, words: Words
) -> None:
    """Say what follows now beside what followed before, with the cards that changed."""
    lang, book = words.lang, kept.rule_book(workspace)
    titles = kept.titles(workspace, lang)
    project_id = str(before.project["project_id"].iloc[0])
    old, new = (
        project_result(v.screening, project_id, book, lang, titles) for v in (before, after)
    )
    for label, result in ((words.say("variant.before"), old), (words.say("variant.after"), new)):
        symbol, _ = CONSEQUENCE[result.consequence]
        lines = [element("p", html_text(line)) for line in result.details]
        title = element("b", html_text(f"{label} {symbol} {result.headline}"))
        st.html(element("div", title, *lines, css=f"etk-head etk-c-{result.consequence}"))
    metres, bearing = displacement(before.project.geometry.iloc[0], after.project.geometry.iloc[0])
    if math.isfinite(metres) and metres > 0.05:
        st.markdown(
            words.say("variant.moved", far=words.metres(round(metres, 1)), bearing=f"{bearing:.0f}")
        )
    _keep(after, key, words)
    was = {card.zone_id: (card.verdict, card.consequence) for card in old.cards}
    changed = [c for c in new.cards if was.get(c.zone_id) != (c.verdict, c.consequence)]
    st.markdown(f"**{words.say('variant.changed', n=len(changed))}**")
    with st.container(height=420, border=False):
        for card in changed or new.cards:
            with st.container(border=True):
                st.html(zone_card(card, None, lang))


def _kept(key: str) -> list[Variant]:
    return list(st.session_state.get(VARIANTS, {}).get(key, ()))


def _keep(after: Variant, key: str, words: Words) -> None:
    """Offer to keep a variant under a name."""
    kept_now = _kept(key)
    first, second = st.columns([3, 2], vertical_alignment="bottom")
    label_key = f"variant_label_{key}_{len(kept_now)}"
    first.text_input(
        words.say("variant.label"),
        value=words.say("variant.label_default", n=len(kept_now) + 1),
        key=label_key,
    )
    full = len(kept_now) >= MOST_VARIANTS
    second.button(
        words.say("variant.keep"),
        key="variant_keep",
        disabled=full,
        width="stretch",
        on_click=_remember,
        args=(after, key, label_key),
    )
    if full:
        st.caption(words.say("variant.full", n=MOST_VARIANTS))


def _remember(after: Variant, key: str, label_key: str) -> None:
    label = str(st.session_state.get(label_key, "")).strip() or "?"
    variants = st.session_state.get(VARIANTS, {})
    st.session_state[VARIANTS] = {**variants, key: (*_kept(key), replace(after, label=label))}
