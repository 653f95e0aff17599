"""Entries given out as tables, and the empty table to be filled in."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from etk_geo.exports import table_csv
from etk_geo.i18n import text
from etk_geo.model import Lang
from etk_geo.plan import records
from etk_geo.progress.book import ProgressBook
from etk_geo.progress.columns import COLUMNS
from etk_geo.progress.entry import Entry, Line, Status, Topic
from etk_geo.wording import Words

WIDTHS = {
    "id": 24, "name": 36, "source": 32, "remark": 40, "entered_at": 22, "entry": 20, "held": 30
}  # fmt: skip

TEMPLATE = (
    "id", "name", "year", "status", "value", "unit", "date", "source", "author", "remark", "held"
)  # fmt: skip
"""Columns of the table to be filled in; ``held`` says what is entered already and is not read."""

FILLED_IN = ("year", "status", "value", "date", "source", "author", "remark")
NOT_HERE = PatternFill("solid", fgColor="E4E4E4")
"""Fill of a cell that has no place in its row: a target has no status, a project no value."""

AS_TEXT = "@"
"""Format of a cell that a spreadsheet is to leave alone: 2024-06 would become the first of June."""


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


def write_template(book: ProgressBook, words: Words, year: int, today: date) -> bytes:
    """Return an XLSX table with every project and target in it, to be filled in.

    Parameters
    ----------
    book
        Says what is entered already.
    words
        Language and names.
    year
        Of the actual values that are asked for.
    today
        The day of the statuses shown as entered.

    Returns
    -------
    content
        Rows left empty are passed over when the table is taken in.
    """
    frame = pd.DataFrame(
        [*_project_rows(book, words, today), *_target_rows(book, words, year)],
        columns=list(TEMPLATE),
        dtype="object",
    )
    headers = [words.say(f"progress.column.{name}") for name in TEMPLATE]
    workbook, sheet = _sheet(frame, headers, words.lang)
    projects = len(words.plan.projects)
    _prepare_cells(sheet, projects)
    if projects:
        _offer_statuses(sheet, projects, words)
    return _saved(workbook)


def _project_rows(book: ProgressBook, words: Words, today: date) -> Iterator[tuple[object, ...]]:
    for row in records(words.plan.projects):
        entry = book.status(row["id"], today)
        held = ""
        if entry is not None:
            held = f"{words.code('progress', entry.said.status)} {entry.said.date}".strip()
        blank = ("",) * len(FILLED_IN)
        _, status, value, *others = blank
        yield (row["id"], words.of(row, "name"), "", status, value, "", *others, held)


def _target_rows(book: ProgressBook, words: Words, year: int) -> Iterator[tuple[object, ...]]:
    for row in records(words.plan.targets):
        found = book.holding(Line(Topic.ACTUAL, row["id"], year))
        held = f"{year}: {found[-1].said.value:.12g}" if found else ""
        unit = words.code("unit", row["unit"])
        yield (row["id"], words.of(row, "name"), year, "", "", unit, "", "", "", "", held)


def _prepare_cells(sheet: Worksheet, projects: int) -> None:
    """Mark the cells that have no place in their row, and keep dates as they are typed."""
    for row in range(2, sheet.max_row + 1):
        of_project = row <= projects + 1
        for name in ("year", "value", "unit") if of_project else ("status",):
            sheet.cell(row, TEMPLATE.index(name) + 1).fill = NOT_HERE
        for name in ("date", "source", "author", "remark"):
            sheet.cell(row, TEMPLATE.index(name) + 1).number_format = AS_TEXT


def _offer_statuses(sheet: Worksheet, projects: int, words: Words) -> None:
    """Let a status be chosen from the list."""
    said = ",".join(words.code("progress", status) for status in Status)
    column = get_column_letter(TEMPLATE.index("status") + 1)
    offer = DataValidation(type="list", formula1=f'"{said}"', allow_blank=True)
    offer.add(f"{column}2:{column}{projects + 1}")
    sheet.add_data_validation(offer)


def _workbook(frame: pd.DataFrame, headers: Sequence[str], lang: Lang) -> bytes:
    workbook, _ = _sheet(frame, headers, lang)
    return _saved(workbook)


def _sheet(frame: pd.DataFrame, headers: Sequence[str], lang: Lang) -> tuple[Workbook, Worksheet]:
    """Return a workbook with a table in it: texts are texts, whatever they begin with."""
    book = Workbook()
    sheet: Any = book.active
    sheet.title = text("progress.sheet", lang)
    sheet.append(list(headers))
    for number, row in enumerate(frame.itertuples(index=False, name=None), start=2):
        for at, value in enumerate(row, start=1):
            _fill(sheet.cell(number, at), value)
    for at, name in enumerate(frame.columns, start=1):
        sheet.cell(1, at).font = Font(bold=True)
        sheet.cell(1, at).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.column_dimensions[get_column_letter(at)].width = WIDTHS.get(str(name), 12)
    sheet.freeze_panes = "C2"
    return book, sheet


def _fill(cell: Cell, value: object) -> None:
    if isinstance(value, str):
        cell.value = value or None
        if value:
            cell.data_type = "s"  # a text that begins with "=" is no formula
    else:
        cell.value = value  # type: ignore[assignment]


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()
