"""What the entries say together: which hold, what the status was on a day, the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from etk_geo.progress.entry import Act, Entry, Line, Topic


@dataclass(frozen=True)
class ProgressBook:
    """All entries, oldest first; those that come with the program before the users' own.

    An entry holds unless it was withdrawn, or corrected by an entry that was not withdrawn: to
    withdraw a correction brings back what it had replaced.
    """

    entries: tuple[Entry, ...]

    @cached_property
    def _by_id(self) -> Mapping[str, Entry]:
        return {entry.id: entry for entry in self.entries}

    @cached_property
    def _lines(self) -> Mapping[Line, tuple[Entry, ...]]:
        lines: dict[Line, list[Entry]] = {}
        for entry in self.entries:
            lines.setdefault(entry.line, []).append(entry)
        return {line: tuple(entries) for line, entries in lines.items()}

    @cached_property
    def _ended(self) -> Mapping[str, Entry]:
        """The entry that ends another one, by the id of the one that is ended."""
        ended: dict[str, Entry] = {}
        # An entry names an earlier one, so that what ends it is known when it is reached.
        for entry in reversed(self.entries):
            withdrawn = entry.id in ended and ended[entry.id].act is Act.WITHDRAW
            if entry.act is not Act.ENTER and not withdrawn:
                ended.setdefault(entry.corrects, entry)
        return ended

    def entry(self, identifier: str) -> Entry | None:
        """Return an entry by its id."""
        return self._by_id.get(identifier)

    def line(self, line: Line) -> tuple[Entry, ...]:
        """Return every entry about one thing, oldest first."""
        return self._lines.get(line, ())

    def newest(self, line: Line) -> str:
        """Return the id of the newest entry about one thing, empty where there is none."""
        entries = self.line(line)
        return entries[-1].id if entries else ""

    def ended_by(self, entry: Entry) -> Entry | None:
        """Return the entry that corrected or withdrew this one, if that still counts."""
        return self._ended.get(entry.id)

    def holds(self, entry: Entry) -> bool:
        """Return whether what an entry says still holds."""
        return entry.act is not Act.WITHDRAW and entry.id not in self._ended

    def holding(self, line: Line) -> tuple[Entry, ...]:
        """Return the entries about one thing that hold, oldest first."""
        return tuple(entry for entry in self.line(line) if self.holds(entry))

    def can_withdraw(self, entry: Entry) -> bool:
        """Return whether an entry can be taken back.

        What holds can be; a withdrawal itself only as long as nothing has been entered after it.
        """
        if entry.act is Act.WITHDRAW:
            return self.newest(entry.line) == entry.id
        return self.holds(entry)

    def status(self, project: str, as_of: date) -> Entry | None:
        """Return what a project's status was on a day, ``None`` where nothing is known.

        It is the latest status that certainly held by then; of several with one date the one
        entered last.
        """
        holding = self.holding(Line(Topic.STATUS, project, 0))
        reached = [entry for entry in reversed(holding) if entry.known_by <= as_of]
        return max(reached, key=lambda entry: entry.known_by, default=None)

    def actuals(self, target: str, through: int | None = None) -> dict[int, Entry]:
        """Return the actual values of a target by year, to the year ``through``.

        Where an entry of the program and one of the users stand side by side, theirs is taken.
        """
        found: dict[int, Entry] = {}
        for line in self._lines:
            if line.topic is Topic.ACTUAL and line.subject == target:
                holding = self.holding(line)
                if holding and (through is None or line.year <= through):
                    found[line.year] = holding[-1]
        return dict(sorted(found.items()))

    def history(self, topic: Topic, subject: str) -> tuple[Entry, ...]:
        """Return every entry about a project or target, oldest first, undone ones too."""
        wanted = (topic, subject)
        return tuple(e for e in self.entries if (e.said.topic, e.said.subject) == wanted)

    @cached_property
    def batches(self) -> Mapping[str, tuple[Entry, ...]]:
        """The tables that were entered as one, the newest first, each with its entries."""
        found: dict[str, list[Entry]] = {}
        for entry in self.entries:
            if entry.batch:
                found.setdefault(entry.batch, []).append(entry)
        return {batch: tuple(found[batch]) for batch in reversed(found)}

    def until(self, moment: str) -> ProgressBook:
        """Return the book as it stood at a moment (``2026-01-31`` or with a time, UTC)."""
        # An id names an earlier entry only, so that a beginning of the book is sound by itself.
        length = len(moment)
        return ProgressBook(tuple(e for e in self.entries if e.entered_at[:length] <= moment))


def merged(shipped: Iterable[Entry], own: Iterable[Entry]) -> ProgressBook:
    """Return the book of the program's entries and the users' own, in this order."""
    return ProgressBook((*shipped, *own))
