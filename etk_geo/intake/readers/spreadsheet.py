"""CSV and XLSX as tables of text, with the row in which the headings stand.

Which columns hold coordinates is not decided here (``columns.py``).
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from zipfile import BadZipFile

import pyarrow as pa
from defusedxml import DefusedXmlException
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from etk_geo.errors import IntakeError
from etk_geo.intake.archive import check_archive
from etk_geo.intake.encodings import decode_document
from etk_geo.intake.formats import FileFormat, Source
from etk_geo.intake.limits import Limits
from etk_geo.intake.readers.answer import LayerSummary, ReadLayer
from etk_geo.intake.readers.arrow_file import ArrowFile
from etk_geo.intake.readers.unique_names import unique_names
from etk_geo.intake.readers.without_path import without_path
from etk_geo.intake.readers.xml_prolog import check_workbook_prologs

BATCH_ROWS = 20_000
HEADING_ROWS = 20
"""The headings stand in the first so many rows, below a title at most."""
BLANK_ROWS = 10_000
"""A sheet that goes on empty for so long has ended: formatting reaches to its last row."""
DELIMITERS = ",\t;|，"
MAX_CELL = 10_000_000
GUARDED = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""What an apostrophe is put in front of, so that a spreadsheet does not run it."""

Row = list[str]


def survey(source: Source, limits: Limits, encoding: str) -> list[LayerSummary]:
    """List the table of a CSV file or the sheets of a workbook, with their headings."""
    layers = []
    with _tables(source, limits, encoding) as tables:
        for number, (name, rows) in enumerate(tables):
            header, _, _ = _split(rows)
            if header:
                layers.append(
                    LayerSummary(source.name, number, name, source.format, None, "", tuple(header))
                )
    return layers


def read(source: Source, number: int, out: Path, limits: Limits, encoding: str) -> ReadLayer:
    """Read one table into the Arrow file, every cell as text, empty cells as null.

    Raises
    ------
    IntakeError
        ETK805-808 or ETK812 unreadable, ETK815 too many rows, ETK817 no such sheet, ETK820 empty,
        ETK870 too many columns.
    """
    with _tables(source, limits, encoding) as tables:
        if not 0 <= number < len(tables):
            names = ", ".join(name for name, _ in tables)
            raise IntakeError("ETK817", file=source.name, layer=number, available=names)
        name, rows = tables[number]
        header, count = _copy(source, rows, out, limits)
    if count == 0:
        raise IntakeError("ETK820", file=source.name, where=name)
    finding = None
    chosen = ""
    if source.format is FileFormat.CSV:
        _, finding = decode_document(source.path.read_bytes())
        chosen = encoding or finding.best
    return ReadLayer(
        words=tuple(header),
        encoding=chosen,
        encodings=finding,
        has_geometry=False,
        row_labels=ROW_COLUMN,
    )


def _copy(source: Source, rows: Iterable[Row], out: Path, limits: Limits) -> tuple[Row, int]:
    """Copy a table into the Arrow file; return its headings and the number of its rows."""
    header, first_row, body = _split(rows)
    width = len(header)
    if width > limits.columns:
        raise IntakeError("ETK870", file=source.name, limit=limits.columns)
    with ArrowFile(out, source.name, limits) as sink:
        while batch := list(islice(body, BATCH_ROWS)):
            cells = [(row + [""] * width)[:width] for _, row in batch]
            sink.append(_table(header, cells, [first_row + offset for offset, _ in batch]))
        return header, sink.rows


ROW_COLUMN = "__etk_row__"
"""The row of the file that a record stands in, counted from 1 as spreadsheets do."""


def _table(header: Sequence[str], rows: Sequence[Row], numbers: Sequence[int]) -> pa.Table:
    columns = [pa.array([row[i] or None for row in rows], pa.string()) for i in range(len(header))]
    return pa.table([*columns, pa.array(numbers, pa.int64())], names=[*header, ROW_COLUMN])


@contextmanager
def _tables(
    source: Source, limits: Limits, encoding: str
) -> Iterator[list[tuple[str, Iterable[Row]]]]:
    """Open the tables of a source; what goes wrong while their rows are read is one message."""
    if source.format is FileFormat.CSV:
        yield [(Path(source.name).stem, _csv_rows(source, encoding))]
        return
    check_archive(source.path, source.name, limits)
    check_workbook_prologs(source.path, source.name)
    try:
        with closing(load_workbook(source.path, read_only=True, data_only=True)) as book:
            yield [(s.title, _sheet_rows(s.iter_rows(values_only=True))) for s in book.worksheets]
    except DefusedXmlException:
        raise IntakeError("ETK819", file=source.name) from None
    except (
        InvalidFileException, BadZipFile, KeyError, ValueError, TypeError, AttributeError,
        SyntaxError, IndexError, OSError, EOFError,
    ) as error:  # fmt: skip
        # openpyxl lets the errors of whatever it trips over pass; ParseError is a SyntaxError.
        reason = without_path(f"{type(error).__name__}: {error}", source.path)
        raise IntakeError("ETK812", file=source.name, format="XLSX", reason=reason) from None


def _csv_rows(source: Source, encoding: str) -> Iterator[Row]:
    csv.field_size_limit(MAX_CELL)
    text, _ = decode_document(source.path.read_bytes(), encoding or None)
    text = text.replace("\x00", "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in reader:
            yield [_unguarded(cell.strip()).strip() for cell in row]
    except csv.Error as error:
        reason = f"line {reader.line_num}: {error}"
        raise IntakeError("ETK812", file=source.name, format="CSV", reason=reason) from None


def _delimiter(text: str) -> str:
    """Return the delimiter that splits the first lines most evenly."""
    lines = [line for line in text.splitlines()[:HEADING_ROWS] if line.strip()]

    def evenness(delimiter: str) -> tuple[int, int]:
        counts = [line.count(delimiter) for line in lines]
        common = max(set(counts), key=counts.count) if counts else 0
        return (counts.count(common) if common else 0, common)

    return max(DELIMITERS, key=evenness)


def _unguarded(cell: str) -> str:
    """Return a cell without the apostrophe that keeps spreadsheets from running it."""
    if len(cell) > 1 and cell[0] == "'" and cell[1:].lstrip(" ")[:1] in GUARDED:
        return cell[1:]
    return cell


def _sheet_rows(rows: Iterable[Sequence[object]]) -> Iterator[Row]:
    blank = 0
    for cells in rows:
        row = [_cell_text(cell) for cell in cells]
        while row and not row[-1]:
            row.pop()
        blank = 0 if row else blank + 1
        if blank > BLANK_ROWS:
            return
        yield row


def _cell_text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    return str(cell).strip()


def _split(rows: Iterable[Row]) -> tuple[Row, int, Iterator[tuple[int, Row]]]:
    """Find the headings; return them, the row below them, and the rows that are not empty."""
    iterator = iter(rows)
    head: list[Row] = []
    for row in iterator:
        head.append(row)
        if len(head) >= HEADING_ROWS:
            break
    if not any(map(any, head)):
        return [], 1, iter(())
    at = heading_row(head)
    width = max(map(len, head))
    names = [""] * width if at is None else [*head[at], *[""] * (width - len(head[at]))]
    at = -1 if at is None else at
    if at >= 0 and _is_second_heading(names, [*head[at + 1 : at + 2], []][0]):
        names = _two_headings(names, head[at + 1])
        at += 1
    header = unique_names([name or f"column {i + 1}" for i, name in enumerate(names)])

    def body() -> Iterator[tuple[int, Row]]:
        for offset, row in enumerate(head[at + 1 :]):
            if any(row):
                yield offset, row
        for offset, row in enumerate(iterator, start=len(head) - at - 1):
            if any(row):
                yield offset, row

    return header, at + 2, body()


def _is_second_heading(above: Row, below: Row) -> bool:
    """Tell whether a row names the columns below headings that span several (坐标: X, Y).

    Some of its cells stand below the blanks that a merged heading leaves, and none has a digit.
    """
    named = [(i, cell) for i, cell in enumerate(below) if cell]
    spanned = [i for i, _ in named if i < len(above) and not above[i]]
    return bool(spanned) and not any(re.search(r"\d", cell) or len(cell) > 20 for _, cell in named)


def _two_headings(above: Row, below: Row) -> Row:
    names = []
    spanning = ""
    for index, upper in enumerate(above):
        lower = below[index] if index < len(below) else ""
        spanning = upper or spanning
        names.append(f"{spanning}_{lower}" if lower and spanning else lower or upper)
    return names


def heading_row(head: Sequence[Row]) -> int | None:
    """Return the index of the row of headings, ``None`` where the table begins with its values.

    It is the first that is at least half as full as the fullest (a title fills one cell) and holds
    no number.
    """
    filled = [sum(bool(cell) for cell in row) for row in head]
    fullest = max(filled, default=0)
    for index, (row, count) in enumerate(zip(head, filled, strict=True)):
        if count >= max(1, fullest / 2) and not any(map(_is_number, row)):
            return index
    return None


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
