"""The command line of ``run.py``."""

from __future__ import annotations

import argparse
import shutil
import signal
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType

from launcher import browser_files, server, setup
from launcher.console import LaunchError, complain, note, prepare_console, say
from launcher.failures import explain, explain_os
from launcher.folder import Folder
from launcher.programs import child_environment, run_logged

INTERRUPTED = 130
FAILED = 3
_LAST_PORT = 65535

_LINT_IMPORTS = "from importlinter.cli import lint_imports_command as run; run()"
_COMPILE = (
    "-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes",
    "--no-annotate", "--no-header", "--quiet",
)  # fmt: skip
_PINS: tuple[tuple[str, ...], ...] = (
    ("pyproject.toml", "-o", "requirements.txt"),
    ("pyproject.toml", "--extra", "dev", "-c", "requirements.txt", "-o", "requirements-dev.txt"),
    ("--group", "node", "-o", "requirements-node.txt"),
)
_CHECKS: tuple[tuple[str, ...], ...] = (
    ("-m", "ruff", "format", "--check", "."),
    ("-m", "ruff", "check", "."),
    ("-m", "mypy"),
    ("-c", _LINT_IMPORTS),
)

_PROGRAM = {
    "build": "由 data/ 中的表生成图层 / build the layers from the tables in data/",
    "validate": "检查全部数据 / check the whole data set",
    "screen": "按规则筛查项目 / screen projects by the rules",
    "verify": "核对一份筛查记录 / check the record of a screening",
    "report": "由筛查记录生成报告 / make a report from the record of a screening",
    "compare": "比较两天的法律和结果 / compare the law and the findings of two days",
    "key": "生成一对签名密钥 / make a pair of keys for signing",
    "handout": "做一份断网也能打开的单文件资料 / make one file that opens without a network",
    "slides": "把故事做成 PPT / make slides of a story",
    "print": "把地图印成 PDF 或 PNG / print a map as PDF or PNG",
    "preflight": "检查这台电脑现在能不能放映 / prove that this computer can present now",
    "inspect": "看一个文件里有什么、可以怎样理解 / say what a file holds and what it can mean",
    "convert": "转换文件的格式和坐标系 / convert a file to another format or CRS",
    "evaluate": "年度或中期评估报告 / report of a yearly or mid-term evaluation",
    "supply": "登记官方图层 / supply an official layer",
}
"""Commands of ``python -m etk_geo``, passed on with all their words."""


def main(argv: Sequence[str], root: Path | None = None) -> int:
    """Run a command line and return the exit code.

    0 done or stopped by the user, 1 the app or a check failed, 2 a wrong command line, 3 the
    set-up failed, 130 interrupted; ``test`` passes on pytest's own code.
    """
    prepare_console()
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), _interrupt)
    arguments, rest = _parser().parse_known_args(argv)
    if rest and arguments.command not in ("test", *_PROGRAM):
        _parser().error(f"不认识的选项 unknown option: {' '.join(rest)}")
    folder = Folder(root or Path(__file__).resolve().parent.parent)
    try:
        return _run(folder, arguments, rest)
    except LaunchError as error:
        complain(error)
    except OSError as error:
        complain(explain_os(error))
    except KeyboardInterrupt:
        say(
            "\n已中断。再运行一次会从没做完的地方重做。",
            "Interrupted. Running this again takes up what was not finished.",
        )
        return INTERRUPTED
    return FAILED


def _run(folder: Folder, arguments: argparse.Namespace, rest: list[str]) -> int:
    wheels = _existing(arguments.wheels)
    command = arguments.command
    setup.ensure(folder, dev=command in ("test", "check", "pins"), wheels=wheels)
    if command == "start":
        return server.serve(
            folder,
            host=arguments.host,
            port=arguments.port,
            browser=not arguments.no_browser,
            kiosk=arguments.kiosk,
        )
    if command in _PROGRAM:
        return _program(folder, command, *rest)
    if command == "pins":
        upgrade = ["--upgrade"] if arguments.upgrade else []
        return max(_python(folder, *_COMPILE, *upgrade, *pins) for pins in _PINS)
    maintenance: dict[str, Callable[[], int]] = {
        "setup": _ready,
        "test": lambda: _python(folder, "-m", "pytest", *rest),
        "check": lambda: _check(folder),
        "download": lambda: _download(folder, Path(arguments.folder)),
    }
    return maintenance[command]()


def _ready() -> int:
    say("已就绪。", "Ready.")
    return 0


def _parser() -> argparse.ArgumentParser:
    options = argparse.ArgumentParser(add_help=False)
    options.add_argument(
        "--wheels",
        metavar="DIR",
        help="不用网络，从 download 做好的文件夹安装 / install from a folder made by download",
    )
    parser = argparse.ArgumentParser(
        prog="python run.py",
        allow_abbrev=False,
        parents=[options],
        description="鄂托克旗规划一张图：安装并启动 / set up and start the plan map",
    )
    parser.set_defaults(command="start")
    parser.add_argument(
        "--port",
        type=_port,
        default=server.DEFAULT_PORT,
        help="端口，被占用时用下一个 / port; the next free one if in use (%(default)s)",
    )
    parser.add_argument(
        "--host",
        default="127.0.0.1",
        help="监听地址，默认只有本机能打开 / address to listen on, this computer only by default",
    )
    parser.add_argument(
        "--no-browser", action="store_true", help="不自动打开浏览器 / do not open a browser"
    )
    parser.add_argument(
        "--kiosk",
        action="store_true",
        help="展厅模式：只看不改，闲置时回到第一幕 / for a hall: look only, back when idle",
    )
    commands = parser.add_subparsers(title="命令 / commands", metavar="")
    for name, text in (
        ("setup", "只安装，不启动 / set up without starting"),
        ("test", "安装并运行测试，其后的参数交给 pytest / set up and run the tests"),
        ("check", "安装并检查代码（格式、规则、类型、分层）/ set up and check the code"),
        ("pins", "由 pyproject.toml 重新生成 requirements*.txt / renew the pinned versions"),
        ("download", "做一个离线安装文件夹 / make a folder for computers without a network"),
    ):
        command = commands.add_parser(
            name,
            help=text,
            description=text,
            parents=[options],
            add_help=name != "test",
            allow_abbrev=False,
        )
        command.set_defaults(command=name)
        if name == "download":
            command.add_argument("folder", metavar="DIR")
        if name == "pins":
            command.add_argument(
                "--upgrade", action="store_true", help="用最新版本 / newest versions"
            )
    for name, text in _PROGRAM.items():
        command = commands.add_parser(name, help=text, add_help=False, allow_abbrev=False)
        command.set_defaults(command=name, wheels=None)
    return parser


def _port(text: str) -> int:
    port = int(text)
    if not 1 <= port <= _LAST_PORT:
        raise ValueError(text)
    return port


def _existing(wheels: str | None) -> Path | None:
    if wheels is None:
        return None
    folder = Path(wheels).resolve()
    if not folder.is_dir():
        raise LaunchError(
            f"找不到离线包文件夹 {wheels}。请检查路径；离线包用 python run.py download 制作。",
            f"The offline folder {wheels} does not exist. Check the path; such a folder is made "
            "with `python run.py download`.",
        )
    return folder


def _check(folder: Folder) -> int:
    failed = []
    for check in _CHECKS:
        name = "lint-imports" if check[0] == "-c" else " ".join(check[1:])
        print(f"\n== {name}", flush=True)
        if _python(folder, *check) != 0:
            failed.append(name)
    if failed:
        names = ", ".join(failed)
        say(f"\n检查没有通过：{names}。", f"Checks failed: {names}.")
        return 1
    say("\n检查全部通过。", "All checks passed.")
    return 0


def _download(folder: Folder, target: Path) -> int:
    target = target.resolve()
    target.mkdir(parents=True, exist_ok=True)
    note("下载安装包", "downloading the packages")
    command: list[str | Path] = [
        folder.python, "-m", "pip", "download", "--require-hashes", "--no-deps", "--only-binary",
        ":all:", "--progress-bar", "off", "--no-input", "-d", target, "-r", "requirements.txt",
    ]  # fmt: skip
    outcome = run_logged(command, folder=folder.root, log=folder.setup_log)
    if outcome.code != 0:
        raise explain(outcome.output)
    shutil.copytree(folder.vendor, target / browser_files.VENDOR, dirs_exist_ok=True)
    say(
        f"离线包已做好：{target}。把它和程序文件夹一起拷到系统和 Python 版本相同的电脑上，"
        "在那里运行 python run.py --wheels 离线包文件夹。",
        f"The offline folder is ready: {target}. Copy it, with the program's folder, to a computer "
        "with the same system and Python version, and run `python run.py --wheels FOLDER` there.",
    )
    return 0


def _python(folder: Folder, *words: str) -> int:
    """Run the environment's Python on the terminal and return its exit code."""
    process = subprocess.Popen([folder.python, *words], cwd=folder.root, env=child_environment())
    try:
        code = process.wait()
    except KeyboardInterrupt:
        process.wait()
        raise
    return code if code >= 0 else 1


def _program(folder: Folder, *words: str) -> int:
    """Run a command of the program where the user stands, so that their paths hold."""
    environment = {**child_environment(), "PYTHONPATH": str(folder.root)}
    command = [str(folder.python), "-m", "etk_geo", *words]
    return subprocess.run(command, env=environment, check=False).returncode


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
