"""The data linter: the repository's own data is clean, and every kind of slip is named."""

from __future__ import annotations

import json
import re

import pytest

from etk_geo.catalog import open_catalog, record_path
from etk_geo.cli import main
from etk_geo.i18n import issue_codes, issue_message, issue_remedy, severity
from etk_geo.lint import lint
from etk_geo.model import Severity
from etk_geo.store import dump_json, project_root
from tests.foundation.conftest import edit_layer, edit_text

RIVERS = "layers/rivers.geojson"
PROJECTS = "data/projects.csv"
PLACES = "data/places.csv"


def found(root):
    return {(issue.code, issue.file, issue.where) for issue in lint(root)}


def test_lint_own_data_has_no_error():
    errors = [issue for issue in lint(project_root()) if severity(issue) is Severity.ERROR]
    assert errors == []


def test_lint_missing_layer(project):
    (project / RIVERS).unlink()
    assert ("ETK101", RIVERS, "") in found(project)


def test_lint_missing_layer_does_not_make_the_rows_wrong_that_name_it(project):
    (project / "layers/highways.geojson").unlink()
    assert {code for code, _, _ in found(project)} == {"ETK101"}


def test_lint_truncated_layer(project):
    path = project / RIVERS
    path.write_bytes(path.read_bytes()[:-200])
    assert {code for code, file, _ in found(project) if file == RIVERS} >= {"ETK102"}


def test_lint_hand_edited_layer(project):
    edit_text(project, RIVERS, "黄河", "黃河")
    assert ("ETK203", RIVERS, "") in found(project)


def test_lint_layer_without_provenance(project):
    (project / record_path(RIVERS)).unlink()
    assert ("ETK201", RIVERS, "") in found(project)


def test_lint_provenance_with_a_wrong_member(project):
    record = json.loads((project / record_path(RIVERS)).read_text(encoding="utf-8"))
    record["order"] = "first"
    (project / record_path(RIVERS)).write_bytes(dump_json(record))
    assert ("ETK202", record_path(RIVERS), "") in found(project)


def test_lint_unknown_crs(project):
    edit_text(project, record_path(RIVERS), "OGC:CRS84", "EPSG:2385")
    assert ("ETK104", record_path(RIVERS), "crs") in found(project)


def test_lint_duplicate_id_in_a_layer(project):
    edit_layer(project, RIVERS, lambda features: features.append(features[0]))
    name = json.loads((project / RIVERS).read_text(encoding="utf-8"))["features"][0]
    assert ("ETK123", RIVERS, name["properties"]["id"]) in found(project)


def test_lint_id_of_another_layer(project):
    edit_layer(
        project, RIVERS, lambda features: features[0]["properties"].update(id="qipanjing_park")
    )
    assert "ETK126" in {code for code, _, where in found(project) if where == "qipanjing_park"}


def test_lint_self_intersecting_polygon(project):
    # A bow-tie wound so that its signed area is positive: sound GeoJSON, invalid geometry.
    ring = [[107.0, 39.0], [107.3, 39.2], [107.3, 39.0], [107.0, 39.1], [107.0, 39.0]]
    file = "data/boundaries/banner.geojson"
    edit_layer(
        project,
        file,
        lambda features: features[0].update(
            geometry={"type": "Polygon", "coordinates": [ring[::-1]]}
        ),
    )
    codes = {code for code, name, _ in found(project) if name == file}
    assert codes & {"ETK110", "ETK111"}


def test_lint_wrong_winding(project):
    file = "data/boundaries/banner.geojson"

    def reverse(features):
        features[0]["geometry"]["coordinates"][0].reverse()

    edit_layer(project, file, reverse)
    assert "ETK110" in {code for code, name, _ in found(project) if name == file}


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("name_zh", " ", "ETK124"),
        ("accuracy_m", -5, "ETK121"),
        ("accuracy_m", "500", "ETK121"),
        ("bound", "circle", "ETK121"),
        ("kind", ["river"], "ETK121"),
        ("targets", "gdp", "ETK121"),
        ("facts", [{"value": 1}], "ETK121"),
        ("id", "Big River", "ETK122"),
        ("bound", None, "ETK125"),
        ("bound", "outer", "ETK128"),
        ("extra", 1, "ETK127"),
        ("places", ["atlantis"], "ETK130"),
        ("citations", ["99.9"], "ETK130"),
        ("category", "volcano", "ETK131"),
    ],
)
def test_lint_wrong_property(project, member, value, code):
    edit_layer(project, RIVERS, lambda features: features[0]["properties"].update({member: value}))
    assert code in {issue for issue, file, _ in found(project) if file == RIVERS}


def test_lint_missing_property(project):
    edit_layer(project, RIVERS, lambda features: features[0]["properties"].pop("bound"))
    assert "ETK120" in {code for code, file, _ in found(project) if file == RIVERS}


def test_lint_layer_of_unknown_origin(project):
    for old in (RIVERS, record_path(RIVERS)):
        new = old.replace("rivers", "rivers_copy")
        (project / new).write_bytes((project / old).read_bytes())
    assert {code for code, _, _ in found(project)} >= {"ETK123"}


def table_row(project, file, key):
    text = (project / file).read_text(encoding="utf-8")
    return next(line for line in text.splitlines() if line.startswith(f"{key},"))


@pytest.mark.parametrize(
    ("file", "key", "old", "new", "code"),
    [
        (PROJECTS, "qipanjing_park", "qipanjing_town", "atlantis", "ETK130"),
        (PROJECTS, "qipanjing_park", "3.1.1", "9.9.9", "ETK130"),
        (PROJECTS, "qipanjing_park", "park_output", "no_such_target", "ETK130"),
        (PROJECTS, "qipanjing_park", "chemical_park", "volcano", "ETK130"),
        (PROJECTS, "qipanjing_park", "industrial_parks", "no_layer", "ETK132"),
        ("data/targets.csv", "park_output", ">=", "=>", "ETK131"),
        ("data/targets.csv", "park_output", "1000", "1000亿", "ETK403"),
        ("data/targets.csv", "park_output", "qipanjing_park;mengxi_park", "", "ETK134"),
        (PLACES, "wulan_town", ",Wulan town,", ",,", "ETK135"),
    ],
)
def test_lint_table_slip_is_named(project, file, key, old, new, code):
    row = table_row(project, file, key)
    assert old in row
    edit_text(project, file, row, row.replace(old, new, 1))
    assert (code, file, key) in found(project)


def test_lint_every_slip_of_a_cell_is_named(project):
    """Two slips of one row differ only in what was found."""
    row = table_row(project, PROJECTS, "qipanjing_park")
    edit_text(project, PROJECTS, row, row.replace("qipanjing_town", "atlantis;lemuria", 1))
    named = [issue.detail["found"] for issue in lint(project) if issue.code == "ETK130"]
    assert sorted(named) == ["atlantis", "lemuria"]


def test_lint_names_each_issue_once():
    issues = lint(project_root())
    kinds = [(i.file, i.where, i.code, *sorted(i.detail.items())) for i in issues]
    assert len(set(kinds)) == len(kinds)


def test_lint_project_without_siting(project):
    row = table_row(project, "data/siting.csv", "qipanjing_park")
    edit_text(project, "data/siting.csv", row + "\n", "")
    assert ("ETK406", "data/siting.csv", "qipanjing_park") in found(project)


def test_lint_repeated_row(project):
    row = table_row(project, PROJECTS, "qipanjing_park")
    edit_text(project, PROJECTS, row, f"{row}\n{row}")
    assert ("ETK405", PROJECTS, "qipanjing_park") in found(project)


def test_lint_row_with_a_cell_too_many(project):
    row = table_row(project, PROJECTS, "qipanjing_park")
    edit_text(project, PROJECTS, row, f"{row},x")
    assert ("ETK410", PROJECTS) in {(code, file) for code, file, _ in found(project)}


def test_lint_corrected_coordinate_asks_for_a_build_and_a_build_mends_it(project, capsys):
    edit_text(project, PLACES, "107.037", "107.038")
    assert "ETK205" in {code for code, _, _ in found(project)}
    assert main(["validate", "--root", str(project)]) == 1
    assert main(["build", "--root", str(project)]) == 0
    assert main(["validate", "--root", str(project), "--lang", "en"]) == 0
    out = capsys.readouterr().out
    assert "ETK205" in out
    assert re.search(r"Checked: 0 errors, \d+ warnings\.", out)


@pytest.mark.parametrize(
    ("file", "old", "new", "code"),
    [
        ("rules/rules.csv", ",prohibited,", ",forbidden,", "ETK701"),
        ("rules/zone_types.csv", ",2.3.1,", ",99.1,", "ETK130"),
        ("rules/project_categories.csv", "chemical_park,", "volcano,", "ETK131"),
        ("rules/zone_sources.csv", ",west_ordos_reserve,", ",atlantis_reserve,", "ETK133"),
    ],
)
def test_lint_rule_table_slip_is_named(project, file, old, new, code):
    edit_text(project, file, old, new)
    assert (code, file) in {(code, file) for code, file, _ in found(project)}


def test_lint_unknown_layer_in_the_registry(project):
    edit_text(project, "data/layers.toml", 'id = "rivers"', 'id = "canals"')
    assert ("ETK412", "data/layers.toml", "canals") in found(project)


def test_lint_broken_registry(project):
    (project / "data/layers.toml").write_text("[[layer]\n", encoding="utf-8")
    assert ("ETK409", "data/layers.toml") in {(code, file) for code, file, _ in found(project)}
    assert len(open_catalog(project).layers) > 5


def test_lint_missing_table_is_named_and_the_rest_is_checked(project):
    (project / "data/vocabulary.csv").unlink()
    assert ("ETK101", "data/vocabulary.csv", "") in found(project)


def test_lint_empty_folder_names_every_table(tmp_path):
    files = {file for _, file, _ in found(tmp_path)}
    assert {PROJECTS, PLACES, "data/targets.csv", "data/layers.toml"} <= files


def test_every_issue_found_here_has_words(project):
    (project / RIVERS).unlink()
    (project / "data/vocabulary.csv").unlink()
    for issue in lint(project):
        assert issue.code in issue_codes()
        for lang in ("zh", "en"):
            assert issue_message(issue, lang)
            assert issue_remedy(issue, lang)
