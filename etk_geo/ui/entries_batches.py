"""Tables of progress entries that were entered, and taking one of them back."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from etk_geo.progress import Act, Entry, ProgressBook
from etk_geo.ui import records
from etk_geo.ui.entries_intake import FORM, newest
from etk_geo.ui.grid import show_grid
from etk_geo.ui.record_form import entry_text
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

BACK_ROUND = "entries_back_round"


def show_batches(workspace: Workspace, book: ProgressBook, words: Words) -> None:
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
            batch, author=author, remark=remark, seen=newest(book, lines)
        ),
        words.say("entries.undone"),
    )
    if kept:
        st.session_state[BACK_ROUND] = st.session_state.get(BACK_ROUND, 0) + 1
