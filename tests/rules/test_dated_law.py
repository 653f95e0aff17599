"""Which law holds on which day: the first and the last day of each, to the day."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.rules import compare_dates, law_date, read_rules, rules_for, rules_in_force

BOOK = read_rules(Path(__file__).parents[2])
IDS = {rule.id for rule in BOOK.rules}


def ids_in_force(on):
    return {rule.id for rule in rules_in_force(BOOK.rules, on)}


@pytest.mark.parametrize(
    ("last_day", "ended", "begun"),
    [
        # Nature Reserve Regulation, Decree 830, in force from 2026-03-15.
        (
            date(2026, 3, 14),
            {"RU005", "RU006", "RU007", "RU008", "RU118"},
            {"RU001", "RU002", "RU003", "RU004"},
        ),
        # Mineral Resources Law, revised 2024, in force from 2025-07-01.
        (date(2025, 6, 30), {"RU059", "RU109"}, {"RU057", "RU058"}),
        # Cultural Relics Protection Law, revised 2024, in force from 2025-03-01.
        (
            date(2025, 2, 28),
            {"RU105", "RU106", "RU107", "RU108"},
            {"RU060", "RU061", "RU062", "RU063"},
        ),
        # Ecological and Environmental Code, in force from 2026-08-15.
        (
            date(2026, 8, 14),
            {"RU024", "RU025", "RU026", "RU027", "RU028"},
            {"RU029"},
        ),
        # Yellow River Protection Law, in force from 2023-04-01.
        (
            date(2023, 3, 31),
            set(),
            {f"RU{n:03d}" for n in (12, 13, 14, 15, 16, 17, 18, 19, 20, 116, 117)},
        ),
    ],
)
def test_law_changes_between_two_days_and_not_a_day_off(last_day, ended, begun):
    next_day = last_day + timedelta(days=1)
    comparison = compare_dates(BOOK, last_day, next_day, [])
    assert set(comparison.ended) == ended
    assert set(comparison.begun) == begun
    for day in (last_day - timedelta(days=1), next_day):
        assert compare_dates(BOOK, day, day + timedelta(days=1), []).begun == ()


def test_decision_day_beats_the_day_of_screening():
    assert law_date(date(2026, 3, 14), date(2026, 4, 1)) == date(2026, 3, 14)
    assert law_date(None, date(2026, 4, 1)) == date(2026, 4, 1)


def test_comparison_lists_only_zone_types_whose_rules_differ():
    comparison = compare_dates(BOOK, date(2026, 3, 14), date(2026, 3, 15), ["road_rail"])
    changed = {change.zone_type: change for change in comparison.changes}
    assert set(changed) == {
        "nature_reserve_core",
        "nature_reserve_buffer",
        "nature_reserve_experimental",
        "nature_reserve_core_protection",
        "nature_reserve_general_control",
        "nature_reserve_outer_belt",
    }
    assert changed["nature_reserve_core"].ended == ("RU005",)
    assert changed["nature_reserve_core_protection"].begun == ("RU001",)


def test_rules_of_the_wider_type_hold_in_the_narrower():
    found = {r.id for r in rules_for(BOOK, "mining", "nature_reserve_core", date(2020, 1, 1))}
    assert found == {"RU005", "RU006", "RU059"}


@given(st.dates(date(1985, 1, 1), date(2035, 1, 1)))
def test_in_force_is_exactly_between_first_and_last_day(on):
    found = ids_in_force(on)
    for rule in BOOK.rules:
        begun = rule.effective_from is None or rule.effective_from <= on
        ended = rule.effective_to is not None and rule.effective_to < on
        assert (rule.id in found) == (begun and not ended)


@given(st.dates(date(2015, 1, 1), date(2030, 1, 1)), st.dates(date(2015, 1, 1), date(2030, 1, 1)))
def test_comparison_is_the_difference_of_the_two_days(first, second):
    comparison = compare_dates(BOOK, first, second, [])
    assert set(comparison.ended) == ids_in_force(first) - ids_in_force(second)
    assert set(comparison.begun) == ids_in_force(second) - ids_in_force(first)
