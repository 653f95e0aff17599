"""Killed at any moment, a layer is whole after the next start, with every edit that was kept."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

POINTS = 10


@pytest.mark.skipif(not hasattr(os, "fork"), reason="children are forked, which Windows cannot")
def test_edit_survives_being_killed_at_any_moment(project, tmp_path_factory):
    work = tmp_path_factory.mktemp("killed")
    script = Path(__file__).with_name("interrupted.py")
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    done = subprocess.run(
        [sys.executable, str(script), str(project), str(work), str(POINTS)],
        capture_output=True,
        text=True,
        env=environment,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    runs = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(runs) > POINTS
    for run in runs:
        # Nothing that was acknowledged is lost; at most the one under way is there as well.
        assert 1 + run["acknowledged"] <= run["edits"] <= 2, run
        assert run["shown"] == run["edits"], run
        assert run["current"], run
        assert run["left"] == ["industrial_parks.json"], run
    assert sum(run["killed"] for run in runs) > POINTS
    assert {run["edits"] for run in runs} == {1, 2}
    assert any(run["mended"] and run["edits"] == 1 for run in runs)
    assert any(run["mended"] and run["edits"] == 2 for run in runs)
