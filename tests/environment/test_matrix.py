"""The matrix counts every pair once, whatever the columns, and sorts by what matters."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from etk_geo.screening.findings import screen_projects
from etk_geo.screening.matrix import UNTYPED, by_family, by_type, families_of
from etk_geo.screening.standing import STANDINGS, Standing
from etk_geo.screening.zones import Barrier
from tests.screening_findings.builders import project, projects, square, zone, zones

DAY = date(2026, 6, 1)


@pytest.fixture
def small(book):
    rows = [
        project("in", square(0, 0, 100), category="chemical"),
        project("nowhere", None, category="chemical"),
        project("out", square(900, 900, 10), category="chemical"),
    ]
    held = [
        zone("core", square(50, 0, 100), "nature_reserve_core_protection"),
        zone("farm", None, "permanent_basic_farmland", barrier=Barrier.NO_LAYER),
        zone("redline", square(50, 0, 100), "eco_redline"),
    ]
    return screen_projects(projects(*rows), zones(*held), book, DAY)


def cell(matrix, project_id, column):
    row = list(matrix.projects["project_id"]).index(project_id)
    counts = matrix.counts[row, matrix.columns.index(column)]
    return {str(name): int(n) for name, n in zip(STANDINGS, counts, strict=True) if n}


def test_cells_count_zones_by_standing(small, book):
    matrix = by_family(small, book)
    assert cell(matrix, "in", "three_lines") == {"prohibited": 1, "not_checked": 1}
    assert cell(matrix, "out", "three_lines") == {"none": 1, "not_checked": 1}
    assert cell(matrix, "nowhere", "three_lines") == {"indeterminate": 1, "not_checked": 1}
    assert cell(matrix, "in", "rail") == {}


def test_part_counts_in_its_wider_type(small, book):
    matrix = by_type(small, book, "nature")
    assert cell(matrix, "nowhere", "nature_reserve_core_protection") == {"indeterminate": 1}
    assert cell(matrix, "nowhere", "nature_reserve") == {"indeterminate": 1}
    assert cell(matrix, "nowhere", "wetland") == {}


def test_severity_sorts_by_standing_then_number(small, book):
    matrix = by_family(small, book)
    column = matrix.columns.index("three_lines")
    order = np.argsort(-matrix.severity()[:, column])
    assert [matrix.projects["project_id"][row] for row in order] == ["in", "nowhere", "out"]
    assert (matrix.severity()[:, matrix.columns.index("rail")] == -1).all()


def test_zone_of_no_type_has_a_column_of_its_own(book):
    held = zones(zone("odd", square(0, 0, 100)), zone("redline", square(0, 0, 10), "eco_redline"))
    found = screen_projects(projects(project("a", square(0, 0, 100))), held, book, DAY)
    matrix = by_family(found, book)
    assert matrix.columns[-1] == UNTYPED
    assert sum(cell(matrix, "a", UNTYPED).values()) == 1
    assert UNTYPED not in by_type(found, book, "nature").columns


def test_totals_of_the_plan_add_up_to_pairs(planned, held, book):
    found = screen_projects(planned, held, book, DAY)
    matrix = by_family(found, book)
    assert matrix.columns == families_of(book)
    assert matrix.totals.sum() == len(found.findings) == sum(found.totals.values())
    assert (matrix.totals.sum(axis=1) == len(found.zones)).all()
    missing = STANDINGS.index(Standing.NOT_CHECKED)
    assert matrix.totals[:, missing].sum() == found.totals["NOT_CHECKED"]
    # A zone of several families counts in each: columns never hold less than the zones.
    assert (matrix.counts.sum(axis=(1, 2)) >= len(found.zones)).all()


def test_layer_of_many_zones_is_counted_whole(book):
    number = 2**15 + 1
    held = [
        zone(f"farm{n}", None, "permanent_basic_farmland", barrier=Barrier.NO_LAYER)
        for n in range(number)
    ]
    found = screen_projects(projects(project("a", None)), zones(*held), book, DAY)
    matrix = by_family(found, book)
    assert cell(matrix, "a", "three_lines") == {"not_checked": number}
    assert matrix.totals.sum() == number
