"""The ledger for a desk: what matters to a category on a day, the missing first."""

from __future__ import annotations

from datetime import date

import pytest

from etk_geo.rules import rules_for
from etk_geo.screening.coverage import missing_by_holder, relevant_rows, worst_effect
from etk_geo.screening.ledger import Holding, coverage_ledger

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def ledger(held, book):
    return coverage_ledger(held, book, DAY)


def test_missing_rows_come_first_and_superseded_last(ledger, book):
    holdings = [row.holding for row, _ in relevant_rows(ledger, book, [], DAY)]
    order = [Holding.MISSING, Holding.APPROXIMATE, Holding.HELD, Holding.SUPERSEDED]
    assert holdings == sorted(holdings, key=order.index)
    assert holdings[0] is Holding.MISSING


def test_rows_are_those_that_a_rule_of_the_day_makes_matter(ledger, book):
    shown = {row.zone_type for row, _ in relevant_rows(ledger, book, ["chemical_park"], DAY)}
    for row in ledger:
        rules = rules_for(book, "chemical_park", row.zone_type, DAY)
        matters = any(rule.effect.rank > 0 for rule in rules)
        assert (row.zone_type in shown) == matters


def test_more_categories_never_matter_less(ledger, book):
    one = {row.zone_type for row, _ in relevant_rows(ledger, book, ["expressway"], DAY)}
    two = {
        row.zone_type for row, _ in relevant_rows(ledger, book, ["expressway", "coal_mine"], DAY)
    }
    every = {row.zone_type for row, _ in relevant_rows(ledger, book, [], DAY)}
    assert one < two <= every


def test_worst_effect_is_the_strictest_of_the_rules(book):
    assert worst_effect(book, "eco_redline", ["chemical"], DAY) == "prohibited"
    assert worst_effect(book, "eco_redline", ["chemical"], date(1990, 1, 1)) is None


def test_missing_are_gathered_by_their_holder(ledger, book):
    rows = relevant_rows(ledger, book, [], DAY)
    gathered = missing_by_holder(rows, "zh")
    assert sum(len(held) for _, held in gathered) == sum(
        row.holding is Holding.MISSING for row, _ in rows
    )
    assert [len(held) for _, held in gathered] == sorted(
        (len(held) for _, held in gathered), reverse=True
    )
    assert all(who for who, _ in gathered)
