"""Drawings: the same record as a file, and what can be claimed for their accuracy."""

from __future__ import annotations

import pytest

from etk_geo.errors import IntakeError
from etk_geo.intake.drawn import default_accuracy_m, read_drawing, take_drawing
from etk_geo.intake.formats import FileFormat

SQUARE = [[107.5, 39.0], [107.6, 39.0], [107.6, 39.1], [107.5, 39.1], [107.5, 39.0]]


def feature(kind="Polygon", coordinates=(SQUARE,), **properties):
    geometry = {"type": kind, "coordinates": list(coordinates)}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def test_drawing_is_taken_in_where_it_was_drawn():
    drawn = [
        feature(name="厂区", decided_on="2024-05-01"),
        feature("Point", (107.123456, 39.654321)),
        feature("LineString", ((107, 39), (108, 39))),
    ]
    taken = take_drawing(drawn, 120.0)
    assert list(taken.frame["name"]) == ["厂区", "", ""]
    assert list(taken.frame["decided_on"]) == ["2024-05-01", None, None]
    assert taken.frame.geometry[0].bounds == (107.5, 39.0, 107.6, 39.1)
    assert taken.frame.geometry[1].coords[0] == (107.123456, 39.654321)
    assert list(taken.frame["accuracy_m"]) == [120.0] * 3
    assert taken.provenance.origin.format is FileFormat.DRAWN
    assert taken.provenance.stated_accuracy_m == 120.0
    assert taken.provenance.transformation_accuracy_m == 0.0
    assert taken.issues == ()


def test_accuracy_that_nobody_states_stays_unknown():
    assert take_drawing([feature()], None).frame["accuracy_m"].isna().all()


def test_notes_of_the_drawing_tool_are_no_attributes():
    raw = read_drawing([feature(name="a", metres_per_pixel=473.9, redrawn=True)])
    assert list(raw.attributes.columns) == ["name"]


def test_drawing_far_from_the_banner_is_not_taken():
    with pytest.raises(IntakeError) as caught:
        take_drawing([feature("Point", (2.35, 48.85))], 10.0)
    assert caught.value.code in {"ETK824", "ETK860"}


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [((), 500.0), ((10.0,), 550.0), ((10.0, 473.9, None, "x", -1), 2870.0)],
)
def test_claim_is_the_base_map_and_five_pixels_of_the_coarsest_view(sizes, expected):
    drawn = [feature(metres_per_pixel=size) for size in sizes]
    assert default_accuracy_m(drawn) == expected
