"""What is edited is what is screened, under the new checksum of its layer."""

from __future__ import annotations

from datetime import date

import pytest
from shapely.geometry import Point, box

from etk_geo.build.compile import write_layers
from etk_geo.catalog import open_catalog
from etk_geo.editing import Change, LayerEditor
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.zones import collect_zones

DAY = date(2026, 6, 1)
BY = {"author": "乌云", "reason": "复函", "source": "园区管委会 2026 年复函"}
PROJECT, ZONE = "qipanjing_east", "west_ordos_reserve"


def screened(root):
    """Return verdict by zone of one project, its row, and the zones by id."""
    catalog, book = open_catalog(root), read_rules(root)
    projects = plan_projects(catalog, open_plan(root))
    one = projects[projects["project_id"] == PROJECT]
    zones = collect_zones(catalog, book)
    findings = screen_projects(one, zones, book, DAY).findings
    verdicts = dict(zip(findings["zone_id"], findings["verdict"], strict=True))
    return verdicts, one.iloc[0], {zone.id: zone for zone in zones.zones}


@pytest.fixture
def park(project, clock):
    return LayerEditor(project, "industrial_parks", clock)


def test_position_that_is_supplied_is_screened_and_survives_the_build(project, park):
    before, row, _ = screened(project)
    assert row.geometry is None
    assert before["otog_banner"] == "INDETERMINATE"
    sited = Change(
        Point(107.9, 39.3),
        has_geometry=True,
        properties={"bound": "exact", "accuracy_m": 50.0},
    )
    park.edit(PROJECT, sited, seen=0, **BY)
    write_layers(project)
    after, row, _ = screened(project)
    assert (row.geometry, row.accuracy_m) == (Point(107.9, 39.3), 50.0)
    assert after["otog_banner"] == "INSIDE"


def test_zone_that_is_edited_is_screened_with_its_new_checksum(project, clock):
    _, _, zones = screened(project)
    before = zones[ZONE].sha256
    editor = LayerEditor(project, "nature_reserves", clock)
    here = Change(
        box(107.0, 39.2, 107.4, 39.6),
        has_geometry=True,
        properties={"bound": "outer", "accuracy_m": 2000.0},
    )
    editor.edit(ZONE, here, seen=0, **BY)
    _, _, zones = screened(project)
    record = open_catalog(project).layers["nature_reserves"].provenance
    assert before != zones[ZONE].sha256 == record.sha256
    assert editor.file in record.built_from


def test_plan_project_that_is_deleted_is_screened_as_one_without_a_position(project, park):
    before, _, _ = screened(project)
    park.delete(PROJECT, seen=0, **BY)
    after, row, _ = screened(project)
    assert row.geometry is None
    assert after == before
    assert "CLEAR" not in after.values()
