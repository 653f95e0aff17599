"""A kept screening computed anew says exactly what differs, and from what it comes."""

from __future__ import annotations

import shutil

import pytest

from etk_geo.archive import compare_records, run_again
from etk_geo.catalog import open_catalog
from etk_geo.errors import DataError
from etk_geo.rules import read_rules
from etk_geo.screening.record import canonical
from tests.screening_findings.builders import AFTER, BEFORE, ROOT, square, supply_layer


def test_same_day_and_layers_change_nothing(record, catalog, book):
    again = run_again(canonical(record), catalog, book, AFTER)
    assert again.changes.is_empty
    assert not again.changes.layers
    assert not again.changes.rules
    assert again.record["hashes"]["content"] == record["hashes"]["content"]


def test_new_law_changes_what_the_reserve_law_decides(older_record, record, catalog, book):
    again = run_again(canonical(older_record), catalog, book, AFTER)
    changes = again.changes
    assert changes.as_of == (BEFORE.isoformat(), AFTER.isoformat())
    assert changes.pairs == compare_records(older_record["content"], record["content"]).pairs
    # The zoning of 2017 gives way to that of 2026, and the law of a reserve's outer belt ends.
    assert {change.zone_id for change in changes.pairs} == {
        f"type:nature_reserve_{part}"
        for part in (
            *("core", "buffer", "experimental", "outer_belt"),
            *("core_protection", "general_control"),
        )
    }


def test_newer_layer_is_named_and_its_zone_appears(record, book, tmp_path):
    for name in ("data", "layers", "rules"):
        shutil.copytree(ROOT / name, tmp_path / name)
    supply_layer(tmp_path, "redline_x", [("red_1", "ecological_redline", square(50, 50, 500))])
    again = run_again(canonical(record), open_catalog(tmp_path), read_rules(tmp_path), AFTER)
    before, after = again.changes.layers["redline_x"]
    assert before == ""
    assert len(after) == 64
    (new,) = [c for c in again.changes.pairs if (c.project_id, c.zone_id) == ("plant", "red_1")]
    assert (new.before, new.after["verdict"]) == ({}, "OVERLAPS")


def test_what_is_no_record_is_refused(catalog, book):
    with pytest.raises(DataError):
        run_again(b"[]", catalog, book, AFTER)
