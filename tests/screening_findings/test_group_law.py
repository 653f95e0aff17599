"""What follows from the law alone, ready for every project of a category and day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from etk_geo.catalog import open_catalog
from etk_geo.plan import open_plan
from etk_geo.rules import Effect, read_rules
from etk_geo.screening.consequence import APPLIES, APPLIES_NOT, MAY_APPLY, NOTHING, unseen, weigh
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.group_law import Geometry, Uses, group_law, states
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.zones import Barrier, collect_zones
from tests.screening_findings.builders import ROOT

DAY = date(2026, 6, 1)


@pytest.fixture(scope="module")
def shipped():
    catalog, book = open_catalog(ROOT), read_rules(ROOT)
    projects = plan_projects(catalog, open_plan(ROOT))
    return collect_zones(catalog, book), book, projects


def one_row(checked, inside, apart, least_m, most_m):
    flags = (np.array([[value]]) for value in (checked, inside, apart))
    return Geometry(*flags, np.array([[float(least_m)]]), np.array([[float(most_m)]]))


USES = Uses(
    place=np.array([0, 0, 0]),
    reach_m=np.array([np.nan, 500.0, np.nan]),
    unmeasured=np.array([False, False, True]),
    first=(0, 3),
)
"""A rule inside only, one up to 500 m, and one whose distance the law does not give."""


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (one_row(True, True, False, 0, 0), [APPLIES, APPLIES, APPLIES]),
        (one_row(True, False, True, 600, 700), [APPLIES_NOT, APPLIES_NOT, MAY_APPLY]),
        (one_row(True, False, True, 400, 500), [APPLIES_NOT, APPLIES, MAY_APPLY]),
        (one_row(True, False, True, 400, 501), [APPLIES_NOT, MAY_APPLY, MAY_APPLY]),
        (one_row(True, False, False, 0, np.nan), [MAY_APPLY, MAY_APPLY, MAY_APPLY]),
        (one_row(False, False, True, 9e9, 9e9), [MAY_APPLY, MAY_APPLY, MAY_APPLY]),
    ],
)
def test_a_rule_applies_where_its_place_is_certain(known, expected):
    assert states(USES, known) == [[bytes(expected)]]


def test_what_is_not_certain_is_open_and_nothing_follows_for_certain(shipped):
    zones, book, _ = shipped
    law = group_law(book, zones, "chemical_park", DAY)
    for one in law.laws:
        outcome = unseen(one)
        assert (outcome.certain, outcome.deciding, outcome.applying) == (NOTHING, "", "")
        assert outcome.open.split(";") == list(dict.fromkeys(u.rule.id for u in one.uses)) or (
            not one.uses and outcome.open == ""
        )


def test_the_strictest_rule_that_applies_decides(shipped):
    zones, book, _ = shipped
    laws = group_law(book, zones, "chemical_park", DAY).laws
    law = next(law for law in laws if len({u.certain for u in law.uses if not u.part}) > 1)
    every = weigh(law, bytes([APPLIES] * len(law.uses)))
    strictest = max(use.certain.rank for use in law.uses if not use.part)
    assert every.certain >= strictest
    for number, use in enumerate(law.uses):
        only = bytes([APPLIES if number == at else APPLIES_NOT for at in range(len(law.uses))])
        outcome = weigh(law, only)
        assert outcome.possible == use.possible.rank
        if not use.part:
            assert (outcome.certain, outcome.applying) == (use.certain.rank, use.rule.id)
            assert outcome.deciding == use.rule.id
    assert weigh(law, bytes(len(law.uses))).possible == NOTHING < Effect.NONE.rank


def test_what_is_kept_can_not_be_changed(shipped):
    zones, book, _ = shipped
    law = group_law(book, zones, "road", DAY)
    assert group_law(book, zones, "road", DAY) is law
    for values in (law.reach_m, law.unseen.rules, law.unseen.possible, zones.ids, zones.checkable):
        with pytest.raises(ValueError, match="read-only"):
            values[:1] = values[:1]
    barred = [zone.barrier is not Barrier.NONE for zone in zones.zones]
    assert (law.reach_m[barred] == 0).all()
    assert sorted(zones.checkable) == list(np.flatnonzero(~np.array(barred)))


def test_what_a_reader_writes_into_findings_changes_no_other_screening(shipped):
    zones, book, projects = shipped
    first = screen_projects(projects, zones, book, DAY)
    kept = first.findings.copy(deep=True), first.projects.copy(deep=True)
    for name in first.findings.columns:
        first.findings.loc[:, name] = first.findings[name].iloc[::-1].to_numpy()
    first.projects.loc[:, "project_id"] = "changed"
    again = screen_projects(projects, zones, book, DAY)
    assert again.findings.equals(kept[0])
    assert again.projects.equals(kept[1])
    assert "changed" not in set(projects["project_id"])


def test_visitors_at_once_with_rules_just_read_get_what_one_alone_gets(shipped):
    zones, book, projects = shipped
    located = projects[projects.geometry.notna()]
    ones = [located.iloc[[number]] for number in range(len(located))]
    expected = [screen_projects(one, zones, book, DAY).findings for one in ones]
    for _ in range(3):
        fresh = read_rules(ROOT)

        def screen(one, fresh=fresh):
            return screen_projects(one, zones, fresh, DAY).findings

        with ThreadPoolExecutor(8) as pool:
            for found, alone in zip(pool.map(screen, ones), expected, strict=True):
                assert_frame_equal(found, alone, check_exact=True)
