"""What the tests of the environmental desk share: the project's own data and rules."""

from __future__ import annotations

import pytest

from etk_geo.catalog import open_catalog
from etk_geo.plan import open_plan
from etk_geo.rules import read_rules
from etk_geo.screening.projects import plan_projects
from etk_geo.screening.zones import collect_zones
from etk_geo.store import project_root


@pytest.fixture(scope="session")
def catalog():
    return open_catalog(project_root())


@pytest.fixture(scope="session")
def book():
    return read_rules(project_root())


@pytest.fixture(scope="session")
def held(catalog, book):
    """The zones of the shipped layers."""
    return collect_zones(catalog, book)


@pytest.fixture(scope="session")
def planned(catalog):
    return plan_projects(catalog, open_plan(project_root()))
