"""An officer's opinion: reason and name are needed, and it reads back as it was written."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etk_geo.errors import ScreeningError
from etk_geo.screening.opinion import (
    MOST_CHARACTERS,
    Opinion,
    Ruling,
    opinions_by_pair,
    read_opinion,
)

OPINION = Opinion(
    project_id="a",
    zone_id="z",
    ruling=Ruling.SET_ASIDE,
    reason="现场核实，界线以勘界为准",
    officer="张三",
    day=date(2026, 6, 1),
    verdict="OVERLAPS",
    consequence="prohibited",
)


@pytest.mark.parametrize(
    ("member", "value", "code"),
    [
        ("reason", " \n", "ETK950"),
        ("officer", "　", "ETK951"),
        ("reason", "字" * (MOST_CHARACTERS + 1), "ETK952"),
    ],
)
def test_opinion_without_reason_or_name_is_refused(member, value, code):
    with pytest.raises(ScreeningError) as refused:
        replace(OPINION, **{member: value})
    assert refused.value.code == code


words = st.text(min_size=1, max_size=40).filter(lambda text: text.strip())


@given(reason=words, officer=words, day=st.dates(), ruling=st.sampled_from(Ruling))
def test_opinion_reads_back_as_written(reason, officer, day, ruling):
    opinion = replace(OPINION, reason=reason, officer=officer, day=day, ruling=ruling)
    assert read_opinion(json.loads(json.dumps(opinion.document()))) == opinion


def test_latest_opinion_counts():
    later = replace(OPINION, day=date(2026, 7, 1), ruling=Ruling.CONFIRMED)
    again = replace(later, officer="李四")
    other = replace(OPINION, zone_id="")
    found = opinions_by_pair([later, OPINION, again, other])
    assert found == {("a", "z"): again, ("a", ""): other}
