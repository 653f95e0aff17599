"""The evaluation as DOCX, PDF and XLSX: the same figures in each, nothing guessed, no formula."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date

import docx as word
import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from etk_geo.catalog import open_catalog
from etk_geo.cli import main
from etk_geo.documents.fonts import chinese_fonts
from etk_geo.documents.pdf import pdf
from etk_geo.documents.word import docx
from etk_geo.errors import AssetError
from etk_geo.evaluation import evaluate, open_rules
from etk_geo.plan import open_plan
from etk_geo.progress import Act, Draft, Entry, ProgressBook, Status, Topic, shipped_entries
from etk_geo.reports.evaluation_report import Report
from etk_geo.reports.evaluation_workbook import workbook
from etk_geo.store import project_root
from etk_geo.wording import Words

ROOT = project_root()
PLAN = open_plan(ROOT)
CATALOG = open_catalog(ROOT)
RULES = open_rules(ROOT)
DATED = date(2026, 3, 1)
NASTY = '=HYPERLINK("http://x")<img src=x>'
CJK = re.compile(r"[\u3400-\u9fff]")


def has_font() -> bool:
    try:
        chinese_fonts()
    except AssetError:
        return False
    return True


needs_font = pytest.mark.skipif(not has_font(), reason="no Chinese font (python run.py setup)")


def entry(number: int, draft: Draft) -> Entry:
    return Entry(str(number), Act.ENTER, "", draft, "2026-01-15T00:00:00Z")


def actual(number: int, target: str, value: float) -> Entry:
    draft = Draft(Topic.ACTUAL, target, 2025, value=value, source=NASTY, author="乌云")
    return entry(number, draft)


STOPPED = Draft(Topic.STATUS, "wulan_chp", status=Status.STOPPED, date="2024", source=NASTY)
BOOK = ProgressBook(
    (
        *shipped_entries(PLAN),
        actual(1, "pv_capacity", 510),
        actual(2, "wind_capacity", 55),
        actual(3, "beef_cattle", 14),
        entry(4, STOPPED),
    )
)


def report(lang="zh", book=BOOK, **changes) -> Report:
    found = evaluate(PLAN, book, RULES, 2025)
    return replace(Report(found, CATALOG, Words(PLAN, lang), "yearly", DATED), **changes)


def docx_text(content: bytes) -> str:
    document = word.Document(io.BytesIO(content))
    cells = [c.text for t in document.tables for row in t.rows for c in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


@needs_font
def test_document_says_what_was_found():
    text = docx_text(docx(report().document()))
    for wanted in (
        "2025 年度规划实施评估报告",
        "有进展数据 3 项，无进展数据 87 项",
        "完成率：510 ÷ 500 = 102.0%。",
        "(14 − 10) ÷ (20 − 10) = 40.0%",
        "没有实际值（87）",
        "鄂托克旗通用机场",
        "2023-04-03",
        "已到目标年",
        NASTY,
        "这些项目都没有已知位置，没有图。",
    ):
        assert wanted in text


@needs_font
def test_every_target_and_project_is_in_it_once():
    document = word.Document(io.BytesIO(docx(report().document())))
    names = [row.cells[0].text for table in document.tables for row in table.rows]
    found = report().evaluation
    for result in found.results:
        assert names.count(result.target["name_zh"]) >= 1
    for project in found.projects:
        assert names.count(project.project["name_zh"]) >= 1


@needs_font
def test_english_report_has_no_chinese_of_its_own():
    document = report("en", ProgressBook(shipped_entries(PLAN))).document()
    text = docx_text(docx(document))
    assert "Evaluation of the plan's implementation, 2025" in text
    assert not CJK.search(text)


@needs_font
def test_without_any_progress_data_nothing_is_judged():
    empty = report(book=ProgressBook(()))
    text = docx_text(docx(empty.document()))
    assert "有进展数据 0 项，无进展数据 90 项" in text
    assert "没有一项指标有实际值" in text


@needs_font
def test_pdf_holds_the_same_and_can_be_searched():
    reader = PdfReader(io.BytesIO(pdf(report().document())))
    text = "".join(page.extract_text() for page in reader.pages).replace("\n", "")
    assert "无进展数据" in text
    assert "102.0%" in text
    assert len(reader.pages) > 5


@needs_font
def test_same_report_has_the_same_bytes():
    assert docx(report().document()) == docx(report().document())


def test_midterm_is_called_so():
    assert report(occasion="midterm").title == "规划实施中期评估报告（2025 年）"


def test_workbook_has_figures_as_numbers_and_no_formula():
    book = load_workbook(io.BytesIO(workbook(report())))
    assert book.sheetnames == [
        "总体情况",
        "指标完成情况",
        "项目进展",
        "数据缺口",
        "算式",
        "判定规则",
        "规划出处",
    ]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert NASTY in {cell.value for cell in cells}
    rows = {row[0].value: [c.value for c in row] for row in book["指标完成情况"].iter_rows()}
    head = rows["指标"]
    wind = dict(zip(head, rows["新增风电装机"], strict=True))
    assert (wind["2025 年目标"], wind["实际值"], wind["实际值年份"]) == (60, 55, 2025)
    assert (wind["差距"], wind["完成率"], wind["灯"]) == (5, "91.7%", "黄")
    assert len(rows) == 91
    headings = dict(book["规划出处"].iter_rows(values_only=True))
    cited = {one for row in rows.values() for one in str(row[-1]).split("、")}
    assert cited - {"出处"} <= headings.keys()
    assert all(headings.values())
    assert headings["3.1.1"] == report().words.plan.citation_title("3.1.1", "zh")
    assert book["项目进展"].max_row == 66
    quiet = dict(zip(head, rows["5G基站"], strict=True))
    assert (quiet["实际值"], quiet["灯"], quiet["差距"]) == ("无进展数据", "不判断", None)


@needs_font
def test_command_writes_all_forms(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "records"))
    out = tmp_path / "out"
    assert main(["evaluate", "--year", "2025", "--out", str(out)]) == 0
    assert sorted(p.name for p in out.iterdir()) == [
        "evaluation_2025.docx",
        "evaluation_2025.pdf",
        "evaluation_2025.xlsx",
    ]
    assert not (tmp_path / "records").exists(), "reading makes no records"
    assert "evaluation_2025.docx" in capsys.readouterr().out


def test_command_with_a_day_that_is_none(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "records"))
    options = ["--year", "2025", "--as-of", "soon", "--xlsx", "--out", str(tmp_path)]
    assert main(["evaluate", *options]) == 2
    assert "soon" in capsys.readouterr().err
