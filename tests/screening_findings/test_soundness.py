"""What is said under an error holds wherever the project really is, and for every visitor."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from etk_geo.rules import Effect, read_rules
from etk_geo.screening.findings import screen_projects
from tests.screening_findings.builders import ROOT, project, projects, square, zone, zones

BOOK = read_rules(ROOT)
TODAY = date(2026, 6, 1)
RANK = {str(effect): effect.rank for effect in Effect}
AREAS = zones(
    zone("redline", square(0, 0, 300), "eco_redline"),
    zone("reserve", square(-100, 200, 300), "nature_reserve"),
    zone("highway", square(500, -400, 40), "national_highway"),
    zone("railway", square(-500, -400, 40), "railway_conventional"),
    zone("water", square(250, 250, 200), "drinking_water_l2"),
)
CATEGORIES = ("chemical", "mining", "building", "road_rail", "agriculture_pasture")


def screen(east, north, category, accuracy_m):
    row = project("p", square(east, north, 60), category=category, accuracy_m=accuracy_m)
    return screen_projects(projects(row), AREAS, BOOK, TODAY).findings.set_index("zone_id")


@settings(deadline=None, max_examples=60)
@given(
    east=st.floats(-900, 900),
    north=st.floats(-900, 900),
    category=st.sampled_from(CATEGORIES),
    accuracy_m=st.floats(0, 400),
    share=st.floats(0, 0.999),
    bearing=st.floats(0, 2 * math.pi),
)
def test_effect_under_an_error_holds_at_the_true_place(
    east, north, category, accuracy_m, share, bearing
):
    """What is certain is asked at the true place at least; nothing worse than possible is."""
    moved = accuracy_m * share
    stated = screen(east, north, category, accuracy_m)
    true = screen(
        east + moved * math.cos(bearing), north + moved * math.sin(bearing), category, 0.0
    )
    for zone_id in stated.index:
        said, real = stated.loc[zone_id], true.loc[zone_id]
        assert real["consequence"] in RANK
        if said["consequence"] in RANK:
            assert RANK[said["consequence"]] <= RANK[real["consequence"]]
        if said["verdict"] == "CLEAR":
            assert real["verdict"] == "CLEAR"
        if RANK[real["consequence"]] > RANK["attention"]:
            assert RANK[said["possible"]] >= RANK[real["consequence"]]
        assert set(said["rules"].split(";")) - {""} <= set(real["rules"].split(";"))


@settings(deadline=None, max_examples=25)
@given(
    east=st.floats(-900, 900),
    north=st.floats(-900, 900),
    category=st.sampled_from(CATEGORIES),
    coarse=st.floats(1, 400),
    share=st.floats(0, 1),
)
def test_better_accuracy_never_weakens_what_is_certain(east, north, category, coarse, share):
    before = screen(east, north, category, coarse)
    after = screen(east, north, category, coarse * share)
    for zone_id in before.index:
        rules = set(before.loc[zone_id, "rules"].split(";")) - {""}
        assert rules <= set(after.loc[zone_id, "rules"].split(";"))


def test_many_visitors_at_once_get_the_same_answer():
    """Threads of one process share zones and rules, as the visitors of an app do."""
    rows = [project(f"p{n}", square(n * 40 - 600, n * 25 - 300, 60)) for n in range(30)]
    frame = projects(*rows)
    expected = screen_projects(frame, AREAS, BOOK, TODAY)
    book = read_rules(ROOT)

    def visit(_):
        return screen_projects(frame, AREAS, book, TODAY).findings

    with ThreadPoolExecutor(8) as pool:
        for findings in pool.map(visit, range(40)):
            assert findings.equals(expected.findings)
