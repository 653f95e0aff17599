"""Opening a project folder: never an exception, and a change of a file is noticed."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from etk_geo.i18n import severity
from etk_geo.model import Severity
from etk_geo.store import project_root
from etk_geo.workspace import folder_state, open_workspace


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for folder in ("data", "layers", "rules"):
        shutil.copytree(project_root() / folder, tmp_path / folder)
    return tmp_path


def test_own_data_opens_whole():
    workspace = open_workspace(project_root())
    assert len(workspace.plan.targets) == 108
    assert len(workspace.plan.projects) == 65
    assert len(workspace.catalog.layers) == 13
    assert [i for i in workspace.issues if severity(i) is Severity.ERROR] == []


def test_empty_folder_opens_with_issues(tmp_path):
    workspace = open_workspace(tmp_path)
    assert workspace.catalog.layers == {}
    assert {"data/targets.csv", "data/layers.toml"} <= {issue.file for issue in workspace.issues}


def test_broken_tables_and_layers_are_issues_and_the_rest_opens(project):
    (project / "layers/rivers.geojson").write_bytes(b'{"type": "FeatureCollection", "features": [')
    (project / "data/places.csv").write_bytes(b"\xff\xfe")
    workspace = open_workspace(project)
    assert len(workspace.catalog.layers) == 12
    assert {"layers/rivers.geojson", "data/places.csv"} <= {i.file for i in workspace.issues}


def test_state_stays_while_nothing_changes(project):
    assert folder_state(project) == folder_state(project)


@pytest.mark.parametrize("act", ["write", "touch", "remove", "add"])
def test_state_changes_with_a_file(project, act):
    before = folder_state(project)
    path = project / "layers/rivers.geojson"
    match act:
        case "write":
            path.write_bytes(path.read_bytes() + b"\n")
        case "touch":
            os.utime(path, ns=(1, 1))
        case "remove":
            path.unlink()
        case "add":
            (project / "data/facts/new.csv").write_bytes(b"id\n")
    assert folder_state(project) != before


def test_state_of_a_folder_without_data(tmp_path):
    assert folder_state(tmp_path) == folder_state(tmp_path)
