"""What differs between two versions, and what becomes of two people's changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import MultiLineString, MultiPoint, Point, box, mapping

from etk_geo.build.edits import WHOLE, members
from etk_geo.editing import (
    Change,
    blank_document,
    change_between,
    changed_document,
    find_collisions,
    join_parts,
    list_differences,
    measure_geometry,
    merge,
    moved_m,
)
from etk_geo.editing.meeting import POSITION, UNITS
from etk_geo.model import Kind

BASE = blank_document("here", Kind.MINE)


def with_(document=BASE, geometry=None, **properties):
    return changed_document(
        document, Change(geometry, has_geometry=geometry is not None, properties=properties)
    )


def test_members_that_differ_are_listed_and_empty_ones_are_not():
    changed = with_(name_zh="甲", accuracy_m=5.0)
    assert [(d.member, d.before, d.after) for d in list_differences(BASE, changed)] == [
        ("name_zh", "", "甲"),
        ("accuracy_m", None, 5.0),
    ]
    assert list_differences(BASE, BASE) == []
    added = {d.member: (d.before, d.after) for d in list_differences(None, changed)}
    assert added == {"name_zh": (None, "甲"), "kind": (None, "mine"), "accuracy_m": (None, 5.0)}
    gone = {d.member: d.after for d in list_differences(changed, None)}
    assert gone == {"name_zh": None, "kind": None, "accuracy_m": None}


def test_number_that_becomes_zero_is_a_difference():
    (difference,) = list_differences(with_(accuracy_m=None), with_(accuracy_m=0.0))
    assert (difference.before, difference.after) == (None, 0.0)


def test_sizes_on_the_ground():
    # A degree of latitude at 39 N is 111.0 km, one of longitude 86.6 km (GRS80).
    square = measure_geometry(mapping(box(108.0, 39.0, 108.1, 39.1)))
    assert square.area_m2 == pytest.approx(8657 * 11101, rel=0.002)
    assert (square.parts, square.corners, square.length_m) == (1, 5, 0.0)
    line = measure_geometry(mapping(MultiLineString([[(108, 39), (108, 39.1)]])))
    assert line.length_m == pytest.approx(11101, rel=0.001)
    north = measure_geometry(mapping(Point(108, 39.1)))
    south = measure_geometry(mapping(Point(108, 39)))
    assert moved_m(south, north) == pytest.approx(11101, rel=0.001)
    assert measure_geometry(None) is None
    assert moved_m(None, north) is None


def test_parts_of_one_kind_become_one_geometry():
    assert join_parts([]) is None
    assert join_parts([Point(1, 2)]) == Point(1, 2)
    assert join_parts([Point(1, 2), Point(3, 4)]) == MultiPoint([(1, 2), (3, 4)])
    with pytest.raises(ValueError, match="POINT"):
        join_parts([Point(1, 2), box(0, 0, 1, 1)])


def test_change_between_two_versions_makes_one_the_other():
    after = with_(geometry=Point(107, 39), name_zh="甲", bound="exact", accuracy_m=3.0)
    assert changed_document(BASE, change_between(BASE, after)) == after
    assert changed_document(after, change_between(after, BASE)) == BASE
    assert change_between(BASE, BASE).names == ()


# Two people


def test_changes_of_different_members_go_together():
    theirs, mine = with_(name_zh="甲"), with_(known_zh="乙")
    assert find_collisions(BASE, theirs, mine) == []
    both = merge(BASE, theirs, mine)
    assert (both["properties"]["name_zh"], both["properties"]["known_zh"]) == ("甲", "乙")


def test_collision_is_decided_by_the_user():
    theirs, mine = with_(name_zh="甲", known_zh="丙"), with_(name_zh="乙")
    assert find_collisions(BASE, theirs, mine) == [("name_zh",)]
    kept = merge(BASE, theirs, mine)["properties"]
    taken = merge(BASE, theirs, mine, {"name_zh"})["properties"]
    assert (kept["name_zh"], taken["name_zh"]) == ("甲", "乙")
    assert kept["known_zh"] == taken["known_zh"] == "丙"


def test_same_change_is_no_collision():
    assert find_collisions(BASE, with_(name_zh="甲"), with_(name_zh="甲")) == []


def test_accuracy_stays_with_the_position_it_describes():
    there = with_(geometry=Point(107, 39), bound="position", accuracy_m=900.0)
    theirs = with_(there, geometry=Point(107.2, 39), bound="position", accuracy_m=40.0)
    mine = with_(there, accuracy_m=5.0)
    assert find_collisions(there, theirs, mine) == [POSITION]
    kept = merge(there, theirs, mine)
    assert (kept["geometry"]["coordinates"], kept["properties"]["accuracy_m"]) == (
        [107.2, 39.0],
        40.0,
    )
    taken = merge(there, theirs, mine, {"geometry"})
    assert (taken["geometry"]["coordinates"], taken["properties"]["accuracy_m"]) == (
        [107.0, 39.0],
        5.0,
    )


texts = st.sampled_from(["", "甲", "乙", "丙"])
documents = st.fixed_dictionaries(dict.fromkeys(("name_zh", "known_zh", "accuracy_zh"), texts)).map(
    lambda values: with_(**values)
)


@given(documents, documents, documents, st.booleans())
def test_every_value_of_a_merger_is_somebodys_and_no_sole_change_is_lost(base, theirs, mine, own):
    collided = find_collisions(base, theirs, mine)
    merged = members(merge(base, theirs, mine, {unit[0] for unit in collided} if own else ()))
    old, other, my = members(base), members(theirs), members(mine)
    for unit in UNITS:
        value = tuple(merged[name] for name in unit)
        theirs_value, my_value = (tuple(m[n] for n in unit) for m in (other, my))
        if unit in collided:
            assert value == (my_value if own else theirs_value)
        elif my_value != tuple(old[name] for name in unit):
            assert value == my_value
        else:
            assert value == theirs_value
    assert {name for unit in UNITS for name in unit} == WHOLE
