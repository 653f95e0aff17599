"""The plan's own 65 projects, and the road that crosses two reserves by press report."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from shapely.geometry import box

from etk_geo.catalog import open_catalog
from etk_geo.i18n import texts
from etk_geo.model import LANGS
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.outputs import findings_table, summary_lines
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.zones import collect_zones
from tests.screening_findings.builders import ROOT, supply_layer

TODAY = date(2026, 6, 1)
NEVER_SAID = ("安全", "可行", "同意建设", "已批准", "safe", "approved", "feasible", "no conflict")


def screen_plan(root, as_of=TODAY):
    catalog, book = open_catalog(root), read_rules(root)
    projects = plan_projects(catalog, open_plan(root))
    return projects, screen_projects(projects, collect_zones(catalog, book), book, as_of), book


@pytest.fixture(scope="session")
def plan():
    return screen_plan(ROOT)


def test_all_65_projects_are_screened_against_every_zone(plan):
    projects, screening, _ = plan
    assert len(projects) == 65 == len(screening.projects)
    assert sum(screening.totals.values()) == 65 * len(screening.zones) == len(screening.findings)


def test_public_data_clear_nothing(plan):
    """No boundary is public, so no project is clear of any, and none is found to be inside one."""
    _, screening, _ = plan
    assert screening.totals["CLEAR"] == 0
    assert screening.totals["OVERLAPS"] == 0
    inside = screening.findings[screening.findings["verdict"] == "INSIDE"]
    assert set(inside["zone_id"]) <= {"otog_banner"}
    assert set(screening.projects["consequence"]) == {"cannot_judge"}


def test_unlocated_projects_are_indeterminate(plan):
    projects, screening, _ = plan
    lost = set(projects.loc[projects.geometry.isna(), "project_id"])
    found = screening.findings[screening.findings["project_id"].isin(lost)]
    assert lost
    assert set(found["verdict"]) == {"INDETERMINATE", "NOT_CHECKED"}
    reasons = Counter(found.loc[found["verdict"] == "INDETERMINATE", "reason"])
    assert set(reasons) == {"project_without_position"}


def test_every_finding_that_is_open_says_why(plan):
    _, screening, _ = plan
    open_pairs = screening.findings[
        screening.findings["verdict"].isin(["INDETERMINATE", "NOT_CHECKED"])
    ]
    assert (open_pairs["reason"] != "").all()
    words = texts()
    for reason in open_pairs["reason"].unique():
        assert set(words[f"screening.reason.{reason}"]) == set(LANGS)


def test_road_through_two_reserves_is_not_decided_by_public_data(plan):
    """G338 Chabu-Taole: press says that it crosses the dinosaur and the licorice reserve."""
    _, screening, _ = plan
    found = screening.findings.set_index(["project_id", "zone_id"])
    for reserve in ("dinosaur_reserve", "licorice_reserve"):
        pair = found.loc[("g338_chabu_taole", reserve)]
        assert (pair["verdict"], pair["reason"]) == ("NOT_CHECKED", "position_unknown")
        assert pair["consequence"] == "cannot_judge"
        assert pair["possible"] == "prohibited"


@pytest.mark.parametrize("lang", LANGS)
def test_nothing_is_called_safe_or_approved(plan, lang):
    projects, screening, book = plan
    lines = list(summary_lines(screening, book, lang))
    said = "\n".join(lines[:-1]).lower()  # the last line says that it is not an approval
    table = findings_table(screening, projects, book, open_plan(ROOT), lang)
    for name in ("verdict", "reason", "consequence", "possible", "basis", "flags"):
        said += " ".join(table[name].unique()).lower()
    assert not [word for word in NEVER_SAID if word in said]


def test_numbers_of_the_summary_add_up(plan):
    _, screening, book = plan
    lines = list(summary_lines(screening, book, "en"))
    counts = [
        int(line.rsplit(": ", 1)[1].split(" ")[0])
        for line in lines
        if line.startswith("  ") and line.endswith("pairs")
    ]
    assert sum(counts[:-1]) == counts[-1] == len(screening.findings)


def test_zone_layer_that_breaks_leaves_all_projects_and_pairs(folder):
    (folder / "layers/highways.geojson").unlink()
    projects, screening, _ = screen_plan(folder)
    assert len(projects) == 65
    assert sum(screening.totals.values()) == 65 * len(screening.zones)
    road = projects.set_index("project_id").loc["g338_chabu_taole"]
    assert road.geometry is None


def test_supplied_reserve_across_a_surveyed_road_overlaps(folder):
    """With a line and a boundary that are known, the same question has an answer."""
    supply_layer(
        folder, "official", [("reserve", "nature_reserve", box(106.85, 38.7, 107.05, 39.0))]
    )
    catalog, book = open_catalog(folder), read_rules(folder)
    projects = plan_projects(catalog, open_plan(folder))
    road = projects[projects["project_id"] == "g338_chabu_taole"].copy()
    assert road.geometry.notna().all()
    road["bound"], road["accuracy_m"], road["extent_m"] = "exact", 10.0, 30.0
    for as_of, consequence in ((date(2026, 3, 14), "needs_approval"), (TODAY, "attention")):
        zones = collect_zones(catalog, book)
        screening = screen_projects(road, zones, book, as_of)
        stretch = passages(screening, road, zones).set_index("zone_id").loc["reserve"]
        assert stretch["sure"]
        assert 0 < stretch["enter_m"] < stretch["leave_m"]
        pair = screening.findings.set_index("zone_id").loc["reserve"]
        assert pair["verdict"] == "OVERLAPS"
        assert pair["length_least_m"] > 1000
        assert pair["consequence"] == consequence
        assert pair["possible"] == "prohibited"


@pytest.mark.parametrize("lang", LANGS)
def test_summary_says_why_pairs_are_open_and_whom_to_ask(plan, lang):
    _, screening, book = plan
    lines = list(summary_lines(screening, book, lang))
    counts = [
        int(line.rstrip(")）").replace("（", "(").rsplit("(", 1)[1])
        for line in lines
        if line.startswith("    ")
    ]
    assert sum(counts) == screening.totals["INDETERMINATE"] + screening.totals["NOT_CHECKED"]
    said = "\n".join(lines)
    reserve = next(zone for zone in screening.zones if zone.id == "dinosaur_reserve")
    assert getattr(reserve, f"name_{lang}") in said
    assert getattr(book.zone_types["yellow_river_shoreline_control"], f"holder_{lang}") in said
