"""What the map shows of a project: roles, places and labels by hand."""

from __future__ import annotations

import math
from datetime import date

import pytest
import shapely
import shapely.affinity

from etk_geo.crs import to_metric
from etk_geo.measure import area_m2, length_m
from etk_geo.screening import scene as scenes
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.scene import Role, clearable_zones, place_at, scene
from tests.screening_findings.builders import line, point, project, projects, square, zone, zones

DAY = date(2026, 6, 1)


def shown(book, row, *held, **options):
    table, kept = projects(row), zones(*held)
    screening = screen_projects(table, kept, book, DAY)
    return scene(screening, table, kept, book, "zh", **options)


def of(found, role):
    return [shape for shape in found.shapes if shape.role is role]


def test_overlap_is_the_common_part(book):
    found = shown(book, project("a", square(0, 0, 100)), zone("z", square(50, 0, 100), "forest"))
    (common,) = of(found, Role.OVERLAP)
    assert common.zone == "z"
    assert area_m2(common.geometry) == pytest.approx(5000, rel=1e-3)
    assert not of(found, Role.NEAREST)
    assert not of(found, Role.EGG)


def test_egg_and_yolk_follow_the_accuracy(book):
    row = project("a", square(0, 0, 100), accuracy_m=10.0)
    found = shown(book, row, zone("z", square(900, 0, 100), "forest"))
    (egg,), (yolk,) = of(found, Role.EGG), of(found, Role.YOLK)
    assert area_m2(yolk.geometry) == pytest.approx(80 * 80, rel=1e-3)
    assert area_m2(egg.geometry) == pytest.approx(120 * 120 - (4 - math.pi) * 100, rel=1e-3)
    assert egg.label == "10.0 米"


def test_nearest_line_has_its_length(book):
    found = shown(book, project("a", square(0, 0, 100)), zone("z", square(150, 0, 100), "forest"))
    (way,) = of(found, Role.NEAREST)
    assert length_m(way.geometry) == pytest.approx(50, abs=0.01)
    assert way.label in ("49.9 米", "50.0 米", "50.1 米")


def test_chainage_marks_stand_where_the_line_enters_and_leaves(book):
    row = project("a", line((0, 50), (1000, 50)))
    found = shown(book, row, zone("z", square(200, 0, 100), "forest"))
    marks = of(found, Role.CHAINAGE)
    assert [mark.label for mark in marks] == ["K0+200", "K0+300"]
    x = [to_metric(mark.geometry).x - 500_000 for mark in marks]
    assert x == pytest.approx([200, 300], abs=0.05)


def test_move_is_clear_when_made(book):
    row = project("a", square(0, 0, 100))
    held = zones(zone("z", square(60, 0, 500), "forest"))
    table = projects(row)
    screening = screen_projects(table, held, book, DAY)
    clearable = clearable_zones(held, book)
    found = scene(screening, table, held, book, "zh", clearable=clearable)
    (arrow,) = of(found, Role.MOVE)
    assert found.move.distance_m == pytest.approx(40, rel=0.03, abs=1.1)
    assert length_m(arrow.geometry) == pytest.approx(found.move.distance_m, abs=0.1)
    assert (found.clearable, found.unbounded) == (1, 0)


def test_zones_without_bounds_take_no_part_in_the_move(held, book):
    clearable = clearable_zones(held, book)
    usable = int((held.prepared.features.barred == "").sum())
    assert len(clearable.zones.ids) + clearable.unbounded == usable
    assert "otog_banner" not in clearable.zones.ids


def test_project_without_position_shows_the_zones_only(book):
    found = shown(book, project("a", None), zone("z", square(0, 0, 100), "forest"))
    assert [shape.role for shape in found.shapes] == [Role.ZONE]


def test_point_has_its_egg_and_no_overlap(book):
    row = project("a", point(50, 50), bound="position", accuracy_m=10.0, extent_m=30.0)
    found = shown(book, row, zone("z", square(0, 0, 100), "forest"))
    (egg,) = of(found, Role.EGG)
    assert area_m2(egg.geometry) == pytest.approx(math.pi * 40**2, rel=0.01)
    assert not of(found, Role.OVERLAP)


def test_many_zones_are_cut_to_the_most_important_and_counted(monkeypatch, book):
    monkeypatch.setattr(scenes, "MOST_ZONES", 2)
    held = [zone(f"z{n}", square(200 + 300 * n, 0, 50), "forest") for n in range(4)]
    hit = zone("zz", square(0, 0, 50), "eco_redline")
    found = shown(book, project("a", square(0, 0, 100), category="chemical"), *held, hit)
    assert [shape.zone for shape in of(found, Role.ZONE)] == ["z0", "zz"]
    assert found.left_off == 3


def test_heavy_zone_is_light_on_the_map(book):
    heavy = shapely.segmentize(square(0, 0, 5000), 0.00001)
    assert shapely.get_num_coordinates(heavy) > scenes.MOST_VERTICES
    found = shown(book, project("a", square(0, 0, 100)), zone("z", heavy, "forest"))
    (drawn,) = of(found, Role.ZONE)
    assert shapely.get_num_coordinates(drawn.geometry) <= scenes.MOST_VERTICES
    assert area_m2(drawn.geometry) == pytest.approx(25e6, rel=1e-3)


def test_place_on_a_line_of_two_parts_counts_no_gap():
    parts = shapely.MultiLineString([[(0, 0), (100, 0)], [(500, 0), (600, 0)]])
    shifted = shapely.affinity.translate(parts, 500_000, 4_340_000)
    assert place_at(shifted, 150.0).x - 500_000 == pytest.approx(550, abs=0.1)
    assert place_at(shifted, 10_000.0).x - 500_000 == pytest.approx(600, abs=0.1)
