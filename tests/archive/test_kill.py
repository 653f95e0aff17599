"""A program killed while it keeps a screening leaves all of it, or nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from sqlalchemy import URL

from etk_geo.archive import Archive
from etk_geo.database import Database
from etk_geo.screening.record import canonical
from tests.screening_findings.builders import ROOT

KILLED_AT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import URL, event
from sqlalchemy.engine import Engine
from etk_geo.archive import Archive
from etk_geo.database import Database
left = [int(sys.argv[2])]
def step(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
    event.listen(Engine, name, step)
real, synced = Path.replace, os.fsync
def replace(self, target):
    step()
    result = real(self, target)
    step()
    return result
Path.replace = replace
root = Path(sys.argv[1])
database = Database(URL.create("sqlite", database=str(root / "records.db")))
archive = Archive(database, root / "screenings", lambda: datetime(2026, 6, 1, tzinfo=UTC))
archive.keep((root / "record.json").read_bytes(), title="t", author="a")
print("kept", left[0])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_killed_at_every_step(record, tmp_path, clock):
    content = canonical(record)
    states = set()
    for step in range(1, 60):
        root = tmp_path / str(step)
        root.mkdir()
        (root / "record.json").write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-c", KILLED_AT, str(root), str(step)],
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )
        address = URL.create("sqlite", database=str(root / "records.db"))
        archive = Archive(Database(address), root / "screenings", lambda: clock[0])
        found = archive.find()
        states.add(len(found))
        for kept in found:
            assert archive.record_bytes(kept.number) == content
            assert archive.record_file(kept.number).read_bytes() == content
        following = archive.keep(content, title="next", author="b").number
        assert following == f"2026-{len(found) + 1:04d}"
        if done.stdout:
            break
        assert done.returncode == -9, done.stderr
    assert done.stdout.startswith("kept"), done.stderr
    assert states == {0, 1}
