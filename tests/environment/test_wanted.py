"""What a screening waits for, counted by hand: two projects, a redline and a farmland not held."""

from __future__ import annotations

from datetime import date

from etk_geo.screening.findings import screen_projects
from etk_geo.screening.wanted import wanted_data
from etk_geo.screening.zones import Barrier
from tests.screening_findings.builders import project, projects, square, zone, zones

DAY = date(2026, 6, 1)


def waits(book, *rows, held=()):
    missing = [
        zone(f"type:{code}", None, code, barrier=Barrier.NO_LAYER)
        for code in ("eco_redline", "urban_development_boundary")
    ]
    over = zone("old", None, "nature_reserve_core", barrier=Barrier.SUPERSEDED)
    found = screen_projects(projects(*rows), zones(*missing, over, *held), book, DAY)
    gone = [row["project_id"] for row in rows if row["geometry"] is None]
    return found, wanted_data(found, book, gone)


def test_layer_that_may_hide_a_prohibition_comes_first_with_its_pairs(book):
    found, wants = waits(
        book,
        project("a", square(0, 0, 100), category="coal_mine"),
        project("b", square(900, 0, 100), category="coal_mine"),
    )
    first = wants.layers[0]
    assert first.kind.code == "eco_redline"
    assert (first.pairs, first.prohibited, first.projects) == (2, 2, 2)
    hidden = found.findings[found.findings["zone_id"] == "type:eco_redline"]
    assert list(hidden["verdict"]) == ["NOT_CHECKED"] * 2
    assert "nature_reserve_core" not in [wanted.kind.code for wanted in wants.layers]
    assert wants.open == sum(wanted.pairs for wanted in wants.layers)
    assert wants.unplaced == ()


def test_no_layer_helps_a_project_without_a_position(book):
    _, wants = waits(
        book,
        project("a", square(0, 0, 100), category="coal_mine"),
        project("b", None, category="coal_mine"),
    )
    assert wants.unplaced == ("b",)
    assert [wanted.projects for wanted in wants.layers] == [1] * len(wants.layers)


def test_what_is_held_is_not_wanted_but_may_be_too_coarse(book):
    coarse = zone("near", square(50, 0, 100), "wetland", accuracy_m=500.0)
    _, wants = waits(book, project("a", square(0, 0, 100), category="coal_mine"), held=[coarse])
    assert "wetland" not in [wanted.kind.code for wanted in wants.layers]
    assert wants.imprecise == 1
