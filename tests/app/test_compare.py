"""Two dates or two years on one page: exactly what differs, and what the map draws of it."""

from __future__ import annotations

import pytest

from etk_geo.maps.direction import Direction
from etk_geo.plan import open_plan
from etk_geo.progress import Draft, Status, Topic
from etk_geo.store import project_root
from etk_geo.ui import compare_page
from tests.app.conftest import only, said, unescaped
from tests.app.test_record import journal  # noqa: F401 - records of the test's own

PLAN = open_plan(project_root())


@pytest.fixture
def directions(monkeypatch):
    """What the page asks of its map, last one last."""
    asked: list[Direction] = []
    monkeypatch.setattr(
        compare_page,
        "show_plan_map",
        lambda workspace, lang, direction, **options: asked.append(direction),
    )
    return asked


def enter(journal, **draft):  # noqa: F811
    journal.enter(Draft(**draft, source="月报", author="张三"), seen="")


def table(app, heading):
    tables = (t.value.rename(columns=unescaped).map(unescaped) for t in app.table)
    return next(t for t in tables if heading in t.columns)


def drawn(direction, side):
    return {
        (f.role, f.count)
        for f in direction.overlay
        if f.side == side and f.geometry.geom_type == "Point"
    }


def test_two_dates_list_the_project_that_was_opened_between_them(open_page, directions):
    app = open_page("compare", first="2023-04-02", second="2023-04-03")
    rows = table(app, "2023-04-03 的状态")
    assert rows["名称"].tolist() == ["鄂托克旗通用机场"]
    assert rows["2023-04-02 的状态"].tolist() == ["无进展数据"]
    assert "已完成" in rows["2023-04-03 的状态"].iloc[0]
    (direction,) = directions
    assert not any(role == "status_done" for role, _ in drawn(direction, "before"))
    assert ("status_done", 1) in drawn(direction, "after")
    ringed = [f for f in direction.overlay if f.ringed and f.side == "after"]
    assert [f.name for f in ringed] == ["鄂托克旗通用机场"]
    assert direction.swipe.before == "2023-04-02"


def test_order_of_the_dates_does_not_matter(open_page, directions):
    open_page("compare", first="2023-04-03", second="2023-04-02")
    open_page("compare", first="2023-04-02", second="2023-04-03")
    assert directions[0] == directions[1]


def test_every_project_with_a_position_is_drawn_on_either_side(open_page, directions):
    app = open_page("compare", first="2022-12-31", second="2025-12-31")
    left_out = int(said(app).split("只在表里的：")[1].split(" ")[0])
    (direction,) = directions
    for side in ("before", "after"):
        features = [f for f in direction.overlay if f.side == side]
        # A project of several places has a marker at each, so there are at least as many.
        assert sum(f.count for f in features) >= len(PLAN.projects) - left_out
    assert 0 < left_out < len(PLAN.projects)


def test_two_years_list_the_target_with_its_change(open_page, journal, directions):  # noqa: F811
    for year, value in ((2023, 200.0), (2024, 450.0)):
        enter(journal, topic=Topic.ACTUAL, subject="pv_capacity", year=year, value=value)
    app = open_page("compare", by="years", first="2023", second="2024")
    rows = table(app, "实际值变化")
    assert rows["实际值变化"].tolist() == ["+250"]
    assert rows["2023 年：灯"].tolist() == ["■ 红"]
    assert rows["2024 年：灯"].tolist() == ["● 绿"]
    assert directions[-1].swipe.after == "2024 年"


def test_one_target_shows_what_carries_it_by_its_light(open_page, journal, directions):  # noqa: F811
    for year, value in ((2023, 300.0), (2024, 1000.0)):
        enter(journal, topic=Topic.ACTUAL, subject="park_output", year=year, value=value)
    app = open_page("compare", by="years", first="2023", second="2024", target="park_output")
    assert only(app.selectbox, key="compare_target").value == "park_output"
    roles = {
        side: {f.role for f in directions[-1].overlay if f.side == side}
        for side in ("before", "after")
    }
    assert roles["after"] == {"light_green"}
    assert roles["before"] != roles["after"]


def test_nothing_differs_is_said(open_page, directions):
    app = open_page("compare", first="2022-01-01", second="2022-02-01")
    words = said(app)
    assert "没有项目的状态登记为不同" in words
    assert "没有指标的实际值或灯不同" in words
    assert not any(f.ringed for f in directions[-1].overlay)


def test_wrong_date_is_named_and_the_usual_one_is_used(open_page, directions):
    app = open_page("compare", first="2023-13-01", second="2023-04-03")
    assert "日期要写成 2025-12-31 这样" in said(app)
    assert directions


def test_status_of_a_stopped_project_is_told_by_shape(open_page, journal, directions):  # noqa: F811
    enter(
        journal,
        topic=Topic.STATUS,
        subject="qipanjing_park",
        status=Status.STOPPED,
        date="2024-05-01",
    )
    open_page("compare", first="2024-04-30", second="2024-05-01")
    roles = {role for role, _ in drawn(directions[-1], "after")}
    assert "status_stopped" in roles
    assert "status_stopped" not in {role for role, _ in drawn(directions[-1], "before")}
