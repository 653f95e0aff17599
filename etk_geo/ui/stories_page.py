"""汇报故事: play a story full screen, take it away, and write one with a live preview."""

from __future__ import annotations

import streamlit as st

from etk_geo.handout.content import handout_document
from etk_geo.handout.page import handout_page
from etk_geo.model import Lang
from etk_geo.reports.slides import story_slides
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.stories.reading import Reading
from etk_geo.ui import cached, kiosk, staged
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain
from etk_geo.ui.story_editor import show_editor
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

PPTX = "application/vnd.openxmlformats-officedocument.presentationml.presentation"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page: every story with its ways out, then the editor."""
    words = Words(workspace.plan, lang)
    material = staged.story_material(workspace, lang)
    readings = staged.readings(material)
    if not readings:
        st.info(words.say("stories_page.none"))
    for reading in readings:
        _show_story(material, reading, words)
    if kiosk.is_kiosk():
        _watch_idle(material, readings, lang)
        return
    st.divider()
    show_editor(material, readings, words)


def _show_story(material: Material, reading: Reading, words: Words) -> None:
    lang = words.lang
    with st.container(border=True):
        story = reading.story
        if story:
            left, right = st.columns([3, 2], vertical_alignment="center")
            left.markdown(f"#### {plain(story.title[lang])}\n{plain(story.about[lang])}")
            left.caption(words.say("stories_page.scenes", n=len(story.scenes), file=story.file))
            with right:
                _show_ways(material, story, words)
        for issue in reading.issues:
            st.warning(describe(issue, lang))


def _show_ways(material: Material, story: Story, words: Words) -> None:
    lang = words.lang
    st.link_button(
        words.say("stories_page.play"),
        staged.player_address(material, story, lang),
        icon=":material/slideshow:",
        type="primary",
        width="stretch",
    )
    if kiosk.is_kiosk():
        return
    handout, slides = st.columns(2)
    handout.download_button(
        words.say("stories_page.handout"),
        lambda: handout_page(handout_document(material, lang, story), cached.SITE),
        f"{story.id}-{lang}.html",
        "text/html",
        key=f"stories_handout_{story.id}",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )
    slides.download_button(
        words.say("stories_page.slides"),
        lambda: story_slides(story, material, lang),
        f"{story.id}-{lang}.pptx",
        PPTX,
        key=f"stories_slides_{story.id}",
        on_click="ignore",
        icon=":material/co_present:",
        width="stretch",
    )


def _watch_idle(material: Material, readings: list[Reading], lang: Lang) -> None:
    """In a kiosk: go to the first story's player when nobody touches the page."""
    first = next((reading.story for reading in readings if reading.story), None)
    if first:
        at_once = 0 if kiosk.BEGIN in st.query_params else None
        kiosk.watch(staged.player_address(material, first, lang), at_once)
