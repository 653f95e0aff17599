"""The app's server: a free port, a start that is waited for, a clean stop."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import webbrowser
from dataclasses import dataclass
from pathlib import Path

from launcher.console import LaunchError, say
from launcher.folder import Folder
from launcher.programs import child_environment, stop

DEFAULT_PORT = 8501
_PORTS_TRIED = 100
_START_SECONDS = 180.0
_LAST_PORT = 65535
_TAIL_LINES = 15
_ANYWHERE = ("0.0.0.0", "::")  # noqa: S104  compared with, never bound unasked


@dataclass(frozen=True)
class Address:
    """Where the server listens."""

    host: str
    port: int

    @property
    def url(self) -> str:
        """The address that a browser on this computer opens."""
        host = "127.0.0.1" if self.host in _ANYWHERE else self.host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}"


def port_is_free(address: Address) -> bool:
    """Return whether a server could listen at an address now."""
    family = socket.AF_INET6 if ":" in address.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # Elsewhere than on Windows this lets a port be taken that was closed a moment ago; on
        # Windows the same option would let two servers share one port.
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.host, address.port))
        except socket.gaierror as error:
            raise LaunchError(
                f"--host {address.host} 不是本机的地址。一般不需要这个选项。",
                f"--host {address.host} is no address of this computer. It is rarely needed.",
            ) from error
        except OSError:
            return False
    return True


def choose_port(host: str, wanted: int) -> int:
    """Return the wanted port, or the next free one after it, and say so."""
    ports = range(wanted, min(wanted + _PORTS_TRIED, _LAST_PORT + 1))
    for port in ports:
        if port_is_free(Address(host, port)):
            if port != wanted:
                say(
                    f"端口 {wanted} 已被占用（可能已经开着一个窗口），改用 {port}。",
                    f"Port {wanted} is in use (perhaps by another window); using {port}.",
                )
            return port
    raise LaunchError(
        f"端口 {wanted} 到 {ports[-1]} 都不能用。请用 --port 指定别的端口，例如 --port 9000。",
        f"No port from {wanted} to {ports[-1]} can be used. Name another with --port, "
        "such as --port 9000.",
    )


def serve(folder: Folder, *, host: str, port: int, browser: bool, kiosk: bool = False) -> int:
    """Start the app, wait until it answers, print its address, and stay until it is stopped.

    As a ``kiosk`` it shows its stories and looks only.
    """
    address = Address(host, choose_port(host, port))
    log = folder.private / f"app-{address.port}.log"
    with log.open("wb") as record:
        process = subprocess.Popen(
            _command(folder, address),
            cwd=folder.root,
            env={**child_environment(), **({"ETK_KIOSK": "1"} if kiosk else {})},
            stdin=subprocess.DEVNULL,
            stdout=record,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_until_up(process, address, log)
            _announce(address)
            if browser:
                webbrowser.open(address.url)
            code = process.wait()
        except KeyboardInterrupt:
            stop(process)
            say("已停止。", "Stopped.")
            return 0
        finally:
            stop(process)
    say(
        f"程序自己退出了（代码 {code}）。请再运行一次；记录在 {_shown(log, folder)}。",
        f"The app ended by itself (code {code}). Run this again; its log is {_shown(log, folder)}.",
    )
    return 1


def _command(folder: Folder, address: Address) -> list[str]:
    return [
        str(folder.python), "-m", "streamlit", "run", "app.py",
        "--server.address", address.host,
        "--server.port", str(address.port),
        "--server.headless", "true",
        "--browser.gatherUsageStats", "false",
    ]  # fmt: skip


def _wait_until_up(process: subprocess.Popen[bytes], address: Address, log: Path) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            break
        if _answers(address):
            return
        time.sleep(0.1)
    tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-_TAIL_LINES:]
    print("\n".join(tail), file=sys.stderr)
    raise LaunchError(
        "程序没有启动起来，原因见上面几行。请再运行一次；如果仍然失败，请删除 .venv 文件夹后重试。",
        "The app did not start; the lines above say why. Run this again; if it keeps failing, "
        "delete the .venv folder and try once more.",
    )


def _answers(address: Address) -> bool:
    direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with direct.open(f"{address.url}/_stcore/health", timeout=2) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _announce(address: Address) -> None:
    say(
        f"\n鄂托克旗规划一张图已启动：{address.url}",
        f"The plan map of Otog Banner is running: {address.url}",
    )
    if address.host in _ANYWHERE:
        say(
            "注意：同一网络里的其他电脑也能打开它。",
            "Note: other computers on the same network can open it too.",
        )
    say("用完后在这个窗口按 Ctrl-C 停止。", "Press Ctrl-C in this window to stop it.")


def _shown(file: Path, folder: Folder) -> str:
    return file.relative_to(folder.root).as_posix()
