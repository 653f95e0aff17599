"""Stories and their players as the meeting pages show them, made once until something changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from etk_geo.handout.content import Setting, handout_document
from etk_geo.handout.page import handout_page
from etk_geo.handout.shelf import HOME, on_shelf, put_on_shelf
from etk_geo.model import Lang
from etk_geo.stories.material import Material
from etk_geo.stories.model import Story
from etk_geo.stories.reading import Reading, read_stories
from etk_geo.ui import cached, kiosk, records, state
from etk_geo.workspace import Workspace

BY_CONTENT: dict[str | type[Any], Callable[[Any], Any]] = {
    Material: lambda material: material.mark,
    Story: repr,
    Setting: repr,
}
"""What stories are made from is told apart by its mark, a story by all that is written in it."""


def story_material(workspace: Workspace, lang: Lang) -> Material:
    """Return what stories are made from, as of today and with what the users recorded."""
    return _kept(Material(workspace, records.today(), records.book(workspace, lang)))


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs=BY_CONTENT)
def _kept(material: Material) -> Material:
    return material


@st.cache_resource(max_entries=2, show_spinner=False, hash_funcs=BY_CONTENT)
def readings(material: Material) -> list[Reading]:
    """Return every story of the project folder, read."""
    return read_stories(material)


def player_address(material: Material, story: Story, lang: Lang) -> str:
    """Return the address of a story's player; Esc in it comes back to the page of stories."""
    ask = f"stories?{state.LANG}={lang}"
    setting = Setting(home=f"{HOME}{ask}", idle_s=kiosk.idle_s() if kiosk.is_kiosk() else 0)
    return _shelved(material, f"play-{story.id}-{lang}", story, lang, setting)


def preview_address(material: Material, story: Story, lang: Lang) -> str:
    """Return the address where a story that is being written can be looked at."""
    return _shelved(material, f"preview-{story.id}-{lang}", story, lang, Setting())


def _shelved(material: Material, name: str, story: Story, lang: Lang, setting: Setting) -> str:
    """Return the address of a page on the shelf; made again when someone removed the file."""
    address = _put(material, name, story, lang, setting)
    if not on_shelf(cached.SITE, address):
        _put.clear(material, name, story, lang, setting)
        address = _put(material, name, story, lang, setting)
    return address


@st.cache_data(max_entries=32, show_spinner=False, hash_funcs=BY_CONTENT)
def _put(material: Material, name: str, story: Story, lang: Lang, setting: Setting) -> str:
    document = handout_document(material, lang, story, setting=setting)
    return put_on_shelf(cached.SITE, name, handout_page(document, cached.SITE))
