"""Entering, correcting and undoing progress on the pages, each test with records of its own."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etk_geo.database import open_database
from etk_geo.plan import open_plan
from etk_geo.progress import Draft, Journal, Status, Topic
from etk_geo.store import project_root
from tests.app.conftest import only, said

PROJECT, TARGET = "qipanjing_park", "urban_income"
MOMENT = datetime(2026, 1, 31, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def journal(tmp_path, monkeypatch):
    """Records of this test's own, as another user's program would open them."""
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "records"))
    root = project_root()
    database = open_database(root)
    yield Journal(database, open_plan(root), lambda: MOMENT)
    database.close()


def fill(app, name, **fields):
    for field, value in fields.items():
        kind = app.selectbox if field == "status" else app.text_input
        only(kind, key=f"{name}_{field}").set_value(value)


def press(app, label):
    return only(app.button, label=label).click().run()


def status_form(app, **fields):
    fill(app, f"record_status_{PROJECT}_new", **fields)
    return press(app, "存入")


def history(app):
    return next(t.value for t in app.table if "登记方式" in t.value.columns)


def test_no_entry_reads_no_progress_data(open_page):
    app = open_page("project", project=PROJECT)
    assert "无进展数据" in said(app)
    assert "无进展数据" in said(open_page("target", target=TARGET))


def test_status_is_kept_with_source_and_author(open_page, journal):
    app = open_page("project", project=PROJECT)
    app = status_form(
        app, status=Status.UNDER_WAY, date="2024年6月", source="旗发改委月报", author="张三"
    )
    assert not app.exception
    assert "已存入" in said(app)
    (entry,) = journal.book().history(Topic.STATUS, PROJECT)
    assert (entry.said.status, entry.said.date) == (Status.UNDER_WAY, "2024-06")
    assert (entry.said.source, entry.said.author) == ("旗发改委月报", "张三")
    assert "推进中（2024\\-06）".replace("\\", "") in said(app)


def test_missing_source_is_said_and_what_was_typed_stays(open_page, journal):
    app = open_page("project", project=PROJECT)
    app = status_form(app, status=Status.DONE, date="2024-06", author="张三")
    assert "缺少“来源”" in said(app)
    assert only(app.text_input, key=f"record_status_{PROJECT}_new_date").value == "2024-06"
    assert journal.book().history(Topic.STATUS, PROJECT) == ()


def test_entry_of_another_in_between_is_told_and_nothing_is_lost(open_page, journal):
    app = open_page("project", project=PROJECT)
    journal.enter(
        Draft(Topic.STATUS, PROJECT, status=Status.STOPPED, source="通知", author="李四"), seen=""
    )
    app = status_form(app, status=Status.DONE, source="月报", author="张三")
    assert "李四" in said(app)
    assert len(journal.book().history(Topic.STATUS, PROJECT)) == 1
    assert only(app.text_input, key=f"record_status_{PROJECT}_new_source").value == "月报"
    app = press(app, "存入")
    assert "已存入" in said(app)
    assert len(journal.book().history(Topic.STATUS, PROJECT)) == 2


def test_actual_value_is_entered_corrected_and_undone(open_page, journal):
    app = open_page("target", target=TARGET)
    new = f"record_actual_{TARGET}_new"
    fill(app, new, year="2023", value="55,000", source="公报", author="张三")
    app = press(app, "存入")
    (first,) = journal.book().history(Topic.ACTUAL, TARGET)
    assert (first.said.year, first.said.value) == (2023, 55000)
    fill(app, f"record_actual_{TARGET}_correct_{first.id}", value="55100", author="李四")
    app = press(app, "存为更正")
    assert journal.book().actuals(TARGET)[2023].said.value == 55100
    assert len(history(app)) == 2
    second = journal.book().actuals(TARGET)[2023]
    fill(app, f"record_actual_{TARGET}_undo_{second.id}", author="王五")
    app = press(app, "撤销这一条")
    assert journal.book().actuals(TARGET)[2023].said.value == 55000
    assert list(history(app)["登记方式"]) == ["撤销", "更正", "登记"]


def test_number_that_is_none_is_refused(open_page, journal):
    app = open_page("target", target=TARGET)
    fill(app, f"record_actual_{TARGET}_new", year="2023", value="五万", source="公报", author="张")
    app = press(app, "存入")
    assert "读不懂" in said(app)
    assert journal.book().history(Topic.ACTUAL, TARGET) == ()


def test_records_that_cannot_be_read_are_said_and_the_page_goes_on(open_page, tmp_path):
    folder = tmp_path / "records"
    folder.mkdir()
    (folder / "records.db").write_bytes(b"no database at all" * 100)
    app = open_page("project", project=PROJECT)
    assert app.error
    assert not app.exception
    assert only(app.title).value == "项目详情"
