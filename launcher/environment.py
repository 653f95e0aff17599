"""The program's own virtual environment: made, filled from the pinned requirements, probed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from launcher.console import LaunchError, note
from launcher.failures import explain
from launcher.folder import Folder
from launcher.programs import child_environment, run_logged

_MODULES = {
    "app": (
        "streamlit", "streamlit_folium", "folium", "geopandas", "pyogrio", "pyproj", "shapely",
        "jsonschema",
    ),
    "dev": ("pytest", "xdist", "hypothesis", "mypy", "importlinter", "playwright"),
}  # fmt: skip
_REQUIREMENTS = {"app": "requirements.txt", "dev": "requirements-dev.txt"}
_PROBE = (
    "import sys, importlib.util as u; "
    "sys.exit(0 if sys.version_info >= (3, 11) and all(map(u.find_spec, sys.argv[1:])) else 1)"
)
_BIG_MEGABYTES = 5.0
_QUIET_SECONDS = 5.0


def environment_works(folder: Folder, parts: tuple[str, ...]) -> bool:
    """Return whether the environment's interpreter runs and finds the packages of some parts."""
    if not folder.python.exists():
        return False
    modules = [module for part in parts for module in _MODULES[part]]
    try:
        done = subprocess.run(
            [folder.python, "-c", _PROBE, *modules],
            cwd=folder.root,
            env=child_environment(),
            capture_output=True,
            timeout=120,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def make_environment(folder: Folder) -> None:
    """Make the virtual environment anew; an old one is removed first."""
    if folder.venv.is_symlink():
        folder.venv.unlink()
    elif folder.venv.exists():
        shutil.rmtree(folder.venv)
    command: list[str | Path] = [sys.executable, "-m", "venv", folder.venv]
    outcome = run_logged(command, folder=folder.root, log=folder.setup_log)
    if outcome.code != 0 or not folder.python.exists():
        raise explain(outcome.output)


@dataclass
class PipProgress:
    """Reads pip's words and says how many of the pinned packages it has dealt with."""

    total: int
    _handled: set[str] = field(default_factory=set)
    installing: bool = False

    # pip says "Processing <file>" for a wheel that it finds in a folder.
    _PACKAGE = re.compile(
        r"(?:Collecting|Requirement already satisfied:|Processing (?:\S*[/\\])?) ?"
        r"(?P<name>[A-Za-z0-9_.]+(?:-[A-Za-z_][A-Za-z0-9_.]*)*).*\(line (?P<line>\d+)\)"
    )
    _SKIPPED = re.compile(r"Ignoring (?P<name>[\w.-]+): markers (?P<marker>.*)")
    _SIZE = re.compile(
        r"\s*Downloading (?P<name>[A-Za-z0-9_.]+)-\S+ \((?P<size>[\d.]+) (?P<unit>[kMG]B)\)"
    )

    def feed(self, line: str) -> tuple[str, str] | None:
        """Return a progress line for something that pip said, or nothing."""
        if found := self._PACKAGE.match(line):
            self._handled.add(found["line"])
            return self._count(found["name"])
        if found := self._SKIPPED.match(line):
            self._handled.add(f"{found['name']} {found['marker']}")
            return None
        if found := self._SIZE.match(line):
            megabytes = float(found["size"]) * {"kB": 0.001, "MB": 1.0, "GB": 1000.0}[found["unit"]]
            if megabytes >= _BIG_MEGABYTES:
                size = f"{found['name']} {megabytes:.0f} MB"
                return f"下载 {size}", f"downloading {size}"
        if line.startswith("Installing collected packages"):
            self.installing = True
            return "下载完毕，开始写入磁盘", "downloaded, now writing to disk"
        return None

    def _count(self, name: str) -> tuple[str, str]:
        handled = min(len(self._handled), self.total)
        return (
            f"组件 {handled}/{self.total}：{name}",
            f"package {handled} of {self.total}: {name}",
        )


def count_pins(requirements: Path) -> int:
    """Return how many packages a pinned requirements file lists."""
    lines = requirements.read_text(encoding="utf-8").splitlines()
    return sum(1 for line in lines if re.match(r"[A-Za-z0-9]", line))


def pip_install(folder: Folder, requirements: str, *, wheels: Path | None) -> None:
    """Install a pinned requirements file into the environment, with progress lines.

    Parameters
    ----------
    folder
        The project folder.
    requirements
        Name of the requirements file.
    wheels
        A folder of wheels to install from instead of the network.
    """
    progress = PipProgress(count_pins(folder.root / requirements))
    before = _installed(folder)
    told = time.monotonic()

    def on_line(line: str) -> None:
        if said := progress.feed(line):
            note(*said)

    def on_tick() -> None:
        nonlocal told
        if time.monotonic() - told < _QUIET_SECONDS:
            return
        told = time.monotonic()
        if progress.installing:
            written = _installed(folder) - before
            note(f"已写入 {written} 个组件", f"{written} packages written")
        else:
            note("仍在下载，请稍候", "still downloading, please wait")

    source = ["--no-index", "--find-links", wheels.resolve()] if wheels else ["--retries", "2"]
    command: list[str | Path] = [
        folder.python, "-u", "-m", "pip", "install", "--require-hashes", "--no-deps",
        "--only-binary", ":all:", "--progress-bar", "off", "--no-input", *source,
        "-r", requirements,
    ]  # fmt: skip
    outcome = run_logged(
        command, folder=folder.root, log=folder.setup_log, on_line=on_line, on_tick=on_tick
    )
    if outcome.code != 0:
        error = explain(outcome.output, offline=wheels is not None)
        # pip downloads everything before it changes anything.
        error.untouched = not progress.installing
        raise error


def install_part(folder: Folder, part: str, *, wheels: Path | None) -> None:
    """Install the packages of a part and make sure that they can be imported."""
    pip_install(folder, _REQUIREMENTS[part], wheels=wheels)
    note("检查组件能否使用", "checking that the packages load")
    names = ", ".join(_MODULES["app"])
    outcome = run_logged(
        [folder.python, "-c", f"import {names}"], folder=folder.root, log=folder.setup_log
    )
    if outcome.code != 0:
        last = outcome.output.strip().splitlines()[-1:] or ["?"]
        raise LaunchError(
            f"组件装好了但不能使用：{last[0]}。Windows 上请先安装 Microsoft Visual C++ 运行库；"
            "其他情况请删除 .venv 文件夹后再运行一次。",
            f"The packages are installed but do not load: {last[0]}. On Windows, install the "
            "Microsoft Visual C++ runtime first; otherwise delete the .venv folder and run this "
            "again.",
        )


def _installed(folder: Folder) -> int:
    return sum(1 for _ in folder.venv.glob("[Ll]ib/**/site-packages/*.dist-info"))
