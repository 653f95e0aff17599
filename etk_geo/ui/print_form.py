"""Form for a printed map: which map or scene, paper, layers, title; PDF or PNG."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import streamlit as st

from etk_geo.figures.model import Paper
from etk_geo.reports.map_command import scene_sheet
from etk_geo.reports.printed import FORMS, PAPERS, Form, Sheet, print_map
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.ui import staged
from etk_geo.wording import Words

MIME: dict[Form, str] = {"pdf": "application/pdf", "png": "image/png"}
WHOLE = ""
"""The choice that is no scene: the map of the banner."""


def show_print(material: Material, words: Words) -> None:
    """Draw what is printed, on which paper, and the two downloads."""
    lang = words.lang
    st.subheader(words.say("handout.print_part"), anchor=False)
    st.markdown(words.say("handout.print_what"))
    scenes = _scenes(material)
    labels = {WHOLE: words.say("handout.what_map")}
    for key, (story, number) in scenes.items():
        labels[key] = f"{story.title[lang]} · {number}. {story.scenes[number - 1].title[lang]}"
    chosen = st.selectbox(
        words.say("handout.what"),
        list(labels),
        format_func=lambda key: labels[key],
        key="print_what",
        filter_mode=None,
    )
    sheet = Sheet(
        title=words.say("print_page.map_title"),
        paper=_paper(words),
        landscape=_is_landscape(words),
    )
    if chosen == WHOLE:
        sheet = replace(sheet, layers=_layers(material, words))
    else:
        sheet = scene_sheet(*scenes[chosen], sheet, material, lang)
    title = st.text_input(words.say("handout.heading"), sheet.title, key=f"print_title_{chosen}")
    sheet = replace(sheet, title=title.strip())
    for column, form in zip(st.columns(len(FORMS)), FORMS, strict=True):
        column.download_button(
            words.say(f"handout.print_{form}"),
            partial(print_map, sheet, material, lang, form, material.as_of),
            f"map-{sheet.paper}.{form}",
            MIME[form],
            key=f"print_{form}",
            on_click="ignore",
            icon=":material/print:",
            width="stretch",
        )


def _scenes(material: Material) -> dict[str, tuple[Story, int]]:
    return {
        f"{reading.id}/{scene.id}": (reading.story, place)
        for reading in staged.readings(material)
        if reading.story
        for place, scene in enumerate(reading.story.scenes, start=1)
    }


def _paper(words: Words) -> Paper:
    return st.segmented_control(
        words.say("handout.paper"),
        PAPERS,
        default=PAPERS[0],
        required=True,
        format_func=str.upper,
        key="print_paper",
    )


def _is_landscape(words: Words) -> bool:
    chosen = st.segmented_control(
        words.say("handout.paper"),
        ("landscape", "portrait"),
        default="landscape",
        required=True,
        format_func=lambda way: words.say(f"handout.{way}"),
        key="print_way",
        label_visibility="collapsed",
    )
    return chosen == "landscape"


def _layers(material: Material, words: Words) -> frozenset[str]:
    on = [name for name, layer in material.layers.items() if layer.provenance.default_on]
    chosen = st.multiselect(
        words.say("handout.layers"),
        list(material.layers),
        default=on,
        format_func=lambda name: words.layer(material.layers[name]),
        key="print_layers",
        placeholder="",
    )
    return frozenset(chosen)
