"""Before an edit is saved: what will change, who does it and why; and two people who meet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import shapely
import streamlit as st
from shapely.geometry import shape
from streamlit.delta_generator import DeltaGenerator

from etk_geo.build.edits import GEOMETRY, member
from etk_geo.editing import (
    Edit,
    FeatureVersion,
    LayerEditor,
    changed_document,
    check_change,
    check_new,
    find_collisions,
    list_differences,
    merge,
)
from etk_geo.editing.meeting import UNITS, Unit
from etk_geo.errors import EtkGeoError, RecordError
from etk_geo.i18n import text
from etk_geo.maps.direction import Camera, Direction, OverlayFeature
from etk_geo.model import LANGS, Bound, Issue, LonLatBounds
from etk_geo.ui import records
from etk_geo.ui.edit_draft import (
    NEW,
    EditDraft,
    drafts,
    forget,
    go_to,
    new_draft,
    unsaved,
)
from etk_geo.ui.edit_position import ASKED
from etk_geo.ui.edit_words import difference_rows, member_label, value_text, worded
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_list
from etk_geo.ui.plan_map_view import show_plan_map
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

OUTCOME = "edit_outcome"
PLACE = "edit_place"
PRESSED = "edit_pressed"
MEETING_MAP_PX = 380
MARGIN_DEG = 0.02


@dataclass(frozen=True)
class Signature:
    """Who edits, why, and where the new values are from."""

    author: str
    reason: str
    source: str


def ask_signature(key: str, words: Words, *, source: bool = True) -> Signature:
    """Draw the questions that every edit answers."""
    columns = st.columns(3 if source else 2)
    entered = {"author": "", "reason": "", "source": ""}
    for column, name in zip(columns, ("author", "reason", "source"), strict=False):
        named = f"{key}_{name}"
        if name == "author" and named not in st.session_state:
            st.session_state[named] = st.session_state.get(records.AUTHOR, "")
        with column:
            entered[name] = st.text_input(
                words.say(f"edit.member.{name}"),
                key=named,
                placeholder=words.say(f"edit.hint.{name}"),
            )
    return Signature(**entered)


def attempt(act: Callable[[], Edit | None], signature: Signature, words: Words) -> bool:
    """Save; :func:`show_outcome` then says what came of it. Return whether it was kept."""
    st.session_state[records.AUTHOR] = signature.author.strip()
    forget_press()
    st.session_state.pop(PLACE, None)  # what is saved may lead to another feature
    try:
        edit = act()
    except EtkGeoError as error:
        said = [describe(worded(issue, words), words.lang) for issue in Issue.all_of(error)]
        st.session_state[OUTCOME] = (said, False)
        return False
    key = "edit.nothing_changed" if edit is None else "edit.saved"
    st.session_state[OUTCOME] = ([words.say(key, n=0 if edit is None else edit.number)], True)
    return True


def show_outcome() -> None:
    """Say what came of the last attempt to save.

    The map tells the page where it stands once it is drawn, and each telling is a view of its own:
    what is said stays until something else is done.
    """
    outcome = st.session_state.get(OUTCOME)
    if outcome is not None:
        said, kept = outcome
        for line in said:
            (st.success if kept else st.error)(line)


def pressed(place: Any, label: str, key: str, **options: Any) -> bool:
    """Draw a button and return whether it was pressed.

    The map may call for another view while the one that a button called for is being drawn; the
    press would be lost with it. It is kept until :func:`attempt` acts on it, below the fields, so
    that what was typed last counts.
    """
    place.button(label, key=key, on_click=_press, args=(key,), width="stretch", **options)
    return bool(st.session_state.get(PRESSED) == key)


def _press(key: str) -> None:
    st.session_state[PRESSED] = key


def forget_press() -> None:
    """Drop a press of a button that is not on the page any more."""
    st.session_state.pop(PRESSED, None)


def forget_elsewhere(place: tuple[str, str | None]) -> None:
    """Say no more of the last attempt once the reader goes on to another layer or feature."""
    before = st.session_state.get(PLACE)
    st.session_state[PLACE] = place
    if before not in (None, place):
        st.session_state.pop(OUTCOME, None)


def show_review(
    workspace: Workspace, editor: LayerEditor, draft: EditDraft, words: Words, *, usable: bool
) -> None:
    """Draw what will change, what is wrong with it, and the way to save it.

    Parameters
    ----------
    usable
        Whether the drawing on the map can be a feature's geometry.
    """
    st.subheader(words.say("edit.review"), anchor=False)
    if draft.changed and st.session_state.get(OUTCOME, ((), False))[1]:
        del st.session_state[OUTCOME]
    show_outcome()
    if not usable:
        st.error(describe(Issue("", "", "ETK667"), words.lang))
        return
    if not draft.changed:
        st.info(words.say("edit.no_change"))
        return
    change = draft.change()
    added = draft.feature == NEW
    before = None if added else draft.base
    after = changed_document(draft.base, change)
    show_list(difference_rows(list_differences(before, after), words), words.say("edit.review"))
    issues = check_change(draft.base, change, workspace.plan, editor.file)
    if added:
        issues = issues or check_new(after, editor.file)
    for issue in dict.fromkeys(describe(worded(issue, words), words.lang) for issue in issues):
        st.error(issue)
    signature = ask_signature(draft.key("sign"), words)
    save, drop, _ = st.columns([1, 1, 2])
    if pressed(
        save,
        words.say("edit.save"),
        draft.key("save"),
        type="primary",
        icon=":material/save:",
        disabled=bool(issues),
    ):
        _save(editor, draft, signature, words)
    drop.button(
        words.say("edit.drop"),
        key=draft.key("drop"),
        icon=":material/close:",
        on_click=forget,
        args=(draft,),
        width="stretch",
    )


def _save(editor: LayerEditor, draft: EditDraft, signature: Signature, words: Words) -> None:
    said = vars(signature)

    def act() -> Edit | None:
        if draft.feature == NEW:
            added = editor.add(draft.kind, draft.change(), **said)
            go_to(draft.layer, added.feature)
            forget(draft)
            return added
        edit = editor.edit(draft.feature, draft.change(), seen=draft.seen, **said)
        forget(draft)
        return edit

    with st.spinner(words.say("edit.saving"), show_time=True):
        attempt(act, signature, words)
    st.rerun()


# Two people


def show_meeting(
    workspace: Workspace,
    draft: EditDraft,
    theirs: FeatureVersion,
    edits: tuple[Edit, ...],
    words: Words,
) -> None:
    """Say that somebody else has saved the feature meanwhile, and let the user decide.

    Both versions stand side by side; nothing is dropped before the user says so.

    Parameters
    ----------
    theirs
        The feature as it is now.
    edits
        What was saved since the user began.
    """
    st.subheader(words.say("edit.meeting.title"), anchor=False)
    for edit in edits:
        values = {"author": edit.author, "at": edit.at[:16].replace("T", " ")}
        said = words.say("edit.meeting.other", **values, reason=edit.reason or "—")
        st.warning(plain(said))
    st.markdown(words.say("edit.meeting.about"))
    collisions = find_collisions(draft.base, theirs.document, draft.document)
    show_list(
        _meeting_rows(draft, theirs.document, collisions, words), words.say("edit.meeting.title")
    )
    _show_both(workspace, draft, theirs.document, words)
    preferred = _ask_collisions(draft, collisions, words)
    go_on, apart, drop = st.columns(3)
    go_on.button(
        words.say("edit.meeting.go_on"),
        key=draft.key("go_on"),
        type="primary",
        disabled=preferred is None,
        on_click=_go_on,
        args=(draft, theirs, preferred or frozenset()),
        width="stretch",
    )
    _offer_apart_or_drop(apart, drop, draft, words)


def _meeting_rows(
    draft: EditDraft, theirs: Mapping[str, Any], collisions: list[Unit], words: Words
) -> pd.DataFrame:
    """Return every member that either changed: before, theirs, mine."""
    rows = []
    for unit in UNITS:
        for name in unit:
            values = [member(one, name) for one in (draft.base, theirs, draft.document)]
            if values[0] == values[1] == values[2]:
                continue
            mark = words.say("edit.meeting.both") if unit in collisions else ""
            cells = [value_text(name, value, words) for value in values]
            rows.append((member_label(name, words), *cells, mark))
    names = ("member", "before", "theirs", "mine", "collides")
    return pd.DataFrame(rows, columns=[words.say(f"edit.column.{name}") for name in names])


def _show_both(
    workspace: Workspace, draft: EditDraft, theirs: Mapping[str, Any], words: Words
) -> None:
    """Draw both geometries, where they differ."""
    if theirs[GEOMETRY] == draft.document[GEOMETRY]:
        return
    drawn = [
        OverlayFeature(
            shape(document[GEOMETRY]),
            role,
            name=words.say(f"edit.column.{name}"),
            bound=Bound.EXACT,
        )
        for name, role, document in (
            ("theirs", "before", theirs),
            ("mine", "draft", draft.document),
        )
        if document[GEOMETRY] is not None
    ]
    if not drawn:
        return
    west, south, east, north = shapely.union_all([one.geometry for one in drawn]).bounds
    box = LonLatBounds(west - MARGIN_DEG, south - MARGIN_DEG, east + MARGIN_DEG, north + MARGIN_DEG)
    direction = Direction(
        overlay=tuple(drawn),
        overlay_title=words.say("edit.meeting.title"),
        camera=Camera(bounds=box),
        memory=None,
    )
    show_plan_map(workspace, words.lang, direction, key=draft.key("both"), height_px=MEETING_MAP_PX)


def _ask_collisions(
    draft: EditDraft, collisions: list[Unit], words: Words
) -> frozenset[str] | None:
    """Ask whose value is taken of each collision; ``None`` until all are said."""
    said = {
        unit[0]: st.radio(
            words.say("edit.meeting.whose", what=member_label(unit[0], words)),
            ("theirs", "mine"),
            index=None,
            format_func=lambda one: words.say(f"edit.column.{one}"),
            key=draft.key(f"whose_{unit[0]}"),
            horizontal=True,
        )
        for unit in collisions
    }
    if None in said.values():
        return None
    return frozenset(name for name, whose in said.items() if whose == "mine")


def _go_on(draft: EditDraft, theirs: FeatureVersion, preferred: frozenset[str]) -> None:
    """Lay the user's changes over the newest version; they are saved after another look."""
    both = merge(draft.base, theirs.document, draft.document, preferred)
    draft.begin_again(theirs, both)
    if draft.moved:
        st.session_state[draft.key(ASKED)] = True


def show_lost(draft: EditDraft | None, error: RecordError, words: Words) -> None:
    """Say that a feature was deleted meanwhile, and offer what was changed of it as a new one."""
    for issue in Issue.all_of(error):
        st.error(describe(worded(issue, words), words.lang))
    show_outcome()
    if draft is None or not draft.changed:
        return
    st.markdown(words.say("edit.meeting.lost"))
    rows = difference_rows(list_differences(draft.base, draft.document), words)
    show_list(rows, words.say("edit.review"))
    apart, drop, _ = st.columns([1, 1, 2])
    _offer_apart_or_drop(apart, drop, draft, words)


def _offer_apart_or_drop(
    apart: DeltaGenerator, drop: DeltaGenerator, draft: EditDraft, words: Words
) -> None:
    """Offer to keep the user's version as a feature of its own, or to drop it.

    A new feature that is not saved yet is not written over.
    """
    apart.button(
        words.say("edit.meeting.apart"),
        key=draft.key("apart"),
        help=words.say("edit.meeting.apart_help"),
        disabled=any(one.layer == draft.layer and one.feature == NEW for one in unsaved()),
        on_click=_keep_apart,
        args=(draft,),
        width="stretch",
    )
    drop.button(
        words.say("edit.meeting.drop"),
        key=draft.key("drop_mine"),
        on_click=forget,
        args=(draft,),
        width="stretch",
    )


def _keep_apart(draft: EditDraft) -> None:
    """Make the user's version a feature of its own, to be saved beside the other one."""
    mine = new_draft(draft.layer, draft.kind)
    mine.document = {
        **draft.document,
        "properties": {**draft.values, "id": mine.values["id"]},
    }
    for lang in LANGS:
        mine.values[f"name_{lang}"] += text("edit.meeting.second", lang)
    mine.start = mine.document[GEOMETRY]
    st.session_state[mine.key(ASKED)] = True
    forget(draft)
    drafts()[mine.layer, NEW] = mine
    go_to(draft.layer, NEW)
