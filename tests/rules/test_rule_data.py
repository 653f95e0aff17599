"""The reviewed data in rules/: complete, consistent, and what the law says on known points."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from etk_geo.plan import open_plan
from etk_geo.rules import RULE_CATEGORIES, Confidence, Effect, read_rules, rules_for

ROOT = Path(__file__).parents[2]
BOOK = read_rules(ROOT)
SUPPLIED = [f"RU{number:03d}" for number in range(1, 105)]


def test_all_supplied_rules_are_there_under_their_ids():
    assert [rule.id for rule in BOOK.rules][:104] == SUPPLIED


def test_every_rule_has_law_source_effect_and_authority_in_both_languages():
    for rule in BOOK.rules:
        assert rule.law_zh
        assert rule.law_en
        assert rule.effect_zh
        assert rule.effect_en
        assert rule.source_url or rule.to_be_confirmed, rule.id
        assert rule.authority_zh, rule.id


def test_every_plan_category_is_compared_with_at_least_one_class_of_rule():
    used = set(open_plan(ROOT).projects["category"])
    assert used <= set(BOOK.categories)
    for link in BOOK.categories.values():
        assert link.reason_zh
        assert link.reason_en


def test_every_zone_type_of_a_rule_has_a_holder_or_holds_everywhere():
    for rule in BOOK.rules:
        for code in rule.zone_types:
            kind = BOOK.zone_types[code]
            assert kind.holder_zh or kind.scope == "territory", code


def test_plan_citations_of_zone_types_exist():
    outline = set(open_plan(ROOT).outline["citation"])
    for kind in BOOK.zone_types.values():
        assert set(kind.citations) <= outline, kind.code


@pytest.mark.parametrize(
    ("zone_type", "metres"),
    [
        # Highway safety regulation, art. 11: from the edge of the road land.
        ("expressway", 30),
        ("national_highway", 20),
        ("provincial_highway", 15),
        ("county_road", 10),
        ("township_road", 5),
    ],
)
def test_road_control_belt_is_that_of_article_11(zone_type, metres):
    found = rules_for(BOOK, "building", zone_type, date(2026, 1, 1))
    belts = [r.distance_m for r in found if r.article == "11;13"]
    assert belts == [metres]


@pytest.mark.parametrize(
    ("zone_type", "metres"),
    [
        # Railway safety regulation, art. 27: from the embankment toe.
        ("railway_urban", 8),
        ("railway_suburb", 10),
        ("railway_village", 12),
        ("railway_other", 15),
        ("hsr_urban", 10),
        ("hsr_suburb", 12),
        ("hsr_village", 15),
        ("hsr_other", 20),
    ],
)
def test_railway_belt_is_that_of_article_27(zone_type, metres):
    found = rules_for(BOOK, "building", zone_type, date(2026, 1, 1))
    assert [r.distance_m for r in found if r.article == "27;29;30"] == [metres]


def test_shoreline_control_has_no_distance_to_draw():
    found = rules_for(BOOK, "chemical", "yellow_river_shoreline_control", date(2024, 1, 1))
    assert [rule.id for rule in found] == ["RU012"]
    assert found[0].distance_m is None
    assert BOOK.reach_m(found[0]) == 0


def test_unconfirmed_rules_state_no_more_than_attention():
    unsure = [rule for rule in BOOK.rules if rule.to_be_confirmed]
    assert {Confidence.LOW, Confidence.MEMORY} <= {rule.confidence for rule in unsure}
    assert {rule.certain_effect for rule in unsure} == {Effect.ATTENTION}


def test_a_rule_without_a_known_first_day_is_unconfirmed():
    undated = [rule for rule in BOOK.rules if rule.effective_from is None]
    assert {rule.id for rule in undated} == {"RU049", "RU050", "RU104"}
    assert all(rule.to_be_confirmed for rule in undated)


def test_rule_categories_can_be_used_as_categories_themselves():
    for code in RULE_CATEGORIES:
        assert BOOK.rule_categories(code) == (code,)


def test_an_unknown_category_is_compared_with_every_rule():
    on = date(2026, 1, 1)
    every = {rule.id for rule in rules_for(BOOK, "", "grassland", on)}
    assert {"RU042", "RU045", "RU051"} <= every


def test_articles_are_numbers_that_either_language_can_say():
    for rule in BOOK.rules:
        assert re.fullmatch(r"(\d+(-\d+)?(;\d+(-\d+)?)*)?", rule.article), rule.id
