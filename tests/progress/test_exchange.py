"""Tables of entries: what leaves comes back the same; bad rows are named, good ones wait."""

from __future__ import annotations

import csv
import io
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from etk_geo.errors import IntakeError, RecordError
from etk_geo.intake.partial_date import is_date, last_day, parse_date
from etk_geo.progress import (
    Draft,
    ProgressBook,
    Status,
    Topic,
    export_entries,
    read_entries,
    worded,
)
from etk_geo.wording import Words

TODAY = date(2026, 3, 1)
EMPTY = ProgressBook(())


def table(*rows: list[object]) -> bytes:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()


def workbook(*rows: list[object]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    for cells in book.active.iter_rows():
        for cell in cells:
            cell.data_type = "s" if cell.data_type == "f" else cell.data_type
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def taken(content: bytes, plan, name: str = "进展.csv", book: ProgressBook = EMPTY):
    return read_entries(name, content, plan, book, author="乌云", today=TODAY)


HEAD = ["名称", "年份", "状态", "实际值", "单位", "日期", "来源", "登记人", "备注"]
GOOD = [
    ["新增光伏装机", 2024, "", "312.5", "万千瓦", "2025年2月", "年报", "", ""],
    ["Wind capacity added", "２０２４年", "", "1,060", "", "", "年报", "其其格", "=1+1"],
    ["高速公路建设规模", 2023, "", 45, "公里", "", "年报", "", ""],
    ["乌兰镇至乌兰图克机场公路", "", "推进中", "", "", "2023/4/3", "现场", "", ""],
]


def names(plan) -> list[list[object]]:
    """The rows above with the names that the plan really has."""
    targets = plan.targets.set_index("id")
    rows = [list(row) for row in GOOD]
    rows[0][0] = targets.loc["pv_capacity", "name_zh"]
    rows[1][0] = targets.loc["wind_capacity", "name_en"]
    rows[2][0] = targets.loc["expressway_km", "name_zh"]
    rows[3][0] = plan.projects.set_index("id").loc["wulantuke_airport_road", "name_zh"]
    return rows


EXPECTED = (
    Draft(Topic.ACTUAL, "pv_capacity", 2024, None, 312.5, "2025-02", "年报", "乌云"),
    Draft(Topic.ACTUAL, "wind_capacity", 2024, None, 1060.0, "", "年报", "其其格", "=1+1"),
    Draft(Topic.ACTUAL, "expressway_km", 2023, None, 45.0, "", "年报", "乌云"),
    Draft(
        Topic.STATUS, "wulantuke_airport_road", 0, Status.UNDER_WAY, None, "2023-04-03", "现场",
        "乌云",
    ),
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("进展.csv", lambda rows: table(*rows)),
        ("进展.csv", lambda rows: table(*rows).decode().encode("gb18030")),
        ("进展.xlsx", lambda rows: workbook(*rows)),
    ],
    ids=["csv", "csv-gbk", "xlsx"],
)
def test_table_as_people_fill_it_in(plan, name, content):
    found = taken(content([HEAD, *names(plan)]), plan, name)
    assert found.issues == ()
    assert found.drafts == EXPECTED


def test_bad_rows_are_named_with_their_row_and_the_good_ones_stay(plan):
    rows = [
        HEAD,
        names(plan)[0],
        ["不存在的指标", 2024, "", 1, "", "", "年报", "", ""],
        ["新增风电装机", 2024, "", "约六十", "", "", "年报", "", ""],
        ["新增风电装机", "去年", "", 60, "", "", "年报", "", ""],
        ["新增风电装机", 2024, "", 60, "亿元", "", "年报", "", ""],
        ["新增风电装机", 2024, "", 60, "", "2026-09-01", "年报", "", ""],
        ["新增风电装机", 2024, "", 60, "", "", "", "", ""],
        ["新增风电装机", 2024, "快了", "", "", "", "年报", "", ""],
        ["新增风电装机", 2024, "", "", "", "", "年报", "", ""],
        ["新增风电装机", 2024, "已完成", 60, "", "", "年报", "", ""],
        ["新增风电装机", 2024, "已完成", "", "", "", "年报", "", ""],
        ["新增光伏装机", 2024, "", 313, "", "", "年报", "", ""],
    ]
    found = taken(table(*rows), plan)
    assert found.drafts == EXPECTED[:1]
    assert [(i.where, i.code, i.detail.get("column")) for i in found.issues] == [
        ("row 3", "ETK911", None),
        ("row 4", "ETK912", "value"),
        ("row 5", "ETK912", "year"),
        ("row 6", "ETK918", None),
        ("row 7", "ETK914", "date"),
        ("row 8", "ETK913", "source"),
        ("row 9", "ETK912", "status"),
        ("row 9", "ETK911", None),
        ("row 10", "ETK913", "status"),
        ("row 11", "ETK912", "value"),
        ("row 12", "ETK911", None),
        ("row 13", "ETK916", None),
    ]
    assert all(issue.file == "进展.csv" for issue in found.issues)
    assert worded(found.issues[1], "zh").detail["column"] == "实际值"


def test_table_without_the_columns_it_needs(plan):
    with pytest.raises(RecordError) as caught:
        taken(table(["名称", "备注"], ["新增光伏装机", "好"]), plan)
    assert caught.value.code == "ETK917"


def test_file_that_is_no_table(plan):
    with pytest.raises(IntakeError):
        taken(b"\x00\x01\x02", plan, "a.xlsx")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_export_comes_back_the_same(journal, plan, form, lang):
    for draft in EXPECTED:
        journal.enter(draft, seen="")
    book = journal.book()
    first = book.actuals("pv_capacity")[2024]
    journal.correct(first.id, Draft(**{**vars(first.said), "value": 320.0}), seen=first.id)
    book = journal.book()
    content = export_entries(book.entries, book, Words(plan, lang), form)
    again = taken(content, plan, f"a.{form}")
    assert again.issues == ()
    kept = [e.said for e in book.entries if book.holds(e)]
    for draft, said in zip(again.drafts, kept, strict=True):
        assert (draft.line, draft.status, draft.value) == (said.line, said.status, said.value)
        assert (draft.date, draft.source) == (said.date, said.source)
    assert again.past == 1
    known = taken(content, plan, f"a.{form}", book)
    assert (known.drafts, known.corrections, known.known) == ((), (), len(kept))


def test_differing_value_waits_as_a_correction_and_is_taken_when_wanted(journal, plan):
    journal.enter(EXPECTED[0], seen="")
    rows = names(plan)[:1]
    rows[0][3] = "320"
    found = taken(table(HEAD, *rows), plan, book=journal.book())
    assert found.drafts == ()
    ((draft, replaced),) = found.corrections
    assert (draft.value, replaced.said.value) == (320.0, 312.5)
    (entry,) = journal.enter_all([draft])
    assert entry.corrects == replaced.id
    assert journal.book().actuals("pv_capacity")[2024].said.value == 320.0


def test_all_of_a_table_is_entered_or_nothing(journal):
    bad = Draft(Topic.ACTUAL, "no_such_target", 2024, value=1.0, source="a", author="b")
    before = journal.book().entries
    with pytest.raises(RecordError):
        journal.enter_all([*EXPECTED, bad])
    assert journal.book().entries == before
    journal.enter_all(EXPECTED)
    assert len(journal.book().entries) == len(before) + len(EXPECTED)


def test_nothing_that_leaves_is_a_formula(journal, plan):
    journal.enter(EXPECTED[1], seen="")
    book = journal.book()
    words = Words(plan, "zh")
    sheet = load_workbook(io.BytesIO(export_entries(book.entries, book, words, "xlsx"))).active
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == "=1+1"]
    assert [cell.data_type for cell in cells] == ["s"]
    text = export_entries(book.entries, book, words, "csv").decode("utf-8-sig")
    assert "'=1+1" in text


# Dates


@pytest.mark.parametrize(
    ("typed", "iso"),
    [
        ("2023年4月3日", "2023-04-03"),
        ("2023年4月", "2023-04"),
        ("2023年", "2023"),
        ("２０２３", "2023"),
        ("2023/4/3", "2023-04-03"),
        ("2023.04", "2023-04"),
        ("2023-04-03", "2023-04-03"),
        ("2024-02-29", "2024-02-29"),
        ("2023-02-29", None),
        ("2023-13", None),
        ("4/3/2023", None),
        ("去年", None),
        ("202304", "2023-04"),
        ("", None),
    ],
)
def test_dates_as_typed(typed, iso):
    assert parse_date(typed) == iso


def test_last_day_of_what_is_known():
    assert last_day("2024-02") == date(2024, 2, 29)
    assert last_day("2023") == date(2023, 12, 31)
    assert not is_date("2023-4")
    with pytest.raises(ValueError, match="soon"):
        last_day("soon")
