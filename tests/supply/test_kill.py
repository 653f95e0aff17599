"""A supply that is killed at any moment leaves the old state; so does a full disk."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import etk_geo.store
from etk_geo.catalog import open_catalog
from etk_geo.errors import SupplyError
from etk_geo.register import read_register
from etk_geo.supply.keeping import supply_layer
from tests.screening_findings.builders import ROOT, square
from tests.supply.builders import TODAY, statement, taken

KILLED_AT = """
import os, signal, sys
from pathlib import Path
import etk_geo.store, os as system
from etk_geo.supply.keeping import supply_layer
from tests.screening_findings.builders import square
from tests.supply.builders import TODAY, statement, taken
left = [int(sys.argv[2])]
def dying(real):
    def act(*args, **kwargs):
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    return act
Path.replace = dying(Path.replace)
Path.chmod = dying(Path.chmod)
system.fsync = dying(system.fsync)
supply_layer(Path(sys.argv[1]), taken([square(0, 0, 500)]), statement(), TODAY)
"""


def state(root):
    catalog = open_catalog(root)
    layers = {layer.id: layer.provenance.sha256 for layer in catalog.layers.values()}
    return layers, [issue for issue in catalog.issues if issue.code != "ETK898"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
@pytest.mark.parametrize("step", range(1, 11))
def test_killed_at_any_step(folder, step):
    old = state(folder)
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(folder), str(step)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode == 0:
        assert step == 10, "nine steps: flush, permissions and name of three files"
        assert len(read_register(folder).entries) == 1
        return
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert state(folder) == old
    # The next attempt succeeds, and nothing is overwritten that counted.
    entry = supply_layer(folder, taken([square(0, 0, 400)]), statement(), TODAY)
    assert open_catalog(folder).layers[entry.id].provenance.feature_count == 1


@pytest.mark.parametrize("step", [1, 2, 3])
def test_full_disk_is_said_and_changes_nothing(folder, monkeypatch, step):
    old = state(folder)
    calls = [0]
    real = Path.replace

    def full(self, target):
        calls[0] += 1
        if calls[0] == step:
            raise OSError(28, "No space left on device")
        return real(self, target)

    monkeypatch.setattr(etk_geo.store.Path, "replace", full)
    with pytest.raises(SupplyError) as caught:
        supply_layer(folder, taken([square(0, 0, 500)]), statement(), TODAY)
    assert caught.value.code == "ETK886"
    assert state(folder) == old
