"""No position that the stated accuracy allows contradicts a verdict or a bound.

Real things are drawn as the definitions admit them (rigid shifts, vertices displaced one by one,
swollen and shrunken polygons, anything inside an outer, anything around an inner geometry) and
measured by plain overlay.
"""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etk_geo.screening.arrays import as_geometries
from etk_geo.screening.ellipsoid import line_lengths, scale_least
from etk_geo.screening.relation import Verdict, prepare_zones, relate
from tests.screening.admissible import CENTRES, frame, real_thing, things
from tests.screening.truth import area_of, contradiction, ground_distance, stated_length_inside

EXAMPLES = 150
DRAWS = 12
LEAST_DRAWS = 10_000

AREA_SLACK_M2 = 2.0
LENGTH_SLACK_M = 0.01


def holds(row, name, value, slack):
    """Tell whether a value lies within the bounds of a figure, as far as there are any."""
    prefix, unit = name
    least, most = getattr(row, f"{prefix}_least{unit}"), getattr(row, f"{prefix}_most{unit}")
    low = math.isnan(least) or value >= least - slack
    return low and (math.isnan(most) or value <= most + slack)


def check_bounds(row, stated, project, zone):
    """Hold every figure of a pair against two real things."""
    least, most = ground_distance(project.geom, zone.geom)
    assert math.isnan(row.distance_least_m) or most >= row.distance_least_m - LENGTH_SLACK_M
    if not (project.swollen or zone.swollen or math.isnan(row.distance_most_m)):
        assert least <= row.distance_most_m + LENGTH_SLACK_M
    common = area_of(project.geom.intersection(zone.geom))
    own = area_of(project.geom)
    assert holds(row, ("overlap", "_m2"), common, AREA_SLACK_M2)
    if own > 1 and stated.dimension == 2:
        assert holds(row, ("share", ""), common / own, AREA_SLACK_M2 / own)
    if stated.dimension == 1 and project.follower is not None and zone.geom.area > 0:
        inside = stated_length_inside(stated.geom, project.follower, zone.geom)
        # Planar and geodesic lengths differ by the scale of the projection.
        total = line_lengths(as_geometries([stated.geom]))
        inside *= total[1][0] / total[0][0]
        slack = LENGTH_SLACK_M + 1e-5 * total[1][0]
        assert holds(row, ("length", "_m"), inside, slack)
        if stated.bound in ("exact", "position"):
            assert holds(row, ("share", ""), inside / total[1][0], slack / total[1][0])


@pytest.mark.parametrize("centre", CENTRES, ids=["meridian", "south_west", "north_east"])
def test_relate_no_admissible_position_contradicts_a_verdict_or_a_bound(centre):
    drawn = {"pairs": 0, "decided": 0}
    stretch = float(scale_least(np.array([centre[0] - math.copysign(3000, centre[0] - 5e5)]))[0])

    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        derandomize=True,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(
        projects=st.lists(things(centre), min_size=1, max_size=3),
        zones=st.lists(things(centre), min_size=1, max_size=2),
        reach_m=st.sampled_from([0.0, 0.0, 40.0, 300.0, 900.0]),
        seed=st.integers(0, 2**32 - 1),
    )
    def draw_and_compare(projects, zones, reach_m, seed):
        rng = np.random.default_rng(seed)
        rows = relate(frame(projects, "p"), prepare_zones(frame(zones, "z")), reach_m=reach_m)
        rows = list(rows.itertuples())
        for _ in range(DRAWS):
            real_projects = [real_thing(rng, thing, stretch) for thing in projects]
            real_zones = [real_thing(rng, thing, stretch) for thing in zones]
            for number, row in enumerate(rows):
                project, zone = divmod(number, len(zones))
                pair = real_projects[project], real_zones[zone]
                assert contradiction(row.verdict, reach_m, *pair) == "", (row, *pair)
                check_bounds(row, projects[project], *pair)
                drawn["pairs"] += 1
                drawn["decided"] += row.verdict != Verdict.INDETERMINATE

    draw_and_compare()
    print(drawn)
    assert drawn["pairs"] * len(CENTRES) >= LEAST_DRAWS
    assert drawn["decided"] >= drawn["pairs"] / 5
