"""The display copy: what is drawn, what is left out, the same bytes every time."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import (
    GeometryCollection,
    LineString,
    MultiPoint,
    MultiPolygon,
    Point,
    Polygon,
    box,
    shape,
)

from etk_geo.catalog import open_catalog
from etk_geo.maps.display import DISPLAY_FOLDER, inline_display, layer_documents, write_display
from etk_geo.maps.shapes import FRAME_WIDTH, draw_layer, shared_courses
from etk_geo.maps.symbols import read_symbols
from etk_geo.model import Issue, LayerGroup
from etk_geo.plan import open_plan
from etk_geo.store import project_root

HERE = Point(107.0, 39.0)


def drawn(make_feature, *items, layer_id="a"):
    features = [make_feature(f"f{i}", **values) for i, (_, values) in enumerate(items)]
    return draw_layer(layer_id, [g for g, _ in items], features, read_symbols())


def test_features_at_one_anchor_share_a_marker(make_feature):
    found = drawn(make_feature, (HERE, {}), (HERE, {}), (Point(107.5, 39), {}))
    assert [len(item.features) for item in found] == [2, 1]


def test_anchors_closer_than_a_metre_are_one(make_feature):
    found = drawn(make_feature, (HERE, {}), (Point(107.000001, 39), {}))
    assert len(found) == 1


def test_feature_at_two_places_has_a_marker_at_each(make_feature):
    found = drawn(make_feature, (MultiPoint([(107, 39), (107.5, 39)]), {}), (HERE, {}))
    assert sorted(len(item.features) for item in found) == [1, 2]


def test_feature_named_twice_at_one_anchor_is_listed_once(make_feature):
    (found,) = drawn(make_feature, (MultiPoint([(107, 39), (107, 39)]), {}))
    assert len(found.features) == 1


def test_areas_come_before_lines_before_markers(make_feature):
    found = drawn(
        make_feature,
        (HERE, {}),
        (LineString([(107, 39), (108, 39)]), {}),
        (box(107, 39, 108, 40), {"bound": "exact"}),
    )
    assert [item.style.shape for item in found] == ["area", "line", "marker"]


def test_collection_is_drawn_by_its_parts_and_emptiness_is_not_drawn(make_feature):
    mixed = GeometryCollection([HERE, LineString([(107, 39), (108, 39)]), Polygon()])
    found = drawn(make_feature, (mixed, {}), (Polygon(), {}))
    assert [item.style.shape for item in found] == ["line", "marker"]


def test_height_is_left_out(make_feature):
    (found,) = drawn(make_feature, (LineString([(107, 39, 5), (108, 39, 5)]), {}))
    assert found.geometry["coordinates"] == [[107.0, 39.0], [108.0, 39.0]]


def test_lines_on_one_course_are_drawn_once(make_feature):
    one = LineString([(107, 39), (108, 39), (109, 39.5)])
    courses = shared_courses(drawn(make_feature, (one, {}), (LineString(one.coords[:2]), {})))
    (course,) = courses.values()
    assert shape(dict(course)).length == pytest.approx(one.length)


def test_single_line_is_drawn_as_it_is(make_feature):
    assert not shared_courses(drawn(make_feature, (LineString([(107, 39), (108, 39)]), {})))


def test_neighbours_have_no_outline_where_the_data_is_cut_off(make_feature):
    areas = [(box(0, 0, 1, 2), {"bound": "exact"}), (box(1, 0, 2, 2), {"bound": "exact"})]
    (course,) = shared_courses(drawn(make_feature, *areas, layer_id="neighbours")).values()
    assert shape(dict(course)).length == pytest.approx(2 - 2 * FRAME_WIDTH, abs=1e-4)


def test_cut_that_stands_a_rounding_inside_the_box_is_no_outline_either(make_feature):
    jagged = Polygon([(0, 0), (2, 0), (1.99, 1), (2, 2), (0, 2)])
    areas = [(box(-1, 0, 0, 2), {"bound": "exact"}), (jagged, {"bound": "exact"})]
    (course,) = shared_courses(drawn(make_feature, *areas, layer_id="neighbours")).values()
    assert shape(dict(course)).length == pytest.approx(2 - 2 * FRAME_WIDTH, abs=1e-4)


def test_layers_come_in_legend_order(make_layer, make_plan, make_catalog, make_feature):
    layers = [
        make_layer(name, [(make_feature(name), HERE)], group=group)
        for name, group in (
            ("a", LayerGroup.BASE),
            ("b", LayerGroup.REFERENCE),
            ("c", LayerGroup.PLAN),
        )
    ]
    found = layer_documents(make_catalog(*layers), make_plan(), "zh")
    assert [doc.entry["id"] for doc in found] == ["c", "b", "a"]


def test_counts_tell_located_from_waiting(make_layer, make_plan, make_catalog, make_feature):
    one = make_layer("a", [(make_feature("x"), HERE), (make_feature("y", bound=None), None)])
    (document,) = layer_documents(make_catalog(one), make_plan(), "zh")
    assert (document.entry["count"], document.entry["unlocated"]) == (2, 1)
    assert len(document.shapes["features"]) == 1


def test_accuracy_of_a_group_is_that_of_its_worst(
    make_layer, make_plan, make_catalog, make_feature
):
    one = make_layer(
        "a",
        [
            (make_feature("x", accuracy_m=500.0, extent_m=100.0), HERE),
            (make_feature("y", accuracy_m=3000.0), HERE),
        ],
    )
    (document,) = layer_documents(make_catalog(one), make_plan(), "en")
    values = document.shapes["features"][0]["properties"]
    assert values["accuracy_m"] == 3000
    assert values["reach_m"] == 600
    assert values["count"] == 2
    assert values["name"] == "Name x and others (2)"


def test_styles_of_one_kind_say_their_shape(make_layer, make_plan, make_catalog, make_feature):
    one = make_layer(
        "a",
        [
            (make_feature("x"), HERE),
            (make_feature("y"), LineString([(107, 39), (108, 39)])),
            (make_feature("z", kind="mine"), Point(108, 39)),
        ],
    )
    (document,) = layer_documents(make_catalog(one), make_plan(), "en")
    labels = [style["label"] for style in document.entry["styles"]]
    assert labels == ["project (schematic line)", "project, mine (reference point)"]


def test_restricted_layer_is_written_nowhere(
    site, make_layer, make_plan, make_catalog, make_feature
):
    secret = make_layer("a", [(make_feature("x", name_zh="机密"), HERE)], restricted=True)
    opened = make_catalog(secret)
    write_display(site, opened, make_plan(), "zh")
    written = [path.read_text(encoding="utf-8") for path in (site / DISPLAY_FOLDER).iterdir()]
    assert written
    assert not any("机密" in content for content in written)
    inlined = inline_display(opened, make_plan(), "zh")
    assert "机密" not in json.dumps(inlined, ensure_ascii=False)
    assert inlined["restricted"] == ["layers/a.geojson"]


def test_withheld_files_are_named(make_plan, make_catalog):
    issue = Issue("layers/roads.geojson", "", "ETK102")
    assert inline_display(make_catalog(issues=(issue,)), make_plan(), "zh")["withheld"] == [
        "layers/roads.geojson"
    ]


def test_addresses_are_relative_to_the_frame_and_carry_the_checksum(
    site, make_layer, make_plan, make_catalog, make_feature
):
    one = make_catalog(make_layer("a", [(make_feature(), HERE)]))
    display = write_display(site, one, make_plan(), "zh")
    assert display.url.startswith("../../app/static/display/map-zh-")
    assert display.complete
    names = sorted(path.name.rsplit("-", 1)[0] for path in display.files)
    assert names == ["a-zh", "a-zh-cards", "map-zh"]


def test_odd_layer_id_cannot_leave_the_folder(
    site, make_layer, make_plan, make_catalog, make_feature
):
    odd = make_layer("../../../Etc/x", [(make_feature(), HERE)])
    display = write_display(site, make_catalog(odd), make_plan(), "zh")
    assert {path.parent for path in display.files} == {site / DISPLAY_FOLDER}


def test_second_writing_leaves_the_files_and_a_lost_one_comes_back(
    site, make_layer, make_plan, make_catalog, make_feature
):
    one = make_catalog(make_layer("a", [(make_feature(), HERE)]))
    first = write_display(site, one, make_plan(), "zh")
    inodes = [path.stat().st_ino for path in first.files]
    first.files[0].unlink()
    assert not first.complete
    second = write_display(site, one, make_plan(), "zh")
    assert second == first
    assert second.complete
    assert [path.stat().st_ino for path in second.files][1:] == inodes[1:]


def test_files_long_unused_are_removed(site, make_plan, make_catalog):
    old = site / DISPLAY_FOLDER / "old-00000000.geojson"
    old.parent.mkdir(parents=True)
    old.write_text("{}", encoding="utf-8")
    os.utime(old, (0, 0))
    write_display(site, make_catalog(), make_plan(), "zh")
    assert not old.exists()


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_display_of_the_real_data_is_the_same_every_time(site, lang):
    root = project_root()
    first = write_display(site, open_catalog(root), open_plan(root), lang)
    second = write_display(site, open_catalog(root), open_plan(root), lang)
    assert first == second


def test_every_located_feature_of_the_real_data_is_on_the_map():
    root = project_root()
    opened = open_catalog(root)
    inlined = inline_display(opened, open_plan(root), "zh")
    for entry in inlined["layers"]:
        layer = opened.layers[entry["id"]]
        told = "".join(card["card"] for card in entry["cards"])
        for name in layer.located["name_zh"]:
            assert name in told
        assert sum(style["count"] for style in entry["styles"]) >= len(layer.located)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([HERE, Point(107.5, 39.5), MultiPoint([(107, 39), (108, 39)])]),
            st.sampled_from(["project", "mine", "station"]),
        ),
        max_size=12,
    )
)
def test_no_feature_is_lost_however_anchors_coincide(items):
    features = [
        {"id": f"f{i}", "kind": kind, "bound": "position", "accuracy_m": None}
        for i, (_, kind) in enumerate(items)
    ]
    found = draw_layer("mining_remediation", [g for g, _ in items], features, read_symbols())
    assert {f["id"] for item in found for f in item.features} == {f["id"] for f in features}
    anchors = [(item.style, tuple(item.geometry["coordinates"])) for item in found]
    assert len(set(anchors)) == len(anchors)


def test_multi_area_stays_one_shape(make_feature):
    areas = MultiPolygon([box(107, 39, 107.1, 39.1), box(108, 39, 108.1, 39.1)])
    (found,) = drawn(make_feature, (areas, {"bound": "exact"}))
    assert found.geometry["type"] == "MultiPolygon"
