"""Picks and terms: what is screened is what was chosen, and a link finds it again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.screening.selection import (
    Pick,
    Terms,
    categories_of,
    chosen,
    content_mark,
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


def test_mark_changes_with_place_words_and_cells():
    moved = projects(project("b", square(0, 1, 10)))
    there = projects(project("b", square(0, 0, 10)))
    again = projects(project("b", square(0, 0, 10)))
    other = projects(project("b", square(0, 0, 10), accuracy_m=5.0))
    marks = [content_mark(t, "x") for t in (there, moved, other)] + [content_mark(there, "y")]
    assert len(set(marks)) == 4
    assert content_mark(again, "x") == marks[0]
