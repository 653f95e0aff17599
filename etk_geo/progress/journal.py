"""Entries written and read: nothing is overwritten, and nobody writes over another unknowingly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
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
    # Two entries that both take themselves for the next about one thing: one of them is refused.
    UniqueConstraint("topic", "subject", "year", "revision"),
)
PROGRESS = Room("progress", [ENTRIES])


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

    def enter_all(self, drafts: Iterable[Draft]) -> list[Entry]:
        """Add several drafts in one transaction: all of them, or none.

        A draft for a year that has a value corrects it.

        Raises
        ------
        RecordError
            What is wrong with the first unsound draft; ETK910 if somebody entered something about
            one of the same things at the same moment.
        """
        try:
            return self._add_all(drafts)
        except IntegrityError:
            raise RecordError("ETK910", author="—", at=self._moment()) from None

    def _add_all(self, drafts: Iterable[Draft]) -> list[Entry]:
        entries = []
        with self._database.writing(PROGRESS) as connection:
            book = self._book(connection)
            for draft in drafts:
                self._require_sound(draft, Act.ENTER)
                held = book.holding(draft.line) if draft.topic is Topic.ACTUAL else ()
                act, corrects = (Act.CORRECT, held[-1].id) if held else (Act.ENTER, "")
                entry = self._insert(connection, book, act, corrects, draft)
                book = ProgressBook((*book.entries, entry))
                entries.append(entry)
        return entries

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
        self, connection: Connection, book: ProgressBook, act: Act, corrects: str, draft: Draft
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
        }
        added = connection.execute(insert(ENTRIES).values(**row).returning(ENTRIES.c.id))
        return Entry(str(added.scalar_one()), act, corrects, draft, moment)

    def _book(self, connection: Connection) -> ProgressBook:
        rows = connection.execute(select(ENTRIES).order_by(ENTRIES.c.id)).mappings()
        return merged(shipped_entries(self._plan), map(_entry, rows))

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
    return Entry(str(row["id"]), Act(row["act"]), row["corrects"], Draft(**said), row["entered_at"])
