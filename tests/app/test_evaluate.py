"""Dashboard, evaluation and structure pages, with entries of the test's own and without any."""

from __future__ import annotations

import pytest

from etk_geo.evaluation import Light
from etk_geo.plan import open_plan
from etk_geo.progress import Draft, Status, Topic
from etk_geo.store import project_root
from tests.app.conftest import only, said
from tests.app.test_record import journal  # noqa: F401 - records of the test's own


@pytest.fixture
def target():
    """An increment with a target: its light follows from the running total alone."""
    targets = open_plan(project_root()).targets
    rows = targets[(targets["measure"] == "increment") & (targets["comparator"] == "=")]
    return rows[rows["target_2025"] > 0].iloc[0]


def enter(journal, target, year, share):  # noqa: F811
    value = round(float(target["target_2025"]) * share, 6)
    draft = Draft(Topic.ACTUAL, target["id"], year, value=value, source="公报", author="张三")
    journal.enter(draft, seen="")


def table(app, heading):
    return next(t.value for t in (*app.dataframe, *app.table) if heading in t.value.columns)


def row_of(app, name, heading="灯"):
    rows = table(app, heading)
    return rows[rows["名称"] == name].iloc[0]


@pytest.mark.parametrize("key", ["sectors", "evaluate"])
def test_without_entries_nothing_is_judged_and_it_is_said(open_page, key):
    app = open_page(key, year="2024")
    assert "无进展数据" in said(app)
    assert set(table(app, "灯")["灯"]) == {"○ 不判断"}


@pytest.mark.parametrize(
    ("share", "mark"), [(0.8, "● 绿"), (0.7, "▲ 黄"), (0.5, "■ 红"), (1.0, "● 绿")]
)
def test_light_follows_the_even_advance(open_page, journal, target, share, mark):  # noqa: F811
    # Four of five years have passed by 2024: 80 % are due, amber down to 64 %.
    enter(journal, target, 2024, share)
    app = open_page("evaluate", year="2024")
    assert row_of(app, target["name_zh"])["灯"] == mark
    assert f"完成率：{float(target['target_2025']) * share:g}" in said(app).replace(",", "")


def test_value_of_a_later_year_does_not_count(open_page, journal, target):  # noqa: F811
    enter(journal, target, 2025, 1.0)
    app = open_page("evaluate", year="2024")
    assert row_of(app, target["name_zh"])["灯"] == "○ 不判断"


def test_status_of_the_day_is_counted(open_page, journal):  # noqa: F811
    before = said(open_page("sectors", year="2024"))
    assert "**1 / 65**" in before  # the airport comes with the program
    draft = Draft(Topic.STATUS, "qipanjing_park", status=Status.UNDER_WAY, date="2024-05")
    journal.enter(Draft(**{**draft.__dict__, "source": "月报", "author": "张三"}), seen="")
    assert "**2 / 65**" in said(open_page("sectors", year="2024"))
    assert "**1 / 65**" in said(open_page("sectors", year="2023"))


def test_every_light_has_its_rules(open_page):
    words = said(open_page("evaluate"))
    for word in ("● 绿", "▲ 黄", "■ 红", "○ 不判断"):
        assert f"**{word}**" in words
    assert len(Light) == 4


def test_year_and_day_of_the_address_are_taken(open_page):
    app = open_page("evaluate", year="2023", date="2023-06-30")
    assert only(app.selectbox, key="evaluate_year").value == "2023"
    assert only(app.text_input, key="evaluate_day").value == "2023-06-30"


def test_pattern_says_what_is_missing(open_page):
    app = open_page("structure", pattern="control_units")
    assert "○ **优先保护单元** · 缺" in said(app)


@pytest.mark.parametrize(("form", "begins"), [("docx", b"PK"), ("xlsx", b"PK"), ("pdf", b"%PDF")])
def test_report_is_made_in_each_form(open_page, form, begins, monkeypatch):
    made = {}
    monkeypatch.setattr(
        "streamlit.download_button",
        lambda label, data, name, *args, **options: made.update({name: data}),
    )
    app = open_page("evaluate", year="2024")
    only(app.get("button_group"), key="evaluate_form").set_value(form)
    only(app.button, key="evaluate_make").click().run()
    assert not app.exception
    assert not app.error
    assert made[f"evaluation_2024.{form}"].startswith(begins)
