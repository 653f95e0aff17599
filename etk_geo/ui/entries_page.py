"""进展登记表: progress entries as tables, given out to be filled in and taken in as one."""

from __future__ import annotations

import streamlit as st

from etk_geo.model import Lang
from etk_geo.progress import ProgressBook, export_entries, write_template
from etk_geo.progress.checks import FIRST_YEAR
from etk_geo.ui import records
from etk_geo.ui.entries_batches import show_batches
from etk_geo.ui.entries_intake import FORM, take_in
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if {Need.PROJECTS, Need.TARGETS} <= tell_missing(workspace, words, Need.PROJECTS, Need.TARGETS):
        return
    book = records.book(workspace, lang)
    tell_no_entries(book, words)
    records.show_outcome(FORM)
    _offer_template(book, words)
    take_in(workspace, book, words)
    show_batches(workspace, book, words)
    _offer_export(book, words)


def _offer_template(book: ProgressBook, words: Words) -> None:
    """Offer the table to be filled in, for a year."""
    st.subheader(words.say("entries.template"), anchor=False)
    st.markdown(words.say("entries.template_about"))
    today = records.today()
    years = list(range(today.year, FIRST_YEAR - 1, -1))
    left, right, _ = st.columns([1, 1, 2], vertical_alignment="bottom")
    year = left.selectbox(
        words.say("entries.year"), years, index=1, key="entries_year", filter_mode=None
    )
    right.download_button(
        words.say("entries.download"),
        write_template(book, words, year, today),
        words.say("entries.template_name", year=year),
        XLSX,
        key="entries_template",
        on_click="ignore",
        icon=":material/download:",
        width="stretch",
    )


def _offer_export(book: ProgressBook, words: Words) -> None:
    """Offer every entry as a table."""
    st.subheader(words.say("entries.export"), anchor=False)
    st.markdown(words.say("entries.export_about", n=len(book.entries)))
    columns = st.columns([1, 1, 2])
    for column, (form, mime) in zip(columns, (("xlsx", XLSX), ("csv", "text/csv")), strict=False):
        column.download_button(
            words.say(f"entries.export_{form}"),
            export_entries(book.entries, book, words, form),
            f"{words.say('progress.sheet')}.{form}",
            mime,
            key=f"entries_export_{form}",
            on_click="ignore",
            icon=":material/download:",
            width="stretch",
        )
