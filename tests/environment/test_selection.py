"""Picks and terms: what is screened is what was chosen, and a link finds it again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.screening.selection import (
    Pick,
    Terms,
    asked_mark,
    categories_of,
    chosen,
    on_terms,
)
from tests.screening_findings.builders import project, projects, square

ID = st.text(alphabet="abcz_09", min_size=1, max_size=6)


@given(
    st.one_of(
        st.just(Pick()),
        st.builds(Pick, category=ID),
        st.builds(Pick, ids=st.lists(ID, min_size=1).map(tuple)),
    )
)
def test_pick_survives_the_address(pick):
    assert Pick.of_mark(pick.mark()) == pick


@pytest.mark.parametrize("mark", ["", "all", "x", "ids:", "category:", ":a"])
def test_word_that_means_nothing_picks_all(mark):
    assert Pick.of_mark(mark) == Pick()


TABLE = projects(
    project("b", square(0, 0, 10), category="coal_mine"),
    project("a", None, category=""),
    project("c", square(0, 0, 20), category="airport"),
)


@pytest.mark.parametrize(
    ("pick", "ids"),
    [
        (Pick(), ["a", "b", "c"]),
        (Pick(category="airport"), ["c"]),
        (Pick(ids=("c", "a", "gone")), ["a", "c"]),
    ],
)
def test_chosen_projects(pick, ids):
    assert list(chosen(TABLE, pick)["project_id"]) == ids


def test_terms_restate_a_copy():
    terms = Terms(date(2026, 6, 1), category="airport", decided_on=date(2020, 1, 2))
    table = on_terms(TABLE, terms)
    assert set(table["category"]) == {"airport"}
    assert set(table["decided_on"]) == {date(2020, 1, 2)}
    assert set(TABLE["category"]) == {"coal_mine", "", "airport"}
    kept = on_terms(TABLE, Terms(date(2026, 6, 1)))
    assert list(kept["category"]) == list(TABLE["category"])


def test_categories_in_known_order():
    assert categories_of(TABLE, ["airport", "school"]) == ["airport", "coal_mine"]


def test_mark_changes_with_everything_that_is_asked():
    day, other = date(2026, 6, 1), date(2026, 6, 2)
    asked = [
        ("plan", Pick(), Terms(day), "s"),
        ("list", Pick(), Terms(day), "s"),
        ("plan", Pick(category="a"), Terms(day), "s"),
        ("plan", Pick(ids=("a",)), Terms(day), "s"),
        ("plan", Pick(ids=("a", "b")), Terms(day), "s"),
        ("plan", Pick(), Terms(other), "s"),
        ("plan", Pick(), Terms(day, category=""), "s"),
        ("plan", Pick(), Terms(day, category="a"), "s"),
        ("plan", Pick(), Terms(day, decided_on=day), "s"),
        ("plan", Pick(), Terms(day), "t"),
    ]
    assert len({asked_mark(*one) for one in asked}) == len(asked)
    assert asked_mark("plan", Pick(), Terms(day), "s") == asked_mark(*asked[0])
