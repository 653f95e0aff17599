"""The command line: files written, exit codes, and one message in words for bad input."""

from __future__ import annotations

import argparse
import csv
import json
import shutil
from pathlib import Path

import geopandas as gpd
import pytest

from etk_geo.errors import EtkGeoError
from etk_geo.i18n import issue_message
from etk_geo.model import LANGS, Issue
from etk_geo.screening import folders, overview
from etk_geo.screening.command import add_arguments
from tests.screening_findings.builders import (
    ROOT,
    line,
    point,
    read_csv,
    square,
    supply_layer,
    write_geojson,
)

GOOD = {"id": "a", "name": "甲", "category": "chemical_park", "accuracy_m": 5}


def run(*words, root=ROOT, lang="en"):
    parser = argparse.ArgumentParser()
    for command in add_arguments(parser.add_subparsers(required=True)):
        command.add_argument("--root", type=Path, default=root)
        command.add_argument("--lang", choices=LANGS, default=lang)
    arguments = parser.parse_args([str(word) for word in words])
    return arguments.run(arguments)


def code_of(*words, **options):
    with pytest.raises(EtkGeoError) as raised:
        run(*words, **options)
    for issue in Issue.all_of(raised.value):
        for lang in LANGS:
            assert "{" not in issue_message(issue, lang)
    return raised.value


@pytest.mark.parametrize("lang", LANGS)
def test_plan_projects_are_screened_by_default(tmp_path, capsys, lang):
    assert run("screen", "--as-of", "2026-06-01", "--out", tmp_path / "out", lang=lang) == 1
    said = capsys.readouterr().out
    record = json.loads((tmp_path / "out/record.json").read_text("utf-8"))
    assert len(record["content"]["findings"]) == 65
    assert record["hashes"]["content"] in said
    total = sum(record["content"]["totals"].values())
    assert total == 65 * len(record["content"]["zones"])
    assert str(total) in said
    rows = read_csv(tmp_path / "out/findings.csv")
    assert len(rows) == total
    features = json.loads((tmp_path / "out/findings.geojson").read_text("utf-8"))["features"]
    assert len(features) == 65
    assert (tmp_path / "out/summary.txt").read_text("utf-8").splitlines()[0] in said


def keep_wetlands_only(folder):
    """Leave a folder in which wetlands are all that any rule speaks of."""
    (folder / "data/layers.toml").write_text("layer = []\n", "utf-8")
    shutil.rmtree(folder / "layers")
    (folder / "layers").mkdir()
    for file, column, kept in (
        ("zone_types.csv", "code", {"wetland"}),
        ("zone_sources.csv", "layer", set()),
        ("rules.csv", "zone_types", {"wetland"}),
    ):
        path = folder / "rules" / file
        with path.open(encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
        at = header.index(column)
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows([header, *(row for row in rows if row[at] in kept)])


def test_exit_code_is_0_only_where_everything_is_held_and_clear(folder, tmp_path):
    keep_wetlands_only(folder)
    clear = write_geojson(tmp_path / "p.geojson", [(GOOD, square(20_000, 0, 100))])
    inside = write_geojson(tmp_path / "q.geojson", [(GOOD, square(100, 100, 50))])
    options = ("--as-of", "2026-06-01", "--out", tmp_path / "out")
    assert run("screen", clear, *options, root=folder) == 1
    supply_layer(folder, "wetlands", [("w1", "wetland", square(0, 0, 500))])
    assert run("screen", clear, *options, root=folder) == 0
    assert run("screen", inside, *options, root=folder) == 1


def test_findings_name_law_figures_authority_and_holder(folder, tmp_path):
    supply_layer(folder, "redline", [("r1", "eco_redline", square(0, 0, 1000))])
    path = write_geojson(tmp_path / "p.geojson", [(GOOD, square(200, 200, 100))])
    code = run("screen", path, "--as-of", "2026-06-01", "--out", tmp_path / "o", root=folder)
    assert code == 1
    rows = {row["zone id"]: row for row in read_csv(tmp_path / "o/findings.csv")}
    row = rows["r1"]
    assert row["verdict"] == "inside"
    assert row["consequence"] == "prohibited"
    assert "RU033, from 2022-08-01, text read" in row["rules that apply"]
    assert row["authority"]
    assert row["holder of the data"]
    # 100 m by 100 m is 1 ha, 15 mu; accuracies of 5 m leave room on both sides.
    assert float(row["overlap, least (m2)"]) <= 10_000 <= float(row["overlap, most (m2)"]) + 20
    for unit, share, digits in (("ha", 1 / 10_000, 4), ("mu", 15 / 10_000, 2)):
        for end in ("least", "most"):
            stated = float(row[f"overlap, {end} (m2)"]) * share
            assert float(row[f"overlap, {end} ({unit})"]) == pytest.approx(stated, abs=10**-digits)
    assert rows["type:basic_grassland"]["verdict"].startswith("not checked")


def test_verify_accepts_what_screen_wrote_and_names_what_was_changed(tmp_path, capsys):
    projects = write_geojson(tmp_path / "p.geojson", [(GOOD, square(0, 0, 100))])
    run("screen", projects, "--as-of", "2026-06-01", "--out", tmp_path)
    assert run("verify", tmp_path / "record.json") == 0
    text = (tmp_path / "record.json").read_text("utf-8").replace("2026-06-01", "2026-06-02", 1)
    (tmp_path / "record.json").write_text(text, "utf-8")
    capsys.readouterr()
    assert run("verify", tmp_path / "record.json") == 1
    assert "hashes.content" in capsys.readouterr().out


def test_signed_record_is_checked_against_the_key(tmp_path, capsys):
    projects = write_geojson(tmp_path / "p.geojson", [(GOOD, square(0, 0, 100))])
    for name in ("mine", "other"):
        assert run("key", tmp_path / name) == 0
    assert (tmp_path / "mine").stat().st_mode & 0o077 == 0
    options = ("--as-of", "2026-06-01", "--out", tmp_path, "--sign", tmp_path / "mine")
    run("screen", projects, *options)
    record = tmp_path / "record.json"
    assert run("verify", record, "--public-key", tmp_path / "mine.pub") == 0
    capsys.readouterr()
    assert run("verify", record, "--public-key", tmp_path / "other.pub") == 1
    assert "not by the key given" in capsys.readouterr().out


def test_key_never_overwrites(tmp_path):
    run("key", tmp_path / "k")
    assert code_of("key", tmp_path / "k").code == "ETK726"


def test_compare_lists_what_differs_between_the_two_days(folder, tmp_path, capsys):
    supply_layer(folder, "official", [("core", "nature_reserve_core", square(0, 0, 500))])
    path = write_geojson(
        tmp_path / "p.geojson",
        [
            ({"id": "road", "category": "road_rail", "accuracy_m": 1}, square(100, 0, 50)),
            (
                {
                    "id": "old",
                    "category": "road_rail",
                    "accuracy_m": 1,
                    "decided_on": "2024-01-01",
                },
                square(100, 0, 50),
            ),
        ],
    )
    days = ("--as-of", "2026-03-14", "--and", "2026-03-15")
    assert run("compare", path, *days, root=folder) == 1
    said = capsys.readouterr().out.splitlines()
    assert said[1].endswith("RU005, RU006, RU007, RU008, RU118")
    assert said[2].endswith("RU001, RU002, RU003, RU004")
    pairs = [row for row in said if " × " in row and "→" in row and row.startswith("  road")]
    assert any("Official core" in row and "RU005" in row for row in pairs)
    assert not [row for row in said if row.startswith("  old")]
    assert run("compare", path, "--as-of", "2026-03-15", "--and", "2026-03-16", root=folder) == 0


# Bad input: one message in words, with file and row


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("p.shp", b"", "ETK710"),
        ("p.geojson", b"", "ETK102"),
        ("p.geojson", b"{", "ETK102"),
        ("p.geojson", b"\xff\xfe", "ETK115"),
        ("p.geojson", b"[]", "ETK103"),
        ("p.geojson", b'{"type":"FeatureCollection","features":[]}', "ETK712"),
        ("p.gpkg", b"not a database", "ETK711"),
    ],
)
def test_unusable_file_is_named(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    error = code_of("screen", path, "--out", tmp_path / "o")
    assert (error.code, error.file) == (code, name)


def test_absent_file_is_named(tmp_path):
    for name in ("gone.geojson", "gone.gpkg"):
        assert code_of("screen", tmp_path / name, "--out", tmp_path).code == "ETK101"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"category": "casino"}, "ETK714"),
        ({"accuracy_m": "good"}, "ETK719"),
        ({"accuracy_m": -1}, "ETK719"),
        ({"extent_m": "wide"}, "ETK719"),
        ({"decided_on": "last year"}, "ETK718"),
        ({"bound": "vague"}, "ETK714"),
        ({"id": None, "name": None}, "ETK724"),
    ],
)
def test_wrong_cell_is_named_with_its_row(tmp_path, values, code):
    rows = [(GOOD, square(0, 0, 10)), ({**GOOD, "id": "b", **values}, square(0, 0, 10))]
    error = code_of("screen", write_geojson(tmp_path / "p.geojson", rows), "--out", tmp_path)
    assert error.code == code
    assert error.where.startswith("2: ")


def test_outer_bound_of_a_line_is_refused(tmp_path):
    row = ({**GOOD, "bound": "outer"}, line((0, 0), (10, 0)))
    path = write_geojson(tmp_path / "p.geojson", [row])
    assert code_of("screen", path, "--out", tmp_path).code == "ETK723"


def test_repeated_id_is_refused(tmp_path):
    path = write_geojson(tmp_path / "p.geojson", [(GOOD, None), (GOOD, None)])
    assert code_of("screen", path, "--out", tmp_path).code == "ETK715"


@pytest.mark.parametrize(
    ("cells", "code"), [({"category": "mining"}, "ETK713"), ({"id": "a"}, "ETK713")]
)
def test_missing_column_is_named(tmp_path, cells, code):
    path = write_geojson(tmp_path / "p.geojson", [(cells, None)])
    assert code_of("screen", path, "--out", tmp_path).code == code


def test_all_wrong_rows_are_named_at_once(tmp_path):
    rows = [
        ({"id": "a", "category": "casino"}, None),
        ({"id": "b", "category": "mining", "accuracy_m": "x", "decided_on": "y"}, None),
    ]
    error = code_of("screen", write_geojson(tmp_path / "p.geojson", rows), "--out", tmp_path)
    assert [error.code, *(more.code for more in error.more)] == ["ETK714", "ETK719", "ETK718"]


def test_point_takes_the_default_extent_of_its_category_and_says_so(tmp_path):
    row = ({"id": "a", "category": "public_service", "accuracy_m": 10}, point(0, 0))
    path = write_geojson(tmp_path / "p.geojson", [row])
    run("screen", path, "--as-of", "2026-06-01", "--out", tmp_path)
    record = json.loads((tmp_path / "record.json").read_text("utf-8"))
    project = record["content"]["inputs"]["projects"]["features"][0]
    assert (project["bound"], project["extent_m"]) == ("position", 500)
    assert project["extent_basis"] == "default"


def test_geopackage_gives_the_same_record_as_geojson(tmp_path):
    rows = [({**GOOD, "decided_on": "2025-01-02"}, square(0, 0, 100))]
    geojson = write_geojson(tmp_path / "p.geojson", rows)
    gdf = gpd.GeoDataFrame([rows[0][0]], geometry=[rows[0][1]], crs="EPSG:4326")
    gdf.to_file(tmp_path / "p.gpkg", driver="GPKG", engine="pyogrio")
    hashes = []
    for path in (geojson, tmp_path / "p.gpkg"):
        run("screen", path, "--as-of", "2026-06-01", "--out", tmp_path / "o")
        record = json.loads((tmp_path / "o/record.json").read_text("utf-8"))
        hashes.append(record["hashes"]["content"])
    assert hashes[0] == hashes[1]


def test_unknown_layer_and_date_are_said_in_words(tmp_path):
    assert code_of("screen", "--layers", "moon", "--out", tmp_path).code == "ETK717"
    assert code_of("screen", "--as-of", "tomorrow", "--out", tmp_path).code == "ETK718"


@pytest.mark.parametrize("limit", ["far", "-1", "0", "nan", "1e9"])
def test_limit_of_a_move_that_is_no_distance_is_refused(tmp_path, limit):
    projects = write_geojson(tmp_path / "p.geojson", [(GOOD, None)])
    error = code_of("screen", projects, "--out", tmp_path, f"--move-limit={limit}")
    assert error.code == "ETK719"


def test_results_that_cannot_be_written_are_said_in_words(tmp_path):
    (tmp_path / "o").write_text("a file", "utf-8")
    projects = write_geojson(tmp_path / "p.geojson", [(GOOD, None)])
    error = code_of("screen", projects, "--out", tmp_path / "o")
    assert error.code == "ETK722"


def test_long_list_is_written_in_parts_that_can_each_be_verified(tmp_path, capsys, monkeypatch):
    whole, parts = tmp_path / "whole", tmp_path / "parts"
    run("screen", "--as-of", "2026-06-01", "--out", whole)
    capsys.readouterr()
    monkeypatch.setattr(overview, "MOST_HELD", 1000)
    monkeypatch.setattr(folders, "PART", 30)
    assert run("screen", "--as-of", "2026-06-01", "--out", parts) == 1
    said = capsys.readouterr().out
    listed = read_csv(parts / "parts.csv")
    assert [row["projects"] for row in listed] == ["30", "30", "5"]
    findings = []
    for row in listed:
        folder = parts / row["folder"]
        record = json.loads((folder / "record.json").read_text("utf-8"))
        assert row["hash of the record"] == record["hashes"]["content"]
        assert run("verify", folder / "record.json") == 0
        findings += read_csv(folder / "findings.csv")
    assert findings == read_csv(whole / "findings.csv")
    conclusions = read_csv(parts / "conclusions.csv")
    assert [row["project id"] for row in conclusions] == sorted({r["project id"] for r in findings})
    # Line by line, the sums are those of the screening in one piece.
    sums = [
        line
        for line in (whole / "summary.txt").read_text("utf-8").splitlines()
        if line.startswith("  ") and not line.startswith("    ")
    ]
    short = (parts / "summary.txt").read_text("utf-8")
    assert short in said
    stated = [line for line in short.splitlines() if line.startswith("  ")]
    assert len(stated) == 12
    assert stated == sums[: len(stated)]
