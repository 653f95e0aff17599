"""What is thin, touching, hollow, broken, far away or not there at all: said, and never CLEAR."""

from __future__ import annotations

import math
import warnings
from datetime import date

import pytest
import shapely
from shapely.geometry import GeometryCollection, LinearRing, LineString, Point, Polygon, box

from etk_geo.crs import to_lonlat
from etk_geo.errors import ScreeningError
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.pairs import VERDICTS
from tests.screening_findings.builders import (
    EAST,
    NORTH,
    line,
    point,
    project,
    projects,
    square,
    zone,
    zones,
)

TODAY = date(2026, 6, 1)
NAN = math.nan


def area(*corners, holes=()):
    """A polygon by offsets from the origin, as lon/lat."""
    shifted = [[(EAST + x, NORTH + y) for x, y in ring] for ring in (corners, *holes)]
    return to_lonlat(Polygon(shifted[0], shifted[1:]))


def strip(width_m):
    return area((0, 0), (500, 0), (500, width_m), (0, width_m))


BLOCK = square(0, 0, 500)
HOLLOW = area(
    (0, 0), (500, 0), (500, 500), (0, 500), holes=[[(100, 100), (400, 100), (400, 400), (100, 400)]]
)
SELF_TOUCHING = area((0, 0), (500, 0), (500, 500), (250, 0), (0, 500))
TWO = shapely.union_all([square(0, 0, 100), square(1000, 0, 100)])


def screen(book, rows, zone_pairs, as_of=TODAY, **options):
    return screen_projects(projects(*rows), zones(*zone_pairs), book, as_of, **options)


def only(book, geometry, zone_geometry, zone_values=None, **values):
    """The one finding of a project and a redline zone."""
    screening = screen(
        book,
        [project("a", geometry, **values)],
        [zone("z", zone_geometry, "eco_redline", **(zone_values or {}))],
    )
    return screening.findings.iloc[0]


@pytest.mark.parametrize(
    ("geometry", "zone_geometry", "verdict"),
    [
        (line((0, 0), (500, 0)), BLOCK, "CLEAR"),  # along the boundary
        (line((-100, 0), (600, 0)), BLOCK, "CLEAR"),
        (line((-100, 1), (600, 1)), BLOCK, "OVERLAPS"),
        (square(500, 0, 100), BLOCK, "CLEAR"),  # side by side
        (square(400, 0, 100), BLOCK, "INSIDE"),  # from within, sharing the boundary
        (BLOCK, BLOCK, "INSIDE"),
        (point(0, 0), BLOCK, "CLEAR"),  # a corner
        (square(200, 200, 50), HOLLOW, "CLEAR"),
        (square(100, 100, 300), HOLLOW, "CLEAR"),  # the hole itself
        (square(99, 99, 302), HOLLOW, "OVERLAPS"),
        (square(-100, -100, 700), HOLLOW, "OVERLAPS"),
        (line((250, -100), (250, 100)), strip(0.5), "OVERLAPS"),
        (square(200, -50, 100), strip(0.5), "OVERLAPS"),
        (square(500, 0, 50), TWO, "CLEAR"),  # between the parts
        (square(50, 20, 1000), TWO, "OVERLAPS"),
        (square(200, -50, 100), SELF_TOUCHING, "OVERLAPS"),
    ],
)
def test_verdict_without_error(book, geometry, zone_geometry, verdict):
    assert only(book, geometry, zone_geometry)["verdict"] == verdict


@pytest.mark.parametrize(
    ("geometry", "zone_geometry", "values", "reason"),
    [
        (point(0, 250), BLOCK, {"accuracy_m": 1.0}, "overlap_undecided"),
        (line((0, 0), (500, 0)), BLOCK, {"accuracy_m": 0.1}, "overlap_undecided"),
        (square(500, 0, 100), BLOCK, {"accuracy_m": 0.1}, "overlap_undecided"),
        (square(400, 0, 100), BLOCK, {"accuracy_m": 200.0}, "overlap_undecided"),
        (square(200, 200, 50), HOLLOW, {"accuracy_m": 101.0}, "overlap_undecided"),
        (point(0, 250), BLOCK, {"bound": "position"}, "extent_unknown"),
        (point(250, 250), BLOCK, {"bound": "position"}, "extent_unknown"),
        (point(9000, 250), BLOCK, {"bound": "position"}, "extent_unknown"),
        (square(9000, 0, 10), BLOCK, {"accuracy_m": NAN}, "accuracy_unknown"),
        (square(9000, 0, 10), BLOCK, {"bound": "inner"}, "beyond_inner"),
        (line((250, -100), (250, 100)), strip(0.5), {"accuracy_m": 5.0}, "overlap_undecided"),
    ],
)
def test_what_an_error_leaves_open_is_indeterminate(book, geometry, zone_geometry, values, reason):
    found = only(book, geometry, zone_geometry, **values)
    assert (found["verdict"], found["reason"]) == ("INDETERMINATE", reason)
    assert found["consequence"] == "cannot_judge"


def test_line_deep_in_a_zone_overlaps_whatever_its_extent(book):
    values = {"bound": "position", "accuracy_m": 99.0}
    assert only(book, line((100, 250), (400, 250)), BLOCK, **values)["verdict"] == "OVERLAPS"


def test_zone_of_which_only_the_least_is_known_clears_nothing(book):
    found = only(book, square(9000, 0, 10), BLOCK, {"bound": "inner"})
    assert found["verdict"] == "INDETERMINATE"


def test_zone_that_lies_somewhere_within_is_never_overlapped(book):
    found = only(book, square(100, 100, 10), BLOCK, {"bound": "outer"})
    assert (found["verdict"], found["reason"]) == ("INDETERMINATE", "within_outer")


with warnings.catch_warnings():
    warnings.simplefilter("ignore", RuntimeWarning)
    BROKEN = {
        "no_number": (Point(NAN, 39), "ETK641"),
        "no_number_in_a_line": (LineString([(107, 39), (NAN, 39)]), "ETK641"),
        "infinite": (Point(math.inf, 39), "ETK641"),
        "empty": (Polygon(), "ETK642"),
        "collection": (GeometryCollection([Point(108, 39.2)]), "ETK644"),
        "ring": (LinearRing([(108, 39.2), (108.1, 39.2), (108.1, 39.3)]), "ETK644"),
        "antimeridian": (LineString([(179, 39), (-179, 39)]), "ETK645"),
        "far_away": (Point(116, 40), "ETK646"),
        "axes_swapped": (Point(39.2, 108), "ETK647"),
        "spike": (Polygon([(108, 39.2), (108.01, 39.2), (108, 39.2)]), "ETK650"),
        "line_of_no_length": (LineString([(108, 39.2), (108, 39.2)]), "ETK650"),
    }


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_project_that_cannot_be_used_is_refused_in_words(book, name):
    geometry, code = BROKEN[name]
    rows = [project("bad", geometry), project("good", square(9000, 0, 10))]
    screening = screen(book, rows, [zone("z", BLOCK, "eco_redline")])
    found = screening.findings.set_index("project_id")
    assert found.loc["bad", "reason"] == "project_geometry_refused"
    assert found.loc["bad", "verdict"] == "INDETERMINATE"
    assert found.loc["good", "verdict"] == "CLEAR"
    assert [(issue.where, issue.code) for issue in screening.issues] == [("bad", code)]


@pytest.mark.parametrize("name", sorted(set(BROKEN) - {"empty"}))
def test_zone_that_cannot_be_used_is_not_checked(book, name):
    geometry, code = BROKEN[name]
    pairs = [zone("bad", geometry, "eco_redline"), zone("good", BLOCK, "eco_redline")]
    screening = screen(book, [project("a", square(9000, 0, 10))], pairs)
    found = screening.findings.set_index("zone_id")
    assert (found.loc["bad", "verdict"], found.loc["bad", "reason"]) == (
        "NOT_CHECKED",
        "zone_geometry_refused",
    )
    assert found.loc["good", "verdict"] == "CLEAR"
    assert [(issue.where, issue.code) for issue in screening.issues] == [("bad", code)]


def test_invalid_polygon_is_repaired_and_says_so(book):
    bow_tie = area((0, 0), (500, 500), (500, 0), (0, 500))
    screening = screen(book, [project("a", square(0, 0, 500))], [zone("z", bow_tie, "eco_redline")])
    found = screening.findings.iloc[0]
    assert found["overlap_least_m2"] == pytest.approx(125_000, rel=1e-3)
    assert "repaired" in found["flags"]
    issue = screening.issues[0]
    assert (issue.where, issue.code) == ("z", "ETK649")
    assert float(issue.detail["after"]) == pytest.approx(125_000, rel=1e-3)


def test_repeated_id_is_refused_by_name(book):
    rows = [project("a", square(0, 0, 10)), project("a", square(0, 0, 20))]
    with pytest.raises(ScreeningError) as raised:
        screen(book, rows, [zone("z", BLOCK, "eco_redline")])
    assert (raised.value.code, raised.value.where) == ("ETK653", "a")


def test_no_projects_give_no_findings(book):
    screening = screen(book, [], [zone("z", BLOCK, "eco_redline")])
    assert len(screening.findings) == len(screening.projects) == 0
    assert screening.totals == dict.fromkeys(VERDICTS, 0)


def test_no_zones_conclude_nothing(book):
    with pytest.raises(ScreeningError) as raised:
        screen(book, [project("a", square(0, 0, 10))], [])
    assert raised.value.code == "ETK990"


@pytest.mark.parametrize("as_of", [date(1949, 10, 1), date(9999, 12, 31)])
def test_day_before_and_after_any_law(book, as_of):
    row = project("a", square(0, 0, 10), category="mining")
    screening = screen(book, [row], [zone("z", BLOCK, "nature_reserve")], as_of)
    found = screening.findings.iloc[0]
    assert found["verdict"] == "INSIDE"
    assert found["consequence"] != "none"


@pytest.mark.parametrize("east_m", [120_000, 200_000])
def test_project_outside_the_banner_is_not_clear_of_its_zones(book, east_m):
    found = only(book, square(east_m, 0, 10), BLOCK)
    assert (found["verdict"], found["reason"]) == ("NOT_CHECKED", "outside_coverage")


@pytest.mark.parametrize(("gap_m", "verdict"), [(150, "NOT_CHECKED"), (250, "CLEAR")])
def test_coverage_counts_from_the_rule_distance(book, gap_m, verdict):
    """A pipeline keeps mines 200 m away: what lies beyond the coverage may be nearer than that."""
    west, south, east, north = to_lonlat(
        box(EAST - 5e3, NORTH - 5e3, EAST + 5e3, NORTH + 5e3)
    ).bounds
    row = project("mine", square(5_000 - gap_m - 10, 0, 10), category="mining")
    pipe = zone("z", line((0, -1000), (0, 1000)), "pipeline")
    screening = screen(book, [row], [pipe], coverage=(west, south, east, north))
    assert screening.findings.iloc[0]["verdict"] == verdict
