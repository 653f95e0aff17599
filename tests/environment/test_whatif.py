"""Changes by hand: 100 m east, half the size, another day; the project itself stays as it is."""

from __future__ import annotations

from datetime import date

import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from etk_geo.crs import to_metric
from etk_geo.measure import area_m2
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.whatif import (
    Change,
    Variant,
    changed_project,
    compare_variants,
    displacement,
)
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

DAY = date(2026, 6, 1)
REDLINE = zone("redline", square(50, 0, 100), "eco_redline")


def verdict(book, table, as_of=DAY):
    return screen_projects(table, zones(REDLINE), book, as_of).findings["verdict"].iloc[0]


def test_no_change_keeps_every_coordinate():
    before = projects(project("a", square(0, 0, 100)))
    after = changed_project(before, Change())
    assert shapely.equals_exact(before.geometry.iloc[0], after.geometry.iloc[0])
    assert list(before.columns) == list(after.columns)


def test_move_shifts_by_its_metres_and_the_verdict_follows(book):
    before = projects(project("a", square(0, 0, 100)))
    assert verdict(book, before) == "OVERLAPS"
    after = changed_project(before, Change(east_m=-60))
    metres, bearing = displacement(before.geometry.iloc[0], after.geometry.iloc[0])
    assert metres == pytest.approx(60, abs=0.05)
    assert bearing == pytest.approx(270, abs=0.1)
    assert verdict(book, after) == "CLEAR"
    assert verdict(book, before) == "OVERLAPS"  # the project itself was not touched


def test_shrinking_keeps_the_middle_and_scales_the_area(book):
    before = projects(project("a", square(0, 0, 200)))
    after = changed_project(before, Change(scale=0.5))
    old, new = before.geometry.iloc[0], after.geometry.iloc[0]
    assert area_m2(new) == pytest.approx(area_m2(old) / 4, rel=1e-4)
    assert displacement(old, new)[0] == pytest.approx(0, abs=0.02)


@settings(max_examples=50, deadline=None)
@given(east=st.floats(-5000, 5000), north=st.floats(-5000, 5000))
def test_moving_keeps_the_area(east, north):
    before = projects(project("a", square(0, 0, 100)))
    after = changed_project(before, Change(east_m=east, north_m=north))
    # Seven decimals of a degree are 1 cm: 100 m sides may gain or lose as much.
    assert to_metric(after.geometry.iloc[0]).area == pytest.approx(10_000, abs=4)


def test_other_course_is_taken_as_drawn(book):
    before = projects(project("a", line((0, 50), (300, 50))))
    round_about = line((0, 50), (0, 500), (300, 500), (300, 50))
    assert verdict(book, before) == "OVERLAPS"
    assert verdict(book, changed_project(before, Change(geometry=round_about))) == "CLEAR"


def test_position_drawn_for_a_project_without_one(book):
    before = projects(project("a", None))
    drawn = changed_project(before, Change(geometry=point(2000, 2000), accuracy_m=1.0, extent_m=10))
    assert drawn["bound"].iloc[0] == "position"
    assert drawn["extent_basis"].iloc[0] == "stated"
    assert verdict(book, drawn) == "CLEAR"


def test_accuracy_category_and_day_change_the_answer(book):
    table = projects(project("a", square(0, 0, 100), category="road_rail"))
    assert verdict(book, changed_project(table, Change(accuracy_m=500.0))) == "INDETERMINATE"
    chemical = changed_project(table, Change(category="chemical"))
    found = screen_projects(chemical, zones(REDLINE), book, DAY)
    assert found.projects["consequence"].iloc[0] == "prohibited"
    old = changed_project(table, Change(dated=True, decided_on=BEFORE))
    found = screen_projects(old, zones(REDLINE), book, AFTER)
    assert found.projects["law_date"].iloc[0] == BEFORE


def test_variants_side_by_side_mark_what_differs(book):
    table = projects(project("a", square(0, 0, 100), category="chemical"))
    held = zones(
        REDLINE,
        zone("far", square(9000, 0, 10), "eco_redline"),
        zone("unknown", None, "grassland", barrier="no_layer"),
    )
    variants = []
    for label, change in (("as planned", Change()), ("moved", Change(east_m=-60))):
        changed = changed_project(table, change)
        found = screen_projects(changed, held, book, DAY)
        variants.append(Variant(label, change, DAY, changed, found))
    compared = compare_variants(variants).set_index("zone_id")
    assert list(compared.index) == ["far", "redline"]
    assert list(compared["differs"]) == [False, True]
    assert list(compared.loc["redline", ["verdict_0", "verdict_1"]]) == ["OVERLAPS", "CLEAR"]
    assert compare_variants([]).empty
