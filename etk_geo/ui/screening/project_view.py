"""One project: its conclusion, the map, a card per zone, and what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from etk_geo.maps.escape import element, html_text
from etk_geo.screening.cards import ProjectResult, ZoneCard, project_result
from etk_geo.screening.opinion import WHOLE_PROJECT, Opinion, opinions_by_pair
from etk_geo.ui.choice import ask_page
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.screening import card_html, kept
from etk_geo.ui.screening.kept import Found, Inquiry
from etk_geo.ui.screening.opinion_form import Subject, ask_opinion
from etk_geo.ui.screening.scene_map import picked_zone, show_scene
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

MARKED = "screen_marked"
ON_A_PAGE = 8
CARDS_PX = 660

Opinions = Mapping[tuple[str, str], Opinion]


def show_project(
    workspace: Workspace,
    inquiry: Inquiry,
    found: Found,
    project_id: str,
    words: Words,
) -> None:
    """Draw what was found of one project; cards and map mark each other."""
    lang = words.lang
    screening = kept.in_full(workspace, inquiry, found, project_id)
    book, titles = kept.rule_book(workspace), kept.titles(workspace, lang)
    passed = kept.passages_of(workspace, inquiry, screening, project_id)
    result = project_result(screening, project_id, book, lang, titles, passed)
    opinions = opinions_by_pair(kept.opinions(inquiry.mark))
    st.html(card_html.head(result, opinions.get((project_id, WHOLE_PROJECT)), lang))
    _ask_opinion(inquiry, result, None, words)
    map_side, card_side = st.columns([6, 5], gap="medium")
    with map_side:
        picked = show_scene(workspace, inquiry, screening, project_id, _marked(result), words)
    if picked is not None and picked_zone(picked) != st.session_state.get(MARKED):
        st.session_state[MARKED] = picked_zone(picked)
        st.rerun()
    with card_side:
        _show_cards(inquiry, result, opinions, words)
    _show_missing(result, words)


def _marked(result: ProjectResult) -> str:
    marked = str(st.session_state.get(MARKED, ""))
    return marked if any(card.zone_id == marked for card in result.cards) else ""


def _show_cards(inquiry: Inquiry, result: ProjectResult, opinions: Opinions, words: Words) -> None:
    """Draw the marked card where it is seen at once, and the others in a list that scrolls."""
    marked = [card for card in result.cards if card.zone_id == _marked(result)]
    others = [card for card in result.cards if card not in marked]
    st.markdown(f"**{words.say('screen.cards', n=len(result.cards))}**")
    if not result.cards:
        st.info(words.say("screen.no_cards"))
    # Its place is there without it: the browser keeps what stood in a place until all is drawn.
    with st.container():
        for card in marked:
            _show_card(inquiry, result, card, opinions, 0, words)
    with st.container(height=CARDS_PX // 2 if marked else CARDS_PX, border=False):
        _show_list(inquiry, result, others, opinions, len(marked), words)


def _show_list(
    inquiry: Inquiry,
    result: ProjectResult,
    cards: Sequence[ZoneCard],
    opinions: Opinions,
    first: int,
    words: Words,
) -> None:
    """Draw cards, numbered from ``first``; zones that are certainly apart in a line each."""
    open_ = [card for card in cards if card.verdict != "CLEAR"]
    clear = [card for card in cards if card.verdict == "CLEAR"]
    page = ask_page(len(open_), ON_A_PAGE, f"screen_page_{result.project_id}", words)
    for number, card in enumerate(open_[page], start=first):
        _show_card(inquiry, result, card, opinions, number, words)
    if clear:
        lines = [
            element("li", html_text(f"{card.name}：{'，'.join(v for _, v in card.figures)}"))
            for card in clear
        ]
        label = html_text(words.say("screen.clear", n=len(clear)))
        fold = element("details", element("summary", label), element("ul", *lines))
        st.html(element("div", fold, css="etk-gaps"))


def _show_card(
    inquiry: Inquiry,
    result: ProjectResult,
    card: ZoneCard,
    opinions: Opinions,
    number: int,
    words: Words,
) -> None:
    is_marked = card.zone_id == _marked(result)
    kind = "marked_" if is_marked else ""
    with st.container(border=True, key=f"zone_card_{kind}{number}"):
        opinion = opinions.get((result.project_id, card.zone_id))
        st.html(card_html.zone_card(card, opinion, words.lang))
        first, second = st.columns(2)
        # A button for each deed: one that toggles undoes itself when it is pressed while drawing.
        deed = "unmark" if is_marked else "mark"
        with first:
            if st.button(
                words.say(f"screen.{deed}"),
                key=f"screen_{deed}_{card.zone_id}",
                icon=":material/location_on:",
            ):
                st.session_state[MARKED] = "" if is_marked else card.zone_id
                st.rerun()
        with second:
            _ask_opinion(inquiry, result, card, words)


def _ask_opinion(
    inquiry: Inquiry, result: ProjectResult, card: ZoneCard | None, words: Words
) -> None:
    """Offer a form for an opinion on a zone's finding, or on the whole project without a card."""
    subject = Subject(
        result.project_id,
        WHOLE_PROJECT if card is None else card.zone_id,
        "" if card is None else card.verdict,
        result.consequence if card is None else card.consequence,
    )
    label = words.say("opinion.whole" if card is None else "opinion.one")
    ask_opinion(subject, label, words, lambda opinion: kept.add_opinion(inquiry.mark, opinion))


def _show_missing(result: ProjectResult, words: Words) -> None:
    st.markdown(f"**{words.say('screen.missing', n=result.not_checked)}**")
    st.html(card_html.missing(result, words.lang) or element("span"))
    if result.missing:
        link("intake", words.say("screen.supply"), icon=ARROW)
