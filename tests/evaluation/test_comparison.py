"""Two evaluations side by side: what differs, and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from etk_geo.catalog import Layer, open_catalog
from etk_geo.evaluation import Light, compare, evaluate, in_force, open_rules, worst_light
from etk_geo.model import Completeness, Supplied
from etk_geo.plan import open_plan
from etk_geo.progress import Act, Draft, Entry, ProgressBook, Status, Topic, shipped_entries
from etk_geo.store import project_root

PLAN = open_plan(project_root())
RULES = open_rules(project_root())
LAYER = next(iter(open_catalog(project_root()).layers.values()))
SHIPPED = shipped_entries(PLAN)
AIRPORT_DAY = date(2023, 4, 3)


def book(*drafts: Draft) -> ProgressBook:
    said = (
        Entry(str(n), Act.ENTER, "", draft, "2026-01-15T00:00:00Z")
        for n, draft in enumerate(drafts)
    )
    return ProgressBook((*SHIPPED, *said))


def evaluated(entries: ProgressBook, year: int, day: date | None = None):
    return evaluate(PLAN, entries, RULES, year, day)


def official(valid_from: str, valid_to: str = "") -> Layer:
    supplied = Supplied(
        zone_type="eco_redline",
        version="2025",
        holder="x",
        valid_from=valid_from,
        valid_to=valid_to,
        complete=Completeness.BANNER,
        stands_for=(),
        digitised_ha=1.0,
        gazetted_ha=None,
        tolerance_percent=None,
        accepted="",
        supplied_on=valid_from,
        intake={},
    )
    return Layer(replace(LAYER.provenance, supplied=supplied), LAYER.gdf)


def test_project_that_was_opened_in_between_is_the_one_that_differs():
    found = compare(evaluated(book(), 2023, date(2023, 4, 2)), evaluated(book(), 2023, AIRPORT_DAY))
    (pair,) = [pair for pair in found.projects if pair.differs]
    assert pair.id == "general_airport"
    assert (pair.before.status, pair.after.status) == (None, Status.DONE)
    assert len(found.projects) == 65


def test_target_differs_by_value_and_says_by_how_much():
    entries = book(
        Draft(Topic.ACTUAL, "pv_capacity", 2023, value=200),
        Draft(Topic.ACTUAL, "pv_capacity", 2024, value=450),
    )
    found = compare(evaluated(entries, 2023), evaluated(entries, 2024))
    (pair,) = [pair for pair in found.targets if pair.differs]
    assert (pair.id, pair.change) == ("pv_capacity", 250)
    # 500 in five years: 300 are due by 2023, 400 by 2024; 64 % of the due share is far behind.
    assert (pair.before.light, pair.after.light) == (Light.RED, Light.GREEN)


def test_same_value_of_the_same_year_is_no_change_even_where_it_has_become_too_old():
    entries = book(Draft(Topic.ACTUAL, "pv_capacity", 2022, value=200))
    found = compare(evaluated(entries, 2022), evaluated(entries, 2024))
    (pair,) = [pair for pair in found.targets if pair.differs]
    assert pair.change is None
    assert pair.after.light is Light.GREY


@pytest.mark.parametrize("days", [(date(2022, 1, 1), date(2023, 6, 30)), (date(2023, 1, 1),) * 2])
def test_order_in_which_two_states_are_given_does_not_matter(days):
    states = [evaluated(book(), day.year, day) for day in days]
    for found in (compare(*states), compare(*reversed(states))):
        assert (found.before.as_of, found.after.as_of) == days
        assert [p.before.status for p in found.projects] == [p.status for p in states[0].projects]


def test_state_does_not_differ_from_itself():
    state = evaluated(book(), 2025)
    found = compare(state, state, [official("2020-01-01")])
    assert not any(pair.differs for pair in (*found.projects, *found.targets, *found.layers))
    assert len(found.layers) == 1


@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2023, 12, 31), False),
        (date(2024, 1, 1), True),
        (date(2025, 6, 30), True),
        (date(2025, 7, 1), False),
    ],
)
def test_layer_is_in_force_from_its_first_to_its_last_day(day, holds):
    assert in_force(official("2024-01-01", "2025-06-30"), day) is holds


def test_only_official_layers_in_force_on_a_side_are_compared():
    layers = [LAYER, official("2024-01-01", "2024-06-30"), official("2030-01-01")]
    found = compare(evaluated(book(), 2023), evaluated(book(), 2024, date(2024, 3, 1)), layers)
    (pair,) = found.layers
    assert (pair.before, pair.after, pair.differs) == (False, True, True)


def test_worst_light_is_of_those_judged():
    entries = book(
        Draft(Topic.ACTUAL, "pv_capacity", 2025, value=500),
        Draft(Topic.ACTUAL, "wind_capacity", 2025, value=1),
    )
    results = {r.target["id"]: r for r in evaluated(entries, 2025).results}
    judged = [results["pv_capacity"], results["wind_capacity"]]
    unjudged = results["park_output"]
    assert worst_light([unjudged]) is Light.GREY
    assert worst_light([unjudged, judged[0]]) is Light.GREEN
    assert worst_light([judged[0], judged[1], unjudged]) is Light.RED
