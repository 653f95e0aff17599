"""A filled-in table of entries: what each row says, what is wrong, and entering it whole."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.intake.wording import worded as worded_intake
from etk_geo.model import Issue
from etk_geo.progress import Intake, Outcome, ProgressBook, ReadRow, read_entries, worded
from etk_geo.progress.entry import Line
from etk_geo.ui import records
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_figures, show_grid, show_list
from etk_geo.ui.record_form import entry_text
from etk_geo.ui.rows import place_in_file
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

READ = "entries_read"
FORM = "entries"
ROUND = "entries_round"


def take_in(workspace: Workspace, book: ProgressBook, words: Words) -> None:
    """Take a table in: what each row says, what is wrong, and entering it as one."""
    st.subheader(words.say("entries.take_in"), anchor=False)
    left, right = st.columns([2, 1])
    file = left.file_uploader(
        words.say("entries.file"),
        type=["xlsx", "csv"],
        key=f"entries_file_{st.session_state.get(ROUND, 0)}",
    )
    if "entries_author" not in st.session_state:
        st.session_state["entries_author"] = st.session_state.get(records.AUTHOR, "")
    author = right.text_input(
        words.say("entries.author"),
        key="entries_author",
        placeholder=words.say("record.author_hint"),
        help=words.say("entries.author_help"),
    ).strip()
    if file is None:
        return
    try:
        with st.spinner(words.say("entries.reading"), show_time=True):
            intake = _read(workspace, book, file.name, file.getvalue(), author)
    except EtkGeoError as error:
        for issue in Issue.all_of(error):
            st.error(describe(worded_intake(worded(issue, words.lang), words.lang), words.lang))
        return
    _show_intake(intake, words)
    wanted = intake.wanted
    st.button(
        words.say("entries.enter", n=len(wanted)),
        key="entries_enter",
        type="primary",
        icon=":material/save:",
        disabled=bool(intake.issues) or not wanted,
        on_click=_enter,
        args=(workspace, intake, book, (file.name, author), words),
    )


def _read(
    workspace: Workspace, book: ProgressBook, name: str, content: bytes, author: str
) -> Intake:
    """Read a table once, and again when something was entered meanwhile."""
    key = (name, hash(content), author, len(book.entries), workspace.state)
    held: tuple[object, Intake] | None = st.session_state.get(READ)
    if held is not None and held[0] == key:
        return held[1]
    today = records.today()
    intake = read_entries(name, content, workspace.plan, book, author=author, today=today)
    st.session_state[READ] = (key, intake)
    return intake


def _show_intake(intake: Intake, words: Words) -> None:
    """Draw how many rows there are of each kind, what is wrong, and every row."""
    counts = {outcome: len(intake.of(outcome)) for outcome in Outcome}
    figures = {words.say(f"entries.outcome.{o}"): str(n) for o, n in counts.items()}
    show_figures({**figures, words.say("entries.blank"): str(intake.blank)})
    if not intake.rows:
        st.info(words.say("entries.nothing"))
        return
    if intake.issues:
        st.error(words.say("entries.wrong", n=counts[Outcome.WRONG]))
        show_list(_issue_rows(intake.issues, words), words.say("entries.outcome.wrong"))
    elif not intake.wanted:
        st.info(words.say("entries.nothing_new"))
    rows = [_row(row, words) for row in intake.rows]
    show_grid(pd.DataFrame(rows), words.say("entries.take_in"))


def _issue_rows(issues: tuple[Issue, ...], words: Words) -> pd.DataFrame:
    """Return what is wrong as a table: file, row, what, and what to do."""
    rows = []
    for issue in issues:
        said = worded(issue, words.lang)
        place = place_in_file(issue.where, words.lang)
        message = f"{issue_message(said, words.lang)} ({issue.code})"
        rows.append((issue.file, place, message, issue_remedy(said, words.lang)))
    names = ("file", "place", "message", "remedy")
    return pd.DataFrame(rows, columns=[words.say(f"column.{name}") for name in names])


def _row(row: ReadRow, words: Words) -> Mapping[str, str]:
    """Return a row as it is shown before it is entered."""
    draft = row.draft
    replaced = row.replaces
    cells = {
        "place": place_in_file(row.where, words.lang),
        "outcome": words.say(f"entries.outcome.{row.outcome}"),
        "name": row.name,
        "says": "" if draft is None or row.issues else entry_text(draft, words),
        "instead": "" if replaced is None else entry_text(replaced.said, words),
        "date": "" if draft is None else draft.date,
        "source": "" if draft is None else words.name("sources", draft.source),
        "author": "" if draft is None else draft.author,
        "remark": "" if draft is None else draft.remark,
    }
    return {words.say(f"entries.column.{name}"): cell for name, cell in cells.items()}


def _enter(
    workspace: Workspace,
    intake: Intake,
    book: ProgressBook,
    signed: tuple[str, str],
    words: Words,
) -> None:
    """Enter a table: all of it, or nothing."""
    name, author = signed
    st.session_state[records.AUTHOR] = author
    drafts = intake.wanted
    kept = records.attempt(
        FORM,
        words.lang,
        lambda: records.journal(workspace).enter_all(
            drafts, seen=newest(book, [draft.line for draft in drafts]), table=name
        ),
        words.say("entries.entered", n=len(drafts), name=plain(name)),
    )
    if kept:
        # An empty chooser, so that the table is not read again at once.
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def newest(book: ProgressBook, lines: list[Line]) -> dict[Line, str]:
    """Return the newest entry of each line that the user has seen."""
    return {line: book.newest(line) for line in lines}
