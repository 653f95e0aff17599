"""The screening report says what its record says, marks what is missing, and is text throughout."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import date
from functools import cache

import openpyxl
import pyogrio
import pypdf
import pytest
from shapely.geometry import Point, Polygon, box

from etk_geo.catalog import open_catalog
from etk_geo.cli import main
from etk_geo.documents.model import Figure, Paragraph, Table
from etk_geo.documents.pdf import pdf
from etk_geo.documents.word import docx
from etk_geo.errors import DataError, ScreeningError
from etk_geo.i18n import text, texts
from etk_geo.model import BANNER_BOUNDS
from etk_geo.plan import open_plan
from etk_geo.reports.coordinates import corners
from etk_geo.reports.overlaps import overlaps_geojson
from etk_geo.reports.rendering import render_report
from etk_geo.reports.screening_report import screening_document
from etk_geo.reports.source import ReportFacts, ReportParts, read_source, validity
from etk_geo.reports.workbook import screening_workbook
from etk_geo.rules import read_rules
from etk_geo.screening.cards import project_result
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.opinion import Opinion, Ruling
from etk_geo.screening.outputs import findings_table
from etk_geo.screening.projects import project_frame
from etk_geo.screening.record import Parameters, build_record, canonical
from etk_geo.screening.zones import collect_zones
from etk_geo.store import project_root
from tests.reports.official import official_source
from tests.reports.plain import plain_text

DAY = date(2026, 11, 25)
HOSTILE = '=HYPERLINK("http://x")<img src=x onerror=alert(1)> $x_1$ #eval[x]'
FACTS = ReportFacts(DAY, number="2026-007", author="环境科")


def project(project_id, geometry, **values):
    known = {
        "project_id": project_id,
        "name_zh": f"项目{project_id}",
        "name_en": f"Project {project_id}",
        "category": "chemical",
        "decided_on": None,
        "bound": "" if geometry is None else "exact",
        "accuracy_m": None if geometry is None else 10.0,
        "extent_m": None,
        "extent_basis": "",
        "known_zh": "",
        "known_en": "",
        "geometry": geometry,
    }
    return known | values


@cache
def opened():
    root = project_root()
    catalog, book = open_catalog(root), read_rules(root)
    return catalog, open_plan(root), book, collect_zones(catalog, book)


@cache
def record() -> bytes:
    return recorded(
        project("area", box(107.3, 39.2, 107.32, 39.22)),
        project("hostile", Point(107.5, 39.3), name_zh=HOSTILE, name_en=HOSTILE),
        project("lost", None),
    )


def recorded(*rows) -> bytes:
    catalog, _, book, zones = opened()
    projects = project_frame(rows)
    screening = screen_projects(projects, zones, book, DAY)
    passed = passages(screening, projects, zones)
    parameters = Parameters(DAY.isoformat(), None, BANNER_BOUNDS)
    return canonical(build_record(screening, projects, catalog, book, parameters, passed))


def source(opinions=()):
    catalog, plan, book, _ = opened()
    return read_source(record(), catalog, plan, book, tuple(opinions))


@cache
def document(lang="zh"):
    return screening_document(source(), FACTS, lang)


@cache
def pdf_text(lang="zh") -> str:
    pages = pypdf.PdfReader(io.BytesIO(pdf(document(lang)))).pages
    return "".join("".join(page.extract_text().split()) for page in pages)


def test_report_says_what_was_done_to_geometry():
    """The record tells what was repaired, with the area before and after; so does the report."""
    ring = [(108, 39.2), (108.01, 39.21), (108.01, 39.2), (108, 39.22), (108, 39.2)]
    catalog, plan, book, _ = opened()
    found = read_source(recorded(project("crossed", Polygon(ring))), catalog, plan, book, ())
    (issue,) = found.screening.issues
    assert (issue.where, issue.code) == ("crossed", "ETK649")
    result = project_result(found.screening, "crossed", book, "zh")
    (said,) = [line for line in result.details if "图形无效（边线自相交）" in line]
    assert float(issue.detail["after"]) > float(issue.detail["before"])
    assert issue.detail["after"] in said


def test_screening_read_back_from_the_record_is_the_screening_that_was_made():
    _, plan, book, zones = opened()
    found = source()
    again = screen_projects(found.projects, zones, book, DAY)
    assert dict(found.screening.totals) == dict(again.totals)
    barred = again.findings["verdict"] == "NOT_CHECKED"
    ours = findings_table(found.screening, found.projects, book, plan, "zh")[~barred.to_numpy()]
    theirs = findings_table(again, found.projects, book, plan, "zh")[~barred.to_numpy()]
    for name in ("verdict", "reason", "consequence", "possible", "rules", "flags", "basis"):
        assert list(ours[name]) == list(theirs[name])
    columns = ["project_id", "zone_id", "verdict", "possible"]
    assert found.screening.findings[columns].equals(again.findings[columns])


NO_APPROVAL = {
    "zh": ("不是审批意见", "不表示没有冲突", "地图审核", "未检查", "旗自然资源局"),
    "en": (
        "it replaces no permit, environmental assessment, land or planning decision",
        "“not checked”, which does not mean that there is no conflict",
        "Maps for public display or publication need official map review first",
    ),
}


def unbroken(text: str) -> str:
    """Text without white space and hyphens, which the breaking of lines adds."""
    return re.sub("[\\s\u200b\u00ad\u2010-]", "", text)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_report_states_number_hash_day_and_that_it_is_no_approval(lang):
    said = unbroken(pdf_text(lang))
    for word in ("2026-007", "2026-11-25", source().hash, "环境科", *NO_APPROVAL[lang]):
        assert unbroken(word) in said
    for word in ("获批", "准予", "已批准", "无冲突"):
        assert word not in said


ROOMS = ("reports.", "screening.", "environment.", "figures.", "documents.")
"""Texts that a report is made of, besides names of laws, zones and projects."""


def test_no_text_of_the_report_says_safe_or_approved():
    checked = [(key, entry) for key, entry in texts().items() if key.startswith(ROOMS)]
    assert {key.split(".")[0] + "." for key, _ in checked} == set(ROOMS)
    for key, entry in checked:
        assert not re.search("安全|获批|准予|无冲突|已批准|可以建设|符合要求", entry["zh"]), key
        assert not re.search(r"\bsafe|\bapproved\b|\bcompl(y|ies|iant)", entry["en"].lower()), key


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_report_without_maps_says_why_it_has_none(lang):
    made = screening_document(source(), FACTS, lang, ReportParts(maps=False))
    assert not list(made.figures())
    said = [b.text for s in made.sections for b in s.blocks if isinstance(b, Paragraph)]
    assert text("reports.maps_left_out", lang) in said
    kept = [b.text for s in document(lang).sections for b in s.blocks if isinstance(b, Paragraph)]
    assert text("reports.maps_left_out", lang) not in kept


def test_zone_table_has_the_columns_of_practice_in_their_order():
    tables = [b for s in document().sections for b in s.blocks if isinstance(b, Table)]
    table = next(t for t in tables if t.caption.startswith("管控要素核查表"))
    assert [column.heading for column in table.columns] == [
        *("序号", "管控要素", "图层版本", "是否重叠", "重叠面积（公顷/亩）或长度"),
        *("占比", "最近距离", "依据条款", "结论", "主管部门"),
    ]


def test_each_project_begins_a_page_so_that_its_table_stands_with_its_map():
    made = screening_document(official_source(), FACTS, "zh")
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf(made))).pages]
    for number, name in enumerate(("项目plot", "项目road"), start=1):
        (page,) = [p for p in map(unbroken, pages) if f"图{number}{name}与周边区域" in p]
        assert "项目编号/项目类别" in page
    assert sum("K0+300" in page for page in pages) == 1


def test_what_is_missing_comes_first_in_the_ledger_and_names_its_holder():
    tables = [b for s in document().sections for b in s.blocks if isinstance(b, Table)]
    ledger = next(table for table in tables if table.caption.startswith("表 3"))
    held = [row[1].text for row in ledger.rows]
    assert held[0] == "缺失"
    assert held == sorted(held, key=["缺失", "已被取代", "只有近似数据", "已取得"].index)
    assert ledger.rows[0][4] == source().body["ledger"][0]["holder_zh"] != ""
    assert len(ledger.rows) == len(source().body["ledger"])


def test_totals_of_the_report_add_up_to_projects_times_zones():
    tables = [b for s in document().sections for b in s.blocks if isinstance(b, Table)]
    totals = next(table for table in tables if table.caption.startswith("表 1"))
    counts = [int(row[1]) for row in totals.rows]
    assert sum(counts[:-1]) == counts[-1] == 3 * len(source().screening.zones)
    matrix = next(table for table in tables if table.caption.startswith("表 2"))
    for row in matrix.rows:
        assert sum(int(cell) for cell in row[4:]) == len(source().screening.zones)
    missing = [t for t in tables if t.caption.startswith("未检查的区域")]
    assert (
        sum(int(row[1]) for t in missing for row in t.rows)
        == source().screening.totals["NOT_CHECKED"]
    )


def test_each_checked_zone_has_a_row_and_a_project_without_position_has_no_map():
    checked = sum(len(p["pairs"]) for p in source().body["findings"])
    tables = [b for s in document().sections for b in s.blocks if isinstance(b, Table)]
    rows = [t for t in tables if t.caption.startswith(("管控要素核查表", "项目位置未知"))]
    assert sum(len(table.rows) for table in rows) == checked
    figures = list(document().figures())
    assert len(figures) == 2
    assert all(isinstance(figure, Figure) and figure.png[:4] == b"\x89PNG" for figure in figures)


def test_judgements_stand_beside_the_computed_finding():
    zone = source().body["findings"][0]["pairs"][0]
    opinion = Opinion(
        project_id="area",
        zone_id=zone["zone_id"],
        ruling=Ruling.SET_ASIDE,
        reason="现场核实",
        officer="王工",
        day=DAY,
        verdict=zone["verdict"],
        consequence=zone["consequence"],
    )
    made = screening_document(source([opinion]), FACTS, "zh", ReportParts(maps=False))
    pages = pypdf.PdfReader(io.BytesIO(pdf(made))).pages
    said = "".join(page.extract_text() for page in pages)
    said = "".join(said.split())
    for word in ("不采纳，计算结论保留（王工）", "现场核实"):
        assert word in said
    tables = [b for s in made.sections for b in s.blocks if isinstance(b, Table)]
    row = next(t for t in tables if t.caption.startswith("管控要素核查表")).rows[0]
    assert row[8].text.startswith("不能判断")


def test_report_opens_with_what_was_found_and_how_it_was_judged():
    said = plain_text(screening_document(official_source(), FACTS, "zh", ReportParts(maps=False)))
    opening = said[: said.index("## 二、")]
    assert "2 个项目都已判断：禁止 1 个、须经批准 1 个" in opening
    rows = [line for line in opening.splitlines() if "官方red_1" in line]
    assert ["禁止" in row for row in rows] == [True, False], "the strictest comes first"
    assert "第1条 [RU033]" in rows[0]
    assert "不采纳 / 王工" in rows[0]
    assert "表 4  管控要素数据覆盖" in said
    nothing = plain_text(screening_document(source(), FACTS, "zh", ReportParts(maps=False)))
    assert "但也不能说没有。" in nothing
    assert "表 3  管控要素数据覆盖" in nothing


def test_hostile_names_stay_text_in_every_form():
    assert "".join(HOSTILE.split()) in pdf_text()
    book = openpyxl.load_workbook(io.BytesIO(screening_workbook(source(), FACTS, "zh")))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert HOSTILE in {cell.value for cell in cells}
    assert docx(document())


def test_workbook_holds_every_pair_with_pinned_headings():
    content = screening_workbook(source(), FACTS, "zh")
    assert content == screening_workbook(source(), FACTS, "zh")
    book = openpyxl.load_workbook(io.BytesIO(content))
    pairs = book["全部核查"]
    assert pairs.max_row - 1 == len(source().screening.findings)
    assert pairs.freeze_panes == "C2"
    assert pairs.column_dimensions["B"].width > 20
    heads = [cell.value for cell in pairs[1]]
    names, codes = (
        {row[heads.index(head)] for row in pairs.iter_rows(min_row=2, values_only=True)}
        for head in ("项目类别", "类别代码")
    )
    assert codes == set(source().projects["category"])
    assert {"化工"} <= names
    assert not [name for name in names if name and name.isascii()]


def test_overlaps_are_common_parts_with_their_figures():
    features = json.loads(overlaps_geojson(source()))["features"]
    assert features
    for feature in features:
        assert feature["properties"]["record"] == source().hash
        assert feature["properties"]["verdict"] in ("INSIDE", "OVERLAPS", "INDETERMINATE")
    inside = next(f for f in features if f["properties"]["project_id"] == "area")
    assert inside["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_overlaps_read_back_by_gdal_are_the_parts_that_can_be_checked_by_hand():
    read = pyogrio.read_dataframe(io.BytesIO(overlaps_geojson(official_source())))
    assert read.crs.to_epsg() == 4326
    plot, road = read.to_crs("EPSG:4545").itertuples()
    # Half of a square of 100 m lies in the redline, and 500 m of the road.
    assert (plot.project_id, plot.zone_id, plot.verdict) == ("plot", "red_1", "OVERLAPS")
    assert plot.geometry.area == pytest.approx(5_000, rel=1e-3)
    assert (road.project_id, road.geometry.geom_type) == ("road", "LineString")
    assert road.geometry.length == pytest.approx(500, abs=0.1)
    assert road.length_least_m <= 500 <= road.length_most_m


def test_coordinates_in_both_systems_differ_by_the_zone_number():
    one, two = (
        list(corners(box(107.3, 39.2, 107.31, 39.21), s)) for s in ("EPSG:4545", "EPSG:4524")
    )
    assert len(one) == 5
    for a, b in zip(one, two, strict=True):
        assert a[:3] == b[:3]
        assert float(b[3]) - float(a[3]) == pytest.approx(36_000_000)
        assert 4_200_000 < float(a[2]) < 4_450_000


def test_validity_ends_with_the_law_or_after_half_a_year():
    until, by_law = validity(source(), DAY)
    assert DAY <= until <= date(2027, 5, 24)
    assert by_law == (until < date(2027, 5, 24))


def test_a_changed_record_and_changed_rules_are_refused():
    catalog, plan, book, _ = opened()
    changed = json.loads(record())
    changed["content"]["totals"]["CLEAR"] += 1
    with pytest.raises(DataError) as caught:
        read_source(canonical(changed), catalog, plan, book)
    assert caught.value.code == "ETK932"
    other = replace(book, files={**book.files, "rules/rules.csv": "0" * 64})
    with pytest.raises(ScreeningError) as refused:
        read_source(record(), catalog, plan, other)
    assert refused.value.code == "ETK933"
    with pytest.raises(DataError) as broken:
        read_source(b"{}", catalog, plan, book)
    assert broken.value.code == "ETK720"


def test_progress_is_told_for_each_project_and_file_in_words():
    told = []
    made = render_report(
        source(),
        FACTS,
        "zh",
        ("xlsx", "docx"),
        ReportParts(maps=False),
        tell=lambda *step: told.append(step),
    )
    assert list(made) == ["docx", "xlsx"]
    assert [(done, total) for done, total, _ in told] == [(n, 5) for n in range(6)]
    assert [what for _, _, what in told] == [
        "正在编制：项目area",
        f"正在编制：{HOSTILE}",
        "正在编制：项目lost",
        "正在生成 DOCX",
        "正在生成 XLSX",
        "已完成",
    ]
    assert made["docx"] == docx(screening_document(source(), FACTS, "zh", ReportParts(maps=False)))


def test_same_record_gives_the_same_document():
    again = screening_document(source(), FACTS, "zh")
    assert again == document()


def test_command_writes_what_is_asked_for(tmp_path, capsys):
    path = tmp_path / "record.json"
    path.write_bytes(record())
    words = ["report", str(path), "--xlsx", "--docx", "--no-maps", "--date", "2026-11-25"]
    assert main(words) == 0
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "record.json",
        "report.docx",
        "report.xlsx",
    ]
    assert main(["report", str(tmp_path / "none.json"), "--xlsx"]) == 2
    assert "ETK101" in capsys.readouterr().err
