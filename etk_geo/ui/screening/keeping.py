"""Keeping a screening in the archive, and opening the archive."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import streamlit as st

from etk_geo.archive import Archive, open_archive
from etk_geo.errors import EtkGeoError
from etk_geo.model import BANNER_BOUNDS, Issue
from etk_geo.screening.findings import Screening
from etk_geo.screening.measures import passages
from etk_geo.screening.record import Parameters, build_record
from etk_geo.ui.frame import describe
from etk_geo.ui.links import ARROW, link
from etk_geo.ui.screening import kept
from etk_geo.ui.screening.kept import Inquiry
from etk_geo.ui.screening.opinion_form import OFFICER
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

NUMBERS = "archive_numbers"
"""Numbers under which this session kept its screenings, by the mark of the inquiry."""


def archive_of(workspace: Workspace) -> Archive:
    """Return the archive of a project folder."""
    return open_archive(workspace.root, lambda: datetime.now().astimezone())


def record_of(workspace: Workspace, inquiry: Inquiry, screening: Screening) -> dict[str, Any]:
    """Return the record of a screening."""
    zones = kept.zone_set(workspace, inquiry.terms.as_of)
    passed = passages(screening, inquiry.projects, zones)
    parameters = Parameters(inquiry.terms.as_of.isoformat(), None, BANNER_BOUNDS)
    book = kept.rule_book(workspace)
    return build_record(screening, inquiry.projects, workspace.catalog, book, parameters, passed)


def show_keeping(
    workspace: Workspace, inquiry: Inquiry, screening: Screening, words: Words
) -> None:
    """Draw the form that keeps a screening, and the number it got."""
    st.markdown(f"**{words.say('archive.keep_title')}**")
    st.caption(words.say("archive.keep_about"))
    with st.form("archive_keep"):
        first, second = st.columns([3, 2])
        default = words.say(
            "archive.name_default", list=inquiry.title, day=inquiry.terms.as_of.isoformat()
        )
        title = first.text_input(words.say("archive.name"), value=default, key="archive_title")
        author = second.text_input(
            words.say("archive.author"),
            value=st.session_state.get(OFFICER, ""),
            key="archive_author",
        )
        remark = st.text_input(words.say("archive.remark"), key="archive_remark")
        if st.form_submit_button(words.say("archive.keep"), type="primary"):
            _keep(workspace, inquiry, screening, (title, author, remark), words)
    number = st.session_state.get(NUMBERS, {}).get(inquiry.mark)
    if number:
        st.success(words.say("archive.kept", number=number))
        link("archive", words.say("archive.open"), icon=ARROW, number=number)


def _keep(
    workspace: Workspace,
    inquiry: Inquiry,
    screening: Screening,
    answers: tuple[str, str, str],
    words: Words,
) -> None:
    title, author, remark = answers
    try:
        found = archive_of(workspace).keep(
            record_of(workspace, inquiry, screening),
            title=title,
            author=author,
            remark=remark,
            opinions=kept.opinions(inquiry.mark),
        )
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(issue, words.lang))
        return
    st.session_state[OFFICER] = author.strip()
    numbers = st.session_state.get(NUMBERS, {})
    st.session_state[NUMBERS] = {**numbers, inquiry.mark: found.number}
