"""Recording progress: a form for what is new, the history, corrections and undoing.

A form carries the entries that were shown with it, so that the journal can tell whether somebody
else has entered something in between.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import streamlit as st

from etk_geo.i18n import text
from etk_geo.intake.partial_date import parse_date
from etk_geo.progress import Act, Draft, Entry, Journal, ProgressBook, Status, Topic
from etk_geo.ui import records
from etk_geo.ui.grid import plain, show_list
from etk_geo.wording import Words
from etk_geo.workspace import Workspace

FIELDS = ("year", "status", "value", "date", "source", "author", "remark")


def show_record(
    workspace: Workspace, book: ProgressBook, topic: Topic, subject: str, words: Words
) -> None:
    """Draw the form, the history, and what can be done about an entry of it.

    Parameters
    ----------
    workspace
        The project folder that the entries belong to.
    book
        The entries as they are shown.
    topic, subject
        The status of this project, or the actual values of this target.
    words
        Language and names.
    """
    form = _Form(workspace, book, topic, subject, words)
    key = form.key("new")
    records.show_outcome(key)
    with st.expander(words.say(f"record.new_{topic}"), icon=":material/edit_note:"):
        form.show("new", words.say("record.keep"), form.enter, Draft(topic, subject))
    history = book.history(topic, subject)
    st.markdown(f"**{words.say('record.history')}**")
    if not history:
        st.info(words.say("progress.none"))
        return
    show_list(_rows(history[::-1], book, words), words.say("record.history"))
    _show_changes(form, [entry for entry in reversed(history) if book.can_withdraw(entry)])


def _show_changes(form: _Form, entries: list[Entry]) -> None:
    """Draw what can be corrected or undone."""
    words = form.words
    records.show_outcome(form.key("change"))
    if not entries:
        return
    with st.expander(words.say("record.change"), icon=":material/undo:"):
        st.caption(words.say("record.change_about"))
        by_id = {entry.id: entry for entry in entries}
        chosen = st.selectbox(
            words.say("progress.column.entry"),
            list(by_id),
            format_func=lambda name: _line(by_id[name], words),
            key=form.key("chosen"),
            filter_mode=None,
        )
        entry = by_id[chosen]
        if entry.act is not Act.WITHDRAW:
            form.show(
                f"correct_{entry.id}",
                words.say("record.correct"),
                lambda draft, said: form.correct(entry.id, draft, said),
                replace(entry.said, remark="", author=""),
            )
        with st.form(form.key(f"undo_{entry.id}"), border=False):
            author = form.author(f"undo_{entry.id}")
            st.form_submit_button(
                words.say("record.undo"),
                icon=":material/undo:",
                on_click=form.undo,
                args=(entry.id, author),
            )


class _Form:
    """The form of one project or target; ``seen`` is what the reader has before them."""

    def __init__(
        self, workspace: Workspace, seen: ProgressBook, topic: Topic, subject: str, words: Words
    ) -> None:
        self.journal: Journal = records.journal(workspace)
        self.seen = seen
        self.topic = topic
        self.subject = subject
        self.words = words

    def key(self, name: str) -> str:
        return f"record_{self.topic}_{self.subject}_{name}"

    def show(self, name: str, button: str, act: Callable[[Draft, str], None], start: Draft) -> None:
        """Draw the fields; ``act`` gets the draft when the button is pressed."""
        words = self.words
        fields: dict[str, str] = {}
        with st.form(self.key(name), border=False):
            left, right = st.columns(2)
            for field in FIELDS:
                if self._asks(field):
                    column = left if field in ("year", "status", "value", "date") else right
                    with column:
                        fields[field] = self._field(name, field, start)
            st.form_submit_button(
                button,
                icon=":material/save:",
                type="primary",
                on_click=lambda: act(self._draft(fields), words.say("record.kept")),
            )

    def _asks(self, field: str) -> bool:
        status = self.topic is Topic.STATUS
        return not (field in ("year", "value") if status else field == "status")

    def _field(self, name: str, field: str, start: Draft) -> str:
        """Draw one field and return its session key."""
        words = self.words
        key = self.key(f"{name}_{field}")
        label = words.say(f"progress.column.{field}")
        if field == "author":
            return self.author(name)
        if field == "status":
            options = list(Status)
            st.selectbox(
                label,
                options,
                index=options.index(start.status) if start.status else 1,
                format_func=lambda code: words.code("progress", code),
                key=key,
                filter_mode=None,
            )
            return key
        unit = ""
        if field == "value":
            row = words.row("targets", self.subject) or {}
            unit = words.code("unit", row.get("unit"))
        value = getattr(start, field)
        st.text_input(
            f"{label}（{unit}）" if unit and words.lang == "zh" else f"{label} {unit}".strip(),
            value=_shown(field, value),
            key=key,
            placeholder=words.say(f"record.{field}_hint"),
        )
        return key

    def author(self, name: str) -> str:
        """Draw the field of who enters; the session remembers the last one."""
        key = self.key(f"{name}_author")
        st.text_input(
            self.words.say("progress.column.author"),
            value=st.session_state.get(records.AUTHOR, ""),
            key=key,
            placeholder=self.words.say("record.author_hint"),
        )
        return key

    def _draft(self, fields: dict[str, str]) -> Draft:
        """Return what the fields hold; what cannot be read stays, for the journal to refuse."""
        typed: dict[str, Any] = {n: st.session_state.get(k, "") for n, k in fields.items()}
        st.session_state[records.AUTHOR] = typed.get("author", "")
        values: dict[str, Any] = {
            name: str(typed[name]).strip() for name in ("source", "author", "remark")
        }
        day = str(typed["date"]).strip()
        values["date"] = parse_date(day) or day
        if self.topic is Topic.STATUS:
            values["status"] = Status(typed["status"])
        else:
            values["year"] = _year(typed["year"])
            values["value"] = _number(typed["value"])
        return Draft(self.topic, self.subject, **values)

    def enter(self, draft: Draft, done: str) -> None:
        """Enter what is new."""
        kept = records.attempt(
            self.key("new"),
            self.words.lang,
            lambda: self.journal.enter(draft, seen=self.seen.newest(draft.line)),
            done,
        )
        if kept:
            for field in ("year", "value", "date", "remark"):
                st.session_state.pop(self.key(f"new_{field}"), None)

    def correct(self, entry: str, draft: Draft, done: str) -> None:
        """Say something in place of an entry."""
        records.attempt(
            self.key("change"),
            self.words.lang,
            lambda: self.journal.correct(entry, draft, seen=self.seen.newest(draft.line)),
            done,
        )

    def undo(self, entry: str, author: str) -> None:
        """Take an entry back."""
        found = self.seen.entry(entry)
        newest = self.seen.newest(found.line) if found else ""
        name = str(st.session_state.get(author, "")).strip()
        st.session_state[records.AUTHOR] = name
        records.attempt(
            self.key("change"),
            self.words.lang,
            lambda: self.journal.withdraw(entry, author=name, seen=newest),
            self.words.say("record.undone"),
        )


def _shown(field: str, value: Any) -> str:
    if value is None or (field == "year" and not value):
        return ""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _year(typed: Any) -> int:
    digits = str(typed).strip()
    return int(digits) if digits.isdecimal() and len(digits) < 7 else 0


def _number(typed: Any) -> float | None:
    digits = str(typed).strip().replace(",", "").replace("，", "")
    if not digits:
        return None
    try:
        return float(digits)
    except ValueError:
        return float("nan")


def _line(entry: Entry, words: Words) -> str:
    """Return an entry in one line, for choosing."""
    act = words.say(f"progress.act.{entry.act}")
    return words.say("mark.gap").join(
        part
        for part in (entry_text(entry.said, words), entry.said.date, act, entry.entered_on)
        if part
    )


def entry_text(said: Draft, words: Words) -> str:
    """Return what an entry says: the status, or the year and the value."""
    if said.topic is Topic.STATUS:
        return words.code("progress", said.status)
    row = words.row("targets", said.subject) or {}
    amount = words.quantity(words.amount(said.value), str(row.get("unit") or ""))
    return text("record.year_value", words.lang, year=said.year, value=amount)


def _rows(entries: tuple[Entry, ...], book: ProgressBook, words: Words) -> pd.DataFrame:
    rows = [
        {
            "act": words.say(f"progress.act.{entry.act}"),
            "said": entry_text(entry.said, words),
            "date": entry.said.date,
            "source": words.name("sources", entry.said.source),
            "author": words.say("progress.shipped") if entry.is_shipped else entry.said.author,
            "remark": entry.remark(words.lang),
            "entered_at": entry.entered_at[:16].replace("T", " "),
            "holds": words.say("progress.yes" if book.holds(entry) else "progress.no"),
        }
        for entry in entries
    ]
    frame = pd.DataFrame(rows)
    headings = {n: words.say(f"progress.column.{n}") for n in frame if n != "said"}
    return frame.rename(columns={**headings, "said": words.say("record.said")})


def status_line(entry: Entry | None, words: Words) -> str:
    """Return a project's status with its date, or that there is no progress data."""
    if entry is None:
        return words.say("progress.none")
    said = words.code("progress", entry.said.status)
    return words.say("record.dated", what=said, date=entry.said.date) if entry.said.date else said


def show_status_source(entry: Entry | None, words: Words) -> None:
    """Say where a status comes from."""
    if entry is not None:
        source = plain(words.name("sources", entry.said.source))
        st.caption(words.say("record.from", source=source, day=entry.entered_on))
