"""The evaluation as a workbook: overview, targets, projects, gaps, arithmetic, rules, sections."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from etk_geo.evaluation import Light, explain
from etk_geo.model import is_known
from etk_geo.plan import PLAN_URL_SOURCE
from etk_geo.reports.evaluation_report import (
    FILLS,
    STATUS_ORDER,
    Report,
    actual_source,
    cited_sections,
    gap_subjects,
    project_cells,
    status_word,
    target_cells,
)

Value = str | int | float | None
LINE_PT = 15.0
FONT = "Microsoft YaHei"
"""A font that Chinese Windows has; other systems put theirs in its place."""


def workbook(report: Report) -> bytes:
    """Return the report as XLSX. Figures are numbers; every text is a text, never a formula."""
    book = Workbook()
    first = book.active
    if first is not None:
        book.remove(first)
    for name, widths, rows in (
        ("overview", (44, 16), _overview(report)),
        ("targets", (34, 12, 12, 12, 12, 12, 10, 12, 14, 14, 16, 16, 10, 44, 12), _targets(report)),
        ("projects", (44, 14, 20, 14, 44, 14, 44, 12), _projects(report)),
        ("gaps", (36, 44), _gaps(report)),
        ("steps", (36, 90), _steps(report)),
        ("rules", (12, 90), _rules(report)),
        ("citations", (12, 90), _citations(report)),
    ):
        sheet = book.create_sheet(report.words.say(f"evaluation.report.{name}"))
        _fill(sheet, list(rows), widths, report)
    book.properties.title = report.title
    book.properties.creator = report.words.say("app.title")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _fill(
    sheet: Worksheet, rows: Sequence[Sequence[Value]], widths: Sequence[int], report: Report
) -> None:
    lights = {report.words.say(f"evaluation.light.{light}"): FILLS[light] for light in Light}
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row, start=1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type = "s"  # a text that begins with "=" is no formula
            cell.font = Font(name=FONT, size=10.5, bold=number == 1)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number > 1 and isinstance(value, str) and value in lights:
                cell.fill = PatternFill("solid", fgColor=lights[value].removeprefix("#"))
        sheet.row_dimensions[number].height = LINE_PT * max(
            _lines(value, width) for value, width in zip(row, widths, strict=True)
        )
    for column, width in enumerate(widths, start=1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "B2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9  # A4
    sheet.page_setup.fitToWidth = 1
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = "1:1"


def _lines(value: Value, width: int) -> int:
    """Return the lines that a cell takes: no program finds out by itself when it opens a file."""
    if not isinstance(value, str):
        return 1
    # A Chinese character is as wide as two digits, by which widths are counted.
    return sum(
        1 + int(sum(1 + (ord(c) > 0x2E7F) for c in line) / (width - 1))
        for line in value.splitlines() or [""]
    )


def _overview(report: Report) -> Iterator[Sequence[Value]]:
    say, found = report.words.say, report.evaluation
    yield report.title, None
    yield say("evaluation.report.year"), found.year
    yield say("evaluation.report.as_of"), found.as_of.isoformat()
    yield say("evaluation.report.dated"), report.dated.isoformat()
    lights = found.lights()
    for light in Light:
        yield say(f"evaluation.light.{light}"), lights[light]
    statuses = found.statuses()
    for status in STATUS_ORDER:
        word = status_word(status, report.words)
        yield say("evaluation.report.projects_with", status=word), statuses[status]
    yield say("evaluation.report.caution"), None


def _targets(report: Report) -> Iterator[Sequence[Value]]:
    words = report.words
    names = (
        *("target_name", "sector", "measure", "baseline", "comparator", "wanted", "unit"),
        *("actual_year", "actual", "share", "gap", "pace", "light", "rule", "citation"),
    )
    yield [words.say(f"evaluation.report.{name}") for name in names]
    for result in report.evaluation.results:
        target, cells = result.target, target_cells(result, words)
        yield (
            cells["name"],
            cells["sector"],
            cells["measure"],
            _figure(target["baseline_2020"]),
            words.own("comparator", target["comparator"]),
            _figure(target["target_2025"]),
            cells["unit"],
            result.actual_year,
            cells["actual"] if result.actual is None else result.actual,
            cells["share"],
            _figure(result.gap),
            _figure(result.needed_pace),
            words.say(f"evaluation.light.{result.light}"),
            report.evaluation.rules.say(result.rule, words.lang),
            cells["citation"],
        )


def _figure(value: float | None) -> float | None:
    return value if is_known(value) else None


def _projects(report: Report) -> Iterator[Sequence[Value]]:
    names = (
        *("project_name", "status", "category", "since"),
        *("source", "author", "remark", "citation"),
    )
    yield [report.words.say(f"evaluation.report.{name}") for name in names]
    for status in STATUS_ORDER:
        for project in report.evaluation.projects:
            if project.status is status:
                cells = project_cells(project, report.words)
                yield [cells["name" if name == "project_name" else name] for name in names]


def _gaps(report: Report) -> Iterator[Sequence[Value]]:
    say = report.words.say
    yield say("evaluation.report.gap_kind"), say("evaluation.report.gap_subject")
    for kind, subjects in gap_subjects(report.evaluation, report.words).items():
        for subject in subjects:
            yield say(f"evaluation.gap.{kind}"), subject


def _steps(report: Report) -> Iterator[Sequence[Value]]:
    words = report.words
    yield words.say("evaluation.report.target_name"), words.say("evaluation.report.steps")
    for result in report.evaluation.results:
        if result.actual is not None:
            for step in (*explain(result, words), actual_source(result, words)):
                yield words.of(result.target, "name"), step


def _rules(report: Report) -> Iterator[Sequence[Value]]:
    words, rules = report.words, report.evaluation.rules
    yield words.say("evaluation.report.light"), words.say("evaluation.report.rule")
    for rule, light in rules.lights.items():
        yield words.say(f"evaluation.light.{light}"), rules.say(rule, words.lang)


def _citations(report: Report) -> Iterator[Sequence[Value]]:
    words = report.words
    yield words.say("evaluation.report.citation"), words.say("evaluation.report.heading")
    for cited in cited_sections(report.evaluation):
        yield cited, words.plan.citation_title(cited, words.lang)
    source = words.row("sources", PLAN_URL_SOURCE)
    if source:
        yield words.say("evaluation.report.plan"), str(source["url"])
