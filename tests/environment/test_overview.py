"""A long list: what an overview holds is what a screening of all projects at once finds."""

from __future__ import annotations

import csv
import io
from dataclasses import fields
from datetime import date

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from etk_geo.background import StoppedError
from etk_geo.errors import ScreeningError
from etk_geo.plan import open_plan
from etk_geo.screening import overview, run
from etk_geo.screening.conclusions import conclusions_csv, projects_geopackage
from etk_geo.screening.findings import Screening, screen_projects
from etk_geo.screening.matrix import by_family, by_type, families_of
from etk_geo.screening.overview import Overview, overview_in_parts
from etk_geo.screening.pairs import VERDICTS
from etk_geo.screening.projects import read_projects
from etk_geo.screening.run import ScreeningRun
from etk_geo.screening.standing import standings
from etk_geo.screening.wanted import wanted_data
from etk_geo.screening.zones import Barrier
from etk_geo.store import project_root
from tests.screening_findings.builders import project, projects, square, zone, zones

DAY = date(2026, 6, 1)
CATEGORIES = ("chemical", "coal_mine", "airport", "")


@pytest.fixture
def many():
    rows = [
        project(f"p{i:02}", None if i % 7 == 3 else square(37 * i, 11 * i, 100 + i), category=kind)
        for i, kind in zip(range(25), CATEGORIES * 7, strict=False)
    ]
    return projects(*reversed(rows))


@pytest.fixture
def held():
    return zones(
        zone("core", square(50, 0, 400), "nature_reserve_core_protection"),
        zone("farm", None, "permanent_basic_farmland", barrier=Barrier.NO_LAYER),
        zone("water", None, "drinking_water", barrier=Barrier.NO_LAYER),
        zone("redline", square(300, 0, 300), "eco_redline"),
        zone("old", None, "nature_reserve_core", barrier=Barrier.SUPERSEDED),
        zone("coarse", square(700, 0, 300), "wetland", accuracy_m=500.0),
    )


@pytest.fixture
def in_threes(monkeypatch):
    monkeypatch.setattr(overview, "PART", 3)


@pytest.mark.usefixtures("in_threes")
def test_overview_in_parts_is_that_of_the_whole(many, held, book):
    whole = screen_projects(many, held, book, DAY)
    found = overview_in_parts(many, held, book, DAY)
    same = {one.name for one in fields(Overview)} & {one.name for one in fields(Screening)}
    for name in same - {"projects"}:
        assert getattr(found, name) == getattr(whole, name), name
    assert_frame_equal(found.projects, whole.projects)
    shape = len(many), len(held.zones)
    assert (found.standing == standings(whole.findings).reshape(shape)).all()
    gone = list(many.loc[many.geometry.isna(), "project_id"])
    assert found.wants == wanted_data(whole, book, gone)
    assert len(found.wants.layers) > 1
    assert found.wants.unplaced


@pytest.mark.usefixtures("in_threes")
def test_matrix_of_an_overview_is_that_of_the_whole(many, held, book):
    whole = screen_projects(many, held, book, DAY)
    found = overview_in_parts(many, held, book, DAY)
    for family in families_of(book):
        one, other = by_type(found, book, family), by_type(whole, book, family)
        assert (one.counts == other.counts).all()
    one, other = by_family(found, book), by_family(whole, book)
    assert (one.counts == other.counts).all()
    assert (one.totals == other.totals).all()
    rows = np.array([4, 0, 24])
    assert (one.severity(rows) == other.severity()[rows]).all()


@pytest.mark.usefixtures("in_threes")
def test_it_tells_how_far_it_is_and_ends_when_it_is_stopped(many, held, book):
    told: list[tuple[int, int]] = []
    overview_in_parts(many, held, book, DAY, tell=lambda *step: told.append(step))
    assert [done for done, _ in told] == [3, 6, 9, 12, 15, 18, 21, 24, 25]
    assert {of for _, of in told} == {25}

    def stop(done: int, _of: int) -> None:
        if done >= 6:
            raise StoppedError

    with pytest.raises(StoppedError):
        overview_in_parts(many, held, book, DAY, tell=stop)


def test_run_of_a_long_list_gives_an_overview(many, held, book, monkeypatch):
    for most, kind in ((149, Overview), (150, Screening)):
        monkeypatch.setattr(overview, "MOST_HELD", most)
        going = ScreeningRun(many, held, book, DAY)
        going.start()
        assert type(going.result()) is kind
    assert run.is_long is overview.is_long


def test_error_of_one_part_is_the_error_of_the_run(many, held, book, monkeypatch):
    monkeypatch.setattr(overview, "MOST_HELD", 1)
    twice = pd.concat([many, many]).reset_index(drop=True)
    going = ScreeningRun(twice, held, book, DAY)
    going.start()
    with pytest.raises(ScreeningError):
        going.result()


def test_conclusions_are_one_row_per_project_whose_counts_add_up(many, held, book):
    plan = open_plan(project_root())
    found = overview_in_parts(many, held, book, DAY)
    content = conclusions_csv(found, book, plan, "zh").decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(content))
    assert [row[0] for row in rows] == sorted(many["project_id"])
    counts = [sum(map(int, row[-len(VERDICTS) :])) for row in rows]
    assert counts == [len(held.zones)] * len(many)
    conclusion = header.index("后果")
    assert {row[conclusion] for row in rows} >= {"禁止", "不能判断"}


def test_list_for_the_command_is_read_back_as_it_was(many, tmp_path):
    many.loc[0, ["bound", "extent_m", "extent_basis"]] = ["position", 250.0, "default"]
    many.loc[1, ["bound", "extent_m", "extent_basis"]] = ["position", 90.0, "stated"]
    many.loc[2, "decided_on"] = date(2024, 5, 1)
    path = tmp_path / "projects.gpkg"
    path.write_bytes(projects_geopackage(many))
    category = str(many.loc[0, "category"])
    back = read_projects(path, categories=CATEGORIES, extents={category: 250.0})
    assert_frame_equal(
        pd.DataFrame(back.drop(columns="geometry")),
        pd.DataFrame(many.drop(columns="geometry")),
        check_dtype=False,
    )
    placed = many.geometry.notna()
    assert list(back.geometry.isna()) == list(~placed)
    assert back.geometry[placed].geom_equals_exact(many.geometry[placed], 1e-9).all()
