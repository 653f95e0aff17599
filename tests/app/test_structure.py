"""The plan's patterns on their page: what users have supplied counts as mapped."""

from __future__ import annotations

import pytest
from shapely.geometry import box

from etk_geo.supply.keeping import remove_layer, supply_layer
from etk_geo.ui import structure_page
from tests.app.conftest import said
from tests.supply.builders import TODAY, statement, taken

PRIORITY = "**优先保护单元**"


@pytest.fixture
def directions(monkeypatch):
    asked = []
    monkeypatch.setattr(
        structure_page,
        "show_plan_map",
        lambda workspace, lang, direction, **options: asked.append(direction),
    )
    return asked


def test_supplied_layer_moves_its_part_to_mapped_and_back(project, open_page, directions):
    assert f"○ {PRIORITY} · 缺" in said(open_page("structure", pattern="control_units"))
    asked = statement("zoning_priority_unit", title_zh="优先保护单元图")
    entry = supply_layer(project, taken([box(107.5, 39.0, 107.6, 39.1)]), asked, TODAY)
    words = said(open_page("structure", pattern="control_units"))
    assert f"● {PRIORITY} · 已上图" in words
    assert "官方图层：优先保护单元图" in words
    assert "○ **重点管控单元** · 缺" in words
    assert directions[-1].layers == {entry.id: True}
    assert {ref.layer for ref in directions[-1].marked} == {entry.id}
    remove_layer(project, entry.id, TODAY)
    assert f"○ {PRIORITY} · 缺" in said(open_page("structure", pattern="control_units"))
