"""A slice of the matrix: every format, encoding, CRS, axis order and prefix; nothing wrong."""

from __future__ import annotations

import pytest

from tests.intake.matrix import SYSTEMS, Case, cases, outcome, report, run

STRIDE = 9
"""Coprime to the lengths of the loops that make the cases, so that the slice meets each value."""

SLICE = list(cases())[::STRIDE]


def test_matrix_slice_is_recovered_or_asked_about(capsys):
    counts, failures = run(iter(SLICE))
    with capsys.disabled():
        print(f"\n{report(counts)}")
    assert failures == []


@pytest.mark.parametrize("crs", SYSTEMS)
def test_matrix_slice_meets_every_crs(crs):
    assert sum(f" {crs} " in case.id for case in SLICE) >= 3


def chosen(text: str) -> Case:
    return next(case for case in cases() if case.id == text)


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (".gpkg cgcs2000-gk108-36 east-first declared-right", "recovered"),
        (".shp.zip xian80-gk108 east-first declared-right", "recovered"),
        (".fgb beijing54 east-first declared-right", "recovered"),
        ("txt cgcs2000-gk108-36 north-first gb18030 header=4", "recovered"),
        ("csv cgcs2000-gk105-35 north-first decimal gb18030 said=True", "recovered"),
        (".gpkg wgs84 east-first declared-right", "asked"),
        (".geojson gcj02 east-first declared-wrong", "asked"),
        (".gpkg cgcs2000 north-first declared-wrong", "asked"),
        ("pasted gcj02 east-first decimal ','", "asked"),
        (".dxf cgcs2000-gk111-37 north-first", "asked"),
        ("csv wgs84 east-first packed gb18030 said=False", "asked"),
    ],
)
def test_case_has_this_outcome(case, expected):
    assert outcome(chosen(case)) == expected
