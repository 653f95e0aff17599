"""One entry of progress, and what a user fills in to make one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from etk_geo.intake.partial_date import last_day
from etk_geo.model import Lang

SHIPPED = "data:"
"""What the id of an entry begins with that comes from ``data/progress/``."""


class Topic(StrEnum):
    """What an entry is about."""

    STATUS = "status"
    ACTUAL = "actual"


class Act(StrEnum):
    """What an entry does: says something, says it in place of another entry, or takes one back."""

    ENTER = "enter"
    CORRECT = "correct"
    WITHDRAW = "withdraw"


class Status(StrEnum):
    """How far a project is."""

    NOT_STARTED = "not_started"
    UNDER_WAY = "under_way"
    DONE = "done"
    STOPPED = "stopped"


class Line(NamedTuple):
    """What entries can contradict each other about: a project's status, a target's year.

    ``subject`` is the id of a project or a target; ``year`` is 0 for a status.
    """

    topic: Topic
    subject: str
    year: int


@dataclass(frozen=True)
class Draft:
    """What a user fills in.

    Parameters
    ----------
    topic, subject
        A project's status or a target's actual value; the id of the project or target.
    year
        Of an actual value: the year it is for; 0 for a status.
    status
        Of a project; ``None`` for an actual value.
    value
        In the unit of the target; ``None`` for a status.
    date
        Since when the status holds, or when the value was published: ``2023``, ``2023-04`` or
        ``2023-04-03``; empty where unknown.
    source
        Where it is from: an id of ``data/facts/sources.csv`` or the user's own words.
    author
        Who enters it.
    remark
        Anything else; may be empty.
    """

    topic: Topic
    subject: str
    year: int = 0
    status: Status | None = None
    value: float | None = None
    date: str = ""
    source: str = ""
    author: str = ""
    remark: str = ""

    @property
    def line(self) -> Line:
        """What the draft is about."""
        return Line(self.topic, self.subject, self.year)


@dataclass(frozen=True)
class Entry:
    """An entry as it is kept; never changed afterwards.

    ``corrects`` is the id of the entry that this one replaces or takes back, else empty;
    ``entered_at`` is UTC, ``2026-01-31T08:00:00Z``. ``remark_en`` is only given for the entries
    that come with the program. ``batch`` names the table with which it came, empty for one that was
    entered by itself.
    """

    id: str
    act: Act
    corrects: str
    said: Draft
    entered_at: str
    remark_en: str = ""
    batch: str = ""

    @property
    def line(self) -> Line:
        """What the entry is about."""
        return self.said.line

    @property
    def is_shipped(self) -> bool:
        """Whether the entry comes with the program's data."""
        return self.id.startswith(SHIPPED)

    @property
    def known_by(self) -> date:
        """The day from which a status holds for certain, as far as the entry says."""
        return last_day(self.said.date) if self.said.date else date.fromisoformat(self.entered_on)

    @property
    def entered_on(self) -> str:
        """The day of entry, UTC."""
        return self.entered_at[:10]

    def remark(self, lang: Lang) -> str:
        """Return the remark, in ``lang`` where both languages are given."""
        return (self.remark_en if lang == "en" else "") or self.said.remark
