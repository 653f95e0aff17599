"""The report of a kept screening: made apart when it is asked for, and taken away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import streamlit as st

from etk_geo.archive import Archive, Kept
from etk_geo.background import Background
from etk_geo.errors import EtkGeoError
from etk_geo.model import Issue
from etk_geo.reports.order import ReportOrder
from etk_geo.reports.rendering import Form
from etk_geo.reports.running import report_run
from etk_geo.reports.source import ReportFacts
from etk_geo.ui.frame import describe
from etk_geo.ui.screening.inputs import today
from etk_geo.ui.screening.running_view import SOON_S, Watched, watch
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS: dict[Form, str] = {
    "docx": WORD,
    "pdf": "application/pdf",
    "xlsx": SHEET,
    "geojson": "application/geo+json",
}
LOOK_EVERY_S = 2.0
MADE, MAKING = "archive_report", "archive_report_making"
"""The report last made in this session, and the one in the making, with what it is made of."""

STOPPED = "archive_report_stopped"
"""How far the report was that was just stopped: steps done, steps in all."""

Files = Mapping[Form, bytes]
Mark = tuple[Any, ...]


def show_report(
    workspace: Workspace, archive: Archive, one: Kept, content: bytes, words: Words
) -> None:
    """Draw the choice of forms, the making, and what was made."""
    st.caption(words.say("archive.report_about"))
    forms = st.pills(
        words.say("archive.report_forms"),
        list(FORMS),
        default=list(FORMS),
        selection_mode="multi",
        format_func=lambda form: words.say(f"archive.report_{form}"),
        key="archive_report_forms",
    )
    mark = (one.number, one.opinions, words.lang, workspace.state)
    run = _making(mark)
    if run is not None and run.finished():
        _take(mark, run, words)
        run = None
    if stopped := st.session_state.pop(STOPPED, None):
        st.warning(words.say("archive.report_stopped", done=stopped[0], total=stopped[1]))
    asked = st.button(
        words.say("archive.report_make"),
        type="primary",
        disabled=run is not None or not forms,
        key="archive_report_make",
        icon=":material/description:",
    )
    if asked:
        run = _begin(workspace, archive, one, content, (mark, forms), words)
    if run is not None and not run.finished(SOON_S if asked else 0.0):
        watch(
            Watched(
                run,
                said="archive.report_progress",
                key="archive_report_stop",
                forget=_forget,
                stopped="archive.report_stopped",
                every_s=LOOK_EVERY_S,
            ),
            words.lang,
        )
        return
    if run is not None:
        _take(mark, run, words)
    made = st.session_state.get(MADE)
    if made is not None and made[0] == mark:
        _show_files(one.number, made[1], words)


def _making(mark: Mark) -> Background[dict[Form, bytes]] | None:
    """Return the report of this mark in the making; any other is stopped."""
    of, run = st.session_state.get(MAKING, (None, None))
    if run is not None and of != mark:
        run.stop()
        st.session_state.pop(MAKING)
        return None
    return run  # type: ignore[no-any-return]


def _begin(
    workspace: Workspace,
    archive: Archive,
    one: Kept,
    content: bytes,
    asked: tuple[Mark, Sequence[Form]],
    words: Words,
) -> Background[dict[Form, bytes]]:
    mark, forms = asked
    order = ReportOrder(
        workspace.root,
        content,
        ReportFacts(today(), number=one.number, title=one.title, author=one.author),
        words.lang,
        tuple(forms),
        opinions=archive.opinions(one.number),
    )
    run = report_run(order)
    run.start()
    st.session_state[MAKING] = (mark, run)
    st.session_state.pop(MADE, None)
    return run


def _forget() -> None:
    """Wait no longer for the report that was stopped, and say so on the next view."""
    _, run = st.session_state.pop(MAKING, (None, None))
    if run is not None:
        st.session_state[STOPPED] = (run.done, run.total)


def _take(mark: Mark, run: Background[dict[Form, bytes]], words: Words) -> None:
    """Keep what was made, or say why there is nothing."""
    st.session_state.pop(MAKING, None)
    try:
        made = run.result()
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(issue, words.lang))
    else:
        st.session_state[MADE] = (mark, made)


def _show_files(number: str, made: Files, words: Words) -> None:
    st.markdown(words.say("archive.report_made"))
    for column, (form, content) in zip(st.columns(len(FORMS)), made.items(), strict=False):
        name = f"{number}-report.{form}"
        column.download_button(
            words.say("archive.report_take", name=name),
            content,
            name,
            FORMS[form],
            key=f"archive_report_take_{form}",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
