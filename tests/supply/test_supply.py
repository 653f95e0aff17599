"""An official layer moves its row in the ledger and decides its pairs, until it is removed."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest
import shapely

from etk_geo.catalog import open_catalog
from etk_geo.errors import SupplyError
from etk_geo.lint import lint
from etk_geo.model import Completeness
from etk_geo.register import REGISTER, State, read_register
from etk_geo.screening.dissolve import unite
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.ledger import Holding, coverage_ledger
from etk_geo.screening.zones import collect_zones
from etk_geo.supply.keeping import list_supplied, remove_layer, restore_layer, supply_layer
from etk_geo.supply.statement import GazettedArea, find_zone_type, parse_area
from etk_geo.workspace import folder_state
from tests.screening_findings.builders import line, project, projects, square
from tests.supply.builders import TODAY, statement, taken

FAR = project("far", square(20_000, 0, 100), category="chemical")
IN = project("in", square(100, 100, 100), category="chemical")

OFFICIAL = (
    "eco_redline",
    "permanent_basic_farmland",
    "basic_grassland",
    "drinking_water_l1",
    "zoning_priority_unit",
    "nature_reserve",
)


def ledger(root, book, code, as_of=TODAY):
    zones = collect_zones(open_catalog(root), book, on=as_of)
    return {row.zone_type: row for row in coverage_ledger(zones, book, as_of)}[code]


def findings(root, book, *rows, as_of=TODAY, on=TODAY):
    zones = collect_zones(open_catalog(root), book, on=on)
    screening = screen_projects(projects(*(rows or (FAR, IN))), zones, book, as_of)
    assert sum(screening.totals.values()) == len(rows or (FAR, IN)) * len(zones.zones)
    return screening.findings.set_index(["project_id", "zone_id"])


@pytest.mark.parametrize("code", OFFICIAL)
def test_row_moves_to_held_and_back(folder, book, code):
    before = ledger(folder, book, code)
    assert before.holding is Holding.MISSING
    reason = {"accepted": "已核对"} if code == "nature_reserve" else {}
    entry = supply_layer(folder, taken([square(0, 0, 500)]), statement(code, **reason), TODAY)
    row = ledger(folder, book, code)
    assert row.holding is Holding.HELD
    assert row.accuracy_m == (5.01, 5.01)
    assert row.as_of == ("2025-06-01",)
    (official,) = row.official
    assert (official.supplied.holder, official.supplied.version) == ("旗自然资源局", "2025")
    assert official.sha256 == entry.sha256
    assert (entry.id, entry.sha256) in row.layers
    frame = findings(folder, book)
    assert frame.loc[("far", f"{entry.id}_1"), "verdict"] == "CLEAR"
    assert frame.loc[("in", f"{entry.id}_1"), "verdict"] == "INSIDE"
    assert f"type:{code}" not in frame.index.get_level_values("zone_id")
    assert not lint(folder)

    remove_layer(folder, entry.id, TODAY, "试验")
    assert ledger(folder, book, code) == before
    assert (folder / entry.file).exists()
    restore_layer(folder, entry.id)
    assert ledger(folder, book, code) == row


def test_record_says_where_it_comes_from(folder):
    given = statement(gazetted=GazettedArea("25.0", "ha"))
    layer = taken([square(0, 0, 500)], names=["红线"], 编码=["ZH15"])
    entry = supply_layer(folder, layer, given, TODAY)
    layer = open_catalog(folder).layers[entry.id]
    said = layer.provenance.supplied
    assert said.intake["upload"] == "红线.gpkg"
    assert said.intake["sha256"] == "a" * 64
    assert said.digitised_ha == pytest.approx(25, abs=0.01)
    assert said.gazetted_ha == 25
    assert layer.gdf["name_zh"].tolist() == ["红线"]
    assert "编码=ZH15" in layer.gdf["known_zh"][0]
    assert layer.gdf["bound"].tolist() == ["exact"]


def test_workspace_sees_it(folder):
    before = folder_state(folder)
    entry = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    supplied = folder_state(folder)
    remove_layer(folder, entry.id, TODAY)
    assert len({before, supplied, folder_state(folder)}) == 3


def test_geometry_is_kept_to_a_centimetre(folder):
    shape = square(0, 0, 500)
    entry = supply_layer(folder, taken([shape]), statement(), TODAY)
    written = open_catalog(folder).layers[entry.id].gdf.geometry[0]
    assert shapely.hausdorff_distance(shape, written) < 1e-7


# Where a layer is complete


def test_layer_of_its_own_zones_says_nothing_of_other_places(folder, book):
    given = statement(complete=Completeness.NOWHERE)
    entry = supply_layer(folder, taken([square(0, 0, 500)]), given, TODAY)
    frame = findings(folder, book)
    assert frame.loc[("far", f"{entry.id}_1"), "verdict"] == "CLEAR"
    assert frame.loc[("far", "type:eco_redline"), "verdict"] == "NOT_CHECKED"
    assert frame.loc[("in", f"{entry.id}_1"), "verdict"] == "INSIDE"
    row = ledger(folder, book, "eco_redline")
    assert row.holding is Holding.APPROXIMATE
    assert {"no_layer", "outside_coverage"} <= set(row.barriers)


def test_layer_is_trusted_within_its_area_only(folder, book):
    given = statement(complete=Completeness.AREA, area=square(-2000, -2000, 6000))
    entry = supply_layer(folder, taken([square(0, 0, 500)]), given, TODAY)
    near = project("near", square(3000, 3000, 100), category="chemical")
    edge = project("edge", square(3950, 3000, 100), category="chemical")
    frame = findings(folder, book, FAR, IN, near, edge)
    found = {name: frame.loc[(name, f"{entry.id}_1")] for name in ("far", "in", "near", "edge")}
    assert found["in"]["verdict"] == "INSIDE"
    assert found["near"]["verdict"] == "CLEAR"
    for name in ("far", "edge"):
        assert (found[name]["verdict"], found[name]["reason"]) == (
            "NOT_CHECKED",
            "outside_coverage",
        )
    row = ledger(folder, book, "eco_redline")
    assert row.holding is Holding.APPROXIMATE
    assert "outside_coverage" in row.barriers


def test_layers_of_one_type_complete_one_another(folder, book):
    west = statement(complete=Completeness.AREA, area=square(-2000, -2000, 6000))
    east = statement(complete=Completeness.AREA, area=square(18_000, -2000, 6000), supersedes=())
    one = supply_layer(folder, taken([square(0, 0, 500)]), west, TODAY)
    other = supply_layer(folder, taken([square(19_000, 0, 500)]), east, TODAY)
    frame = findings(folder, book)
    for entry in (one, other):
        assert frame.loc[("far", f"{entry.id}_1"), "verdict"] == "CLEAR"


def test_layer_complete_for_the_banner_says_nothing_beyond_its_outline(folder, book):
    supplied = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    outline = open_catalog(folder).layers["banner"].gdf.set_index("id").geometry["otog_banner"]
    west, south = outline.bounds[:2]
    corner = shapely.box(west + 0.001, south + 0.001, west + 0.002, south + 0.002)
    assert not corner.intersects(outline)
    on_line = shapely.Point(outline.exterior.coords[0])
    rows = [project("out", corner), project("line", on_line, extent_m=0.0)]
    frame = findings(folder, book, *rows)
    for name in ("out", "line"):
        assert frame.loc[(name, f"{supplied.id}_1"), "reason"] == "outside_coverage"


def test_part_of_a_wider_type_does_not_stand_for_all_of_it(folder, book):
    supply_layer(folder, taken([square(0, 0, 500)]), statement("basic_grassland"), TODAY)
    assert findings(folder, book).loc[("far", "type:grassland"), "verdict"] == "NOT_CHECKED"
    row = ledger(folder, book, "grassland")
    assert row.holding is Holding.APPROXIMATE
    assert "no_layer" in row.barriers


def test_missing_parts_of_a_whole_keep_their_rows(folder, book):
    supply_layer(folder, taken([square(0, 0, 500)]), statement("drinking_water_l1"), TODAY)
    names = findings(folder, book).index.get_level_values("zone_id")
    assert {"type:drinking_water_l2", "type:drinking_water_quasi"} <= set(names)
    assert "type:drinking_water" not in names


# Stand-ins


def test_official_line_answers_for_rough_ones_and_both_are_kept(folder, book):
    road = taken([line((-5000, 1000), (5000, 1000))], accuracy_m=2.0)
    assert "g338" in findings(folder, book).index.get_level_values("zone_id")
    entry = supply_layer(folder, road, statement("national_highway"), TODAY)
    names = findings(folder, book).index.get_level_values("zone_id")
    assert f"{entry.id}_1" in names
    assert "g338" not in names
    row = ledger(folder, book, "national_highway")
    assert row.holding is Holding.HELD
    assert row.replaced == ("g338",)
    assert "g338" in set(open_catalog(folder).layers["highways"].gdf["id"])


def test_line_complete_in_a_part_leaves_the_rough_one_in_use(folder, book):
    road = taken([line((-5000, 1000), (5000, 1000))], accuracy_m=2.0)
    given = statement(
        "national_highway", complete=Completeness.AREA, area=square(-6000, -6000, 12_000)
    )
    entry = supply_layer(folder, road, given, TODAY)
    names = findings(folder, book).index.get_level_values("zone_id")
    assert {f"{entry.id}_1", "g338"} <= set(names)
    assert ledger(folder, book, "national_highway").holding is Holding.APPROXIMATE


def test_boundary_of_one_reserve_answers_for_that_one(folder, book):
    given = statement(
        "nature_reserve", complete=Completeness.NOWHERE, stands_for=("dinosaur_reserve",)
    )
    supply_layer(folder, taken([square(0, 0, 500)]), given, TODAY)
    names = set(findings(folder, book).index.get_level_values("zone_id"))
    assert "dinosaur_reserve" not in names
    assert "west_ordos_reserve" in names
    assert ledger(folder, book, "nature_reserve").replaced == ("dinosaur_reserve",)


def test_territory_is_never_replaced(folder, book):
    supply_layer(folder, taken([square(0, 0, 500)]), statement("eco_zoning"), TODAY)
    zones = {zone.id: zone for zone in collect_zones(open_catalog(folder), book).zones}
    assert "eco_zoning" in zones["otog_banner"].zone_types


# Versions


def test_newer_version_supersedes_and_each_holds_on_its_days(folder, book):
    old = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    given = statement(valid_from=date(2026, 1, 1), version="2026", supersedes=(old.id,))
    new = supply_layer(folder, taken([square(19_900, -100, 500)]), given, TODAY)
    assert [(e.id, s, last) for e, s, last in list_supplied(folder)] == [
        (old.id, State.SUPERSEDED, "2025-12-31"),
        (new.id, State.IN_FORCE, ""),
    ]
    assert (folder / old.file).exists()
    today = findings(folder, book)
    assert today.loc[("far", f"{new.id}_1"), "verdict"] == "INSIDE"
    assert f"{old.id}_1" not in today.index.get_level_values("zone_id")
    then = date(2025, 12, 31)
    past = findings(folder, book, as_of=then, on=then)
    assert past.loc[("far", f"{old.id}_1"), "verdict"] == "CLEAR"
    assert f"{new.id}_1" not in past.index.get_level_values("zone_id")
    assert ledger(folder, book, "eco_redline", date(2025, 5, 31)).holding is Holding.MISSING

    remove_layer(folder, new.id, TODAY)
    assert findings(folder, book).loc[("far", f"{old.id}_1"), "verdict"] == "CLEAR"


def test_zones_gathered_without_a_day_bar_versions_not_in_force(folder, book):
    entry = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    frame = findings(folder, book, as_of=date(2025, 5, 31), on=None)
    for name in ("far", "in"):
        row = frame.loc[(name, f"{entry.id}_1")]
        assert (row["verdict"], row["reason"]) == ("NOT_CHECKED", "not_in_force")
        assert row["consequence"] == "cannot_judge"


# What is refused


def refused(folder, layer, given):
    with pytest.raises(SupplyError) as caught:
        supply_layer(folder, layer, given, TODAY)
    assert not (folder / REGISTER).exists() or len(read_register(folder).entries) < 2
    return {caught.value.code, *(error.code for error in caught.value.more)}


BOW_TIE = shapely.Polygon([(108, 39), (108.01, 39.01), (108.01, 39), (108, 39.01)])


@pytest.mark.parametrize(
    ("layer", "values", "code"),
    [
        (taken([square(0, 0, 500)]), {"zone_type": "nonsense"}, "ETK885"),
        (taken([shapely.Point(108, 39)]), {}, "ETK887"),
        (taken([line((0, 0), (100, 0))]), {}, "ETK887"),
        (taken([BOW_TIE]), {}, "ETK839"),
        (taken([None]), {}, "ETK887"),
        (taken([square(0, 0, 500)], accuracy_m=None), {}, "ETK890"),
        (taken([shapely.box(110.5, 39, 110.6, 39.1)]), {}, "ETK891"),
        (taken([square(0, 0, 500)]), {"holder": " "}, "ETK888"),
        (taken([square(0, 0, 500)]), {"complete": None}, "ETK888"),
        (taken([square(0, 0, 500)]), {"valid_to": date(2020, 1, 1)}, "ETK888"),
        (taken([square(0, 0, 500)]), {"stands_for": ("g338",)}, "ETK888"),
        (taken([square(0, 0, 500)]), {"complete": Completeness.AREA}, "ETK896"),
        (
            taken([square(0, 0, 500)]),
            {"complete": Completeness.AREA, "area": BOW_TIE},
            "ETK896",
        ),
        (taken([square(0, 0, 500)]), {"supersedes": ("nothing",)}, "ETK899"),
    ],
)
def test_refused_with_its_code(folder, layer, values, code):
    assert code in refused(folder, layer, statement(**values))


def test_all_faults_are_told_at_once(folder):
    layer = taken([BOW_TIE, shapely.Point(108, 39)], accuracy_m=None)
    codes = refused(folder, layer, statement(holder="", complete=None))
    assert {"ETK839", "ETK887", "ETK888", "ETK890"} <= codes


def test_second_layer_must_say_how_it_stands_to_the_first(folder):
    first = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    assert refused(folder, taken([square(0, 0, 400)]), statement()) == {"ETK894"}
    older = statement(supersedes=(first.id,), valid_from=date(2025, 6, 1))
    assert refused(folder, taken([square(0, 0, 400)]), older) == {"ETK888"}


# Areas


def test_large_difference_of_areas_needs_a_reason(folder):
    layer = taken([square(0, 0, 500)])
    given = {"gazetted": GazettedArea("500", "mu")}
    assert refused(folder, layer, statement(**given)) == {"ETK893"}
    entry = supply_layer(folder, layer, statement(**given, accepted="口径不同"), TODAY)
    said = open_catalog(folder).layers[entry.id].provenance.supplied
    assert said.accepted == "口径不同"
    assert said.gazetted_ha == pytest.approx(500 / 15, abs=1e-4)


def test_tolerance_is_what_boundary_rounding_and_projection_allow(folder):
    """375 mu is 25 ha; 2 km of boundary by 5 m is 1 ha, 4 % of it; half a mu is 0.13 %."""
    entry = supply_layer(
        folder,
        taken([square(0, 0, 500)]),
        statement(gazetted=GazettedArea("375", "mu")),
        TODAY,
    )
    said = open_catalog(folder).layers[entry.id].provenance.supplied
    assert said.tolerance_percent == pytest.approx(4 + 0.5 / 375 * 100 + 0.042, abs=0.01)
    assert said.accepted == ""


@pytest.mark.parametrize(
    ("text", "hectares"),
    [
        ("1,234.5 ha", 1234.5),
        ("750亩", 50),
        ("12km2", 1200),
        ("\uff11\uff12\uff0e\uff15公顷", 12.5),
        ("3 平方公里", 300),
        ("12", None),
        ("-3公顷", None),
        ("很大", None),
    ],
)
def test_areas_as_people_write_them(text, hectares):
    area = parse_area(text)
    assert area is None if hectares is None else area.ha == pytest.approx(hectares)


@pytest.mark.parametrize(
    "name", ["eco_redline", "生态保护红线", "ecological_redline", "Ecological conservation redline"]
)
def test_zone_types_by_any_of_their_names(book, name):
    assert find_zone_type(book, name) == "eco_redline"


def test_complete_layer_with_fewer_zones_than_the_plan_names_is_doubted(folder):
    assert refused(folder, taken([square(0, 0, 500)]), statement("nature_reserve")) == {"ETK889"}


# Safe keeping


def test_restricted_layer_is_readable_by_its_owner_only(folder):
    entry = supply_layer(folder, taken([square(0, 0, 500)]), statement(restricted=True), TODAY)
    layer = open_catalog(folder).layers[entry.id]
    assert layer.provenance.restricted
    for path in (folder / "layers/supplied").glob(f"{entry.id}*"):
        assert path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("spoil", ["layer", "record", "register", "gone"])
def test_spoiled_official_layer_is_never_clear(folder, book, spoil):
    entry = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    assert findings(folder, book).loc[("far", f"{entry.id}_1"), "verdict"] == "CLEAR"
    path = folder / entry.file
    record = path.with_name(f"{entry.id}.provenance.json")
    if spoil == "layer":
        path.write_bytes(path.read_bytes().replace(b"2025-06-01", b"2025-06-02"))
    elif spoil == "record":
        record.write_bytes(record.read_bytes().replace(b'"2025"', b'"2026"'))
    elif spoil == "register":
        (folder / REGISTER).write_bytes(b"{")
    else:
        path.unlink()
    frame = findings(folder, book)
    assert frame.loc[("far", "type:eco_redline"), "verdict"] == "NOT_CHECKED"
    assert f"{entry.id}_1" not in frame.index.get_level_values("zone_id")
    assert ledger(folder, book, "eco_redline").holding is Holding.MISSING
    assert lint(folder)


def test_register_changed_by_hand_is_refused_in_words(folder):
    supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    document = json.loads((folder / REGISTER).read_text(encoding="utf-8"))
    document["layers"][0]["id"] = "../../etc/passwd"
    (folder / REGISTER).write_text(json.dumps(document), encoding="utf-8")
    assert {issue.code for issue in open_catalog(folder).issues} == {"ETK897"}


def test_removing_what_is_not_there(folder):
    with pytest.raises(SupplyError) as caught:
        remove_layer(folder, "nothing", TODAY)
    assert caught.value.code == "ETK899"
    entry = supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    with pytest.raises(SupplyError):
        restore_layer(folder, entry.id)


# Very many polygons


def test_layer_of_very_many_polygons_is_one_zone_and_opens_by_its_table(folder, book, monkeypatch):
    """Nine parcels of 100 m in a block, one of them apart: verdicts as for their union."""
    monkeypatch.setattr("etk_geo.screening.dissolve.MOST_ZONES", 4)
    monkeypatch.setattr("etk_geo.supply.keeping.MOST_PARSED", 4)
    parcels = [square(100 * (i % 3), 100 * (i // 3), 100) for i in range(8)]
    layer = taken([*parcels, square(5000, 0, 100)], accuracy_m=0.5)
    entry = supply_layer(folder, layer, statement("permanent_basic_farmland"), TODAY)
    opened = open_catalog(folder).layers[entry.id]
    (folder / entry.table).unlink()
    parsed = open_catalog(folder).layers[entry.id]
    pd.testing.assert_frame_equal(opened.gdf, parsed.gdf)
    assert opened.gdf.crs == parsed.gdf.crs

    across = project("across", square(50, 50, 100))
    corner = project("corner", square(150, 150, 300))
    apart = project("apart", square(3000, 0, 100))
    frame = findings(folder, book, across, corner, apart)
    verdicts = [frame.loc[(name, entry.id), "verdict"] for name in ("across", "corner", "apart")]
    assert verdicts == ["INSIDE", "OVERLAPS", "CLEAR"]
    assert ledger(folder, book, "permanent_basic_farmland").holding is Holding.HELD


def test_table_that_was_changed_is_not_used(folder, monkeypatch):
    monkeypatch.setattr("etk_geo.supply.keeping.MOST_PARSED", 1)
    layer = taken([square(0, 0, 500), square(2000, 0, 500)])
    entry = supply_layer(folder, layer, statement(), TODAY)
    (folder / entry.table).write_bytes(b"PAR1")
    assert len(open_catalog(folder).layers[entry.id].gdf) == 2
    path = folder / entry.file
    path.write_bytes(path.read_bytes().replace(b"2025-06-01", b"2025-06-02"))
    assert "ETK203" in {issue.code for issue in open_catalog(folder).issues}


@pytest.mark.parametrize("case", ["grid", "overlapping", "apart"])
def test_union_group_by_group_is_the_union(case):
    step = {"grid": 1.0, "overlapping": 0.7, "apart": 1.5}[case]
    boxes = [
        shapely.box(i * step, j * step, i * step + 1, j * step + 1)
        for i in range(6)
        for j in range(6)
    ]
    polygons = np.array([*boxes[:30], shapely.box(100, 100, 101, 101)], dtype=object)
    united = unite(polygons)
    assert shapely.is_valid(united)
    assert united.equals(shapely.union_all(polygons))
