"""The repository's plan, a clock that ticks when asked, and a journal on either database."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from etk_geo.database import Database
from etk_geo.plan import Plan, open_plan
from etk_geo.progress import Journal
from etk_geo.store import project_root


class Clock:
    """Gives moments a minute apart, from noon of 1 March 2026."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture(scope="session")
def plan() -> Plan:
    return open_plan(project_root())


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def journal(database: Database, plan: Plan, clock: Clock) -> Journal:
    return Journal(database, plan, clock)
