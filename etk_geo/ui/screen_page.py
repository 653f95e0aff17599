"""筛查: from projects to findings, the desk of environmental staff."""

from __future__ import annotations

import streamlit as st

from etk_geo.model import Lang
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.inputs import ask
from etk_geo.ui.screening.ledger_view import show_ledger
from etk_geo.ui.screening.marks import STYLE
from etk_geo.ui.screening.results import show_results
from etk_geo.ui.screening.working import screened
from etk_geo.wording import Words
from etk_geo.workspace import Workspace


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page: what is asked, what is held for it, and what was found."""
    st.html(STYLE)
    words = Words(workspace.plan, lang)
    done = bool(st.session_state.get(kept.RESULTS))
    with st.expander(words.say("screen.ask"), expanded=not done, icon=":material/tune:"):
        inquiry = ask(workspace, lang)
    if inquiry is None:
        return
    screening = screened(workspace, inquiry, lang)
    if screening is None:
        show_ledger(workspace, inquiry, words)
        return
    show_results(workspace, inquiry, screening, words)
    with st.expander(words.say("screen.ledger_again"), icon=":material/inventory_2:"):
        show_ledger(workspace, inquiry, words)
