"""What a page asks of the map, and what it makes of the answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import GeometryCollection, LineString, MultiPoint, Point, box
from streamlit_folium import _get_feature_group_string

from etk_geo.maps.direction import (
    Camera,
    Direction,
    FeatureRef,
    OverlayFeature,
    Pick,
    Swipe,
    overlay_document,
    read_pick,
)
from etk_geo.maps.plan_map import build_map
from etk_geo.maps.symbols import read_roles
from etk_geo.model import Bound, LonLat, LonLatBounds

URL = "../../app/static/display/map-zh-01234567.json"
A, B = FeatureRef("roads", "a"), FeatureRef("roads", "b")


def script(site, direction):
    return _get_feature_group_string(direction.group("zh"), build_map(site, URL))


def test_direction_reaches_the_map_already_shown_and_is_the_same_each_time(site):
    direction = Direction(marked=(A,), layers={"b": True, "a": False})
    first = script(site, direction)
    assert first == script(site, direction)
    assert "etk.direct(map_div, {" in first
    assert first != script(site, Direction(marked=(B,)))


def test_no_text_can_end_the_script(site):
    hostile = "</script><script>alert(1)</script>\n`'\""
    overlay = (OverlayFeature(Point(108, 39), "subject", name=hostile, tip=hostile, id=hostile),)
    assert "</script>" not in script(site, Direction(overlay=overlay, overlay_title=hostile))


@pytest.mark.parametrize(
    ("camera", "member", "value"),
    [
        (Camera(features=(A,)), "features", [["roads", "a"]]),
        (Camera(bounds=LonLatBounds(107, 38, 108, 39)), "bounds", [107, 38, 108, 39]),
        (Camera(centre=LonLat(107.5, 39.2), zoom=9), "centre", [107.5, 39.2]),
    ],
)
def test_camera_says_one_target_longitude_first(camera, member, value):
    document = camera.document()
    assert document[member] == value
    assert len({"features", "bounds", "centre"}.intersection(document)) == 1


def test_selection_of_nothing_is_not_the_same_as_no_selection():
    assert Direction(shown=()).document("zh")["shown"] == []
    assert Direction().document("zh")["shown"] is None


def test_parts_of_an_overlay_are_drawn_by_their_shape_with_one_style_each():
    mixed = GeometryCollection(
        [MultiPoint([(107, 39), (108, 39)]), LineString([(107, 39), (108, 39)]), Point()]
    )
    document = overlay_document([OverlayFeature(mixed, "conflict", id="x")], "", "zh")
    assert [f["geometry"]["type"] for f in document["features"]] == ["Point", "Point", "LineString"]
    assert {style["shape"] for style in document["roles"].values()} == {"marker", "line"}
    assert {f["properties"]["id"] for f in document["features"]} == {"x"}


def test_outer_extent_in_an_overlay_has_no_outline():
    feature = OverlayFeature(box(107, 39, 108, 40), "possible", bound=Bound.OUTER)
    (style,) = overlay_document([feature], "", "zh")["roles"].values()
    assert style["pattern"] == "hatch"


def test_every_role_has_words_in_both_languages_and_none_looks_like_another():
    roles = [role for role, kind in read_roles().names if not kind and role != "fallback"]
    assert len(roles) > 10
    looks = set()
    for role in roles:
        features = [OverlayFeature(LineString([(107, 39), (108, 39)]), role)]
        labels = set()
        for lang in ("zh", "en"):
            (style,) = overlay_document(features, "", lang)["roles"].values()
            labels.add(style["label"])
        assert len(labels) == 2
        looks.add((style["colour"], style["dash"], style["marker"]))
    assert len(looks) == len(roles)


def test_pick_is_read():
    answer = {"picked": {"features": [["roads", "a"], ["", "x"]], "turn": 1700000000000}}
    assert read_pick(answer) == Pick((A, FeatureRef("", "x")), 1700000000000)


@pytest.mark.parametrize(
    "answer",
    [None, {}, [], {"picked": {"features": [["a"]], "turn": 1}}, {"picked": {"features": "ab"}}],
)
def test_anything_else_is_no_pick(answer):
    assert read_pick(answer) is None


@given(
    st.recursive(
        st.none() | st.text() | st.integers() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_the_browser_sends_is_a_pick_or_nothing(answer):
    picked = read_pick({"picked": answer})
    assert picked is None or json.dumps(picked.features)


def test_feature_of_one_side_says_so_and_how_many_it_stands_for():
    features = [
        OverlayFeature(Point(108, 39), "status_done", side="before", count=3, ringed=True),
        OverlayFeature(Point(108, 39), "status_done", side="after"),
    ]
    first, second = overlay_document(features, "", "zh")["features"]
    assert first["properties"] == {
        "role": "status_done-marker-",
        "side": "before",
        "count": 3,
        "ringed": True,
    }
    assert second["properties"] == {"role": "status_done-marker-", "side": "after"}


def test_divider_is_asked_for_with_its_words():
    assert Direction().document("zh")["swipe"] is None
    asked = Direction(swipe=Swipe("2023", "2024", "divider")).document("zh")["swipe"]
    assert asked == {"before": "2023", "after": "2024", "label": "divider"}
