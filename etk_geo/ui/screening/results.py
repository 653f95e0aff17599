"""The result of a screening: what was found in a sentence, then the views on it."""

from __future__ import annotations

import streamlit as st

from etk_geo.plan import records
from etk_geo.screening.opinion import opinions_by_pair
from etk_geo.screening.outputs import words as say
from etk_geo.screening.wanted import Wants
from etk_geo.ui import state
from etk_geo.ui.choice import find_rows
from etk_geo.ui.screening import files, kept, matrix_view, project_view, variants_view
from etk_geo.ui.screening.kept import Found, Inquiry
from etk_geo.ui.screening.summary_view import show_summary, show_wanted
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

VIEW, PROJECT = "view", "project"
VIEWS = ("project", "matrix", "variants", "files")
WHOLE_LIST = ("matrix", "files")
"""Views on all projects at once."""


def show_results(workspace: Workspace, inquiry: Inquiry, screening: Found, words: Words) -> None:
    """Draw the result; view and project are in the address."""
    wants = kept.wants_of(workspace, inquiry, screening)
    top = st.container()
    view = _choose_view(screening, words)
    with top:
        _show_top(screening, wants, words, whole=view in WHOLE_LIST)
        if given := len(kept.opinions(inquiry.mark)):
            st.caption(words.say("summary.opinions", n=given))
    if view == "matrix":
        latest = opinions_by_pair(kept.opinions(inquiry.mark))
        matrix_view.show_matrix(workspace, inquiry, screening, latest, words)
    elif view == "files":
        files.show_files(workspace, inquiry, screening, words)
    else:
        project_id = _choose_project(screening, words)
        if project_id is None:
            return
        if view == "project":
            project_view.show_project(workspace, inquiry, screening, project_id, words)
        else:
            variants_view.show_variants(workspace, inquiry, project_id, words)


def _show_top(screening: Found, wants: Wants, words: Words, *, whole: bool) -> None:
    """Say what was found of the whole list; beside one project, no more than the sentence."""
    if whole or len(screening.projects) > 1:
        show_summary(screening, wants if whole else None, words)
    if not whole:
        st.caption(words.say("screening.not_an_approval"))
        return
    _show_totals(screening, words)
    if wants.layers:
        with st.expander(words.say("summary.wanted"), icon=":material/playlist_add_check:"):
            show_wanted(wants, words)


def _show_totals(screening: Found, words: Words) -> None:
    """Say how many pairs have which verdict."""
    pairs = [
        f"{say('verdict', code, words.lang)} {number}" for code, number in screening.totals.items()
    ]
    counted = words.say(
        "screen.pairs",
        projects=len(screening.projects),
        zones=len(screening.zones),
        pairs=sum(screening.totals.values()),
        each=words.join(pairs),
    )
    st.caption(f"{counted}  \n{words.say('screening.not_an_approval')}")


def _choose_view(screening: Found, words: Words) -> str:
    default = "matrix" if len(screening.projects) > 1 else "project"
    asked = st.query_params.get(VIEW)
    kept_view = st.session_state.pop("screen_go_to", None)
    if kept_view:
        st.session_state["screen_view"] = kept_view
    view = st.segmented_control(
        words.say("screen.view"),
        VIEWS,
        default=asked if asked in VIEWS else default,
        format_func=lambda code: words.say(f"screen.view_{code}"),
        key="screen_view",
        required=True,
        label_visibility="collapsed",
    )
    state.write_address(VIEW, view)
    return str(view)


def _choose_project(screening: Found, words: Words) -> str | None:
    """Ask which project is shown; ``None`` where no project is called as was asked."""
    table = screening.projects
    ids = table["project_id"]
    go_to = st.session_state.pop("screen_go_to_project", None)
    asked = next((one for one in (go_to, st.query_params.get(PROJECT)) if (ids == one).any()), None)
    few = find_rows(
        table, ("project_id", "name_zh", "name_en"), asked, "screen_project_search", words
    )
    if few.empty:
        return None
    rows = {str(row["project_id"]): row for row in records(few)}
    # The browser shows a chosen option in the words it was chosen in: a key for each language.
    key = f"screen_project_{words.lang}"
    if go_to in rows:
        st.session_state[key] = go_to
    if st.session_state.get(key) not in rows:
        st.session_state.pop(key, None)
    project_id = st.selectbox(
        words.say("screen.project"),
        list(rows),
        index=state.address_index(PROJECT, list(rows)),
        format_func=lambda name: (
            f"{rows[name][f'name_{words.lang}']} · "
            f"{say('consequence', str(rows[name]['consequence']), words.lang)}"
        ),
        key=key,
    )
    state.write_address(PROJECT, project_id)
    return str(project_id)
