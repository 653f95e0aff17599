"""Tables of progress entries on the page: read row by row, entered whole, taken back as one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etk_geo.database import open_database
from etk_geo.plan import open_plan
from etk_geo.progress import Draft, Journal, Topic
from etk_geo.store import project_root
from tests.app.conftest import only, said, unescaped

HEAD = "名称,年份,状态,实际值,单位,日期,来源,登记人,备注\r\n"
GOOD = (
    f"{HEAD}新增光伏装机,2024,,312.5,万千瓦,2025-02,年报,,\r\n"
    "新增风电装机,2024,,106,,,年报,,=1+1\r\n"
)
BAD = f"{GOOD}新增风电装机,去年,,60,,,年报,,\r\n没有的指标,2024,,1,,,年报,,\r\n"


@pytest.fixture
def journal(tmp_path, monkeypatch):
    monkeypatch.setenv("ETK_RECORDS", str(tmp_path / "records"))
    root = project_root()
    database = open_database(root)
    yield Journal(database, open_plan(root), lambda: datetime(2026, 1, 31, 8, tzinfo=UTC))
    database.close()


def brought(app, content: str, name: str = "进展.csv"):
    only(app.text_input, key="entries_author").set_value("张三")
    app.get("file_uploader")[0].upload(name, content.encode(), "text/csv")
    app = app.run()
    assert not app.exception
    return app


def enter(app):
    return only(app.button, key="entries_enter")


def test_rows_are_shown_entered_whole_and_taken_back_as_one(open_page, journal):
    before = len(journal.book().entries)
    app = brought(open_page("entries"), GOOD)
    rows = app.dataframe[0].value
    assert list(rows["行"]) == ["第 2 行", "第 3 行"]
    assert list(rows["结果"]) == ["新登记", "新登记"]
    assert list(rows["登记人"]) == ["张三", "张三"]
    assert len(journal.book().entries) == before
    app = enter(app).click().run()
    assert "已登记 2 条（进展.csv）" in said(app)
    book = journal.book()
    assert book.actuals("pv_capacity")[2024].said.value == 312.5
    assert book.actuals("wind_capacity")[2024].said.remark == "=1+1"
    only(app.text_input, key="entries_back_author").set_value("李四")
    app = only(app.button, key="entries_undo").click().run()
    assert "已整批撤销" in said(app)
    assert journal.book().actuals("pv_capacity") == {}
    assert len(journal.book().entries) == before + 4
    assert unescaped(only(app.selectbox, label="选择一次登记").options[0]).startswith(
        "撤销 进展.csv"
    )


def test_nothing_is_entered_while_a_row_is_wrong(open_page, journal):
    before = journal.book().entries
    app = brought(open_page("entries"), BAD)
    assert "有 2 行有问题，整张表都还没有登记" in said(app)
    wrong = app.table[0].value
    assert [unescaped(cell) for cell in wrong["文件"]] == ["进展.csv", "进展.csv"]
    assert list(wrong["位置"]) == ["第 4 行", "第 5 行"]
    assert "“年份”读不懂：去年" in unescaped(wrong["问题"].iloc[0])
    assert all(unescaped(cell) for cell in wrong["怎么改"])
    assert enter(app).disabled
    assert journal.book().entries == before


def test_table_of_another_in_between_is_told(open_page, journal):
    app = brought(open_page("entries"), GOOD)
    other = Draft(Topic.ACTUAL, "wind_capacity", 2024, value=7.0, source="报表", author="李四")
    journal.enter(other, seen="")
    app = enter(app).click().run()
    assert "李四" in said(app)
    assert "pv_capacity" not in {e.said.subject for e in journal.book().entries}
    # What was brought is still there, read anew beside what the other one entered.
    assert list(app.dataframe[0].value["结果"]) == ["新登记", "更正"]
    app = enter(app).click().run()
    assert journal.book().actuals("wind_capacity")[2024].said.value == 106


def test_missing_author_and_empty_table_are_said(open_page, journal):
    app = open_page("entries")
    app.get("file_uploader")[0].upload("进展.csv", GOOD.encode(), "text/csv")
    app = app.run()
    assert "缺少“登记人”" in unescaped(app.table[0].value["问题"].iloc[0])
    app = brought(open_page("entries"), f"{HEAD}新增光伏装机,2024,,,万千瓦,,,,\r\n")
    assert "表里没有填任何进展" in said(app)
    app = brought(open_page("entries"), "甲,乙\r\n1,2\r\n")
    assert "ETK917" in said(app)


def test_markup_in_a_table_stays_text(open_page, journal):
    hostile = "<img src=x onerror=alert(1)>"
    app = brought(
        open_page("entries"), f"{HEAD}{hostile},2024,,1,,,{hostile},,\r\n", f"{hostile}.csv"
    )
    for element in (*app.markdown, *app.error, *app.info, *app.caption):
        assert "<img" not in element.value.replace("\\<", "")
    assert hostile in unescaped(app.table[0].value["问题"].iloc[0])
