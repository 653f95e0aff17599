"""A screening in the making: it starts, tells how far it is, can be stopped, and is kept."""

from __future__ import annotations

import streamlit as st

from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.screening.run import ScreeningRun
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.kept import Found, Inquiry
from etk_geo.ui.screening.running_view import SOON_S, Watched, watch
from etk_geo.workspace import Workspace

STOPPED = "screen_stopped"
"""How far the screening was that was just stopped: projects done, projects in all."""


def screened(workspace: Workspace, inquiry: Inquiry, lang: Lang) -> Found | None:
    """Return the result of an inquiry, or ``None`` while there is none; draws what goes on."""
    found = kept.result_of(inquiry)
    if found is not None:
        return found
    run = kept.running(inquiry)
    if stopped := st.session_state.pop(STOPPED, None):
        st.warning(text("screen.stopped", lang, done=stopped[0], total=stopped[1]))
    if run is None and "run" not in st.query_params:
        label = text("screen.start", lang, n=len(inquiry.projects))
        if not st.button(label, type="primary", key="screen_start", icon=":material/fact_check:"):
            return None
    if run is None:
        run = _begin(workspace, inquiry)
    if run.finished(SOON_S):
        _take(inquiry, run)
        return None
    watch(
        Watched(
            run,
            said="screening.progress",
            key="screen_stop",
            forget=lambda: _forget(inquiry, run),
        ),
        lang,
    )
    return None


def _begin(workspace: Workspace, inquiry: Inquiry) -> ScreeningRun:
    as_of = inquiry.terms.as_of
    zones, book = kept.zone_set(workspace, as_of), kept.rule_book(workspace)
    run = ScreeningRun(inquiry.projects, zones, book, as_of)
    run.start()
    kept.keep_run(inquiry, run)
    st.query_params["run"] = "1"
    return run


def _take(inquiry: Inquiry, run: ScreeningRun) -> None:
    """Keep what was found and draw the page anew, with the result in the place of the question."""
    kept.keep_run(inquiry, None)
    kept.keep_result(inquiry, run.result())
    st.rerun()


def _forget(inquiry: Inquiry, run: ScreeningRun) -> None:
    """Wait no longer for the run that was stopped, and say so on the next view."""
    kept.keep_run(inquiry, None)
    st.query_params.pop("run", None)
    st.session_state[STOPPED] = (run.done, run.total)
