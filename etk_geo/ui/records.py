"""The users' progress entries as the pages read and write them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import streamlit as st

from etk_geo.database import open_database
from etk_geo.errors import EtkGeoError
from etk_geo.model import Issue, Lang
from etk_geo.progress import Journal, ProgressBook, shipped_entries, worded
from etk_geo.progress.book import merged
from etk_geo.ui.frame import describe
from etk_geo.workspace import Workspace

AUTHOR = "records_author"
OUTCOME = "records_outcome"


def now() -> datetime:
    """Return the present moment; the only clock of the pages."""
    return datetime.now(UTC)


def today() -> date:
    """Return the day by the calendar of this computer."""
    return now().astimezone().date()


def journal(workspace: Workspace) -> Journal:
    """Return the journal of the project folder."""
    return Journal(open_database(workspace.root), workspace.plan, now)


def book(workspace: Workspace, lang: Lang) -> ProgressBook:
    """Return all entries; if the records cannot be read, say so and return the program's own."""
    try:
        return journal(workspace).book()
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(issue, lang))
        return merged(shipped_entries(workspace.plan), ())


def attempt(key: str, lang: Lang, act: Callable[[], object], done: str) -> bool:
    """Write to the journal inside a callback; :func:`show_outcome` then says what came of it.

    Parameters
    ----------
    key
        Names the form, so that the outcome is said beside it.
    lang
        Language of the messages.
    act
        Writes what is entered.
    done
        What to say when it is kept.
    """
    try:
        act()
    except EtkGeoError as error:
        said = [describe(worded(issue, lang), lang) for issue in Issue.all_of(error)]
        st.session_state[OUTCOME] = (key, said, False)
        return False
    st.session_state[OUTCOME] = (key, [done], True)
    return True


def show_outcome(key: str) -> None:
    """Say once what came of the last attempt at a form."""
    outcome = st.session_state.get(OUTCOME)
    if outcome is None or outcome[0] != key:
        return
    del st.session_state[OUTCOME]
    _, said, kept = outcome
    for line in said:
        (st.success if kept else st.error)(line)
