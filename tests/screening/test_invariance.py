"""What must not change an answer: order, writing, splitting, chunks, threads, many visitors."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from etk_geo.crs import CRS_METRIC
from etk_geo.screening.arrays import as_geometries
from etk_geo.screening.distance import boundary_distance
from etk_geo.screening.overlay import find_contacts
from etk_geo.screening.relation import Verdict, prepare_zones, relate
from tests.screening.admissible import CENTRES, frame, star, things
from tests.screening.test_relations_known import frame as exact

CENTRE = CENTRES[0]
OPEN = {Verdict.INDETERMINATE, Verdict.NOT_CHECKED}
VISITORS, ROUNDS = 20, 50
TOUCHES, FRESH = 1_000, 50

few = settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
some_things = st.lists(things(CENTRE), min_size=1, max_size=4)
reaches = st.sampled_from([0.0, 40.0, 300.0])


def screen(projects, zones, reach_m=0.0, **options):
    return relate(
        frame(projects, "p"), prepare_zones(frame(zones, "z")), reach_m=reach_m, **options
    )


def assert_same(first, second, *, exactly):
    pd.testing.assert_frame_equal(first, second, check_exact=exactly, rtol=1e-6, atol=1e-3)


@few
@given(some_things, some_things, reaches, st.sampled_from([1, 2, 3]), st.sampled_from([1, 2]))
def test_relate_chunks_and_threads_change_nothing(projects, zones, reach_m, chunk, threads):
    whole = screen(projects, zones, reach_m)
    assert_same(whole, screen(projects, zones, reach_m, chunk=chunk, threads=threads), exactly=True)


@few
@given(some_things, some_things, reaches, st.randoms(use_true_random=False))
def test_relate_order_changes_nothing(projects, zones, reach_m, random):
    project_rows, zone_rows = frame(projects, "p"), frame(zones, "z")
    rows = relate(project_rows, prepare_zones(zone_rows), reach_m=reach_m)
    orders = [random.sample(range(len(r)), len(r)) for r in (project_rows, zone_rows)]
    shuffled = relate(
        project_rows.iloc[orders[0]], prepare_zones(zone_rows.iloc[orders[1]]), reach_m=reach_m
    )
    keys = ["project_id", "zone_id"]
    assert_same(
        rows.sort_values(keys, ignore_index=True),
        shuffled.sort_values(keys, ignore_index=True),
        exactly=False,
    )


@few
@given(some_things, some_things, reaches)
def test_relate_winding_and_ring_start_change_no_verdict(projects, zones, reach_m):
    def rewritten(rows):
        turned = rows.copy()
        turned.geometry = shapely.normalize(shapely.reverse(rows.geometry.to_numpy()))
        return turned

    project_rows, zone_rows = frame(projects, "p"), frame(zones, "z")
    first = relate(project_rows, prepare_zones(zone_rows), reach_m=reach_m)
    second = relate(rewritten(project_rows), prepare_zones(rewritten(zone_rows)), reach_m=reach_m)
    assert list(first["verdict"]) == list(second["verdict"])
    for name in ("overlap_least_m2", "overlap_most_m2", "distance_least_m", "distance_most_m"):
        np.testing.assert_allclose(first[name], second[name], rtol=1e-6, atol=1e-2)


@few
@given(some_things, some_things, reaches, st.sampled_from([0.0, 0.25, 0.5]))
def test_relate_better_accuracy_never_turns_a_decided_verdict(projects, zones, reach_m, share):
    rough = frame(projects, "p")
    fine = rough.copy()
    fine["accuracy_m"] = rough["accuracy_m"] * share
    prepared = prepare_zones(frame(zones, "z"))
    before = relate(rough, prepared, reach_m=reach_m)["verdict"]
    after = relate(fine, prepared, reach_m=reach_m)["verdict"]
    for old, new in zip(before, after, strict=True):
        assert old in OPEN or old == new


@few
@given(some_things, some_things, things(CENTRE), reaches)
def test_relate_another_zone_changes_nothing_about_the_others(projects, zones, more, reach_m):
    rows = screen(projects, zones, reach_m)
    wider = screen(projects, [*zones, more], reach_m)
    kept = wider[wider["zone_id"].isin(rows["zone_id"])].reset_index(drop=True)
    assert_same(rows, kept, exactly=False)


@pytest.mark.parametrize("count", [2, 5])
def test_relate_zone_split_into_touching_parts_has_the_same_overlap(count):
    zone = shapely.box(500_000, 4_350_000, 501_000, 4_351_000)
    project = shapely.box(500_400, 4_350_400, 501_500, 4_350_600)
    edges = np.linspace(500_000, 501_000, count + 1)
    parts = [
        shapely.box(left, 4_350_000, right, 4_351_000) for left, right in itertools.pairwise(edges)
    ]

    asked = exact(project, "p", CRS_METRIC)
    whole = relate(asked, prepare_zones(exact(zone, "z", CRS_METRIC))).iloc[0]
    total = sum(
        relate(asked, prepare_zones(exact(part, "z", CRS_METRIC))).iloc[0]["overlap_planar_m2"]
        for part in parts
        if part.intersection(project).area > 0
    )
    assert whole["overlap_planar_m2"] == pytest.approx(600 * 200, rel=1e-9)
    assert total == pytest.approx(whole["overlap_planar_m2"], rel=1e-9)


def test_relate_areas_and_lines_in_touching_parts_are_what_they_are_whole():
    """A multipolygon of touching parts is invalid: merged, said, and measured like the whole."""
    whole = shapely.box(500_000, 4_350_000, 501_000, 4_351_000)
    halves = [shapely.box(500_000 + x, 4_350_000, 500_500 + x, 4_351_000) for x in (0, 500)]
    turns = [(499_500, 4_350_200), (500_400, 4_350_300), (501_500, 4_350_900)]
    road = shapely.LineString(turns)
    stretches = shapely.MultiLineString([turns[:2], turns[1:]])
    split_zone = prepare_zones(exact(shapely.MultiPolygon(halves), "z", CRS_METRIC))
    assert [issue.code for issue in split_zone.issues] == ["ETK649"]
    zones = [prepare_zones(exact(whole, "z", CRS_METRIC)), split_zone]
    rows = pd.concat(
        relate(exact(line, "p", CRS_METRIC), zone) for line in (road, stretches) for zone in zones
    )
    assert set(rows["verdict"]) == {Verdict.OVERLAPS}
    for name in ("length_least_m", "length_most_m", "share_least", "distance_most_m"):
        np.testing.assert_allclose(rows[name], rows[name].iloc[0], rtol=1e-9)


def test_relate_many_visitors_of_the_same_zones_get_the_same_answers():
    """Prepared geometries shared between threads crash the process: this would be the crash."""
    rng = np.random.default_rng(3)

    def blob(corners):
        centre = np.array(CENTRE) + rng.uniform(-900, 900, 2)
        return star(centre, rng.uniform(200, 900, corners))

    zones = pd.concat([exact(blob(400), f"z{n}", CRS_METRIC) for n in range(2)])
    zones["accuracy_m"] = [0.0, 5.0]
    prepared = prepare_zones(zones.reset_index(drop=True))
    asked = [
        pd.concat([exact(blob(12), f"p{n}", CRS_METRIC) for n in range(2)]).reset_index(drop=True)
        for _ in range(VISITORS)
    ]
    expected = [relate(projects, prepare_zones(zones.reset_index(drop=True))) for projects in asked]

    def visit(number):
        for _ in range(ROUNDS):
            answer = relate(asked[number], prepared)
            pd.testing.assert_frame_equal(answer, expected[number], check_exact=True)
        return ROUNDS

    with ThreadPoolExecutor(VISITORS) as pool:
        assert sum(pool.map(visit, range(VISITORS))) == VISITORS * ROUNDS


def test_prepared_zones_serve_twenty_threads_a_thousand_rounds_each():
    """The part of a screening that touches prepared zones and shared indexes, 20,000 times.

    Indexes are built at their first use, so the zones are prepared anew again and again.
    """
    rng = np.random.default_rng(4)
    zones = pd.concat(
        [exact(star(CENTRE, rng.uniform(300, 900, 300)), f"z{n}", CRS_METRIC) for n in range(3)]
    ).reset_index(drop=True)
    near, areal = np.ones((3, 3), dtype=bool), np.ones(3, dtype=bool)
    places = np.array(CENTRE) + rng.uniform(-1500, 1500, (VISITORS, 3, 2))
    asked = [[star(place, [20.0] * 5) for place in of_one] for of_one in places]

    def touch(geoms, prepared):
        with prepared.borrow() as copies:
            contact = find_contacts(geoms, copies, near, areal)
        return contact.meets, contact.within, boundary_distance(geoms, prepared, 0)

    known = prepare_zones(zones)
    projects = [as_geometries(geoms) for geoms in asked]
    expected = [touch(geoms, known) for geoms in projects]
    assert {hit for meets, _, _ in expected for hit in meets.ravel()} == {True, False}

    def visit(number, prepared):
        for _ in range(TOUCHES // FRESH):
            for found, right in zip(
                touch(projects[number], prepared), expected[number], strict=True
            ):
                np.testing.assert_array_equal(found, right)
        return TOUCHES // FRESH

    rounds = 0
    with ThreadPoolExecutor(VISITORS) as pool:
        for _ in range(FRESH):
            prepared = prepare_zones(zones)
            rounds += sum(pool.map(visit, range(VISITORS), [prepared] * VISITORS))
    assert rounds == VISITORS * TOUCHES
