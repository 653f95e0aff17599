"""A copy of the repository's data set whose layers a test may edit."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from etk_geo.store import project_root


class Clock:
    """Gives moments a minute apart, from noon of 1 March 2026."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, 12, tzinfo=UTC)

    def __call__(self) -> datetime:
        self.now += timedelta(minutes=1)
        return self.now


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("data", "layers", "rules"):
        shutil.copytree(project_root() / folder, tmp_path / folder)
    return tmp_path


@pytest.fixture
def clock() -> Clock:
    return Clock()
