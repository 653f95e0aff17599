"""The report of a kept screening, made when it is asked for, with its judgements in it."""

from __future__ import annotations

import streamlit as st

from etk_geo.archive import Archive, Kept
from etk_geo.reports.rendering import Form, render_report
from etk_geo.reports.source import ReportFacts, ReportSource, read_source
from etk_geo.ui.screening import kept as desk
from etk_geo.ui.screening.inputs import today
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
MADE = "archive_report"
"""The report last made in this session, with what it was made of."""


def show_report(
    workspace: Workspace, archive: Archive, one: Kept, content: bytes, words: Words
) -> None:
    """Draw a button per form; what was made is offered for download."""
    st.caption(words.say("archive.report_about"))
    opinions = archive.opinions(one.number)
    asked: Form | None = None
    for column, form in zip(st.columns(len(FORMS)), FORMS, strict=True):
        if column.button(words.say(f"archive.report_{form}"), key=f"archive_make_{form}"):
            asked = form
    mark = (one.number, len(opinions), words.lang, workspace.state)
    if asked is not None:
        book = desk.rule_book(workspace)
        source = read_source(content, workspace.catalog, workspace.plan, book, opinions)
        facts = ReportFacts(today(), number=one.number, title=one.title, author=one.author)
        st.session_state[MADE] = (mark, asked, _make(asked, source, facts, words))
    made = st.session_state.get(MADE)
    if made is not None and made[0] == mark:
        _, form, report = made
        name = f"{one.number}-report.{form}"
        label = words.say("archive.report_take", name=name)
        st.download_button(
            label,
            report,
            name,
            FORMS[form],
            key="archive_report_take",
            on_click="ignore",
            icon=":material/download:",
            type="primary",
        )


def _make(form: Form, source: ReportSource, facts: ReportFacts, words: Words) -> bytes:
    bar = st.progress(0.0, words.say("archive.report_making"))

    def tell(done: int, total: int, what: str) -> None:
        bar.progress(done / total, what)

    made = render_report(
        source,
        facts,
        words.lang,
        (form,),
        tell=tell,
    )
    bar.empty()
    return made[form]
