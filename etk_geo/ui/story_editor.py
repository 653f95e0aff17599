"""Editor of stories: a form for a scene, the whole text beside it, and a live preview."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from typing import Any

import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.model import LANGS, Issue
from etk_geo.stories.material import Material
from etk_geo.stories.model import LAST_YEAR, LEAST_SECONDS, MOST_SECONDS
from etk_geo.stories.reading import SECONDS, STORY_ID, Reading, parse_story
from etk_geo.stories.writing import TEMPLATE, edit_scene, open_text, save_story
from etk_geo.ui import staged, state
from etk_geo.ui.frame import describe
from etk_geo.wording import Words

STORY = "story"
NAME, TEXT, SCENE, NEW = "story_name", "story_text", "story_scene", "story_new"
OPENED, MARK, SAVED = "story_opened", "story_mark", "story_saved"
PREVIEW_PX = 520
TEXT_PX = 560


def show_editor(material: Material, readings: list[Reading], words: Words) -> None:
    """Draw the editor of one story, chosen or new."""
    st.subheader(words.say("story_editor.title"), anchor=False)
    st.caption(words.say("story_editor.about"))
    name = _choose(readings, words)
    if name is None:
        return
    _open(material, name, is_new=name not in {reading.id for reading in readings})
    left, right = st.columns(2)
    with left:
        form, whole = st.tabs([words.say("story_editor.form"), words.say("story_editor.text")])
        with form:
            scene = _show_form(material, words)
        with whole:
            st.text_area(
                words.say("story_editor.text"),
                key=TEXT,
                height=TEXT_PX,
                label_visibility="collapsed",
            )
    text = st.session_state[TEXT]
    reading = parse_story(material, name, text)
    with right:
        _show_preview(material, reading, scene, words)
    _show_save(material, name, text, words)
    for issue in reading.issues:
        st.warning(describe(issue, words.lang))


def _choose(readings: list[Reading], words: Words) -> str | None:
    """Return the id of the story to edit, or ``None`` while a new one has no name."""
    options = [*(reading.id for reading in readings), NEW]
    titles = {r.id: r.story.title[words.lang] if r.story else r.file for r in readings}
    titles[NEW] = words.say("story_editor.new")
    chosen = st.selectbox(
        words.say("story_editor.choose"),
        options,
        index=state.address_index(STORY, options),
        format_func=lambda option: titles[option],
        key="story_choice",
        filter_mode=None,
    )
    state.write_address(STORY, None if chosen == NEW else chosen)
    if chosen != NEW:
        return chosen
    name = st.text_input(
        words.say("story_editor.name"), key=NAME, help=words.say("story_editor.name_help")
    ).strip()
    if not name:
        return None
    if not STORY_ID.fullmatch(name) or name in titles:
        st.warning(words.say("story_editor.name_wrong"))
        return None
    return name


def _open(material: Material, name: str, *, is_new: bool) -> None:
    """Take the text of a story into the session when it was not there; keep what was typed."""
    if st.session_state.get(OPENED) == name:
        st.session_state[TEXT] = st.session_state.get(TEXT, "")  # outlasts a hidden widget
        return
    text, mark = (TEMPLATE, "") if is_new else open_text(material, name)
    st.session_state.update({OPENED: name, TEXT: text, MARK: mark})
    st.session_state.pop(SAVED, None)


def _scenes(text: str) -> list[Mapping[str, Any]]:
    try:
        entries = tomllib.loads(text).get("scene", [])
    except tomllib.TOMLDecodeError:
        return []
    return [entry for entry in entries if isinstance(entry, Mapping)]


def _show_form(material: Material, words: Words) -> int:
    """Draw the form of one scene and return its number, from 0."""
    text = st.session_state[TEXT]
    scenes = _scenes(text)
    if not scenes:
        st.info(words.say("story_editor.no_form"))
        return 0
    number: int = st.selectbox(
        words.say("story_editor.scene"),
        range(len(scenes)),
        format_func=lambda n: f"{n + 1}. {_said(scenes[n], 'title', words.lang)}",
        key=SCENE,
        filter_mode=None,
    )
    scene = scenes[number]
    with st.form("story_form", border=False):
        values: dict[str, Any] = {}
        for member, height in (("title", None), ("words", 130), ("notes", 90)):
            values[member] = {
                lang: _field(scene, number, member, lang, height, words) for lang in LANGS
            }
        layers = [name for name in material.layers if name not in material.ground]
        held = scene.get("layers", [])
        held = [name for name in held if name in layers] if isinstance(held, list) else []
        values["layers"] = st.multiselect(
            words.say("story_editor.layers"),
            layers,
            default=held,
            format_func=lambda name: words.layer(material.layers[name]),
            key=f"story_layers_{number}",
            placeholder="",
        )
        one, two = st.columns(2)
        values["seconds"] = one.number_input(
            words.say("story_editor.seconds"),
            LEAST_SECONDS,
            MOST_SECONDS,
            _whole(scene, "seconds") or SECONDS,
            key=f"story_seconds_{number}",
        )
        years = [None, *range(2020, LAST_YEAR + 1)]
        year = _whole(scene, "year")
        values["year"] = two.selectbox(
            words.say("story_editor.year"),
            years,
            index=years.index(year) if year in years else 0,
            format_func=lambda y: words.say("story_editor.year_all") if y is None else str(y),
            key=f"story_year_{number}",
            filter_mode=None,
        )
        st.form_submit_button(
            words.say("story_editor.apply"),
            on_click=_apply,
            args=(number,),
            icon=":material/preview:",
        )
    st.caption(words.say("story_editor.form_about"))
    return number


def _field(
    scene: Mapping[str, Any], number: int, member: str, lang: str, height: int | None, words: Words
) -> str:
    label = words.say(f"story_editor.{member}_{lang}")
    key = f"story_{member}_{lang}_{number}"
    value = _said(scene, member, lang).strip()
    if height is None:
        return st.text_input(label, value, key=key)
    return st.text_area(label, value, key=key, height=height)


def _said(scene: Mapping[str, Any], member: str, lang: str) -> str:
    texts = scene.get(member)
    found = texts.get(lang) if isinstance(texts, Mapping) else None
    return found if isinstance(found, str) else ""


def _whole(scene: Mapping[str, Any], member: str) -> int | None:
    value = scene.get(member)
    return value if type(value) is int else None


def _apply(number: int) -> None:
    """Put the form's values into the text."""
    held = st.session_state
    values: dict[str, Any] = {}
    for member in ("title", "words", "notes"):
        said = {lang: held[f"story_{member}_{lang}_{number}"].strip() for lang in LANGS}
        texts = {lang: text for lang, text in said.items() if text}
        values[member] = texts or None
    values["layers"] = list(held[f"story_layers_{number}"])
    values["seconds"] = held[f"story_seconds_{number}"]
    values["year"] = held[f"story_year_{number}"]
    held[TEXT] = edit_scene(held[TEXT], number, values)


def _show_preview(material: Material, reading: Reading, scene: int, words: Words) -> None:
    st.markdown(f"**{words.say('story_editor.preview')}**")
    if reading.story is None:
        st.info(words.say("story_editor.nothing"))
        return
    played = [each.number for each in reading.story.scenes]
    place = played.index(scene + 1) + 1 if scene + 1 in played else 1
    address = staged.preview_address(material, reading.story, words.lang)
    st.iframe(f"/{address}#{place}", height=PREVIEW_PX, alt=words.say("story_editor.preview"))
    st.link_button(
        words.say("story_editor.preview_full"), f"{address}#{place}", icon=":material/open_in_new:"
    )


def _show_save(material: Material, name: str, text: str, words: Words) -> None:
    if st.button(
        words.say("story_editor.save"), type="primary", key="story_save", icon=":material/save:"
    ):
        try:
            saved = save_story(material, name, text, st.session_state[MARK])
        except EtkGeoError as error:
            for issue in Issue.all_of(error):
                st.error(describe(issue, words.lang))
            return
        if saved.story is None:
            st.error(words.say("story_editor.not_saved"))
            return
        st.session_state[MARK] = open_text(material, name)[1]
        st.session_state[SAVED] = name
        st.rerun()
    if st.session_state.get(SAVED) == name:
        st.success(words.say("story_editor.saved", file=f"data/stories/{name}.toml"))
        st.session_state.pop(SAVED)
