"""What stories are made from: the repository's own data, and a copy that a test may change."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from etk_geo.store import project_root
from etk_geo.stories.material import Material
from etk_geo.workspace import open_workspace

DAY = date(2026, 3, 16)


@pytest.fixture(scope="session")
def material() -> Material:
    """Material of the repository's data, without records of users."""
    return Material(open_workspace(project_root()), DAY)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Copy ``data/``, ``layers/`` and ``rules/`` of the repository."""
    for folder in ("data", "layers", "rules"):
        shutil.copytree(project_root() / folder, tmp_path / folder)
    return tmp_path
