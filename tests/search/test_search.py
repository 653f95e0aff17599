"""What is typed finds what is meant, and filters leave what they say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.catalog import open_catalog
from etk_geo.model import BANNER_BOUNDS
from etk_geo.plan import open_plan
from etk_geo.search import (
    FACETS,
    Facet,
    Field,
    Item,
    ItemKind,
    SearchIndex,
    Selection,
    facet_counts,
    list_items,
    select,
)
from etk_geo.search.items import citation_order
from etk_geo.search.pinyin import position, syllables
from etk_geo.store import project_root

PLAN = open_plan(project_root())
LAYERS = open_catalog(project_root()).layers
ITEMS = list_items(PLAN, LAYERS, {"wulan_roads": "under_way"})
INDEX = SearchIndex(ITEMS, PLAN)


def keys(typed: str) -> list[str]:
    return [hit.item.key for hit in INDEX.find(typed)]


def test_everything_of_the_plan_and_every_layer_can_be_found():
    by_kind = {kind: {i.id for i in ITEMS if i.kind is kind} for kind in ItemKind}
    assert by_kind[ItemKind.PROJECT] == set(PLAN.projects["id"])
    assert by_kind[ItemKind.TARGET] == set(PLAN.targets["id"])
    assert by_kind[ItemKind.PLACE] == set(PLAN.places["id"])
    assert by_kind[ItemKind.LAYER] == set(LAYERS)
    shown = {i.feature_id for i in ITEMS}
    features = {f for layer in LAYERS.values() for f in layer.gdf["id"]}
    assert features <= shown
    assert len({i.key for i in ITEMS}) == len(ITEMS)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("棋盘井", "place:qipanjing_town"),
        ("棋盘井镇", "place:qipanjing_town"),
        ("qpjz", "place:qipanjing_town"),
        ("qipanjingzhen", "place:qipanjing_town"),
        ("QiPanJ", "place:qipanjing_town"),
        ("都斯图河", "place:dusitu_river"),
        ("dousituhe", "place:dusitu_river"),
        ("光伏装机", "target:pv_capacity"),
        ("gfzj", "target:pv_capacity"),
        ("pv_capacity", "target:pv_capacity"),
        ("Mengxi town", "place:mengxi_town"),
        ("mengxi park upgrade", "project:mengxi_park"),
        ("自然保护地", "layer:nature_reserves"),
        ("机场 公路", "project:wulantuke_airport_road"),
        ("恐龙遗迹", "place:dinosaur_reserve"),
    ],
)
def test_first_result(typed, first):
    assert keys(typed)[0] == first


@pytest.mark.parametrize("item", ITEMS, ids=lambda item: item.key)
def test_every_item_is_found_by_its_names_its_id_and_its_initials(item):
    for typed in (item.name_zh, item.name_en, item.id):
        assert item.key in keys(typed)
    initials = "".join(readings[0][0] for readings in syllables(item.name_zh))
    assert item.key in keys(initials)


def test_section_of_the_plan_finds_what_cites_it_and_its_parts():
    within = {i.key for i in ITEMS if any(c == "3.1" or c.startswith("3.1.") for c in i.citations)}
    hits = INDEX.find("3.1")
    assert {hit.item.key for hit in hits if hit.field is Field.CITATION} == within
    assert "target:rural_road_km" not in within


def test_place_category_and_sector_lead_to_what_is_involved_behind_names():
    hits = INDEX.find("农牧业")
    fields = {hit.item.key: hit.field for hit in hits}
    assert fields["target:cashmere_goats"] is Field.RELATED
    scores = [hit.score for hit in hits]
    assert scores == sorted(scores, reverse=True)
    named = [hit for hit in hits if "农牧业" in hit.item.name_zh]
    assert hits[: len(named)] == named


@pytest.mark.parametrize(
    "typed", ["", "   ", "不存在的名字", "zzzzzz", "<img src=x>", "99.9", "%", "\x00"]
)
def test_nothing_is_found_where_nothing_fits(typed):
    assert INDEX.find(typed) == []


@given(st.text(max_size=30))
def test_whatever_is_typed_is_answered(typed):
    for hit in INDEX.find(typed):
        assert hit.score > 0


@given(st.sampled_from(ITEMS), st.data())
def test_any_part_of_a_chinese_name_finds_it(item, data):
    start = data.draw(st.integers(0, len(item.name_zh) - 1))
    end = data.draw(st.integers(start + 1, len(item.name_zh)))
    part = item.name_zh[start:end]
    if part.strip():
        assert item.key in keys(part)


# Pinyin


@pytest.mark.parametrize(
    "typed", ["qpj", "qipanjing", "qipjing", "qipanj", "qpanjing", "panj", "q"]
)
def test_pinyin_and_initials_mix(typed):
    assert position(typed, syllables("棋盘井镇")) is not None


@pytest.mark.parametrize("typed", ["qjp", "qipanzhen", "qpjzx", "ipan", "qj"])
def test_pinyin_that_does_not_fit(typed):
    assert position(typed, syllables("棋盘井")) is None


def test_letters_and_digits_in_a_name_sound_as_themselves():
    assert position("s35x", syllables("S35线（察汗淖）")) == 0
    assert position("chn", syllables("S35线（察汗淖）")) == 4


@pytest.mark.parametrize(
    ("typed", "name"), [("zhjz", "中间镇"), ("zjz", "中间镇"), ("lvd", "绿地")]
)
def test_initials_of_two_letters_and_u_with_dots(typed, name):
    assert position(typed, syllables(name)) == 0


# Positions and citations


def test_bounds_are_of_what_is_known_and_none_where_nothing_is():
    by_key = {i.key: i for i in ITEMS}
    town = by_key["place:qipanjing_town"].bounds
    assert town == (107.037, 39.3941, 107.037, 39.3941)
    assert by_key["layer:banner"].bounds.west > BANNER_BOUNDS.west - 0.1
    assert by_key["project:qipanjing_east"].bounds is None
    assert by_key["target:park_output"].bounds is not None


def test_citations_are_in_the_order_of_the_plan():
    assert sorted(["3.10", "3.2", "10.1", "3"], key=citation_order) == ["3", "3.2", "3.10", "10.1"]


# Filters


def item(number: int, **changes) -> Item:
    return Item(ItemKind.PROJECT, f"p{number}", "名", "name", **changes)


ROADS = item(1, sectors=("transport",), townships=("a", "b"), citations=("5.3.1",), status="done")
PARK = item(2, sectors=("industry", "transport"), townships=("a",), citations=("3.1.1", "5.1"))
FIELD = item(3, sectors=("agriculture",))
THREE = [ROADS, PARK, FIELD]


@pytest.mark.parametrize(
    ("chosen", "left"),
    [
        ({}, THREE),
        ({Facet.SECTOR: ["transport"]}, [ROADS, PARK]),
        ({Facet.SECTOR: ["transport", "agriculture"]}, THREE),
        ({Facet.SECTOR: ["transport"], Facet.TOWNSHIP: ["b"]}, [ROADS]),
        ({Facet.TOWNSHIP: ["-"]}, [FIELD]),
        ({Facet.STATUS: ["-"]}, [PARK, FIELD]),
        ({Facet.CITATION: ["5"]}, [ROADS, PARK]),
        ({Facet.CITATION: ["5.3"]}, [ROADS]),
        ({Facet.KIND: ["target"]}, []),
    ],
)
def test_selection_leaves_what_it_says(chosen, left):
    assert select(THREE, Selection.of(chosen)) == left


def test_counts_are_what_each_choice_alone_would_leave():
    counts = facet_counts(THREE, Selection.of({Facet.SECTOR: ["industry"]}))
    assert counts[Facet.SECTOR] == {"transport": 2, "industry": 1, "agriculture": 1}
    assert counts[Facet.TOWNSHIP] == {"a": 1}
    assert counts[Facet.CITATION] == {"3": 1, "3.1": 1, "3.1.1": 1, "5": 1, "5.1": 1}


CHOICES = st.dictionaries(
    st.sampled_from(list(Facet)), st.sets(st.sampled_from("a-x3.1"), max_size=2)
)


@given(CHOICES)
def test_address_brings_back_the_selection(chosen):
    selection = Selection.of(chosen)
    assert Selection.from_parameters(selection.parameters()) == selection
    assert Selection.from_parameters({**selection.parameters(), "lang": "zh"}) == selection


@given(st.sampled_from(list(Facet)), st.data())
def test_count_of_a_value_is_the_number_that_choosing_it_leaves(facet, data):
    counts = facet_counts(ITEMS, Selection())[facet]
    value = data.draw(st.sampled_from(sorted(counts)))
    assert len(select(ITEMS, Selection.of({facet: [value]}))) == counts[value]
    assert set(FACETS) == set(Facet)


def test_status_of_a_project_is_what_was_entered():
    left = select(ITEMS, Selection.of({Facet.STATUS: ["under_way"]}))
    assert [i.key for i in left] == ["project:wulan_roads"]


def test_search_within_a_selection():
    left = select(ITEMS, Selection.of({Facet.KIND: ["place"]}))
    assert {hit.item.kind for hit in INDEX.find("棋盘井", left)} == {ItemKind.PLACE}
