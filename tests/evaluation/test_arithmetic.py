"""Every measure with every comparator, by figures that can be checked in the head."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.errors import DataError
from etk_geo.evaluation import Light, Share, judge, open_rules
from etk_geo.evaluation.rules import FILE, Rule
from etk_geo.progress import Act, Draft, Entry, Topic
from etk_geo.store import project_root

RULES = open_rules(project_root())
NAN = math.nan


def target(measure: str, comparator: str, baseline: float, wanted: float, **changes) -> dict:
    row = {"id": "t", "unit": "%", "measure": measure, "comparator": comparator}
    return {**row, "baseline_2020": baseline, "target_2025": wanted, **changes}


def actuals(values: dict[int, float]) -> dict[int, Entry]:
    return {
        year: Entry(
            f"{year}", Act.ENTER, "", Draft(Topic.ACTUAL, "t", year, value=value), "2026-01-01"
        )
        for year, value in values.items()
    }


def judged(row: dict, values: dict[int, float], year: int = 2025, rules=RULES):
    return judge(row, actuals(values), year, rules)


# Baseline 40, target 80, half of the time: 60 is due in 2022.5, 56 in 2022, 64 in 2023.


@pytest.mark.parametrize("measure", ["level", "share"])
@pytest.mark.parametrize("comparator", [">=", "=", "~"])
@pytest.mark.parametrize(
    ("year", "actual", "share", "gap", "needed", "rule"),
    [
        (2023, 64, 0.6, 16, 8, Rule.ON_PATH),
        (2023, 60, 0.5, 20, 10, Rule.BEHIND),  # 0.5 of the 0.6 due is 83 %
        (2023, 56, 0.4, 24, 12, Rule.FAR_BEHIND),
        (2023, 30, -0.25, 50, 25, Rule.FAR_BEHIND),
        (2023, 80, 1.0, 0, None, Rule.REACHED),
        (2023, 90, 1.25, 0, None, Rule.REACHED),
        (2025, 80, 1.0, 0, None, Rule.REACHED),
        (2025, 60, 0.5, 20, None, Rule.MISSED),
    ],
)
def test_level_and_share_rise_from_the_baseline(
    measure, comparator, year, actual, share, gap, needed, rule
):
    result = judged(target(measure, comparator, 40, 80), {year: actual}, year)
    assert result.share == pytest.approx(share)
    assert result.share_kind is Share.FROM_BASELINE
    assert (result.gap, result.needed_pace) == (gap, needed)
    assert result.rule is rule
    assert result.beyond == max(0, actual - 80)


@pytest.mark.parametrize(
    ("comparator", "actual", "rule", "gap"),
    [
        (">=", 77, Rule.NEARLY, 3),
        ("=", 77, Rule.NEARLY, 3),
        ("~", 77, Rule.REACHED, 0),  # within 5 % of 80
        ("~", 76, Rule.REACHED, 0),
        ("~", 75.9, Rule.MISSED, 4.1),  # 35.9 of 40 are 89.75 %
        ("", 90, Rule.NO_COMPARATOR, 0),
    ],
)
def test_comparators_at_the_end_year(comparator, actual, rule, gap):
    result = judged(target("level", comparator, 40, 80), {2025: actual})
    assert result.rule is rule
    assert result.gap == pytest.approx(gap)


# A figure that should fall: energy intensity from 100 to 80.


@pytest.mark.parametrize("comparator", ["<=", "=", "~"])
@pytest.mark.parametrize(
    ("year", "actual", "share", "gap", "needed", "rule"),
    [
        (2022, 92, 0.4, 12, 4, Rule.ON_PATH),
        (2022, 93, 0.35, 13, 13 / 3, Rule.BEHIND),
        (2022, 98, 0.1, 18, 6, Rule.FAR_BEHIND),
        (2022, 105, -0.25, 25, 25 / 3, Rule.FAR_BEHIND),
        (2025, 80, 1.0, 0, None, Rule.REACHED),
        (2025, 75, 1.25, 0, None, Rule.REACHED),
        (2025, 90, 0.5, 10, None, Rule.MISSED),
    ],
)
def test_decreasing_target(comparator, year, actual, share, gap, needed, rule):
    result = judged(target("level", comparator, 100, 80), {year: actual}, year)
    assert result.direction == -1
    assert result.share == pytest.approx(share)
    assert result.gap == pytest.approx(gap)
    assert result.needed_pace == (None if needed is None else pytest.approx(needed))
    assert result.rule is rule


def test_decreasing_target_without_a_baseline_has_no_share():
    row = target("level", "<=", NAN, 80)
    assert judged(row, {2025: 79}).rule is Rule.REACHED
    missed = judged(row, {2025: 90})
    assert (missed.rule, missed.share, missed.gap) == (Rule.NO_SHARE, None, 10)
    assert judged(row, {2023: 90}, 2023).rule is Rule.NO_BASELINE


# Without a baseline


@pytest.mark.parametrize("comparator", [">=", "=", "~"])
@pytest.mark.parametrize("measure", ["level", "share"])
@pytest.mark.parametrize(
    ("year", "actual", "share", "rule", "light"),
    [
        (2023, 60, 0.75, Rule.NO_BASELINE, Light.GREY),
        (2023, 80, 1.0, Rule.REACHED, Light.GREEN),
        (2025, 75, 0.9375, Rule.NEARLY, Light.AMBER),
        (2025, 60, 0.75, Rule.MISSED, Light.RED),
    ],
)
def test_missing_baseline(comparator, measure, year, actual, share, rule, light):
    result = judged(target(measure, comparator, NAN, 80), {year: actual}, year)
    assert (result.rule, result.light) == (rule, light)
    assert (result.share, result.share_kind) == (pytest.approx(share), Share.OF_TARGET)
    assert (result.start, result.pace) == (None, None)


# Running totals: 500 from 0, 300 are due by the end of 2023.


@pytest.mark.parametrize("baseline", [NAN, 123.0], ids=["no baseline", "a baseline of no matter"])
@pytest.mark.parametrize("measure", ["increment", "cumulative"])
@pytest.mark.parametrize("comparator", [">=", "=", "~"])
@pytest.mark.parametrize(
    ("year", "actual", "share", "gap", "needed", "pace", "rule"),
    [
        (2023, 300, 0.6, 200, 100, 100, Rule.ON_PATH),
        (2023, 240, 0.48, 260, 130, 80, Rule.BEHIND),
        (2023, 150, 0.3, 350, 175, 50, Rule.FAR_BEHIND),
        (2023, 0, 0.0, 500, 250, 0, Rule.FAR_BEHIND),
        (2025, 600, 1.2, 0, None, 120, Rule.REACHED),
        (2025, 460, 0.92, 40, None, 92, Rule.NEARLY),
        (2025, 100, 0.2, 400, None, 20, Rule.MISSED),
    ],
)
def test_increment_and_cumulative_start_at_zero(
    baseline, measure, comparator, year, actual, share, gap, needed, pace, rule
):
    result = judged(target(measure, comparator, baseline, 500), {year: actual}, year)
    assert (result.share, result.share_kind) == (pytest.approx(share), Share.FROM_ZERO)
    assert (result.gap, result.needed_pace) == (gap, needed)
    assert result.pace == pytest.approx(pace)
    assert result.rule is rule


# Rates are met every year or not


@pytest.mark.parametrize("comparator", [">=", "=", "~"])
@pytest.mark.parametrize("baseline", [NAN, 8.0])
@pytest.mark.parametrize(
    ("year", "actual", "rule"),
    [
        (2023, 20, Rule.REACHED),
        (2023, 25, Rule.REACHED),
        (2023, 18.5, Rule.NEARLY),
        (2023, 10, Rule.MISSED),
        (2025, 10, Rule.MISSED),
        (2025, -3, Rule.NO_SHARE),
    ],
)
def test_rate_is_asked_of_each_year(comparator, baseline, year, actual, rule):
    result = judged(target("rate", comparator, baseline, 20), {year: actual}, year)
    assert result.rule is rule
    assert (result.needed_pace, result.pace) == (None, None)


# To be kept


@pytest.mark.parametrize(
    ("comparator", "actual", "rule"),
    [
        ("~", 15, Rule.REACHED),
        ("~", 14.3, Rule.REACHED),
        ("~", 14.1, Rule.NEARLY),
        ("=", 14.3, Rule.NEARLY),
        ("=", 18, Rule.REACHED),
        ("=", 10, Rule.MISSED),
    ],
)
def test_value_to_be_kept(comparator, actual, rule):
    result = judged(target("level", comparator, 15, 15), {2023: actual}, 2023)
    assert result.rule is rule
    assert result.share_kind is Share.OF_TARGET


# What is known and what is not


def test_no_actual_is_no_progress_data():
    result = judged(target("level", ">=", 40, 80), {})
    assert (result.rule, result.light) == (Rule.NO_DATA, Light.GREY)
    assert (result.gap, result.share, result.needed_pace, result.is_reached) == (None,) * 4


def test_figure_without_a_target_is_not_judged():
    result = judged(target("share", ">=", 80, NAN), {2025: 90})
    assert (result.rule, result.gap, result.share) == (Rule.NO_TARGET, None, None)


def test_later_years_are_not_looked_at_and_the_latest_counts():
    row = target("level", ">=", 40, 80)
    result = judged(row, {2021: 48, 2023: 70, 2025: 80}, 2024)
    assert (result.actual, result.actual_year, result.years_left) == (70, 2023, 2)
    assert list(result.actuals) == [2021, 2023]


def test_value_that_is_too_old_is_not_judged():
    row = target("level", ">=", 40, 80)
    assert judged(row, {2024: 80}, 2025).rule is Rule.REACHED
    assert judged(row, {2023: 80}, 2025).rule is Rule.OLD_DATA
    assert judged(target("increment", "=", NAN, 80), {2023: 80}, 2025).rule is Rule.REACHED
    assert judged(target("increment", "=", NAN, 80), {2023: 70}, 2025).rule is Rule.OLD_DATA


def test_direction_can_be_said_by_the_rules():
    row = target("level", "=", NAN, 80)
    assert judged(row, {2025: 90}).is_reached
    down = replace(RULES, directions={"t": -1})
    assert not judged(row, {2025: 90}, rules=down).is_reached
    assert judged(row, {2025: 70}, rules=down).is_reached


def test_rounding_of_floating_point_misses_no_target():
    assert judged(target("increment", "=", NAN, 0.3), {2025: 0.1 + 0.2}).is_reached
    assert judged(target("increment", "=", NAN, 0.1 + 0.2), {2025: 0.3}).is_reached


FIGURES = st.floats(-1e6, 1e6, allow_nan=False)


@given(
    measure=st.sampled_from(["level", "share", "increment", "cumulative", "rate"]),
    comparator=st.sampled_from(["", "=", ">=", "<=", "~"]),
    baseline=st.one_of(st.just(NAN), FIGURES),
    wanted=FIGURES,
    actual=FIGURES,
    year=st.integers(2016, 2030),
)
def test_whatever_the_figures_the_numbers_agree(
    measure, comparator, baseline, wanted, actual, year
):
    result = judged(target(measure, comparator, baseline, wanted), {year: actual}, year)
    assert result.light is RULES.lights[result.rule]
    assert result.gap is not None
    assert result.gap >= 0
    assert result.beyond is not None
    assert result.beyond >= 0
    assert result.is_reached == (result.gap == 0)
    if result.rule is Rule.REACHED:
        assert result.gap == 0
    if result.rule in (Rule.ON_PATH, Rule.BEHIND, Rule.FAR_BEHIND):
        assert result.share_kind in (Share.FROM_BASELINE, Share.FROM_ZERO)
        assert year < RULES.end_year
    if result.needed_pace is not None:
        assert result.needed_pace * result.years_left == pytest.approx(result.gap)


# The file of the rules


def rules_file(tmp_path, old: str, new: str):
    text = (project_root() / FILE).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "data").mkdir()
    (tmp_path / FILE).write_text(text.replace(old, new, 1), encoding="utf-8")
    return tmp_path


def test_planner_may_change_thresholds_lights_and_words(tmp_path):
    changed = open_rules(rules_file(tmp_path, "behind = 0.8", "behind = 0.9"))
    assert judged(target("level", ">=", 40, 80), {2023: 60}, 2023, changed).rule is Rule.FAR_BEHIND
    assert RULES.say(Rule.NO_DATA, "zh") == "无进展数据"


@pytest.mark.parametrize(
    ("old", "new", "member"),
    [
        ("behind = 0.8", "behind = 1.8", "behind"),
        ("nearly = 0.9", 'nearly = "0.9"', "nearly"),
        ("end_year = 2025", "end_year = 2019", "end_year"),
        ("start_year = 2020", "", "start_year"),
        ('default_direction = "up"', 'default_direction = "sideways"', "default_direction"),
        ("[direction]", '[direction]\nt = "left"', "direction"),
        ('light = "green"', 'light = "blue"', "rule reached"),
        ('zh = "已达到目标"', 'zh = ""', "rule reached"),
        ('id = "no_target"', 'id = "none_such"', "rule none_such"),
        ('[[rule]]\nid = "on_path"', '[[other]]\nid = "on_path"', "rule on_path"),
    ],
)
def test_rules_that_are_wrong_are_named(tmp_path, old, new, member):
    with pytest.raises(DataError) as caught:
        open_rules(rules_file(tmp_path, old, new))
    assert (caught.value.code, caught.value.detail["member"]) == ("ETK919", member)
