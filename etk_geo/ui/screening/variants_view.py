"""What if: one project moved, shrunk, re-routed or restated; variants kept and compared.

The desk is a fragment: a change runs this and no other part of the page. The words come first and
the map after them, since the words are what the reader waits for.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import geopandas as gpd
import streamlit as st
from shapely.geometry.base import BaseGeometry

from etk_geo.maps.direction import Camera
from etk_geo.maps.escape import element, html_text
from etk_geo.screening.cards import ProjectResult, project_result
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.scene import Scene, scene
from etk_geo.screening.selection import Terms
from etk_geo.screening.whatif import Change, Variant, changed_project, displacement
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.card_html import zone_card
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.ui.screening.marks import CONSEQUENCE
from etk_geo.ui.screening.scene_map import camera
from etk_geo.ui.screening.variant_change import ask_change
from etk_geo.ui.screening.variant_map import drawn_place, show_variant_map
from etk_geo.ui.screening.variant_table import show_variant_table
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

VARIANTS = "screen_variants"
TURNS = "screen_variant_turns"
"""How often each desk was put back to what the project states."""
MOST_VARIANTS = 6
MOST_STATED = 8
CARDS_PX = 420
LEAST_MOVE_M = 0.05


@dataclass(frozen=True)
class Outcome:
    """A variant with what was found of it in words."""

    variant: Variant
    result: ProjectResult

    @property
    def place(self) -> BaseGeometry | None:
        """Where the project then is, WGS 84 degrees."""
        found: BaseGeometry | None = self.variant.project.geometry.iloc[0]
        return found


def show_variants(workspace: Workspace, inquiry: Inquiry, project_id: str, words: Words) -> None:
    """Draw the what-if desk of one project."""
    one = inquiry.projects[inquiry.projects["project_id"] == project_id]
    st.caption(words.say("variant.about"))
    _desk(workspace, inquiry, one, words)


@st.fragment
def _desk(workspace: Workspace, inquiry: Inquiry, one: gpd.GeoDataFrame, words: Words) -> None:
    """Take a change, screen the project as it would be, and say what follows."""
    key = f"{inquiry.mark}_{one['project_id'].iloc[0]}"
    turn = f"{key}_{st.session_state.get(TURNS, {}).get(key, 0)}"
    map_side, result_side = st.columns([6, 5], gap="medium")
    with map_side:
        place = st.container()
        change, terms = ask_change(inquiry, one, turn, words)
    before, view = _stated(workspace, inquiry, one, words)
    change = replace(change, geometry=drawn_place(before.place, turn))
    after = _outcome(workspace, change, terms, one, words)
    with result_side:
        _show_heads(before, after, words)
        _offer(after, key, words)
        _show_cards(before, after, words)
    with place:
        found = _scene(workspace, after, words)
        show_variant_map(workspace, before.place, found, view, turn, words)
    kept_now = _kept(key)
    show_variant_table(before.variant, kept_now, words)
    if kept_now:
        st.button(words.say("variant.forget"), key="variant_forget", on_click=_forget, args=(key,))


def _stated(
    workspace: Workspace, inquiry: Inquiry, one: gpd.GeoDataFrame, words: Words
) -> tuple[Outcome, Camera | None]:
    """Return the project as stated and where the map looks; worked out once per session."""
    memory: dict[str, tuple[Outcome, Camera | None]]
    memory = st.session_state.setdefault("screen_stated", {})
    name = f"{inquiry.mark}_{one['project_id'].iloc[0]}_{words.lang}"
    if name not in memory:
        if len(memory) > MOST_STATED:
            memory.clear()
        found = _outcome(workspace, Change(), inquiry.terms, one, words)
        named = replace(found.variant, label=words.say("variant.stated"))
        memory[name] = replace(found, variant=named), camera(_scene(workspace, found, words), name)
    return memory[name]


def _outcome(
    workspace: Workspace, change: Change, terms: Terms, one: gpd.GeoDataFrame, words: Words
) -> Outcome:
    changed = changed_project(one, change)
    zones, book = kept.zone_set(workspace, terms.as_of), kept.rule_book(workspace)
    found = screen_projects(changed, zones, book, terms.as_of)
    project_id, lang = str(one["project_id"].iloc[0]), words.lang
    result = project_result(found, project_id, book, lang, kept.titles(workspace, lang))
    return Outcome(Variant("", change, terms.as_of, changed, found), result)


def _scene(workspace: Workspace, outcome: Outcome, words: Words) -> Scene:
    one = outcome.variant
    zones, book = kept.zone_set(workspace, one.as_of), kept.rule_book(workspace)
    return scene(one.screening, one.project, zones, book, words.lang)


def _show_heads(before: Outcome, after: Outcome, words: Words) -> None:
    """Say what follows now, and what followed before."""
    for label, outcome in (("after", after), ("before", before)):
        result = outcome.result
        symbol, _ = CONSEQUENCE[result.consequence]
        lines = [element("p", html_text(line)) for line in result.details]
        title = f"{words.say(f'variant.{label}')} {symbol} {result.headline}"
        head = element("b", html_text(title))
        st.html(element("div", head, *lines, css=f"etk-head etk-c-{result.consequence}"))
    metres, bearing = displacement(before.place, after.place)
    if math.isfinite(metres) and metres > LEAST_MOVE_M:
        far = words.metres(round(metres, 1))
        st.markdown(words.say("variant.moved", far=far, bearing=f"{bearing:.0f}"))


def _show_cards(before: Outcome, after: Outcome, words: Words) -> None:
    """Draw the cards whose finding changed, or all where none did."""
    was = {card.zone_id: (card.verdict, card.consequence) for card in before.result.cards}
    cards = after.result.cards
    changed = [c for c in cards if was.get(c.zone_id) != (c.verdict, c.consequence)]
    st.markdown(f"**{words.say('variant.changed', n=len(changed))}**")
    with st.container(height=CARDS_PX, border=False):
        # One element for all: each costs the browser more than what is in it.
        st.html(
            element(
                "div",
                *(
                    element("div", zone_card(card, None, words.lang), css="etk-boxed")
                    for card in changed or cards
                ),
            )
        )


def _kept(key: str) -> list[Variant]:
    return list(st.session_state.get(VARIANTS, {}).get(key, ()))


def _offer(after: Outcome, key: str, words: Words) -> None:
    """Offer to keep a variant under a name, and to go back to what the project states."""
    kept_now = _kept(key)
    first, second, third = st.columns([3, 2, 2], vertical_alignment="bottom")
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
        args=(after.variant, key, label_key),
    )
    third.button(
        words.say("variant.reset"),
        key="variant_reset",
        width="stretch",
        on_click=_put_back,
        args=(key,),
    )
    if full:
        st.caption(words.say("variant.full", n=MOST_VARIANTS))


def _remember(after: Variant, key: str, label_key: str) -> None:
    label = str(st.session_state.get(label_key, "")).strip() or "?"
    variants = st.session_state.get(VARIANTS, {})
    st.session_state[VARIANTS] = {**variants, key: (*_kept(key), replace(after, label=label))}


def _forget(key: str) -> None:
    st.session_state[VARIANTS] = {**st.session_state.get(VARIANTS, {}), key: ()}


def _put_back(key: str) -> None:
    turns = st.session_state.get(TURNS, {})
    st.session_state[TURNS] = {**turns, key: turns.get(key, 0) + 1}
