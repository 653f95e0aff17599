"""A finished screening of two small projects, and an archive on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from etk_geo.archive import Archive
from etk_geo.catalog import open_catalog
from etk_geo.model import BANNER_BOUNDS
from etk_geo.rules import read_rules
from etk_geo.screening.findings import screen_projects
from etk_geo.screening.measures import passages
from etk_geo.screening.record import Parameters, build_record
from etk_geo.screening.zones import collect_zones
from tests.screening_findings.builders import AFTER, BEFORE, ROOT, project, projects, square


@pytest.fixture(scope="session")
def book():
    return read_rules(ROOT)


@pytest.fixture(scope="session")
def catalog():
    return open_catalog(ROOT)


def screened(catalog, book, day):
    rows = projects(
        project("plant", square(0, 0, 100), name_zh="化工厂%_1", category="chemical_industry"),
        project("road", square(900, 0, 100), name_zh="<img src=x onerror=alert(1)>"),
    )
    zones = collect_zones(catalog, book, on=day)
    screening = screen_projects(rows, zones, book, day)
    parameters = Parameters(day.isoformat(), None, BANNER_BOUNDS)
    found = passages(screening, rows, zones)
    return build_record(screening, rows, catalog, book, parameters, found)


@pytest.fixture(scope="session")
def record(catalog, book):
    return screened(catalog, book, AFTER)


@pytest.fixture(scope="session")
def older_record(catalog, book):
    return screened(catalog, book, BEFORE)


@pytest.fixture
def clock():
    """A clock that a test sets: its only item is the moment."""
    return [datetime(2026, 6, 1, 4, 0, tzinfo=UTC)]


@pytest.fixture
def archive(database, tmp_path, clock):
    return Archive(database, tmp_path / "screenings", lambda: clock[0])
