"""The coverage ledger, and zone files that are gone, empty, broken or changed by hand."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date

import pytest

from etk_geo.catalog import open_catalog
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.ledger import Holding, coverage_ledger
from etk_geo.screening.zones import Barrier, collect_zones
from etk_geo.store import dump_json, sha256
from tests.screening_findings.builders import (
    ROOT,
    project,
    projects,
    square,
    supply_layer,
)

TODAY = date(2026, 6, 1)
FAR = projects(project("far", square(20_000, 0, 100), category="chemical"))


def ledger(root, book, as_of=TODAY):
    zones = collect_zones(open_catalog(root), book)
    return {row.zone_type: row for row in coverage_ledger(zones, book, as_of)}


def findings(root, book):
    zones = collect_zones(open_catalog(root), book)
    frame = screen_projects(FAR, zones, book, TODAY).findings
    return frame.set_index("zone_id")


def test_ledger_has_one_row_per_zone_type_in_table_order(book):
    assert list(ledger(ROOT, book)) == list(book.zone_types)


def test_every_type_named_by_a_rule_says_which(book):
    rows = ledger(ROOT, book)
    for rule in book.rules:
        for code in rule.zone_types:
            assert rule.id in rows[code].named_by_rules


def test_public_data_hold_no_official_line(book):
    rows = ledger(ROOT, book)
    for code in (
        "eco_redline",
        "permanent_basic_farmland",
        "basic_grassland",
        "drinking_water",
        "nature_reserve",
        "yellow_river_shoreline_control",
        "groundwater_overexploitation",
    ):
        assert rows[code].holding is Holding.MISSING
        assert rows[code].holder_zh
        assert rows[code].holder_en
    assert not [row for row in rows.values() if row.holding is Holding.HELD]


def test_lines_that_are_held_are_approximate(book):
    rows = ledger(ROOT, book)
    for code in ("national_highway", "railway_conventional", "river", "eco_zoning"):
        assert rows[code].holding is Holding.APPROXIMATE


@pytest.mark.parametrize(
    ("as_of", "old"),
    [(date(2026, 3, 14), Holding.MISSING), (date(2026, 3, 15), Holding.SUPERSEDED)],
)
def test_former_reserve_zoning_is_superseded_from_the_day(book, as_of, old):
    rows = ledger(ROOT, book, as_of)
    assert rows["nature_reserve_core"].holding is old
    assert rows["nature_reserve"].holding is Holding.MISSING


def test_one_row_per_zone_type_without_any_feature(book):
    zones = collect_zones(open_catalog(ROOT), book)
    empty = [zone for zone in zones.zones if zone.barrier is Barrier.NO_LAYER]
    held = {
        wider
        for zone in zones.zones
        if zone.barrier is not Barrier.NO_LAYER
        for code in zone.zone_types
        for wider in book.ancestors(code)
    }
    assert {zone.zone_types[0] for zone in empty} == set(book.zone_types) - held
    assert len({zone.id for zone in zones.zones}) == len(zones.zones)


def test_extent_for_orientation_is_never_checked(book):
    zones = {zone.id: zone for zone in collect_zones(open_catalog(ROOT), book).zones}
    assert zones["west_ordos_reserve"].barrier is Barrier.ORIENTATION_ONLY


def test_supplying_a_layer_moves_its_row_and_decides_its_pairs(folder, book):
    assert ledger(folder, book)["eco_redline"].holding is Holding.MISSING
    assert findings(folder, book).loc["type:eco_redline", "verdict"] == "NOT_CHECKED"
    supply_layer(folder, "official_redline", [("redline_1", "eco_redline", square(0, 0, 500))])
    row = ledger(folder, book)["eco_redline"]
    assert row.holding is Holding.HELD
    assert row.accuracy_m == (5.0, 5.0)
    assert row.as_of == ("2025-06-01",)
    assert [layer for layer, _ in row.layers] == ["official_redline"]
    frame = findings(folder, book)
    assert "type:eco_redline" not in frame.index
    assert frame.loc["redline_1", "verdict"] == "CLEAR"


def spoil_delete(root):
    (root / "layers/nature_reserves.geojson").unlink()


def spoil_delete_with_record(root):
    spoil_delete(root)
    (root / "layers/nature_reserves.provenance.json").unlink()


def spoil_truncate(root):
    (root / "layers/nature_reserves.geojson").write_bytes(b"")


def spoil_cut(root):
    path = root / "layers/nature_reserves.geojson"
    path.write_bytes(path.read_bytes()[: len(path.read_bytes()) // 2])


def spoil_checksum(root):
    path = root / "layers/nature_reserves.geojson"
    path.write_bytes(path.read_bytes().replace(b"geopark", b"geopork", 1))


def spoil_empty_with_sound_record(root):
    content = b'{"type":"FeatureCollection","features":[]}\n'
    (root / "layers/nature_reserves.geojson").write_bytes(content)
    path = root / "layers/nature_reserves.provenance.json"
    record = json.loads(path.read_text(encoding="utf-8"))
    path.write_bytes(
        dump_json(record | {"sha256": sha256(content), "feature_count": 0, "unlocated_count": 0})
    )


SPOILS = {
    "deleted": (spoil_delete, Barrier.LAYER_MISSING),
    "deleted_with_record": (spoil_delete_with_record, Barrier.LAYER_MISSING),
    "emptied": (spoil_truncate, Barrier.LAYER_BROKEN),
    "cut_off": (spoil_cut, Barrier.LAYER_BROKEN),
    "wrong_checksum": (spoil_checksum, Barrier.LAYER_BROKEN),
    "no_features": (spoil_empty_with_sound_record, Barrier.FEATURE_MISSING),
}


@pytest.mark.parametrize("spoil", sorted(SPOILS))
def test_spoiled_layer_leaves_its_zones_not_checked(folder, book, spoil):
    action, barrier = SPOILS[spoil]
    before = findings(folder, book)
    action(folder)
    after = findings(folder, book)
    assert set(after.index) == set(before.index)
    for zone_id in ("west_ordos_reserve", "dinosaur_reserve", "ordos_geopark"):
        assert after.loc[zone_id, "verdict"] == "NOT_CHECKED"
        assert after.loc[zone_id, "reason"] == barrier
        assert after.loc[zone_id, "consequence"] == "cannot_judge"


@pytest.mark.parametrize("spoil", ["deleted", "emptied", "cut_off", "wrong_checksum"])
def test_spoiled_official_layer_is_never_clear(folder, book, spoil):
    """A layer that decided a pair decides nothing once it is spoiled."""
    supply_layer(folder, "nature_reserve_core", [("core", "nature_reserve", square(0, 0, 500))])
    assert findings(folder, book).loc["core", "verdict"] == "CLEAR"
    path = folder / "layers/nature_reserve_core.geojson"
    content = path.read_bytes()
    if spoil == "deleted":
        path.unlink()
    else:
        spoiled = {
            "emptied": b"",
            "cut_off": content[:-40],
            "wrong_checksum": content.replace(b"2025-06-01", b"2025-06-02"),
        }
        path.write_bytes(spoiled[spoil])
    frame = findings(folder, book)
    assert "core" not in frame.index
    assert frame.loc["layer:nature_reserve_core", "verdict"] == "NOT_CHECKED"
    assert frame.loc["dinosaur_reserve", "verdict"] == "NOT_CHECKED"
    assert ledger(folder, book)["nature_reserve"].holding is Holding.MISSING


def test_layers_that_are_not_selected_are_not_checked(book):
    zones = collect_zones(open_catalog(ROOT), book, layers=["rivers"])
    barriers = {zone.id: zone.barrier for zone in zones.zones}
    assert barriers["g338"] is Barrier.NOT_SELECTED
    assert barriers["dusitu_river"] is Barrier.NONE
    frame = screen_projects(FAR, zones, book, TODAY).findings.set_index("zone_id")
    assert frame.loc["g338", "verdict"] == "NOT_CHECKED"


def test_layer_that_states_its_coverage_is_not_trusted_beyond_it(folder, book):
    supply_layer(
        folder,
        "official_redline",
        [
            ("redline_1", "eco_redline", square(0, 0, 500)),
            ("redline_covers", "coverage", square(-1000, -1000, 5000)),
        ],
    )
    frame = findings(folder, book)
    assert frame.loc["redline_1", "verdict"] == "NOT_CHECKED"
    assert frame.loc["redline_1", "reason"] == "outside_coverage"


def test_former_zone_with_a_wider_type_still_counts_as_part_of_the_reserve(folder, book):
    supply_layer(
        folder, "old_zoning", [("old_core", "nature_reserve_core", square(19_900, -100, 500))]
    )
    frame = findings(folder, book)
    assert frame.loc["old_core", "verdict"] == "INSIDE"
    assert frame.loc["old_core", "possible"] == "prohibited"


@pytest.mark.parametrize(
    ("as_of", "old", "new"),
    [(date(2026, 3, 14), "no_layer", "superseded"), (date(2026, 3, 15), "superseded", "no_layer")],
)
def test_zoning_that_the_law_of_the_day_does_not_know_is_said(book, as_of, old, new):
    zones = collect_zones(open_catalog(ROOT), book)
    frame = screen_projects(FAR, zones, book, as_of).findings.set_index("zone_id")
    for code, reason in (("nature_reserve_core", old), ("nature_reserve_core_protection", new)):
        row = frame.loc[f"type:{code}"]
        assert (row["verdict"], row["reason"]) == ("NOT_CHECKED", reason)
        assert row["possible"] == ("" if reason == "superseded" else "prohibited")


def test_holdings_are_counted(book):
    counts = Counter(row.holding for row in ledger(ROOT, book).values())
    assert sum(counts.values()) == len(book.zone_types)
    assert counts[Holding.SUPERSEDED] == 3
