"""run.py as a user calls it: an old Python, no network, the commands."""

import ast
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launcher import browser_files, environment, main, setup
from launcher.console import LaunchError
from launcher.environment import count_pins
from launcher.record import Record, read_record, write_record

ROOT = Path(__file__).resolve().parents[2]

# A Python too old


def test_entry_file_parses_on_old_pythons():
    source = (ROOT / "run.py").read_text(encoding="utf-8")
    tree = ast.parse(source, feature_version=(3, 4))
    newer = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr, ast.AsyncFunctionDef, ast.FunctionDef)
    assert not [node for node in ast.walk(tree) if isinstance(node, newer)]
    assert source.startswith("# -*- coding: utf-8 -*-")


@pytest.mark.parametrize("version", [(2, 7, 18), (3, 6, 15), (3, 10, 13)])
def test_old_python_is_told_what_to_do(version, tmp_path):
    script = tmp_path / "as_old.py"
    script.write_text(
        f"import sys, runpy\nsys.version_info = {version}\n"
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')\n",
        encoding="utf-8",
    )
    done = subprocess.run(
        [sys.executable, script], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 2
    assert f"现在用的是 {version[0]}.{version[1]}" in done.stderr
    assert "needs Python 3.11" in done.stderr
    assert "Traceback" not in done.stderr


def test_old_python_without_chinese_console_still_says_it_in_english(tmp_path):
    script = tmp_path / "as_old.py"
    script.write_text(
        "import io, sys, runpy\nsys.version_info = (3, 6, 1)\n"
        "sys.stderr = io.TextIOWrapper(sys.stderr.buffer, encoding='ascii')\n"
        f"runpy.run_path({str(ROOT / 'run.py')!r}, run_name='__main__')\n",
        encoding="utf-8",
    )
    done = subprocess.run([sys.executable, script], capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"This program needs Python 3.11")


# The set-up for real, as far as it goes without a package index


def offline(monkeypatch, tmp_path):
    """Point pip and npm at a closed port of this computer."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = taken.getsockname()[1]
    (tmp_path / "pip.conf").write_text("", encoding="utf-8")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(tmp_path / "pip.conf"))
    monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{closed}/simple")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    monkeypatch.delenv("PIP_EXTRA_INDEX_URL", raising=False)
    monkeypatch.setenv("PIP_RETRIES", "0")


def test_no_network_at_first_start_then_again(folder, monkeypatch, tmp_path, capfd):
    (folder.root / "requirements.txt").write_text(
        f"streamlit==1.67.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8"
    )
    offline(monkeypatch, tmp_path)

    assert main.main(["--no-browser"], folder.root) == main.FAILED
    said = capfd.readouterr()
    assert "正在安装" in said.out
    assert "连不上软件源" in said.err
    assert "--wheels" in said.err
    assert "Traceback" not in said.err

    assert main.main(["--no-browser"], folder.root) == main.FAILED
    assert "上一次安装没有做完" in capfd.readouterr().out


def test_incomplete_wheel_folder_is_named(folder, monkeypatch, tmp_path, capfd):
    (folder.root / "requirements.txt").write_text(
        f"streamlit==1.67.0 --hash=sha256:{'0' * 64}\n", encoding="utf-8"
    )
    offline(monkeypatch, tmp_path)
    wheels = tmp_path / "离线 包"
    wheels.mkdir()
    assert main.main(["setup", "--wheels", str(wheels)], folder.root) == main.FAILED
    assert "离线包里缺少" in capfd.readouterr().err


@pytest.mark.parametrize("untouched", [True, False])
def test_failed_update_leaves_a_sound_installation_sound(folder, monkeypatch, untouched):
    before = Record(done={"app": "older", "assets": folder.fingerprint("assets")})
    write_record(folder.record, before)

    def fail(*_args, **_options):
        raise LaunchError("没有网络", "no network", untouched=untouched)

    monkeypatch.setattr(environment, "environment_works", lambda *_args: True)
    monkeypatch.setattr(browser_files, "assets_complete", lambda *_args: True)
    monkeypatch.setattr(environment, "install_part", fail)
    with pytest.raises(LaunchError):
        setup.ensure(folder)
    expected = before if untouched else before.begin("app")
    assert read_record(folder.record) == expected


def test_wheel_folder_that_does_not_exist(folder, capfd):
    assert main.main(["--wheels", "nowhere"], folder.root) == main.FAILED
    assert "找不到离线包文件夹 nowhere" in capfd.readouterr().err
    assert not folder.venv.exists()


# The command line


@pytest.mark.parametrize("port", ["0", "70000", "x"])
def test_bad_port_is_refused(port, folder):
    with pytest.raises(SystemExit) as stopped:
        main.main(["--port", port], folder.root)
    assert stopped.value.code == 2


def test_test_command_passes_words_and_exit_code_through(folder, monkeypatch):
    seen = []
    monkeypatch.setattr(setup, "ensure", lambda *_args, **options: seen.append(options))
    monkeypatch.setattr(main, "_python", lambda _folder, *words: seen.append(words) or 5)
    assert main.main(["test", "-n", "2", "-k", "a or b", "tests/x", "-h"], folder.root) == 5
    assert seen == [
        {"dev": True, "wheels": None},
        ("-m", "pytest", "-n", "2", "-k", "a or b", "tests/x", "-h"),
    ]


@pytest.mark.parametrize("codes", [(0, 0, 0, 0), (0, 1, 0, 0)])
def test_check_runs_every_check_and_fails_if_one_does(codes, folder, monkeypatch):
    monkeypatch.setattr(setup, "ensure", lambda *_args, **_options: None)
    left = list(codes)
    monkeypatch.setattr(main, "_python", lambda *_words: left.pop(0))
    assert main.main(["check"], folder.root) == max(codes)
    assert not left


def test_unknown_option_is_refused(folder):
    with pytest.raises(SystemExit) as stopped:
        main.main(["--prot", "1"], folder.root)
    assert stopped.value.code == 2


# The files that are generated


@pytest.mark.parametrize("name", ["", "-dev", "-node"])
def test_pins_hold_names_versions_markers_and_hashes_only(name):
    file = ROOT / f"requirements{name}.txt"
    text = file.read_text(encoding="utf-8")
    assert "://" not in text
    pinned = [line for line in text.splitlines() if not line.startswith("    --hash=sha256:")]
    assert len(pinned) == count_pins(file)
    assert all("==" in line for line in pinned)


def test_lock_file_records_no_download_address():
    text = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert "resolved" not in text
    assert text.count('"integrity"') == text.count('"node_modules/')


def test_test_pins_hold_the_app_pins():
    def pins(name):
        lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
        return {line.rstrip(" \\") for line in lines if "==" in line}

    assert pins("requirements.txt") <= pins("requirements-dev.txt")


# The commands of the program


def test_program_command_runs_where_the_user_stands(tmp_path, monkeypatch, capfd):
    monkeypatch.setattr(setup, "ensure", lambda *_args, **_options: None)
    monkeypatch.setattr(main.Folder, "python", sys.executable)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leer.txt").write_bytes(b"")
    assert main.main(["validate", "--root", str(ROOT), "--lang", "en"]) == 0
    assert "Checked: 0 errors" in capfd.readouterr().out
    assert main.main(["inspect", "leer.txt"]) == 2
    assert "leer.txt" in capfd.readouterr().err


def test_unknown_option_of_the_launcher_is_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main.main(["check", "--fast"])
    assert stopped.value.code == 2
    assert "--fast" in capsys.readouterr().err
