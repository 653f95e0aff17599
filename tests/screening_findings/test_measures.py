"""Chainage, nearest approach and shortest move, by hand: metres along a line of known length."""

from __future__ import annotations

from datetime import date

import pytest

from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import approaches_csv, moves_csv, passages, passages_csv
from tests.screening_findings.builders import line, project, projects, square, zone, zones

TODAY = date(2026, 6, 1)
AREAS = zones(
    zone("z", square(200, 0, 300), "wetland"), zone("far", square(9000, 0, 100), "forest")
)


def rows_of(content):
    header, *rows = content.decode("utf-8-sig").splitlines()
    return [dict(zip(header.split(","), row.split(","), strict=True)) for row in rows]


def test_road_enters_and_leaves_at_its_chainage(book):
    roads = projects(
        project("east", line((0, 50), (1500, 50))),
        project("west", line((1500, 50), (0, 50))),
        project("aside", line((0, 800), (1500, 800))),
    )
    screening = screen_projects(roads, AREAS, book, TODAY)
    table = passages(screening, roads, AREAS).set_index("project_id")
    assert list(table.index) == ["east", "west"]
    assert table.loc["east", "enter_m"] == pytest.approx(200, abs=0.1)
    assert table.loc["east", "leave_m"] == pytest.approx(500, abs=0.1)
    # The other way round, chainage counts from the other end.
    assert table.loc["west", "enter_m"] == pytest.approx(1000, abs=0.2)
    assert table.loc["west", "leave_m"] == pytest.approx(1300, abs=0.2)
    assert table["sure"].all()
    row = rows_of(passages_csv(table.reset_index(), roads, screening.zones, "en"))[1]
    assert (row["enters at"], row["leaves at"]) == ("K1+000", "K1+300")
    assert row["zone types"] == "wetland"


def test_nearest_approach_names_both_places():
    parcels = projects(project("a", square(600, 100, 50)))
    row = rows_of(approaches_csv(parcels, AREAS, "en"))[1]
    assert row["zone id"] == "z"
    assert float(row["nearest distance (m)"]) == pytest.approx(100, abs=0.1)
    assert float(row["bearing (degrees)"]) == pytest.approx(270, abs=0.5)


def test_shortest_move_is_out_by_the_nearest_side(book):
    parcels = projects(
        project("inside", square(210, 100, 50)), project("clear", square(3000, 0, 50))
    )
    screening = screen_projects(parcels, AREAS, book, TODAY)
    moves = {
        row["project id"]: row
        for row in rows_of(moves_csv(screening, parcels, AREAS, book, 1000.0, "en"))
    }
    # 60 m to the west: its east side is at 260 m, the zone begins at 200 m.
    assert float(moves["inside"]["shortest move (m)"]) == pytest.approx(60, abs=2)
    assert float(moves["inside"]["bearing of the move (degrees)"]) == pytest.approx(270, abs=5)
    assert float(moves["clear"]["shortest move (m)"]) == 0


def test_no_move_within_the_limit_is_said(book):
    parcels = projects(project("inside", square(320, 120, 50)))
    screening = screen_projects(parcels, AREAS, book, TODAY)
    row = rows_of(moves_csv(screening, parcels, AREAS, book, 50.0, "en"))[0]
    assert row["shortest move (m)"] == ""
    assert float(row["no shorter move is enough (m)"]) >= 45
