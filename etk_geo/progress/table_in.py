"""Tables of entries taken in from CSV and XLSX: row by row what it says, or what is wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

import pandas as pd

from etk_geo.errors import RecordError
from etk_geo.i18n import text
from etk_geo.intake.numerals import narrow, parse_number
from etk_geo.intake.partial_date import parse_date
from etk_geo.intake.upload import open_upload
from etk_geo.model import LANGS, Issue
from etk_geo.plan import Plan
from etk_geo.progress.book import ProgressBook
from etk_geo.progress.checks import check_draft
from etk_geo.progress.columns import COLUMNS
from etk_geo.progress.entry import Act, Draft, Entry, Status, Topic

SAYS_SOMETHING = ("status", "value", "date", "source", "remark")
"""Columns of which a row that is to be read fills in one; the others may be filled in already."""


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    CORRECTION = "correction"
    KNOWN = "known"
    PAST = "past"
    WRONG = "wrong"


@dataclass(frozen=True)
class ReadRow:
    """A row of a table of entries.

    Parameters
    ----------
    where
        Its place in the file.
    outcome
        What becomes of it.
    name
        The project or target as the row names it.
    draft
        What it says; ``None`` where that cannot be read.
    replaces
        The entry that a correction replaces.
    issues
        What is wrong with it.
    """

    where: str
    outcome: Outcome
    name: str
    draft: Draft | None = None
    replaces: Entry | None = None
    issues: tuple[Issue, ...] = ()


@dataclass(frozen=True)
class Intake:
    """What a table of entries holds; ``blank`` counts the rows that were not filled in."""

    rows: tuple[ReadRow, ...]
    blank: int

    def of(self, outcome: Outcome) -> tuple[ReadRow, ...]:
        """Return the rows of which the same becomes."""
        return tuple(row for row in self.rows if row.outcome is outcome)

    @property
    def drafts(self) -> tuple[Draft, ...]:
        """What is sound and new."""
        return tuple(row.draft for row in self.of(Outcome.NEW) if row.draft)

    @property
    def corrections(self) -> tuple[tuple[Draft, Entry], ...]:
        """What is sound and differs from a value that holds, and that value's entry."""
        rows = self.of(Outcome.CORRECTION)
        return tuple((row.draft, row.replaces) for row in rows if row.draft and row.replaces)

    @property
    def issues(self) -> tuple[Issue, ...]:
        """What is wrong, row by row."""
        return tuple(issue for row in self.rows for issue in row.issues)

    @property
    def wanted(self) -> tuple[Draft, ...]:
        """What entering the table adds: new values and corrections, in the order of the rows."""
        return tuple(
            row.draft
            for row in self.rows
            if row.draft and row.outcome in (Outcome.NEW, Outcome.CORRECTION)
        )


def read_entries(
    name: str, content: bytes, plan: Plan, book: ProgressBook, *, author: str, today: date
) -> Intake:
    """Read a CSV or XLSX table of entries.

    Headings and words for a status may be Chinese, English or the codes; a project or target is
    named by its id or its exact name. A row with a status is about a project, one with a value
    about a target.

    Parameters
    ----------
    name, content
        The file.
    plan, book
        What the rows can be about, and what is entered already.
    author
        Of the rows that name none.
    today
        Nothing may lie after this day.

    Raises
    ------
    IntakeError
        If the file cannot be read as a table.
    RecordError
        ETK917 if the columns that are needed are missing.

    Rows in which nothing is filled in but what a template holds are passed over.
    """
    with open_upload([(name, content)]) as upload:
        raw = upload.read()
    columns = _columns(tuple(map(str, raw.attributes.columns)), name)
    reader = _Rows(name, plan, author, today)
    rows: list[ReadRow] = []
    blank = 0
    cells = raw.attributes.rename(columns=columns).fillna("").to_dict("records")
    for where, row in zip(raw.labels, cells, strict=True):
        values = {str(key): str(cell).strip() for key, cell in row.items()}
        if any(values.get(column) for column in SAYS_SOMETHING):
            rows.append(_read(reader, values, where, book, rows))
        else:
            blank += 1
    return Intake(tuple(rows), blank)


def _read(
    reader: _Rows, values: Mapping[str, str], where: str, book: ProgressBook, above: list[ReadRow]
) -> ReadRow:
    """Return what becomes of a row, beside what is entered already and the rows above it."""
    named = values.get("name") or values.get("id") or ""
    if _is_past(values):
        return ReadRow(where, Outcome.PAST, named)
    draft, found = reader.draft(values)
    if draft is None or found:
        issues = tuple(replace(issue, file=reader.file, where=where) for issue in found)
        return ReadRow(where, Outcome.WRONG, named, draft, issues=issues)
    held = book.holding(draft.line)
    before = [row.draft for row in above if row.draft and row.outcome is not Outcome.WRONG]
    if draft in before or any(_says_the_same(draft, entry.said) for entry in held):
        return ReadRow(where, Outcome.KNOWN, named, draft)
    if draft.topic is Topic.ACTUAL and any(draft.line == other.line for other in before):
        issue = Issue(reader.file, where, "ETK916", {"found": f"{draft.value:.12g}"})
        return ReadRow(where, Outcome.WRONG, named, draft, issues=(issue,))
    if draft.topic is Topic.ACTUAL and held:
        return ReadRow(where, Outcome.CORRECTION, named, draft, held[-1])
    return ReadRow(where, Outcome.NEW, named, draft)


def _columns(found: Sequence[str], name: str) -> dict[str, str]:
    """Return the column that each heading of a file means."""
    headings = {
        spelling.casefold(): column
        for column in COLUMNS
        for spelling in (column, *(text(f"progress.column.{column}", lang) for lang in LANGS))
    }
    columns = {head: headings.get(narrow(head).casefold(), head) for head in found}
    meant = set(columns.values())
    if not meant & {"id", "name"} or not meant & {"status", "value"}:
        wanted = ", ".join(found)[:200]
        raise RecordError("ETK917", file=name, found=wanted)
    return columns


def _is_past(values: Mapping[str, str]) -> bool:
    return _is_word(values.get("holds", ""), "progress.no") or _is_word(
        values.get("act", ""), f"progress.act.{Act.WITHDRAW}"
    )


def _is_word(cell: str, key: str) -> bool:
    return cell.casefold() in {
        key.rpartition(".")[2],
        *(text(key, lang).casefold() for lang in LANGS),
    }


def _says_the_same(draft: Draft, said: Draft) -> bool:
    return replace(draft, author=said.author, remark=said.remark) == said


class _Rows:
    """Reads rows of cells as drafts."""

    def __init__(self, file: str, plan: Plan, author: str, today: date) -> None:
        self.file = file
        self._plan = plan
        self._author = author
        self._today = today
        self._statuses = _by_word({s: ("progress", s) for s in Status}, plan)
        self._projects = _by_name(plan.projects)
        self._targets = _by_name(plan.targets)
        self._units = dict(zip(plan.targets["id"], plan.targets["unit"], strict=True))
        self._sources = _by_name(plan.sources, "title")

    def draft(self, cells: Mapping[str, str]) -> tuple[Draft | None, list[Issue]]:
        """Return what a row says, or what is wrong with it."""
        given = {name: bool(cells.get(name)) for name in ("status", "value")}
        if given["status"] == given["value"]:
            column = "value" if given["value"] else "status"
            code = "ETK912" if given["value"] else "ETK913"
            detail = {"column": column, "found": cells.get(column, "")[:60]}
            return None, [Issue(self.file, "", code, detail)]
        topic = Topic.STATUS if given["status"] else Topic.ACTUAL
        names = self._projects if topic is Topic.STATUS else self._targets
        subject = _resolved(cells, names)
        issues: list[Issue] = []
        draft = Draft(
            topic,
            subject,
            year=0 if topic is Topic.STATUS else self._year(cells, issues),
            status=self._status(cells, issues) if topic is Topic.STATUS else None,
            value=None if topic is Topic.STATUS else self._value(cells, subject, issues),
            date=self._date(cells, issues),
            source=self._sources.get(cells.get("source", ""), cells.get("source", "")),
            author=cells.get("author") or self._author,
            remark=cells.get("remark", ""),
        )
        read = {issue.where for issue in issues}
        issues += [i for i in check_draft(draft, self._plan, self._today) if i.where not in read]
        return draft, issues

    def _unreadable(self, column: str, cells: Mapping[str, str]) -> Issue:
        detail = {"column": column, "found": cells.get(column, "")[:60]}
        return Issue(self.file, column, "ETK912", detail)

    def _year(self, cells: Mapping[str, str], issues: list[Issue]) -> int:
        cell = narrow(cells.get("year", "")).removesuffix("年")
        if cell and not (cell.isascii() and cell.isdecimal() and len(cell) == len("2025")):
            issues.append(self._unreadable("year", cells))
            return 0
        return int(cell) if cell else 0

    def _status(self, cells: Mapping[str, str], issues: list[Issue]) -> Status | None:
        status = self._statuses.get(cells["status"].casefold())
        if status is None:
            issues.append(self._unreadable("status", cells))
        return status

    def _value(self, cells: Mapping[str, str], target: str, issues: list[Issue]) -> float | None:
        cell = cells["value"]
        unit = self._units.get(target, "")
        named = narrow(cells.get("unit", ""))
        if named and unit and named not in self._unit_words(unit):
            issues.append(Issue(self.file, "value", "ETK918", {"found": named, "unit": unit}))
            return None
        number = parse_number(narrow(cell).removesuffix("%") if unit == "%" else cell)
        if number is None:
            issues.append(self._unreadable("value", cells))
        return number

    def _unit_words(self, unit: str) -> set[str]:
        return {unit, *(narrow(self._plan.word("unit", unit, lang)) for lang in LANGS)}

    def _date(self, cells: Mapping[str, str], issues: list[Issue]) -> str:
        cell = cells.get("date", "")
        # A spreadsheet may write a day with a time.
        parsed = parse_date(cell.partition(" 00:00")[0]) if cell else ""
        if parsed is None:
            issues.append(self._unreadable("date", cells))
            return ""
        return parsed


def _by_word(codes: Mapping[Status, tuple[str, str]], plan: Plan) -> dict[str, Status]:
    return {
        spelling.casefold(): status
        for status, (domain, code) in codes.items()
        for spelling in (code, *(plan.word(domain, code, lang) for lang in LANGS))
    }


def _by_name(table: pd.DataFrame, stem: str = "name") -> dict[str, str]:
    """Return ids by id and by every name that only one row has."""
    spellings: dict[str, set[str]] = {}
    for lang in LANGS:
        for identifier, name in zip(table["id"], table[f"{stem}_{lang}"], strict=True):
            spellings.setdefault(name, set()).add(identifier)
    unique = {name: min(ids) for name, ids in spellings.items() if len(ids) == 1}
    return {**unique, **{identifier: identifier for identifier in table["id"]}}


def _resolved(cells: Mapping[str, str], names: Mapping[str, str]) -> str:
    for column in ("id", "name"):
        if cells.get(column) in names:
            return names[cells[column]]
    return cells.get("id") or cells.get("name") or ""
