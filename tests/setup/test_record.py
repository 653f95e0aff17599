"""What is to be installed, told from the record and the disk; one set-up at a time."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import setup
from launcher.console import LaunchError
from launcher.folder import venv_python
from launcher.lock import hold_lock
from launcher.record import Plan, Record, State, Why, draw_plan, read_record, write_record

ROOT = Path(__file__).resolve().parents[2]

WANTED = {"app": "a1", "assets": "s1"}
WANTED_DEV = {"app": "a1", "dev": "d1", "assets": "s1"}
SOUND = State(venv_exists=True, venv_works=True, assets_complete=True)
NOTHING = State(venv_exists=False, venv_works=False, assets_complete=False)
BROKEN = State(venv_exists=True, venv_works=False, assets_complete=False)


# What is to be installed


@pytest.mark.parametrize(
    ("record", "wanted", "state", "plan"),
    [
        pytest.param(
            Record(), WANTED, NOTHING,
            Plan(Why.FIRST, rebuild=True, python=True, assets=True), id="first start",
        ),
        pytest.param(Record(done=WANTED), WANTED, SOUND, Plan(), id="second start"),
        pytest.param(Record(done=WANTED_DEV), WANTED, SOUND, Plan(), id="after the tests"),
        pytest.param(
            Record(frozenset({"app"})), WANTED, BROKEN,
            Plan(Why.UNFINISHED, rebuild=True, python=True, assets=True), id="killed in pip",
        ),
        pytest.param(
            Record(frozenset({"app"})), WANTED, SOUND,
            Plan(Why.UNFINISHED, rebuild=True, python=True, assets=True),
            id="killed in pip, looks sound",
        ),
        pytest.param(
            Record(frozenset({"assets"}), {"app": "a1"}), WANTED, SOUND,
            Plan(Why.UNFINISHED, assets=True), id="killed while copying browser files",
        ),
        pytest.param(
            Record(frozenset({"dev"}), WANTED), WANTED, SOUND, Plan(),
            id="killed while adding test tools: the app starts",
        ),
        pytest.param(
            Record(frozenset({"dev"}), WANTED), WANTED_DEV, SOUND,
            Plan(Why.UNFINISHED, rebuild=True, python=True, assets=True),
            id="killed while adding test tools: the tests start over",
        ),
        pytest.param(
            Record(done=WANTED), WANTED, BROKEN,
            Plan(Why.BROKEN, rebuild=True, python=True, assets=True), id="broken environment",
        ),
        pytest.param(
            Record(done=WANTED), WANTED,
            State(venv_exists=False, venv_works=False, assets_complete=True),
            Plan(Why.BROKEN, rebuild=True, python=True), id="environment deleted",
        ),
        pytest.param(
            Record(), WANTED, State(venv_exists=True, venv_works=True, assets_complete=False),
            Plan(Why.FIRST, python=True, assets=True), id="someone's own environment is kept",
        ),
        pytest.param(
            Record(done={"app": "a0", "assets": "s1"}), WANTED, SOUND,
            Plan(Why.CHANGED, python=True), id="new pins",
        ),
        pytest.param(
            Record(done={"app": "a1", "assets": "s0"}), WANTED, SOUND,
            Plan(Why.CHANGED, assets=True), id="new lock file",
        ),
        pytest.param(
            Record(done=WANTED), WANTED,
            State(venv_exists=True, venv_works=True, assets_complete=False),
            Plan(Why.CHANGED, assets=True), id="a browser file was deleted",
        ),
        pytest.param(
            Record(done=WANTED), WANTED_DEV, SOUND,
            Plan(Why.FIRST, python=True), id="tests for the first time",
        ),
    ],
)  # fmt: skip
def test_plan(record, wanted, state, plan):
    assert draw_plan(record, wanted, state) == plan


def test_record_is_read_as_written(tmp_path):
    file = tmp_path / ".etk/setup.json"
    record = Record().begin("app").begin("dev")
    assert record.unfinished == {"app", "dev"}
    record = record.finish("app", fingerprints={"app": "a1"})
    write_record(file, record)
    assert read_record(file) == Record(frozenset({"dev"}), {"app": "a1"})
    assert not record.begin("app").done


@pytest.mark.parametrize("text", ["", "{", "[]", '{"done": {}}', '{"unfinished": 3, "done": {}}'])
def test_broken_record_counts_as_unfinished(tmp_path, text):
    file = tmp_path / "setup.json"
    file.write_text(text, encoding="utf-8")
    assert read_record(file).unfinished == {"app"}


def test_fingerprint_changes_with_what_is_asked_for_and_not_with_line_ends(folder):
    pins = folder.root / "requirements.txt"
    pins.write_bytes(b"a==1\nb==2\n")
    before = folder.fingerprint("app")
    pins.write_bytes(b"a==1\r\nb==2\r\n")
    assert folder.fingerprint("app") == before
    pins.write_bytes(b"a==1\nb==3\n")
    assert folder.fingerprint("app") != before


def test_missing_program_file_is_named(folder):
    (folder.root / "package-lock.json").unlink()
    with pytest.raises(LaunchError, match=r"package-lock\.json"):
        setup.ensure(folder)


def test_interpreter_path_on_both_systems():
    assert venv_python(Path("v"), windows=True) == Path("v/Scripts/python.exe")
    assert venv_python(Path("v"), windows=False) == Path("v/bin/python")


# One set-up at a time


def test_lock_left_by_a_killed_program_is_no_obstacle(tmp_path):
    lock = tmp_path / ".etk/setup.lock"
    lock.parent.mkdir()
    lock.write_text("999999", encoding="ascii")
    waited = []
    with hold_lock(lock, waited.append):
        assert lock.read_text(encoding="ascii") == str(os.getpid())
    assert not waited


HOLD = (
    "import sys, time\nfrom pathlib import Path\nfrom launcher.lock import hold_lock\n"
    "with hold_lock(Path(sys.argv[1]), print):\n print('held', flush=True)\n time.sleep(60)"
)


def test_second_program_waits_for_the_first_and_for_its_death(tmp_path):
    lock = tmp_path / "setup.lock"
    holder = subprocess.Popen(
        [
            sys.executable, "-c",
            HOLD, lock,
        ],
        cwd=ROOT, stdout=subprocess.PIPE, encoding="utf-8",
    )  # fmt: skip
    assert holder.stdout.readline() == "held\n"
    waited = []

    def kill_the_holder(holder_id):
        waited.append(holder_id)
        holder.kill()

    with hold_lock(lock, kill_the_holder):
        pass
    holder.wait()
    holder.stdout.close()
    assert waited == [str(holder.pid)]
