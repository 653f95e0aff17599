"""The whole plan evaluated: nothing is guessed, everything is counted once, the steps are shown."""

from __future__ import annotations

import math
from datetime import date

import pytest

from etk_geo.evaluation import (
    DOUBTS,
    GapKind,
    Light,
    evaluate,
    explain,
    gaps_of,
    judge,
    open_rules,
)
from etk_geo.plan import open_plan, records
from etk_geo.progress import Act, Draft, Entry, ProgressBook, Status, Topic, shipped_entries
from etk_geo.store import project_root
from etk_geo.wording import Words

PLAN = open_plan(project_root())
RULES = open_rules(project_root())
SHIPPED = shipped_entries(PLAN)


def entry(number: int, draft: Draft) -> Entry:
    return Entry(str(number), Act.ENTER, "", draft, "2026-01-15T00:00:00Z")


def actual(number: int, target: str, year: int, value: float) -> Entry:
    return entry(number, Draft(Topic.ACTUAL, target, year, value=value))


def test_as_shipped_there_is_no_progress_data_and_two_projects_are_done():
    found = evaluate(PLAN, ProgressBook(SHIPPED), RULES, 2025)
    targets = PLAN.targets["target_2025"].notna().sum()
    assert len(found.results) == targets == 90
    assert len(found.stated) == 108 - 90
    assert found.lights() == {Light.GREEN: 0, Light.AMBER: 0, Light.RED: 0, Light.GREY: 90}
    assert found.statuses() == {**dict.fromkeys(Status, 0), Status.DONE: 2, None: 63}
    assert {g.subject for g in found.gaps if g.kind is GapKind.NO_ACTUAL} == {
        r.target["id"] for r in found.results
    }
    assert sum(g.kind is GapKind.NO_STATUS for g in found.gaps) == 63


def test_statuses_are_those_of_the_day():
    book = ProgressBook(SHIPPED)
    assert evaluate(PLAN, book, RULES, 2024).statuses()[Status.DONE] == 1
    assert evaluate(PLAN, book, RULES, 2025, date(2025, 12, 22)).statuses()[Status.DONE] == 1
    assert evaluate(PLAN, book, RULES, 2022).statuses()[Status.DONE] == 0


def test_targets_are_counted_once_by_light_and_by_sector():
    book = ProgressBook(
        (
            *SHIPPED,
            actual(1, "pv_capacity", 2025, 510),
            actual(2, "wind_capacity", 2025, 55),
            actual(3, "beef_cattle", 2024, 12),
            actual(4, "expressway_km", 2024, 40),
            actual(5, "expressway_km", 2025, 30),
        )
    )
    found = evaluate(PLAN, book, RULES, 2025)
    assert found.lights() == {Light.GREEN: 1, Light.AMBER: 1, Light.RED: 2, Light.GREY: 86}
    assert sum(map(len, found.by_sector().values())) == 90
    kinds = {(g.kind, g.subject, g.detail) for g in found.gaps}
    assert (GapKind.OLD_ACTUAL, "beef_cattle", "2024") in kinds
    assert (GapKind.FALLING_TOTAL, "expressway_km", "") in kinds
    assert found.result("pv_capacity").light is Light.GREEN
    assert found.result("none_such") is None


STEPS = {
    "zh": [
        "方向：越高越好。",
        "差距：目标 20 − 2023 年实际 14，还差 6 万头。",
        "已有的年均变化：(14 − 10) ÷ 3 年 = 每年 1.3333 万头。",
        "今后每年需要：6 ÷ 2 年 = 每年 3 万头。",
        "完成率（从基期算起）：(14 − 10) ÷ (20 − 10) = 40.0%。",
        "按年均匀推进，到 2023 年应达 60.0%。",
    ],
    "en": [
        "Direction: more is better.",
        "Gap: target 20 − actual 14 of 2023, 6 × 10,000 head are missing.",
        "Yearly change so far: (14 − 10) ÷ 3 years = 1.3333 × 10,000 head a year.",
        "Needed from here: 6 ÷ 2 years = 3 × 10,000 head a year.",
        "Share reached, from the baseline: (14 − 10) ÷ (20 − 10) = 40.0%.",
        "At an even yearly advance 60.0% are due by 2023.",
    ],
}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_arithmetic_is_shown_step_by_step(lang):
    book = ProgressBook((actual(1, "beef_cattle", 2023, 14),))
    result = evaluate(PLAN, book, RULES, 2023).result("beef_cattle")
    assert explain(result, Words(PLAN, lang)) == STEPS[lang]


def test_every_kind_of_result_can_be_explained():
    words = Words(PLAN, "zh")
    for measure in ("level", "share", "increment", "cumulative", "rate"):
        for comparator in ("", "=", ">=", "<=", "~"):
            for baseline in (math.nan, 10.0, 30.0):
                for year, value in ((2023, 15.0), (2025, 15.0), (2025, 25.0), (2025, -1.0)):
                    row = {
                        "id": "t",
                        "unit": "%",
                        "measure": measure,
                        "comparator": comparator,
                        "baseline_2020": baseline,
                        "target_2025": 20.0,
                    }
                    steps = explain(
                        judge(row, {year: actual(1, "t", year, value)}, year, RULES), words
                    )
                    assert steps
                    assert not any("None" in step or "nan" in step for step in steps)
    assert explain(judge(row, {}, 2025, RULES), words) == []


@pytest.mark.parametrize(
    ("target", "value", "doubt"),
    [
        ("beef_cattle", 200, GapKind.FAR_OFF),  # baseline 10, target 20
        ("beef_cattle", 199, None),
        ("beef_cattle", 1, GapKind.FAR_OFF),
        ("beef_cattle", 1.1, None),
        ("noncoal_share", 100.5, GapKind.IMPOSSIBLE_SHARE),
        ("noncoal_share", -1, GapKind.IMPOSSIBLE_SHARE),
        ("noncoal_share", 100, None),
        ("pv_capacity", 50_000, None),  # a running total has no usual size
    ],
)
def test_value_that_cannot_be_or_hardly_can_is_doubted(target, value, doubt):
    row = next(r for r in records(PLAN.targets) if r["id"] == target)
    result = judge(row, {2025: actual(1, target, 2025, value)}, 2025, RULES)
    doubts = {gap.kind: gap.detail for gap in gaps_of(result) if gap.kind in DOUBTS}
    assert doubts == ({doubt: "2025"} if doubt else {})
