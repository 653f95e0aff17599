"""资料导入: take in files, pasted coordinates and drawings, and say what they are for.

Nothing is chosen in silence: each step shows what was understood and asks before the next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from etk_geo.intake.drawn import take_drawing
from etk_geo.intake.reviewed import Reviewed, review
from etk_geo.intake.running import Running
from etk_geo.intake.wording import source_title
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.ui.drawing import ask_accuracy, draw_on_map
from etk_geo.ui.grid import plain
from etk_geo.ui.intake_fields import confirm_layer, show_taken
from etk_geo.ui.intake_reading import Read, choose_reading, read_files, read_text
from etk_geo.ui.intake_state import await_result, intake_state
from etk_geo.ui.intake_uses import show_uses
from etk_geo.ui.state import write_address
from etk_geo.ui.supplied_list import show_supplied
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

SOURCES = ("file", "paste", "draw", "supplied")
SOURCE = "from"
MOST_NAMED = 30


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    asked = st.query_params.get(SOURCE)
    source = st.segmented_control(
        words.say("intake.source_of"),
        SOURCES,
        format_func=lambda code: words.say(f"intake.from_{code}"),
        default=asked if asked in SOURCES else "file",
        required=True,
        key="intake_source",
        label_visibility="collapsed",
    )
    write_address(SOURCE, None if source == "file" else source)
    if source != "file" and intake_state().upload is not None:
        intake_state().forget()  # the files of an upload that was left behind
    if source == "supplied":
        show_supplied(workspace, words)
        return
    if source == "draw":
        _show_drawing(workspace, words)
        return
    read = read_files(lang) if source == "file" else read_text(lang)
    if read is not None:
        _go_on(workspace, read, words)


def _go_on(workspace: Workspace, read: Read, words: Words) -> None:
    understood = choose_reading(workspace, read, words.lang)
    if understood is None:
        return
    confirmed = confirm_layer(understood, words.lang)
    if confirmed is None:
        return
    reviewed, key = confirmed
    origin = understood.raw.origin
    name = source_title(origin.upload, words.lang)
    if origin.layer not in ("", origin.upload) and not origin.upload.startswith(origin.layer):
        name = f"{name} · {origin.layer}"
    _show_result(workspace, reviewed, key, name, words)


def _show_drawing(workspace: Workspace, words: Words) -> None:
    features = draw_on_map(workspace, words.lang, "intake")
    if not features:
        st.info(words.say("drawing.nothing"))
        return
    named = _name_features(workspace, features, words)
    accuracy_m = ask_accuracy(named, words.lang, "intake_drawn_accuracy")
    key = ("drawn", str(named), accuracy_m)

    def work(_: Running[Reviewed]) -> Reviewed:
        return review(take_drawing(named, accuracy_m))

    reviewed = await_result("take", key, work, words.lang)
    _show_result(workspace, reviewed, key, source_title("drawn", words.lang), words)


def _name_features(
    workspace: Workspace, features: Sequence[Mapping[str, Any]], words: Words
) -> list[dict[str, Any]]:
    """Ask what each drawn feature is called and of which category it is."""
    names = {row["id"]: words.of(row, "name") for row in records(workspace.plan.categories)}
    named = []
    for number, feature in enumerate(features, start=1):
        properties = dict(feature.get("properties") or {})
        if number <= MOST_NAMED:
            kind = feature["geometry"]["type"]
            shape = words.say(f"intake.geometry.{kind.lower()}")
            left, middle, right = st.columns((2, 2, 1))
            properties["name"] = left.text_input(
                words.say("intake.drawn_name", n=number, shape=shape),
                value=str(properties.get("name", "")),
                key=f"intake_drawn_name_{number}",
            ).strip()
            properties["category"] = (
                middle.selectbox(
                    words.say("intake.drawn_category"),
                    list(names),
                    index=None,
                    placeholder=words.say("intake.category_none"),
                    format_func=lambda code: names[code],
                    key=f"intake_drawn_category_{number}",
                    filter_mode=None,
                )
                or ""
            )
            properties["decided_on"] = right.text_input(
                words.say("intake.field.decided_on"),
                placeholder="2024-05-01",
                key=f"intake_drawn_decided_{number}",
            ).strip()
        named.append({**feature, "properties": properties})
    if len(features) > MOST_NAMED:
        st.caption(plain(words.say("intake.drawn_more", n=MOST_NAMED)))
    return named


def _show_result(
    workspace: Workspace, reviewed: Reviewed, key: object, name: str, words: Words
) -> None:
    reviewed = show_taken(workspace, reviewed, key, name, words.lang)
    show_uses(workspace, reviewed.taken, key, name, words)
