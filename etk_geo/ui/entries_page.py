"""进展登记表: progress entries as tables, given out to be filled in and taken in as one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.intake.wording import worded as worded_intake
from etk_geo.model import Issue, Lang
from etk_geo.progress import (
    Act,
    Entry,
    Intake,
    Outcome,
    ProgressBook,
    ReadRow,
    export_entries,
    read_entries,
    worded,
    write_template,
)
from etk_geo.progress.checks import FIRST_YEAR
from etk_geo.progress.entry import Line
from etk_geo.ui import records
from etk_geo.ui.frame import describe
from etk_geo.ui.grid import plain, show_figures, show_grid, show_list
from etk_geo.ui.missing import Need, tell_missing, tell_no_entries
from etk_geo.ui.record_form import entry_text
from etk_geo.ui.rows import place_in_file
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
READ = "entries_read"
FORM = "entries"
ROUND = "entries_round"
BACK_ROUND = "entries_back_round"


def show(workspace: Workspace, lang: Lang) -> None:
    """Draw the page."""
    words = Words(workspace.plan, lang)
    if {Need.PROJECTS, Need.TARGETS} <= tell_missing(workspace, words, Need.PROJECTS, Need.TARGETS):
        return
    book = records.book(workspace, lang)
    tell_no_entries(book, words)
    records.show_outcome(FORM)
    _offer_template(book, words)
    _take_in(workspace, book, words)
    _show_batches(workspace, book, words)
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


def _take_in(workspace: Workspace, book: ProgressBook, words: Words) -> None:
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
            drafts, seen=_seen(book, [draft.line for draft in drafts]), table=name
        ),
        words.say("entries.entered", n=len(drafts), name=plain(name)),
    )
    if kept:
        # An empty chooser, so that the table is not read again at once.
        st.session_state[ROUND] = st.session_state.get(ROUND, 0) + 1


def _seen(book: ProgressBook, lines: list[Line]) -> dict[Line, str]:
    return {line: book.newest(line) for line in lines}


# Tables entered before


def _show_batches(workspace: Workspace, book: ProgressBook, words: Words) -> None:
    """Draw the tables that were entered, and taking one of them back."""
    st.subheader(words.say("entries.batches"), anchor=False)
    batches = book.batches
    if not batches:
        st.info(words.say("entries.no_batches"))
        return
    chosen = st.selectbox(
        words.say("entries.choose"),
        list(batches),
        format_func=lambda batch: _batch_text(batch, batches[batch], words),
        key=f"entries_batch_{st.session_state.get(BACK_ROUND, 0)}",
        filter_mode=None,
    )
    entries = batches[chosen]
    show_grid(_entry_rows(entries, book, words), words.say("entries.batches"))
    possible = [entry for entry in entries if book.can_withdraw(entry)]
    if len(possible) < len(entries):
        st.caption(words.say("entries.partly", n=len(possible), all=len(entries)))
    left, middle, right = st.columns(3, vertical_alignment="bottom")
    if "entries_back_author" not in st.session_state:
        st.session_state["entries_back_author"] = st.session_state.get(records.AUTHOR, "")
    left.text_input(
        words.say("progress.column.author"),
        key="entries_back_author",
        placeholder=words.say("record.author_hint"),
    )
    middle.text_input(words.say("entries.why"), key="entries_back_remark")
    right.button(
        words.say("entries.undo", n=len(possible)),
        key="entries_undo",
        icon=":material/undo:",
        disabled=not possible,
        on_click=_undo,
        args=(workspace, chosen, book, words),
        width="stretch",
    )


def _batch_text(batch: str, entries: tuple[Entry, ...], words: Words) -> str:
    moment, _, name = batch.partition(" ")
    act = "undone" if entries[0].act is Act.WITHDRAW else "taken"
    return words.say(
        f"entries.batch_{act}",
        name=name,
        at=moment[:16].replace("T", " "),
        n=len(entries),
        author=entries[0].said.author,
    )


def _entry_rows(entries: tuple[Entry, ...], book: ProgressBook, words: Words) -> pd.DataFrame:
    rows = [
        {
            "name": words.name("targets" if entry.said.year else "projects", entry.said.subject),
            "says": entry_text(entry.said, words),
            "act": words.say(f"progress.act.{entry.act}"),
            "source": words.name("sources", entry.said.source),
            "author": entry.said.author,
            "holds": words.say("progress.yes" if book.holds(entry) else "progress.no"),
        }
        for entry in entries
    ]
    frame = pd.DataFrame(rows)
    return frame.rename(columns={name: words.say(f"entries.column.{name}") for name in frame})


def _undo(workspace: Workspace, batch: str, book: ProgressBook, words: Words) -> None:
    """Take a table back as one."""
    author = str(st.session_state.get("entries_back_author", "")).strip()
    remark = str(st.session_state.get("entries_back_remark", "")).strip()
    st.session_state[records.AUTHOR] = author
    lines = [entry.line for entry in book.batches.get(batch, ())]
    kept = records.attempt(
        FORM,
        words.lang,
        lambda: records.journal(workspace).withdraw_all(
            batch, author=author, remark=remark, seen=_seen(book, lines)
        ),
        words.say("entries.undone"),
    )
    if kept:
        st.session_state[BACK_ROUND] = st.session_state.get(BACK_ROUND, 0) + 1


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
