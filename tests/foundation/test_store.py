"""Files: clear failures, checksums, and writing that survives a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from etk_geo.errors import DataError, LayerError, TableError
from etk_geo.store import (
    parse_json,
    read_bytes,
    read_rows,
    read_text,
    read_toml,
    sha256,
    write_atomic,
)


def test_sha256_known_value():
    assert sha256(b"abc").startswith("ba7816bf8f01cfea414140de5dae2223b00361a3")


def test_read_bytes_missing_names_the_file(tmp_path):
    with pytest.raises(DataError) as caught:
        read_bytes(tmp_path, "layers/a.geojson")
    assert (caught.value.code, caught.value.file) == ("ETK101", "layers/a.geojson")


def test_read_bytes_of_a_folder_is_an_error(tmp_path):
    with pytest.raises(DataError) as caught:
        read_bytes(tmp_path, ".")
    assert caught.value.code == "ETK114"


def test_read_text_strips_bom_and_names_bad_bytes(tmp_path):
    (tmp_path / "a.csv").write_bytes("\ufeff甲".encode())
    assert read_text(tmp_path, "a.csv") == "甲"
    (tmp_path / "b.csv").write_bytes("甲乙".encode("gbk"))
    with pytest.raises(DataError) as caught:
        read_text(tmp_path, "b.csv")
    assert caught.value.code == "ETK115"


@pytest.mark.parametrize(
    ("content", "code", "where"),
    [
        (b'{"a": 1', "ETK102", "line 1, column 8"),
        (b'{"a": NaN}', "ETK107", ""),
        (b'{"a": -Infinity}', "ETK107", ""),
        (b"[" * 100_000, "ETK102", ""),
        (b'{"name": "\\ud800"}', "ETK116", ""),
    ],
    ids=["truncated", "nan", "infinity", "deep", "half a character"],
)
def test_parse_json_says_where(content, code, where):
    with pytest.raises(LayerError) as caught:
        parse_json(content, "a.geojson")
    assert (caught.value.code, caught.value.file) == (code, "a.geojson")
    assert caught.value.where == where


def test_parse_json_takes_a_whole_surrogate_pair():
    assert parse_json(b'{"name": "\\ud840\\udc00"}', "a.geojson") == {"name": "\U00020000"}


def test_read_toml_broken_is_an_error(tmp_path):
    (tmp_path / "a.toml").write_text("a = [", encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_toml(tmp_path, "a.toml")
    assert caught.value.code == "ETK409"


def test_read_rows_strips_cells_and_keeps_quotes(tmp_path):
    (tmp_path / "a.csv").write_text('id,name\n a ,"b, ""c"""\n', encoding="utf-8")
    assert read_rows(tmp_path, "a.csv", ["id", "name"]) == [{"id": "a", "name": 'b, "c"'}]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("", "ETK402"),
        ("id\na\n", "ETK402"),
        ("id,name\na\n", "ETK410"),
        ("id,name\na,b,c\n", "ETK410"),
        ('id,name\na,"b\n', "ETK409"),
    ],
    ids=["empty", "column", "short", "long", "quote"],
)
def test_read_rows_broken_table_is_named(tmp_path, content, code):
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    with pytest.raises(TableError) as caught:
        read_rows(tmp_path, "a.csv", ["id", "name"])
    assert (caught.value.code, caught.value.file) == (code, "a.csv")


def test_write_atomic_failure_leaves_the_old_file_and_no_other(tmp_path, monkeypatch):
    path = tmp_path / "a.json"
    write_atomic(path, b"old")

    def fail(_descriptor):
        raise OSError("disk full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="disk full"):
        write_atomic(path, b"new")
    assert path.read_bytes() == b"old"
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.json"]


@pytest.mark.skipif(os.name == "nt", reason="POSIX kill")
def test_write_atomic_survives_a_kill_at_any_moment(tmp_path):
    path = tmp_path / "a.json"
    old, new = b"a" * 3_000_000, b"b" * 3_000_000
    write_atomic(path, old)
    script = (
        "import sys\nfrom pathlib import Path\nfrom etk_geo.store import write_atomic\n"
        "print('ready', flush=True)\n"
        "while True:\n"
        "    write_atomic(Path(sys.argv[1]), b'b' * 3_000_000)\n"
        "    write_atomic(Path(sys.argv[1]), b'a' * 3_000_000)\n"
    )
    for pause in (0.0, 0.003, 0.01, 0.02, 0.05):
        with subprocess.Popen(
            [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE
        ) as process:
            assert process.stdout.readline() == b"ready\n"
            time.sleep(pause)
            process.send_signal(signal.SIGKILL)
            process.wait()
        assert path.read_bytes() in (old, new)
