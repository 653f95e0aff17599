"""Tables of entries: what leaves comes back the same; bad rows are named, good ones wait."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from sqlalchemy import text

from etk_geo.errors import IntakeError, RecordError
from etk_geo.intake.partial_date import is_date, last_day, parse_date
from etk_geo.progress import (
    Act,
    Draft,
    Journal,
    Outcome,
    ProgressBook,
    Status,
    Topic,
    export_entries,
    read_entries,
    worded,
    write_template,
)
from etk_geo.progress.journal import PROGRESS
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
    assert len(again.of(Outcome.PAST)) == 1
    known = taken(content, plan, f"a.{form}", book)
    assert (known.wanted, len(known.of(Outcome.KNOWN))) == ((), len(kept))


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
    exported = export_entries(book.entries, book, words, "csv").decode("utf-8-sig")
    assert "'=1+1" in exported


# The table to be filled in


def test_template_holds_every_project_and_target_and_reads_as_empty(plan):
    words = Words(plan, "zh")
    content = write_template(EMPTY, words, 2025, TODAY)
    sheet = load_workbook(io.BytesIO(content)).active
    assert sheet.max_row == 1 + len(plan.projects) + len(plan.targets)
    assert [cell.value for cell in sheet[1]][:5] == ["编号", "名称", "年份", "状态", "实际值"]
    (offer,) = sheet.data_validations.dataValidation
    assert offer.formula1 == '"未开工,推进中,已完成,已停止"'
    found = taken(content, plan, "模板.xlsx")
    assert (found.rows, found.blank) == ((), len(plan.projects) + len(plan.targets))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_template_that_is_filled_in_comes_back(plan, journal, lang):
    words = Words(plan, lang)
    journal.enter(EXPECTED[0], seen="")
    book = journal.book()
    workbook_ = load_workbook(io.BytesIO(write_template(book, words, 2024, TODAY)))
    sheet = workbook_.active
    heads = [cell.value for cell in sheet[1]]
    rows = {sheet.cell(n, 1).value: n for n in range(2, sheet.max_row + 1)}

    def fill(subject: str, **cells) -> None:
        for name, value in cells.items():
            at = heads.index(words.say(f"progress.column.{name}")) + 1
            sheet.cell(rows[subject], at, value)

    fill("wulan_roads", status=words.code("progress", "done"), date="2024-06", source="现场")
    fill("pv_capacity", value=320, source="年报", author="其其格")
    fill("wind_capacity", value="=1+1", source="年报")
    fill("expressway_km", value=45, source="=HYPERLINK(1)")
    sheet.cell(
        rows["expressway_km"], heads.index(words.say("progress.column.source")) + 1
    ).data_type = "s"
    buffer = io.BytesIO()
    workbook_.save(buffer)
    found = taken(buffer.getvalue(), plan, "填好.xlsx", book)
    by_name = {row.draft.subject: row for row in found.rows if row.draft}
    assert by_name["wulan_roads"].draft == Draft(
        Topic.STATUS, "wulan_roads", 0, Status.DONE, None, "2024-06", "现场", "乌云"
    )
    assert by_name["pv_capacity"].outcome is Outcome.CORRECTION
    assert by_name["pv_capacity"].replaces.said.value == 312.5
    assert by_name["expressway_km"].draft.source == "=HYPERLINK(1)"
    # A formula that no spreadsheet has worked out has no value: said, never taken for a figure.
    assert "wind_capacity" not in {draft.subject for draft in found.wanted}
    held = sheet.cell(rows["pv_capacity"], heads.index(words.say("progress.column.held")) + 1)
    assert held.value == "2024: 312.5"


def test_rows_say_what_becomes_of_them(plan, journal):
    journal.enter(EXPECTED[0], seen="")
    rows = names(plan)
    bad = ["新增风电装机", 2024, "", "约六十", "", "", "年报", "", ""]
    blank = ["新增风电装机", 2024, "", "", "万千瓦", "", "", "", ""]
    found = taken(table(HEAD, *rows, bad, blank), plan, book=journal.book())
    assert [(row.where, row.outcome) for row in found.rows] == [
        ("row 2", Outcome.KNOWN),
        ("row 3", Outcome.NEW),
        ("row 4", Outcome.NEW),
        ("row 5", Outcome.NEW),
        ("row 6", Outcome.WRONG),
    ]
    assert found.blank == 1
    assert found.wanted == EXPECTED[1:]


# A table that is entered and taken back as one


def test_table_is_taken_back_as_one(journal):
    before = journal.book()
    journal.enter_all(EXPECTED, table="进展.xlsx")
    book = journal.book()
    ((batch, entries),) = book.batches.items()
    assert batch.endswith(" 进展.xlsx")
    assert [entry.said for entry in entries] == list(EXPECTED)
    seen = {entry.line: book.newest(entry.line) for entry in entries}
    undone = journal.withdraw_all(batch, author="其其格", remark="传错了表", seen=seen)
    assert {e.said.author for e in undone} == {"其其格"}
    after = journal.book()
    assert [e for e in after.entries if after.holds(e)] == [
        e for e in before.entries if before.holds(e)
    ]
    assert len(after.entries) == len(before.entries) + 2 * len(EXPECTED)
    again, _ = after.batches
    seen = {entry.line: after.newest(entry.line) for entry in undone}
    journal.withdraw_all(again, author="乌云", seen=seen)
    last = journal.book()
    assert {e.said.subject for e in last.entries if last.holds(e) and e.batch} == {
        draft.subject for draft in EXPECTED
    }


def test_what_is_entered_and_taken_back_within_a_second_stays_apart(database, plan):
    journal = Journal(database, plan, lambda: datetime(2026, 1, 31, 8, tzinfo=UTC))
    journal.enter_all(EXPECTED, table="进展.xlsx")
    (first,) = journal.book().batches
    seen = {draft.line: journal.book().newest(draft.line) for draft in EXPECTED}
    journal.withdraw_all(first, author="乌云", seen=seen)
    undone, again = journal.book().batches
    assert again == first
    assert {e.act for e in journal.book().batches[undone]} == {Act.WITHDRAW}
    assert {e.act for e in journal.book().batches[again]} == {Act.ENTER}


def test_what_was_corrected_since_stays_when_its_table_is_taken_back(journal):
    first, *_ = journal.enter_all(EXPECTED, table="进展.xlsx")
    later = Draft(**{**vars(first.said), "value": 330.0, "author": "其其格"})
    journal.correct(first.id, later, seen=first.id)
    book = journal.book()
    seen = {draft.line: book.newest(draft.line) for draft in EXPECTED}
    undone = journal.withdraw_all(first.batch, author="乌云", seen=seen)
    assert len(undone) == len(EXPECTED) - 1
    assert journal.book().actuals("pv_capacity")[2024].said.value == 330.0


def test_table_looked_at_before_somebody_else_entered_is_refused_whole(journal):
    seen = {draft.line: journal.book().newest(draft.line) for draft in EXPECTED}
    journal.enter(Draft(**{**vars(EXPECTED[1]), "value": 7.0, "author": "其其格"}), seen="")
    before = journal.book().entries
    with pytest.raises(RecordError) as caught:
        journal.enter_all(EXPECTED, seen=seen, table="进展.xlsx")
    assert (caught.value.code, caught.value.detail["author"]) == ("ETK910", "其其格")
    assert journal.book().entries == before


def test_table_without_anything_to_take_back(journal):
    with pytest.raises(RecordError) as caught:
        journal.withdraw_all("2026-01-01T00:00:00Z x", author="a", seen={})
    assert caught.value.code == "ETK915"


def test_records_from_before_tables_were_named_are_brought_forward(database, journal):
    with database.writing(PROGRESS) as connection:
        connection.execute(text("ALTER TABLE progress_entries DROP COLUMN batch"))
        connection.execute(text("UPDATE schema_versions SET version = 1 WHERE room = 'progress'"))
    database.close()
    entry = journal.enter(EXPECTED[0], seen="")
    assert journal.book().entry(entry.id).batch == ""
    journal.enter_all(EXPECTED[1:], table="进展.xlsx")
    assert len(journal.book().batches) == 1


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
