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

MOST_STEPS = 60
KILLED_AT_EACH = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import URL, event
from sqlalchemy.engine import Engine
from etk_geo.archive import Archive
from etk_geo.database import Database

left = [0]
def step(*_):
    left[0] -= 1
    if left[0] == 0:
        os.kill(os.getpid(), signal.SIGKILL)
for name in ("before_cursor_execute", "after_cursor_execute", "commit"):
    event.listen(Engine, name, step)
real = Path.replace
def replace(self, target):
    step()
    result = real(self, target)
    step()
    return result
Path.replace = replace
content = Path(sys.argv[1], "record.json").read_bytes()

def keep(root):
    root.mkdir()
    database = Database(URL.create("sqlite", database=str(root / "records.db")))
    archive = Archive(database, root / "screenings", lambda: datetime(2026, 6, 1, tzinfo=UTC))
    archive.keep(content, title="t", author="a")

# Each step is a process of its own, forked before anything was opened: imports are paid once.
for number in range(1, int(sys.argv[2])):
    child = os.fork()
    if child == 0:
        left[0] = number
        keep(Path(sys.argv[1], str(number)))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    print(number, os.waitstatus_to_exitcode(status), flush=True)
    if status == 0:
        break
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL and no fork")
def test_killed_at_every_step(record, tmp_path, clock):
    content = canonical(record)
    (tmp_path / "record.json").write_bytes(content)
    done = _python(KILLED_AT_EACH, tmp_path, MOST_STEPS)
    assert done.returncode == 0, done.stderr
    *killed, last = [tuple(map(int, line.split())) for line in done.stdout.splitlines()]
    assert last[1] == 0, done.stderr
    assert [code for _, code in killed] == [-9] * len(killed)
    states = [_kept(tmp_path / str(number), content, clock) for number, _ in (*killed, last)]
    assert states == sorted(states), "once kept, no later step takes it back"
    assert set(states) == {0, 1}
    assert len(killed) > 10


def _kept(root, content, clock) -> int:
    """How many screenings are there, each whole; and the next one takes the next number."""
    address = URL.create("sqlite", database=str(root / "records.db"))
    archive = Archive(Database(address), root / "screenings", lambda: clock[0])
    found = archive.find()
    for kept in found:
        assert archive.record_bytes(kept.number) == content
        assert archive.record_file(kept.number).read_bytes() == content
    following = archive.keep(content, title="next", author="b").number
    assert following == f"2026-{len(found) + 1:04d}"
    return len(found)


AT_ONCE = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from sqlalchemy import URL
from etk_geo.archive import Archive
from etk_geo.database import Database

root = Path(sys.argv[1])
content = (root / "record.json").read_bytes()
children = []
for name in ("a", "b"):
    child = os.fork()
    if child == 0:
        database = Database(URL.create("sqlite", database=str(root / "records.db")))
        archive = Archive(database, root / "screenings", lambda: datetime(2026, 6, 1, tzinfo=UTC))
        for _ in range(5):
            archive.keep(content, title="t", author=name)
        os._exit(0)
    children.append(child)
sys.exit(sum(os.waitpid(child, 0)[1] for child in children))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no fork")
def test_two_processes_at_once_keep_all_and_no_number_twice(record, tmp_path, clock):
    (tmp_path / "record.json").write_bytes(canonical(record))
    done = _python(AT_ONCE, tmp_path)
    assert done.returncode == 0, done.stderr
    address = URL.create("sqlite", database=str(tmp_path / "records.db"))
    found = Archive(Database(address), tmp_path / "screenings", lambda: clock[0]).find()
    assert sorted(kept.number for kept in found) == [f"2026-{n:04d}" for n in range(1, 11)]
    assert sorted(kept.author for kept in found) == ["a"] * 5 + ["b"] * 5


def _python(script, *arguments):
    return subprocess.run(
        [sys.executable, "-c", script, *map(str, arguments)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
