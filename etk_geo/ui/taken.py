"""Lists of projects that this session has taken in; the hand-over between the pages.

The page that takes data in adds a list, the environmental desk screens it. Kept in the session
only: another session does not see it, and it is gone when the session ends.
"""

from __future__ import annotations

import streamlit as st

from etk_geo.screening.taken import TakenProjects

TAKEN = "taken_projects"


def taken_lists() -> tuple[TakenProjects, ...]:
    """Return the lists of this session, the newest last."""
    return tuple(st.session_state.get(TAKEN, ()))


def add_list(projects: TakenProjects) -> None:
    """Keep a list; one of the same name takes the place of the older one."""
    others = [kept for kept in taken_lists() if kept.name != projects.name]
    st.session_state[TAKEN] = (*others, projects)


def remove_list(key: str) -> None:
    """Forget the list with this ``TakenProjects.key``."""
    st.session_state[TAKEN] = tuple(kept for kept in taken_lists() if kept.key != key)
