"""Entries written and read: nothing is overwritten, and nobody writes over another unknowingly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Float,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    func,
    insert,
    select,
    text,
)
from sqlalchemy.exc import IntegrityError

from etk_geo.database import METADATA, Database, Room
from etk_geo.errors import RecordError
from etk_geo.plan import Plan
from etk_geo.progress.book import ProgressBook, merged
from etk_geo.progress.checks import check_draft, check_texts
from etk_geo.progress.entry import Act, Draft, Entry, Line, Status, Topic
from etk_geo.progress.shipped import shipped_entries

ENTRIES = Table(
    "progress_entries",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("topic", String(20), nullable=False),
    Column("subject", String(200), nullable=False),
    Column("year", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("act", String(20), nullable=False),
    Column("corrects", String(200), nullable=False),
    Column("status", String(20)),
    Column("value", Float(53)),
    Column("date", String(10), nullable=False),
    Column("source", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("remark", Text, nullable=False),
    Column("entered_at", String(20), nullable=False),
    Column("batch", Text, nullable=False, server_default=""),
    # Two entries that both take themselves for the next about one thing: one of them is refused.
    UniqueConstraint("topic", "subject", "year", "revision"),
)


def _add_batch(connection: Connection) -> None:
    """Let entries name the table with which they came (version 2)."""
    connection.execute(
        text("ALTER TABLE progress_entries ADD COLUMN batch TEXT NOT NULL DEFAULT ''")
    )


PROGRESS = Room("progress", [ENTRIES], [_add_batch])

NAME_LONGEST = 200
"""Characters of a file's name that are kept."""


class Journal:
    """The progress of one project folder.

    Parameters
    ----------
    database
        Where the users' entries are kept.
    plan
        The projects and targets that entries can be about, and the program's own entries.
    clock
        Gives the moment of an entry.
    """

    def __init__(self, database: Database, plan: Plan, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._plan = plan
        self._clock = clock

    @property
    def place(self) -> str:
        """Where the users' entries are kept, for messages."""
        return self._database.place

    def book(self) -> ProgressBook:
        """Return all entries, the program's and the users'.

        Raises
        ------
        DatabaseError
            If the records cannot be read.
        """
        with self._database.reading(PROGRESS) as connection:
            return self._book(connection)

    def mark(self) -> tuple[int, int]:
        """Return what changes with every entry: their number and the newest id."""
        with self._database.reading(PROGRESS) as connection:
            found = connection.execute(select(func.count(), func.max(ENTRIES.c.id))).one()
        return int(found[0]), int(found[1] or 0)

    def enter(self, draft: Draft, *, seen: str) -> Entry:
        """Add what a draft says.

        Parameters
        ----------
        draft
            What is to be entered.
        seen
            Id of the newest entry about the same thing that the author has seen (see
            ``ProgressBook.newest``), empty for none.

        Raises
        ------
        RecordError
            ETK910 if somebody has entered something meanwhile; ETK911-914 what is wrong with the
            draft, the others in ``more``; ETK916 if the year has a value already, which can be
            corrected. Nothing is kept then.
        DatabaseError
            If the records cannot be written.
        """
        return self._add(Act.ENTER, "", draft, seen)

    def correct(self, entry: str, draft: Draft, *, seen: str) -> Entry:
        """Say something in place of an entry, which stays in the history.

        Raises
        ------
        RecordError
            As :meth:`enter`; ETK915 if the entry does not hold any more or is about another thing.
        """
        return self._add(Act.CORRECT, entry, draft, seen)

    def withdraw(self, entry: str, *, author: str, remark: str = "", seen: str) -> Entry:
        """Take an entry back; what it had corrected holds again.

        Raises
        ------
        RecordError
            As :meth:`enter`; ETK915 if the entry cannot be taken back (any more).
        """
        found = self.book().entry(entry)
        if found is None:
            raise RecordError("ETK915", where=entry)
        draft = replace(found.said, author=author, remark=remark, source=found.said.source)
        return self._add(Act.WITHDRAW, entry, draft, seen)

    def enter_all(
        self, drafts: Iterable[Draft], *, seen: Mapping[Line, str] | None = None, table: str = ""
    ) -> list[Entry]:
        """Add several drafts in one transaction: all of them, or none.

        A draft for a year that has a value corrects it.

        Parameters
        ----------
        drafts
            What is to be entered.
        seen
            The newest entry about each thing that the author has seen; ``None`` does not ask.
        table
            Name of the file that they are from: they can then be taken back as one.

        Raises
        ------
        RecordError
            What is wrong with the first unsound draft; ETK910 if somebody entered something about
            one of the same things meanwhile, or at the same moment.
        """
        return self._together(lambda connection: self._add_all(connection, drafts, seen, table))

    def withdraw_all(
        self, batch: str, *, author: str, remark: str = "", seen: Mapping[Line, str]
    ) -> list[Entry]:
        """Take back every entry of a table that still holds, in one transaction.

        What was corrected or taken back since stays as it is. The withdrawals are a batch of their
        own, which can be taken back in turn.

        Parameters
        ----------
        batch
            As ``ProgressBook.batches`` names it.
        seen
            As for :meth:`enter_all`.

        Raises
        ------
        RecordError
            ETK915 if nothing of it can be taken back; otherwise as :meth:`enter_all`.
        """
        return self._together(
            lambda connection: self._withdraw_all(connection, batch, (author, remark), seen)
        )

    def _together(self, act: Callable[[Connection], list[Entry]]) -> list[Entry]:
        try:
            with self._database.writing(PROGRESS) as connection:
                return act(connection)
        except IntegrityError:
            raise RecordError("ETK910", author="—", at=self._moment()) from None

    def _add_all(
        self,
        connection: Connection,
        drafts: Iterable[Draft],
        seen: Mapping[Line, str] | None,
        table: str,
    ) -> list[Entry]:
        entries: list[Entry] = []
        book = self._book(connection)
        batch = self._new_batch(book, table[-NAME_LONGEST:]) if table else ""
        self._require_all_seen(book, seen or {})
        for draft in drafts:
            self._require_sound(draft, Act.ENTER)
            held = book.holding(draft.line) if draft.topic is Topic.ACTUAL else ()
            act, corrects = (Act.CORRECT, held[-1].id) if held else (Act.ENTER, "")
            entry = self._insert(connection, book, act, corrects, draft, batch)
            book = ProgressBook((*book.entries, entry))
            entries.append(entry)
        return entries

    def _withdraw_all(
        self,
        connection: Connection,
        batch: str,
        signed: tuple[str, str],
        seen: Mapping[Line, str],
    ) -> list[Entry]:
        entries: list[Entry] = []
        author, remark = signed
        book = self._book(connection)
        self._require_all_seen(book, seen)
        undoing = self._new_batch(book, batch.partition(" ")[2])
        for found in reversed(book.batches.get(batch, ())):
            if not book.can_withdraw(found):
                continue
            draft = replace(found.said, author=author, remark=remark)
            self._require_sound(draft, Act.WITHDRAW)
            entry = self._insert(connection, book, Act.WITHDRAW, found.id, draft, undoing)
            book = ProgressBook((*book.entries, entry))
            entries.append(entry)
        if not entries:
            raise RecordError("ETK915", where=batch)
        return entries

    def _require_all_seen(self, book: ProgressBook, seen: Mapping[Line, str]) -> None:
        for line, newest in seen.items():
            self._require_newest(book, line, newest)

    def _add(self, act: Act, corrects: str, draft: Draft, seen: str) -> Entry:
        self._require_sound(draft, act)
        try:
            with self._database.writing(PROGRESS) as connection:
                book = self._book(connection)
                self._require_newest(book, draft.line, seen)
                _require_possible(book, act, corrects, draft)
                return self._insert(connection, book, act, corrects, draft)
        except IntegrityError:
            # On a server another writer can come in between reading and writing.
            book = self.book()
            self._require_newest(book, draft.line, seen)
            raise

    def _require_sound(self, draft: Draft, act: Act) -> None:
        # What an entry said that is taken back need not fit the plan of today.
        taken_back = act is Act.WITHDRAW
        issues = (
            list(check_texts(draft))
            if taken_back
            else check_draft(draft, self._plan, self._today())
        )
        if issues:
            first, *more = [RecordError(i.code, where=i.where, **i.detail) for i in issues]
            first.more = tuple(more)
            raise first

    def _require_newest(self, book: ProgressBook, line: Line, seen: str) -> None:
        newest = book.newest(line)
        if newest != seen:
            other = book.entry(newest)
            author = other.said.author if other else ""
            at = other.entered_at if other else ""
            raise RecordError("ETK910", where=newest, author=author or "—", at=at)

    def _insert(
        self,
        connection: Connection,
        book: ProgressBook,
        act: Act,
        corrects: str,
        draft: Draft,
        batch: str = "",
    ) -> Entry:
        # Counted in what was looked at before: whoever comes in between makes the number taken.
        own = [entry for entry in book.line(draft.line) if not entry.is_shipped]
        moment = self._moment()
        row = {
            **{name: getattr(draft, name) for name in DRAFT_COLUMNS},
            "act": act,
            "corrects": corrects,
            "revision": len(own) + 1,
            "entered_at": moment,
            "batch": batch,
        }
        added = connection.execute(insert(ENTRIES).values(**row).returning(ENTRIES.c.id))
        return Entry(str(added.scalar_one()), act, corrects, draft, moment, batch=batch)

    def _book(self, connection: Connection) -> ProgressBook:
        rows = connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)).mappings()
        return merged(shipped_entries(self._plan), map(_entry, rows))

    def _new_batch(self, book: ProgressBook, table: str) -> str:
        """Return a name for entries made as one, unlike those there are in the same second."""
        moment = self._moment()
        marks = ("", *(f"#{number}" for number in range(2, len(book.batches) + 3)))
        names = (f"{moment}{mark} {table}" for mark in marks)
        return next(name for name in names if name not in book.batches)

    def _moment(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def _today(self) -> date:
        return self._clock().astimezone().date()


DRAFT_COLUMNS = (
    "topic",
    "subject",
    "year",
    "status",
    "value",
    "date",
    "source",
    "author",
    "remark",
)


def _require_possible(book: ProgressBook, act: Act, corrects: str, draft: Draft) -> None:
    if act is Act.ENTER:
        held: Sequence[Entry] = book.holding(draft.line) if draft.topic is Topic.ACTUAL else ()
        if held:
            raise RecordError("ETK916", where=held[-1].id, found=f"{held[-1].said.value:.12g}")
        return
    entry = book.entry(corrects)
    possible = entry is not None and entry.line == draft.line
    if entry is not None and possible:
        possible = book.can_withdraw(entry) if act is Act.WITHDRAW else book.holds(entry)
    if not possible:
        raise RecordError("ETK915", where=corrects)


def _entry(row: Any) -> Entry:
    said = {name: row[name] for name in DRAFT_COLUMNS}
    said["topic"] = Topic(said["topic"])
    said["status"] = None if said["status"] is None else Status(said["status"])
    return Entry(
        str(row["id"]),
        Act(row["act"]),
        row["corrects"],
        Draft(**said),
        row["entered_at"],
        batch=row["batch"],
    )
