"""A broken rule book is refused with every problem named at once."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from etk_geo.errors import TableError
from etk_geo.i18n import issue_message, issue_remedy
from etk_geo.model import LANGS
from etk_geo.rules import FILES, check_rules, read_rules

ROOT = Path(__file__).parents[2]


@pytest.fixture
def root(tmp_path):
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    return tmp_path


def edit(root, file, row_id, **cells):
    """Change cells of the row whose first column is ``row_id``."""
    path = root / file
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    columns = list(rows[0])
    for row in rows:
        if row[columns[0]] == row_id:
            row.update(cells)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def test_the_projects_own_rules_are_sound():
    assert check_rules(ROOT) == []


@pytest.mark.parametrize(
    ("file", "row", "cells", "code"),
    [
        ("rules/rules.csv", "RU001", {"effect": "forbidden"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"effective_from": "2026-3-15"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"effective_from": "20260315"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"effective_from": "2026-02-30"}, "ETK701"),
        ("rules/rules.csv", "RU064", {"distance_m": "twenty"}, "ETK701"),
        ("rules/rules.csv", "RU064", {"distance_m": "-20"}, "ETK701"),
        ("rules/rules.csv", "RU064", {"distance_m": "nan"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"confidence": "sure"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"id": "rule one"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"categories": "mining;mining"}, "ETK701"),
        ("rules/rules.csv", "RU001", {"effect_zh": ""}, "ETK702"),
        ("rules/rules.csv", "RU104", {"date_note_zh": "", "date_note_en": ""}, "ETK702"),
        ("rules/rules.csv", "RU001", {"effect_en": ""}, "ETK703"),
        ("rules/rules.csv", "RU005", {"effective_to": "1990-01-01"}, "ETK704"),
        ("rules/rules.csv", "RU001", {"zone_types": "moon"}, "ETK705"),
        ("rules/rules.csv", "RU001", {"categories": "fishing"}, "ETK705"),
        ("rules/rules.csv", "RU001", {"replaces": "RU999"}, "ETK705"),
        ("rules/rules.csv", "RU064", {"distance_from": "somewhere"}, "ETK705"),
        ("rules/rules.csv", "RU001", {"exempt": "nobody"}, "ETK705"),
        ("rules/rules.csv", "RU089", {"distance_m": "100"}, "ETK706"),
        ("rules/rules.csv", "RU002", {"id": "RU001"}, "ETK405"),
        ("rules/zone_types.csv", "wetland", {"parent": "moon"}, "ETK705"),
        ("rules/zone_types.csv", "wetland", {"parent": "wetland_important"}, "ETK707"),
        ("rules/zone_types.csv", "wetland", {"holder_en": ""}, "ETK703"),
        ("rules/zone_types.csv", "wetland", {"name_en": ""}, "ETK702"),
        ("rules/zone_types.csv", "wetland", {"scope": "sea"}, "ETK701"),
        ("rules/zone_sources.csv", "geopark", {"zone_type": "moon"}, "ETK705"),
        ("rules/zone_sources.csv", "geopark", {"feature": ""}, "ETK702"),
        ("rules/zone_sources.csv", "geopark", {"bound": "about"}, "ETK701"),
        ("rules/project_categories.csv", "tourism", {"rule_categories": "fun"}, "ETK705"),
        ("rules/project_categories.csv", "tourism", {"rule_categories": ""}, "ETK702"),
        ("rules/datums.csv", "pipe_axis", {"line_is_datum": "maybe"}, "ETK701"),
    ],
)
def test_each_slip_is_named(root, file, row, cells, code):
    edit(root, file, row, **cells)
    issues = check_rules(root)
    assert code in {issue.code for issue in issues}
    for issue in issues:
        for lang in LANGS:
            assert "{" not in issue_message(issue, lang) + issue_remedy(issue, lang)


def test_all_problems_are_named_at_once(root):
    edit(root, "rules/rules.csv", "RU001", effect_en="")
    edit(root, "rules/rules.csv", "RU070", distance_m="near")
    edit(root, "rules/zone_types.csv", "wetland", name_en="")
    with pytest.raises(TableError) as raised:
        read_rules(root)
    named = [raised.value, *raised.value.more]
    assert {(error.file, error.where) for error in named} >= {
        ("rules/rules.csv", "RU070"),
        ("rules/zone_types.csv", "wetland"),
    }


@pytest.mark.parametrize("file", sorted(FILES))
def test_a_missing_table_is_named(root, file):
    (root / file).unlink()
    assert [(issue.file, issue.code) for issue in check_rules(root)] == [(file, "ETK101")]


def test_a_missing_column_is_named(root):
    path = root / "rules/rules.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("distance_m", "metres", 1), "utf-8")
    assert [issue.code for issue in check_rules(root)] == ["ETK402"]


def test_checksums_are_those_of_the_files(root):
    before = read_rules(root).files["rules/rules.csv"]
    edit(root, "rules/rules.csv", "RU001", effect_en="Other words.")
    assert read_rules(root).files["rules/rules.csv"] != before
