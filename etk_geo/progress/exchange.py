"""Entries as tables: taken in from CSV and XLSX with a message per bad row, and given out again."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from etk_geo.errors import RecordError
from etk_geo.exports import table_csv
from etk_geo.i18n import text
from etk_geo.intake.numerals import narrow, parse_number
from etk_geo.intake.partial_date import parse_date
from etk_geo.intake.upload import open_upload
from etk_geo.model import LANGS, Issue, Lang
from etk_geo.plan import Plan
from etk_geo.progress.book import ProgressBook
from etk_geo.progress.checks import check_draft
from etk_geo.progress.entry import Act, Draft, Entry, Status, Topic
from etk_geo.wording import Words

COLUMNS = (
    "id",
    "name",
    "year",
    "status",
    "value",
    "unit",
    "date",
    "source",
    "author",
    "remark",
    "entered_at",
    "act",
    "holds",
    "entry",
    "corrects",
)
"""What an exported table holds; a table taken in needs ``id`` or ``name``, ``status`` or ``value``,
and may leave out the rest."""

WIDTHS = {"id": 24, "name": 36, "source": 32, "remark": 40, "entered_at": 22, "entry": 20}


@dataclass(frozen=True)
class Intake:
    """What a table of entries holds.

    ``drafts`` are sound and new, ``corrections`` are sound and differ from a value that holds
    (``draft``, then the entry that it would replace); ``issues`` name the rows that are not sound;
    ``known`` counts rows that say what is known already, ``past`` those that do not hold any more.
    """

    drafts: tuple[Draft, ...]
    corrections: tuple[tuple[Draft, Entry], ...]
    issues: tuple[Issue, ...]
    known: int
    past: int


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
    """
    with open_upload([(name, content)]) as upload:
        raw = upload.read()
    columns = _columns(tuple(map(str, raw.attributes.columns)), name)
    reader = _Rows(name, plan, author, today)
    drafts: list[Draft] = []
    corrections: list[tuple[Draft, Entry]] = []
    issues: list[Issue] = []
    known = past = 0
    cells = raw.attributes.rename(columns=columns).fillna("").to_dict("records")
    for where, row in zip(raw.labels, cells, strict=True):
        values = {str(key): str(cell).strip() for key, cell in row.items()}
        if _is_past(values):
            past += 1
            continue
        draft, found = reader.draft(values)
        if draft is None or found:
            issues.extend(replace(issue, file=name, where=where) for issue in found)
            continue
        held = book.holding(draft.line)
        if any(_says_the_same(draft, entry.said) for entry in held) or draft in drafts:
            known += 1
        elif draft.topic is Topic.ACTUAL and held:
            corrections.append((draft, held[-1]))
        elif any(draft.line == other.line for other in drafts if draft.topic is Topic.ACTUAL):
            issues.append(Issue(name, where, "ETK916", {"found": f"{draft.value:.12g}"}))
        else:
            drafts.append(draft)
    return Intake(tuple(drafts), tuple(corrections), tuple(issues), known, past)


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
        self._file = file
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
            return None, [Issue(self._file, "", code, detail)]
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
        return Issue(self._file, column, "ETK912", detail)

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
            issues.append(Issue(self._file, "value", "ETK918", {"found": named, "unit": unit}))
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


def export_entries(entries: Sequence[Entry], book: ProgressBook, words: Words, form: str) -> bytes:
    """Return entries as a table that :func:`read_entries` takes back.

    Parameters
    ----------
    entries
        In the order of the rows.
    book
        Says which of them hold.
    words
        Language and names.
    form
        ``csv`` or ``xlsx``.
    """
    rows = [dict(zip(COLUMNS, cells, strict=True)) for cells in _cells(entries, book, words)]
    frame = pd.DataFrame(rows, columns=list(COLUMNS), dtype="object")
    headers = [words.say(f"progress.column.{name}") for name in COLUMNS]
    if form == "csv":
        return table_csv(frame, headers)
    return _workbook(frame, headers, words.lang)


def _cells(
    entries: Sequence[Entry], book: ProgressBook, words: Words
) -> Iterator[tuple[object, ...]]:
    units = dict(zip(words.plan.targets["id"], words.plan.targets["unit"], strict=True))
    for entry in entries:
        said = entry.said
        status = said.topic is Topic.STATUS
        yield (
            said.subject,
            words.name("projects" if status else "targets", said.subject),
            said.year or None,
            words.code("progress", said.status) if status else "",
            said.value,
            "" if status else words.code("unit", units.get(said.subject)),
            said.date,
            words.name("sources", said.source),
            said.author,
            entry.remark(words.lang),
            entry.entered_at,
            words.say(f"progress.act.{entry.act}"),
            words.say("progress.yes" if book.holds(entry) else "progress.no"),
            entry.id,
            entry.corrects,
        )


def _workbook(frame: pd.DataFrame, headers: Sequence[str], lang: Lang) -> bytes:
    book = Workbook()
    sheet = book.active
    if sheet is None:  # pragma: no cover - a new workbook has a sheet
        raise RuntimeError
    sheet.title = text("progress.sheet", lang)
    sheet.append(list(headers))
    for row in frame.itertuples(index=False, name=None):
        sheet.append([None] * len(headers))
        for number, value in enumerate(row, start=1):
            cell = sheet.cell(sheet.max_row, number)
            if isinstance(value, str):
                cell.value = value or None
                if value:
                    cell.data_type = "s"  # a text that begins with "=" is no formula
            else:
                cell.value = value
    for number, name in enumerate(frame.columns, start=1):
        sheet.cell(1, number).font = Font(bold=True)
        sheet.cell(1, number).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(str(name), 12)
    sheet.freeze_panes = "C2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
