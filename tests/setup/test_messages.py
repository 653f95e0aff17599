"""What the user reads when something fails, and while pip works."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import failures, main, setup
from launcher.console import LaunchError, complain
from launcher.environment import PipProgress
from launcher.failures import explain, explain_os

ROOT = Path(__file__).resolve().parents[2]

# What pip and the operating system say


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("WARNING: Retrying ... 'NewConnectionError(...)'\nERROR: No matching distribution found",
         failures.NO_NETWORK),
        ("npm error code ECONNREFUSED", failures.NO_NETWORK),
        ("npm error getaddrinfo EAI_AGAIN", failures.NO_NETWORK),
        ("OSError: [Errno 28] No space left on device", failures.DISK_FULL),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'",
         failures.NO_PERMISSION),
        ("[WinError 5] Access is denied", failures.NO_PERMISSION),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", failures.TAMPERED),
        ("npm error code EINTEGRITY", failures.TAMPERED),
        ("ERROR: No matching distribution found for pyarrow==26.0.1", failures.NO_WHEEL),
        ("The virtual environment was not created because ensurepip is not available.",
         failures.NO_VENV),
        ("something else", failures.UNKNOWN),
    ],
)  # fmt: skip
def test_failure_is_explained(output, expected):
    error = explain(output)
    assert (error.zh, error.en) == expected


def test_full_disk_and_read_only_folder_are_explained():
    assert explain_os(OSError(28, "No space left on device")).zh == failures.DISK_FULL.zh
    assert explain_os(PermissionError(13, "Permission denied")).zh == failures.NO_PERMISSION.zh
    assert "a.txt" in explain_os(FileExistsError(17, "exists", "a.txt")).zh


def test_read_only_folder_ends_with_a_sentence(folder, monkeypatch, capsys):
    def refuse(*_args):
        raise PermissionError(13, "Permission denied", "x")

    monkeypatch.setattr(setup, "hold_lock", refuse)
    assert main.main([], folder.root) == main.FAILED
    assert "没有权限" in capsys.readouterr().err


SPEAK = (
    "from launcher.console import prepare_console, say\nprepare_console()\nsay('规划 ✓', 'plan')"
)


def test_console_without_chinese_shows_question_marks():
    done = subprocess.run(
        [sys.executable, "-c", SPEAK],
        cwd=ROOT, env={**os.environ, "PYTHONIOENCODING": "ascii"}, capture_output=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines() == [b"?? ?", b"  plan"]


def test_complaint_has_both_languages(capsys):
    complain(LaunchError("出错了。", "It failed."))
    said = capsys.readouterr().err
    assert said.index("出错了。") < said.index("It failed.")


def test_pip_progress_counts_every_kind_of_line():
    progress = PipProgress(4)
    assert progress.feed("Looking in indexes: somewhere") is None
    assert progress.feed("Ignoring numpy: markers 'python_full_version >= \"3.12\"' don't match"
                         " your environment") is None  # fmt: skip
    assert progress.feed("Collecting anyio==4.16.0 (from -r requirements.txt (line 4))") == (
        "组件 2/4：anyio", "package 2 of 4: anyio",
    )  # fmt: skip
    zh, _ = progress.feed(
        "Processing ./bundle/charset_normalizer-3.5.2-cp311-cp311-win_amd64.whl"
        " (from -r requirements.txt (line 16))"
    )
    assert zh == "组件 3/4：charset_normalizer"
    zh, _ = progress.feed(
        "Requirement already satisfied: python-dateutil==4.0.0 in ./x (from -r r.txt (line 20))"
    )
    assert zh == "组件 4/4：python-dateutil"
    assert progress.feed("  Downloading pyarrow-26.0.1-cp311-cp311-win.whl (54.6 MB)") == (
        "下载 pyarrow 55 MB", "downloading pyarrow 55 MB",
    )  # fmt: skip
    assert progress.feed("  Downloading six-1.0-py3-none-any.whl (11 kB)") is None
    assert not progress.installing
    progress.feed("Installing collected packages: a, b")
    assert progress.installing
