"""A screening in parts says the same as one at once, tells how far it is, and stops when asked."""

from __future__ import annotations

import math
import threading
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from etk_geo.background import StoppedError
from etk_geo.errors import CrsError
from etk_geo.screening import run
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.run import ScreeningRun, screen_in_parts
from tests.screening_findings.builders import point, project, projects, square, zone, zones

DAY = date(2026, 6, 1)
BOW_TIE = "POLYGON ((108 39.2, 108.001 39.201, 108.001 39.2, 108 39.201, 108 39.2))"


def same(first, second):
    pd.testing.assert_frame_equal(first.findings, second.findings)
    pd.testing.assert_frame_equal(first.projects, second.projects)
    assert first.totals == second.totals
    assert first.issues == second.issues
    assert first.ledger == second.ledger
    assert first.zones == second.zones


def test_plan_in_parts_is_the_plan_at_once(monkeypatch, held, planned, book):
    monkeypatch.setattr(run, "PART", 7)
    told = []
    parts = screen_in_parts(
        planned, held, book, DAY, tell=lambda done, total: told.append((done, total))
    )
    same(parts, screen_projects(planned, held, book, DAY))
    assert told[-1] == (65, 65)
    assert [done for done, _ in told] == [7, 14, 21, 28, 35, 42, 49, 56, 63, 65]


@settings(max_examples=20, deadline=None)
@given(order=st.permutations(range(6)), size=st.integers(1, 7))
def test_order_and_size_of_parts_change_nothing(book, order, size):
    rows = [project(f"p{n}", square(n * 90, 0, 100)) for n in range(4)]
    rows += [project("p4", None), project("p5", point(20, 20), accuracy_m=math.nan)]
    held = zones(zone("z", square(50, 0, 100), "eco_redline"), zone("y", None, "grassland"))
    table = projects(*rows)
    before = run.PART
    run.PART = size
    try:
        parts = screen_in_parts(table.iloc[list(order)], held, book, DAY)
    finally:
        run.PART = before
    same(parts, screen_projects(table, held, book, DAY))


def test_issues_of_zones_are_said_once(monkeypatch, book):
    import shapely  # noqa: PLC0415

    monkeypatch.setattr(run, "PART", 1)
    held = zones(zone("z", shapely.from_wkt(BOW_TIE), "eco_redline"))
    table = projects(*(project(f"p{n}", square(n * 90, 0, 100)) for n in range(3)))
    parts = screen_in_parts(table, held, book, DAY)
    assert [issue.where for issue in parts.issues] == ["z"]
    same(parts, screen_projects(table, held, book, DAY))


def test_run_gives_its_result(held, planned, book):
    going = ScreeningRun(planned, held, book, DAY)
    going.start()
    found = going.result()
    assert going.finished()
    assert (going.done, going.total) == (65, 65)
    same(found, screen_projects(planned, held, book, DAY))


def test_run_stops_when_asked_and_keeps_nothing(monkeypatch, held, planned, book):
    monkeypatch.setattr(run, "PART", 1)
    going = ScreeningRun(planned, held, book, DAY)
    waiting, go_on = threading.Event(), threading.Event()
    tell = going._tell

    def held_up(done, total, what):
        waiting.set()
        go_on.wait(30)
        tell(done, total, what)

    monkeypatch.setattr(going, "_tell", held_up)
    going.start()
    assert waiting.wait(30)
    going.stop()
    go_on.set()
    with pytest.raises(StoppedError):
        going.result()
    assert going.done == 1


def test_error_of_a_run_reaches_who_asks(held, planned, book):
    going = ScreeningRun(planned.to_crs("EPSG:3857"), held, book, DAY)
    going.start()
    with pytest.raises(CrsError):
        going.result()
