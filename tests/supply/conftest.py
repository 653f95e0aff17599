from __future__ import annotations

import shutil

import pytest

from etk_geo.rules import read_rules
from tests.screening_findings.builders import ROOT


@pytest.fixture(scope="session")
def book():
    return read_rules(ROOT)


@pytest.fixture
def folder(tmp_path):
    """A copy of the project's data that a test may change."""
    for name in ("data", "layers", "rules"):
        source = ROOT / name
        ignored = shutil.ignore_patterns("supplied")
        shutil.copytree(source, tmp_path / name, ignore=ignored)
    return tmp_path
