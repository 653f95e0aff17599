"""All pairs of a screening as XLSX. No cell is ever a formula, whatever the data says."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from etk_geo.documents.characters import printable
from etk_geo.i18n import text
from etk_geo.model import Lang, is_known
from etk_geo.plan import records
from etk_geo.reports.source import ReportFacts, ReportSource
from etk_geo.screening.outputs import VERSION_LENGTH, findings_table, words
from etk_geo.screening.pairs import VERDICTS

LONGEST_CELL = 32_767
"""Characters that a cell of XLSX can hold."""

HEAD = PatternFill("solid", fgColor="E3E9EC")
WIDE = {"project", "zone", "rules", "demand", "reason", "authority", "holder", "basis", "flags"}
WIDTHS = (14.0, 34.0)
EARLIEST = (1980, 1, 1, 0, 0, 0)
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")
TEXT_CELL = "s"


def screening_workbook(source: ReportSource, facts: ReportFacts, lang: Lang) -> bytes:
    """Return a workbook: about, projects, all pairs, coverage, judgements.

    The same record and facts give the same bytes.
    """
    book = Workbook(write_only=True)
    _sheet(book, "about", _about(source, facts, lang), (18.0, 90.0), lang)
    _sheet(book, "projects", _projects(source, lang), (22.0, 36.0, 16.0, 14.0), lang)
    pairs = findings_table(source.screening, source.projects, source.book, source.plan, lang)
    widths = [WIDTHS[name in WIDE] for name in pairs.columns]
    heading = [text(f"screening.column.{name}", lang) for name in pairs.columns]
    rows = [heading, *(list(row) for row in pairs.itertuples(index=False))]
    _sheet(book, "pairs", rows, widths, lang, pinned="C2")
    _sheet(book, "ledger", _ledger(source, lang), (28.0, 14.0, 30.0, 16.0, 36.0), lang)
    _sheet(book, "judgements", _judgements(source, lang), (24.0, 24.0, 14.0, 14.0, 50.0), lang)
    moment = datetime.combine(facts.dated, time(), tzinfo=UTC).replace(tzinfo=None)
    book.properties.created = moment
    book.properties.creator = printable(facts.author)
    stream = io.BytesIO()
    book.save(stream)
    return _repacked(stream.getvalue(), moment)


def _sheet(
    book: Workbook,
    name: str,
    rows: Iterable[Sequence[Any]],
    widths: Sequence[float],
    lang: Lang,
    pinned: str = "A2",
) -> None:
    sheet = book.create_sheet(text(f"reports.sheet.{name}", lang))
    sheet.freeze_panes = pinned
    for number, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for number, row in enumerate(rows):
        cells = [_cell(sheet, value) for value in row]
        if number == 0:
            for cell in cells:
                cell.font, cell.fill = Font(bold=True), HEAD
                cell.alignment = Alignment(wrap_text=True, vertical="center")
        sheet.append(cells)


def _cell(sheet: Any, value: Any) -> Any:
    if isinstance(value, str):
        cell = WriteOnlyCell(sheet, printable(value)[:LONGEST_CELL])
        cell.data_type = TEXT_CELL  # openpyxl would make a formula of a text that begins with "="
        return cell
    known = isinstance(value, int) or (isinstance(value, float) and is_known(value))
    return WriteOnlyCell(sheet, value if known else None)


def _about(source: ReportSource, facts: ReportFacts, lang: Lang) -> list[list[Any]]:
    def say(key: str) -> str:
        return text(f"reports.{key}", lang)

    return [
        [say("title"), ""],
        [say("fact.number"), facts.number or say("unnumbered")],
        [say("fact.dated"), facts.dated.isoformat()],
        [say("fact.as_of"), source.screening.as_of.isoformat()],
        [say("fact.author"), facts.author or say("not_stated")],
        [say("fact.hash"), source.hash],
        [say("mind"), say("what_it_is")],
    ]


def _projects(source: ReportSource, lang: Lang) -> list[list[Any]]:
    heads = [text(f"reports.column.{name}", lang) for name in ("project_id", "project")]
    heads += [text(f"reports.column.{name}", lang) for name in ("consequence", "possible")]
    heads += [words("verdict", verdict, lang) for verdict in VERDICTS]
    rows = [
        [
            row["project_id"],
            row[f"name_{lang}"],
            words("consequence", row["consequence"], lang),
            words("consequence", row["possible"], lang),
            *(int(row[verdict]) for verdict in VERDICTS),
        ]
        for row in records(source.screening.projects)
    ]
    return [heads, *rows]


def _ledger(source: ReportSource, lang: Lang) -> list[list[Any]]:
    names = ("zone_type", "holding", "version", "as_of", "holder")
    rows = [
        [
            row[f"name_{lang}"],
            words("holding", row["holding"], lang),
            "; ".join(
                f"{layer['id']} {layer['sha256'][:VERSION_LENGTH]}" for layer in row["layers"]
            ),
            "; ".join(row["as_of"]),
            row[f"holder_{lang}"],
        ]
        for row in source.body["ledger"]
    ]
    return [[text(f"reports.column.{name}", lang) for name in names], *rows]


def _judgements(source: ReportSource, lang: Lang) -> list[list[Any]]:
    names = ("project_id", "zone", "computed", "ruling", "reason", "officer")
    rows = [
        [
            opinion.project_id,
            opinion.zone_id or text("reports.whole_project", lang),
            words("consequence", opinion.consequence, lang),
            text(f"reports.ruled.{opinion.ruling}", lang),
            opinion.reason,
            f"{opinion.officer} {opinion.day.isoformat()}",
        ]
        for opinion in source.opinions
    ]
    return [[text(f"reports.column.{name}", lang) for name in names], *rows]


def _repacked(content: bytes, moment: datetime) -> bytes:
    """Return the archive with its times of writing taken out."""
    stamp = f"{moment:%Y-%m-%dT%H:%M:%SZ}".encode()
    stream = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as old,
        zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            part.compress_type = zipfile.ZIP_DEFLATED
            part.external_attr = 0o600 << 16
            found = old.read(name)
            if name == "docProps/core.xml":
                found = MODIFIED.sub(rb"\g<1>" + stamp + rb"\g<2>", found)
            new.writestr(part, found)
    return stream.getvalue()
