"""The same inputs give the same record in another process, language, place and threads."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from etk_geo.screening import command
from tests.screening_findings.builders import ROOT, line, point, square, supply_layer, write_geojson
from tests.screening_findings.test_commands import run

ROWS = [
    (
        {"id": "園区", "name": "甲", "category": "chemical_park", "accuracy_m": 5},
        square(100, 0, 99),
    ),
    ({"id": "road", "category": "national_road", "accuracy_m": 20}, line((-500, 50), (900, 77))),
    ({"id": "school", "category": "public_service", "accuracy_m": 30}, point(2000, 0)),
    ({"id": "Zz", "category": "mining", "decided_on": "2025-06-30"}, None),
    ({"id": "aa", "category": "mining", "accuracy_m": 250}, square(300, 300, 500)),
]
PLACES = {
    "one_thread": {"OMP_NUM_THREADS": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
    "many_threads": {"OMP_NUM_THREADS": "8", "TZ": "America/St_Johns", "LC_ALL": "C"},
    "other_seed": {"PYTHONHASHSEED": "4711", "TZ": "UTC", "LC_ALL": "zh_CN.UTF-8", "LANG": "tr_TR"},
}


def files_of(folder, name):
    return (folder / name).read_bytes()


@pytest.mark.parametrize("place", sorted(PLACES))
def test_record_is_the_same_elsewhere(folder, tmp_path, place):
    supply_layer(folder, "official", [("core", "nature_reserve_core", square(0, 0, 500))])
    listed = write_geojson(tmp_path / "p.geojson", ROWS)
    words = ["screen", str(listed), "--as-of", "2026-06-01", "--root", str(folder)]
    assert run(*words, "--out", tmp_path / "here", root=folder) == 1
    made = subprocess.run(
        [sys.executable, "-m", "etk_geo", *words, "--out", str(tmp_path / "there"), "--lang", "en"],
        env={**os.environ, **PLACES[place], "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert made.returncode == 1, made.stderr.decode()
    for name in ("record.json", "findings.geojson", "findings.csv", "passages.csv"):
        assert files_of(tmp_path / "there", name) == files_of(tmp_path / "here", name)


@pytest.mark.parametrize("rows", [1, 2, 3])
def test_projects_measured_at_a_time_change_no_record(folder, tmp_path, monkeypatch, rows):
    listed = write_geojson(tmp_path / "p.geojson", ROWS)
    words = ("screen", listed, "--as-of", "2026-06-01", "--out")
    run(*words, tmp_path / "whole", root=folder)
    monkeypatch.setattr("etk_geo.screening.pairs.CHUNK", rows)
    run(*words, tmp_path / "parts", root=folder)
    hashes = [
        json.loads(files_of(tmp_path / name, "record.json"))["hashes"]["content"]
        for name in ("whole", "parts")
    ]
    assert hashes[0] == hashes[1]


class Terminal:
    """An error stream that a person watches."""

    def __init__(self):
        self.written = ""

    def isatty(self):
        return True

    def write(self, words):
        self.written += words

    def flush(self):
        pass


def test_progress_is_shown_to_those_who_watch(monkeypatch):
    watched = Terminal()
    monkeypatch.setattr(command.sys, "stderr", watched)
    show = command.progress_bar("zh")
    for done in (500, 1000, 1200):
        show(done, 1200)
    assert watched.written.count("\r") == 3
    assert "1200" in watched.written
    assert watched.written.endswith("\n")


def test_progress_is_not_written_where_nobody_watches(monkeypatch):
    watched = Terminal()
    watched.isatty = lambda: False
    monkeypatch.setattr(command.sys, "stderr", watched)
    assert command.progress_bar("zh") is None


def test_whoever_watches_hears_that_files_are_being_written(monkeypatch):
    watched = Terminal()
    monkeypatch.setattr(command.sys, "stderr", watched)
    command.tell_writing("zh")
    assert "写出文件" in watched.written
    watched.isatty = lambda: False
    said = watched.written
    command.tell_writing("zh")
    assert watched.written == said
