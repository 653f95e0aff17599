"""The set-up as a whole: look, plan, and install what is missing, one program at a time."""

from __future__ import annotations

import time
from pathlib import Path

from launcher import browser_files, environment
from launcher.console import LaunchError, note, say
from launcher.folder import Folder
from launcher.lock import hold_lock
from launcher.record import Plan, Record, State, Why, draw_plan, read_record, write_record

_OPENING = {
    Why.FIRST: (
        "正在安装，第一次需要联网，通常几分钟；以后启动不需要网络。",
        "Setting up. The first time needs a network and a few minutes; later starts need none.",
    ),
    Why.UNFINISHED: (
        "上一次安装没有做完，现在重做。",
        "An earlier set-up did not finish; doing it again.",
    ),
    Why.BROKEN: (
        "已有的运行环境（.venv）不能使用，现在重做。",
        "The existing environment (.venv) does not work; making it again.",
    ),
    Why.CHANGED: (
        "程序需要的组件有更新，正在补装。",
        "The program needs other packages than before; installing them.",
    ),
}


def examine(folder: Folder, *, dev: bool) -> Plan:
    """Return what has to be installed before the app (or its tests) can run."""
    record = read_record(folder.record)
    parts = ("app", "dev", "assets") if dev else ("app", "assets")
    wanted = {part: folder.fingerprint(part) for part in parts}
    installed = tuple(part for part in ("app", "dev") if part in record.done and part in wanted)
    works = environment.environment_works(folder, installed)
    state = State(
        venv_exists=folder.venv.exists(),
        venv_works=works,
        assets_complete=works and browser_files.assets_complete(folder),
    )
    return draw_plan(record, wanted, state)


def ensure(folder: Folder, *, dev: bool = False, wheels: Path | None = None) -> None:
    """Install whatever is missing; return at once when nothing is.

    Parameters
    ----------
    folder
        The project folder.
    dev
        Whether the tools for tests and checks are needed too.
    wheels
        A folder made by ``download`` to install from instead of the network.
    """
    _check_sources(folder)
    if examine(folder, dev=dev).ready:
        return
    with hold_lock(folder.lock, _say_waiting):
        plan = examine(folder, dev=dev)
        if not plan.ready:
            _install(folder, plan, dev=dev, wheels=wheels)


def _install(folder: Folder, plan: Plan, *, dev: bool, wheels: Path | None) -> None:
    started = time.monotonic()
    say(*_OPENING[plan.why])
    folder.setup_log.write_text("", encoding="utf-8")
    before = record = read_record(folder.record)
    if plan.python:
        part = "dev" if dev else "app"
        # The tests' requirements hold everything that the app needs, at the same versions: where
        # the app is installed as pinned, adding the tests' tools leaves its packages alone.
        parts = ("app", "dev") if dev else ("app",)
        fingerprints = {name: folder.fingerprint(name) for name in parts}
        if plan.rebuild:
            record = Record(record.unfinished)
        for name in parts:
            if record.done.get(name) != fingerprints[name]:
                record = record.begin(name)
        write_record(folder.record, record)
        if plan.rebuild:
            note("[1/3] 建立独立运行环境 .venv", "making the environment .venv")
            environment.make_environment(folder)
        note("[2/3] 安装 Python 组件", "installing Python packages")
        try:
            environment.install_part(folder, part, wheels=wheels)
        except LaunchError as error:
            if error.untouched and not plan.rebuild:
                write_record(folder.record, before)
            raise
        record = record.finish(*parts, fingerprints=fingerprints)
        write_record(folder.record, record)
    if plan.assets or not browser_files.assets_complete(folder):
        record = record.begin("assets")
        write_record(folder.record, record)
        note("[3/3] 安装地图用的浏览器文件", "installing the browser files of the map")
        browser_files.install_assets(folder, wheels=wheels)
        fingerprints = {"assets": folder.fingerprint("assets")}
        write_record(folder.record, record.finish("assets", fingerprints=fingerprints))
    seconds = time.monotonic() - started
    say(f"安装完成，用时 {seconds:.0f} 秒。", f"Set up in {seconds:.0f} seconds.")


def _check_sources(folder: Folder) -> None:
    missing = [
        file.relative_to(folder.root).as_posix()
        for part in ("app", "dev", "assets")
        for file in folder.pins(part)
        if not file.is_file()
    ]
    if missing:
        names = ", ".join(missing)
        raise LaunchError(
            f"程序文件夹不完整，缺少 {names}。请重新下载或复制整个文件夹。",
            f"The program's folder is incomplete: {names} missing. Download or copy all of it.",
        )


def _say_waiting(holder: str) -> None:
    say(
        f"另一个窗口正在安装（进程 {holder}），等它做完；按 Ctrl-C 可以不等。",
        f"Another window is setting up (process {holder}); waiting for it. Ctrl-C stops waiting.",
    )
