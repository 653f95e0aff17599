"""资料与打印: the map or a screening as one file, and maps on paper."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.handout.command import screening_handout
from etk_geo.handout.content import handout_document
from etk_geo.handout.link import view_of_link
from etk_geo.handout.page import handout_page
from etk_geo.model import Issue, Lang
from etk_geo.stories.material import Material
from etk_geo.ui import cached, staged
from etk_geo.ui.frame import describe
from etk_geo.ui.print_form import show_print
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    material = staged.story_material(workspace, lang)
    for layer in sorted(material.restricted):
        name = words.layer(workspace.catalog.layers[layer])
        st.info(words.say("player.restricted", name=name))
    left, right = st.columns(2)
    with left:
        _show_map(material, words)
        _show_screening(material, words)
    with right:
        show_print(material, words)


def _show_map(material: Material, words: Words) -> None:
    st.subheader(words.say("handout.map_part"), anchor=False)
    link = st.text_input(
        words.say("handout.link"), key="handout_link", help=words.say("handout.link_help")
    )
    title = st.text_input(words.say("handout.heading"), key="handout_title").strip()
    try:
        view = view_of_link(link.strip(), material)
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(issue, words.lang))
        return
    shown = replace(view, title=title)
    st.download_button(
        words.say("handout.make"),
        lambda: handout_page(handout_document(material, words.lang, shown), cached.SITE),
        f"map-{words.lang}.html",
        "text/html",
        key="handout_map",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )


def _show_screening(material: Material, words: Words) -> None:
    st.subheader(words.say("handout.screening_part"), anchor=False)
    st.markdown(words.say("handout.screening_what"))
    st.download_button(
        words.say("handout.make"),
        lambda: _screening_page(material, words.lang),
        f"screening-{words.lang}.html",
        "text/html",
        key="handout_screening",
        on_click="ignore",
        icon=":material/download:",
        type="primary",
    )


def _screening_page(material: Material, lang: Lang) -> bytes:
    view, addition = screening_handout(material, lang)
    return handout_page(handout_document(material, lang, view, addition=addition), cached.SITE)
