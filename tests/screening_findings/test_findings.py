"""Findings by hand: squares of 100 m, rules of known metres, laws of known days."""

from __future__ import annotations

from datetime import date

import pytest

from etk_geo.screening.findings import screen_projects
from etk_geo.screening.pairs import VERDICTS
from etk_geo.screening.zones import Barrier
from tests.screening_findings.builders import (
    AFTER,
    BEFORE,
    line,
    point,
    project,
    projects,
    square,
    zone,
    zones,
)

TODAY = date(2026, 6, 1)


def screen(book, rows, zone_pairs, as_of=TODAY, **options):
    return screen_projects(projects(*rows), zones(*zone_pairs), book, as_of, **options)


def pair(screening, project_id, zone_id):
    found = screening.findings
    hit = found[(found["project_id"] == project_id) & (found["zone_id"] == zone_id)]
    assert len(hit) == 1
    return hit.iloc[0]


def codes(cell):
    return set(cell.split(";")) - {""}


def test_overlap_of_two_squares_has_its_area_and_its_rules(book):
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="chemical")],
        [zone("z", square(50, 0, 100), "eco_redline")],
    )
    found = pair(screening, "a", "z")
    assert found["verdict"] == "OVERLAPS"
    assert found["overlap_least_m2"] == pytest.approx(5000, rel=1e-3)
    assert found["overlap_least_m2"] == pytest.approx(found["overlap_most_m2"])
    assert found["share_least"] == pytest.approx(0.5, abs=1e-6)
    # Notice Zi Ran Zi Fa [2022] 142: no development inside the redline.
    assert codes(found["rules"]) == {"RU033"}
    assert found["consequence"] == "prohibited"
    assert found["deciding_rule"] == "RU033"


def test_totals_add_up_to_projects_times_zones(book):
    screening = screen(
        book,
        [project("a", square(0, 0, 100)), project("b", None), project("c", point(900, 0))],
        [
            zone("z1", square(50, 0, 100), "eco_redline"),
            zone("z2", None, "grassland", barrier=Barrier.POSITION_UNKNOWN),
        ],
    )
    assert sum(screening.totals.values()) == 6 == len(screening.findings)
    assert set(screening.totals) == set(VERDICTS)
    assert (screening.projects[list(VERDICTS)].sum(axis=1) == 2).all()


def test_project_without_position_is_indeterminate_not_clear(book):
    screening = screen(book, [project("a", None)], [zone("z", square(0, 0, 100), "eco_redline")])
    found = pair(screening, "a", "z")
    assert (found["verdict"], found["reason"]) == ("INDETERMINATE", "project_without_position")
    assert found["consequence"] == "cannot_judge"
    assert found["possible"] == "needs_approval"  # RU034, road and rail in the redline


def test_barred_zone_is_not_checked_even_for_a_project_far_away(book):
    screening = screen(
        book,
        [project("a", square(50_000, 0, 100))],
        [zone("z", None, "eco_redline", barrier=Barrier.LAYER_BROKEN)],
    )
    found = pair(screening, "a", "z")
    assert (found["verdict"], found["reason"]) == ("NOT_CHECKED", "layer_broken")
    assert found["consequence"] == "cannot_judge"
    assert screening.projects.iloc[0]["consequence"] == "cannot_judge"


def test_clear_of_the_only_zone_is_none(book):
    screening = screen(
        book,
        [project("a", square(5000, 0, 100))],
        [zone("z", square(0, 0, 100), "eco_redline")],
    )
    assert pair(screening, "a", "z")["verdict"] == "CLEAR"
    assert screening.projects.iloc[0]["consequence"] == "none"


# Dates


@pytest.mark.parametrize(
    ("as_of", "rules", "consequence"),
    [(BEFORE, {"RU005"}, "prohibited"), (AFTER, set(), "attention")],
)
def test_old_core_zone_is_judged_by_the_law_of_the_day(book, as_of, rules, consequence):
    """From 2026-03-15 an old core zone is part of a reserve whose new area is not known.

    For a road the core protection area bars (RU001), the general control area may permit (RU004,
    not read): certain is the milder, attention; possible the stricter.
    """
    screening = screen(
        book,
        [project("a", square(0, 0, 100))],
        [zone("z", square(0, 0, 200), "nature_reserve_core")],
        as_of,
    )
    found = pair(screening, "a", "z")
    assert found["verdict"] == "INSIDE"
    assert codes(found["rules"]) == rules
    assert found["consequence"] == consequence
    assert found["possible"] == "prohibited"


def test_decision_day_beats_the_day_of_screening(book):
    screening = screen(
        book,
        [
            project("decided", square(0, 0, 100), decided_on=BEFORE),
            project("open", square(0, 0, 100)),
        ],
        [zone("z", square(0, 0, 200), "nature_reserve_core")],
        AFTER,
    )
    assert codes(pair(screening, "decided", "z")["rules"]) == {"RU005"}
    assert pair(screening, "decided", "z")["law_date"] == BEFORE
    assert codes(pair(screening, "open", "z")["rules"]) == set()
    assert pair(screening, "open", "z")["law_date"] == AFTER


@pytest.mark.parametrize(
    ("as_of", "rules"),
    [
        (date(2025, 6, 30), {"RU006", "RU059"}),
        (date(2025, 7, 1), {"RU006", "RU057"}),
        (date(2026, 3, 15), {"RU057"}),
    ],
)
def test_mining_in_a_reserve_by_date(book, as_of, rules):
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="mining")],
        [zone("z", square(0, 0, 200), "nature_reserve")],
        as_of,
    )
    assert codes(pair(screening, "a", "z")["rules"]) == rules


@pytest.mark.parametrize(
    ("as_of", "consequence", "rules"),
    [
        (date(2026, 8, 14), "prohibited", {"RU024", "RU025", "RU030", "RU089"}),
        (date(2026, 8, 15), "needs_approval", {"RU029", "RU030", "RU089"}),
    ],
)
def test_drinking_water_tier_1_by_date(book, as_of, consequence, rules):
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="chemical")],
        [zone("z", square(0, 0, 200), "drinking_water_l1")],
        as_of,
    )
    found = pair(screening, "a", "z")
    assert codes(found["rules"]) == rules
    assert found["consequence"] == consequence
    assert found["possible"] == "prohibited"  # the code's text is not read


# Confidence, conditions, exceptions


def test_unconfirmed_rule_is_attention_and_says_so(book):
    """RU003 (general control area, text not read) alone never states a prohibition."""
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="coal_power")],
        [zone("z", square(0, 0, 200), "nature_reserve_general_control")],
        AFTER,
    )
    found = pair(screening, "a", "z")
    assert codes(found["rules"]) == {"RU003"}
    assert found["consequence"] == "attention"
    assert found["possible"] == "prohibited"
    assert "to_be_confirmed" in codes(found["flags"])


def test_unconfirmed_none_is_never_none(book):
    """RU040 says a general unit asks nothing more, from memory: attention all the same."""
    screening = screen(
        book,
        [project("a", square(0, 0, 100))],
        [zone("z", square(0, 0, 200), "zoning_general_unit")],
    )
    found = pair(screening, "a", "z")
    assert "RU040" in codes(found["rules"])
    assert found["consequence"] == "attention"


def test_inside_without_a_rule_for_the_category_is_attention(book):
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="tourism")],
        [zone("z", square(0, 0, 200), "grassland")],
    )
    found = pair(screening, "a", "z")
    assert (found["consequence"], found["basis"]) == ("attention", "no_rule_for_category")


def test_inside_without_a_rule_of_the_day_is_attention(book):
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="mining")],
        [zone("z", square(0, 0, 200), "eco_redline")],
        date(2021, 1, 1),
    )
    found = pair(screening, "a", "z")
    assert (found["consequence"], found["basis"]) == ("attention", "no_rule_on_date")


def test_conservation_works_are_not_barred_from_a_heritage_range(book):
    """Heritage law, art. 28: other construction than conservation works."""
    area = [zone("z", square(0, 0, 200), "heritage_protection_range")]
    works = screen(book, [project("a", square(0, 0, 100), category="heritage")], area)
    other = screen(book, [project("a", square(0, 0, 100), category="tourism")], area)
    assert pair(works, "a", "z")["consequence"] == "attention"
    assert pair(other, "a", "z")["consequence"] == "prohibited"


def test_condition_in_a_zone_that_is_everywhere_is_a_reminder(book):
    """Yellow River law, art. 55: no deep groundwater for irrigation, anywhere in the basin."""
    screening = screen(
        book,
        [project("a", square(0, 0, 100), category="agriculture_pasture")],
        [zone("z", square(-500, -500, 2000), "yellow_river_basin", bound="inner")],
    )
    found = pair(screening, "a", "z")
    assert {"RU016", "RU018"} <= codes(found["rules"])
    assert (found["consequence"], found["possible"]) == ("attention", "prohibited")


def test_reserve_without_zoning_weighs_both_areas(book):
    screening = screen(
        book,
        [project("a", square(0, 0, 100))],
        [zone("z", square(0, 0, 200), "nature_reserve")],
        AFTER,
    )
    found = pair(screening, "a", "z")
    assert codes(found["rules_open"]) == {"RU001", "RU004"}
    assert (found["consequence"], found["possible"]) == ("attention", "prohibited")


# Distances


def test_pipeline_distances_count_from_the_axis(book):
    """Pipeline law, art. 30 (5 m) and 35 (5 to 50 m; 200 m for mining)."""
    axis = zone("z", line((0, -1000), (0, 1000)), "pipeline")
    screening = screen(
        book,
        [
            project("at_3", square(3, 0, 10), category="building"),
            project("at_10", square(10, 0, 10), category="building"),
            project("road_at_40", square(40, 0, 10)),
            project("road_at_60", square(60, 0, 10)),
            project("mine_at_150", square(150, 0, 10), category="mining"),
            project("mine_at_250", square(250, 0, 10), category="mining"),
        ],
        [axis],
    )
    verdicts = {
        row.project_id: (row.verdict, row.consequence, codes(row.rules))
        for row in screening.findings.itertuples()
    }
    assert verdicts["at_3"] == ("WITHIN", "prohibited", {"RU091"})
    assert verdicts["at_10"] == ("CLEAR", "none", set())
    assert verdicts["road_at_40"] == ("WITHIN", "needs_approval", {"RU092"})
    assert verdicts["road_at_60"] == ("CLEAR", "none", set())
    assert verdicts["mine_at_150"] == ("WITHIN", "needs_approval", {"RU114"})
    assert verdicts["mine_at_250"] == ("CLEAR", "none", set())


def test_road_belt_from_a_centreline_is_attention(book):
    """Highway regulation, art. 11: 20 m from the edge of the road land, not the centreline."""
    screening = screen(
        book,
        [project("a", square(12, 0, 10), category="building")],
        [zone("z", line((0, -1000), (0, 1000)), "national_highway")],
    )
    found = pair(screening, "a", "z")
    assert found["verdict"] == "WITHIN"
    assert "RU064" in codes(found["rules"])
    assert (found["consequence"], found["possible"]) == ("attention", "prohibited")
    assert "from_centreline" in codes(found["flags"])


def test_road_belt_from_the_road_land_itself_is_prohibited(book):
    screening = screen(
        book,
        [project("a", square(112, 0, 10), category="building")],
        [zone("z", square(0, -50, 100), "national_highway")],
    )
    found = pair(screening, "a", "z")
    assert found["verdict"] == "WITHIN"
    assert found["distance_least_m"] == pytest.approx(12, abs=0.01)
    assert (found["consequence"], found["deciding_rule"]) == ("prohibited", "RU064")


def test_rule_with_a_shorter_distance_is_left_out_beyond_it(book):
    """At 60 m from the road land a mine breaks art. 17 (100 m), not the 20 m belt."""
    screening = screen(
        book,
        [project("a", square(160, 0, 10), category="mining")],
        [zone("z", square(0, -50, 100), "national_highway")],
    )
    found = pair(screening, "a", "z")
    assert codes(found["rules"]) == {"RU070"}
    assert found["consequence"] == "prohibited"


def test_railway_of_unknown_section_takes_the_narrowest_belt_for_certain(book):
    """8 m in towns to 15 m elsewhere: at 5 m every section applies, at 12 m only some."""
    land = zone("z", square(0, -50, 100), "railway_conventional")
    near = screen(book, [project("a", square(105, 0, 3), category="building")], [land])
    some = screen(book, [project("a", square(112, 0, 3), category="building")], [land])
    assert pair(near, "a", "z")["consequence"] == "needs_approval"
    assert codes(pair(some, "a", "z")["rules_open"]) == {"RU076", "RU077"}
    assert pair(some, "a", "z")["consequence"] == "attention"
    assert pair(some, "a", "z")["possible"] == "needs_approval"


def test_distance_without_metres_is_attention_even_when_clear(book):
    """Hazardous chemicals regulation, art. 19: distance by national standards."""
    screening = screen(
        book,
        [project("a", square(5000, 0, 100), category="chemical")],
        [zone("z", square(0, 0, 100), "school")],
    )
    found = pair(screening, "a", "z")
    assert found["verdict"] == "CLEAR"
    assert (found["consequence"], found["basis"]) == ("attention", "distance_not_given")


def test_indeterminate_says_which_accuracy_would_decide(book):
    screening = screen(
        book,
        [project("a", square(150, 0, 100), accuracy_m=200.0)],
        [zone("z", square(0, 0, 100), "eco_redline")],
    )
    found = pair(screening, "a", "z")
    assert found["verdict"] == "INDETERMINATE"
    assert 0 < found["needs_m"] < 200


def test_unknown_accuracy_is_never_zero(book):
    screening = screen(
        book,
        [project("a", square(5000, 0, 100), accuracy_m=float("nan"))],
        [zone("z", square(0, 0, 100), "eco_redline")],
    )
    found = pair(screening, "a", "z")
    assert (found["verdict"], found["consequence"]) == ("INDETERMINATE", "cannot_judge")


# Coverage


def test_project_beyond_the_banner_is_not_clear(book):
    far = project("a", square(150_000, 0, 100))
    area = [zone("z", square(0, 0, 100), "eco_redline")]
    found = pair(screen(book, [far], area), "a", "z")
    assert (found["verdict"], found["reason"]) == ("NOT_CHECKED", "outside_coverage")
    assert pair(screen(book, [far], area, coverage=None), "a", "z")["verdict"] == "CLEAR"


def test_shoreline_control_is_not_checked_until_supplied(book):
    mill = project("a", square(0, 0, 100), category="chemical")
    missing = zone("z", None, "yellow_river_shoreline_control", barrier=Barrier.POSITION_UNKNOWN)
    found = pair(screen(book, [mill], [missing]), "a", "z")
    assert (found["verdict"], found["possible"]) == ("NOT_CHECKED", "prohibited")
    supplied = zone("z", square(0, 0, 200), "yellow_river_shoreline_control")
    assert pair(screen(book, [mill], [supplied]), "a", "z")["deciding_rule"] == "RU012"


# Order and words


def test_order_of_projects_and_zones_changes_nothing(book):
    rows = [project(name, square(n * 70, 0, 100)) for n, name in enumerate("cab")]
    area = [zone("z2", square(0, 0, 90), "wetland"), zone("z1", square(50, 0, 90), "forest")]
    first = screen(book, rows, area)
    second = screen(book, rows[::-1], area[::-1])
    assert first.findings.equals(second.findings)
    assert first.projects.equals(second.projects)


def test_adding_a_zone_never_removes_a_finding(book):
    rows = [project("a", square(0, 0, 100), category="mining")]
    one = [zone("z1", square(50, 0, 90), "forest")]
    two = [*one, zone("z0", square(0, 0, 500), "wetland_important")]
    few, more = screen(book, rows, one), screen(book, rows, two)
    kept = more.findings[more.findings["zone_id"] == "z1"].reset_index(drop=True)
    assert kept.equals(few.findings)


def test_progress_is_called_to_the_end(book):
    seen = []
    screen(
        book,
        [project("a", square(0, 0, 100))],
        [zone("z", square(0, 0, 100), "forest")],
        progress=lambda done, total: seen.append((done, total)),
    )
    assert seen[-1] == (1, 1)
