"""位置待补: features without a position, and what is missing of each."""

from __future__ import annotations

from etk_geo.unplaced import UNPLACED_COLUMNS, list_unplaced
from tests.targets.conftest import make_plan


def gap(subject, what, holder=""):
    return {"subject": subject, "what_zh": what, "what_en": what, "holder_zh": holder}


def listed(plan, layers):
    return list_unplaced(plan, layers).set_index("id")


def test_every_feature_without_position_is_listed_and_no_other(plan, layers):
    unplaced = list_unplaced(plan, layers)
    assert list(unplaced.columns) == list(UNPLACED_COLUMNS)
    assert list(unplaced["id"]) == ["school", "depot"]
    assert set(unplaced["layer_id"]) == {"works"}


def test_townships_are_those_of_its_places(plan, layers):
    assert listed(plan, layers)["townships"].to_dict() == {"school": ["town"], "depot": []}


def test_own_gaps_come_before_those_of_a_place(layers):
    places = [{"id": "town", "kind": "town"}, {"id": "river", "kind": "river"}]
    layers["works"].gdf.at[1, "places"] = ["town", "river"]
    gaps = [gap("river", "centreline"), gap("town", "population")]
    plan = make_plan(places=places, gaps=gaps)
    assert [g["what_zh"] for g in listed(plan, layers).loc["school", "gaps"]] == ["centreline"]
    plan = make_plan(places=places, gaps=[*gaps, gap("school", "site", "bureau")])
    own = listed(plan, layers).loc["school", "gaps"]
    assert [(g["what_zh"], g["holder_zh"]) for g in own] == [("site", "bureau")]


def test_what_a_township_or_the_banner_lacks_is_not_said_of_a_project(plan, layers):
    rows = [{"id": "etk", "kind": "banner"}, {"id": "town", "kind": "town"}]
    plan = make_plan(places=rows, gaps=[gap("town", "seat"), gap("etk", "redline")])
    assert listed(plan, layers)["gaps"].tolist() == [[], []]


def test_nothing_is_unplaced_without_layers(plan):
    assert list_unplaced(plan, {}).empty
