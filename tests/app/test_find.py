"""Finding: what is typed and filtered, kept in the address, taken away as a file."""

from __future__ import annotations

from datetime import date

import pytest

from etk_geo.catalog import open_catalog
from etk_geo.maps.direction import FeatureRef
from etk_geo.model import LonLatBounds
from etk_geo.plan import open_plan
from etk_geo.progress import shipped_entries
from etk_geo.progress.book import merged
from etk_geo.search import Facet, ItemKind, Selection, list_items, select
from etk_geo.store import project_root
from etk_geo.targets import join_targets
from etk_geo.ui.find_selection import LEAST_SPAN_DEG, extent_of, frame_of, item_of, refs_of
from tests.app.conftest import only, said


@pytest.fixture(scope="module")
def layers():
    return open_catalog(project_root()).layers


@pytest.fixture(scope="module")
def joins(layers):
    return join_targets(open_plan(project_root()), layers)


@pytest.fixture(scope="module")
def items(layers):
    return {item.key: item for item in list_items(open_plan(project_root()), layers)}


def names(app, heading="名称"):
    (table,) = (t.value for t in app.dataframe if heading in t.value.columns)
    return list(table[heading])


def test_everything_is_listed_until_something_is_asked(open_page, items):
    assert len(names(open_page("find"))) == len(items)


@pytest.mark.parametrize("typed", ["qpj", "棋盘井镇", "qipanjing"])
def test_typed_text_finds_and_stays_in_the_address(open_page, typed):
    app = open_page("find")
    only(app.text_input, key="find_typed").set_value(typed).run()
    assert "棋盘井镇" in names(app)
    assert app.query_params["q"] in (typed, [typed])


def test_link_reopens_query_filters_date_and_chosen(open_page, items):
    address = {
        "q": "qpj",
        "kind": "project",
        "date": "2024-01-01",
        "pick": "project:qipanjing_park",
    }
    app = open_page("find", **address)
    assert "棋盘井工业园区提质" in names(app)
    assert "棋盘井镇" not in names(app)
    assert "打开项目页" in said(app) + "".join(link.label for link in app.get("page_link"))
    for name, value in address.items():
        assert app.query_params[name] in (value, [value])


def test_status_is_as_of_the_day(open_page):
    airport = "鄂托克旗通用机场"
    assert airport in names(open_page("find", status="done", date="2023-12-31"))
    assert airport in names(open_page("find", status="-", kind="project", date="2023-01-01"))
    assert airport not in names(open_page("find", status="-", kind="project", date="2023-12-31"))


def test_date_that_is_none_is_said(open_page):
    assert "日期要写成" in said(open_page("find", date="去年"))


def test_nothing_found_is_said(open_page):
    assert "没有找到" in said(open_page("find", q="zzzzqq"))


def test_unknown_filter_in_the_address_is_left_alone(open_page, items):
    assert len(names(open_page("find", sector="nonsense"))) == len(items)


def test_project_is_its_feature_and_a_target_those_that_carry_it(items, joins):
    assert refs_of(items["project:qipanjing_park"], joins) == (
        FeatureRef("industrial_parks", "qipanjing_park"),
    )
    carried = refs_of(items["target:park_output"], joins)
    assert FeatureRef("industrial_parks", "qipanjing_park") in carried
    assert refs_of(items["layer:railways"], joins) == ()


def test_picked_feature_is_the_project_before_the_target_it_carries(items, joins):
    listed = [items["target:park_output"], items["project:qipanjing_park"]]
    picked = [FeatureRef("industrial_parks", "qipanjing_park")]
    assert item_of(picked, listed, joins) == items["project:qipanjing_park"]
    assert item_of(picked, listed[:1], joins) == items["target:park_output"]
    assert item_of([FeatureRef("nothing", "x")], listed, joins) is None


def test_extent_of_a_point_has_room_and_of_nothing_is_none(items):
    place = items["place:wulan_town"]
    box = extent_of([place])
    assert isinstance(box, LonLatBounds)
    assert box.east - box.west == pytest.approx(LEAST_SPAN_DEG)
    assert box.west < place.bounds.west < box.east
    unplaced = [item for item in items.values() if item.bounds is None]
    assert extent_of(unplaced) is None


def test_export_keeps_every_row_and_guesses_no_position(items, layers, joins):
    listed = list(items.values())
    frame = frame_of(listed, layers, joins)
    assert list(frame["id"]) == [item.id for item in listed]
    assert frame.crs.to_epsg() == 4326
    by_kind = dict(zip(zip(frame["kind"], frame["id"], strict=True), frame.geometry, strict=True))
    assert by_kind["project", "qipanjing_park"] is not None
    assert by_kind["project", "qipanjing_east"] is None
    assert all(by_kind[kind, name] is None for kind, name in by_kind if kind == ItemKind.TARGET)


def test_filter_in_use_stays_in_sight(open_page):
    def opened(app):
        return [box.proto.expanded for box in app.expander if "更多筛选" in box.label]

    assert opened(open_page("find")) == [False]
    app = open_page("find", category="agriculture")
    assert opened(app) == [True]
    only(app.multiselect, key="find_category").set_value([]).run()
    assert "category" not in app.query_params
    assert opened(app) == [True]


DAY = date(2026, 6, 1)
FILTERS = {
    Facet.KIND: "project",
    Facet.SECTOR: "energy",
    Facet.CATEGORY: "agriculture",
    Facet.LAYER: "railways",
    Facet.TOWNSHIP: "mukainaoer_town",
    Facet.STATUS: "done",
    Facet.CITATION: "3.1.1",
    Facet.MEASURE: "cumulative",
}


@pytest.mark.parametrize("facet", Facet)
def test_link_reopens_each_filter(open_page, layers, facet):
    plan = open_plan(project_root())
    book = merged(shipped_entries(plan), ())
    entered = {name: book.status(name, DAY) for name in plan.projects["id"]}
    statuses = {name: str(entry.said.status) for name, entry in entered.items() if entry}
    listed = list_items(plan, layers, statuses)
    left = select(listed, Selection.of({facet: [FILTERS[facet]]}))
    assert 0 < len(left) < len(listed)
    app = open_page("find", date=DAY.isoformat(), **{str(facet): FILTERS[facet]})
    assert names(app) == [item.name_zh for item in left]
    assert only(app.multiselect, key=f"find_{facet}").value == [FILTERS[facet]]
